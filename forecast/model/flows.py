"""One year of moves, found from two censuses: the flows of least relative entropy that close the accounts.

For one age, rows are the children who may be in next January's stock: those kept, by placement, then
those who started, by placement when the plan started. Columns are next January's placements, less
arrivals. No table of moves is published; among all that close, the one nearest to a prior is taken.

    January t, Year 5          Feb ... Jan            January t + 1, Year 6
    stock - ceased = kept  ->  flows (rows x columns) -> stock - arrivals
                    starts ->
"""

from dataclasses import dataclass

import numpy as np

from forecast.domain import NC_YEARS
from forecast.model.raking import Array

TRANSITIONS = (-1, 6, 11, 13)
"""Year groups that children leave for another school: to Reception, Year 7, Year 12 and Year 14."""
SETTLED, AT_TRANSITION = 0.03, 0.25
"""Share of the prior that is spread over all placements; the rest says that nobody moves."""


@dataclass(frozen=True)
class Flows:
    """Children's year, by the year group that they were in at its start (kept) or are in at its end (starts)."""

    kept: Array
    """Children by (nc_year, provision, to): placement at this January and next, at this January's year group."""
    starts: Array
    """Children by (nc_year, provision, to): placement at the start and at next January, at its year group."""
    unexplained: Array
    """Children by (nc_year) of next January that the accounts leave over: added if positive, lost if negative."""
    gap: float
    """Largest gap left between the flows and next January's stock, in children."""


def prior(stock: Array) -> Array:
    """Rows near identity at settled ages, broad where children change school: (nc_year, provision, to)."""
    spread = np.where(np.isin(NC_YEARS, TRANSITIONS), AT_TRANSITION, SETTLED)[:, None, None]
    following = np.roll(stock, -1, axis=0)
    mix = following / np.maximum(following.sum(axis=1, keepdims=True), 1e-9)
    return (1 - spread) * np.eye(stock.shape[1]) + spread * mix[:, None, :] + 1e-9


def infer(before: Array, after: Array, ceased: Array, starts: Array, arrive: Array, rows: tuple[Array, Array]) -> Flows:
    """The flows between two censuses.

    Parameters
    ----------
    before, after : (nc_year, provision)
        Stock at the two Januaries, *not recorded* shared out.
    ceased : (nc_year, provision)
        Plans that ceased, at the first January's year group.
    starts : (nc_year, provision)
        First plans by placement when the plan started, at the second January's year group.
    arrive : (nc_year, provision)
        Children who came with a plan from another authority, at the second January's year group.
    rows : two of (nc_year, provision, to)
        Prior rows of the children kept and of those who started.
    """
    kept = np.maximum(before - ceased, 0.0)
    coming = np.vstack([np.zeros_like(kept[:1]), kept[:-1]])
    supply = coming.sum(axis=1) + starts.sum(axis=1)
    wanted = np.maximum(after - arrive, 1e-6 * after)
    unexplained = wanted.sum(axis=1) - supply
    leaving = np.where(unexplained < 0, supply / np.maximum(wanted.sum(axis=1), 1e-9), 1.0)
    scale = np.where(unexplained > 0, supply / np.maximum(wanted.sum(axis=1), 1e-9), 1.0)
    coming, begun = coming / leaving[:, None], starts / leaving[:, None]
    seed = np.concatenate([np.roll(rows[0], 1, axis=0), rows[1]], axis=1)
    table, gap = balance(seed, np.concatenate([coming, begun], axis=1), wanted * scale[:, None])
    size = before.shape[1]
    return Flows(np.roll(table[:, :size], -1, axis=0), table[:, size:], unexplained, gap)


def balance(seed: Array, row: Array, column: Array, tolerance: float = 1e-3, passes: int = 3000) -> tuple[Array, float]:
    """Many tables raked at once to their row and column sums; what could not be met is the gap.

    Parameters
    ----------
    seed : (table, row, column)
    row : (table, row)
    column : (table, column)
    """
    table = seed * (row[:, :, None] > 0) * (column[:, None, :] > 0)
    gap = np.inf
    for _ in range(passes):
        table = table * _ratio(column, table.sum(axis=1))[:, None, :]
        table = table * _ratio(row, table.sum(axis=2))[:, :, None]
        gap = float(np.abs(table.sum(axis=1) - column).max())
        if gap <= tolerance:
            break
    return table, gap


def _ratio(target: Array, have: Array) -> Array:
    return np.divide(target, have, out=np.zeros_like(target), where=have > 0)
