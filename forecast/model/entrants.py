"""Factors on the entrants of steered provisions, and the room that the other destinations make for them.

What more entrants take is taken origin by origin from that origin's other destinations pro rata, at most
`MOST_TAKEN` of them, so that every child is somewhere.
"""

import numpy as np

from forecast.model.raking import Array

MOST_TAKEN = 0.95
"""Largest share of the other destinations that more entrants to a steered provision may take."""
_BY_DISTRICT = 6
"""Axes of (need, nc_year, draw, district, origin, steered): one product a district does all its draws."""


def entering_rows(move: Array, steered: list[int]) -> Array:
    """Rows of `move` into the steered provisions, from anywhere else: (..., provision, steered)."""
    entering = move[..., steered].copy()
    entering[..., steered, range(len(steered))] = 0
    return entering


def staying(move: Array) -> Array:
    """Chance of the same placement next January, given that the plan is kept: `cohort.LAYOUT`.

    Parameters
    ----------
    move : (need, nc_year, district, provision, to)
    """
    return np.diagonal(move, axis1=3, axis2=4)[:, :, None]


def taken(entering: Array, room: Array, factors: Array) -> tuple[Array, Array | None]:
    """Share of each origin's other destinations that the factors take, and the part of the factors that this lets act.

    Parameters
    ----------
    entering : (..., origin, steered)
        Probability of changing to each steered provision.
    room : (..., origin)
        Probability of all other destinations.
    factors : (..., steered)
        Multiples of `entering`; 1 takes nothing, below 1 gives back.

    Returns
    -------
    (..., origin) each; the part is None where everything acts in full.
    """
    wanted = _wanted(entering, factors - 1)
    share = np.divide(wanted, room, out=np.zeros_like(wanted), where=room > 0)
    short = (share > MOST_TAKEN) | ((room <= 0) & (wanted != 0))
    if not short.any():
        return share, None
    most = np.broadcast_to(room, wanted.shape)[short]
    part = np.ones_like(wanted)
    part[short] = np.divide(MOST_TAKEN * most, wanted[short], out=np.zeros_like(most), where=wanted[short] > 0)
    share[short] = np.where(most > 0, MOST_TAKEN, 0.0)
    return share, part


def _wanted(entering: Array, more: Array) -> Array:
    """What the factors would take from the other destinations: sum over steered of `entering` x `more`."""
    if entering.ndim == _BY_DISTRICT and entering.shape[2] == 1 and min(entering.shape[3], more.shape[3]) > 1:
        by_district = more.swapaxes(2, 3)
        return np.matmul(by_district, entering[:, :, 0].swapaxes(-1, -2)).swapaxes(2, 3)
    return np.asarray(np.matmul(entering, more[..., None])[..., 0])


def tilted_starts(mix: Array, steered: tuple[int, ...], factors: Array) -> Array:
    """Placement of starts with the factors in it; rows still sum to 1.

    Parameters
    ----------
    mix : (..., provision)
    factors : (..., steered)
    """
    positions = list(steered)
    others = [at for at in range(mix.shape[-1]) if at not in positions]
    share, part = taken(mix[..., None, positions], mix[..., None, others].sum(axis=-1), factors)
    act = factors - 1 if part is None else (factors - 1) * part
    out = np.empty(np.broadcast_shapes(mix.shape, (*factors.shape[:-1], mix.shape[-1])))
    out[..., positions] = mix[..., positions] * (1 + act)
    out[..., others] = mix[..., others] * (1 - share)
    return out
