"""The command that asks what it would take: goal."""

from typing import Annotated

import typer

from forecast.options import AnswerFolder, AsJson, Draws, Now, Seed, settings_of
from forecast.scenario.worlds import SHIPPED

app = typer.Typer()
AreaOption = Annotated[
    str,
    typer.Option("--area", help="Area folder, or one that ships: worcestershire, lancashire, exampleshire (invented)."),
]
Aims = Annotated[
    list[str],
    typer.Argument(
        metavar="AIM...",
        help='What is to be reached, in quotes, one or several: "special rate at most England\'s by 2031/32", '
        '"special rate at most 2.1% by 2031/32", "children in independent at most 300 by 2030/31", '
        '"short of special at most 10 from 2029/30 to 2031/32 in 8 of 10 futures" (areas that list their places), '
        '"budget at most £3m a year". Without "in 8 of 10 futures" (or P80) an aim is met on average.',
    ),
]
Levers = Annotated[
    list[str],
    typer.Option(
        "--lever",
        help="A lever as in a scenario file, with the bounds of what may vary: "
        '"rebalance, share: 0..0.5, support: 4000, from: 2027/28, year_groups: [7]". A share may vary from 0 to 1 '
        "if no bounds are written, and a lever acts from next school year if it says nothing else. Or a scenario file "
        "in which settings stand so. Repeat it for the least-cost mix of several.",
    ),
]
Grounds = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--scenario",
        help=f"Scenario on top of which the levers act: a file, or one that ships ({', '.join(SHIPPED.values())}); "
        "repeat to stack. By default the trend.",
    ),
]


@app.command()
def goal(
    aims: Aims,
    lever: Levers,
    area: AreaOption = "worcestershire",
    scenario: Grounds = None,
    draws: Draws = 200,
    seed: Seed = 1,
    current: Now = "",
    to: AnswerFolder = None,
    as_json: AsJson = False,
) -> None:
    """What it would take: the setting of a lever, or the least-cost mix of several, that reaches an aim.

    Says so when it cannot be reached, how near the levers come, and what binds. For example:

    forecast goal "special rate at most England's by 2031/32" --lever "rebalance, support: 4000"
    """
    from forecast.decide.goal import seek_goal
    from forecast.inputs.area import read_area
    from forecast.report import answers, terminal
    from forecast.report.goal_answer import answer_of_goal
    from forecast.report.size_folder import room
    from forecast.scenario.stack import read_scenarios

    if to is not None:
        room(to)
    settings = settings_of(draws, seed, current)
    answer = answer_of_goal(seek_goal(read_area(area), aims, lever, settings, read_scenarios(scenario or [])))
    folder = None if to is None else answers.write(answer, to)
    if as_json:
        typer.echo(answers.as_json(answer))
    else:
        answers.show(answer, folder, terminal.console())
