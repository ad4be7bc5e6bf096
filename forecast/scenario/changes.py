"""Levers: what a policy may change, one small class each, acting on the drivers and on nothing else.

Those on first plans stand here, those of a reform of plans themselves in `reform`, and their union in `levers`.
A lever that has nothing to do, in the years of the drivers, gives back the very drivers it was given.
"""

from typing import Annotated, Literal

import numpy as np
import xarray as xr
from pydantic import Field

from forecast.domain import academic_year
from forecast.errors import ForecastError
from forecast.model.chunks import over_draws
from forecast.model.cohort import Year, roll
from forecast.model.fixed import LEAST_ROOM
from forecast.model.raking import Array
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated, Lever, in_order, where
from forecast.scenario.reach import WHOLE, reaching
from forecast.scenario.written import Multiple, Share, YearGroups

STARTS = "chance of a first plan"
"""What levers on first plans act on, in words."""
CEILING = "largest share of children who ever hold a plan"
"""What a lower ceiling acts on, in words."""


class ScaleStarts(Lever):
    """Fewer or more new plans, for example from earlier help in mainstream schools."""

    kind: Literal["scale_starts"] = "scale_starts"
    factor: Multiple
    """Chance of a first plan as a multiple of the baseline: 0.9 is ten per cent fewer new plans at first, and a little
    less than that later, as more children are left who could start one."""
    year_groups: YearGroups = ()
    """Only these year groups at the January after the plan is made; every one if left out."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Scale new plans.

        Raises
        ------
        UnknownLabel
            The area has no such district or need.
        """
        mine = where(drivers, district=self.district, need=self.need, nc_year=self.year_groups)
        if self.factor.of(1) or not self.acts_in(drivers):
            return drivers
        rate = drivers["start_rate"]
        scaled = rate * self.multiple(self.factor, drivers)
        return drivers.assign(start_rate=in_order(xr.where(mine, scaled, rate)))

    def claims(self) -> tuple[Claim, ...]:
        """The chance of a first plan."""
        return (self.claim(STARTS, How.MULTIPLE, {"nc_year": tuple(map(str, self.year_groups))}),)


class HoldStarts(Dated):
    """New plans stop rising: the chance of a first plan stays where it was the year before."""

    kind: Literal["hold_starts"] = "hold_starts"
    pass_through: Share = WHOLE
    """How much of this reaches the area: the chance of a first plan goes so much of the way from what it would have
    been to that of the year before `from`, in each future by its own draw of the range; 1 if left out, 0 changes
    nothing."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Keep each draw's chances of the year before `from_year`, at each age and need.

        Raises
        ------
        NothingToHold
            The year before is the latest census or earlier, of which the drivers have no chances.
        """
        rate = drivers["start_rate"]
        years = rate["year"]
        if self.pass_through.of(0) or not (years >= self.from_year).any():
            return drivers
        first = int(years.to_numpy()[0])
        if self.from_year <= first:
            raise NothingToHold(self.from_year, first)
        held = rate.sel(year=self.from_year - 1, drop=True)
        if not self.pass_through.of(1):
            held = rate + (held - rate) * reaching(self.pass_through, drivers)
        return drivers.assign(start_rate=in_order(rate.where(years < self.from_year, held)))

    def claims(self) -> tuple[Claim, ...]:
        """The chance of a first plan, whatever else would have become of it."""
        return (Claim(STARTS, How.VALUE, self.from_year),)


class LowerCeiling(Dated):
    """A lower limit to the share of children who ever hold a plan, so that the rise slows as the limit comes near."""

    kind: Literal["lower_ceiling"] = "lower_ceiling"
    share: Annotated[float, Field(gt=LEAST_ROOM, lt=1)]
    """Largest share of the children of one age who could ever hold a plan, in draws whose own limit is higher."""
    pass_through: Share = WHOLE
    """How much of this reaches the area: each future's own limit comes so much of the way down to `share`, by its own
    draw of the range; 1 if left out, 0 changes nothing."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Lower the ceiling from `from_year` on, and scale the chances to it.

        In a draw and age the chance is of a child who could still start a plan. With fewer of those it is raised until
        new plans of `from_year` itself are as they were, so that what changes is how soon growth ends.
        """
        own, years = drivers["ceiling"], drivers["year"]
        acts = years >= self.from_year
        if self.pass_through.of(0) or not acts.any() or not (own > self.share).any():
            return drivers
        ceiling = in_order(xr.where(acts & (own > self.share), self._limit(own, drivers), own))
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

    def _limit(self, own: xr.DataArray, drivers: xr.Dataset) -> xr.DataArray | float:
        """What becomes of the limits that lie above `share`: as `own`, or one for all."""
        if self.pass_through.of(1):
            return self.share
        return own + (self.share - own) * reaching(self.pass_through, drivers)

    def claims(self) -> tuple[Claim, ...]:
        """The limit, and the chance of a first plan, which is raised by what other levers have made of it."""
        return (Claim(CEILING, How.VALUE, self.from_year), Claim(STARTS, How.VALUE, self.from_year))


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
