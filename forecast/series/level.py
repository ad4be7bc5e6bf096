"""From where each authority's forecast starts: its last figure, but for implausible falls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.series.national import growth
from forecast.series.panel import Panel
from forecast.series.targets import PLANS, PLANS_5_15, SPECIAL_STATE

IMPLAUSIBLE_FALL: Final[Mapping[str, float]] = {PLANS: 0.3, PLANS_5_15: 0.3, SPECIAL_STATE: 0.1}
"""Log by which the last figure lies below the median of the last three, scaled to now, when it is not believed.

Only falls, and only in these series: smoothing levels otherwise loses accuracy.
"""
STALE: Final = 3
"""Years for which a missing figure is carried on along England's growth."""
LEAST: Final = 0.5
"""Children from whom a series that stands at none is thought to start, so that growth can be spoken of."""


@dataclass(frozen=True)
class Level:
    """Where the forecast of a target starts."""

    children: "pd.Series[float]"
    """Index unit; missing where nothing was published in the last `STALE` years."""
    replaced: "pd.Series[bool]"
    """Whether the last figure was missing or not believed."""


def level(panel: Panel, target: str) -> Level:
    """Where the forecast of `target` starts from in every authority."""
    table = panel.children[target]
    years = [year for year in range(panel.latest, panel.latest - STALE, -1) if year >= panel.first]
    scaled = pd.DataFrame({
        year: table.loc[year] * np.exp(growth(table, panel.latest - year) * (panel.latest - year))
        if year < panel.latest
        else table.loc[year]
        for year in years
    })  # fmt: skip
    carried = scaled.bfill(axis=1)[panel.latest].clip(lower=LEAST)
    missing = scaled[panel.latest].isna() & carried.notna()
    if target not in IMPLAUSIBLE_FALL:
        return Level(carried, missing)
    usual = scaled.median(axis=1).clip(lower=LEAST)
    fallen = np.log(usual / carried) > IMPLAUSIBLE_FALL[target]
    return Level(carried.where(~fallen, usual), missing | fallen)
