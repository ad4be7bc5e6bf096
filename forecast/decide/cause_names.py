"""Levers in words, as the causes of a change are called."""

from collections.abc import Sequence
from typing import Final

from forecast.domain import academic_year
from forecast.scenario.lever_names import quoted
from forecast.scenario.levers import Change
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import Range

MOST_NAMED: Final = 3
"""Districts or needs that the name of a cause lists."""


def said_of(change: Change) -> str:
    """A lever in words: '"More or fewer new plans" (SEMH, from 2027/28)'; by its school where it is of one."""
    labels = change.labels()
    school = school_of(change)
    named = [school] if school else [_listed(labels.get(axis, ()), axis) for axis in ("district", "need")]
    words = ", ".join([*filter(None, named), f"from {academic_year(change.from_year)}"])
    return f"{quoted(change.kind)} ({words})"


def school_of(change: Change) -> str:
    """Name of the school that a lever opens or changes; empty where it is on none."""
    return str(getattr(change, "school", "") or getattr(change, "hub", ""))


def said_of_world(scenario: Scenario) -> str:
    """The world that a scenario stands in, and how much of it reaches the area if not all does."""
    reach = scenario.pass_through
    part = "" if reach.of(1) else f", {reach.value:.0%} of it"
    return f'the world "{scenario.world.defines.words}"{part}'


def settings_changed(off: Change, on: Change) -> list[str]:
    """Each setting in which two levers of a kind differ: "share 0.1 -> 0.2"."""
    fields = type(on).model_fields
    pairs = {info.alias or name: (getattr(off, name), getattr(on, name)) for name, info in fields.items()}
    return [
        f"{name.replace('_', ' ')} {_in_figures(name, old)} -> {_in_figures(name, new)}"
        for name, (old, new) in pairs.items()
        if old != new and name != "evidence"
    ]


def _in_figures(name: str, setting: object) -> str:
    """A setting as a scenario file has it, near enough."""
    if name in {"from", "until"} and isinstance(setting, int):
        return academic_year(setting)
    if isinstance(setting, Range):
        span = "" if setting.of(setting.value) else f" ({setting.low:g} to {setting.high:g})"
        return f"{setting.value:g}{span}"
    if isinstance(setting, tuple):
        return ", ".join(_in_figures(name, part) for part in setting) or "none"
    return "none" if setting is None else str(setting)


def _listed(labels: Sequence[str], axis: str) -> str:
    """Labels, or how many they are."""
    return " and ".join(labels) if len(labels) <= MOST_NAMED else f"{len(labels)} {axis}s"
