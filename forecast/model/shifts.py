"""Shifts: a share of the children who would come to one kind of place go to another instead.

A shift meets children where placement is decided: first plans, moves to another kind of place and, only if told so,
children who would stay where they are. It acts last, on where each child would go under everything else, so that
control's factors stay as they were and every child goes somewhere. All shifts of a year act at once on the same
children: none is sent on twice in a year, and their order makes no difference. Where several together would send
away more than all, each gives way in proportion.

In the drivers, one label of `shift` a shift, none of these variables where there are no shifts:

    shift_share   shift, draw, year                   share sent on, 0 to 1
    shift_where   shift, [district, need,] nc_year    whether it acts; nc_year is the year group that the child comes to
    shift_ways    shift, way                          whether it meets first plans, moves, those who stay
    shift_ends    shift, end                          labels of `provision`: "source", and "goal", where they go instead
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.model.raking import Array


class Way(StrEnum):
    """How a child comes to have its place of next January."""

    STARTS = "starts"
    """With a first plan."""
    MOVERS = "movers"
    """From another kind of place."""
    STAYING = "staying"
    """By staying where it is."""


ENTRANTS: Final = (Way.STARTS, Way.MOVERS)
"""Ways of those who are not settled where they are."""
VARIABLES: Final = ("shift_share", "shift_where", "shift_ways", "shift_ends")


@dataclass(frozen=True, eq=False)
class Shift:
    """One shift in one year."""

    at: int
    """Position on the axis `shift`."""
    source: int
    """Position of the provision that children would come to."""
    goal: int
    """Position of the one they go to instead."""
    ways: frozenset[Way]
    share: Array
    """(need, nc_year, draw, district), absent axes 1 but for nc_year, the year group that the child comes to."""

    @property
    def ages(self) -> slice:
        """Positions of the year groups from the first to the last that it meets."""
        met = np.flatnonzero((self.share > 0).any(axis=(0, 2, 3)))
        return slice(met[0], met[-1] + 1) if met.size else slice(0)


def with_shift(
    drivers: xr.Dataset, name: str, ends: tuple[str, str], share: xr.DataArray, where: xr.DataArray, ways: Sequence[Way]
) -> xr.Dataset:
    """`drivers` with one more shift; the very same where it would never move anybody.

    Parameters
    ----------
    name : of the shift; one of its own
    ends : label of `provision` that children would come to, and label of that where they go instead
    share : (draw, year), 0 to 1
    where : any of district, need, nc_year (the year group that the child comes to); true where it acts
    ways : which children it meets

    Raises
    ------
    ValueError
        Another shift has this name.
    """
    if not float(share.max()) > 0 or not bool(where.any()) or ends[0] == ends[1]:
        return drivers
    whole = where.expand_dims({axis: drivers[axis].to_numpy() for axis in ("nc_year",) if axis not in where.dims})
    mine = xr.Dataset(
        {
            "shift_share": share.transpose("draw", "year"),
            "shift_where": whole.transpose(*(axis for axis in ("district", "need", "nc_year") if axis in whole.dims)),
            "shift_ways": xr.DataArray([way in ways for way in Way], coords={"way": [*Way]}, dims="way"),
            "shift_ends": xr.DataArray(list(ends), coords={"end": ["source", "goal"]}, dims="end"),
        }
    ).expand_dims(shift=[name])
    if "shift_share" not in drivers:
        return drivers.merge(mine, join="exact")
    if name in drivers["shift"].to_numpy():
        msg = f"Two shifts are called {name!r}."
        raise ValueError(msg)
    joined = {
        variable: xr.concat(_alike(drivers[variable], mine[variable]), "shift", join="exact") for variable in VARIABLES
    }
    return drivers.drop_vars([*VARIABLES, "shift"]).assign(joined)


def _alike(one: xr.DataArray, other: xr.DataArray) -> list[xr.DataArray]:
    """Both on the axes of either, in one order."""
    pair = xr.broadcast(one, other, exclude=["shift"])
    return [array.transpose("shift", ...) for array in pair]


def shifts_of(drivers: xr.Dataset, at: int) -> tuple[Shift, ...]:
    """The shifts of the year at a position, those left out that move nobody in it."""
    if "shift_share" not in drivers:
        return ()
    share = _laid_out(drivers, "shift_share", ("year", "shift", "draw"))[at]
    where = _laid_out(drivers, "shift_where", ("shift", "need", "nc_year", "district"))
    ways = _laid_out(drivers, "shift_ways", ("shift", "way"))
    ends = _laid_out(drivers, "shift_ends", ("shift", "end")).tolist()
    labels = _laid_out(drivers, "provision", ("provision",)).tolist()
    found = []
    for number in np.flatnonzero(share.max(axis=1) > 0).tolist():
        source, goal = (labels.index(end) for end in ends[number])
        met = frozenset(way for way, acts in zip(Way, ways[number], strict=True) if acts)
        each = share[number][None, None, :, None] * where[number][:, :, None, :]
        found.append(Shift(number, source, goal, met, each))
    return _at_most_all(found)


def _laid_out(drivers: xr.Dataset, name: str, axes: tuple[str, ...]) -> NDArray[Any]:
    """Values of a variable on `axes` in that order, axes that it lacks with length 1.

    Taken from the bare variable: this is asked of every year and chunk of draws, and xarray's labels take longer.
    """
    array = drivers.variables[name]
    order = [array.dims.index(axis) for axis in axes if axis in array.dims]
    where = tuple(slice(None) if axis in array.dims else None for axis in axes)
    return np.asarray(array.to_numpy().transpose(order)[where])


def _at_most_all(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """`shifts`, those of one source scaled down, way by way, where together they would send away more than all."""
    out = []
    for shift in shifts:
        totals = {way: _sent_in_all(shift, shifts, way) for way in sorted(shift.ways)}
        over = {way: total for way, total in totals.items() if total.max() > 1}
        if within := shift.ways - over.keys():
            out.append(replace(shift, ways=within))
        out += [replace(shift, ways=frozenset({way}), share=shift.share / np.maximum(over[way], 1.0)) for way in over]
    return tuple(out)


def _sent_in_all(shift: Shift, shifts: Sequence[Shift], way: Way) -> Array:
    """Share of the children who come one way to a shift's source that all shifts together would send: as its share."""
    rivals = [other.share for other in shifts if other.source == shift.source and way in other.ways]
    return sum(rivals[1:], rivals[0])


def send_on(pupils: Array, coming: Callable[[int], Array], shifts: Sequence[Shift], way: Way, moved: Array) -> None:
    """Send children who come one way to their places on to others, in place.

    Parameters
    ----------
    pupils : `cohort.LAYOUT`, those who come this way among them, at the year group they come to
    coming : position of a provision -> those who come to it this way: (need, nc_year, draw, district)
    moved : (shift, draw), to which those whom each shift sends on are added
    """
    mine = [shift for shift in shifts if way in shift.ways]
    columns = {source: coming(source) for source in {shift.source for shift in mine}}
    for shift in mine:
        ages = shift.ages
        went = columns[shift.source][:, ages] * shift.share[:, ages]
        pupils[:, ages, ..., shift.source] -= went
        pupils[:, ages, ..., shift.goal] += went
        moved[shift.at] += went.sum(axis=(0, 1, 3))


def goes_instead(
    goes: NDArray[np.int64],
    cells: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    luck: Array,
    shifts: Sequence[Shift],
    way: Way,
) -> NDArray[np.int64]:
    """Where each child goes once the shifts have had their say: the others go where they would have gone.

    Parameters
    ----------
    goes : (children)
        Position of the provision that each would come to.
    cells : positions of need, nc_year come to, draw and district, each (children)
    luck : (children), in [0, 1)
        Of this alone, so that a shift disturbs no child but those whom it sends on.
    """
    out, edge = goes.copy(), np.zeros(len(goes))
    for shift in shifts:
        if way not in shift.ways:
            continue
        at = np.flatnonzero(goes == shift.source)
        share = shift.share[
            tuple(np.minimum(cell[at], size - 1) for cell, size in zip(cells, shift.share.shape, strict=True))
        ]
        sent = (luck[at] >= edge[at]) & (luck[at] < edge[at] + share)
        out[at[sent]] = shift.goal
        edge[at] += share
    return out
