"""Whole children of the constant-rate model: who is on roll, who joins, how many are where."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.luck import Words, key, poisson, uniform
from forecast.model.raking import Array

Ints = NDArray[np.int64]
ON_ROLL, JOINED = 1, 2
"""Where a child's number comes from: its cell at the census, or the year and cell in which it joined."""
_FIRST: Final = 0
"""A uniform of year 0 says how many join a cell; the years of a child's life have uniforms of their own."""


@dataclass
class Enrolled:
    """Children with a plan, changed in place by the year."""

    group: Ints
    """Draw and district of each, in one number."""
    row: Ints
    """State and year group of each, as `Outcomes.row`."""
    child: Words


def on_roll(start: Ints, own: Words) -> Enrolled:
    """Every draw's children at the census, numbered within their cells."""
    cells = start.reshape(len(start), -1)
    district, row = (np.repeat(at.reshape(-1), cells.reshape(-1)) for at in np.indices(cells.shape))
    number = _within(cells.reshape(-1))
    child = key(own[:, None], key(ON_ROLL, district * cells.shape[1] + row, number)).reshape(-1)
    group = (np.arange(len(own))[:, None] * len(start) + district).reshape(-1)
    return Enrolled(group, np.tile(row, len(own)), child)


def join(roll: Enrolled, mean: Array, where: Ints, own: Words, year: int) -> None:
    """Children who join in a year: adds to `roll`.

    Parameters
    ----------
    mean : (draw or 1, district, cell)
        How many are expected.
    where : (cell)
        State and year group of each, as `Outcomes.row`.
    """
    districts = np.arange(mean.shape[1])[:, None]
    cell = key(own[:, None], key(JOINED, year, districts, where).reshape(-1))
    each = poisson(np.broadcast_to(mean.reshape(len(mean), -1), cell.shape), uniform(cell, _FIRST)).reshape(-1)
    at = np.repeat(np.arange(each.size), each)
    child = key(cell.reshape(-1)[at], _within(each))
    group, column = np.divmod(at, len(where))
    roll.group = np.concatenate([roll.group, group])
    roll.row = np.concatenate([roll.row, where[column]])
    roll.child = np.concatenate([roll.child, child])


def count(roll: Enrolled, shape: tuple[int, int, int], of_row: Ints) -> NDArray[np.int32]:
    """Children by (draw, district, state and band), `of_row` being the last of state and year group."""
    cell = roll.group * shape[2] + of_row[roll.row]
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).astype(np.int32)


def _within(counts: Ints) -> Ints:
    """0, 1, 2, ... within each cell, for `counts` children a cell."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - counts, counts))
