"""The commands that look after a council's own figures: what leaves, what goes."""

from pathlib import Path
from typing import Annotated

import typer

from forecast.options import Area

app = typer.Typer()


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
def purge(
    area: Annotated[Path, typer.Argument(help="Area folder of a council's own counts or records.")],
    runs: Annotated[Path, typer.Option(help="Where its run folders are kept.")] = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Delete everything confidential of an area: its folder, its runs, and logs of defects."""
    from forecast.report.purge import NOT_ERASED, confidential_paths
    from forecast.report.purge import purge as delete

    paths = confidential_paths(area, runs)
    typer.echo("\n".join(str(path) for path in paths))
    if not yes and not typer.confirm(f"Delete {'these' if len(paths) > 1 else 'this'}?"):
        raise typer.Abort
    delete(paths)
    typer.echo(f"Deleted. {NOT_ERASED}")
