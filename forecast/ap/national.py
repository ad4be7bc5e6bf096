"""England's path of a kind of alternative provision: log growth of the sum of all authorities since the last January.

growth of a year    mean yearly growth of the sum over all the years that are published
years ahead 1 2 3 4 ...    each year has that growth, times .8 for every year after the `steady` ones
pandemic    a January of 2021 or 2022 makes no growth; a forecast from one closes half the gap to the trend a year
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ApSetting
from forecast.model.raking import Array

AP_SCHOOL: Final = "ap_school"
"""Series: all children on the rolls of AP schools."""
WITHOUT: Final = "ap_school_without"
"""Series: those of them without a plan."""
LA_FUNDED: Final = "la_funded"
"""Series: all placements that authorities pay for elsewhere."""
PANDEMIC_JANUARIES: Final = (2021, 2022)
"""Januaries that the pandemic held down: rolls of AP schools fell by a quarter in two years, and rose by
13% in the next (`data/reference/ap_england.csv`).
Made after looking at January 2022 and 2023, as the card says."""
KEPT: Final = 0.5
"""Share of the gap to the trend that a year leaves, where a forecast starts from such a January. Judgement, made with
the same look at later Januaries."""
FADING: Final = 0.8
"""Share of a year's growth that is left in the next, once it fades."""


@dataclass(frozen=True)
class Rule:
    """How a series goes on."""

    steady: int
    """First years ahead that have the whole growth; in those after them it fades."""
    pandemic: bool
    """Whether Januaries of the pandemic are left out of growth."""
    lean: float
    """Weight of England's rate, beside the authority's own last figure, in the level that the forecast starts from."""


RULES: Final[Mapping[str, Rule]] = {
    AP_SCHOOL: Rule(steady=3, pandemic=True, lean=0.0),
    WITHOUT: Rule(steady=3, pandemic=True, lean=0.0),
    LA_FUNDED: Rule(steady=0, pandemic=False, lean=0.1),
}
"""Steady years and leans of those tried that were closest to outcomes up to January 2021."""
SERIES_OF: Final[Mapping[ApSetting, str]] = {
    ApSetting.AP_SCHOOL: WITHOUT,
    ApSetting.LA_FUNDED: LA_FUNDED,
    ApSetting.SCHOOL_ARRANGED: WITHOUT,
}
"""Setting -> the series whose growth its children without a plan take. For AP arranged by schools one January is
published, so it has no growth of its own."""


def log_index(children: pd.DataFrame) -> "pd.Series[float]":
    """Log of England's sum since the first January, 0 there: index year.

    Each step is of the units with a figure at both its ends.

    Parameters
    ----------
    children : index year, a column a unit
    """
    steps = [0.0]
    for then, now in zip(children.index, children.index[1:], strict=False):
        both = children.loc[[then, now]].dropna(axis=1).sum(axis=1)
        steps.append(float(np.log(both[now] / both[then])))
    return pd.Series(np.cumsum(steps), index=children.index)


def yearly(index: "pd.Series[float]", *, pandemic: bool) -> float:
    """Mean yearly log growth from the first January to the last; 0 where there is one only.

    Parameters
    ----------
    index : as `log_index`
    pandemic : whether Januaries of the pandemic are left out
    """
    used = index.drop([year for year in PANDEMIC_JANUARIES if year in index.index]) if pandemic else index
    if len(used) < _BOTH_ENDS:
        return 0.0
    return float((used.iloc[-1] - used.iloc[0]) / (used.index[-1] - used.index[0]))


def national_path(index: "pd.Series[float]", series: str, years: int) -> Array:
    """Log growth of England's sum 1 to `years` years after the last January of `index`: (years)."""
    rule = RULES[series]
    growth = yearly(index, pandemic=rule.pandemic)
    step = np.arange(1, years + 1)
    path = np.cumsum(growth * FADING ** np.maximum(step - rule.steady, 0))
    if rule.pandemic and index.index[-1] in PANDEMIC_JANUARIES:
        path += _gap(index, growth) * (1 - KEPT**step)
    return np.asarray(path)


def _gap(index: "pd.Series[float]", growth: float) -> float:
    """Log by which the trend through Januaries before the pandemic lies above the last one."""
    before = index.drop([year for year in PANDEMIC_JANUARIES if year in index.index])
    if before.empty:
        return 0.0
    return float(before.iloc[-1] + growth * (index.index[-1] - before.index[-1]) - index.iloc[-1])


_BOTH_ENDS: Final = 2
