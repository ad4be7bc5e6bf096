"""How far children of a kind of place travel to it, if those who live nearest to a school are the ones who go there.

Homes are not known: each district is a set of points spread evenly over its outline (`places.travel`).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array

KILOMETRES_A_MILE: Final = 1.609344
"""By definition, since 1959."""


@dataclass(frozen=True)
class Miles:
    """Journeys by road, one way, to the area's own places of a kind."""

    mean: Array
    """Miles a child; not a number where nobody is placed: (draw, year)."""
    share: float
    """Share of those places, over all draws and years, at schools whose coordinates are known."""


def miles(children: NDArray[np.integer], places: Array, kilometres: Array) -> Miles:
    """Miles one way of children placed, the nearest pairs of district and school first.

    Those whom an over-full kind of place has besides are taken to be at the nearest school that is open.

    Parameters
    ----------
    children : (draw, year, district)
        Placed in this kind of place, wherever the school.
    places : (draw, year, place)
        Places open at each school.
    kilometres : (district, place)
        By road; not a number where a school's coordinates are not known: it takes its share of every district.
    """
    known = ~np.isnan(kilometres[0])
    open_at, everywhere = places[..., known], places.sum(axis=2)
    share = np.divide(open_at.sum(axis=2), everywhere, out=np.zeros_like(everywhere), where=everywhere > 0)
    left, room = children * share[..., None], open_at.copy()
    total, placed = np.zeros(left.shape[:2]), np.zeros(left.shape[:2])
    is_open = open_at > 0
    for past_places in (False, True):
        for district, school in _by_distance(kilometres[:, known]):
            most = np.where(is_open[..., school], np.inf, 0.0) if past_places else room[..., school]
            goes = np.minimum(left[..., district], most)
            left[..., district] -= goes
            room[..., school] -= goes
            total += goes * kilometres[:, known][district, school]
            placed += goes
    mean = np.divide(total / KILOMETRES_A_MILE, placed, out=np.full_like(total, np.nan), where=placed > 0)
    return Miles(mean, float(open_at.sum() / places.sum()) if places.sum() else 0.0)


def _by_distance(kilometres: Array) -> list[tuple[int, int]]:
    """Pairs of district and school, the nearest first."""
    order = np.argsort(kilometres, axis=None, kind="stable")
    return [(int(at // kilometres.shape[1]), int(at % kilometres.shape[1])) for at in order]
