"""Will there be enough specialist places? A forecast of special school, base and alternative provision places.

from forecast import Settings, forecast_area, read_area, read_scenario

area = read_area("worcestershire")
projection = forecast_area(area, read_scenario("baseline"), Settings(current_year=2027))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.decide.ask import Ask
    from forecast.decide.compare import Compared, compare
    from forecast.decide.goal import Goal, seek_goal
    from forecast.decide.size import Sized, size_school
    from forecast.inputs.area import Area, read_area
    from forecast.pipeline import forecast_area
    from forecast.projection import Projection
    from forecast.report.sufficiency_tables import sufficiency_tables
    from forecast.scenario.scenario import Scenario, read_scenario
    from forecast.scenario.stack import read_scenarios
    from forecast.settings import Settings

__all__ = [
    "Area",
    "Ask",
    "Compared",
    "Goal",
    "Projection",
    "Scenario",
    "Settings",
    "Sized",
    "compare",
    "forecast_area",
    "read_area",
    "read_scenario",
    "read_scenarios",
    "seek_goal",
    "size_school",
    "sufficiency_tables",
]

_HOME = {
    "Area": "inputs.area",
    "read_area": "inputs.area",
    "forecast_area": "pipeline",
    "Projection": "projection",
    "Scenario": "scenario.scenario",
    "read_scenario": "scenario.scenario",
    "read_scenarios": "scenario.stack",
    "Settings": "settings",
    "Ask": "decide.ask",
    "Compared": "decide.compare",
    "compare": "decide.compare",
    "Goal": "decide.goal",
    "seek_goal": "decide.goal",
    "Sized": "decide.size",
    "size_school": "decide.size",
    "sufficiency_tables": "report.sufficiency_tables",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `import forecast` alone loads nothing heavy."""
    if name not in _HOME:
        msg = f"forecast has no {name!r}; it exports {', '.join(__all__)}"
        raise AttributeError(msg)
    return getattr(import_module(f"forecast.{_HOME[name]}"), name)
