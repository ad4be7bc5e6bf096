"""How arrays are laid out inside the roll: plain numpy, in one order, so that a year is a few products."""

from typing import Final

import numpy as np
import xarray as xr

from forecast.model.raking import Array

LAYOUT: Final = ("need", "nc_year", "draw", "district", "provision")
"""One small matrix product a need and year group moves all children of it."""


def laid_out(array: xr.DataArray, axes: tuple[str, ...]) -> Array:
    """Values of `array` on `axes` in that order, axes that it lacks with length 1."""
    return np.ascontiguousarray(seen(array, axes), dtype=float)


def seen(array: xr.DataArray, axes: tuple[str, ...]) -> Array:
    """`laid_out` without a copy."""
    order = [array.dims.index(axis) for axis in axes if axis in array.dims]
    where = tuple(slice(None) if axis in array.dims else None for axis in axes)
    return np.asarray(array.to_numpy().transpose(order)[where])


def aged(children: Array) -> Array:
    """A year group on, in `LAYOUT`; the oldest are gone, nobody is yet in the youngest."""
    out = np.empty_like(children)
    out[:, 0] = 0
    out[:, 1:] = children[:, :-1]
    return out
