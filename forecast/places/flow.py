"""Children to places when each group may use some places only: how few go without, and who, shared fairly.

Groups with the same rights stand as one, and places that the same groups may use stand as one. The children without
a place are, at the least, those of some groups less the places that these may use, for the groups where this is most
(Hall, 1935; the same by maximum flow and minimum cut). Which children they are is a choice, and the fairest is made:
no group's share of children without a place can be made smaller but at the cost of a group whose share is as large
or larger (the lexicographically optimal flow of Megiddo, 1974), so equal claims lose equal shares.

Fractions of a child or of a place are taken as they come, and nothing is rounded. Pure arrays: a problem is one
future and year, and any number of them are solved side by side.
"""

from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array
from forecast.places.cuts import Mask, lies_in, parts, unions, worst_sets

Labels = NDArray[np.intp]
Numbers = NDArray[np.integer | np.floating]
NOBODY: Final = 1e-6
"""Children: less than this is left by adding and dividing, and is no child without a place."""
_FIRST_LOOK: Final = 50
"""One problem in so many is solved first: the unions that prove too small in it are those of most others."""


def unmet(demand: Numbers, eligible: Mask, capacity: Numbers) -> Array:
    """Children left without a place: as few as can be, and fairly shared.

    Parameters
    ----------
    demand : (..., group)
        Children, 0 or more.
    eligible : (group, place)
        Whether children of the group may use the place.
    capacity : (..., place)
        Places, 0 or more; the axes before the last are those of `demand` or of length 1.

    Returns
    -------
    (..., group)
        Children. A group that may use no place is wholly without.
    """
    of_group, of_place, may = _merged(eligible)
    lead = np.broadcast_shapes(demand.shape[:-1], capacity.shape[:-1])
    claims, room = _flat(_summed(demand, of_group), lead), _flat(_summed(capacity, of_place), lead)
    lost = _shares_lost(claims, may, room).reshape(*lead, -1)
    return np.asarray(demand * np.take(lost, of_group, axis=-1))


def least_unmet(demand: Numbers, eligible: Mask, capacity: Numbers) -> Array:
    """Children left without a place, at the least: only their number, (...); arguments as for `unmet`."""
    of_group, of_place, may = _merged(eligible)
    lead = np.broadcast_shapes(demand.shape[:-1], capacity.shape[:-1])
    claims, room = _flat(_summed(demand, of_group), lead), _flat(_summed(capacity, of_place), lead)
    total = claims[:, ~may.any(axis=1)].sum(axis=1)
    for group, place in parts(may):
        total += _least(claims[:, group], may[np.ix_(group, place)], room[:, place])
    return np.where(total > NOBODY, total, 0.0).reshape(lead)


def relieved(demand: Numbers, eligible: Mask, capacity: Numbers, who: Mask) -> Array:
    """Children fewer without a place if one more place row without limit were open to the groups `who`: (...).

    With N places instead of no limit, min(N, this) children fewer are without: the most that can be placed is the
    smaller of two cuts, one of which grows by a child with each new place, while the other does not.

    Parameters
    ----------
    demand, eligible, capacity : as for `unmet`
    who : (group)
        Groups that may use the new places. Their leaving other places helps others too, and counts.
    """
    others = np.where(who, 0, demand)
    return np.maximum(least_unmet(demand, eligible, capacity) - least_unmet(others, eligible, capacity), 0)


def _merged(eligible: Mask) -> tuple[Labels, Labels, Mask]:
    """Number of the merged group of each group, and of the merged place of each place; and which may use which."""
    rights, of_group = np.unique(eligible, axis=0, return_inverse=True)
    users, of_place = np.unique(rights.T, axis=0, return_inverse=True)
    return of_group.reshape(-1), of_place.reshape(-1), users.T


def _summed(values: Numbers, merged: Labels) -> Array:
    """(..., last) summed over those that stand as one; no matrix product, which is slow where threads compete."""
    order = np.argsort(merged, kind="stable")
    firsts = np.flatnonzero(np.diff(merged[order], prepend=-1))
    if not firsts.size:
        return np.zeros(values.shape)
    return np.asarray(np.add.reduceat(values[..., order], firsts, axis=-1), dtype=float)


def _flat(values: Array, lead: tuple[int, ...]) -> Array:
    """(..., last) as (problem, last)."""
    return np.broadcast_to(values, (*lead, values.shape[-1])).reshape(prod(lead), values.shape[-1])


def _shares_lost(claims: Array, may: Mask, room: Array) -> Array:
    """Share of each group's children without a place, 0 to 1: (problem, group)."""
    lost = np.where(may.any(axis=1), 0.0, np.ones_like(claims))
    for group, place in parts(may):
        lost[:, group] = 1 - _placed(claims[:, group], may[np.ix_(group, place)], room[:, place])
    return lost


def _least(claims: Array, may: Mask, room: Array) -> Array:
    """Children without a place, at the least, in one part of the network: (problem)."""
    return _over(claims, may, room, worst_sets(claims, room, may, unions(may)))


def _placed(claims: Array, may: Mask, room: Array) -> Array:
    """Share of each group's children with a place, 0 to 1, in one part of the network: (problem, group).

    Shares that are fair among some unions, if no union is too small for them, are fair among all. So a few unions
    are enough: those of single groups to begin with, and then each that proves too small.
    """
    every, some, placed = unions(may), np.unique(may, axis=0), np.ones_like(claims)
    for look in (_FIRST_LOOK, 1):
        at = np.arange(len(claims))[::look]
        while at.size:
            placed[at] = _filled(claims[at], room[at] @ some.T, lies_in(may, some))
            held = claims[at] * placed[at]
            worst = worst_sets(held, room[at], may, every)
            over = _over(held, may, room[at], worst) > 2 * NOBODY
            at, some = at[over], np.unique(np.concatenate([some, worst[over]]), axis=0)
    return placed


def _over(claims: Array, may: Mask, room: Array, spans: Mask) -> Array:
    """Children who may use no place outside a set, one set a problem, less the places in it: (problem)."""
    return np.asarray((claims * lies_in(may, spans)).sum(axis=1) - (room * spans).sum(axis=1))


def _filled(claims: Array, room: Array, inside: Mask) -> Array:
    """Raise every group's share placed together, and hold each group where a set that it lies in is full.

    Only sets that fall short by themselves can fill up, so the others are left out.

    Parameters
    ----------
    claims : (problem, group)
        Children.
    room : (problem, union)
        Places in each union.
    inside : (union, group)
        Whether the group has no place outside the union.
    """
    placed, into = np.ones_like(claims), inside.T.astype(float)
    short = claims @ into > room + NOBODY
    at, few = np.flatnonzero(short.any(axis=1)), short.any(axis=0)
    left, room, inside, into = claims[at], room[np.ix_(at, few)], inside[few], into[:, few]
    while at.size:
        wanted = left @ into
        level = np.divide(room, wanted, out=np.ones_like(room), where=wanted > room + NOBODY)
        first = level.argmin(axis=1)
        share = np.take_along_axis(level, first[:, None], axis=1)
        on = share[:, 0] < 1
        at, left, room, share, full = at[on], left[on], room[on], share[on], inside[first[on]]
        placed[at] = np.where(full & (left > 0), share, placed[at])
        room = np.maximum(room - (left * full * share) @ into, 0)
        left = np.where(full, 0, left)
    return placed
