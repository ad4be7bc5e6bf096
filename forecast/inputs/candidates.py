"""Candidate sites: where a new school, base or satellite could stand, for whom, how big, at what capital cost."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import NC_YEARS
from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.about import About
from forecast.inputs.cells import NAN, Cell
from forecast.inputs.columns import DISTRICT, LATITUDE, LONGITUDE, MONTH, NAME, NEEDS, PROVISION, TEXT, YEAR_GROUP
from forecast.inputs.given import Given, read_given

LARGEST: Final = 1_000
"""Places on one site; a larger number is taken for a slip of the pen."""
_SIZES: Final = "write places such as 60, or several sizes to choose from such as 60;90;120"
_DEGREES: Final = {"lat": (49.0, 61.0), "lon": (-9.0, 3.0)}
"""Great Britain."""


def _sizes(cell: str) -> str:
    """Read sizes parted by `;`, each a whole number of places, in rising order."""
    places = [cells.whole(part.strip()) for part in cell.split(";")]
    if not all(0 < size <= LARGEST for size in places):
        raise ValueError(f"has a size that is not from 1 to {LARGEST:,}")
    if len(set(places)) < len(places):
        raise ValueError("has a size twice")
    return ";".join(map(str, sorted(places)))


def _pounds(cell: str) -> float:
    """Read pounds, above 0, without a sign for pounds or commas."""
    pounds = cells.number(cell)
    if pounds <= 0:
        raise ValueError("is not above 0")
    return pounds


COLUMNS: Final = {
    "name": NAME,
    "district": DISTRICT,
    "lat": LATITUDE,
    "lon": LONGITUDE,
    "provision": PROVISION,
    "needs": NEEDS,
    "nc_from": YEAR_GROUP,
    "nc_to": YEAR_GROUP,
    "sizes": Cell(_sizes, _SIZES),
    "capital": Cell(_pounds, "write pounds a place, such as 75000, or leave it blank for costs.csv's", blank=NAN),
    "opens": MONTH,
    "source": TEXT,
}
"""How each column is written. `opens`: month; blank is in time for any January that is asked about."""


def read_candidates(path: Path, about: About, taken: Collection[str] = ()) -> pd.DataFrame:
    """Candidate sites, one a row, checked against the area's labels.

    Parameters
    ----------
    path : CSV of `COLUMNS`
    taken : names of schools there are already

    Returns
    -------
    columns of `COLUMNS`, `sizes` a tuple of whole numbers in rising order; `capital` not a number where left blank

    Raises
    ------
    InputFaults
        Every fault of the file.
    """
    known = {"district": about.district_names, "need": list(about.needs), "provision": list(about.provisions)}
    given = read_given(path, COLUMNS, known)
    faults = [*given.faults, *_at_odds(given, set(taken))]
    if faults:
        raise InputFaults(faults)
    rows = given.rows.reset_index(drop=True)
    return rows.assign(sizes=pd.Series([tuple(map(int, sizes.split(";"))) for sizes in rows["sizes"]], dtype=object))


def _at_odds(given: Given, taken: set[str]) -> Iterable[Fault]:
    """Faults between the cells of a row, between rows, and with the register."""
    rows = given.rows
    if rows.empty:
        return
    yield from given.wrong(rows["name"].duplicated(), "name", "the site has a row already", "keep one row a site")
    yield from given.wrong(
        rows["name"].isin(taken), "name", "a school of places.csv has that name", "give the candidate one of its own"
    )
    outside = ~(rows["nc_from"].between(NC_YEARS[0], NC_YEARS[-1]) & rows["nc_to"].between(NC_YEARS[0], NC_YEARS[-1]))
    yield from given.wrong(outside, "nc_from", "or nc_to is out of range", YEAR_GROUP.write)
    upside = rows["nc_from"].gt(rows["nc_to"])
    yield from given.wrong(upside, "nc_from", "is above nc_to", "write the lower year group first")
    lone = rows["lat"].isna() ^ rows["lon"].isna()
    yield from given.wrong(lone, "lat", "has no partner", "write both lat and lon, or neither")
    for field, (low, high) in _DEGREES.items():
        degrees = rows[field].astype("float64")
        off = degrees.notna() & ~degrees.between(low, high)
        yield from given.wrong(off, field, "is out of range", COLUMNS[field].write)
