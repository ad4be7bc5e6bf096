"""Whole children out of an expected stock, once, with every total kept as near as whole children allow."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array


def whole(stock: Array) -> NDArray[np.int64]:
    """`stock` in whole children: each cell up or down, the grand total its nearest whole number.

    Cells are rounded up one by one where they mend the most of what one- and two-way totals still lack,
    the one-way totals counting for more.

    Parameters
    ----------
    stock : any axes
    """
    low = np.floor(stock + 1e-9).astype(np.int64)
    left = np.maximum(stock - low, 0.0)
    spare = round(float(stock.sum())) - int(low.sum())
    cells = np.argwhere(left > 0)
    fraction = left[tuple(cells.T)]
    groups = [_group(cells, stock.shape, axes) for size in (1, 2) for axes in combinations(range(stock.ndim), size)]
    weight = [stock.ndim] * stock.ndim + [1] * (len(groups) - stock.ndim)
    lacking = [np.bincount(group, weights=fraction) for group in groups]
    free = np.ones(len(cells), dtype=bool)
    for _ in range(spare):
        score = np.where(
            free,
            fraction
            + sum(w * np.minimum(lack[group], 1.5) for w, lack, group in zip(weight, lacking, groups, strict=True)),
            -np.inf,
        )
        best = int(np.argmax(score))
        free[best] = False
        for lack, group in zip(lacking, groups, strict=True):
            lack[group[best]] -= 1
    chosen = cells[~free]
    low[tuple(chosen.T)] += 1
    return low


def _group(cells: NDArray[np.int64], shape: tuple[int, ...], axes: tuple[int, ...]) -> NDArray[np.int64]:
    """Which total over all but `axes` each cell counts towards."""
    return np.ravel_multi_index(tuple(cells[:, axis] for axis in axes), tuple(shape[axis] for axis in axes)).astype(
        np.int64
    )
