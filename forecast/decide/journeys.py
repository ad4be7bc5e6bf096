"""What an assignment means for children: how long they travel, how many too long, how many have no place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.decide.groups import Array, Groups
from forecast.places.travel import Journeys

FAR: Final = 0.9
"""Share of children whose journey is shorter than the long journey that is told."""
_NOBODY: Final = 1e-6
"""Fewer children than this are rounding of the solver."""

AT_ONCE: Final = 2**20
"""Draws x districts x places x points that are worked on together: they bound what is held in memory."""


@dataclass(frozen=True)
class Score:
    """One set of schools in every future. Minutes are one way; not a number where nobody is placed."""

    minutes: Array
    """Mean over the children placed: (draw)."""
    long: Array
    """Minutes that nine children in ten stay below: (draw)."""
    over: Array
    """Share of those placed who travel longer than their phase's limit: (draw, phase)."""
    longest: Array
    """The longest journey: (draw, phase)."""
    placed: Array
    """Children with a place: (draw, phase)."""
    taught: Array
    """Children at each place: (draw, place)."""
    left: Array
    """Children without a place, those aside whom no place takes: (draw, group)."""

    @property
    def without(self) -> Array:
        """Children without a place, those aside whom no place takes: (draw)."""
        return np.asarray(self.left.sum(axis=1))

    @property
    def over_in_all(self) -> Array:
        """Share of all children placed who travel longer than their limit: (draw)."""
        return _share(np.nansum(self.over * self.placed, axis=1), self.placed.sum(axis=1))

    @property
    def child_minutes(self) -> Array:
        """Minutes one way of all children together: (draw)."""
        return np.nan_to_num(self.minutes) * self.placed.sum(axis=1)


def scored(flows: Array, groups: Groups, journeys: Journeys, limits: Sequence[float]) -> Score:
    """Score the assignment of children to places.

    Parameters
    ----------
    flows : (draw, group, place)
        Children of each group at each place.
    limits : (phase)
        Minutes one way that are too long.
    """
    districts, places = journeys.mean.shape
    by_phase = np.zeros((len(flows), len(limits), districts, places))
    for group, flow in enumerate(flows.transpose(1, 0, 2)):
        by_phase[:, groups.phase[group], groups.district[group]] += flow
    placed = by_phase.sum(axis=(2, 3))
    too_far = np.stack([journeys.over(limit) for limit in limits])
    used = np.where(by_phase > _NOBODY, journeys.longest, -np.inf).max(axis=(2, 3))
    everyone, left = by_phase.sum(axis=1), groups.demand - flows.sum(axis=2)
    return Score(
        minutes=_share(_sum(everyone, journeys.mean), placed.sum(axis=1)),
        long=_quantile(everyone, journeys, FAR),
        over=_share(np.einsum("dpij,pij->dp", by_phase, too_far), placed),
        longest=np.where(np.isfinite(used), used, np.nan),
        placed=placed,
        taught=everyone.sum(axis=1),
        left=np.where(left > _NOBODY, left, 0),
    )


def _sum(children: Array, minutes: Array) -> Array:
    """Child-minutes by draw: children (draw, district, place) of `minutes` (district, place)."""
    return np.asarray(np.where(children > _NOBODY, children * np.nan_to_num(minutes), 0).sum(axis=(1, 2)))


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > _NOBODY)


def _quantile(children: Array, journeys: Journeys, share: float) -> Array:
    """Minutes that a share of the children stay below, every point of a district counting alike: (draw)."""
    points = journeys.minutes.shape[1]
    minutes = journeys.minutes.transpose(0, 2, 1).reshape(-1)
    order = np.argsort(minutes, kind="stable")
    pairs, flat, found = order // points, children.reshape(len(children), -1) / points, []
    at_once = max(AT_ONCE // len(order), 1)
    for first in range(0, len(flat), at_once):
        below = np.cumsum(flat[first : first + at_once, pairs], axis=1)
        at = (below < share * below[:, -1:] - _NOBODY).sum(axis=1)
        long = minutes[order][np.minimum(at, len(order) - 1)]
        found.append(np.where(below[:, -1] > _NOBODY, long, np.nan))
    return np.concatenate(found)
