"""Plans reviewed when a child changes school, some of which end: a lever on leaving and on moves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import NC_YEARS, Provision
from forecast.errors import ForecastError
from forecast.model.chunks import over_draws
from forecast.model.cohort import beginning, moved, started
from forecast.model.control import of_whole_area
from forecast.model.fixed import fixed
from forecast.model.layout import LAYOUT, laid_out
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated, in_order
from forecast.scenario.leaving import LEAVING
from forecast.scenario.reach import WHOLE
from forecast.scenario.written import AcademicYear, Share

LONGEST: Final = 5
"""School years that a review may last: after more, some children would meet it twice."""
SPECIAL_SCHOOLS: Final = (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED, Provision.INDEPENDENT)
"""Special schools of every kind."""
Kept = tuple[Provision, ...]
YearGroup = Annotated[int, Field(ge=NC_YEARS[0], lt=NC_YEARS[-1])]


class ReviewPlans(Dated):
    """Plans are looked at again when a child changes school, and some of them end in a plan of another kind."""

    kind: Literal["review_plans"] = "review_plans"
    until: AcademicYear
    """Last academic year in which it acts; at most five."""
    share: Annotated[float, Field(ge=0, le=1)]
    """Share of all the plans of the January before `from` that are to end this way by January of `until`."""
    year_groups: Annotated[tuple[YearGroup, ...], Field(min_length=1)] = (-1, 6, 11)
    """Year groups that children leave at a review: -1 is the year before Reception, 6 is Year 6, 11 is Year 11."""
    keeps: Kept = SPECIAL_SCHOOLS
    """Kinds of place whose children keep their plan, as do children who would move to one of them that summer."""

    pass_through: Share = WHOLE
    """How much of this reaches the area: so much of `share` ends by review; 1 if left out, 0 changes nothing. Of a
    range only the value counts: how many end is solved on the mean of the futures, and is the same chance in all."""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if not 0 <= self.until - self.from_year < LONGEST:
            msg = f"a review lasts one to {LONGEST} school years"
            raise ValueError(msg)
        return self

    @property
    def ends(self) -> float:
        """Share of all the plans that are to end this way in the area."""
        return self.share * self.pass_through.value

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Raise leaving at the year groups of a review, in its years, for children in no place that keeps its plan.

        Raises
        ------
        TooFewReviewed
            Were every plan reviewed to end, it would still be fewer than `ends` of all.
        """
        years = [int(year) for year in drivers["year"].to_numpy() if self.from_year <= year <= self.until]
        if not years or self.ends == 0:
            return drivers
        kept = labels_that_mean(drivers, self.keeps)
        ages = [age for age in drivers["nc_year"].to_numpy().tolist() if age in self.year_groups]
        move, leave = (_of(drivers[name], years, ages) for name in ("move", "leave"))
        to_kept, row = move.sel(to=kept).sum("to"), move.sum("to")
        could_end = ~drivers["provision"].isin(kept) * (row - to_kept)
        could_end = could_end if "year" in could_end.dims else could_end.expand_dims(year=years)
        ends = could_end * self._chance(drivers, could_end)
        rest = (row - to_kept / (1 - ends)) / (row - to_kept).where(could_end > 0, 1.0)
        moved = move * xr.where(drivers["to"].isin(kept), 1 / (1 - ends), rest)
        return drivers.assign(
            leave=_where(drivers["leave"], drivers["year"], leave + (1 - leave) * ends),
            move=_where(drivers["move"], drivers["year"], moved.where(ends > 0, move)),
        )

    def _chance(self, drivers: xr.Dataset, could_end: xr.DataArray) -> float:
        """Chance that a plan reviewed ends, for `ends` of all those held at first to have ended by the last year.

        Where the forecast ends before the review does, for as much of `ends` as falls into its years.

        Parameters
        ----------
        could_end : (year, need, nc_year, provision), of the years and year groups that a review is in
            Share of the children kept who keep their plan only by this review.
        """
        years = could_end["year"].to_numpy().tolist()
        until = of_whole_area(drivers).sel(year=slice(None, years[-1]))
        plans, reviewed = np.sum(over_draws(until, lambda chunk: _reviewed(chunk, could_end)), axis=0).tolist()
        wanted = self.ends * plans * len(years) / (self.until - self.from_year + 1)
        if wanted > reviewed:
            raise TooFewReviewed(reviewed / plans, self.ends)
        return float(wanted / reviewed) if wanted else 0.0

    def claims(self) -> tuple[Claim, ...]:
        """The chance that a plan ends, at the year groups of a review."""
        cells = {"nc_year": frozenset(map(str, self.year_groups))}
        return (Claim(LEAVING, How.VALUE, self.from_year, self.until, cells),)


def labels_that_mean(drivers: xr.Dataset, meanings: tuple[Provision, ...]) -> list[str]:
    """Labels of `provision` that stand for one of `meanings`, by the area's own account."""
    wanted = set(meanings)
    return [label for label, meaning in drivers.attrs["means"].items() if meaning in wanted]


def _reviewed(drivers: xr.Dataset, could_end: xr.DataArray) -> tuple[float, float]:
    """Plans held in the January before a review, and those of them that it could end in all its years: sums over draws.

    Parameters
    ----------
    could_end : see `ReviewPlans._chance`
    """
    given, ages = fixed(drivers), could_end["nc_year"].to_numpy().tolist()
    leave = _of(drivers["leave"], could_end["year"].to_numpy().tolist(), ages)
    ending = laid_out(could_end * (1 - leave), ("year", *LAYOUT))
    first = len(given.years) - len(ending)
    held = beginning(given)
    for at in range(first):
        held = started(moved(given, held, at), given.steered).pupils
    plans, reviewed = held.sum(), 0.0
    nobody_new, reviews = replace(given, arrive=np.zeros_like(given.arrive)), np.isin(drivers["nc_year"], ages)
    for at, share in enumerate(ending, first):
        held = held if at == first else moved(nobody_new, held, at - 1).pupils
        reviewed += (held[:, reviews] * share).sum()
    return float(plans), float(reviewed)


def _of(rates: xr.DataArray, years: Sequence[int], ages: Sequence[int]) -> xr.DataArray:
    """`rates` of these year groups, and of these years where they differ by year."""
    return rates.sel({"nc_year": ages} | ({"year": years} if "year" in rates.dims else {}))


def _where(before: xr.DataArray, years: xr.DataArray, now: xr.DataArray) -> xr.DataArray:
    """`before` by year, but `now` in the years and year groups that this has."""
    out = in_order(before if "year" in before.dims else before.expand_dims(year=years.to_numpy())).copy()
    out.loc[{axis: now[axis] for axis in ("year", "nc_year")}] = in_order(now)
    return out


class TooFewReviewed(ForecastError):
    """A review that cannot end as many plans as its scenario says."""

    def __init__(self, reviewed: float, share: float) -> None:
        super().__init__(
            f"The plans reviewed come to {reviewed:.1%} of all, so {share:.1%} of all cannot end by review; "
            "write a smaller share, more year groups or more years."
        )
