"""Factors on the entrants of steered provisions, and the room that the other destinations make for them.

What more entrants take is taken origin by origin from that origin's other destinations pro rata, at most
`MOST_TAKEN` of them, so that every child is somewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.model.raking import Array

MOST_TAKEN = 0.95
"""Largest share of the other destinations that more entrants to a steered provision may take."""
_BY_DISTRICT = 6
"""Axes of (need, nc_year, draw, district, origin, steered): one product a district does all its draws."""


@dataclass(frozen=True)
class Ways:
    """Chances of each placement next January, whole and taken apart.

    The first three are (need, nc_year, district, provision, to), 0 where a column is not meant.
    """

    move: Array
    """To each provision; sums to 1."""
    into: Array
    """To each steered provision, from anywhere else."""
    onward: Array
    """To each provision that is not steered, the same one among them."""
    stay: Array
    """To the same provision, where that is steered: `cohort.LAYOUT`."""
    entering: Array
    """The steered columns of `into`."""
    room: Array
    """Sum of `onward`: `cohort.LAYOUT`."""


def ways(move: Array, steered: Sequence[int]) -> Ways:
    """Take the rows of one year apart.

    Parameters
    ----------
    move : (need, nc_year, district, provision, to)
    steered : positions of the steered provisions
    """
    move, acts = np.ascontiguousarray(move), np.isin(np.arange(move.shape[-1]), steered)
    into = move * (acts & ~np.eye(len(acts), dtype=bool))
    onward = move * ~acts
    return Ways(move, into, onward, staying(move) * acts, into[..., list(steered)], onward.sum(axis=-1)[:, :, None])


def staying(move: Array) -> Array:
    """Chance of the same placement next January, given that the plan is kept: `cohort.LAYOUT`.

    Parameters
    ----------
    move : (need, nc_year, district, provision, to)
    """
    return np.diagonal(move, axis1=3, axis2=4)[:, :, None]


def everywhere(factors: Array, steered: Sequence[int], provisions: int) -> Array:
    """Factors (..., steered) as (..., provision), 1 where none acts."""
    out = np.ones((*factors.shape[:-1], provisions))
    out[..., list(steered)] = factors
    return out


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
    some = room > 0
    share = _wanted(entering * np.divide(1, room, out=np.zeros_like(room), where=some)[..., None], factors - 1)
    short = share > MOST_TAKEN if share.max(initial=0) > MOST_TAKEN else None
    nowhere_else = ~some & (entering > 0).any(axis=-1)
    if nowhere_else.any():
        stuck = nowhere_else & (_wanted(entering, factors - 1) != 0)
        short = stuck if short is None else short | stuck
    if short is None or not short.any():
        return share, None
    part = np.ones_like(share)
    part[short] = np.divide(MOST_TAKEN, share[short], out=np.zeros_like(share[short]), where=share[short] > 0)
    share[short] = np.minimum(share[short], MOST_TAKEN)
    return share, part


def _wanted(entering: Array, more: Array) -> Array:
    """What the factors would take from the other destinations: sum over steered of `entering` x `more`."""
    if entering.ndim == _BY_DISTRICT and entering.shape[2] == 1:
        rows, by_district = entering[:, :, 0].swapaxes(-1, -2), more.swapaxes(2, 3)
        needs, ages, districts, draws = np.broadcast_shapes((*rows.shape[:3], 1), by_district.shape[:4])
        out = np.empty((needs, ages, draws, districts, rows.shape[-1]))
        np.matmul(by_district, rows, out=out.swapaxes(2, 3))
        return out
    return np.asarray(np.matmul(entering, more[..., None])[..., 0])


def placed(
    kept: Array, moving: Array, stay: Array, rows: Ways, factors: Array, found: tuple[Array, Array | None]
) -> Array:
    """Children kept, by next January's provision, at this January's year group: `cohort.LAYOUT`.

    Parameters
    ----------
    kept : `cohort.LAYOUT`
    moving, stay : of them, by `rows.into` and `rows.stay`
    factors : (need, nc_year, draw, district, provision), absent axes 1; see `everywhere`
    found : what they took and let act; see `taken`
    """
    share, part = found
    out = moving * factors
    if part is not None:
        _give_back(out, kept, rows.into, factors, part)
    moved = kept * share
    np.subtract(kept, moved, out=moved)
    out += product(moved, rows.onward)
    out += stay
    return out


def settled(kept: Array, stay: Array, rows: Ways, found: tuple[Array, Array | None], at: int) -> Array:
    """Children of `placed` who stay in the provision at a position: (need, nc_year, draw, district).

    Parameters
    ----------
    kept, stay, rows, found : as for `placed`
    """
    onward = rows.onward[..., at, at][:, :, None]
    return stay[..., at] + kept[..., at] * (1 - found[0][..., at]) * onward


def _give_back(out: Array, kept: Array, into: Array, factors: Array, part: Array) -> None:
    """Take from `out` what the factors did to children of origins where they act in part: few needs and ages."""
    at = np.nonzero((part < 1).any(axis=(2, 3, 4)))
    more = np.broadcast_to(factors, (*out.shape[:2], *factors.shape[2:]))[at] - 1
    out[at] -= more * product((kept[at] * (1 - part[at]))[None], into[at][None])[0]


def product(children: Array, rows: Array) -> Array:
    """Sum over origins of children in `cohort.LAYOUT` x rows (need, nc_year, district or 1, origin, to)."""
    needs, ages, draws, districts, origins = children.shape
    if rows.shape[2] == 1:
        flat = np.matmul(children.reshape(needs, ages, draws * districts, origins), rows[:, :, 0])
        return flat.reshape(needs, ages, draws, districts, rows.shape[-1])
    out = np.empty((needs, ages, draws, districts, rows.shape[-1]))
    np.matmul(children.transpose(0, 1, 3, 2, 4), rows, out=out.transpose(0, 1, 3, 2, 4))
    return out


def tilted_starts(mix: Array, steered: Sequence[int], factors: Array) -> Array:
    """Placement of starts with the factors in it; rows still sum to 1.

    Parameters
    ----------
    mix : (..., provision)
    factors : (..., steered)
    """
    positions, provisions = list(steered), mix.shape[-1]
    rest = mix * ~np.isin(np.arange(provisions), positions)
    share, part = taken(mix[..., None, positions], rest.sum(axis=-1)[..., None], factors)
    acting = factors if part is None else 1 + (factors - 1) * part
    out = mix * everywhere(acting, positions, provisions)
    out -= rest * share
    return out
