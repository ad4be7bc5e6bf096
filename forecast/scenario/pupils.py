"""The share of pupils with a plan, made to follow a path: a lever on first plans and where they are placed."""

from functools import partial
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field, model_validator

from forecast.domain import NC_YEARS, Provision
from forecast.model.chunks import at_once, over_draws
from forecast.model.cohort import Moved, beginning, moved, started, within
from forecast.model.control import of_whole_area
from forecast.model.fixed import Fixed, fixed
from forecast.model.raking import Array
from forecast.scenario.changes import STARTS
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated, in_order
from forecast.scenario.reach import WHOLE
from forecast.scenario.reform import labels_that_mean
from forecast.scenario.written import AcademicYear, Share

SCHOOL_AGES: Final = slice(NC_YEARS.index(0), NC_YEARS.index(11) + 1)
"""Positions of Reception to Year 11: the ages at which nearly every resident is a pupil."""
FIRST, LAST = "first", "last"
"""First plans that give way first, and those that do only when hardly any of the others are left."""
LEAST: Final = 0.05
"""Share of the first plans that give way first which is always left, so that control can still place the others."""


class ShareOfPupils(Dated):
    """The share of children of school age with a plan follows a path, by more or fewer first plans."""

    kind: Literal["share_of_pupils"] = "share_of_pupils"
    path: Annotated[dict[AcademicYear, Annotated[float, Field(gt=0)]], Field(min_length=2)]
    """Academic year -> share. Only proportions count: the area keeps its own level of the year before `from`, moves as
    the path does from then on, evenly between the years given, and keeps its share after the last."""
    last: tuple[Provision, ...] = (Provision.SPECIAL, Provision.INDEPENDENT, Provision.BASE)
    """Kinds of place that lose first plans last: as many are placed there as before, until hardly any are elsewhere."""
    pass_through: Share = WHOLE
    """How much of this reaches the area: its share of children with a plan goes so much of the way from where it would
    have gone to the path; 1 if left out, 0 changes nothing. Of a range only the value counts: the path is solved on the
    mean of the futures."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        years = list(self.path)
        if any(later <= year for year, later in pairwise(years)):
            msg = "the years of a path stand in order"
            raise ValueError(msg)
        if years[0] >= self.from_year:
            msg = "a path begins before the year from which it acts"
            raise ValueError(msg)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Scale first plans, year by year, as the path asks.

        The multiples are solved on the mean of all draws, and are the same for all draws, needs and ages, so that the
        spread between draws stays. Where even `LEAST` of them leaves the share above the path, there it stays.
        """
        if self.pass_through.value == 0 or not (drivers["year"] >= self.from_year).any():
            return drivers
        last = labels_that_mean(drivers, self.last)
        return with_starts_scaled(drivers, self.multiples(drivers), last)

    def multiples(self, drivers: xr.Dataset) -> xr.Dataset:
        """Multiples of first plans placed in `last` and elsewhere (`first`), each (year): 1 before `from_year`."""
        area = of_whole_area(drivers)
        is_last = area["provision"].isin(labels_that_mean(drivers, self.last)).to_numpy()
        years, people = area["year"].to_numpy().tolist(), _of_school_age(area["population"])
        young = area.isel(nc_year=slice(SCHOOL_AGES.stop))  # those who are older never come back to school age
        given = over_draws(young, fixed)
        pupils = [beginning(some) for some in given]
        draws = sum(held.shape[2] for held in pupils)
        level = sum(map(_of_school_age_in, pupils)) / draws / _of_school_age(area["population_now"]).item()
        before, found = max(self.from_year, years[0]) - 1, np.ones((2, len(years)))
        part = self.pass_through.value
        otherwise = _otherwise(given) / draws if part < 1 else np.zeros(len(years))
        for at, year in enumerate(years):
            on_the_way = at_once([*zip(given, pupils, strict=True)], partial(_carried_on, at=at))
            sums = sum(_sums(some, is_last) for some in on_the_way) / draws
            if year < self.from_year:
                level = sums[0] / people[at]
            else:
                wanted = level * self.at(year) / self.at(before) * people[at]
                found[:, at] = _solved(sums, wanted if part == 1 else part * wanted + (1 - part) * otherwise[at])
            by = np.where(is_last, found[1, at], found[0, at])
            pupils = at_once(on_the_way, partial(_begun, steered=given[0].steered, by=by))
        return xr.Dataset({FIRST: ("year", found[0]), LAST: ("year", found[1])}, coords={"year": years})

    def claims(self) -> tuple[Claim, ...]:
        """The chance of a first plan, which is whatever the path needs."""
        return (Claim(STARTS, How.VALUE, self.from_year),)

    def at(self, year: int) -> float:
        """The path in January `year`."""
        return float(np.interp(year, list(self.path), list(self.path.values())))


def with_starts_scaled(drivers: xr.Dataset, multiples: xr.Dataset, last: list[str]) -> xr.Dataset:
    """`drivers` with first plans multiplied, wherever the place is one of `last` and wherever it is not.

    Parameters
    ----------
    multiples : `first` and `last`, each (year)
    last : labels of `provision`
    """
    rate, mix = drivers["start_rate"], drivers["start_mix"]
    scaled = mix * xr.where(mix["provision"].isin(last), multiples[LAST], multiples[FIRST])
    total = scaled.sum("provision")
    moved = (multiples[FIRST] != 1) | (multiples[LAST] != 1)
    return drivers.assign(
        start_rate=in_order(rate * xr.where(moved, total, 1.0)),
        start_mix=in_order(xr.where(moved & (total > 0), scaled / total.where(total > 0, 1.0), mix)),
    )


def _otherwise(given: list[Fixed]) -> Array:
    """Children of school age with a plan if first plans are left alone, summed over draws: (year)."""
    pupils, found = [beginning(some) for some in given], []
    for at in range(len(given[0].years)):
        on_the_way = at_once([*zip(given, pupils, strict=True)], partial(_carried_on, at=at))
        pupils = [started(some, given[0].steered).pupils for some in on_the_way]
        found.append(sum(map(_of_school_age_in, pupils)))
    return np.array(found)


def _carried_on(some: tuple[Fixed, Array], at: int) -> Moved:
    """Some draws at the next January, but for its first plans.

    Parameters
    ----------
    some : their drivers, and their children now
    at : position of that January
    """
    given, pupils = some
    return moved(given, pupils, at)


def _sums(before: Moved, is_last: NDArray[np.bool_]) -> Array:
    """What `_solved` looks at, summed over draws.

    Parameters
    ----------
    is_last : (provision)
        Whether first plans there give way last.
    """
    starts = within(before.room, before.starts)[:, SCHOOL_AGES]
    mix = before.rates.start_mix[:, SCHOOL_AGES]
    begun, last = starts * mix.sum(axis=4), starts * mix[..., is_last].sum(axis=4)
    return np.array([_of_school_age_in(before.pupils) + begun.sum(), starts.sum(), last.sum()])


def _begun(before: Moved, steered: tuple[int, ...], by: Array) -> Array:
    """Children once first plans, multiplied, are made: `cohort.LAYOUT`.

    Parameters
    ----------
    by : (provision)
    """
    mix = before.rates.start_mix
    if (by == 1).all():
        return started(before, steered).pupils
    scaled = mix * by
    total = scaled.sum(axis=4, keepdims=True)
    placed = np.where(total > 0, scaled / np.where(total > 0, total, 1.0), mix)
    return started(before, steered, before.starts * total[..., 0], placed).pupils


def _solved(sums: Array, wanted: float) -> tuple[float, float]:
    """Multiples of first plans, those that give way first and last, that leave `wanted` children of school age.

    Parameters
    ----------
    sums : with multiples of 1, children of school age, their first plans, and those of them that give way last
    """
    held, begun, of_last = sums
    of_first = begun - of_last
    starts, left = wanted - held + begun, LEAST * of_first
    if starts >= left + of_last:
        return (starts - of_last) / of_first if of_first > 0 else 1.0, 1.0
    return LEAST, max((starts - left) / of_last, 0.0)


def _of_school_age_in(pupils: Array) -> float:
    """Children of school age with a plan, from `cohort.LAYOUT`."""
    return float(pupils[:, SCHOOL_AGES].sum())


def _of_school_age(people: xr.DataArray) -> Array:
    """Residents of school age in the whole area, perhaps by year; in the mean of draws, if by draw."""
    counts = people.isel(nc_year=SCHOOL_AGES).sum([axis for axis in people.dims if axis not in {"draw", "year"}])
    return np.asarray(counts.mean("draw") if "draw" in counts.dims else counts)
