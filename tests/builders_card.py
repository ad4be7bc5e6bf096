"""A small backtest made by hand: six authorities, every series, every January, errors that grow with the years."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from forecast.backtest.ages import AS_BEFORE, ROLLED, SCALED
from forecast.backtest.cells import OURS
from forecast.backtest.decision import CHEAPEST, RULES
from forecast.backtest.judge import POOLED
from forecast.backtest.run import Backtest
from forecast.report.card_tables import card_tables
from forecast.series.panel import Panel
from forecast.series.targets import HORIZONS, PLANS, TARGETS

UNITS = ("201", "202", "203", "204", "205", "838+839")
NAMES = {"201": "Aldby", "202": "Bexter", "203": "Corby Vale", "204": "Dunmere", "205": "Elmshire"} | {
    "838": "Farset",
    "839": "Bournmouth",
}
FIRST, LAST = 2016, 2025
METHODS = {OURS: 0.012, "naive": 0.04, "drift": 0.03, "own growth": 0.028, POOLED: 0.018, "damped ETS": 0.035}
"""Method -> its error a year ahead."""
LATE = 2019
"""First January of damped ETS."""


def panel():
    """Children of every unit, growing by a tenth of the first figure a year."""
    years = range(2010, LAST + 1)
    size = 100.0 * np.arange(1, len(UNITS) + 1)
    children = {
        target: pd.DataFrame([size * (1 + 0.1 * (year - 2010)) for year in years], index=years, columns=list(UNITS))
        for target in TARGETS
    }
    return Panel(children, {}, {}, pd.DataFrame(), left_out())


def left_out():
    """Two figures that were not used."""
    rows = [
        ("202", "every placement", 2024, "more than a tenth of placements unknown"),
        ("838+839", "every placement", 2024, "more than a tenth of placements unknown"),
    ]
    return pd.DataFrame(rows, columns=["unit", "target", "year", "reason"])


@cache
def cells():
    """Forecasts beside outcomes; from the first January all are three times as far out."""
    rows = []
    known = panel().children
    for target, method, origin, ahead in product(TARGETS, METHODS, range(FIRST, LAST), HORIZONS):
        if origin + ahead > LAST:
            continue
        actual = known[target].loc[origin + ahead].to_numpy()
        error = METHODS[method] * ahead * (3 if origin == FIRST else 1) * (1 + list(TARGETS).index(target) / 20)
        side = np.where(np.arange(len(UNITS)) == origin % len(UNITS), 1, -1)
        forecast = actual * (1 + error * side)
        if method == "damped ETS" and origin < LATE:
            forecast = np.full(len(UNITS), np.nan)
        row = {"target": target, "method": method, "origin": origin, "ahead": ahead, "unit": UNITS}
        row |= {"now": known[target].loc[origin].to_numpy(), "forecast": forecast, "actual": actual}
        rows.append(pd.DataFrame(row | (_ranges(forecast, ahead) if method == OURS else {})))
    return pd.concat(rows, ignore_index=True)


def _ranges(forecast, ahead):
    half = 0.02 * ahead
    inner, outer = half * np.linspace(0.3, 1.4, len(UNITS)), half * np.linspace(1.1, 1.9, len(UNITS))
    return {
        "p025": forecast * (1 - outer),
        "p10": forecast * (1 - inner),
        "p80": forecast * (1 + 0.6 * inner),
        "p90": forecast * (1 + inner),
        "p975": forecast * (1 + outer),
        "crps": 0.01 * forecast,
        "own10": -half,
        "own90": half,
    }


def summed():
    """England and two regions: three times as far out from the first January, and outside the range."""
    rows = []
    for target, region, origin, ahead in product(TARGETS, ("England", "East", "West"), range(FIRST, LAST), HORIZONS):
        if origin + ahead <= LAST:
            actual = (2 if region == "England" else 1) * (1234.56 + 100 * (origin + ahead - FIRST))
            forecast = actual * (1 - 0.01 * ahead * (3 if origin == FIRST else 1))
            low, high = forecast * (1 - 0.012 * ahead), forecast * (1 + 0.012 * ahead)
            rows.append((target, region, origin, ahead, forecast, low, high, actual))
    return pd.DataFrame(rows, columns=["target", "region", "origin", "ahead", "forecast", "p10", "p90", "actual"])


def decisions():
    """Regret of every rule: the cheapest size costs a million pounds a year, each rule after it a million more."""
    rows = [
        (origin, rule, unit, 100.0, 110.0, 1e6 * (1 + place))
        for origin in (2018, 2019)
        for place, rule in enumerate([CHEAPEST, *(rule for rule in RULES if rule != CHEAPEST)])
        for unit in UNITS
    ]
    return pd.DataFrame(rows, columns=["origin", "rule", "unit", "chosen", "needed", "regret"])


def ages():
    """Errors of cells by age and kind of place: a tenth more with each method after the first."""
    rows = [
        (method, kind, 3, 0.1 + 0.1 * place)
        for place, method in enumerate((ROLLED, SCALED, AS_BEFORE))
        for kind in ("every placement", "mainstream", "special", "independent", "base", "alternative")
    ]
    return pd.DataFrame(rows, columns=["method", "provision", "authorities", "wape"])


def small_backtest():
    """The whole of it."""
    every = cells()
    whole = every[every["method"].isin([OURS, POOLED])]
    columns = ["target", "method", "origin", "ahead", "unit", "now", "forecast", "actual"]
    return Backtest(every, summed(), whole[columns], decisions(), ages(), left_out())


@cache
def small_tables():
    """Its tables, as they ship."""
    return card_tables(small_backtest(), panel(), NAMES)


def tried():
    """Two ideas, one of them kept; a cell with what would part a table."""
    return pd.DataFrame(
        {
            "idea": ["Steady levels", "Neighbours' growth"],
            "what_was_done": ["median | of three years", "added as a feature"],
            "on_choosing_outcomes": ["3% better", "no change"],
            "kept": ["yes", "no"],
            "why": ["falls are recoding", "noise"],
        }
    )


def our_error(target=PLANS, ahead=5):
    """Mean error of this model by the rule that `cells` was made by: the first January counts three times."""
    origins = [origin for origin in range(FIRST, LAST) if origin + ahead <= LAST]
    each = METHODS[OURS] * ahead * (1 + list(TARGETS).index(target) / 20)
    return each * (len(origins) + 2) / len(origins)
