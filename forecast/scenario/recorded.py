"""What each change of a scenario did, as `what: old -> new`: found by comparing before and after, whoever wrote it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final

import pandas as pd
import xarray as xr

from forecast.domain import academic_year
from forecast.scenario.difference import Difference, drivers_differ
from forecast.scenario.difference_tables import places_differ, prices_differ, spent
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import Evidence, supported

NOTHING: Final = "changes nothing"
"""What is said of a change that leaves everything as it was."""
COLUMNS: Final = ("change", "what", "cells", "year", "academic_year", "old", "new", "unit", "evidence", "supported")
"""Of `changes_table`."""


@dataclass(frozen=True)
class Recorded:
    """One figure that one change moved, in one year."""

    change: str
    """Which: its place among the changes and its kind, such as "2 rebalance"; those of the world come first."""
    difference: Difference
    evidence: str
    """What the change rests on; empty where nothing is said."""
    supported: bool
    """Whether anything but judgement stands behind it."""


@dataclass(frozen=True, eq=False)
class Made:
    """What a scenario makes of an area, and what each of its changes did."""

    drivers: xr.Dataset
    places: pd.DataFrame
    """Columns of `schemas_places.Places`."""
    prices: pd.DataFrame
    """Columns of `schemas_places.Costs`, and `from_year`."""
    recorded: tuple[Recorded, ...]


def made(scenario: Scenario, drivers: xr.Dataset, places: pd.DataFrame, prices: pd.DataFrame) -> Made:
    """Make every change in turn, and write down what it did.

    The same as `Scenario.apply`, `build` and `reprice`, each once.

    Parameters
    ----------
    drivers, places, prices : before any change; columns as in `Made`
    """
    now, found = Made(drivers, places, prices, ()), []
    of_world = len(scenario.ground)
    for number, change in enumerate(scenario.every_change):
        then = Made(change.apply(now.drivers), change.build(now.places), change.reprice(now.prices), ())
        differ = [
            *drivers_differ(now.drivers, then.drivers),
            *places_differ(now.places, then.places, change.from_year),
            *prices_differ(now.prices, then.prices),
            *spent(change.spends(drivers)),
        ] or [Difference(NOTHING)]
        rests_on = _of_world(scenario) if number < of_world else _evidence(change.evidence)
        found += [Recorded(f"{number + 1} {change.kind}", each, *rests_on) for each in differ]
        now = then
    return Made(now.drivers, now.places, now.prices, tuple(found))


def recorded(
    scenario: Scenario, drivers: xr.Dataset, places: pd.DataFrame, prices: pd.DataFrame
) -> tuple[Recorded, ...]:
    """What each change did: as `made`."""
    return made(scenario, drivers, places, prices).recorded


def sentences(done: Sequence[Recorded]) -> list[str]:
    """What each change did, a line for each figure: of the years the first and the last.

    Such as "1 scale_starts: first plans, SEMH, 2027/28: 4.2 -> 3.8, 2034/35: 5.1 -> 4.6 in 1,000 children a year".
    """
    return [_sentence([*rows]) for _, rows in groupby(done, key=_of_one_line)]


def _of_one_line(row: Recorded) -> tuple[str, str, str, str]:
    """What is alike in all rows that one line tells."""
    return row.change, row.difference.what, row.difference.cells, row.difference.unit


def _sentence(rows: list[Recorded]) -> str:
    first, last = rows[0].difference, rows[-1].difference
    if first.what == NOTHING:
        return f"{rows[0].change}: {NOTHING}"
    told = ", ".join(filter(None, (first.what, first.cells)))
    pairs = ", ".join(
        (f"{academic_year(each.year)}: " if each.year else "") + f"{_shown(each.old)} -> {_shown(each.new)}"
        for each in dict.fromkeys((first, last))
    )
    return f"{rows[0].change}: {told}{', ' if first.year else ': '}{pairs} {first.unit}".rstrip()


def _shown(figure: float | str | None) -> str:
    """A figure with three digits, or whole where it has more."""
    if isinstance(figure, str):
        return figure or "not set"
    if figure is None:
        return "none"
    return f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.3g}"  # noqa: PLR2004 - four digits


def changes_table(done: Sequence[Recorded]) -> pd.DataFrame:
    """What each change did: a row for each figure and year.

    Returns
    -------
    columns change, what, cells, year, academic_year, old, new, unit, evidence, supported
        `year` is a January, blank where a figure has none. `old` and `new` are text, as not all of them are numbers;
        numbers have six digits.
    """
    rows = [
        asdict(row.difference)
        | {
            "change": row.change,
            "academic_year": academic_year(row.difference.year) if row.difference.year else "",
            "old": _written(row.difference.old),
            "new": _written(row.difference.new),
            "evidence": row.evidence,
            "supported": row.supported,
        }
        for row in done
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(COLUMNS, "str") | {"year": "Int64", "supported": bool})


def _written(figure: float | str | None) -> str:
    if figure is None:
        return ""
    return figure if isinstance(figure, str) else f"{figure:.6g}"


def _evidence(given: Sequence[Evidence]) -> tuple[str, bool]:
    """What a change rests on, and whether that is more than judgement."""
    said = "; ".join(
        f"{each.says.rstrip('.')} ({each.source.rstrip('.')}{f', {each.dated}' if each.dated else ''})"
        for each in given
    )
    return said, supported(given)


def _of_world(scenario: Scenario) -> tuple[str, bool]:
    """What the changes of a world rest on."""
    world = scenario.world
    said = "; ".join(f"{each.says.rstrip('.')} ({each.source.rstrip('.')}, {each.dated})" for each in world.figures)
    return said, bool(world.figures) and all(each.verified for each in world.figures)
