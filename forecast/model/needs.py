"""Moves and starts by need, from flows by age and the mix of needs in the latest stock.

Need is published for one census only, so children of each age and placement are taken to have had the
same mix of needs a year before. A need is often recorded anew after the plan starts, and the model
has no step from need to need: a start therefore carries the need that the stock will show (*effective*
need), not the one first written down.
"""

from dataclasses import dataclass

import numpy as np

from forecast.model.accounts import Accounts, mix
from forecast.model.flows import Flows, balance
from forecast.model.raking import Array

LEAST_RECORDED = 0.1
"""Least share of a need's recorded starts that are kept under that need."""


NOBODY = 1e-9
"""Children below which a row is taken to be empty."""


@dataclass(frozen=True)
class NeedFlows:
    """Flows by need, in children."""

    kept: Array
    """(need, nc_year, provision, to), at this January's year group."""
    starts: Array
    """(need, nc_year, to): placement at the next January, at its year group."""


def effective_starts(books: Accounts, joint: Array) -> Array:
    """Starts by the need that the stock will show: (need, nc_year), each age's total as published.

    Parameters
    ----------
    joint : (need, nc_year, provision)
        The latest stock.
    """
    needs = mix(np.moveaxis(joint, 0, -1))
    kept = np.maximum(books.before - books.ceased, 0.0)[..., None] * needs
    coming = np.concatenate([np.zeros_like(kept[:1]), kept[:-1]]).sum(axis=1).T
    stock = mix(joint.sum(axis=2).T).T * books.after.sum(axis=1)
    arrive = mix(joint.sum(axis=2).T).T * books.arrive.sum(axis=1)
    wanted = np.maximum(stock - coming - arrive, LEAST_RECORDED * books.need_starts)
    return mix(wanted.T).T * books.starts.sum(axis=1)


def by_need(books: Accounts, joint: Array, starts: Array, rows: Array, start_rows: Array) -> NeedFlows:
    """Split an area's year by need: least entropy from `rows`, closing on each need's own stock.

    Parameters
    ----------
    starts : (need, nc_year)
        From `effective_starts`.
    rows : (need, nc_year, provision, to)
        Prior rows of the children kept, at this January's year group.
    start_rows : (nc_year, provision, to)
        Rows of those who started, from placement at the start, at the next January's year group.
    """
    needs = mix(np.moveaxis(joint, 0, -1))
    kept = np.moveaxis(np.maximum(books.before - books.ceased, 0.0)[..., None] * needs, -1, 0)
    coming = np.concatenate([np.zeros_like(kept[:, :1]), kept[:, :-1]], axis=1)
    begun = mix(books.starts) * starts[..., None]
    supply = coming.sum(axis=2) + begun.sum(axis=2)
    column = mix(joint) * supply[..., None]
    seed = np.concatenate(
        [np.roll(rows, 1, axis=1), np.broadcast_to(start_rows, (len(joint), *start_rows.shape))], axis=2
    )
    size = joint.shape[2]
    tables = seed.reshape(-1, 2 * size, size)
    row = np.concatenate([coming, begun], axis=2).reshape(-1, 2 * size)
    table, _ = balance(tables, row, column.reshape(-1, size), passes=400)
    split = table.reshape(*seed.shape)
    return NeedFlows(np.roll(split[:, :, :size], -1, axis=1), split[:, :, size:].sum(axis=2))


def rates(children: Array, fallback: Array) -> Array:
    """Rows of `children` as shares that sum to 1 over the last axis; an empty row takes `fallback`'s."""
    total = children.sum(axis=-1, keepdims=True)
    some = total > NOBODY
    return np.where(some, np.divide(children, total, out=np.zeros_like(children), where=some), fallback)


def age_rows(flows: Flows) -> tuple[Array, Array]:
    """Shares of `flows`, (nc_year, provision, to) each: of the children kept, and of those who started.

    A row in which there was nobody stays where it is.
    """
    stay = np.broadcast_to(np.eye(flows.kept.shape[1]), flows.kept.shape)
    return rates(flows.kept, stay), rates(flows.starts, stay)
