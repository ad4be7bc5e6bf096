"""Children assigned to places: as many as there is room for, and then by the least travel.

A transportation problem, solved exactly as a linear programme (scipy's HiGHS). A place that takes a child never
stays empty while the child has none: leaving a child out is dearer than any rearrangement of journeys.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from forecast.decide.groups import Array, Labels, Places
from forecast.errors import ForecastError

_QUICK: Final = {"presolve": False}
"""Problems this small are solved sooner than simplified."""


class NotSolved(ForecastError):
    """The solver gave up, which a sound problem gives no cause for."""

    def __init__(self, said: str) -> None:
        super().__init__(f"No assignment was found ({said}); look for absurd sizes, costs or minutes in the inputs.")


@dataclass(frozen=True)
class Pairs:
    """Groups and the places that they may go to, pair by pair."""

    group: Labels
    place: Labels
    groups: int
    places: int

    @property
    def within(self) -> "sparse.csr_array":
        """Rows that add up each group's children, then each place's: (group and place, pair)."""
        pairs = np.arange(len(self.group))
        rows = np.concatenate([self.group, self.groups + self.place])
        shape = (self.groups + self.places, len(pairs))
        return sparse.csr_array((np.ones(2 * len(pairs)), (rows, np.tile(pairs, 2))), shape=shape)


def pairs_of(eligible: Places) -> Pairs:
    """Pairs in which a place takes a group: `eligible` is (group, place)."""
    group, place = np.nonzero(eligible)
    return Pairs(group, place, *eligible.shape)


def assigned(demand: Array, capacity: Array, eligible: Places, minutes: Array) -> Array:
    """Children of each group at each place, draw by draw: (draw, group, place).

    The most children who can have a place, and among the ways to place as many the one of least travel in all.

    Parameters
    ----------
    demand : (draw, group)
        Children.
    capacity : (draw, place)
        Places open.
    eligible : (group, place)
        Whether the place takes them.
    minutes : (group, place)
        One way; read only where eligible.

    Raises
    ------
    NotSolved
        The solver gave up.
    """
    pairs, flows = pairs_of(eligible), np.zeros((len(demand), *eligible.shape))
    if not len(pairs.group):
        return flows
    within, cost = pairs.within, _cost(minutes[pairs.group, pairs.place], pairs.places)
    for draw, room in enumerate(np.concatenate([demand, capacity], axis=1)):
        found = linprog(cost, A_ub=within, b_ub=room, method="highs", options=_QUICK)
        if found.x is None:
            raise NotSolved(found.message)
        flows[draw, pairs.group, pairs.place] = found.x
    return flows


def _cost(minutes: Array, places: int) -> Array:
    """Minutes less what a placed child is worth: more than any chain of moves through all places could save."""
    longest = max(float(minutes.max()), 1.0)
    return minutes / longest - (places + 1)
