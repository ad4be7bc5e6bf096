"""Settings that reach an aim, lowered until no lever could do less. Each look is a run in all futures: few are made."""

import numpy as np

from forecast.decide.goal_runs import Outcome, Runs
from forecast.decide.goal_ways import fitted, relative
from forecast.decide.seek import Steps, least


def trimmed(runs: Runs, steps: Steps) -> tuple[Steps, tuple[Outcome, ...]]:
    """Settings that reach, each lowered until none could do less; and what a step less of each brings."""
    foreseen = _foreseen(runs, steps)
    steps = foreseen if max(runs.misses(foreseen)) <= 0 else _between(runs, foreseen, steps)
    while True:
        lower = _lower(steps)
        reaching = [each for each in lower if max(runs.misses(each)) <= 0]
        if not reaching:
            return steps, tuple(runs.outcome(each) for each in lower)
        steps = min(reaching, key=lambda each: runs.outcome(each).pounds)


def _foreseen(runs: Runs, steps: Steps) -> Steps:
    """How far settings that reach could be lowered, if all futures change from there as the fitted response does."""
    fit, misses = fitted(runs), np.array(runs.misses(steps))
    start = fit.at(np.array([steps]))[0]
    while lower := _lower(steps):
        outcomes = fit.at(np.array(lower)) - start
        reaching = (outcomes[:, :-1] + misses <= 0).all(axis=1)
        if not reaching.any():
            return steps
        steps = lower[int(np.where(reaching, outcomes[:, -1], np.inf).argmin())]
    return steps


def _between(runs: Runs, below: Steps, reaching: Steps) -> Steps:
    """The first settings that reach, on the straight line from some that do not to some that do."""
    longest = max(high - low for low, high in zip(below, reaching, strict=True))
    miss = relative(runs, range(len(runs.aims)), few=False)

    def at(part: int) -> Steps:
        return tuple(low + round((high - low) * part / longest) for low, high in zip(below, reaching, strict=True))

    return at(least(lambda part: miss(at(part)), 0, longest))


def _lower(steps: Steps) -> list[Steps]:
    """Settings with one lever a step lower: each that can be in turn."""
    return [tuple(many - (at == lever) for at, many in enumerate(steps)) for lever, most in enumerate(steps) if most]
