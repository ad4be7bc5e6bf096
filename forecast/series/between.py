"""How authorities differ, and how the make-up of one changes: for ranges that no past forecast tests."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL, NOT_RECORDED, PHASES
from forecast.inputs.rows import every_age
from forecast.inputs.sen2 import Release
from forecast.model.growth import TARGETS
from forecast.model.spread import P90
from forecast.series.build import Beside
from forecast.series.features import AGES_WITH_PLANS, LEAST_SHARE, of_neighbours
from forecast.series.panel import Panel
from forecast.series.targets import PLANS

SPAN: Final = 5
"""Years over which a make-up by age is followed."""
BAND_OF: Final = dict(zip(PHASES, (0, 5, 11, 16, 20), strict=True))
"""Phase -> first age of the published band that is nearest to it."""
STARTS: Final = "new plans"
LAGS: Final = (1, 3, 5)
"""Years after which a difference is looked at again."""
FIRST_SEEN: Final = 2015
"""First January whose differences are followed: the reform came in 2014."""
AGES_AT_START: Final = slice(2, 16)
"""Ages of the residents to whom new plans are related."""
MOST: Final = 0.7
"""Largest spread of a need's share: in rare ones it is mostly of how they are recorded."""


def between(panel: Panel, release: Release, beside: Beside, needs: list[str]) -> xr.Dataset:
    """Spreads on the log scale, each as half the width of the middle 80% of authorities over 1.28.

    Returns
    -------
    Dataset with between (target): children per resident against statistical neighbours'; need_spread (need): a
    need's share of plans against the median authority's, less what chance gives; phase_spread (phase): change
    over five years of a band's share of plans, against the median authority's; persistence (measure, lag): what is
    left of an authority's difference from the median one.
    """
    residents = panel.residents(panel.latest).loc[:, AGES_WITH_PLANS].sum(axis=1)
    per_resident = {target: panel.at(target, panel.latest) / residents for target in TARGETS}
    rates = {target: rate.replace(0.0, np.nan).transform(np.log) for target, rate in per_resident.items()}
    apart = {target: _spread(rate - of_neighbours(panel, rate)) for target, rate in rates.items()}
    return xr.Dataset(
        {
            "between": (("target",), [apart[target] for target in TARGETS]),
            "need_spread": (("need",), _needs(release, panel.latest, needs)),
            "phase_spread": (("phase",), _phases(release, beside, panel.latest)),
            "persistence": (("measure", "lag"), _persistence(panel)),
        },
        coords={
            "target": list(TARGETS),
            "need": needs,
            "phase": [phase.value for phase in PHASES],
            "measure": [STARTS, *TARGETS],
            "lag": list(LAGS),
        },
    )


def _persistence(panel: Panel) -> list[list[float]]:
    """What is left, years later, of an authority's difference from the median one: (measure, lag).

    The mean over Januaries of the slope of the later log difference on the earlier. Of new plans per resident, the
    earlier being half the last year's and half the mean of three; of each target's share of plans (of all plans,
    per resident).
    """
    people = {year: panel.as_known(year).residents(year) for year in panel.children[PLANS].index}
    young = pd.DataFrame({year: table.loc[:, AGES_AT_START].sum(axis=1) for year, table in people.items()}).T
    starts = ((panel.flows["new_plans"] + 0.5) / young).transform(np.log)
    known = (starts + starts.rolling(3).mean()) / 2
    rows = [[_left(known, starts, lag) for lag in LAGS]]
    for target in TARGETS:
        of = young if target == PLANS else panel.children[PLANS]
        share = (panel.children[target] / of).clip(lower=LEAST_SHARE if target != PLANS else None).transform(np.log)
        rows.append([_left(share, share, lag) for lag in LAGS])
    return rows


def _left(before: pd.DataFrame, after: pd.DataFrame, lag: int) -> float:
    """Mean slope of differences `lag` years later on those before, from `FIRST_SEEN` on."""
    slopes = []
    for year in range(FIRST_SEEN, int(before.index[-1]) - lag + 1):
        x, y = before.loc[year] - before.loc[year].median(), after.loc[year + lag] - after.loc[year + lag].median()
        both = np.isfinite(x) & np.isfinite(y)
        slopes.append(np.polyfit(x[both], y[both], 1)[0])
    return float(np.mean(slopes))


def _spread(values: "pd.Series[float]") -> float:
    """Standard deviation of the normal that is as wide between its tenths."""
    low, high = values.quantile([0.1, 0.9])
    return float((high - low) / (2 * P90))


def _needs(release: Release, year: int, needs: list[str]) -> list[float]:
    """Spread of each need's share of plans."""
    rows = release.placements
    rows = rows[rows["year"].eq(year) & rows["provision"].eq(ALL) & every_age(rows)]
    rows = rows[rows["la_code"].str.fullmatch(r"\d{3}") & ~rows["need"].isin([ALL, NOT_RECORDED])]
    counts = rows.pivot_table(index="la_code", columns="need", values="children", aggfunc="sum") + 0.5
    share = counts.div(counts.sum(axis=1), axis=0).transform(np.log)
    seen = {need: _spread(share[need] - share[need].median()) for need in needs}
    chance = {need: float((1 / counts[need]).median()) for need in needs}
    return [min(float(np.sqrt(max(seen[need] ** 2 - chance[need], 0.0))), MOST) for need in needs]


def _phases(release: Release, beside: Beside, year: int) -> list[float]:
    """Spread of the change of each phase's share of plans."""
    bands = release.bands[release.bands["kind"].eq("plans") & release.bands["age_from"].isin(list(BAND_OF.values()))]
    rows = bands[bands["age_to"] - bands["age_from"] < _ALL_AGES]
    rows = rows.assign(unit=rows["la_code"].replace(dict(beside.units)))
    counts = rows.pivot_table(index=["year", "unit"], columns="age_from", values="children", aggfunc="sum") + 0.5
    share = counts.div(counts.sum(axis=1), axis=0).transform(np.log)
    then, now = (share[share.index.get_level_values("year") == at].droplevel("year") for at in (year - SPAN, year))
    change = (now - then).dropna()
    return [_spread(change[age] - change[age].median()) for age in BAND_OF.values()]


_ALL_AGES: Final = 20
"""A band this wide is every age."""
