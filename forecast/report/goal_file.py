"""What was found, as a scenario that can be run again."""

from typing import Final

from forecast.decide.goal import Goal
from forecast.report.goal_words import aim_words
from forecast.scenario.scenario import Scenario

NAME: Final = "Goal"
"""How the names of scenarios begin that this program found."""


def found_scenario(goal: Goal) -> Scenario:
    """The scenario that reaches the aims or, where nothing does, comes nearest."""
    about = goal.ground.before.about
    aims = "; ".join(aim_words(aim, about) for aim in goal.aims)
    did = "reaches" if goal.blocked is None else "comes nearest to"
    why = f"Found by `forecast goal`: the least that {did} {aims}. Whether it can be done is not known from this."
    return goal.levers.scenario(goal.found.steps, f"{NAME}: {aims}", why)
