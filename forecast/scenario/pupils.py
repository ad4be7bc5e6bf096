"""The share of pupils with a plan, made to follow a path: a lever on first plans and where they are placed."""

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import NC_YEARS, Provision
from forecast.model.cohort import LAYOUT, Year, laid_out, roll
from forecast.model.control import of_whole_area
from forecast.model.raking import Array
from forecast.scenario.changes import AcademicYear, Dated, in_order
from forecast.scenario.reform import labels_that_mean

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
        if not (drivers["year"] >= self.from_year).any():
            return drivers
        last = labels_that_mean(drivers, self.last)
        return with_starts_scaled(drivers, self.multiples(drivers), last)

    def multiples(self, drivers: xr.Dataset) -> xr.Dataset:
        """Multiples of first plans placed in `last` and elsewhere (`first`), each (year): 1 before `from_year`."""
        area, last = of_whole_area(drivers), labels_that_mean(drivers, self.last)
        found, pupils = [], None
        level = _share(laid_out(area["stock"], LAYOUT), area["population_now"])
        for at, year in enumerate(area["year"].to_numpy().tolist()):
            one = area.isel(year=[at])
            people = one["population"].sel(year=year, drop=True)
            multiples = _multiples(year, 1.0, 1.0)
            done = next(roll(one, pupils=pupils))
            if year >= self.from_year:
                before = max(self.from_year, int(drivers["year"].to_numpy()[0])) - 1
                wanted = level * self.at(year) / self.at(before) * _of_school_age(people)
                multiples = _multiples(year, *_solved(done, one["start_mix"], last, wanted))
                done = next(roll(with_starts_scaled(one, multiples, last), pupils=pupils))
            else:
                level = _share(done.pupils, people)
            pupils = done.pupils
            found.append(multiples)
        return xr.concat(found, "year", join="exact")

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


def _multiples(year: int, first: float, last: float) -> xr.Dataset:
    return xr.Dataset({FIRST: ("year", [first]), LAST: ("year", [last])}, coords={"year": [year]})


def _solved(done: Year, start_mix: xr.DataArray, last: list[str], wanted: float) -> tuple[float, float]:
    """Multiples of first plans, those that give way first and last, that leave `wanted` children of school age.

    Parameters
    ----------
    done : the year as it is with multiples of 1
    start_mix : (need, nc_year, provision), with or without the `year` of `done`
    """
    mix = start_mix.isel(year=0, drop=True) if "year" in start_mix.dims else start_mix
    share = laid_out(mix.sel(provision=last).sum("provision"), LAYOUT[:-1])
    draws = done.pupils.shape[2]
    of_last = float((done.starts * share)[:, SCHOOL_AGES].sum()) / draws
    of_first = float(done.starts[:, SCHOOL_AGES].sum()) / draws - of_last
    starts = wanted - float(done.pupils[:, SCHOOL_AGES].sum()) / draws + of_first + of_last
    left = LEAST * of_first
    if starts >= left + of_last:
        return (starts - of_last) / of_first if of_first > 0 else 1.0, 1.0
    return LEAST, max((starts - left) / of_last, 0.0)


def _share(pupils: Array, people: xr.DataArray) -> float:
    """Children of school age with a plan per resident of that age, in the mean of draws.

    Parameters
    ----------
    pupils : `cohort.LAYOUT`
    people : (district, nc_year)
    """
    return float(pupils[:, SCHOOL_AGES].sum()) / pupils.shape[2] / _of_school_age(people)


def _of_school_age(people: xr.DataArray) -> float:
    """Residents of school age in the whole area, from (district, nc_year); in the mean of draws, if by draw."""
    return float(people.isel(nc_year=SCHOOL_AGES).sum([axis for axis in people.dims if axis != "draw"]).mean())
