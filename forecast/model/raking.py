"""Fit a table to its published margins, and share out what was not recorded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.errors import ForecastError

Array = NDArray[np.float64]


class MarginsDisagree(ForecastError):
    """Published margins that no table can meet."""

    def __init__(self, gap: float, passes: int) -> None:
        super().__init__(
            f"The published margins contradict one another: after {passes} passes they still differ by {gap:.2f} "
            "children; check that every table is of the same release and census."
        )


def rake(
    seed: Array, margins: Sequence[tuple[tuple[int, ...], Array]], tolerance: float = 0.01, passes: int = 2000
) -> Array:
    """The table nearest to `seed` (least relative entropy) that has the margins given.

    Iterative proportional fitting (Deming and Stephan, 1940).

    Parameters
    ----------
    seed : any axes
        Positive where a child may be; a zero stays zero.
    margins : (axes kept, in ascending order; their totals) each
    tolerance : children
        Largest gap allowed between the table and any cell of any margin.

    Raises
    ------
    MarginsDisagree
        `tolerance` is not met within `passes`.
    """
    table = np.where(_possible(seed, margins), seed, 0.0)
    for _ in range(passes):
        for axes, target in margins:
            have = _margin(table, axes)
            factor = np.divide(target, have, out=np.zeros_like(target), where=have > 0)
            table = table * np.expand_dims(factor, _others(table, axes))
        gap = max(float(np.abs(_margin(table, axes) - target).max()) for axes, target in margins)
        if gap <= tolerance:
            return table
    raise MarginsDisagree(gap, passes)


def share_out(table: Array, axis: int, pattern: Array | None = None) -> Array:
    """Give the last label of `axis` (*not recorded*) to the others, in each row by the row's own mix.

    A row in which nothing is recorded takes the mix of `pattern`, and without one that of the whole table. The
    axis loses its last label; totals over it stay.

    Parameters
    ----------
    pattern : broadcasts against the rows, `axis` last and without *not recorded*
    """
    rows = np.moveaxis(table, axis, -1)
    known, unknown = rows[..., :-1], rows[..., -1:]
    overall = known.reshape(-1, known.shape[-1]).sum(axis=0)
    overall = overall / overall.sum() if overall.sum() > 0 else np.full(overall.shape, 1 / overall.size)
    if pattern is not None:
        sums = pattern.sum(axis=-1, keepdims=True)
        overall = np.where(sums > 0, np.divide(pattern, sums, out=np.zeros_like(pattern), where=sums > 0), overall)
    total = known.sum(axis=-1, keepdims=True)
    mix = np.where(total > 0, np.divide(known, total, out=np.zeros_like(known), where=total > 0), overall)
    return np.moveaxis(known + unknown * mix, -1, axis)


def _possible(seed: Array, margins: Sequence[tuple[tuple[int, ...], Array]]) -> NDArray[np.bool_]:
    """Cells that no margin rules out."""
    possible = seed > 0
    for axes, target in margins:
        possible = possible & np.expand_dims(target > 0, _others(seed, axes))
    return possible


def _others(table: Array, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(axis for axis in range(table.ndim) if axis not in axes)


def _margin(table: Array, axes: tuple[int, ...]) -> Array:
    return np.asarray(table.sum(axis=_others(table, axes)))
