"""One way to move several levers at once, from where they do nothing as far as they may go, in even steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.decide.goal_runs import Runs
from forecast.decide.seek import Response, Steps, least, onwards, response
from forecast.model.raking import Array

_TINY: Final = 1e-12


@dataclass(frozen=True)
class Way:
    """Levers that move together: each goes as large a part of its own way at each step."""

    ends: Steps
    """The most steps of each lever on this way."""

    @property
    def most(self) -> int:
        """Steps of the way: those of the lever with the most."""
        return max(self.ends)

    def at(self, steps: int) -> Steps:
        """Settings after so many steps of the way."""
        return tuple(round(steps * end / self.most) for end in self.ends)


def through(steps: Steps, ends: Steps) -> tuple[Way, int]:
    """The way through a mix, as far as it may go, and how many of its steps lead to the mix."""
    farther = min(end / many for many, end in zip(steps, ends, strict=True) if many)
    way = Way(tuple(min(round(many * farther), end) for many, end in zip(steps, ends, strict=True)))
    longest = way.ends.index(way.most)
    return way, steps[longest]


def alone(ends: Steps, lever: int) -> Way:
    """The way of one lever, the others at their start."""
    return Way(tuple(end if at == lever else 0 for at, end in enumerate(ends)))


def away(runs: Runs) -> list[int]:
    """Positions of the aims that are missed with every lever at its start."""
    return [at for at, miss in enumerate(runs.misses((0,) * len(runs.levers.sought))) if miss > 0]


def relative(runs: Runs, aims: Sequence[int], *, few: bool) -> Callable[[Steps], float]:
    """The worst miss of some aims, each as a part of what it is with every lever at its start."""
    start = runs.misses((0,) * len(runs.levers.sought))

    def worst(steps: Steps) -> float:
        now = runs.misses(steps, few=few)
        return max((now[at] / max(abs(start[at]), _TINY) for at in aims), default=-1.0)

    return worst


def shortest(runs: Runs, way: Way, aims: Sequence[int] = ()) -> int | None:
    """Steps of a way to reach, in a few futures, some aims; None where it does not.

    Parameters
    ----------
    aims : positions; every aim that is missed at the start if left out
    """
    miss = relative(runs, aims or away(runs), few=True)
    return least(lambda at: miss(way.at(at)), 0, way.most) if miss(way.ends) <= 0 else None


def confirmed(runs: Runs, way: Way, guess: int) -> int | None:
    """The first step of a way, from a guess on, that reaches every aim in all futures; None where none does.

    None too where what is needed for one aim breaks another, that was met at the start.
    """
    miss = relative(runs, away(runs), few=False)
    found = onwards(lambda at: miss(way.at(at)), guess, way.most)
    return found if found is not None and max(runs.misses(way.at(found))) <= 0 else None


def fitted(runs: Runs) -> Response:
    """What the runs in a few futures have shown: the miss of each aim, and then pounds a year more."""
    rows = {steps: shown(runs, steps) for steps, few in list(runs.made) if few}
    return response(rows, len(runs.levers.sought))


def shown(runs: Runs, steps: Steps) -> Array:
    """What a run in a few futures has shown, as `fitted` has it: (outcome)."""
    return np.array([*runs.misses(steps, few=True), runs.outcome(steps, few=True).pounds])


def reached(outcomes: Array, aims: Sequence[int]) -> NDArray[np.bool_]:
    """Which mixes reach some aims.

    Parameters
    ----------
    outcomes : (mix, outcome), as of `fitted`
    """
    return np.asarray((outcomes[:, list(aims)] <= 0).all(axis=1))
