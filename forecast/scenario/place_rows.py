"""What levers on places share: rows of the register, when they open and how they fill, and what building them costs."""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Annotated, Final

import pandas as pd
import xarray as xr
from pydantic import Field

from forecast.domain import ALL, NC_YEARS
from forecast.errors import ForecastError, UnknownLabel
from forecast.model.luck import key, uniform
from forecast.scenario.dated import Dated, drawn, in_order, where
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.written import Pounds, Range

NAN: Final = float("nan")
NEW_SCHOOL, EXPANSION, SATELLITE, BASE, HUB_AND_SPOKE = "new_school", "expansion", "satellite", "base", "hub_and_spoke"
"""Kinds of project of `projects.csv`."""
CAPITAL, CAPITAL_SATELLITE, CAPITAL_EXPANSION = "capital", "capital_satellite", "capital_expansion"
"""Items of `costs.csv`: a place of a new school or base, of a satellite, of an expansion, built once."""
_JANUARY, _AUGUST, _SEPTEMBER = 1, 8, 9
_BUILT: Final = 1
"""What a uniform of a planned school decides, as in `places.register`."""
Ramp = tuple[Annotated[float, Field(ge=0, le=1)], ...]
Month = Annotated[int, Field(ge=1, le=12)]
Months = Annotated[float, Field(ge=0, le=120)]
"""Up to ten years, as `schemas_places.LONGEST_DELAY` says of a register."""
YearGroup = Annotated[int, Field(ge=NC_YEARS[0], le=NC_YEARS[-1])]
Chance = Annotated[float, Field(ge=0, le=1)]


class Opening(Dated):
    """Base of the levers that open places: when, how fast they fill, what building them costs."""

    month: Month = _SEPTEMBER
    """Month of that academic year in which the places open, 9 being September. From 2 to 8 they count first in the
    January after."""
    ramp: Ramp = ()
    """Share of the places open in the first, second, ... year; as data/reference/projects.csv says of such a project if
    left out."""
    delay: Months | None = None
    """Months that the opening is expected to be late, as likely more as less; 0 is on time for certain. As
    data/assumptions.yaml says of any planned school if left out."""
    capital: Pounds | None = None
    """Real pounds to build one place; the price list's if left out."""

    @property
    def opens(self) -> str:
        """Month of opening as the register writes it, such as "2027-09"."""
        return month_in(self.from_year, self.month)

    @property
    def first_january(self) -> int:
        """January at which the places are first counted, where they come on time."""
        return january_after(self.opens)

    def row(self, kind: str) -> dict[str, object]:
        """Cells of a new row of the register that all openings share.

        Parameters
        ----------
        kind : of project, whose ramp holds where none is given
        """
        return {
            "site": "",
            "serves": ALL,
            "lat": NAN,
            "lon": NAN,
            "taken_by_others": 0,
            "opens": self.opens,
            "closes": "",
            "probability": NAN,
            "delay": NAN if self.delay is None else self.delay,
            "ramp": written(self.ramp or usual_ramp(kind)),
            "source": f"scenario: {said_by(self)}",
        }

    def to_build(
        self, drivers: xr.Dataset, what: str, places: int | xr.DataArray, item: str, provision: str, price: Range | None
    ) -> tuple[Spending, ...]:
        """Capital for so many places, in the January at which they should first be counted; none in other years.

        It is spent when it is planned to be, however late the places come.

        Parameters
        ----------
        what : in words
        places : how many, in all futures or in each: (draw)
        item : of `costs.csv`, which prices a place where `price` does not
        provision : label of the area
        """
        years = drivers["year"].to_numpy()
        if self.first_january not in years or not xr.DataArray(places).any():
            return ()
        units = in_order(xr.DataArray(years == self.first_january, coords={"year": years}, dims="year") * places)
        paid = None if price is None else drawn(price, drivers, self.kind)
        code = meaning(drivers, provision)
        return (Spending(what, Payer.CAPITAL, units, paid, "" if price else item, "" if price else code),)


@cache
def usual_ramp(kind: str) -> tuple[float, ...]:
    """Share of the places of a kind of project open in its first, second, ... year, from what ships."""
    from forecast.inputs.reference_places import read_projects  # noqa: PLC0415 - pandera takes a second to import

    return read_projects()[kind].ramp


def appended(places: pd.DataFrame, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """`places` with rows at its end, assumed where all that it has are: then the area has no list of its own.

    Parameters
    ----------
    places : columns of `schemas_places.Places`
    rows : every column but `assumed`
    """
    assumed = bool(places["assumed"].all())
    new = pd.DataFrame([{**row, "assumed": assumed} for row in rows])
    return pd.concat([places, new[list(places.columns)].astype(places.dtypes.to_dict())], ignore_index=True)


def of_school(places: pd.DataFrame, school: str) -> pd.DataFrame:
    """Rows of a school, on all its sites.

    Raises
    ------
    UnknownLabel
        The register has no such school.
    """
    mine = places[places["school"] == school]
    if mine.empty:
        raise UnknownLabel("school", school, places["school"].unique().tolist())
    return mine


def opened(school: str) -> str:
    """What a lever that opens a school acts on, in words: one that expands it later acts on another thing."""
    return f"opening of places at {school}"


def is_built(drivers: xr.Dataset, school: str, site: str, chance: float | None) -> xr.DataArray:
    """Whether planned places are built, in the very futures in which the register has them built: (draw) or ().

    Parameters
    ----------
    drivers : for its draws, and for the run's seed in its attributes
    chance : 0 to 1; None is certain
    """
    if chance is None:
        return xr.DataArray(data=True)
    draws = drivers["draw"].to_numpy()
    number = int.from_bytes(sha256(f"{school}|{site}".encode()).digest()[:7], "big")
    luck = uniform(key(int(drivers.attrs["seed"]), number, draws), _BUILT)
    return xr.DataArray(luck < chance, coords={"draw": draws}, dims="draw")


def known_labels(
    drivers: xr.Dataset, districts: Iterable[str], needs: Iterable[str], provision: str, ages: tuple[int, int]
) -> None:
    """Refuse labels that the area does not have.

    Raises
    ------
    UnknownLabel
        One that it does not have; `all` is every one of them.
    """
    districts = [label for label in districts if label != ALL]
    where(drivers, district=districts, need=list(needs), provision=[provision], nc_year=list(ages))


def right_way_up(nc_from: int, nc_to: int) -> None:
    """Refuse a youngest year group above the oldest.

    Raises
    ------
    ValueError
        It is above.
    """
    if nc_from > nc_to:
        msg = f"the youngest year group, {nc_from}, is above the oldest, {nc_to}"
        raise ValueError(msg)


def meaning(drivers: xr.Dataset, provision: str) -> str:
    """Standard code that a label of `provision` stands for, or `own`.

    Raises
    ------
    UnknownLabel
        The area has no such kind of place.
    """
    means: Mapping[str, str] = drivers.attrs["means"]
    if provision not in means:
        raise UnknownLabel("kind of place", provision, means)
    return means[provision]


def month_in(january: int, month: int) -> str:
    """A month of the academic year of a January, such as "2027-09" of January 2028."""
    return f"{january - (month >= _SEPTEMBER)}-{month:02d}"


def summer_before(january: int) -> str:
    """The August in which the academic year before that of a January ends."""
    return f"{january - 1}-{_AUGUST:02d}"


def january_after(month: str) -> int:
    """First January at which what opens in a month, such as "2027-09", is counted."""
    return int(month[:4]) + (int(month[5:]) > _JANUARY)


def later(month: str, by: int) -> str:
    """The month so many months on."""
    at = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{at // 12}-{at % 12 + 1:02d}"


def written(shares: Iterable[float]) -> str:
    """Shares as the register writes a ramp."""
    return ";".join(f"{share:.10g}" for share in shares)


def said_by(lever: Dated) -> str:
    """What a lever's settings rest on, in words."""
    return "; ".join(dict.fromkeys(said.source for said in lever.evidence)) or "no evidence given"


class NotPossible(ForecastError):
    """What a lever would do to a school cannot be done to it."""

    def __init__(self, school: str, what: str, why: str, remedy: str) -> None:
        super().__init__(f"{school} cannot {what}: {why}; {remedy}.")
