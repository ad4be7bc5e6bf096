"""The commands that decide: how big a school should be."""

from pathlib import Path
from typing import Annotated

import typer

from forecast.options import Area, settings_of
from forecast.scenario.worlds import SHIPPED
from forecast.settings import Settings

app = typer.Typer()


@app.command()
def size(
    area: Area = "worcestershire",
    need: Annotated[
        list[str] | None,
        typer.Option("--need", help="Main need, such as ASD, or a broad area of need; repeat. By default, every need."),
    ] = None,
    ages: Annotated[
        str, typer.Option(help="First and last year group, such as -1..14 (Reception is 0), or a phase: primary.")
    ] = "-1..14",
    district: Annotated[
        list[str] | None,
        typer.Option("--district", help="District whose children are meant; repeat. By default, the whole area."),
    ] = None,
    opens: Annotated[
        str, typer.Option(help="Month in which the first children come, such as 2027-09; by default, next September.")
    ] = "",
    provision: Annotated[str, typer.Option(help="Kind of place: special, base, or another of the area's.")] = "special",
    places: Annotated[int | None, typer.Option(help="A size to test as well.")] = None,
    classes: Annotated[int, typer.Option(help="Places in a class.")] = 8,
    need_based: Annotated[
        bool,
        typer.Option("--need-based", help="Count children in other places too who are taken to need one of these."),
    ] = False,
    replay: Annotated[
        int | None, typer.Option(help="An earlier January: what would have been advised then, and what came.")
    ] = None,
    scenario: Annotated[
        str, typer.Option("-s", "--scenario", help=f"Scenario file, or one that ships: {', '.join(SHIPPED.values())}.")
    ] = "baseline",
    draws: Annotated[int, typer.Option(help=Settings.says("draws"))] = 200,
    seed: Annotated[int, typer.Option(help=Settings.says("seed"))] = 1,
    current: Annotated[
        str,
        typer.Option("--now", help="Academic year that counts as today's, such as 2026/27; by default the calendar's."),
    ] = "",
    to: Annotated[
        Path | None, typer.Option(help="Folder for the decision sheet and its tables; not there yet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the same figures as JSON.")] = False,
) -> None:
    """How big a school should be: places by year, chance of being full, stages, regret, costs and other ways."""
    from forecast.decide.ask import asked
    from forecast.decide.replayed import replayed
    from forecast.decide.size import last_january, size_school
    from forecast.inputs.area import read_area
    from forecast.report import size_folder, size_show, terminal
    from forecast.scenario.scenario import read_scenario

    if to is not None:
        size_folder.room(to)
    settings = settings_of(draws, seed, current)
    read, told = read_area(area), read_scenario(scenario)
    ask = asked(
        read.about, last_january(read, settings), needs=tuple(need or ()), ages=ages, districts=tuple(district or ()),
        opens=opens or f"{settings.current_year}-09", provision=provision, class_size=classes, places=places,
    )  # fmt: skip
    sized = size_school(read, ask, settings, told, need_based=need_based)
    then = None if replay is None else replayed(read, sized.case, replay)
    folder = None if to is None else size_folder.write(sized, then, to)
    if as_json:
        typer.echo(size_show.as_json(sized, then))
    else:
        size_show.show(sized, then, folder, terminal.console())
