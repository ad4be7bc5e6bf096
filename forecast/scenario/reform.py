"""Plans reviewed when a child changes school, some of which end: a lever on leaving and on moves."""

from typing import Annotated, Final, Literal, Self

import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import NC_YEARS, Provision
from forecast.errors import ForecastError
from forecast.model.cohort import LAYOUT, laid_out, roll
from forecast.model.control import of_whole_area
from forecast.model.raking import Array
from forecast.scenario.changes import AcademicYear, Dated, in_order

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

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if not 0 <= self.until - self.from_year < LONGEST:
            msg = f"a review lasts one to {LONGEST} school years"
            raise ValueError(msg)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Raise leaving at the year groups of a review, in its years, for children in no place that keeps its plan.

        Raises
        ------
        TooFewReviewed
            Were every plan reviewed to end, it would still be fewer than `share` of all.
        """
        years = [int(year) for year in drivers["year"].to_numpy() if self.from_year <= year <= self.until]
        if not years or self.share == 0:
            return drivers
        kept = labels_that_mean(drivers, self.keeps)
        reviewed = ~drivers["provision"].isin(kept) & drivers["nc_year"].isin(self.year_groups)
        to_kept, row = drivers["move"].sel(to=kept).sum("to"), drivers["move"].sum("to")
        could_end = reviewed * (row - to_kept)
        acts = drivers["year"].isin(years)
        ends = xr.where(acts, could_end * self._chance(drivers, years, could_end), 0.0)
        rest = (row - to_kept / (1 - ends)) / (row - to_kept).where(could_end > 0, 1.0)
        moved = drivers["move"] * xr.where(drivers["to"].isin(kept), 1 / (1 - ends), rest)
        return drivers.assign(
            leave=in_order(drivers["leave"] + (1 - drivers["leave"]) * ends),
            move=in_order(moved.where(ends > 0, drivers["move"])),
        )

    def _chance(self, drivers: xr.Dataset, years: list[int], could_end: xr.DataArray) -> float:
        """Chance that a plan reviewed ends, for `share` of all those held at first to have ended by the last year.

        Where the forecast ends before the review does, for as much of `share` as falls into its years.

        Parameters
        ----------
        could_end : (need, nc_year, provision), perhaps by year
            Share of the children kept who keep their plan only by this review.
        """
        before = of_whole_area(drivers)
        nobody_new = {
            name: before[name].where(before["year"] < self.from_year, 0.0) for name in ("start_rate", "arrive")
        }
        ending = laid_out((could_end * (1 - before["leave"])).broadcast_like(before["year"]), ("year", *LAYOUT))
        held = laid_out(before["stock"], LAYOUT)
        plans = reviewed = 0.0
        for at, done in enumerate(roll(before.assign(nobody_new))):
            if done.year == years[0]:
                plans = _in_all(held)
            if done.year in years:
                reviewed += _in_all(held * ending[at])
            held = done.pupils
        wanted = self.share * plans * len(years) / (self.until - self.from_year + 1)
        if wanted > reviewed:
            raise TooFewReviewed(reviewed / plans, self.share)
        return float(wanted / reviewed) if wanted else 0.0


def labels_that_mean(drivers: xr.Dataset, meanings: tuple[Provision, ...]) -> list[str]:
    """Labels of `provision` that stand for one of `meanings`, by the area's own account."""
    wanted = set(meanings)
    return [label for label, meaning in drivers.attrs["means"].items() if meaning in wanted]


def _in_all(children: Array) -> float:
    """Children of the whole area, in the mean of draws, from `cohort.LAYOUT`."""
    return float(children.sum(axis=(0, 1, 3, 4)).mean())


class TooFewReviewed(ForecastError):
    """A review that cannot end as many plans as its scenario says."""

    def __init__(self, reviewed: float, share: float) -> None:
        super().__init__(
            f"The plans reviewed come to {reviewed:.1%} of all, so {share:.1%} of all cannot end by review; "
            "write a smaller share, more year groups or more years."
        )
