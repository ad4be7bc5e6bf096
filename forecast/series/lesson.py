"""What the series teach the England model: growth and its uncertainty, for every authority, in one labelled dataset."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.model.growth import ENGLAND, TARGETS
from forecast.model.raking import Array
from forecast.series.level import level
from forecast.series.medians import england_path
from forecast.series.outlook import Outlook
from forecast.series.panel import Panel
from forecast.series.targets import LONGEST, PLANS

YEARS_AHEAD: Final = 25
"""Years for which growth is kept."""
AT_YEARS: Final = 3
"""Horizon at which the errors of different series are compared."""


def lesson(panel: Panel, made: Outlook, units: Mapping[str, str]) -> xr.Dataset:
    """Growth and spreads from the panel's last census.

    Parameters
    ----------
    made : forecast from that census, `YEARS_AHEAD` years on
    units : authority -> the unit it is followed in

    Returns
    -------
    Dataset with log_growth (la_code, target, ahead): since the last figure, England's among the codes;
    own_scale (la_code, target, horizon) and common_scale (target, horizon): of a Student's t with
    `spread.FREEDOM` degrees of freedom, on the log scale; local_spread (target, horizon, term): ln own_scale by
    ln children; with_plans (target): correlation of its errors with those of all plans; disbelieved (la_code,
    target): log by which the level that the forecast starts from lies above a last figure that is not believed.
    """
    codes = sorted({*panel.units, *(code for code, unit in units.items() if unit in panel.units)} - set(units.values()))
    unit_of = {code: units.get(code, code) for code in codes}
    horizons = list(range(1, LONGEST + 1))
    growth = [_growth(panel, made, target, list(unit_of.values())) for target in TARGETS]
    path = england_path(panel, YEARS_AHEAD).loc[list(TARGETS)].to_numpy()
    own = [made.spread[target].own.loc[list(unit_of.values()), horizons].to_numpy() for target in TARGETS]
    common = [made.spread[target].common[horizons].to_numpy() for target in TARGETS]
    by_size = [_by_size(panel, made, target) for target in TARGETS]
    coords = {"la_code": [*codes, ENGLAND], "target": list(TARGETS)}
    england = np.full((1, len(TARGETS), LONGEST), np.nan)
    return xr.Dataset(
        {
            "log_growth": (
                ("la_code", "target", "ahead"),
                np.concatenate([np.stack(growth, axis=1), path[None]]),
            ),
            "own_scale": (("la_code", "target", "horizon"), np.concatenate([np.stack(own, axis=1), england])),
            "common_scale": (("target", "horizon"), np.stack(common)),
            "local_spread": (("target", "horizon", "term"), np.stack(by_size)),
            "with_plans": (("target",), _with_plans(made)),
            "disbelieved": (("la_code", "target"), _disbelieved(panel, list(unit_of.values()))),
        },
        coords={
            **coords,
            "ahead": list(range(1, YEARS_AHEAD + 1)),
            "horizon": horizons,
            "term": ["intercept", "slope"],
        },
    )


def _growth(panel: Panel, made: Outlook, target: str, units: list[str]) -> Array:
    """Log growth since the last figure, or since the level carried on where there is none: (unit, ahead)."""
    median = made.median[target].loc[units]
    last = panel.at(target, panel.latest)[units]
    carried = median[1] / np.exp(england_path(panel, 1)[1][target])
    start = last.where(last > 0, carried)
    return np.log(median.div(start, axis=0).to_numpy())


def _disbelieved(panel: Panel, units: list[str]) -> Array:
    """Log of the level over the last figure where that was replaced, else 0; England comes last: (la_code, target)."""
    columns = []
    for target in TARGETS:
        start, last = level(panel, target), panel.at(target, panel.latest)
        replaced = start.replaced & (last > 0)
        columns.append(np.log((start.children / last).where(replaced, 1.0)[units].to_numpy()))
    return np.concatenate([np.stack(columns, axis=1), np.zeros((1, len(TARGETS)))])


def _by_size(panel: Panel, made: Outlook, target: str) -> Array:
    """Intercept and slope of ln own_scale on ln children, by horizon: (horizon, term)."""
    size = panel.at(target, panel.latest).clip(lower=1.0).transform(np.log)
    rows = []
    for horizon in range(1, LONGEST + 1):
        scale = made.spread[target].own[horizon].transform(np.log)
        both = size.notna() & scale.notna()
        slope, intercept = np.polyfit(size[both], scale[both], 1)
        rows.append((intercept, slope))
    return np.asarray(rows)


def _with_plans(made: Outlook) -> Array:
    """Correlation of each target's own errors with those of all plans at `AT_YEARS`, none beyond 1: (target)."""
    errors = {
        target: errors[errors["ahead"].eq(AT_YEARS)].set_index(["unit", "origin"])["error"].clip(-1, 1)
        for target in TARGETS
        for errors in [made.spread[target].errors]
    }
    table = pd.DataFrame(errors)
    return table.corr()[PLANS].loc[list(TARGETS)].to_numpy()
