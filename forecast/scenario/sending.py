"""What levers that send children to another kind of place share: the shifts they make, and support that follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import NC_YEARS, academic_year
from forecast.model.shifts import Way, with_shift
from forecast.scenario.dated import Lever, where
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.staying import still_there

PLACEMENT: Final = "where children are placed"
"""What levers that send children elsewhere act on, in words."""
FEWEST_IN_A_RUN: Final = 3
"""Year groups that follow one another are named by the first and the last from so many on."""


@dataclass(frozen=True, eq=False)
class Sending:
    """A share of the children who would come to one kind of place, sent to another: one shift of the drivers."""

    name: str
    """Of the shift, unlike any other's."""
    ends: tuple[str, str]
    """Labels of `provision`: where the children would go, and where they go instead."""
    share: xr.DataArray
    """(draw, year), 0 to 1."""
    where: xr.DataArray
    """Any of district, need, nc_year; true where it acts."""
    ways: tuple[Way, ...]

    @property
    def moves(self) -> str:
        """From where to where: "special to mainstream"."""
        return " to ".join(self.ends)

    @property
    def acts(self) -> bool:
        """Whether it ever sends anybody."""
        return self.ends[0] != self.ends[1] and bool(self.share.max() > 0) and bool(self.where.any())


def sendings(
    lever: Lever,
    drivers: xr.Dataset,
    sources: Sequence[str],
    shares: Mapping[str, xr.DataArray],
    ways: Sequence[Way],
    year_groups: Sequence[int] = (),
) -> tuple[Sending, ...]:
    """What a lever sends, from each source to each goal, but for what sends nobody.

    Parameters
    ----------
    lever : for its dates, districts and needs
    sources : labels of `provision`
    shares : label of each goal -> share of those who would come to a source: (draw, year)
    ways : which children it meets
    year_groups : that they come to; every one where there are none

    Raises
    ------
    UnknownLabel
        The area has no such district, need or year group.
    """
    mine = where(drivers, district=lever.district, need=lever.need, nc_year=year_groups)
    said = said_of(lever, year_groups, ways)
    found = [
        Sending(f"{lever.kind.replace('_', ' ')}: {source} to {goal}, {said}", (source, goal), share, mine, tuple(ways))
        for source in sources
        for goal, share in shares.items()
    ]
    return tuple(sending for sending in found if sending.acts)


def said_of(lever: Lever, year_groups: Sequence[int], ways: Sequence[Way]) -> str:
    """Whom and when a lever meets: "first plans and moves, Year 7, Testwick, from 2027/28"."""
    when = f"from {academic_year(lever.from_year)}"
    until = f"until {academic_year(lever.until)}" if lever.until else ""
    met = " and ".join(_MET[way] for way in ways)
    return ", ".join(filter(None, (met, said_of_ages(year_groups), *lever.district, *lever.need, when, until)))


def said_of_ages(year_groups: Sequence[int]) -> str:
    """Year groups in words, runs of them by their first and last: "Reception to Year 6"; empty where there are none."""
    ages = sorted(set(year_groups))
    runs = np.split(ages, np.flatnonzero(np.diff(ages) > 1) + 1) if ages else []
    words = [
        [f"{_year_group(run[0])} to {_year_group(run[-1])}"]
        if len(run) >= FEWEST_IN_A_RUN
        else [_year_group(age) for age in run]
        for run in runs
    ]
    *others, last = [word for run in words for word in run] or [""]
    return " and ".join(filter(None, (", ".join(others), last)))


def _year_group(nc_year: int) -> str:
    return f"Year {nc_year}" if nc_year > 0 else "Reception" if nc_year == 0 else f"age {nc_year - NC_YEARS[0]}"


_MET: Final = {Way.STARTS: "first plans", Way.MOVERS: "moves", Way.STAYING: "children who stay"}


def sent(drivers: xr.Dataset, all_of: Iterable[Sending]) -> xr.Dataset:
    """`drivers` with every sending's shift; the very same where there are none."""
    for each in all_of:
        drivers = with_shift(drivers, each.name, each.ends, each.share, each.where, each.ways)
    return drivers


def paid_for_each_child(
    what: str, all_of: Iterable[Sending], drivers: xr.Dataset, pounds: xr.DataArray, lasts: int
) -> tuple[Spending, ...]:
    """Support of every child sent, from the high needs block, while it lasts: a line for each pair of ends.

    Parameters
    ----------
    what : in words
    pounds : a child and year: (draw)
    lasts : years, the first among them
    """
    if not bool((pounds > 0).any()):
        return ()
    one = one_each(drivers)
    return tuple(
        Spending(
            what,
            Payer.HIGH_NEEDS,
            one,
            pounds=pounds,
            shift=each.name,
            lasts=lasts,
            stays=still_there(drivers, each.ends, each.where, each.ways, lasts),
        )
        for each in all_of
    )


def one_each(drivers: xr.Dataset) -> xr.DataArray:
    """One unit for each child in every year: (year)."""
    years = drivers["year"].to_numpy()
    return xr.DataArray(np.ones(len(years)), coords={"year": years}, dims="year")
