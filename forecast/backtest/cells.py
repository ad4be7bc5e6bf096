"""Forecast and outcome side by side, a row an authority, target, origin and horizon: what every score is made of.

    target, method, origin, ahead, unit    what was forecast, how, and when
    now                                    children at the origin
    forecast, actual                       the central forecast, and what came

Rows of this project's own method have its ranges too: p025, p10, p80, p90, p975 of the children; own10 and own90 of
the same without the error that all authorities share, as logs of the forecast; crps, in children.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.backtest.origins import Origin
from forecast.backtest.scores import crps
from forecast.model.raking import Array
from forecast.model.spread import mirrored
from forecast.series.outlook import Outlook, evened, futures, whole_range
from forecast.series.targets import TARGETS

OURS: Final = "this model"
DRAWS: Final = 200
SEED: Final = 1
LEVELS: Final = {"p025": 0.025, "p10": 0.1, "p80": 0.8, "p90": 0.9, "p975": 0.975}


def cells(origin: Origin, target: str, method: str, forecast: pd.DataFrame) -> pd.DataFrame:
    """Rows of one method's forecasts of one target from one origin, where the figures of both ends are sound.

    Parameters
    ----------
    forecast : index unit, columns years ahead
    """
    tables = []
    now = origin.past.at(target, origin.year)
    for ahead in origin.horizons:
        actual = origin.truth.at(target, origin.year + ahead)
        kept = now.notna() & actual.notna()
        columns = {
            "target": target,
            "method": method,
            "origin": origin.year,
            "ahead": ahead,
            "unit": now.index[kept],
            "now": now[kept].to_numpy(),
            "forecast": forecast[ahead].reindex(now.index)[kept].to_numpy(dtype=float),
            "actual": actual[kept].to_numpy(),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def our_cells(origin: Origin, made: Outlook) -> pd.DataFrame:
    """Rows of this project's method, with its ranges."""
    tables = []
    for target in TARGETS:
        table = cells(origin, target, OURS, made.median[target])
        drawn = {unit: futures(made, target, str(unit), DRAWS, SEED) for unit in table["unit"].unique()}
        at = table["ahead"].to_numpy() - 1
        paths = np.stack([drawn[unit][:, step] for unit, step in zip(table["unit"], at, strict=True)], axis=1)
        table[list(LEVELS)] = whole_range(paths, tuple(LEVELS.values())).T
        table["crps"] = crps(paths, table["actual"].to_numpy())
        own = _own_range(made, table)
        tables.append(table.assign(own10=-own, own90=own))
    return pd.concat(tables, ignore_index=True)


def _own_range(made: Outlook, table: pd.DataFrame) -> Array:
    """Half width of the 80% range of an authority's own error, on the log scale: (cell)."""
    reach = float(np.quantile(mirrored(DRAWS, SEED, "any"), 0.9))
    rows = zip(*(table[name].tolist() for name in ("target", "unit", "ahead")), strict=True)
    return np.array([reach * float(made.spread[target].own[ahead][unit]) for target, unit, ahead in rows])


def summed_cells(origin: Origin, made: Outlook, regions: "pd.Series[str]") -> pd.DataFrame:
    """England and its regions: target, region, origin, ahead, forecast, p10, p90, actual.

    Parameters
    ----------
    regions : index unit
    """
    rows = []
    for target in TARGETS:
        now = origin.past.at(target, origin.year)
        for ahead in origin.horizons:
            actual = origin.truth.at(target, origin.year + ahead)
            kept = (now.notna() & actual.notna()).to_numpy()
            units = now.index[kept]
            paths = np.stack([evened(made, target, str(unit), DRAWS, SEED)[:, ahead - 1] for unit in units], axis=1)
            median = made.median[target].loc[units, ahead].to_numpy()
            for name, mine in _groups(regions.reindex(units)):
                low, high = np.quantile(paths[:, mine].sum(axis=1), (0.1, 0.9))
                came = actual[units][mine].sum()
                rows.append((target, name, origin.year, ahead, median[mine].sum(), low, high, came))
    columns = ["target", "region", "origin", "ahead", "forecast", "p10", "p90", "actual"]
    return pd.DataFrame(rows, columns=columns)


def _groups(regions: "pd.Series[str]") -> list[tuple[str, NDArray[np.bool_]]]:
    """England, and each region, with its units: (unit) of true and false."""
    every = [("England", np.ones(len(regions), dtype=bool))]
    return every + [(str(name), (regions == name).to_numpy()) for name in sorted(regions.dropna().unique())]
