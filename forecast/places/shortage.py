"""Short: children left without a place once each school takes only those that it is for.

Each kind of place is judged by itself, in each future and January. A school may take a child of a district that it
serves, of a need that it is for, and of a year group that it has; its places count for every such child alike.
Nobody is counted twice: where a roll is over the places at the census, those above them are short from that January
on. What home districts need less what is open in them is not a shortage, and is not worked out here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.domain import ALL, WITHOUT_PLAN
from forecast.errors import LabelMismatch
from forecast.model.raking import Array
from forecast.places.cuts import Mask
from forecast.places.flow import Numbers, least_unmet, unmet
from forecast.places.register import Register

CELL: Final = ("district", "need", "band")
"""What decides which places a child may use."""
_DRAWS_AT_ONCE: Final = 100
"""Futures worked on together: they bound what is held in memory besides the answer."""


@dataclass(frozen=True, eq=False)
class Shortage:
    """Children without a place, in each kind of place that the area lists a school or base of."""

    short: xr.DataArray
    """Children, the fewest possible, who go without, equal claims losing equal shares: (draw, year, district, need,
    band, provision). A group that no listed place is for is wholly short."""
    anywhere: xr.DataArray
    """Their number if every place were open to every district, distance no matter: (draw, year, provision)."""
    places: xr.DataArray
    """Places open: (draw, year, provision)."""
    spare: xr.DataArray
    """Places left empty when as many children as possible are placed: (draw, year, provision)."""
    served: xr.DataArray
    """Whether any listed place is for these children, open yet or not: (district, need, band, provision)."""

    @property
    def of_served(self) -> xr.DataArray:
        """`short`, but nobody of those that no listed place is for: they are no sign of too few places."""
        return self.short.where(self.served, np.float32(0))


def shortage(by_band: xr.DataArray, register: Register) -> Shortage:
    """Set children against the places of the area's own register.

    Parameters
    ----------
    by_band : (draw, year, district, need, band, provision)
        Whole children, if every kind of place had room, those without a plan among them (`claims`). A band is a run of
        year groups, named by its first, that no listed place cuts in two. A kind of place with no listed row is
        left out of the answer.
    register : listed rows, and places open on the same draws and years
        A fraction of a place, which a ramp may leave, counts as a fraction.

    Raises
    ------
    LabelMismatch
        The register was drawn for other draws or years.
    """
    _same(by_band, register.open, "draw")
    _same(by_band, register.open, "year")
    children = by_band.transpose("draw", "year", *CELL, "provision")
    rows = register.rows.reset_index(drop=True)
    kinds = [kind for kind in children["provision"].to_numpy().tolist() if (rows["provision"] == kind).any()]
    every = eligible(rows, *(children[axis].to_numpy().tolist() for axis in CELL))
    lead, cells = children.shape[:2], children.shape[2:5]
    short = np.zeros((*lead, *cells, len(kinds)), np.float32)
    counts = np.zeros((3, *lead, len(kinds)), np.float32)
    served = np.zeros((*cells, len(kinds)), bool)
    for at, kind in enumerate(kinds):
        own = (rows["provision"] == kind).to_numpy()
        who = _claimants(children.sel(provision=kind))
        wanted, room = children.sel(provision=kind).isel(need=who).to_numpy(), register.open.to_numpy()[:, :, own]
        may = every[own][:, :, who]
        served[..., at][:, who] = may.any(axis=0)
        for some in _draws(lead[0]):
            left, counts[:, some, :, at] = _of_kind(wanted[some], may, room[some])
            short[some, ..., at][:, :, :, who] = left
    return _labelled(children, kinds, short, counts, served)


def _claimants(children: xr.DataArray) -> list[int]:
    """Positions of the needs whose children claim a kind of place: children without a plan only where there are any."""
    needs = children["need"].to_numpy().tolist()
    nobody = WITHOUT_PLAN in needs and not children.sel(need=WITHOUT_PLAN).any()
    return [at for at, need in enumerate(needs) if need != WITHOUT_PLAN or not nobody]


def eligible(rows: pd.DataFrame, districts: Sequence[str], needs: Sequence[str], bands: Sequence[int]) -> Mask:
    """Which children each place row may take: (place, district, need, band).

    Parameters
    ----------
    rows : columns of `schemas.Places`
    needs : `WITHOUT_PLAN` may be among them: a place that is for all needs is for these children too, one that is for
        some is not, unless it names them
    bands : first year group of each; the whole band counts if this one lies in `nc_from` to `nc_to`
    """
    first = np.array(bands)
    ages = (rows["nc_from"].to_numpy()[:, None] <= first) & (first <= rows["nc_to"].to_numpy()[:, None])
    serves, takes = _among(rows["serves"], districts), _among(rows["needs"], needs)
    return np.asarray(serves[:, :, None, None] & takes[:, None, :, None] & ages[:, None, None, :])


def _among(lists: "pd.Series[str]", labels: Sequence[str]) -> Mask:
    """Which of `labels` each list names, or all: (row, label)."""
    named = [set(listed.split(";")) for listed in lists]
    return np.array([[ALL in names or label in names for label in labels] for names in named], dtype=bool)


def _of_kind(wanted: Numbers, fits: Mask, room: Array) -> tuple[Array, Array]:
    """Children short (draw, year, district, need, band); and children short anywhere, places, and places to spare.

    Parameters
    ----------
    wanted : (draw, year, district, need, band)
    fits : (place, district, need, band)
    room : (draw, year, place)
    """
    flat = wanted.reshape(*wanted.shape[:2], -1)
    short = unmet(flat, fits.reshape(len(fits), -1).T, room)
    near = np.broadcast_to(fits.any(axis=1, keepdims=True), fits.shape)
    anywhere = least_unmet(flat, near.reshape(len(fits), -1).T, room)
    places = room.sum(axis=-1)
    spare = (places - flat.sum(axis=-1) + short.sum(axis=-1)).clip(min=0)
    return short.reshape(wanted.shape), np.stack([anywhere, places, spare])


def _labelled(
    children: xr.DataArray,
    kinds: Sequence[str],
    short: NDArray[np.float32],
    counts: NDArray[np.float32],
    served: Mask,
) -> Shortage:
    axes = {str(axis): children[axis].to_numpy() for axis in children.dims} | {"provision": list(kinds)}
    by_year = {axis: axes[axis] for axis in ("draw", "year", "provision")}
    by_cell = {axis: axes[axis] for axis in (*CELL, "provision")}
    anywhere, places, spare = (xr.DataArray(each, coords=by_year, dims=list(by_year)) for each in counts)
    return Shortage(
        short=xr.DataArray(short, coords=axes, dims=list(axes)),
        anywhere=anywhere,
        places=places,
        spare=spare,
        served=xr.DataArray(served, coords=by_cell, dims=list(by_cell)),
    )


def _draws(count: int) -> list[slice]:
    return [slice(start, start + _DRAWS_AT_ONCE) for start in range(0, count, _DRAWS_AT_ONCE)]


def _same(one: xr.DataArray, other: xr.DataArray, axis: str) -> None:
    """Refuse two arrays whose labels on `axis` are not the same, in the same order."""
    have, want = other[axis].to_numpy().tolist(), one[axis].to_numpy().tolist()
    if have != want:
        raise LabelMismatch(axis, missing=set(want) - set(have), extra=set(have) - set(want))
