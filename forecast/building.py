"""Commands on where, which and when to build: site, portfolio and late."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.options import (
    AnswerFolder,
    Area,
    AsJson,
    AskedYear,
    Candidates,
    Draws,
    Now,
    Seed,
    Stack,
    settings_of,
)

if TYPE_CHECKING:
    from forecast.inputs.area import Area as Read
    from forecast.report.answers import Answer
    from forecast.settings import Settings

app = typer.Typer()


@app.command()
def site(
    area: Area = "exampleshire",
    candidates: Candidates = None,
    travel: Annotated[
        Path | None,
        typer.Option(help="Minutes from each district to each school and site (CSV: district, site, minutes), not "
                     "straight lines."),
    ] = None,
    year: AskedYear = "",
    budget: Annotated[float | None, typer.Option(min=0, help="Capital, pounds; no limit if left out.")] = None,
    most: Annotated[int | None, typer.Option(min=1, help="Sites to build on at most.")] = None,
    scenario: Stack = None,
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Where to build and how big: places and journeys of the cheapest plan, tried in every future."""
    import numpy as np

    from forecast.decide.choose import Limits
    from forecast.decide.site_run import site as find
    from forecast.inputs.area import read_area
    from forecast.report.answers import answer_of_site
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings = settings_of(draws, seed, current)
    limits = Limits(budget=np.inf if budget is None else budget, sites=most)
    read = read_area(area)
    found = find(
        read,
        candidates,
        settings,
        read_scenarios(scenario or []),
        matrix=travel,
        year=_january(year, read, settings),
        limits=limits,
    )
    _tell(answer_of_site(found), to, as_json=as_json)


@app.command()
def portfolio(
    area: Area = "exampleshire",
    candidates: Candidates = None,
    year: AskedYear = "",
    budget: Annotated[float | None, typer.Option(min=0, help="Capital, pounds; no limit if left out.")] = None,
    scenario: Stack = None,
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """Which projects to fund: those that leave fewest children short for the money, and what smaller sums would do."""
    import numpy as np

    from forecast.decide.site_run import fund
    from forecast.inputs.area import read_area
    from forecast.report.answers import answer_of_portfolio
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings = settings_of(draws, seed, current)
    money = np.inf if budget is None else budget
    told = read_scenarios(scenario or [])
    read = read_area(area)
    found = fund(read, candidates, settings, told, year=_january(year, read, settings), budget=money)
    _tell(answer_of_portfolio(found), to, as_json=as_json)


@app.command()
def late(
    school: Annotated[str, typer.Argument(help="A planned school of the area's places.csv, by its name.")],
    area: Area = "exampleshire",
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months later than the register says.")] = 12,
    scenario: Stack = None,
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """What if a planned school opens late: children, pounds and miles, with full schools turning children away."""
    from forecast.decide.late import late as delayed
    from forecast.inputs.area import read_area
    from forecast.report.answers import answer_of_late
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings = settings_of(draws, seed, current)
    found = delayed(read_area(area), school, months, settings, read_scenarios(scenario or []))
    _tell(answer_of_late(found), to, as_json=as_json)


def _january(written: str, area: "Read", settings: "Settings") -> int | None:
    """January of an academic year; None where none is named."""
    from forecast.decide.outcomes import asked_january

    return asked_january(written, area.about.latest_census, settings) if written else None


def _see_room(to: Path | None) -> None:
    """Find out before the work whether the answer can be written."""
    from forecast.report.size_folder import room

    if to is not None:
        room(to)


def _tell(answer: "Answer", to: Path | None, *, as_json: bool) -> None:
    """Write and print an answer."""
    from forecast.report import answers, terminal

    folder = None if to is None else answers.write(answer, to)
    if as_json:
        typer.echo(answers.as_json(answer))
    else:
        answers.show(answer, folder, terminal.console())
