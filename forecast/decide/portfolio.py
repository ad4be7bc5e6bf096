"""Which projects to fund: the set that leaves fewest children without a place, for what can be spent.

A set is judged by its shortage at P80: the children without a place that 8 futures in 10 stay at or below, once every
child is placed who can be. Where two sets leave as many, the cheaper is better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forecast.decide.choose import Options
from forecast.decide.groups import Array, Labels

Sets = NDArray[np.bool_]
"""Which options each set holds: (set, option)."""
MOST_SETS: Final = 4_096
"""Sets that are looked at one by one: all there are of twelve projects of one size each."""
CAUTION: Final = 0.8
"""Share of futures whose shortage a set is judged by."""
SAME: Final = 1e-6
"""Children: a smaller difference is none."""


@dataclass(frozen=True)
class Bundle:
    """A set of projects, and what it leaves short."""

    built: Labels
    """Positions of its options, in rising order."""
    capital: float
    """Pounds."""
    short: float
    """Children without a place, at P80."""
    mean: float
    """The same, the mean of all futures."""


@dataclass(frozen=True)
class Portfolio:
    """What each sum of money can do."""

    steps: tuple[Bundle, ...]
    """From nothing built, by rising capital: each is the least that leaves so few children short."""
    exact: bool
    """Whether every set was looked at; else a better one may have been missed."""
    looked_at: int
    """Sets that were tried."""

    def best(self, budget: float) -> Bundle:
        """The set that a budget buys: the last step within it."""
        return [step for step in self.steps if step.capital <= budget][-1]


Judge: TypeAlias = Callable[[Sets], list[Bundle]]
"""What each set leaves short."""


def frontier(options: Options, short: Callable[[Sets], Array], budget: float = np.inf) -> Portfolio:
    """Capital -> least shortage, step by step, past a budget too: what more money would do.

    Every set is tried where there are no more than `MOST_SETS`. Otherwise the next step is the option, added or put
    in another's place, that relieves most children a pound, and each step is then bettered by swaps as far as they go;
    once within the budget, so that it is well spent, and once without one.

    Parameters
    ----------
    short : children without a place, (set, draw), with the options of each set, (set, option), built
    budget : pounds; where every set is tried it changes nothing

    Returns
    -------
    The first step builds nothing.
    """
    sites = _by_site(options)
    number = int(np.prod([len(site) + 1 for site in sites], dtype=float))
    known: dict[bytes, Bundle] = {}
    judge = _judge(options, short, known)
    if number <= MOST_SETS:
        bundles = judge(_all_sets(sites, len(options.size)))
        return Portfolio(_steps(bundles), exact=True, looked_at=len(bundles))
    bundles = _climb(sites, options, judge, budget)
    if np.isfinite(budget):
        bundles += _climb(sites, options, judge, np.inf)
    return Portfolio(_steps(bundles), exact=False, looked_at=len(known))


def _judge(options: Options, short: Callable[[Sets], Array], known: dict[bytes, Bundle]) -> Judge:
    """What sets leave short, each tried once: `known` is what has been tried."""

    def judge(sets: Sets) -> list[Bundle]:
        new = [row for row in np.unique(sets, axis=0) if row.tobytes() not in known]
        for row, left in zip(new, short(np.array(new)) if new else (), strict=True):
            built, capital = np.flatnonzero(row), float(options.capital[row].sum())
            known[row.tobytes()] = Bundle(built, capital, float(np.quantile(left, CAUTION)), float(left.mean()))
        return [known[row.tobytes()] for row in sets]

    return judge


def _by_site(options: Options) -> list[list[int]]:
    """Positions of the options of each site."""
    return [np.flatnonzero(options.place == site).tolist() for site in np.unique(options.place)]


def _all_sets(sites: Sequence[Sequence[int]], options: int) -> Sets:
    """Every set with at most one size a site."""
    chosen = list(product(*([None, *site] for site in sites)))
    sets = np.zeros((len(chosen), options), dtype=bool)
    for row, picks in zip(sets, chosen, strict=True):
        row[[pick for pick in picks if pick is not None]] = True
    return sets


def _steps(bundles: Sequence[Bundle]) -> tuple[Bundle, ...]:
    """Bundles that no cheaper one equals, by rising capital."""
    steps: list[Bundle] = []
    for bundle in sorted(bundles, key=lambda each: (each.capital, each.short, each.mean, each.built.tolist())):
        if not steps or bundle.short < steps[-1].short - SAME:
            steps.append(bundle)
    return tuple(steps)


def _climb(sites: Sequence[Sequence[int]], options: Options, judge: Judge, budget: float) -> list[Bundle]:
    """One option more at a time, the one that relieves most a pound, bettering each set by swaps on the way."""
    now = judge(np.zeros((1, len(options.size)), dtype=bool))[0]
    found = [now]
    while True:
        further = [each for each in judge(_next_to(now, sites, options)) if now.capital < each.capital <= budget]
        if not further:
            return found
        best = max(further, key=lambda each: (_relief(now, each), -each.capital))
        if _relief(now, best) <= 0:
            return found
        now = _bettered(best, sites, options, judge)
        found.append(now)


def _bettered(bundle: Bundle, sites: Sequence[Sequence[int]], options: Options, judge: Judge) -> Bundle:
    """The best that can be reached by swaps that cost no more."""
    while True:
        others = [each for each in judge(_next_to(bundle, sites, options)) if each.capital <= bundle.capital]
        better = min(others, key=_rank, default=bundle)
        if _rank(better) >= _rank(bundle):
            return bundle
        bundle = better


def _rank(bundle: Bundle) -> tuple[float, float, float]:
    """Fewest short first, then cheapest; the mean settles what is left."""
    return round(bundle.short, 6), bundle.capital, round(bundle.mean, 6)


def _relief(now: Bundle, then: Bundle) -> float:
    """Children relieved a pound: at P80 first, and in the mean where that does not move."""
    pounds = then.capital - now.capital
    return ((now.short - then.short) + (now.mean - then.mean) / 1_000) / pounds


def _next_to(bundle: Bundle, sites: Sequence[Sequence[int]], options: Options) -> Sets:
    """Sets that differ from a bundle by one site's size, or by the sizes of two sites one of which it builds on."""
    row = np.zeros(len(options.size), dtype=bool)
    row[bundle.built] = True
    singles = [_with(row, site, pick) for site in sites for pick in (None, *site)]
    held = [site for site in sites if row[site].any()]
    pairs = [_with(_with(row, old, None), new, pick) for old in held for new in sites if new is not old for pick in new]
    return np.unique(np.array([*singles, *pairs]), axis=0)


def _with(row: NDArray[np.bool_], site: Sequence[int], pick: int | None) -> NDArray[np.bool_]:
    """A set with this size at a site, or none."""
    changed = row.copy()
    changed[list(site)] = False
    if pick is not None:
        changed[pick] = True
    return changed
