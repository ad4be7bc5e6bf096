"""Levers: what a policy may change, one small class each, acting on the drivers and on nothing else.

Those on first plans stand here, those of a reform of plans themselves in `reform`, and their union in `levers`.
A lever that has nothing to do, in the years of the drivers, gives back the very drivers it was given.
"""

import re
from typing import Annotated, Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from forecast.axes import ORDER
from forecast.domain import academic_year
from forecast.errors import ForecastError, UnknownLabel
from forecast.model.chunks import over_draws
from forecast.model.cohort import LEAST_ROOM, Year, roll
from forecast.model.raking import Array


def january(written: object) -> object:
    """January of an academic year written "2027/28"; anything else is left for the check that follows.

    Raises
    ------
    ValueError
        The two years do not follow one another.
    """
    if not isinstance(written, str) or not (parts := re.fullmatch(r"(\d{4})/(\d{2})", written.strip())):
        return written
    year = int(parts[1]) + 1
    if year % 100 != int(parts[2]):
        msg = f"{written} is no academic year; write it as {academic_year(year)}"
        raise ValueError(msg)
    return year


AcademicYear = Annotated[int, BeforeValidator(january), Field(ge=2010, le=2100)]
"""Written "2027/28"; held as its January, 2028."""


class Dated(BaseModel):
    """Base of every lever: dated, frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)
    from_year: AcademicYear = Field(alias="from")
    """First academic year in which it acts, such as 2027/28."""


def in_order(array: xr.DataArray) -> xr.DataArray:
    """`array` with its axes as in `axes.ORDER`."""
    return array.transpose(*(axis for axis in ORDER if axis in array.dims))


class ScaleStarts(Dated):
    """Fewer or more new plans, for example from earlier help in mainstream schools."""

    kind: Literal["scale_starts"] = "scale_starts"
    factor: Annotated[float, Field(ge=0, le=10)]
    """Chance of a first plan as a multiple of the baseline: 0.9 is ten per cent fewer new plans at first, and a little
    less than that later, as more children are left who could start one."""
    need: str | None = None
    """Only this need; every need if left out."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Scale new plans from `from_year` on.

        Raises
        ------
        UnknownLabel
            The area has no such need.
        """
        rate = drivers["start_rate"]
        acts = rate["year"] >= self.from_year
        if self.need is not None:
            known = rate["need"].to_numpy().tolist()
            if self.need not in known:
                raise UnknownLabel("need", self.need, known)
            acts = acts & (rate["need"] == self.need)
        return drivers.assign(start_rate=rate.where(~acts, rate * self.factor))


class HoldStarts(Dated):
    """New plans stop rising: the chance of a first plan stays where it was the year before."""

    kind: Literal["hold_starts"] = "hold_starts"

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Keep each draw's chances of the year before `from_year`, at each age and need.

        Raises
        ------
        NothingToHold
            The year before is the latest census or earlier, of which the drivers have no chances.
        """
        rate = drivers["start_rate"]
        years = rate["year"]
        if not (years >= self.from_year).any():
            return drivers
        first = int(years.to_numpy()[0])
        if self.from_year <= first:
            raise NothingToHold(self.from_year, first)
        held = rate.sel(year=self.from_year - 1, drop=True)
        return drivers.assign(start_rate=in_order(rate.where(years < self.from_year, held)))


class LowerCeiling(Dated):
    """A lower limit to the share of children who ever hold a plan, so that the rise slows as the limit comes near."""

    kind: Literal["lower_ceiling"] = "lower_ceiling"
    share: Annotated[float, Field(gt=LEAST_ROOM, lt=1)]
    """Largest share of the children of one age who could ever hold a plan, in draws whose own limit is higher."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Lower the ceiling from `from_year` on, and scale the chances to it.

        In a draw and age the chance is of a child who could still start a plan. With fewer of those it is raised until
        new plans of `from_year` itself are as they were, so that what changes is how soon growth ends.
        """
        own, years = drivers["ceiling"], drivers["year"]
        acts = years >= self.from_year
        if not acts.any() or not (own > self.share).any():
            return drivers
        ceiling = in_order(xr.where(acts & (own > self.share), self.share, own))
        was = own.broadcast_like(years)
        first = years[acts][0]
        people = drivers["population"].sel(year=first, drop=True)
        carried = _carried(drivers, int(first))
        before, after = (
            (limit * people - carried).clip(min=LEAST_ROOM * people).sum("district")
            for limit in (was.sel(year=first, drop=True), ceiling.sel(year=first, drop=True))
        )
        raised = xr.where(acts & (after > 0), before / after.where(after > 0, 1.0), 1.0)
        return drivers.assign(ceiling=ceiling, start_rate=in_order(drivers["start_rate"] * raised))


def _carried(drivers: xr.Dataset, year: int) -> xr.DataArray:
    """Children who hold a plan in January `year` without its starts: (draw, district, nc_year)."""
    until = drivers.sel(year=slice(None, year))
    held = np.concatenate(over_draws(until, lambda chunk: _before_starts([*roll(chunk)][-1])), axis=1)
    axes = {name: drivers[name].to_numpy() for name in ("nc_year", "draw", "district")}
    return in_order(xr.DataArray(held, coords=axes, dims=tuple(axes)))


def _before_starts(done: Year) -> Array:
    """Children of a year but those who start in it: (nc_year, draw, district)."""
    return np.asarray(done.pupils.sum(axis=(0, 4)) - done.starts.sum(axis=0))


class NothingToHold(ForecastError):
    """A lever that keeps last year's chances, where last year is no forecast."""

    def __init__(self, year: int, first: int) -> None:
        super().__init__(
            f"New plans cannot be held from {academic_year(year)} at the level of the year before, which the forecast "
            f"does not hold; hold them from {academic_year(first + 1)} or later."
        )
