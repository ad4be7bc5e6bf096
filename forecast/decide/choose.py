"""Which sites to build on, and how big: the cheapest way to place children, as a mixed-integer programme.

Every child is assigned to a place within room, needs, ages and catchment, or left without one at a price; every
site is built at one of its sizes or not at all. Solved by scipy's HiGHS to a proved optimum, or to a stated gap.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from forecast.decide.assign import NotSolved, Pairs, pairs_of
from forecast.decide.groups import Array, Labels, Places

GAP: Final = 1e-6
"""Relative gap between the plan's cost and the least there can be, at which the search stops."""
SECONDS: Final = 30.0
"""Time for the search; the plan found by then is the answer, with its gap."""
_SETTINGS: Final = {"mip_rel_gap": GAP, "time_limit": SECONDS}
_THOUSAND: Final = 1_000.0
"""Pounds enter the solver by the thousand, so that its tolerances, which are absolute, are small beside them."""
_TOLD: Final = 1e-4
"""A gap smaller than this is not worth a word."""


@dataclass(frozen=True)
class Options:
    """Sites at sizes, each of which may be built or not."""

    place: Labels
    """Position of the site among the places: (option)."""
    size: Array
    """Places: (option)."""
    capital: Array
    """Pounds, once: (option)."""
    yearly: Array
    """Pounds a year for having it, full or empty: (option)."""

    def capacity(self, built: Labels, places: int) -> Array:
        """Places that the options `built` give at each site: (place)."""
        return np.asarray(np.bincount(self.place[built], weights=self.size[built], minlength=places), dtype=np.float64)


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to."""

    budget: float = np.inf
    """Pounds of capital."""
    sites: int | None = None
    """Sites at most; as many as wanted if None."""


@dataclass(frozen=True)
class Choice:
    """The options to build."""

    built: Labels
    """Positions of the options, in rising order."""
    pounds: float
    """Cost a year of the plan: of what is built, of children placed, and of those left out."""
    gap: float
    """Share of the cost that a better plan might save, as far as was proved; 0 below a ten-thousandth."""


def cheapest(
    demand: Array,
    capacity: Array,
    eligible: Places,
    pounds: Array,
    left_out: Array,
    options: Options,
    limits: Limits | None = None,
) -> Choice:
    """The sites and sizes of least cost a year.

    Parameters
    ----------
    demand : (group)
        Children.
    capacity : (place)
        Places open without any option.
    eligible : (group, place)
        Whether the place takes them.
    pounds : (group, place)
        Pounds a year for a child there; read only where eligible.
    left_out : (group)
        Pounds a year for a child without a place.

    Raises
    ------
    NotSolved
        The solver gave up before it had any plan.
    """
    limits, pairs, choices = limits or Limits(), pairs_of(eligible), len(options.size)
    cost = np.concatenate([pounds[pairs.group, pairs.place] - left_out[pairs.group], options.yearly]) / _THOUSAND
    whole = np.concatenate([np.zeros(len(pairs.group)), np.ones(choices)])
    rules = [_room(demand, capacity, pairs, options), _choice(pairs, options, limits)]
    most = np.concatenate([np.full(len(pairs.group), np.inf), np.ones(choices)])
    found = milp(cost, integrality=whole, bounds=Bounds(0, most), constraints=rules, options=_SETTINGS)
    if found.x is None:
        raise NotSolved(found.message)
    nobody_placed = float(left_out @ demand)
    total, least = (float(of_plan) * _THOUSAND + nobody_placed for of_plan in (found.fun, found.mip_dual_bound))
    return Choice(np.flatnonzero(found.x[len(pairs.group) :] > 1 / 2), total, _gap(total, least))


def _gap(total: float, least: float) -> float:
    """Share of a cost that a better plan might save; 0 where it is not worth a word."""
    gap = max(total - least, 0.0) / max(abs(total), 1.0)
    return gap if gap > _TOLD else 0.0


def _room(demand: Array, capacity: Array, pairs: Pairs, options: Options) -> LinearConstraint:
    """No group sends more than its children, and no place takes more than it has, or will have if built."""
    sizes = sparse.csr_array(
        (-options.size, (pairs.groups + options.place, np.arange(len(options.size)))),
        shape=(pairs.groups + pairs.places, len(options.size)),
    )
    room = sparse.hstack([pairs.within, sizes], format="csr")
    return LinearConstraint(room, -np.inf, np.concatenate([demand, capacity]))


def _choice(pairs: Pairs, options: Options, limits: Limits) -> LinearConstraint:
    """One size a site, within the budget, on no more sites than allowed."""
    flows, choices = len(pairs.group), len(options.size)
    sites = np.unique(options.place)
    rows = [(options.place == site).astype(float) for site in sites]
    most = [1.0] * len(sites)
    if np.isfinite(limits.budget):
        rows.append(options.capital / _THOUSAND)
        most.append(limits.budget / _THOUSAND)
    if limits.sites is not None:
        rows.append(np.ones(choices))
        most.append(float(limits.sites))
    table = sparse.hstack([sparse.csr_array((len(rows), flows)), sparse.csr_array(np.stack(rows))], format="csr")
    return LinearConstraint(table, -np.inf, np.array(most))
