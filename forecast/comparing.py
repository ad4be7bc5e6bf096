"""The command that sets scenarios side by side: compare."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from forecast.options import AnswerFolder, Area, AsJson, AskedYear, Draws, Now, Seed, Stack, settings_of
from forecast.scenario.worlds import SHIPPED, World

if TYPE_CHECKING:
    from forecast.scenario.scenario import Scenario

app = typer.Typer()
STACKED: Final = "+"
"""Between the names of scenarios that are made one."""
AreaOption = Annotated[
    str,
    typer.Option("--area", help="Area folder, or one that ships: worcestershire, lancashire, exampleshire (invented)."),
]
Scenarios = Annotated[
    list[str],
    typer.Argument(
        help="Scenario files, or ones that ship; the others are set against the first. A+B is both as one. "
        f"One alone is set against {SHIPPED[World.TREND]}."
    ),
]


@app.command()
def compare(
    scenarios: Scenarios,
    area: AreaOption = "worcestershire",
    year: AskedYear = "",
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """Scenarios side by side on the same luck: children, rates, room and pounds, each difference with its range."""
    from forecast.decide.compare import compare as set_side_by_side
    from forecast.decide.outcomes import asked_january
    from forecast.decide.why import why_apart
    from forecast.inputs.area import read_area
    from forecast.report import compare_folder, compare_show, compare_why, terminal
    from forecast.report.compare_tables import tables_of
    from forecast.report.register_rows import register_of
    from forecast.report.size_folder import room

    if to is not None:
        room(to)
    settings, read = settings_of(draws, seed, current), read_area(area)
    january = asked_january(year, read.about.latest_census, settings)
    asked = scenarios if len(scenarios) > 1 else [SHIPPED[World.TREND], *scenarios]
    found = set_side_by_side(read, _read(asked), settings)
    why = why_apart(found, read, january)
    further = {"waterfall": compare_why.table(why), "register": register_of(*found.projections)}
    tables = tables_of(found, also=further)
    folder = None if to is None else compare_folder.write(found, tables, january, to, compare_why.figures(why))
    if as_json:
        typer.echo(compare_show.as_json(found, tables, january))
    else:
        compare_show.show(found, tables, january, folder, terminal.console(), why)


@app.command()
def waterfall(
    area: Area = "worcestershire",
    scenario: Stack = None,
    year: AskedYear = "",
    of: Annotated[
        str,
        typer.Option(
            help="What changes: special-schools, plans, pounds (of the high needs block), transport, short (of a state "
            "special school place), short-ap (of an AP school place, with a plan or without), or a kind of place as "
            "the area calls it. Who is short is known only where an area lists such places in its places.csv."
        ),
    ] = "special-schools",
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """Why a figure changes from the latest census to a school year: the fair share of each cause, all of it told."""
    from forecast.decide.outcomes import asked_january
    from forecast.decide.waterfall_ap import SHORT_AP, ap_changed
    from forecast.decide.why import why_changed
    from forecast.inputs.area import read_area
    from forecast.report import answers, terminal
    from forecast.report.size_folder import room
    from forecast.report.waterfall_answer import answer_of_change
    from forecast.scenario.stack import read_scenarios

    if to is not None:
        room(to)
    settings, read = settings_of(draws, seed, current), read_area(area)
    january = asked_january(year, read.about.latest_census, settings)
    told = read_scenarios(scenario or [])
    asked = (read, told, settings, january)
    answer = answer_of_change(ap_changed(*asked) if of == SHORT_AP else why_changed(*asked, of), of)
    folder = None if to is None else answers.write(answer, to)
    if as_json:
        typer.echo(answers.as_json(answer))
    else:
        answers.show(answer, folder, terminal.console())


def _read(names: Sequence[str]) -> list["Scenario"]:
    """The scenario of each file or name, or of several with a plus between; every fault of all of them at once."""
    from forecast.errors import InputFaults
    from forecast.scenario.stack import read_scenarios

    found, faults = [], []
    for name in names:
        try:
            found.append(read_scenarios([name] if Path(name).is_file() else list(map(str.strip, name.split(STACKED)))))
        except InputFaults as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise InputFaults(faults)
    return found
