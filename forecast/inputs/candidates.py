"""Candidate sites: where a new school, base or satellite could stand, for whom, how big, at what capital cost."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import NC_YEARS, academic_year
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs import cells
from forecast.inputs.about import About
from forecast.inputs.cells import NAN, Cell
from forecast.inputs.columns import DISTRICT, LATITUDE, LONGITUDE, MONTH, NAME, NEEDS, PROVISION, TEXT, YEAR_GROUP
from forecast.inputs.given import Given, read_given

FILE: Final = "candidates.csv"
"""File of an area's folder that is read where no other is named."""
LARGEST: Final = 1_000
"""Places on one site; a larger number is taken for a slip of the pen."""
_SIZES: Final = "write places such as 60, or several sizes to choose from such as 60;90;120"
FARTHEST: Final = 5.0
"""Kilometres outside its district that a site may stand, as outlines are drawn coarsely; judgement."""
_KILOMETRES_A_DEGREE: Final = 111.2
"""Of latitude, on a globe of 6,371 km radius."""


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


def _within(cell: Cell, low: float, high: float) -> Cell:
    """A column of numbers, those out of range refused."""

    def parse(text: str) -> object:
        number = cell.parse(text)
        if not low <= float(str(number)) <= high:
            raise ValueError("is out of range")
        return number

    return replace(cell, parse=parse)


_YEAR_GROUP: Final = _within(YEAR_GROUP, NC_YEARS[0], NC_YEARS[-1])
COLUMNS: Final = {
    "name": NAME,
    "district": DISTRICT,
    "lat": _within(LATITUDE, 49.0, 61.0),
    "lon": _within(LONGITUDE, -9.0, 3.0),
    "provision": PROVISION,
    "needs": NEEDS,
    "nc_from": _YEAR_GROUP,
    "nc_to": _YEAR_GROUP,
    "sizes": Cell(_sizes, _SIZES),
    "capital": Cell(_pounds, "write pounds a place, such as 75000, or leave it blank for costs.csv's", blank=NAN),
    "opens": MONTH,
    "source": TEXT,
}
"""How each column is written; degrees are those of Great Britain. `opens`: month; blank is in time for any January."""


class NoCandidates(ForecastError):
    """No candidates are named, and the area's folder has none."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} has no {FILE}, so no site is known to choose from; name a file with --candidates, or put one "
            f"there (columns {', '.join(COLUMNS)})."
        )


def kept_candidates(folder: Path) -> Path:
    """The file of candidates that an area's folder holds.

    Raises
    ------
    NoCandidates
        It holds none.
    """
    file = folder / FILE
    if not file.is_file():
        raise NoCandidates(folder)
    return file


def read_candidates(
    path: Path,
    about: About,
    taken: Collection[str] = (),
    outlines: Mapping[str, Any] | None = None,
    now: int | None = None,
) -> pd.DataFrame:
    """Candidate sites, one a row, checked against the area's labels.

    Parameters
    ----------
    path : CSV of `COLUMNS`
    taken : names of schools there are already
    outlines : GeoJSON of the districts, to see that each site stands in its own; unseen if None
    now : January of the current academic year, before which none can open; that of the latest census if None

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
    past = max(about.latest_census, now or about.latest_census)
    faults = [*given.faults, *_at_odds(given, set(taken)), *_past(given, past), *_outside(given, outlines)]
    if faults:
        raise InputFaults(faults)
    rows = given.rows.reset_index(drop=True)
    return rows.assign(sizes=pd.Series([tuple(map(int, sizes.split(";"))) for sizes in rows["sizes"]], dtype=object))


def _at_odds(given: Given, taken: set[str]) -> Iterable[Fault]:
    """Faults between the cells of a row, between rows, and with the register; capitals tell no two names apart."""
    rows = given.rows
    if rows.empty:
        return
    names, schools = rows["name"].str.casefold(), {name.casefold() for name in taken}
    once = "keep one row a site, its sizes with ; between, or give each a name of its own"
    yield from given.wrong(names.duplicated(), "name", "the site has a row already", once)
    yield from given.wrong(
        names.isin(schools), "name", "a school of places.csv has that name", "give the candidate one of its own"
    )
    upside = rows["nc_from"].gt(rows["nc_to"])
    yield from given.wrong(upside, "nc_from", "is above nc_to", "write the lower year group first")
    lone = rows["lat"].isna() ^ rows["lon"].isna()
    yield from given.wrong(lone, "lat", "has no partner", "write both lat and lon, or neither")


def _past(given: Given, now: int) -> list[Fault]:
    """Candidates that were to open by the September in which the current academic year began: they are none."""
    if given.rows.empty:
        return []
    opens = given.rows["opens"]
    past = opens.ne("") & opens.le(f"{now - 1}-09")
    what = f"is past in {academic_year(now)}, so the site is no candidate"
    return given.wrong(past, "opens", what, "write a month to come, or list the school in places.csv")


def _outside(given: Given, outlines: Mapping[str, Any] | None) -> list[Fault]:
    """Candidates that stand well outside the district that they name."""
    if given.rows.empty or outlines is None:
        return []
    shapes = {feature["properties"]["name"]: feature["geometry"] for feature in outlines["features"]}
    where = given.rows[["lon", "lat"]].to_numpy(dtype=float)
    off = {
        line: _kilometres(lon, lat, shapes[district])
        for line, district, (lon, lat) in zip(given.rows.index, given.rows["district"], where, strict=True)
        if district in shapes and np.isfinite([lon, lat]).all()
    }
    return given.told(
        pd.Series([off.get(line, 0.0) > FARTHEST for line in given.rows.index], given.rows.index),
        "lat",
        lambda line: f"and lon lie {off[line]:,.0f} km outside {given.rows['district'][line]}",
        lambda _: "correct them, or the district",
    )


def _kilometres(lon: float, lat: float, outline: Mapping[str, Any]) -> float:
    """How far outside an outline a point lies; 0 inside it."""
    parts = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * _KILOMETRES_A_DEGREE
    crossed, nearest = 0, np.inf
    for ring in (ring for part in parts for ring in part):
        corners = (np.array([corner[:2] for corner in ring], dtype=float) - [lon, lat]) * scale
        sides = np.roll(corners, -1, axis=0) - corners
        nearest = min(nearest, _from_here(corners, sides))
        crossed += _crossed(corners, sides)
    return 0.0 if crossed % 2 else float(nearest)


def _from_here(corners: NDArray[np.float64], sides: NDArray[np.float64]) -> float:
    """Distance from the origin to the nearest of some sides."""
    long = (sides**2).sum(axis=1)
    along = np.divide(-(corners * sides).sum(axis=1), long, out=np.zeros_like(long), where=long > 0).clip(0, 1)
    return float(np.hypot(*(corners + along[:, None] * sides).T).min())


def _crossed(corners: NDArray[np.float64], sides: NDArray[np.float64]) -> int:
    """Sides that a line from the origin due east crosses."""
    (x, y), (east, north) = corners.T, sides.T
    spans = (y > 0) != (y + north > 0)
    slope = np.divide(east, north, out=np.zeros_like(east), where=north != 0)
    return int((spans & (x - slope * y > 0)).sum())
