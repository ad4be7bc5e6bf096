"""The commands that defend a figure: what it hangs on, and every assumption behind it."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from forecast.options import AnswerFolder, Area, AsJson, AskedYear, Draws, Now, Seed, Stack, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from forecast.decide.suppositions import Supposition
    from forecast.report.answers import Answer

app = typer.Typer()
FEW: Final = 50
"""Futures that a figure is worked out in over and over, where no other number is asked for."""
Of = Annotated[
    str,
    typer.Option(
        "--of", help="The figure: children in special, all plans, special rate, short, short of special, or pounds."
    ),
]
Against = Annotated[
    list[str] | None,
    typer.Option(help="Scenario that the other is set against: the figure is the difference; repeat as -s."),
]
InFutures = Annotated[
    float | None,
    typer.Option(min=0.01, max=0.99, help="Take the number that this share of futures do not exceed, such as 0.8."),
]
Limit = Annotated[
    float | None,
    typer.Option(help="The most that the figure may be: say what would turn that. By default 0 of a difference."),
]
AllFiles = Annotated[
    bool, typer.Option("--all", help="Print the long files of assumptions too: overflow, travel, projects and AP.")
]


@app.command()
def sensitivity(
    area: Area = "worcestershire",
    scenario: Stack = None,
    of: Of = "children in special",
    year: AskedYear = "",
    against: Against = None,
    limit: Limit = None,
    futures: InFutures = None,
    draws: Draws = FEW,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """What a figure hangs on: each assumption, price and lever at both ends of its range; what turns a decision."""
    from forecast.decide.flips import flips
    from forecast.decide.outcomes import asked_january, listed_by, read_outcome
    from forecast.decide.premises import figures
    from forecast.decide.tornado import tornado
    from forecast.inputs.area import read_area
    from forecast.report.tornado_answer import Hangs, answer_of_tornado
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings, read = settings_of(draws, seed, current), read_area(area)
    scenarios = [read_scenarios(names) for names in ((scenario or []), *([against] if against else []))]
    listed = listed_by(read.about, scenarios[0].build(read.places))
    january = asked_january(year, read.about.latest_census, settings)
    found = figures(read, tuple(scenarios), settings, read_outcome(of, read.about, listed, january, futures))
    bars = tornado(found, _progress("Ranges"))
    most = 0.0 if limit is None and against else limit
    decision, turning = (None, ()) if most is None else flips(found, most, _progress("What would turn it"))
    _tell(answer_of_tornado(Hangs(found, bars, decision, turning), of), to, as_json=as_json)


@app.command()
def assumptions(
    area: Area = "worcestershire",
    scenario: Stack = None,
    year: AskedYear = "",
    every: AllFiles = False,
    draws: Draws = FEW,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """Every assumption behind a forecast, its owner and support; and what a critic would ask of a scenario."""
    from forecast.decide.challenges import challenged
    from forecast.decide.outcomes import asked_january
    from forecast.inputs.area import read_area
    from forecast.pipeline import forecast_area
    from forecast.report.register_answer import answer_of_assumptions
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings, read, told = settings_of(draws, seed, current), read_area(area), read_scenarios(scenario or [])
    january = asked_january(year, read.about.latest_census, settings)
    projection = forecast_area(read, told, settings)
    found = challenged(read, told, settings)
    _tell(answer_of_assumptions(projection, found, january, all_files=every), to, as_json=as_json)


def _see_room(to: "Path | None") -> None:
    """Find out before the work whether an answer can be written where it is asked for."""
    from forecast.report.size_folder import room

    if to is not None:
        room(to)


def _tell(answer: "Answer", to: "Path | None", *, as_json: bool) -> None:
    """Write the answer where it is asked for, and print it."""
    from forecast.report import answers, terminal

    folder = None if to is None else answers.write(answer, to)
    if as_json:
        typer.echo(answers.as_json(answer))
    else:
        answers.show(answer, folder, terminal.console())


def _progress(what: str) -> "Callable[[list[Supposition]], Iterable[Supposition]]":
    """A bar of progress over suppositions, on a terminal only."""

    def track(suppositions: "list[Supposition]") -> "Iterable[Supposition]":
        from rich.console import Console
        from rich.progress import track as over

        screen = Console(stderr=True)
        return over(suppositions, what, console=screen, transient=True, disable=not screen.is_terminal)

    return track
