"""How far a forecast was out. A score is a formula.

Every argument is an array over the same cells (an authority at a horizon from an origin, say) in the same
order. A cell that is missing makes its score missing: choose first the cells that every method has.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from forecast.model.raking import Array

FAR: Final = 0.1
"""A forecast further than this from the truth, as a share of the truth, is far out."""
A_FIFTH: Final = 0.2
"""Share of authorities far out at which a forecast has had its day."""
SIZES: Final = ("small", "middle", "large")
"""Thirds of the cells by size."""


def wape(forecast: Array, actual: Array) -> float:
    """Sum of the errors' sizes over the sum of the truth."""
    return float(np.abs(forecast - actual).sum() / actual.sum())


def bias(forecast: Array, actual: Array) -> float:
    """Log of the sum forecast over the sum that came: below 0 is too few, and -0.02 is about 2% too few.

    A log, so that it is the national part of the errors that the ranges are made from, and as much too high
    is as large as so much too low.
    """
    return float(np.log(forecast.sum() / actual.sum()))


def mase(forecast: Array, actual: Array, past: Array) -> float:
    """Mean error in units of the mean change from one January to the next before the forecast was made.

    The mean of one over the mean of the other, over all cells, since a small series that never moved has no
    unit of its own. Hyndman and Koehler (2006), "Another look at measures of forecast accuracy".

    Parameters
    ----------
    past : (year, cell)
        Children at the Januaries up to the origin; a gap leaves out the changes beside it.
    """
    change = np.nanmean(np.abs(np.diff(past, axis=0)), axis=0)
    return float(np.abs(forecast - actual).mean() / change.mean())


def pinball(value: Array, actual: Array, level: float) -> Array:
    """Loss of `value` as the quantile `level`, in children: (cell). At a half, half the absolute error."""
    return np.maximum(level * (actual - value), (level - 1) * (actual - value))


def crps(draws: Array, actual: Array) -> Array:
    """Continuous ranked probability score of draws as they stand, in children: (cell).

    E|X - y| - E|X - X'| / 2, the second from the order of the draws. Gneiting and Raftery (2007), "Strictly
    proper scoring rules". The absolute error where there is one draw.

    Parameters
    ----------
    draws : (draw, cell)
    """
    count = len(draws)
    weight = (2 * np.arange(1, count + 1) - count - 1) / count**2
    apart = np.tensordot(weight, np.sort(draws, axis=0), axes=1)
    return np.asarray(np.abs(draws - actual).mean(axis=0) - apart)


def crps_of_quantiles(values: Array, actual: Array, levels: Sequence[float]) -> Array:
    """The same from quantiles at evenly spaced levels, such as .05, .15 ... .95: (cell).

    Twice the mean pinball loss, which comes to the score as the levels grow denser.

    Parameters
    ----------
    values : (level, cell)
    """
    losses = [pinball(value, actual, level) for value, level in zip(values, levels, strict=True)]
    return np.asarray(2 * np.mean(losses, axis=0))


def inside(low: Array, high: Array, actual: Array) -> Array:
    """Whether the range held the truth, its ends included: 1 or 0, and missing where a figure is: (cell)."""
    return np.where(np.isnan(low + high + actual), np.nan, (low <= actual) & (actual <= high))


def coverage(low: Array, high: Array, actual: Array) -> float:
    """Share of cells whose range held the truth: for an 80% range, .8 on average."""
    return float(inside(low, high, actual).mean())


def coverage_interval(
    hits: Array, origin: npt.ArrayLike, seed: int, level: float = 0.95, resamples: int = 2000
) -> tuple[float, float]:
    """Range of the coverage, had the origins been others like them.

    Origins are drawn again with replacement, each with all of its cells: those of one origin share a
    national error, and are nothing like independent. With few origins it is too narrow.

    Parameters
    ----------
    hits : (cell)
        From `inside`.
    origin : (cell)
        The January that each was forecast from.
    """
    _, group = np.unique(origin, return_inverse=True)
    held, cells = np.bincount(group, weights=hits), np.bincount(group)
    drawn = np.random.default_rng(seed).integers(len(cells), size=(resamples, len(cells)))
    shares = held[drawn].sum(axis=1) / cells[drawn].sum(axis=1)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def width(low: Array, high: Array, forecast: Array) -> float:
    """Sum of the ranges' widths over the sum of the forecasts: as `wape`, so that a forecast of 0 has one."""
    return float((high - low).sum() / forecast.sum())


def far_out(forecast: Array, actual: Array) -> float:
    """Share of cells more than a tenth of the truth from it."""
    missing = np.isnan(forecast + actual)
    return float(np.where(missing, np.nan, np.abs(forecast - actual) > FAR * actual).mean())


def shelf_life(horizons: Sequence[int], far: Sequence[float]) -> float:
    """Years until a fifth of authorities are far out, on straight lines between horizons from none at the start.

    Infinite where no horizon has a fifth: it keeps longer than was tried.

    Parameters
    ----------
    horizons : years ahead, rising
    far : the share far out at each, from `far_out`
    """
    at, share = np.array([0, *horizons], dtype=float), np.array([0.0, *far])
    late = np.flatnonzero(share >= A_FIFTH)
    if np.isnan(share).any():
        return float("nan")
    if not late.size:
        return float("inf")
    ends = slice(late[0] - 1, late[0] + 1)
    return float(np.interp(A_FIFTH, share[ends], at[ends]))


def thirds(size: Array) -> npt.NDArray[np.str_]:
    """Which third of the cells by size each is in: a name of `SIZES`, equal sizes in the order given: (cell).

    Score each third by itself, as `wape(forecast[mine], actual[mine])` with `mine = thirds(size) == "small"`.
    """
    rank = np.empty(len(size), dtype=int)
    rank[np.argsort(size, kind="stable")] = np.arange(len(size))
    return np.array(SIZES)[rank * len(SIZES) // len(size)]
