"""What it would take: the setting of a lever, or the least-cost mix of several, that reaches what a council aims at.

Settings are looked for in a few futures, and what is found is then looked for again in all of them, from there on. Of
several levers, mixes are compared on a response fitted to runs; what is told of a mix comes from a run of its own. A
mix is one in which no lever could do less: savings are counted, but nothing is done for them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from forecast.decide.aims import Aim, read_aims
from forecast.decide.goal_blocked import Blocked, blocked
from forecast.decide.goal_levers import Levers, read_levers
from forecast.decide.goal_runs import FEW, FEWER, Ground, Outcome, Runs, ground_of
from forecast.decide.goal_trim import trimmed
from forecast.decide.goal_ways import Way, alone, confirmed, fitted, reached, shortest, shown, through
from forecast.decide.seek import Steps, mixes
from forecast.errors import ForecastError, InputFaults
from forecast.inputs.area import Area
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

MOST_LEVERS: Final = 4
"""Settings that can be sought at once: each pair of them takes a run."""

MOST_TRIES: Final = 3
"""Times that the cheapest mix is looked for, each with what the run of the one before has shown."""


class TooMany(ForecastError):
    """More settings than can be sought at once."""

    def __init__(self, given: int) -> None:
        super().__init__(
            f"{given} settings cannot be sought at once; leave out all but {MOST_LEVERS} or make the rest numbers."
        )


@dataclass(frozen=True)
class Mixed:
    """How a mix was chosen."""

    compared: int
    """Mixes that were compared on the fitted response."""
    runs: int
    """Runs that the response was fitted to."""
    futures: int
    """In each of them."""
    fitted: float
    """Pounds a year more than without the levers, of the answer, as fitted."""
    run: float
    """The same from its own run in these futures."""
    alone: tuple[tuple[Steps, float], ...]
    """Each single lever that reaches the aims: its setting, and pounds a year more in these futures."""


@dataclass(frozen=True, eq=False)
class Goal:
    """The answer to what it would take."""

    aims: tuple[Aim, ...]
    levers: Levers
    ground: Ground
    """The area in all futures, without the levers."""
    years: tuple[int, ...]
    """Januaries whose pounds are counted."""
    start: Outcome
    """With every lever at its start."""
    answer: Outcome | None
    """What reaches the aims; `start` where nothing is needed, None where nothing does."""
    less: tuple[Outcome, ...]
    """The answer with a step less of each lever in turn: every one misses an aim."""
    mixed: Mixed | None
    """How the answer was chosen where several settings were sought and one was found."""
    blocked: Blocked | None
    """Why nothing reaches the aims."""
    few: int
    """Futures in which settings were looked for first."""

    @property
    def found(self) -> Outcome:
        """The answer, or the nearest that the levers come."""
        return self.blocked.best if self.blocked is not None else self.answer or self.start


def seek_goal(area: Area, aims: Sequence[str], levers: Sequence[str], settings: Settings, scenario: Scenario) -> Goal:
    """What settings of levers reach aims, on top of a scenario.

    Parameters
    ----------
    aims : sentences, as `aims.FORMS`
    levers : lines or files, as `goal_levers.read_levers`

    Raises
    ------
    InputFaults
        Everything that is wrong with the aims, and with the levers.
    TooMany
        Too many settings are sought.
    """
    wanted, moved = asked(area, aims, levers, settings, scenario)
    every, few = ground_of(area, scenario, settings, FEWER if len(moved.sought) > 1 else FEW)
    return seek(wanted, moved, every, few)


def asked(
    area: Area, aims: Sequence[str], levers: Sequence[str], settings: Settings, scenario: Scenario
) -> tuple[tuple[Aim, ...], Levers]:
    """Aims and levers as `seek_goal` is given them, read; and what that raises."""
    now = max(settings.current_year, area.about.latest_census)
    years = list(range(area.about.latest_census + 1, now + settings.horizon + 1))
    listed = sorted(set(area.places.loc[~area.places["assumed"], "provision"]))
    faults = list(scenario.faults(area.about, area.places, years, ap=area.has_ap))
    wanted: tuple[Aim, ...] = ()
    moved = None
    try:
        wanted = read_aims(aims, area.about, listed, years)
    except InputFaults as error:
        faults += error.faults
    try:
        moved = read_levers(levers, scenario, now + 1)
        faults += moved.scenario(moved.ends).faults(area.about, area.places, years, ap=area.has_ap)
    except InputFaults as error:
        faults += error.faults
    if faults or moved is None:
        raise InputFaults(dict.fromkeys(faults))  # the scenario's own are in the second list too
    if len(moved.sought) > MOST_LEVERS:
        raise TooMany(len(moved.sought))
    return wanted, moved


def seek(aims: tuple[Aim, ...], levers: Levers, every: Ground, few: Ground) -> Goal:
    """What settings of levers reach aims, in futures that are there already.

    Parameters
    ----------
    every, few : all futures of an area, and some of them, under the scenario that the levers act on top of
    """
    last = max(aim.last for aim in aims)
    runs = Runs(aims, levers, every, few, tuple(range(min(levers.first, last), last + 1)))
    none = (0,) * len(levers.sought)
    if max(runs.misses(none)) <= 0:
        return _goal(runs, answer=runs.outcome(none))
    for way, guess in _candidates(runs):
        at = confirmed(runs, way, guess)
        if at is not None:
            steps, less = trimmed(runs, way.at(at))
            mixed = _mixed(runs, steps) if len(none) > 1 else None
            return _goal(runs, answer=runs.outcome(steps), less=less, mixed=mixed)
    return _goal(runs, blocked=blocked(runs))


def _goal(
    runs: Runs,
    answer: Outcome | None = None,
    less: tuple[Outcome, ...] = (),
    mixed: Mixed | None = None,
    blocked: Blocked | None = None,
) -> Goal:
    start, few = runs.outcome((0,) * len(runs.levers.sought)), runs.few.settings.draws
    return Goal(runs.aims, runs.levers, runs.all, runs.years, start, answer, less, mixed, blocked, few)


def _candidates(runs: Runs) -> list[tuple[Way, int]]:
    """Ways that reach every aim in a few futures, with the steps that it takes: the one that costs least first."""
    ends = runs.levers.ends
    ways = [alone(ends, at) for at in range(len(ends))]
    found = [(way, at) for way in ways if (at := shortest(runs, way)) is not None]
    found += _mixes(runs) if len(ends) > 1 else []
    reaching = [(way, at) for way, at in found if max(runs.misses(way.at(at), few=True)) <= 0]
    return sorted(reaching, key=lambda each: runs.outcome(each[0].at(each[1]), few=True).pounds)


def _mixes(runs: Runs) -> list[tuple[Way, int]]:
    """Ways through the mix that costs least of those that reach on the fitted response, and steps that it takes.

    After each the response is moved to what its run has shown, and the mix is looked for once more.
    """
    ends = runs.levers.ends
    for pair in combinations(range(len(ends)), 2):
        runs.outcome(tuple((end + 1) // 2 if at in pair else 0 for at, end in enumerate(ends)), few=True)
    grid, fit, found, seen = mixes(ends), fitted(runs), [], set()
    outcomes = fit.at(grid.steps)
    for _ in range(MOST_TRIES):
        chosen = np.flatnonzero(grid.needed(reached(outcomes, range(len(runs.aims)))))
        if not len(chosen) or (mix := tuple(grid.steps[chosen[outcomes[chosen, -1].argmin()]].tolist())) in seen:
            break
        seen.add(mix)
        way, _ = through(mix, ends)
        at = shortest(runs, way)
        found += [] if at is None else [(way, at)]
        last = way.ends if at is None else way.at(at)
        outcomes = fit.at(grid.steps) + shown(runs, last) - fit.at(np.array([last]))[0]
    return found


def _mixed(runs: Runs, answer: Steps) -> Mixed:
    """How an answer was chosen among mixes; what was run already is not run again."""
    ends, of = runs.levers.ends, np.array([answer])
    singles = [
        (way.at(at), runs.outcome(way.at(at), few=True).pounds)
        for way in (alone(ends, lever) for lever in range(len(ends)))
        if (at := shortest(runs, way)) is not None and max(runs.misses(way.at(at), few=True)) <= 0
    ]
    return Mixed(
        compared=len(mixes(ends).steps),
        runs=sum(few for _, few in runs.made),
        futures=runs.few.settings.draws,
        fitted=float(fitted(runs).at(of)[0, -1]),
        run=runs.outcome(answer, few=True).pounds,
        alone=tuple(singles),
    )
