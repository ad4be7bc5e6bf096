"""A scenario as the text of a file: what a person would have written, and what reads back as the same scenario."""

import json
from collections.abc import Mapping
from typing import Any, Final

import yaml
from pydantic import BaseModel

from forecast.domain import academic_year
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import Range

WIDTH: Final = 110
"""Characters in a line of the file."""
_YEARS: Final = frozenset({"from", "until"})
"""Fields that hold a January, which people write as a school year."""
_BY_YEAR: Final = "path"
"""Field that holds a setting for each January."""


def scenario_text(scenario: Scenario, marking: str = "") -> str:
    """The file of a scenario.

    Parameters
    ----------
    marking : of the figures that it was found by, as its first line; empty where they may be passed on
    """
    return text_of(written_scenario(scenario), marking)


def written_scenario(scenario: Scenario) -> dict[str, Any]:
    """A scenario as a file holds it, without what is left at its default."""
    held: dict[str, Any] = {"name": scenario.name, "why": scenario.why, "world": scenario.world.defines.value}
    if not scenario.pass_through.of(1):
        held["pass_through"] = _plainly(scenario.pass_through)
    held["changes"] = [written_change(change) for change in scenario.changes]
    if scenario.claims:
        held["claims"] = [claim.model_dump(mode="json", exclude_defaults=True) for claim in scenario.claims]
    return held


def written_change(change: BaseModel) -> dict[str, Any]:
    """A lever as a file holds it: school years, bare numbers for what is certain, no defaults."""
    held = change.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    fields = {info.alias or name: getattr(change, name) for name, info in type(change).model_fields.items()}
    said = {name: _said(name, fields[name], setting) for name, setting in held.items()}
    return {"kind": fields["kind"], **said}


def text_of(held: Mapping[str, Any], marking: str = "") -> str:
    """The text of what a file holds.

    Parameters
    ----------
    marking : as in `scenario_text`
    """
    apart = json.loads(json.dumps(held))  # no list stands in it twice, which YAML would write as a reference
    text = yaml.safe_dump(apart, sort_keys=False, allow_unicode=True, default_flow_style=None, width=WIDTH)
    return f"# {marking}\n{text}" if marking else str(text)


def _said(name: str, setting: object, dumped: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    """A field as a file writes it."""
    if name in _YEARS:
        return academic_year(int(dumped))
    if isinstance(setting, Range):
        return _plainly(setting)
    if name == _BY_YEAR:
        return {academic_year(int(year)): share for year, share in dumped.items()}
    return dumped


def _plainly(setting: Range) -> float | dict[str, float]:
    """A range; a bare number where it has no width."""
    return setting.value if setting.of(setting.value) else setting.model_dump()
