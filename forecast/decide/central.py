"""The central path: one future without luck, whose children are the mean of all futures' children.

A mean of chances would not give it: where few children are left who could start a plan, each of those starts one more
often, so that the mean of both is more first plans than there are in any future. So every chance of the central path
is a mean that counts each future by the children whom the chance meets there:

    chance of leaving         = plans that end / children of the January before          of the mean of the futures
    chance of each move       = children who make it / children who keep their plan
    placement of first plans  = first plans placed there / first plans
    chance of a first plan    = first plans / room for them, on the central path itself

Control's factors on entrants are in these chances already. Without levers the path's children are those of
`Projection.expected`, cell by cell; with them they differ a little where a lever meets futures unlike one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.model.chunks import over_draws
from forecast.model.cohort import Year, beginning, roll
from forecast.model.control import of_whole_area
from forecast.model.fixed import LEAST_ROOM, fixed
from forecast.model.layout import laid_out
from forecast.model.raking import Array
from forecast.scenario.dated import in_order

UNSTEERED: Final = "start_mix_unsteered"
"""Variable of the central path: placement of first plans as it was before any factor on entrants."""
_BY_YEAR: Final = ("year", "need", "nc_year", "district")


def central(drivers: xr.Dataset) -> xr.Dataset:
    """The central path as drivers of one draw, whose label is 0.

    Parameters
    ----------
    drivers : see `forecast.model.drivers`; before any lever
    """
    whole = of_whole_area(drivers)
    sums = over_draws(whole, _flows)
    flows = _Flows(
        *(sum(parts[1:], parts[0]) / drivers.sizes["draw"] for parts in zip(*map(_parts, sums), strict=True))
    )
    return _one_future(drivers).assign(_chances(whole, flows))


@dataclass(frozen=True, eq=False)
class _Flows:
    """Children of each year, without luck: summed over draws, or their mean; `district` has length 1 if added up."""

    before: Array
    """Of the January before: (year, need, nc_year, district, provision)."""
    goes: Array
    """Of those, who keep their plan, by where they go: (year, need, nc_year, district, provision, to)."""
    starts: Array
    """First plans, by where they are placed: (year, need, nc_year, district, provision)."""


def _parts(flows: _Flows) -> tuple[Array, Array, Array]:
    return flows.before, flows.goes, flows.starts


def _flows(drivers: xr.Dataset) -> _Flows:
    """Flows of a chunk of draws, summed over them."""
    given = fixed(drivers)
    held, years = beginning(given), []
    for year in roll(drivers):
        placed = (year.starts[..., None] * year.placed).sum(axis=2)
        years.append((held.sum(axis=2), _goes(held * year.rates.kept, year, given.steered), placed))
        held = year.pupils
    return _Flows(*(np.stack(each) for each in zip(*years, strict=True)))


def _goes(kept: Array, year: Year, steered: Sequence[int]) -> Array:
    """Children who keep their plan, by where they go, summed over draws: (need, nc_year, district, provision, to).

    Parameters
    ----------
    kept : `cohort.LAYOUT`
    """
    share, part = year.taken
    acting = kept if part is None else kept * part
    everybody = kept.sum(axis=2)
    into = np.matmul(acting.transpose(0, 1, 3, 4, 2), (year.entrants - 1).transpose(0, 1, 3, 2, 4))
    met = np.repeat((kept * (1 - share)).sum(axis=2)[..., None], kept.shape[-1], axis=-1)
    met[..., list(steered)] = everybody[..., None] + into
    for stays in steered:
        met[..., stays, stays] = everybody[..., stays]
    return np.asarray(met * year.rates.rows.move)


def _one_future(drivers: xr.Dataset) -> xr.Dataset:
    """`drivers` with the mean of all draws in the place of each: what no chance of `_chances` says."""
    means = {
        name: array.mean("draw").expand_dims(draw=[0]).transpose(*array.dims)
        for name, array in drivers.items()
        if "draw" in array.dims
    }
    one = drivers.isel(draw=[0]).assign_coords(draw=[0]).assign(means)
    return one.assign({"entrants": xr.ones_like(one["entrants"]), UNSTEERED: drivers["start_mix"]})


def _chances(drivers: xr.Dataset, flows: _Flows) -> dict[str, xr.DataArray]:
    """Chances of the central path; where there is nobody whom one could meet, it is what the drivers say.

    Parameters
    ----------
    drivers : the districts added up, where their rates are the same
    """
    kept, starts = flows.goes.sum(axis=-1), flows.starts.sum(axis=-1)
    here, there = ("provision",), ("provision", "to")
    found = {
        "leave": (1 - _over(kept, flows.before, 1 - _mean(drivers["leave"], (*_BY_YEAR, *here))), here),
        "move": (_over(flows.goes, kept[..., None], _mean(drivers["move"], (*_BY_YEAR, *there))), there),
        "start_mix": (_over(flows.starts, starts[..., None], _mean(drivers["start_mix"], (*_BY_YEAR, *here))), here),
        "start_rate": (_over(starts, _room(drivers, kept), np.zeros_like(starts)), ()),
    }
    return {name: _labelled(drivers, name, values, axes) for name, (values, axes) in found.items()}


def _over(some: Array, all_of: Array, otherwise: Array) -> Array:
    """`some` / `all_of`; `otherwise` where there is nobody."""
    out = np.broadcast_to(otherwise, some.shape).copy()
    return np.asarray(np.divide(some, all_of, out=out, where=np.broadcast_to(all_of > 0, some.shape)))


def _room(drivers: xr.Dataset, kept: Array) -> Array:
    """Residents of the central path who could still start a plan: (year, 1, nc_year, district).

    Parameters
    ----------
    kept : (year, need, nc_year, district, provision)
        At the year group of the January before.
    """
    people = _mean(drivers["population"], ("year", "nc_year", "district"))
    ceiling = _mean(drivers["ceiling"], ("year", "nc_year", "district"))
    carried = _mean(drivers["arrive"].sum(["need", "provision"]), ("year", "nc_year", "district"))
    carried[:, 1:] += kept.sum(axis=(1, 4))[:, :-1]
    return np.maximum(ceiling * people - carried, LEAST_ROOM * people)[:, None]


def _mean(array: xr.DataArray, axes: tuple[str, ...]) -> Array:
    """Values in the mean of draws, on `axes`, absent ones with length 1."""
    return laid_out(array.mean("draw") if "draw" in array.dims else array, axes)


def _labelled(drivers: xr.Dataset, name: str, values: Array, more: tuple[str, ...]) -> xr.DataArray:
    """A chance of the central path with its labels; by district where the drivers are, and by draw likewise."""
    axes = (*_BY_YEAR, *more)
    apart = "district" in drivers["stock"].dims
    labels = {axis: drivers[axis].to_numpy() for axis in axes if apart or axis != "district"}
    held = xr.DataArray(values if apart else values[:, :, :, 0], coords=labels, dims=tuple(labels))
    return in_order(held.expand_dims(draw=[0]) if "draw" in drivers[name].dims else held)
