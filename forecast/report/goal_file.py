"""What was found, as a scenario file that can be run again."""

from typing import Any, Final

import yaml

from forecast.decide.goal import Goal
from forecast.domain import academic_year
from forecast.report.goal_words import aim_words
from forecast.scenario.scenario import Scenario

NAME: Final = "Goal"
"""How the names of scenarios begin that this program found."""
_YEARS: Final = ("from", "until")
"""Fields that hold a January, which people write as a school year."""
_WIDTH: Final = 110


def found_scenario(goal: Goal) -> Scenario:
    """The scenario that reaches the aims or, where nothing does, comes nearest."""
    about = goal.ground.before.about
    aims = "; ".join(aim_words(aim, about) for aim in goal.aims)
    did = "reaches" if goal.blocked is None else "comes nearest to"
    why = f"Found by `forecast goal`: the least that {did} {aims}. Whether it can be done is not known from this."
    return goal.levers.scenario(goal.found.steps, f"{NAME}: {aims}", why)


def scenario_text(scenario: Scenario) -> str:
    """The file of a scenario."""
    rest = scenario.model_dump(mode="json", by_alias=True, exclude={"name", "why", "world", "changes"})
    usual = Scenario(name="", why="").model_dump(mode="json", by_alias=True)
    written = [change.model_dump(mode="json", by_alias=True, exclude_unset=True) for change in scenario.changes]
    held = {
        "name": scenario.name,
        "why": scenario.why,
        "world": scenario.world.defines.value,
        **{field: _plain(value) for field, value in rest.items() if value != usual[field]},
        "changes": [_change(change) for change in written],
    }
    return str(yaml.safe_dump(held, sort_keys=False, allow_unicode=True, width=_WIDTH))


def _change(written: dict[str, Any]) -> dict[str, Any]:
    """A change as people write one: school years, and certain settings as bare numbers."""
    return {
        name: academic_year(value) if name in _YEARS and isinstance(value, int) else _plain(value)
        for name, value in written.items()
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a scenario file may hold
    """A setting as a bare number where it is certain."""
    if isinstance(value, dict):
        if value.keys() == {"value", "low", "high"} and value["low"] == value["value"] == value["high"]:
            return value["value"]
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
