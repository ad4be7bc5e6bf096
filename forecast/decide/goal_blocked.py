"""Why levers do not reach an aim: what the most is that they reach, and what binds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from forecast.decide.goal_levers import FINE, Levers, Sought
from forecast.decide.goal_runs import Outcome, Runs
from forecast.decide.goal_ways import Way, away, fitted, reached, relative, shortest, through
from forecast.decide.seek import Steps, least, mixes, onwards
from forecast.scenario.bases import TooFewToFill

UNMOVED: Final = 0.001
"""Part of a miss by which levers must lessen it to be said to move it."""


class Binds(StrEnum):
    """What keeps an aim from being reached."""

    BOUND = "bound"
    """How far a lever may go: farther it would be reached."""
    AIM = "aim"
    """Another aim, which would no longer be met."""
    YEAR = "year"
    """The year: later it would be reached."""
    LEVERS = "levers"
    """The levers themselves: as far as their kind allows it is not reached in the years of the forecast."""
    UNMOVED = "unmoved"
    """The levers do not move it, or the wrong way."""


@dataclass(frozen=True, eq=False)
class Blocked:
    """Why nothing reaches the aims."""

    aim: int
    """Position of the aim that stays farthest from being met."""
    best: Outcome
    """The nearest that the levers come, in all futures, while every aim stays met that was met at the start."""
    binds: Binds
    other: int | None = None
    """Position of the aim that binds."""
    without: Outcome | None = None
    """What it would take if that other aim were dropped."""
    farther: Steps | None = None
    """Settings past the bounds, in steps, that would reach, in a few futures."""
    widened: Levers | None = None
    """Levers whose bounds are as wide as their kind allows, of which `farther` is."""
    later: int | None = None
    """First later January in which it is reached as nearly as the levers come."""


def blocked(runs: Runs) -> Blocked:
    """Why nothing reaches the aims, once nothing has."""
    needed, start = away(runs), runs.misses((0,) * len(runs.levers.sought))
    best = _nearest(runs)
    if (against := _against(runs, needed)) is not None:
        aim, other, without = against
        return Blocked(aim, best, Binds.AIM, other=other, without=without)
    misses = runs.misses(best.steps)
    aim = max(needed, key=lambda at: misses[at] / start[at])
    found = Blocked(aim, best, Binds.LEVERS)
    if misses[aim] > start[aim] * (1 - UNMOVED):
        return replace(found, binds=Binds.UNMOVED)
    wider = _widened(runs)
    if wider is not None and (farther := _farther(runs, wider)) is not None:
        return replace(found, binds=Binds.BOUND, farther=farther, widened=wider)
    later = _later(runs, best, aim)
    return found if later is None else replace(found, binds=Binds.YEAR, later=later)


def _against(runs: Runs, needed: Sequence[int]) -> tuple[int, int, Outcome] | None:
    """An aim that can be reached, another that is then missed, and what comes of it; None where none can be."""
    for aims in dict.fromkeys([tuple(needed), *((at,) for at in needed)]):
        found = _despite(runs, aims)
        others = [] if found is None else [at for at, miss in enumerate(runs.misses(found)) if miss > 0]
        if found is not None and others:
            return aims[0], others[0], runs.outcome(found)
    return None


def _nearest(runs: Runs) -> Outcome:
    """The nearest that levers come to the aims that are missed, the others staying met: on the fit, then by runs."""
    needed, start = away(runs), np.array(runs.misses((0,) * len(runs.levers.sought)))
    kept = [at for at in range(len(start)) if at not in needed]
    grid = mixes(runs.levers.ends)
    found = fitted(runs).at(grid.steps)
    worst = (found[:, needed] / start[needed]).max(axis=1)
    best = tuple(grid.steps[np.where(reached(found, kept), worst, np.inf).argmin()].tolist())
    if not any(best):
        return runs.outcome(best)
    way, at = through(best, runs.levers.ends)
    miss = relative(runs, kept, few=False)
    if miss(way.at(at)) > 0:  # the fit was too hopeful: back towards the start, where these aims are met
        at -= least(lambda back: miss(way.at(at - back)), 0, at)
    return runs.outcome(way.at(at))


def _despite(runs: Runs, aims: Sequence[int]) -> Steps | None:
    """Settings that reach some aims in all futures, whatever becomes of the others; None where none do."""
    grid = mixes(runs.levers.ends)
    found = fitted(runs).at(grid.steps)
    chosen = np.flatnonzero(grid.needed(reached(found, aims)))
    steps = grid.steps[chosen[found[chosen, -1].argmin()]] if len(chosen) else np.array(runs.levers.ends)
    way, _ = through(tuple(steps.tolist()), runs.levers.ends)
    guess = shortest(runs, way, aims)
    miss = relative(runs, aims, few=False)
    at = None if guess is None else onwards(lambda each: miss(way.at(each)), guess, way.most)
    return None if at is None else way.at(at)


def _widened(runs: Runs) -> Levers | None:
    """Levers whose shares and multiples may go as far as their kind allows; None where they may not go farther."""
    wider = replace(runs.levers, sought=tuple(_wide(sought) for sought in runs.levers.sought))
    area, years = runs.all.area, runs.all.drivers["year"].to_numpy().tolist()
    faults = wider.scenario(wider.ends).faults(area.about, area.places, years, ap=area.has_ap)
    return None if faults or wider.sought == runs.levers.sought else wider


def _wide(sought: Sought) -> Sought:
    """A setting with its bound as far as its kind allows, where that is known: a share to 1, a multiple down to 0."""
    if sought.step != FINE or (sought.field == "factor" and sought.end > sought.start):
        return sought
    return replace(sought, end=0.0 if sought.field == "factor" else 1.0)


def _farther(runs: Runs, wider: Levers) -> Steps | None:
    """Settings past the bounds that reach every aim in a few futures; None where none do."""
    beyond = replace(runs, levers=wider, made={key: made for key, made in runs.made.items() if not any(key[0])})
    ends = _makeable(beyond, runs.levers.ends)
    if ends == runs.levers.ends:
        return None
    way = Way(ends)
    at = shortest(beyond, way)
    return None if at is None or max(beyond.misses(way.at(at), few=True)) > 0 else way.at(at)


def _makeable(beyond: Runs, bounds: Steps) -> Steps:
    """Settings as far past the bounds as there are children for, by halves; the bounds themselves where there are none.

    Parameters
    ----------
    beyond : runs of levers that may go farther
    bounds : steps of each lever to its bound
    """
    ends = beyond.levers.ends
    while ends != bounds:
        try:
            beyond.outcome(ends, few=True)
        except TooFewToFill:
            ends = tuple((far + near) // 2 for far, near in zip(ends, bounds, strict=True))
        else:
            break
    return ends


def _later(runs: Runs, best: Outcome, aim: int) -> int | None:
    """First January after those of an aim from which on it is met at the nearest that levers come."""
    miss, last = best.misses[aim], runs.aims[aim].last
    years = [year for year in miss["year"].to_numpy().tolist() if year > last]
    return next((year for year in years if miss.sel(year=year) <= 0), None)
