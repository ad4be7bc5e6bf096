"""Where to build, and how big: a plan made for a middling and for a cautious future, then tried in every future.

The plan for P50 is the cheapest where the total of children is its median, the one for P80 where it is enough in
8 futures of 10. Each is then held fixed, and children are assigned anew in every draw; so is what there is anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from forecast.decide.assign import assigned
from forecast.decide.choose import Choice, Limits, Options, cheapest
from forecast.decide.groups import Array, Groups, Labels
from forecast.decide.journeys import Score, scored
from forecast.errors import ForecastError
from forecast.places.travel import Journeys

AS_IT_IS: Final = "as it is"
"""Label of what is there, or on its way, without any candidate."""
NOTHING: Final = Choice(np.empty(0, dtype=np.int64), 0.0, 0.0)
"""The plan that builds nothing; its cost is not worked out."""
SCENARIOS: Final = {"P50": 0.5, "P80": 0.8}
"""Plan -> quantile of the total number of children that it is made for."""


class BudgetTooSmall(ForecastError):
    """A budget that pays for no candidate at any size."""

    def __init__(self, budget: float, name: str, size: float, pounds: float) -> None:
        super().__init__(
            f"A budget of £{budget:,.0f} pays for none of the candidates; the cheapest is {name} with {size:.0f} "
            f"places at £{pounds:,.0f}: give a budget of at least that, or add a smaller size to the candidates."
        )


@dataclass(frozen=True)
class Worth:
    """What is weighed against buildings: real pounds a year."""

    without: Array
    """A child without one of these places: an independent place instead, less the state one: (group)."""
    empty: Array
    """A place that stands empty: (place)."""
    minute: float
    """A minute of one child's journey one way, made twice every school day."""


@dataclass(frozen=True)
class Tried:
    """What comes of a set of schools in every future."""

    score: Score
    costs: Mapping[str, Array]
    """Pounds a year by what they go on: (draw) each. Running costs that every plan has alike are left out."""

    @property
    def cost(self) -> Array:
        """Pounds a year in all: (draw)."""
        return np.sum(list(self.costs.values()), axis=0)


@dataclass(frozen=True)
class Plan:
    """Sites to build on, and what comes of it."""

    built: Labels
    """Positions of the options chosen; none for what is there anyway."""
    capital: float
    """Pounds, once."""
    gap: float
    """Share of the cost that a better plan might save, as far as was proved; 0 below a ten-thousandth."""
    tried: Tried


def site_schools(
    groups: Groups,
    open_places: Array,
    journeys: Journeys,
    limits: Sequence[float],
    options: Options,
    names: Sequence[str],
    worth: Worth,
    *,
    keep_to: Limits | None = None,
) -> dict[str, Plan]:
    """Choose sites and sizes, and try the choice in every future: `AS_IT_IS` and the names of `SCENARIOS` -> plan.

    Parameters
    ----------
    open_places : (draw, place)
        Places open without any candidate: 0 at a candidate's site.
    limits : (phase)
        Minutes one way that are too long.
    names : name of each place, for what is said of a budget

    Raises
    ------
    BudgetTooSmall, NotSolved
        The budget pays for nothing; the solver gave up.
    """
    keep_to = keep_to or Limits()
    affordable(options, names, keep_to.budget)
    chosen, usual = {AS_IT_IS: NOTHING}, open_places.mean(axis=0)
    for name, quantile in SCENARIOS.items():
        chosen[name] = _chosen(groups, groups.at(quantile), usual, journeys, options, worth, keep_to)
    tried: dict[tuple[int, ...], Tried] = {}
    for choice in chosen.values():
        if (key := tuple(choice.built)) not in tried:
            capacity = open_places + options.capacity(choice.built, len(names))
            tried[key] = _tried(groups, capacity, journeys, limits, options.yearly[choice.built].sum(), worth)
    return {
        name: Plan(choice.built, float(options.capital[choice.built].sum()), choice.gap, tried[tuple(choice.built)])
        for name, choice in chosen.items()
    }


def _chosen(
    groups: Groups,
    demand: Array,
    capacity: Array,
    journeys: Journeys,
    options: Options,
    worth: Worth,
    keep_to: Limits,
) -> Choice:
    """The cheapest plan for one future: `demand` (group), and `capacity` (place) without any candidate."""
    with_empty = replace(options, yearly=options.yearly + worth.empty[options.place] * options.size)
    pounds = journeys.mean[groups.district] * worth.minute - worth.empty
    return cheapest(demand, capacity, groups.eligible, pounds, worth.without, with_empty, keep_to)


def _tried(
    groups: Groups, capacity: Array, journeys: Journeys, limits: Sequence[float], yearly: float, worth: Worth
) -> Tried:
    """Children assigned anew in every future, with `capacity` (draw, place) fixed."""
    minutes = journeys.mean[groups.district]
    score = scored(assigned(groups.demand, capacity, groups.eligible, minutes), groups, journeys, limits)
    costs = {
        "buildings": np.full(len(capacity), float(yearly)),
        "empty places": np.maximum(capacity - score.taught, 0) @ worth.empty,
        "journeys": worth.minute * score.child_minutes,
        "children without a place": score.left @ worth.without,
    }
    return Tried(score, costs)


def affordable(options: Options, names: Sequence[str], budget: float) -> None:
    """Refuse a budget that pays for nothing.

    Parameters
    ----------
    names : name of each place
    budget : pounds

    Raises
    ------
    BudgetTooSmall
        Every option costs more.
    """
    at = int(np.argmin(options.capital))
    if options.capital[at] > budget:
        raise BudgetTooSmall(budget, names[options.place[at]], options.size[at], options.capital[at])
