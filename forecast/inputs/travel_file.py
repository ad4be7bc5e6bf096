"""A matrix of journeys that is given: minutes one way from each district to each site."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import DISTRICT
from forecast.inputs.given import Given, read_given

LONGEST: Final = 240
"""Minutes one way; a larger number is taken for a slip of the pen, or for seconds."""
MOST_HOLES: Final = 5
"""Pairs without minutes that a message names."""
_MINUTES: Final = f"write the minutes one way, from 0 to {LONGEST}"


def _minutes(cell: str) -> float:
    """Read minutes one way."""
    minutes = cells.number(cell)
    if minutes < 0:
        raise ValueError("is below 0")
    if minutes > LONGEST:
        raise ValueError(f"is more than {LONGEST} minutes")
    return minutes


COLUMNS: Final = {
    "district": DISTRICT,
    "site": Cell(cells.text, "write a school of places.csv or a candidate", labels="site"),
    "minutes": Cell(_minutes, _MINUTES),
}
"""How each column is written. `site`: where a school stands: the `site` of places.csv, else its `school`."""


def read_travel_file(
    path: Path, districts: Sequence[str], sites: Sequence[str], needed: Collection[tuple[str, str]]
) -> pd.DataFrame:
    """Minutes one way: district by site, not a number where the file has none.

    Parameters
    ----------
    path : CSV of `COLUMNS`
    districts, sites : every name there is, in the order wanted
    needed : pairs of district and site that a child may travel between, each of which must be there

    Raises
    ------
    InputFaults
        Every fault of the file, holes among them.
    """
    given = read_given(path, COLUMNS, {"district": districts, "site": sites})
    faults = [*_one_a_name(given.faults), *_twice(given)]
    if not faults:
        faults += _holes(given, needed)
    if faults:
        raise InputFaults(faults)
    table = given.rows.pivot(index="district", columns="site", values="minutes").astype("float64")
    return table.reindex(index=list(districts), columns=list(sites))


def _one_a_name(faults: Iterable[Fault]) -> list[Fault]:
    """Faults, that of an unknown name only once: at its first row."""
    kept: dict[object, Fault] = {}
    for fault in sorted(faults):
        kept.setdefault((fault.field, fault.what) if fault.field in {"district", "site"} else fault, fault)
    return list(kept.values())


def _twice(given: Given) -> list[Fault]:
    again = given.rows.duplicated(["district", "site"]) if not given.rows.empty else pd.Series(dtype=bool)
    return given.wrong(again, "site", "the pair of district and site has a row already", "keep one of the two")


def _holes(given: Given, needed: Collection[tuple[str, str]]) -> list[Fault]:
    """One fault for all pairs that the matrix lacks: how many, and the first few."""
    there = set(zip(given.rows["district"], given.rows["site"], strict=True))
    holes = sorted(set(needed) - there)
    if not holes:
        return []
    first = "; ".join(f"{district} to {site}" for district, site in holes[:MOST_HOLES])
    more = f"; and {len(holes) - MOST_HOLES} more" if len(holes) > MOST_HOLES else ""
    pairs = "1 pair" if len(holes) == 1 else f"{len(holes)} pairs"
    what = f"has no minutes for {pairs} that children may travel between: {first}{more}"
    remedy = "add a row for each, or leave the matrix out for straight-line journeys"
    return [Fault(given.file, 0, "minutes", what, remedy)]
