"""England's path: log growth of the sum of all authorities since the last census.

A path is the mean of several damped members. `faded(f, h)` is what a year's growth of 1 comes to after
h years when a share f of it is left each year: the sum of f^k, k = 1 to h.
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from forecast.model.raking import Array
from forecast.series.panel import Panel
from forecast.series.targets import (
    ALTERNATIVE,
    BASE,
    INDEPENDENT,
    LONGEST,
    NON_MAINTAINED,
    PLANS,
    PLANS_5_15,
    SPECIAL_STATE,
)

SPANS: Final[Mapping[str, tuple[tuple[int, float], ...]]] = {
    PLANS: ((1, 0.95), (3, 0.95)),
    SPECIAL_STATE: ((1, 0.95), (3, 0.95)),
    INDEPENDENT: ((1, 0.95), (3, 0.95)),
    NON_MAINTAINED: ((3, 0.8),),
    BASE: ((5, 0.8),),
    ALTERNATIVE: ((3, 0.8),),
}
"""Series -> (years over which growth is taken, share of it left in the next year) of each member."""
SMOOTHED: Final = (PLANS, SPECIAL_STATE)
"""Series whose path has damped exponential smoothing as one more member."""
START_FADING: Final = 0.85
"""Share of a year's growth of new plans that is left in the next."""
SLOWING: Final = 0.9
"""From the sixth year on, what is left each year of growth beside its own fading: then England's plans keep to those of
the model of children under the ceiling, 1.3 million in January 2035, where fading alone would give 1.46. Judgement:
past figures say nothing about so far ahead."""
FEWEST_TO_SMOOTH: Final = 6
"""Censuses that a smoothed member needs."""


def faded(left: float, years: Sequence[int] | NDArray[np.integer]) -> Array:
    """Sum of `left`^k, k = 1 to each of `years`."""
    return left * (1 - left ** np.asarray(years, dtype=float)) / (1 - left)


def growth(table: pd.DataFrame, years: int) -> float:
    """Mean yearly log growth of the sum over the `years` to the last, of the units with a figure at both ends.

    Not a number where there are none.
    """
    last = table.index[-1]
    both = table.loc[[last - years, last]].dropna(axis=1)
    if both.empty:
        return float("nan")
    then, now = both.sum(axis=1)
    return float(np.log(now / then) / years)


def national_path(panel: Panel, target: str, ahead: Sequence[int]) -> Array:
    """Log growth of England's sum, `ahead` years after the panel's last census: (ahead)."""
    steps = range(1, max(ahead) + 1)
    path = school_age_path(panel, steps) if target == PLANS_5_15 else _mean_path(panel, target, steps)
    return slowed(path)[np.asarray(ahead) - 1]


def slowed(path: Array) -> Array:
    """Log growth 1, 2, 3 ... years on, each step after `LONGEST` years less than it was by `SLOWING` once more."""
    steps = np.diff(path, prepend=0.0)
    late = np.maximum(np.arange(1, len(path) + 1) - LONGEST, 0)
    return np.asarray(np.cumsum(steps * SLOWING**late))


def _mean_path(panel: Panel, target: str, ahead: Sequence[int]) -> Array:
    """Mean of the members that the series has: (ahead)."""
    table = panel.children[target]
    known = len(table) - 1
    members = [faded(left, ahead) * growth(table, min(span, known)) for span, left in SPANS[target]]
    if target in SMOOTHED and len(table) >= FEWEST_TO_SMOOTH:
        members.append(smoothed(np.log(table.dropna(axis=1).sum(axis=1).to_numpy()), ahead))
    return np.asarray(np.mean(members, axis=0))


def smoothed(log: Array, ahead: Sequence[int]) -> Array:
    """Growth by additive exponential smoothing with a damped trend, from the likeliest of several starts: (ahead).

    One start is not enough: from statsmodels' own the search ends on a flat line with no weight on the last years.
    """
    model = ETSModel(log, error="add", trend="add", damped_trend=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a start that fails is not the likeliest
        warnings.simplefilter("ignore", RuntimeWarning)
        fits = [
            model.fit(start_params=[level, trend * level, 0.95, log[0], log[1] - log[0]], disp=False)
            for level in (0.5, 0.99)
            for trend in (0.1, 0.5, 0.9)
        ]
    best = max(fits, key=lambda fit: float(fit.llf))
    return np.asarray(best.forecast(max(ahead)))[np.asarray(ahead) - 1] - log[-1]


def school_age_path(panel: Panel, ahead: Sequence[int]) -> Array:
    """Growth of plans at ages 5 to 15 from what comes in and what goes out: (ahead).

    New plans at 5 to 15 and under 5 follow their own fading growth; those under 5 come of age a year later; the
    share that leaves (for age 16, mostly) is the mean of the last two years'. Missing where ages are published for
    one year only. While the oldest cohorts fill up,
    the growth of the stock itself says too little: from 2018 it would miss by a fifth in five years.
    """
    stock, new, younger = _sums(panel, (PLANS_5_15, "new_5_15", "new_under_5"))
    if len(stock) < _FEWEST_YEARS:
        return np.full(len(ahead), np.nan)
    leaving = [
        (stock[at - 1] + new[at] + younger[at - 1] - stock[at]) / stock[at - 1]
        for at in (-1, -2)
        if len(stock) >= 1 - at
    ]
    steps = np.arange(1, max(ahead) + 1)
    coming = new[-1] * np.exp(_fading_growth(new) * faded(START_FADING, steps))
    growing = younger[-1] * np.exp(_fading_growth(younger) * faded(START_FADING, np.append(0, steps)))
    path, held = [], stock[-1]
    for step in range(len(steps)):
        held = held * (1 - np.mean(leaving)) + coming[step] + growing[step]
        path.append(np.log(held / stock[-1]))
    return np.asarray(path)[np.asarray(ahead) - 1]


def _sums(panel: Panel, names: Sequence[str]) -> list[Array]:
    """Sums of each measure over the last four years, as far back as it is published, of the units that have all."""
    most = len(panel.units) / 2
    years: list[int] = []
    for year in range(panel.latest, max(panel.latest - 4, panel.first - 1), -1):
        if any(panel.at(name, year).count() < most for name in names):
            break
        years.insert(0, year)
    if not years:
        return [np.empty(0) for _ in names]
    tables = [pd.concat([panel.at(name, year) for year in years], axis=1) for name in names]
    whole = pd.concat(tables, axis=1).notna().all(axis=1)
    return [table[whole].sum().to_numpy(dtype=float) for table in tables]


_FEWEST_YEARS: Final = 2
"""Years of ages from which there is a path."""


def _fading_growth(sums: Array) -> float:
    """Half the last year's log growth, half the mean of the last three years'."""
    span = min(3, len(sums) - 1)
    return float((np.log(sums[-1] / sums[-2]) + np.log(sums[-1] / sums[-1 - span]) / span) / 2)
