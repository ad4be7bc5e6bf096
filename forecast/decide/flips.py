"""Which supposition, moved alone, turns a decision: at what value, inside its 80% range or as far again beyond it.

A decision stands while a figure is at most its limit: "A costs no more than B", "no more than 10 children short".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pandas as pd
from scipy.optimize import brentq

from forecast.decide.premises import Figures
from forecast.decide.supposed_levers import farthest
from forecast.decide.suppositions import Origin, Supposition

BEYOND: Final = 2.0
"""How many times its range a supposition is moved at most, from its value: no future of the forecast goes farther."""
CLOSE: Final = 0.01
"""Share of a range within which the value of a flip is found."""


@dataclass(frozen=True)
class Flip:
    """Whether one supposition, moved alone, turns a decision."""

    supposition: Supposition
    at: float | None
    """The value nearest to its own at which the decision turns; None where it does not."""
    within: bool
    """Whether that lies inside its range."""
    least: float
    """How far down it was moved, and `most` how far up."""
    most: float


@dataclass(frozen=True)
class Decision:
    """A limit to a figure, and whether the forecast keeps to it."""

    limit: float
    number: float
    """The figure, as the forecast has it."""

    @property
    def stands(self) -> bool:
        """Whether the figure is at most the limit."""
        return self.number <= self.limit


def flips(
    found: Figures, limit: float, track: Callable[[list[Supposition]], Iterable[Supposition]] = list
) -> tuple[Decision, tuple[Flip, ...]]:
    """The decision, and every supposition that could turn it, the one that does so nearest to its value first.

    Parameters
    ----------
    limit : the most that the figure may be, in its own unit
    track : as for `tornado.tornado`
    """
    decision = Decision(limit, found.now())
    bears = [each for each in found.base.suppositions() if found.bears(each)]
    turned = [_flip(found, decision, each) for each in track(bears)]
    return decision, tuple(sorted(turned, key=_distance))


def flips_table(found: Iterable[Flip]) -> pd.DataFrame:
    """Flips as rows.

    Returns
    -------
    columns name, says, unit, value, low, high, flips_at, within_range, tried_from, tried_to, supported
        `flips_at` is not a number where nothing turns from `tried_from` to `tried_to`.
    """
    rows = [
        {
            "name": flip.supposition.name,
            "says": flip.supposition.says,
            "unit": flip.supposition.unit,
            "value": flip.supposition.value,
            "low": flip.supposition.low,
            "high": flip.supposition.high,
            "flips_at": float("nan") if flip.at is None else flip.at,
            "within_range": flip.within,
            "tried_from": flip.least,
            "tried_to": flip.most,
            "supported": flip.supposition.supported,
        }
        for flip in found
    ]
    return pd.DataFrame(rows)


def _flip(found: Figures, decision: Decision, supposition: Supposition) -> Flip:
    """The nearest value, down or up, at which the decision turns."""
    value = supposition.value
    ends = [_far(found, supposition, end) for end in (supposition.low, supposition.high)]
    turns = [
        at
        for end, far in zip((supposition.low, supposition.high), ends, strict=True)
        if (at := _crossing(found, decision, supposition, (value, end, far))) is not None
    ]
    if not turns:
        return Flip(supposition, None, within=False, least=ends[0], most=ends[1])
    at = min(turns, key=lambda turn: abs(turn - value) / _reach(supposition, turn))
    return Flip(supposition, at, supposition.low <= at <= supposition.high, least=ends[0], most=ends[1])


def _crossing(found: Figures, decision: Decision, supposition: Supposition, points: tuple[float, ...]) -> float | None:
    """The first value on the way from point to point at which the decision turns."""

    def over(value: float) -> float:
        return found.at(supposition, value) - decision.limit

    for before, point in pairwise(points):
        if point != before and (over(point) <= 0) != decision.stands:
            if (over(before) <= 0) != decision.stands:
                return before  # held at its own value for certain it turns already
            return float(brentq(over, before, point, xtol=CLOSE * (supposition.high - supposition.low)))
    return None


def _far(found: Figures, supposition: Supposition, end: float) -> float:
    """The value beyond an end of the range, so far as it makes sense and a lever takes it."""
    wanted = supposition.value + BEYOND * (end - supposition.value)
    if supposition.origin is not Origin.SCENARIO:
        return min(max(wanted, supposition.least), supposition.most)
    return farthest(found.base.of(supposition), supposition, end, wanted)


def _reach(supposition: Supposition, at: float) -> float:
    """Half of its range on the side of a value; all of it where that side has none."""
    end = supposition.low if at < supposition.value else supposition.high
    return abs(end - supposition.value) or supposition.high - supposition.low


def _distance(flip: Flip) -> tuple[bool, float]:
    if flip.at is None:
        return True, 0.0
    return False, abs(flip.at - flip.supposition.value) / _reach(flip.supposition, flip.at)
