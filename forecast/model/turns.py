"""Whose turn it is: children in line for the free places of a pool, those who waited longest first.

pool       places of one kind, in the whole area
line       children who ask for a place of one pool in one future
holder     a child in line who keeps a place of another pool until it has the one that it asks for
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array

NEWLY: Final = 10_000
"""Stands for the year since which a child who does not wait yet has waited: after every other."""
NO_POOL: Final = -1
"""A provision without a limit; and what a child holds who has no place of a pool."""


@dataclass(frozen=True)
class Lines:
    """Children who ask, one entry each."""

    line: NDArray[np.int64]
    """Number of the line: draw x pools + pool."""
    since: NDArray[np.int64]
    """Number of the year since which each waits; `NEWLY` for those who do not wait yet."""
    luck: Array
    """In [0, 1): of those who wait equally long, the lowest comes first."""
    holds: NDArray[np.int64]
    """Line whose place the child gives up when it gets in; `NO_POOL` for most."""


def admitted(asking: Lines, free: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Who gets in: nobody past the places that are free, and those that holders give up, in this same year.

    Two holders who want each other's places in full pools do not swap: neither goes first.

    Parameters
    ----------
    free : (lines)
        Places less children inside, holders among these; negative where a pool is over-full.

    Returns
    -------
    Whether each child gets in, and what is free then.
    """
    turn, holding = _turn(asking), asking.holds != NO_POOL
    given_up = np.zeros_like(free)
    while True:
        gets_in = turn < (free + given_up)[asking.line]
        now = np.bincount(asking.holds[gets_in & holding], minlength=len(free))
        if (now == given_up).all():
            return gets_in, free + given_up - np.bincount(asking.line[gets_in], minlength=len(free))
        given_up = now


def _turn(asking: Lines) -> NDArray[np.int64]:
    """Place of each child in its line, from 0."""
    order = np.lexsort((asking.luck, asking.since, asking.line))
    line = asking.line[order]
    first = np.searchsorted(line, line, side="left")
    turn = np.empty(len(order), dtype=np.int64)
    turn[order] = np.arange(len(order)) - first
    return turn
