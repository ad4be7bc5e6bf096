"""The sign for a second stage: how many children, counted at one January, tell that the firm stage is too small."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from forecast.decide.occupancy import SLACK
from forecast.model.raking import Array

EVEN: Final = 0.5
"""Chance above which the second stage is ordered."""
FEWEST: Final = 0.05
"""Share of futures that a chance must be read off, so that no trigger rests on one wild future: judgement."""


class Signal(StrEnum):
    """What a count of children at a January says of the firm stage."""

    COUNT = "from a number of children on"
    ALWAYS = "whatever is counted"
    NEVER = "at no number of children"


@dataclass(frozen=True, eq=False)
class Trigger:
    """When to order the second stage."""

    signal: Signal
    children: int | None
    """Children without a place at that January, from whom on it is ordered; None where no number decides."""
    met: NDArray[np.bool_]
    """Futures in which it is ordered: (draw)."""
    chances: pd.DataFrame
    """What it is read off: children, chance (that the firm stage is too small), futures (how many hold that count)."""


def trigger(wanted: Array, firm: int, at: int, lead: int) -> Trigger:
    """The number of children at January `at` from which the firm stage is more likely than not too small.

    The chance that more than `firm` children want a place `lead` years on is fitted to the futures as a number that
    never falls as more are counted (isotonic regression). The same futures show what ordering by it is worth.

    Parameters
    ----------
    wanted : (draw, year)
    firm : places
    at : index of the January of the count
    lead : years
    """
    counts, where, futures = np.unique(wanted[:, at], return_inverse=True, return_counts=True)
    small = wanted[:, at + lead] > firm + SLACK
    shares = np.bincount(where, weights=small) / futures
    chances = np.asarray(isotonic_regression(shares, weights=futures).x)
    table = pd.DataFrame({"children": counts, "chance": chances, "futures": futures})
    passes = np.flatnonzero(chances > EVEN)
    if passes.size and passes[0] == 0:
        return Trigger(Signal.ALWAYS, None, np.ones(len(wanted), dtype=bool), table)
    if passes.size:
        children = int(np.ceil(counts[passes[0]] - SLACK))
        met = wanted[:, at] >= children - SLACK
        if met.mean() >= FEWEST:
            return Trigger(Signal.COUNT, children, met, table)
    return Trigger(Signal.NEVER, None, np.zeros(len(wanted), dtype=bool), table)


def reviews(wanted: Array, firm: int, lead: int, years: Sequence[int]) -> pd.DataFrame:
    """The trigger at each January that a second stage could still be ordered: year, by, signal, children, chance.

    `by` is the first January that it would be open, `chance` the share of futures in which it is ordered.
    """
    rows = []
    for at in range(1, len(years) - lead):
        sign = trigger(wanted, firm, at, lead)
        number = np.nan if sign.children is None else float(sign.children)
        rows.append((years[at], years[at + lead], sign.signal.value, number, float(sign.met.mean())))
    return pd.DataFrame(rows, columns=["year", "by", "signal", "children", "chance"])
