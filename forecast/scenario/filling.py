"""How large a share of the children who could join a kind of place must do so, year by year, to fill it to a number.

Each future is solved by itself, on its own children, so that every one of them has the same places filled. In a
year the children who join are proportional to the shares, so each year is a division, once the years before it stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.model.chunks import CHUNK, at_once
from forecast.model.cohort import Year, beginning, moved, started
from forecast.model.control import of_whole_area
from forecast.model.fixed import Fixed, fixed
from forecast.model.raking import Array
from forecast.model.shifts import Shift
from forecast.scenario.sending import Sending, sent

PROBE: Final = 1e-6
"""Share of the children who could join that is sent to count them: too few to disturb anything."""
AT_ONCE: Final = 100
"""Draws and districts solved together: fewer take longer, more than these are no faster."""
_BY_DISTRICT: Final = {"stock", "population", "population_now", "arrive"}
"""Variables of the drivers that have districts even where rates are the area's."""
_WANTED, _PART = "wanted", "part_of_first"


@dataclass(frozen=True, eq=False)
class Filled:
    """What fills the places."""

    shares: xr.DataArray
    """Of those who could join, by group: (draw, year, group)."""
    short: xr.DataArray
    """Children who are lacking even where all who could join do: (draw, year)."""


def probing(drivers: xr.Dataset) -> xr.DataArray:
    """`PROBE` in each future and year: (draw, year)."""
    coords = {axis: drivers[axis].to_numpy() for axis in ("draw", "year")}
    return xr.DataArray(np.full([len(labels) for labels in coords.values()], PROBE), coords=coords, dims=tuple(coords))


def of_some(drivers: xr.Dataset, districts: Sequence[str], oldest: int) -> xr.Dataset:
    """Drivers of some districts, or of all where none is named, without those too old ever to be in a place again.

    Districts are added up where nothing tells them apart, with what `of_whole_area` says of that: where almost all
    children of a district hold a plan, the number filled is a little off.

    Parameters
    ----------
    oldest : last year group that the places are for
    """
    some = drivers.sel(nc_year=slice(None, oldest))
    some = some.sel(district=list(districts)) if districts else some
    apart = any("district" in array.dims for name, array in some.items() if name not in _BY_DISTRICT)
    return some if apart else of_whole_area(some)


def filled(
    drivers: xr.Dataset, wanted: xr.DataArray, part: xr.DataArray, groups: Sequence[Sequence[Sending]]
) -> Filled:
    """Shares that bring so many more children to one kind of place than there would be without them.

    Those who grow too old for the places are not counted, nor are they moved out.

    Of the children lacking each year the first group gives its part, and the others the rest, each as far as it can
    before the next is asked. No child leaves for there being fewer wanted than before.

    Parameters
    ----------
    drivers : of the districts meant; see `of_some`
    wanted : more children at each January: (draw, year)
    part : of the first group: (draw)
    groups : those who could join, all to the same place, in each future and year a share `PROBE` of them
    """
    mine = [sending for group in groups for sending in group]
    probed = sent(drivers, mine)
    first = drivers.sizes.get("shift", 0)
    group_of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    given = probed.assign({_WANTED: wanted, _PART: part})
    size = max(AT_ONCE // drivers["stock"].sizes.get("district", 1), CHUNK)
    chunks = [given.isel(draw=slice(at, at + size)) for at in range(0, given.sizes["draw"], size)]
    done = at_once(chunks, partial(_solved, first=first, group_of=group_of))
    shares, short = (np.concatenate(parts) for parts in zip(*done, strict=True))
    coords = {axis: drivers[axis].to_numpy() for axis in ("draw", "year")}
    of_groups = coords | {"group": np.arange(len(groups))}
    return Filled(
        xr.DataArray(shares, coords=of_groups, dims=tuple(of_groups)),
        xr.DataArray(short, coords=coords, dims=tuple(coords)),
    )


@dataclass(frozen=True, eq=False)
class _Year:
    """What could be done in one year: (draw), by group before it."""

    there: Array
    """Children in the place if nobody joined this year."""
    met: Array
    """Children of each group: (group, draw)."""
    room: Array
    """Largest share of each group that may be sent, other levers' shifts having theirs: (group, draw)."""


def _solved(drivers: xr.Dataset, first: int, group_of: NDArray[np.int64]) -> tuple[Array, Array]:
    """Shares (draw, year, group) and children lacking (draw, year) of some draws.

    Parameters
    ----------
    drivers : with the probing shifts, and what is wanted, in them
    first : position of the first of those shifts; the ones before it are other levers'
    group_of : group of each of those shifts
    """
    given, wanted = fixed(drivers), drivers[_WANTED].transpose("draw", "year").to_numpy()
    plain = replace(given, shifts=tuple(tuple(shift for shift in year if shift.at < first) for year in given.shifts))
    shares, short = np.zeros((*wanted.shape, group_of.max() + 1)), np.zeros(wanted.shape)
    without = joined = beginning(given)
    for at in range(int(np.flatnonzero(wanted.any(axis=0)).max(initial=-1)) + 1):
        before, without = joined, _a_year_on(plain, without, at).pupils
        if not (wanted[:, at].any() or shares.any()):
            joined = without
            continue
        goal, year = _goal(given, at, first), _probed(given, before, at, first, group_of)
        lacking = np.where(wanted[:, at] > 0, _there(without, goal) + wanted[:, at] - year.there, 0).clip(min=0)
        joining = _shared_out(lacking, drivers[_PART].to_numpy(), year.met * year.room)
        shares[:, at] = np.divide(joining, year.met, out=np.zeros_like(joining), where=year.met > 0).T
        short[:, at] = lacking - joining.sum(axis=0)
        joined = _a_year_on(_sending(given, at, first, shares[:, at][:, group_of]), before, at).pupils
    return shares, short


def _a_year_on(given: Fixed, pupils: Array, at: int) -> Year:
    return started(moved(given, pupils, at), given.steered)


def _there(pupils: Array, goal: int) -> Array:
    """Children in a kind of place: (draw)."""
    return np.asarray(pupils[..., goal].sum(axis=(0, 1, 3)))


def _goal(given: Fixed, at: int, first: int) -> int:
    return next(shift.goal for shift in given.shifts[at] if shift.at >= first)


def _probed(given: Fixed, pupils: Array, at: int, first: int, group_of: NDArray[np.int64]) -> _Year:
    """What could be done in the year at a position, from `pupils` before it."""
    probe, shifts = _a_year_on(given, pupils, at), given.shifts[at]
    mine, others = [[shift for shift in shifts if (shift.at >= first) is own] for own in (True, False)]
    sent_on, free = probe.shifted[first:], np.array([_free(shift, others, pupils.shape[2]) for shift in mine])
    groups = [group_of == group for group in range(group_of.max() + 1)]
    return _Year(
        there=_there(probe.pupils, mine[0].goal) - sent_on.sum(axis=0),
        met=np.array([sent_on[group].sum(axis=0) for group in groups]) / PROBE,
        room=np.array([free[group].min(axis=0) for group in groups]),
    )


def _free(shift: Shift, others: Sequence[Shift], draws: int) -> Array:
    """Largest share that a shift may send, where others send some of the same children: (draw)."""
    rivals = [other.share for other in others if other.source == shift.source and other.ways & shift.ways]
    if not rivals:
        return np.ones(draws)
    most = (sum(rivals[1:], rivals[0]) * (shift.share > 0)).max(axis=(0, 1, 3))
    return np.broadcast_to(np.maximum(1 - most, 0.0), draws)


def _shared_out(lacking: Array, part: Array, could: Array) -> Array:
    """Children of each group who join: the first group's part of those lacking, then as many as each has.

    Parameters
    ----------
    lacking, part : (draw)
    could : (group, draw)
    """
    joining = np.zeros_like(could)
    for group, most in enumerate(could):
        asked = lacking * part if group == 0 else lacking - joining.sum(axis=0)
        joining[group] = np.minimum(asked, most)
    return joining


def _sending(given: Fixed, at: int, first: int, shares: Array) -> Fixed:
    """Drivers whose shifts of a year from the one at `first` on send these shares: (draw, shift)."""
    year = tuple(
        shift
        if shift.at < first
        else replace(shift, share=(shift.share > 0) * shares[:, shift.at - first][None, None, :, None])
        for shift in given.shifts[at]
    )
    return replace(given, shifts=(*given.shifts[:at], year, *given.shifts[at + 1 :]))
