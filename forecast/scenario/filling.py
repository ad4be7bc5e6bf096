"""How large a share of the children who could join a kind of place must do so, year by year, to fill it to a number.

Each future is solved by itself, on its own children, so that every one of them has the same places filled. In a
year the children who join are proportional to the shares, so each year is a division, once the years before it stand:
it is rolled with nobody sent on, and then as many are sent as that division says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.model.chunks import CHUNK, at_once
from forecast.model.cohort import Year, beginning, moved, started
from forecast.model.control import of_whole_area
from forecast.model.entrants import settled
from forecast.model.fixed import Fixed, fixed
from forecast.model.layout import aged
from forecast.model.raking import Array
from forecast.model.shifts import Shift, Way, send_on
from forecast.scenario.sending import Sending, sent

PROBE: Final = 1e-6
"""Share of the children who could join that says who they are, before it is known how many do: too few to disturb."""
NOBODY: Final = 1e-6
"""Fewer children than this could not join: it is what rounding leaves."""
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
    bare = replace(given, shifts=((),) * len(given.years))
    shares, short = np.zeros((*wanted.shape, group_of.max() + 1)), np.zeros(wanted.shape)
    without = joined = beginning(given)
    for at in range(int(np.flatnonzero(wanted.any(axis=0)).max(initial=-1)) + 1):
        before, without = joined, _a_year_on(plain, without, at).pupils
        if not (wanted[:, at].any() or shares.any()):
            joined = without
            continue
        year, others = _a_year_on(bare, before, at), plain.shifts[at]
        mine = [shift for shift in given.shifts[at] if shift.at >= first]
        coming, joined = _coming(given, before, year, [shift.source for shift in given.shifts[at]]), year.pupils
        _send_all(joined, coming, others)
        aim = np.where(wanted[:, at] > 0, _there(without, mine[0].goal) + wanted[:, at], 0)
        lacking = (aim - _there(joined, mine[0].goal)).clip(min=0)
        met, room = _could(mine, others, coming, group_of)
        joining = _shared_out(lacking, drivers[_PART].to_numpy(), met * room)
        shares[:, at] = np.divide(joining, met, out=np.zeros_like(joining), where=met > NOBODY).T
        short[:, at] = lacking - joining.sum(axis=0)
        _send_all(joined, coming, [_sending(shift, shares[:, at, group_of[shift.at - first]]) for shift in mine])
    return shares, short


def _a_year_on(given: Fixed, pupils: Array, at: int) -> Year:
    return started(moved(given, pupils, at), given.steered)


def _there(pupils: Array, goal: int) -> Array:
    """Children in a kind of place: (draw)."""
    return np.asarray(pupils[..., goal].sum(axis=(0, 1, 3)))


def _coming(given: Fixed, before: Array, year: Year, places: Sequence[int]) -> dict[Way, dict[int, Array]]:
    """Children who come each way to some places: each (need, nc_year, draw, district).

    Parameters
    ----------
    before : children a year earlier: `cohort.LAYOUT`
    year : in which nobody is sent on
    places : positions of provisions
    """
    kept, arriving = before * year.rates.kept, given.arriving(given.years.index(year.year))
    stay, found = kept * year.rates.rows.stay, {way: dict[int, Array]() for way in Way}
    for place in set(places):
        starts = year.starts * year.placed[..., place]
        staying = aged(settled(kept, stay, year.rates.rows, year.taken, place))
        movers = np.maximum(year.pupils[..., place] - starts - staying - arriving[..., place], 0)
        for way, children in zip(Way, (starts, movers, staying), strict=True):
            found[way][place] = children
    return found


def _send_all(pupils: Array, coming: Mapping[Way, Mapping[int, Array]], shifts: Sequence[Shift]) -> None:
    """Send children on, in place."""
    sent_on = np.zeros((max((shift.at for shift in shifts), default=0) + 1, pupils.shape[2]))
    for way in Way:
        send_on(pupils, coming[way].__getitem__, shifts, way, sent_on)


def _could(
    mine: Sequence[Shift],
    others: Sequence[Shift],
    coming: Mapping[Way, Mapping[int, Array]],
    group_of: NDArray[np.int64],
) -> tuple[Array, Array]:
    """Children of each group, and the largest share that may be sent, other levers having theirs: both (group, draw).

    Parameters
    ----------
    mine : one for each of `group_of`
    """
    met = np.array([sum(_met(shift, coming[way][shift.source]) for way in shift.ways) for shift in mine])
    free = np.array([_free(shift, others, met.shape[1]) for shift in mine])
    groups = [group_of == group for group in range(group_of.max() + 1)]
    of_groups = ((met[group].sum(axis=0), free[group].min(axis=0)) for group in groups)
    everybody, room = zip(*of_groups, strict=True)
    return np.array(everybody), np.array(room)


def _met(shift: Shift, children: Array) -> Array:
    """Those of `children` whom a shift meets: (draw)."""
    return np.asarray((children[:, shift.ages] * (shift.share[:, shift.ages] > 0)).sum(axis=(0, 1, 3)))


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


def _sending(shift: Shift, share: Array) -> Shift:
    """A shift that sends this share of those whom it meets: (draw)."""
    return replace(shift, share=(shift.share > 0) * share[None, None, :, None])
