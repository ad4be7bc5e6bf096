"""The causes of change that lie in the area itself, each switched on or off on the central path.

    on                                          off
    first plans                                 none is made
    change in the chance of a first plan        each chance stays as it is in the first year of the forecast
    change in the number of residents           as many of each age as at the latest census
    children who move in with a plan            none does
    plans that end                              none ends before a child is past the last year group
    moves between kinds of place                nobody changes; first plans are placed as they were at the latest
                                                census, before the forecast of published totals steers them

With all of them off, the children of the latest census only grow older. A lever is what it does to the drivers with
everything on: the multiple, share or number that it is then stays with it, whatever is off. So a lever on first plans
does nothing where none is made.
"""

from enum import StrEnum
from typing import Final

import numpy as np
import xarray as xr

from forecast.decide.central import UNSTEERED
from forecast.model.control import of_whole_area
from forecast.model.fixed import READ
from forecast.scenario.dated import in_order


class Cause(StrEnum):
    """A cause of change, by what tables and charts call it."""

    AGEING = "children with a plan grow older"
    """Not a switch: what is left with everything off."""
    STARTS = "first plans at today's chance"
    CHANCE = "change in the chance of a first plan"
    RESIDENTS = "change in the number of residents"
    ARRIVING = "children who move in with a plan"
    LEAVING = "plans that end"
    MOVES = "moves between kinds of place"


BY_DRAW: Final = (Cause.STARTS, Cause.CHANCE, Cause.RESIDENTS, Cause.ARRIVING, Cause.LEAVING)
"""Causes of which one dataset holds every coalition, each a draw; `Cause.MOVES` takes one dataset on and one off."""
SWITCHED: Final = (*BY_DRAW, Cause.MOVES)
"""Every cause that can be off."""


def switched(drivers: xr.Dataset, trend: xr.Dataset, *, moves: bool, apart: bool = False) -> xr.Dataset:
    """One draw for each coalition of `BY_DRAW`, cause `i` on where bit `i` of the draw's label is 1.

    Parameters
    ----------
    drivers : of one draw, any levers in them
    trend : the same without levers
    moves : whether children change provision
    apart : whether districts are kept apart where their rates are the same
    """
    draws = np.arange(1 << len(BY_DRAW))
    on = {
        cause: xr.DataArray(draws >> bit & 1 == 1, coords={"draw": draws}, dims="draw")
        for bit, cause in enumerate(BY_DRAW)
    }
    one, before = drivers[_used(drivers)].squeeze("draw", drop=True), trend.squeeze("draw", drop=True)
    if not moves:
        one = _nobody_moves(one, before)
    many, few = one, _residents_held(one, before)
    if not apart:
        many, few = of_whole_area(many), of_whole_area(few)
    rate = many["start_rate"] * xr.where(on[Cause.CHANCE], 1.0, _chance_held(before))
    arrive = xr.where(on[Cause.RESIDENTS], many["arrive"], few["arrive"])
    changed = {
        "start_rate": rate * on[Cause.STARTS],
        "population": xr.where(on[Cause.RESIDENTS], many["population"], few["population"]),
        "arrive": arrive * on[Cause.ARRIVING],
        "leave": many["leave"] * on[Cause.LEAVING],
    }
    made = many.assign({name: in_order(array) for name, array in changed.items()})
    return made.assign(shift_share=made["shift_share"].expand_dims(draw=draws)) if "shift_share" in made else made


def _used(drivers: xr.Dataset) -> list[str]:
    """Names of those variables that the roll looks at."""
    return [name for name in READ if name in drivers]


def _chance_held(trend: xr.Dataset) -> xr.DataArray:
    """What brings each chance of a first plan back to that of the first year: 1 in that year, and where it is 0."""
    rate = trend["start_rate"]
    return (rate.isel(year=0, drop=True) / rate.where(rate > 0)).fillna(1.0)


def _residents_held(drivers: xr.Dataset, trend: xr.Dataset) -> xr.Dataset:
    """`drivers` with the residents of the latest census in every year, and those whom levers add or take away.

    As many of them as ever move in with a plan, for each resident.
    """
    people, arrive = drivers["population"], drivers["arrive"]
    held = (people - trend["population"] + trend["population_now"]).clip(min=0)
    each = (held / people.where(people > 0)).fillna(1.0)
    return drivers.assign(population=in_order(held), arrive=in_order(arrive * each))


def _nobody_moves(drivers: xr.Dataset, trend: xr.Dataset) -> xr.Dataset:
    """`drivers` in which each child stays in its kind of place, and no factor steers where first plans are placed."""
    move = drivers["move"]
    move = move.isel(year=0, drop=True) if "year" in move.dims else move
    same = (move["provision"] == move["to"]).astype(float)
    return drivers.assign(
        move=same.broadcast_like(move).transpose(*move.dims), start_mix=_placed_as_before(drivers, trend)
    )


def _placed_as_before(drivers: xr.Dataset, trend: xr.Dataset) -> xr.DataArray:
    """Placement of first plans before any factor on entrants, with what levers make of it: as `start_mix`."""
    was, now, before = trend["start_mix"], drivers["start_mix"], trend[UNSTEERED]
    if now.identical(was):
        return before
    by_lever = before * (now / was.where(was > 0)).fillna(1.0)
    return in_order(by_lever / by_lever.sum("provision").where(lambda total: total > 0, 1.0))
