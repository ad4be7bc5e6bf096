"""Rules of thumb by which a council may settle how many places there are to be, and what a wrong number costs.

A child too many is placed in an independent school, and a place too many stands empty. Regret is what that costs a
year more than the size that, as it turned out, would have been right. The cheapest size is the one that demand
exceeds with chance empty / (empty + short): the newsvendor's fractile.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from forecast.model.raking import Array

SHORT: Final = 64_000 - 24_500
"""Pounds a year: an independent or non-maintained special place (DfE 2024/25) less a state special one (NAO 2024)."""
EMPTY: Final = 10_000 + 75_000 / 30
"""Pounds a year: place funding (high needs operational guide), and a new place's capital (DfE and councils) over 30
years: judgement."""
CHEAPEST: Final = "this model, cheapest size"
MIDDLE: Final = "this model, P50"
THUMBS: Final[Mapping[str, str]] = {
    "last value + 10%": "a tenth more than at the latest census",
    "+3% a year": "three per cent more each year",
    "no change": "as many as at the latest census",
}
"""Rule of thumb -> what it says."""
_SIZES: Final[Mapping[str, Callable[[Array, int], Array]]] = {
    "last value + 10%": lambda now, _: 1.1 * now,
    "+3% a year": lambda now, ahead: 1.03**ahead * now,
    "no change": lambda now, _: now,
}


def by_thumb(now: Array, ahead: int) -> dict[str, Array]:
    """Places that each rule of thumb settles on: (authority).

    Parameters
    ----------
    now : (authority)
        Children at the latest census.
    ahead : years until the places are wanted
    """
    return {rule: np.asarray(size(now, ahead), dtype=np.float64) for rule, size in _SIZES.items()}


def cheapest_share(short: float = SHORT, empty: float = EMPTY) -> float:
    """Share of futures, 0 to 1, that the cheapest size is enough for.

    Parameters
    ----------
    short, empty : pounds a year that a child too many and a place too many cost, above 0
    """
    return short / (short + empty)


def regret(chosen: Array, needed: Array, short: float = SHORT, empty: float = EMPTY) -> Array:
    """Pounds a year that a size costs more than the right one: (authority).

    Parameters
    ----------
    chosen, needed : (authority)
        Places that there are, and children who came.
    short, empty : as for `cheapest_share`
    """
    return np.asarray(short * np.maximum(needed - chosen, 0) + empty * np.maximum(chosen - needed, 0))
