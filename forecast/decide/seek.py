"""Search in whole steps: the fewest that reach, and the cheapest mix of several settings on what runs have shown.

Nothing here knows of children or pounds. A *miss* is by how much something is not reached: 0 or less where it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array

Steps = tuple[int, ...]
"""A setting of every lever, in steps from where it does nothing."""
MOST_MIXES: Final = 150_000
"""Mixes that are compared on the fitted response, at most."""


def least(miss: Callable[[int], float], below: int, reaches: int) -> int:
    """Fewest steps that reach, of a miss that never rises.

    The next step looked at is where a straight line between the two nearest known would cross 0, or halfway where that
    has moved the same end twice.

    Parameters
    ----------
    below : steps that do not reach
    reaches : steps that do
    """
    ends, moved = {below: miss(below), reaches: miss(reaches)}, [0, 0]
    while reaches - below > 1:
        fall = ends[below] - ends[reaches]
        line = below + (reaches - below) * ends[below] / fall if max(moved) < 2 and fall > 0 else (below + reaches) / 2  # noqa: PLR2004
        at = min(max(round(line), below + 1), reaches - 1)
        ends[at] = miss(at)
        if ends[at] <= 0:
            reaches, moved = at, [0, moved[1] + 1]
        else:
            below, moved = at, [moved[0] + 1, 0]
    return reaches


def onwards(miss: Callable[[int], float], guess: int, most: int) -> int | None:
    """The first step that reaches, from a guess to `most`; None where `most` does not.

    Parameters
    ----------
    miss : never rises with the steps
    """
    below, stride = guess, 1
    if miss(guess) <= 0:
        return guess
    while below < most:
        at = min(below + stride, most)
        if miss(at) <= 0:
            return least(miss, below, at)
        below, stride = at, 2 * stride
    return None


@dataclass(frozen=True, eq=False)
class Response:
    """What runs have shown, as the sum of what each lever does by itself and of what two do to one another.

    Between the settings that were run, what a lever does by itself is taken to lie on straight lines.
    """

    start: Array
    """With every lever at its start: (outcome)."""
    alone: tuple[tuple[NDArray[np.int64], Array], ...]
    """Of each lever: settings run, from 0 on, and outcomes there with the others at their start: (setting, outcome)."""
    together: Mapping[tuple[int, int], Array]
    """Of two levers: what they do to one another, for each step of the one and of the other: (outcome)."""

    def at(self, steps: NDArray[np.int64]) -> Array:
        """Outcomes of mixes: (mix, outcome).

        Parameters
        ----------
        steps : (mix, lever)
        """
        found = np.repeat(self.start[None], len(steps), axis=0)
        for lever, (knots, outcomes) in enumerate(self.alone):
            for at in range(len(self.start)):
                found[:, at] += np.interp(steps[:, lever], knots, outcomes[:, at]) - self.start[at]
        for (one, other), each in self.together.items():
            found += (steps[:, one] * steps[:, other])[:, None] * each
        return found


def response(runs: Mapping[Steps, Array], levers: int) -> Response:
    """What runs have shown of `levers` levers.

    Parameters
    ----------
    runs : settings -> outcomes: with every lever at its start, each by itself, and each pair at one mix or none
    """
    start = runs[(0,) * levers]
    alone = []
    for lever in range(levers):
        mine = sorted(steps for steps in runs if not any(many for at, many in enumerate(steps) if at != lever))
        alone.append((np.array([steps[lever] for steps in mine]), np.stack([runs[steps] for steps in mine])))
    simple = Response(start, tuple(alone), {})
    together = {}
    for pair in combinations(range(levers), 2):
        both = [steps for steps in runs if {at for at, many in enumerate(steps) if many} == set(pair)]
        if both:
            left = runs[both[0]] - simple.at(np.array([both[0]]))[0]
            together[pair] = left / (both[0][pair[0]] * both[0][pair[1]])
    return Response(start, tuple(alone), together)


@dataclass(frozen=True, eq=False)
class Mixes:
    """Every mix on a grid of settings."""

    steps: NDArray[np.int64]
    """(mix, lever)"""
    shape: tuple[int, ...]
    """Settings of each lever."""

    def needed(self, reaches: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mixes that reach and in which no lever could be one setting lower and still reach: (mix)."""
        table = reaches.reshape(self.shape)
        least = table.copy()
        for axis in range(table.ndim):
            lower = np.zeros_like(table)
            here, below = [slice(None)] * table.ndim, [slice(None)] * table.ndim
            here[axis], below[axis] = slice(1, None), slice(None, -1)
            lower[tuple(here)] = table[tuple(below)]
            least &= ~lower
        return least.reshape(-1)


def mixes(ends: Sequence[int]) -> Mixes:
    """A grid of settings of several levers, as fine as `MOST_MIXES` allows.

    Parameters
    ----------
    ends : most steps of each lever
    """
    each = max(2, int(MOST_MIXES ** (1 / len(ends))))
    levels = [np.unique(np.linspace(0, end, min(end + 1, each)).round().astype(np.int64)) for end in ends]
    grid = np.stack(np.meshgrid(*levels, indexing="ij"), axis=-1)
    return Mixes(grid.reshape(-1, len(ends)), tuple(len(level) for level in levels))
