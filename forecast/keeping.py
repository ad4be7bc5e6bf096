"""The commands that look after an area's figures: what is wrong with them, what may leave, what goes."""

from pathlib import Path
from typing import Annotated

import typer

from forecast.options import (
    Area,
    AsJson,
    DistrictColumn,
    Establishments,
    FaultsFile,
    FixFile,
    say_faults,
    see_faults_writable,
)

app = typer.Typer()


@app.command()
def check(
    area: Area = "worcestershire",
    returns: Annotated[
        list[Path] | None,
        typer.Option("--return", help="Check this SEN2 return instead of an area, and import nothing; repeat."),
    ] = None,
    establishments: Establishments = None,
    district: DistrictColumn = "",
    fixes: FixFile = None,
    faults: FaultsFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the same figures as JSON.")] = False,
) -> None:
    """Every data fault of an area or of a return, with its remedy; or the figures that the forecast starts from."""
    from forecast.inputs.area import read_area
    from forecast.report import checks, checks_return, checks_show, terminal

    if returns:
        see_faults_writable(faults)
        report, checked, applied = checks_return.check_returns(returns, establishments, fixes, district or None)
        if as_json:
            typer.echo(checks_return.as_json(report))
        else:
            checks_show.show_checked(report, applied, terminal.console())
        say_faults(checked, faults, quiet=as_json)
        return
    found = checks.check(read_area(area))
    if as_json:
        typer.echo(checks.as_json(found))
    else:
        checks.show(found, terminal.console())


@app.command()
def publish(
    runs: Annotated[list[Path], typer.Argument(help="Run folders of one area, a scenario each: released together.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write; it must not be there yet.")],
    profile: Annotated[
        str,
        typer.Option(help="`publication` hides 1 to 4, `strict` 1 to 7; `internal` hides nothing and is watermarked."),
    ] = "publication",
) -> None:
    """Tables that may leave: small numbers hidden so that none can be worked out, and proved so.

    It is proved of one release: a second one of the same children, or of other groups of their districts, may hide
    other cells, and the two together tell more. Name all runs at once. An area of published figures has nothing to
    hide: its estimates are whole, under every profile.
    """
    from forecast.report.door import publish_runs
    from forecast.report.room import room_for

    room_for(to.parent)
    released = publish_runs(runs, to, profile)
    tables = sum(len(each) for each in released.tables.values())
    runs_told = "1 run" if len(released.tables) == 1 else f"{len(released.tables)} runs"
    typer.echo(f"{tables} tables of {runs_told}. Profile {released.profile.rule}.")
    typer.echo(f"Written to {to}; read about.txt there first.")


@app.command()
def synthetic(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not be there yet.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same children.")] = 1,
    plans: Annotated[int, typer.Option(help="Children with a plan to be expected at the last census.")] = 8000,
    first: Annotated[int, typer.Option(help="January of the first census.")] = 2021,
    last: Annotated[int, typer.Option(help="January of the last census.")] = 2025,
    form: Annotated[str, typer.Option(help="`csv`, as COLLECT exports a return, or `xml`, as filed.")] = "csv",
    faults: Annotated[int, typer.Option(min=0, help="Faults of each kind to plant in each return.")] = 0,
) -> None:
    """An invented county's SEN2 returns, placements in alternative provision, schools and residents: all synthetic."""
    from forecast.records.synthetic.write import every_fault, write_synthetic
    from forecast.report.room import room_for

    room_for(folder.parent)
    write_synthetic(folder, seed, plans, range(first, last + 1), form, every_fault(faults) if faults else None)
    typer.echo(f"Written to {folder}; README.txt there says how to import it.")


@app.command()
def regroup(
    area: Area,
    units: Annotated[Path, typer.Argument(help="CSV with the columns district and unit, each district once.")],
    to: Annotated[Path, typer.Option("--to", help="Area folder to write.")],
    unit: Annotated[str, typer.Option(help="Only this unit, its districts kept; by default all, as districts.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace an area that is there already.")] = False,
) -> None:
    """An area's districts put together into proposed unitary authorities: every count added up, none lost."""
    from forecast.inputs.area import read_area
    from forecast.inputs.regroup import regroup as regrouped
    from forecast.inputs.write import write_area
    from forecast.report.room import room_for

    room_for(to.parent)
    found = regrouped(read_area(area), units, unit)
    made = write_area(to, found.about, found.tables, found.boundaries, replace=replace)
    typer.echo(f"{made.about.name}: {', '.join(made.about.district_names)}.")
    typer.echo(f"Written to {to}. Next: forecast run {to}")


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """The scenarios that ship: four worlds, and worked examples of every lever."""
    from forecast.report import scenario_list, terminal

    found = scenario_list.shipped()
    if as_json:
        typer.echo(scenario_list.as_json(found))
    else:
        scenario_list.show(found, terminal.console())


@app.command()
def schema(
    area: Annotated[
        str, typer.Argument(help="Area folder, or one that ships, whose districts, needs and schools to propose.")
    ] = "",
    to: Annotated[Path | None, typer.Option("--to", help="File to write; the screen if left out.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there already.")] = False,
) -> None:
    """The JSON schema of scenario files: an editor that reads it proposes every lever and field, and marks mistakes.

    In VS Code, with the extension YAML: write `# yaml-language-server: $schema=FILE` on the first line of a scenario.
    """
    from forecast.inputs.area import read_area
    from forecast.report.schema_file import SchemaNotWritten, as_text, write_schema
    from forecast.scenario.schema import scenario_schema
    from forecast.scenario.unfit import known

    if to is not None and to.is_file() and not replace:
        raise SchemaNotWritten(to, "it is there already; write over it with --replace")
    labels = None
    if area:
        read = read_area(area)
        labels = known(read.about, read.places)
    made = scenario_schema(labels)
    if to is None:
        typer.echo(as_text(made), nl=False)
        return
    write_schema(made, to)
    typer.echo(f"Written to {to}.")


@app.command()
def purge(
    area: Annotated[Path, typer.Argument(help="Area folder of a council's own counts or records.")],
    runs: Annotated[Path, typer.Option(help="Where its run folders are kept.")] = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Delete what is confidential of an area: folder, runs, decisions, answers, internal releases, logs of defects.

    Only the folder of runs and the folder that the area lies in are looked through.
    """
    from forecast.report.purge import NOT_ERASED, NOT_FOUND, confidential_paths, told
    from forecast.report.purge import purge as delete

    paths = confidential_paths(area, runs)
    typer.echo("\n".join(map(told, paths)))
    typer.echo(f"Looked through: {runs.resolve()} and {area.resolve().parent}. {NOT_FOUND}")
    if not yes and not typer.confirm(f"Delete {'these' if len(paths) > 1 else 'this'}?"):
        raise typer.Abort
    delete(paths)
    typer.echo(NOT_ERASED)
