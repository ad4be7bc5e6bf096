"""Forecasts from past Januaries, each by what was known then, beside what came: what spreads are made from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.level import AGES, levels
from forecast.ap.national import RULES, log_index, national_path
from forecast.ap.panel import ApPanel

HORIZONS: Final = (1, 2, 3)
"""Years ahead that are tried out."""
FIRST: Final = 2019
"""First January that is forecast from: the first with growth to go by, as rolls are published from January 2018."""


COLUMNS: Final = ("series", "origin", "ahead", "unit", "now", "forecast", "actual")
"""Of a forecast beside what came."""


def forecast(known: ApPanel, series: str, years: int) -> pd.DataFrame:
    """Children of every authority that has a figure at the last January: index unit, columns 1 to `years` ahead.

    Parameters
    ----------
    known : nothing in it is later than the January forecast from
    """
    table = known.children[series]
    january = int(table.index[-1])
    now = table.iloc[-1].dropna()
    start = levels(now, known.residents(january - 1, AGES), RULES[series].lean)
    growth = np.exp(national_path(log_index(table), series, years))
    return pd.DataFrame(np.outer(start, growth), index=start.index, columns=range(1, years + 1))


def januaries(panel: ApPanel) -> Sequence[int]:
    """Januaries that are forecast from."""
    return range(FIRST, panel.latest)


def cells(panel: ApPanel, series: str, origin: int, made: pd.DataFrame) -> pd.DataFrame:
    """Forecasts from one January beside what came: series, origin, ahead, unit, now, forecast, actual.

    Parameters
    ----------
    made : index unit, columns years ahead
    """
    table = panel.children[series]
    tables = []
    for ahead in HORIZONS:
        if origin + ahead in table.index:
            found = made[[ahead]].set_axis(["forecast"], axis=1)
            found = found.assign(now=table.T[origin], actual=table.T[origin + ahead]).dropna().rename_axis("unit")
            tables.append(found.reset_index().assign(series=series, origin=origin, ahead=ahead)[list(COLUMNS)])
    return pd.concat(tables, ignore_index=True)


def our_cells(panel: ApPanel, series: str) -> pd.DataFrame:
    """Forecasts of a series from every January by the method of this program, as `cells`."""
    made = {year: forecast(panel.as_known(year), series, HORIZONS[-1]) for year in januaries(panel)}
    return pd.concat([cells(panel, series, year, table) for year, table in made.items()], ignore_index=True)
