"""Children who may go to the same places are one group: what makes assignment quick, and changes nothing in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.bool_]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Children of one district and phase who may go to the same places."""

    demand: Array
    """Children: (draw, group)."""
    eligible: Places
    """Whether a place takes them: (group, place); at least one does."""
    district: Labels
    """Position of their district: (group)."""
    phase: Labels
    """Position of their phase: (group)."""
    nowhere: Array
    """Children of ages or needs that no place takes, whatever is built: (draw)."""

    def at(self, quantile: float) -> Array:
        """Children of each group in a future whose total is that quantile of the total: (group).

        Each group's mean, all scaled alike: the quantile is of the sum, and never a sum of quantiles.
        """
        total, mean = self.demand.sum(axis=1), self.demand.mean(axis=0)
        return mean * (np.quantile(total, quantile) / mean.sum()) if mean.sum() > 0 else mean


def grouped(demand: Array, eligible: Places, district: Labels, phase: Labels) -> Groups:
    """Put cells together that live in one district, are of one phase and may go to the same places.

    Parameters
    ----------
    demand : (draw, cell)
        Children.
    eligible : (cell, place)
        Whether a place takes the children of a cell.
    district, phase : (cell)
        Positions.
    """
    somewhere = eligible.any(axis=1)
    key = np.column_stack([district, phase, eligible])[somewhere]
    if not len(key):
        none = np.empty(0, dtype=np.int64)
        return Groups(demand[:, :0], eligible[:0], none, none, demand.sum(axis=1))
    kinds, whose = np.unique(key, axis=0, return_inverse=True)
    membership = np.zeros((len(key), len(kinds)))
    membership[np.arange(len(key)), whose.reshape(-1)] = 1
    return Groups(
        demand[:, somewhere] @ membership,
        kinds[:, 2:].astype(bool),
        kinds[:, 0],
        kinds[:, 1],
        demand[:, ~somewhere].sum(axis=1),
    )
