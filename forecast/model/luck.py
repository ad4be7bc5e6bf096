"""Luck that belongs to a child, not to a place in an array.

Every uniform is a hash of what it is for: (seed, draw, child, year). Two scenarios therefore meet the
same luck, and more starts add children without disturbing any other. The hash is the finaliser of
SplitMix64 (Steele, Lea and Flood, 2014), whose output passes the usual batteries of tests.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array

Words = NDArray[np.uint64]
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_UNIT: Final = 2.0**-53
_LARGE: Final = 500.0
"""Mean above which a Poisson count is found by bisection of its distribution function."""


def scramble(words: Words) -> Words:
    """Each word hashed: a bijection of 64 bits in which every input bit reaches every output bit."""
    out = words ^ (words >> np.uint64(30))
    out *= _FIRST
    out ^= out >> np.uint64(27)
    out *= _SECOND
    out ^= out >> np.uint64(31)
    return out


def key(*parts: int | NDArray[np.integer] | Words) -> Words:
    """One word for a list of whole numbers, arrays broadcast against one another; order matters."""
    word = np.zeros(1, dtype=np.uint64)
    for part in parts:
        word = scramble((word ^ np.asarray(part).astype(np.uint64)) + _STEP)
    return word


def uniform(children: Words, year: int) -> Array:
    """One number in [0, 1) for each child's key and year, whatever else happens.

    Parameters
    ----------
    children : (children,)
        From `key(seed, draw, child)`.
    """
    words = scramble(children + np.array([year], dtype=np.uint64) * _STEP)
    return np.asarray((words >> np.uint64(11)).astype(np.float64) * _UNIT)


def poisson(mean: Array, luck: Array) -> NDArray[np.int64]:
    """The count whose distribution function first passes `luck`: never falls when the mean rises.

    Parameters
    ----------
    mean : any axes
    luck : the same axes, in [0, 1)
    """
    count = np.zeros(mean.shape, dtype=np.int64)
    big = mean > _LARGE
    if big.any():
        count[big] = [_walk(float(m), float(u)) for m, u in zip(mean[big], luck[big], strict=True)]
    chance = np.exp(-np.where(big, np.inf, mean))
    reached = np.where(big, 1.0, chance)
    flat, left = count.reshape(-1), np.flatnonzero((luck >= reached).reshape(-1))
    means, lucks = mean.reshape(-1)[left], luck.reshape(-1)[left]
    chances, sums = chance.reshape(-1)[left], reached.reshape(-1)[left]
    step = 0
    while left.size:
        step += 1
        chances = chances * means / step
        sums = sums + chances
        done = (lucks < sums) | ((chances < _UNIT) & (step > means))
        flat[left[done]] = step
        more = ~done
        left, means, lucks, chances, sums = left[more], means[more], lucks[more], chances[more], sums[more]
    return flat.reshape(mean.shape)


def _walk(mean: float, luck: float) -> int:
    """Exact inverse of a large mean's distribution function, by bisection."""
    from scipy.special import pdtr  # noqa: PLC0415 - half a second to import, and few areas have such cells

    low, high = -1, int(mean + 50 * np.sqrt(mean))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if pdtr(middle, mean) > luck else (middle, high)
    return high


def picked(shares: Array, luck: Array) -> NDArray[np.int64]:
    """Entry of each child's row of shares that its luck falls in; `Picks`, where hardly two children share a row.

    Parameters
    ----------
    shares : (children, entry)
        An entry of share 0 is never picked.
    luck : (children)
    """
    edges = running(shares.T.copy())
    reached = np.where(edges[-1] > 0, np.minimum(luck, 1 - 1e-9) * edges[-1], -1.0)
    return np.asarray((reached >= edges).sum(axis=0))


def running(shares: Array) -> Array:
    """Running sums over entries of shares (entry, children), in place: what `cumsum` gives, many times sooner."""
    for at in range(1, len(shares)):
        shares[at] += shares[at - 1]
    return shares


class Picks:
    """Rows of shares, from which each child's own uniform picks one entry."""

    def __init__(self, shares: Array) -> None:
        """Shares (row, entry), each row summing to 1; an entry of share 0 is never picked."""
        rows, self._entries = shares.shape
        cumulative = np.cumsum(shares, axis=1)
        last = cumulative[:, -1:]
        cumulative = np.divide(cumulative, last, out=np.ones_like(cumulative), where=last > 0)
        self._edges = (cumulative + np.arange(rows)[:, None]).reshape(-1)

    def pick(self, row: NDArray[np.int64], luck: Array) -> NDArray[np.int64]:
        """Entry of each child's `row` that its `luck` falls in."""
        at = np.searchsorted(self._edges, row + np.minimum(luck, 1 - 1e-9), side="right")
        return np.asarray(at - row * self._entries)
