"""The commands that decide: how big a school should be."""

from typing import TYPE_CHECKING, Annotated

import typer

from forecast.options import AnswerFolder, Area, AsJson, Draws, Now, Seed, Stack, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from forecast.decide.replay import Replay
    from forecast.decide.replay_counted import CountedReplay
    from forecast.decide.size import Sized

app = typer.Typer()
Needs = Annotated[
    list[str] | None,
    typer.Option(
        "--need",
        help="Main need, such as ASD, or a broad area of need; of alternative provision also `without a plan` or "
        "`with a plan`; repeat. By default, everybody.",
    ),
]
Ages = Annotated[
    str,
    typer.Option(
        help="First and last year group, such as -1..14 (Reception is 0), a phase (primary) or key stage (ks3)."
    ),
]
Districts = Annotated[
    list[str] | None,
    typer.Option("--district", help="District whose children are meant; repeat. By default, the whole area."),
]
Opens = Annotated[
    str, typer.Option(help="Month in which the first children come, such as 2027-09; by default, next September.")
]
Kind = Annotated[str, typer.Option(help="Kind of place: special, base, alternative, or the area's own label.")]
NeedBased = Annotated[
    bool, typer.Option("--need-based", help="Count children in other places too who are taken to need one of these.")
]
Freeing = Annotated[
    bool,
    typer.Option(
        "--freeing", help="Count all whom such a school could relieve: those too whose places it would free for others."
    ),
]
Origin = Annotated[
    int | None, typer.Option(help="An earlier January: what would have been advised then, and what came.")
]


@app.command()
def size(
    area: Area = "worcestershire",
    need: Needs = None,
    ages: Ages = "-1..14",
    district: Districts = None,
    opens: Opens = "",
    provision: Kind = "special",
    places: Annotated[int | None, typer.Option(help="A size to test as well.")] = None,
    classes: Annotated[int, typer.Option(help="Places in a class.")] = 8,
    need_based: NeedBased = False,
    freeing: Freeing = False,
    replay: Origin = None,
    scenario: Stack = None,
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """How big a school should be: places by year, chance of being full, stages, regret, costs and other ways."""
    from forecast.decide.ask import asked
    from forecast.decide.replayed import replayed
    from forecast.decide.size import last_january, size_school
    from forecast.decide.without_plan import counted
    from forecast.inputs.area import read_area
    from forecast.scenario.stack import read_scenarios

    _see_room(to)
    settings = settings_of(draws, seed, current)
    read, told = read_area(area), read_scenarios(scenario or [])
    ask = asked(
        read.about, last_january(read, settings), settings.current_year, ages, needs=tuple(need or ()),
        districts=tuple(district or ()), freeing=freeing,
        opens=opens or f"{settings.current_year}-09", provision=provision, class_size=classes, places=places,
        without_plan=counted(read),
    )  # fmt: skip
    sized = size_school(read, ask, settings, told, need_based=need_based)
    _tell(sized, None if replay is None else replayed(read, sized.case, replay), to, as_json=as_json)


def _see_room(to: "Path | None") -> None:
    """Find out before the work whether a decision can be written where it is asked for."""
    from forecast.report.size_folder import room

    if to is not None:
        room(to)


def _tell(sized: "Sized", then: "Replay | CountedReplay | None", to: "Path | None", *, as_json: bool) -> None:
    """Write the decision where it is asked for, and print it."""
    from forecast.report import size_folder, size_show, terminal

    folder = None if to is None else size_folder.write(sized, then, to)
    if as_json:
        typer.echo(size_show.as_json(sized, then))
    else:
        size_show.show(sized, then, folder, terminal.console())
