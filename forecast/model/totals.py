"""What steering may look at: children of a year summed over the area, in each draw."""

from dataclasses import dataclass

import numpy as np

from forecast.model.raking import Array


@dataclass(frozen=True)
class Totals:
    """What steering may look at, each summed over the area, in this year before any factor acts."""

    year: int
    carried: Array
    """Children kept and arrived: (draw)."""
    starts: Array
    """First plans: (draw)."""
    stay: Array
    """Children who stay in or arrive at each steered provision: (draw, steered)."""
    moving: Array
    """Children with a plan who would change to each: (draw, steered)."""
    starting: Array
    """Starts that would be placed in each: (draw, steered)."""


def moving_of(moving: Array, tilt: Array) -> Array:
    """Children who would change to each provision, the oldest left out: (draw, provision).

    Parameters
    ----------
    moving : (need, nc_year, draw, district, provision)
    tilt : the same axes, absent axes 1
        Multiples of entrants that are there before steering.
    """
    if _of_whole_area(tilt):
        return by_draw(moving[:, :-1]) * tilt[0, 0, :, 0]
    tilt = tilt if tilt.shape[1] == 1 else tilt[:, :-1]
    if tilt.shape[0] == 1:
        return by_draw(moving[:, :-1].sum(axis=0, keepdims=True) * tilt)
    return by_draw(moving[:, :-1] * tilt)


def starting_of(starts: Array, mix: Array, tilt: Array) -> Array:
    """First plans that would be placed in each steered provision: (draw, steered).

    Parameters
    ----------
    starts : (need, nc_year, draw, district)
    mix, tilt : (need, nc_year, draw, district, steered), absent axes 1
    """
    if mix.shape[2] == tilt.shape[0] == 1:
        of_all_needs = np.matmul(starts.transpose(1, 3, 2, 0), mix[:, :, 0].transpose(1, 2, 0, 3))
        return by_draw(of_all_needs.swapaxes(1, 2)[None] * tilt)
    return np.asarray(np.einsum("nabd,nabdq->bq", starts, mix * tilt))


def _of_whole_area(tilt: Array) -> bool:
    """Whether multiples are the same for every need, age and district."""
    return tilt.shape[:2] == (1, 1) and tilt.shape[3] == 1


def by_draw(children: Array) -> Array:
    """Sum over need, nc_year and district of (need, nc_year, draw, district, ...)."""
    return np.asarray(children.sum(axis=(0, 1)).sum(axis=1))
