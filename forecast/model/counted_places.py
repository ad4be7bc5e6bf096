"""Where children of an area that counts them go: moves, and the placement of first plans.

Entrants to a place that is planned (special, base, ...) are counted all together, from wherever they come, by district
and phase: that is where districts differ, and a single row of moves has few children. Then every row by itself.
"""

from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import NC_YEARS, PHASES
from forecast.model.belief import LEAST
from forecast.model.counted_rates import ONE, PHASE, SINGLE, Pooled, known
from forecast.model.flows import TRANSITIONS
from forecast.model.local import WEIGHT
from forecast.model.pooling import Doubt, Grouping, doubt, pooled_rates, pooled_rows
from forecast.model.raking import Array

STAGE: Final = tuple(
    len(PHASES) + TRANSITIONS.index(year) if year in TRANSITIONS else phase
    for year, phase in zip(NC_YEARS, PHASE, strict=True)
)
"""Year groups whose moves are alike: those of a phase, and each that leaves for another school by itself."""
MOST_CHANGING: Final = 0.99
"""Largest share of a row that more entrants may make change place."""


def placing(moves: Array, starts: Array, lent: xr.Dataset) -> tuple[Pooled, Pooled]:
    """Next placement of those who keep their plan (district, need, nc_year, provision, to), and that of first plans.

    Parameters
    ----------
    moves : (district, need, nc_year, provision, to)
        Children kept.
    starts : (district, need, nc_year, provision)
    """
    steered = np.flatnonzero(lent["steered"]).tolist()
    of_area = (Grouping(weight=WEIGHT), Grouping(ages=PHASE, weight=WEIGHT))
    rows = (lent["move"].to_numpy()[None], lent["start_mix"].to_numpy()[None])
    rows = _entering(moves, starts, rows, steered, of_area)
    area = (_pooled_moves(moves, rows[0], apart=False)[:1], _pooled_mixes(starts, rows[1], apart=False)[:1])
    if len(moves) == ONE:
        return Pooled(area[0], np.broadcast_to(area[0], moves.shape)), Pooled(
            area[1], np.broadcast_to(area[1], starts.shape)
        )
    own = (Grouping(district=True), Grouping(district=True, ages=PHASE))
    rows = _entering(moves, starts, area, steered, own)
    return (
        Pooled(area[0], _pooled_moves(moves, rows[0], apart=True)),
        Pooled(area[1], _pooled_mixes(starts, rows[1], apart=True)),
    )


def _pooled_moves(moves: Array, rows: Array, *, apart: bool) -> Array:
    """Rows of moves, each leaning on `rows`; by district, if they are told `apart`."""
    each = tuple(range(moves.shape[-1]))
    area = (
        Grouping(ages=STAGE, provisions=each),
        Grouping(ages=SINGLE, provisions=each),
        Grouping(need=True, ages=STAGE, provisions=each),
        Grouping(need=True, ages=SINGLE, provisions=each),
    )
    districts = (
        Grouping(district=True, provisions=each),
        Grouping(district=True, ages=STAGE, provisions=each),
        Grouping(district=True, need=True, ages=SINGLE, provisions=each),
    )
    return pooled_rows(moves, rows, districts if apart else area)


def _pooled_mixes(starts: Array, mixes: Array, *, apart: bool) -> Array:
    """Placement of first plans, leaning on `mixes`; by district, if they are told `apart`."""
    area = (
        Grouping(ages=PHASE),
        Grouping(need=True, ages=PHASE),
        Grouping(ages=SINGLE),
        Grouping(need=True, ages=SINGLE),
    )
    districts = (
        Grouping(district=True),
        Grouping(district=True, ages=PHASE),
        Grouping(district=True, need=True, ages=SINGLE),
    )
    found = pooled_rows(starts[:, :, :, None], mixes[:, :, :, None], districts if apart else area)
    return found[:, :, :, 0]


def _entering(
    moves: Array, starts: Array, rows: tuple[Array, Array], steered: list[int], chain: tuple[Grouping, ...]
) -> tuple[Array, Array]:
    """`rows` of moves and of first plans whose chances of entering each steered place are multiplied as counted."""
    seen, expected = (table[:, None] for table in (_entrants(moves, starts), _expected(moves, starts, rows)))
    ratio = np.ones(seen.shape)
    for to in steered:
        ratio[..., [to]] = pooled_rates(seen[..., [to]], expected[..., [to]], np.ones((1, 1, 1, 1)), chain)
    stays = np.eye(moves.shape[-1])
    changed = rows[0] * (1 - stays) * ratio[:, :, :, None]
    most = np.maximum(MOST_CHANGING, (rows[0] * (1 - stays)).sum(axis=-1, keepdims=True))
    changed = changed * np.minimum(1.0, most / np.maximum(changed.sum(axis=-1, keepdims=True), LEAST))
    moved = changed + (1 - changed.sum(axis=-1, keepdims=True)) * stays
    placed = rows[1] * ratio
    return np.asarray(moved), np.asarray(placed / placed.sum(axis=-1, keepdims=True))


def _entrants(moves: Array, starts: Array) -> Array:
    """Children who changed to each provision or began there: (district, nc_year, provision)."""
    return np.asarray((moves * (1 - np.eye(moves.shape[-1]))).sum(axis=(1, 3)) + starts.sum(axis=1))


def _expected(moves: Array, starts: Array, rows: tuple[Array, Array]) -> Array:
    """The same by `rows` of moves and of first plans."""
    return _entrants(moves.sum(axis=-1, keepdims=True) * rows[0], starts.sum(axis=-1, keepdims=True) * rows[1])


def doubt_of_entering(moves: Array, starts: Array, area: tuple[Array, Array], lent: xr.Dataset) -> Doubt:
    """Doubt about how many enter each steered provision, from another or with a first plan: by phase and provision.

    Parameters
    ----------
    moves, starts : see `placing`
    area : rows of the area: moves, and the placement of first plans
    """
    nation = (lent["move"].to_numpy(), lent["start_mix"].to_numpy())
    tables = [_entrants(moves, starts), *(_expected(moves, starts, rows) for rows in (area, nation))]
    by, shape = Grouping(district=True, ages=PHASE), (len(moves) - 1, len(PHASES), moves.shape[-1])
    parts = Doubt(np.zeros((1, *shape[1:])), np.ones(shape), np.zeros(shape), np.zeros(shape))
    for to in np.flatnonzero(lent["steered"]):
        seen, expected, usual = (known(by, table[:, None, :, [to]]) for table in tables)
        found = doubt(seen, expected, usual, WEIGHT)
        for field, part in vars(parts).items():
            part[..., to] = getattr(found, field)
    return Doubt(*(part.reshape(len(part), -1) for part in vars(parts).values()))
