"""Settings of a scenario's levers as suppositions: which there are, and a scenario with one at another value."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic.fields import FieldInfo

from forecast.decide.suppositions import Origin, Supposition
from forecast.scenario.dated import Dated
from forecast.scenario.levers import Change
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import Multiple, Pounds, Range, Share, said_of_type, school_year, supported

Way: TypeAlias = tuple[str, ...]
"""Fields, keys and positions from a lever to one of its settings, as its file writes them."""
REACH: Final = "pass_through"
"""Field of a scenario that says how much of its world reaches the area."""
NUMBER: Final = "number"
"""Unit of a setting that is neither a share, a multiple nor a sum in pounds."""
POUNDS: Final = "pounds"
_UNITS: Final = ((Share, "share", 0.0, 1.0), (Multiple, "multiple", 0.0, 10.0), (Pounds, POUNDS, 0.0, float("inf")))
"""Type of a setting -> its unit, its least and its most."""
_NOT_SET: Final = "Default of this program, as the scenario says nothing of it."
_NO_EVIDENCE: Final = "None given in the scenario."
_WHO_AND_WHEN: Final = ("nc_from", "nc_to", "month")
"""Fields that say for whom and when, not how much."""
_STEPS: Final = 20
"""Halvings by which the farthest value that a lever takes is found."""


def of_levers(scenario: Scenario) -> tuple[Supposition, ...]:
    """Every setting of its own changes that is a number, and how much of its world reaches the area.

    A number without a range is certain. When a lever acts, and for which year groups, are no suppositions.
    """
    found = [
        _supposition(scenario, str(at), change, way, held, info)
        for at, change in enumerate(scenario.changes, 1)
        for way, held, info in _settings(change)
    ]
    if scenario.ground:
        info = type(scenario).model_fields[REACH]
        reach = Supposition(
            **_numbers(scenario.pass_through, info),
            origin=Origin.SCENARIO,
            key=(scenario.name, REACH),
            name=REACH,
            says=_sentence(info.description),
            source="; ".join(f"{figure.says.rstrip('.')} ({figure.source})" for figure in scenario.world.figures),
            supported=bool(scenario.world.figures) and all(figure.verified for figure in scenario.world.figures),
            used_for=f'every figure of the scenario "{scenario.name}"',
        )
        found.insert(0, reach)
    return tuple(found)


def with_lever(scenario: Scenario, named: Scenario, supposition: Supposition, value: float) -> Scenario:
    """A scenario with one setting at a value, for certain, wherever it has the very change that it is a setting of.

    Parameters
    ----------
    named : the scenario that the supposition is of

    Raises
    ------
    ValidationError
        The lever does not take such a value.
    """
    _, at, *way = supposition.key
    if at == REACH:
        alike = scenario.world == named.world and scenario.pass_through == named.pass_through
        reach = {REACH: Range(value=value, low=value, high=value)}
        return scenario.model_copy(update=reach) if alike else scenario
    meant = named.changes[int(at) - 1]
    changes = tuple(_set(each, tuple(way), value) if each == meant else each for each in scenario.changes)
    return scenario.model_copy(update={"changes": changes})


def farthest(scenario: Scenario, supposition: Supposition, end: float, wanted: float) -> float:
    """The value nearest to `wanted` that the lever takes, on the way there from an end of its range.

    Parameters
    ----------
    end : a value that it takes
    wanted : a value beyond
    """
    wanted = min(max(wanted, supposition.least), supposition.most)
    if _takes(scenario, supposition, wanted):
        return wanted
    for _ in range(_STEPS):
        middle = (end + wanted) / 2
        if _takes(scenario, supposition, middle):
            end = middle
        else:
            wanted = middle
    return end


def _takes(scenario: Scenario, supposition: Supposition, value: float) -> bool:
    """Whether a lever takes a value."""
    try:
        with_lever(scenario, scenario, supposition, value)
    except ValidationError:
        return False
    return True


def _settings(model: BaseModel) -> Iterator[tuple[Way, Range, FieldInfo]]:
    """The way to each number of a lever, the number as a range, and the field that it is in."""
    for name, info in type(model).model_fields.items():
        if name not in _WHO_AND_WHEN and not _is_time(info):
            for way, held in _numbers_in(getattr(model, name)):
                yield (info.alias or name, *way), held, info


def _numbers_in(held: object) -> Iterator[tuple[Way, Range]]:
    match held:
        case bool():
            return
        case Range():
            yield (), held
        case int() | float():
            yield (), Range(value=held, low=held, high=held)
        case Mapping():
            for key, part in held.items():
                yield from (((str(key), *way), found) for way, found in _numbers_in(part))
        case BaseModel():
            yield from ((way, found) for way, found, _ in _settings(held))
        case tuple() if all(isinstance(part, BaseModel) for part in held):
            for at, part in enumerate(held):
                yield from (((str(at), *way), found) for way, found in _numbers_in(part))
        case _:
            return


def _is_time(info: FieldInfo) -> bool:
    """Whether a field holds a year, or keys that are years: when, not how much."""
    return any(isinstance(part, BeforeValidator) and part.func is school_year for part in said_of_type(info))


def _numbers(held: Range, info: FieldInfo) -> dict[str, Any]:
    """Value, range, unit and limits of a setting."""
    said = list(said_of_type(info))
    unit, least, most = next(
        (told for kind, *told in _UNITS if any(part == get_args(kind)[1] for part in said)),
        (NUMBER, 0.0, float("inf")),
    )
    return {"value": held.value, "low": held.low, "high": held.high, "unit": unit, "least": least, "most": most}


def _supposition(scenario: Scenario, at: str, change: Dated, way: Way, held: Range, info: FieldInfo) -> Supposition:
    left_out = not info.is_required() and info.get_default() in (held, held.value)
    source = "; ".join(f"{each.says.rstrip('.')} ({each.source.rstrip('.')})" for each in change.evidence)
    return Supposition(
        **_numbers(held, info),
        origin=Origin.SCENARIO,
        key=(scenario.name, at, *way),
        name=f"{at} {change.kind}: {' '.join(way)}",
        says=_sentence(info.description),
        source=_NOT_SET if left_out else source or _NO_EVIDENCE,
        supported=not left_out and supported(change.evidence),
        used_for=f'every figure of the scenario "{scenario.name}"',
    )


def _sentence(described: str | None) -> str:
    """The first sentence of a field's help, on one line."""
    said = " ".join((described or "").split())
    return said.split(". ", 1)[0].rstrip(".") + "." if said else ""


def _set(change: Change, way: Way, value: float) -> Change:
    """A lever with one of its numbers at a value, for certain, checked as its file would be."""
    whole = change.model_dump(by_alias=True)
    part: Any = whole
    for step in way[:-1]:
        part = part[int(step) if isinstance(part, (list, tuple)) else step]
    certain = {"value": value, "low": value, "high": value}
    part[way[-1]] = certain if isinstance(part[way[-1]], Mapping) else value
    return type(change).model_validate(whole)
