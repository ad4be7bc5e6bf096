"""What any forecaster could do with a series and nothing else: the methods that ours must beat.

A rival takes the past and the horizons wanted:

    past    children: a row a January, year by year up to the one forecast from; a column an authority
    answer  children: a row an authority; a column a horizon, in years

A figure that a rival cannot make is missing, never another rival's. What each is, in a sentence: `SAYS`.

AutoARIMA and damped Holt are fitted to children, damped ETS and Theta to ln(1 + children): each to what it
does best on, of all plans. What they err on the published panel is in the tests.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from forecast.errors import ForecastError, UnknownLabel
from forecast.model.growth import damped
from forecast.model.growth import pooled_growth as yearly_growth
from forecast.model.raking import Array

Forecast = Callable[[pd.DataFrame, Sequence[int]], pd.DataFrame]
"""(past, horizons) -> children by authority and horizon."""
Extrapolate = Callable[[Array, int], Array]
"""(series without gaps, years) -> the next years of it."""

DRIFT_YEARS: Final = 5
"""Years over which the drift is measured."""
GROWTH_YEARS: Final = 3
"""Years over which growth is measured, an authority's own or England's."""
FEWEST: Final = 4
"""Januaries that a method which is fitted must know."""
FEWEST_ETS: Final = 10
"""The same for damped ETS: statsforecast refuses fewer, so there is none before the origin of 2019."""
POOLED_DAMPING: Final[Mapping[str, float]] = {
    "plans": 0.95,
    "plans_5_15": 0.95,
    "special_state": 0.93,
    "special_all": 0.93,
    "independent": 0.8,
    "base": 0.8,
    "alternative": 0.8,
}
"""Share of a year's growth that is left in the next, by target: the benchmark's own, whatever our model learns."""
SAYS: Final[Mapping[str, str]] = {
    "naive": "No change: the latest census.",
    "drift": "The yearly change of the last five years, in children, goes on.",
    "own growth": "The authority's own growth of the last three years, in per cent, goes on.",
    "damped ETS": "Exponential smoothing of level and trend, the trend dying away; of logarithms (statsforecast).",
    "damped Holt": "The same kind of smoothing, fitted to numbers of children (statsmodels).",
    "AutoARIMA": "The best of many autoregressive models by their corrected Akaike criterion (statsforecast).",
    "Theta": "Half a straight line and half a smoothed level, the best of four kinds; of logarithms (statsforecast).",
    "pooled growth": "The latest census, grown at England's rate of the last three years, which dies away.",
    "constant-rate cohort": "Children age from band to band; starts stay as they were, plans end at last year's rates.",
}
"""Each rival in words, for the card; the last is `markov.cohort`, which needs ages."""


class RivalMissing(ForecastError):
    """A rival's own program is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The rivals AutoARIMA, Theta and damped ETS need {package}, which is not installed; install it, "
            f'with Python 3.11 or 3.12: pip install "{package}>=2,<2.0.2"'
        )


def naive(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """The last value; missing where the last January is."""
    return _table(dict.fromkeys(horizons, past.iloc[-1]))


def drift(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """The last value and the mean yearly change, in children, of the last five years; never below 0.

    Missing where either January is.
    """
    last, ago = past.iloc[-1], _ago(past, DRIFT_YEARS)
    return _table({horizon: (last + horizon * (last - ago) / DRIFT_YEARS).clip(lower=0) for horizon in horizons})


def own_growth(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """The last value, compounded at the authority's own log growth of the last three years.

    Missing where either January is. Growth from nothing has no rate: then no change.
    """
    last, ago = past.iloc[-1], _ago(past, GROWTH_YEARS)
    ratio = (last / ago.where(ago > 0)).mask(ago == 0, 1.0)
    return _table({horizon: last * ratio ** (horizon / GROWTH_YEARS) for horizon in horizons})


def pooled_growth(past: pd.DataFrame, horizons: Sequence[int], target: str) -> pd.DataFrame:
    """The benchmark: the last value, grown as the sum of all authorities grew over three years, damped.

    Authorities known at both ends make the growth. Missing where the last January is, and for all where
    there are fewer than four Januaries.

    Parameters
    ----------
    target : a name of `POOLED_DAMPING`

    Raises
    ------
    UnknownLabel
        No target is called so.
    """
    if target not in POOLED_DAMPING:
        raise UnknownLabel("target", target, POOLED_DAMPING)
    at = int(past.index[-1])
    if at - GROWTH_YEARS not in past.index:
        return naive(past, horizons) * np.nan
    growth = yearly_growth(past, at, GROWTH_YEARS)
    factor = np.exp(damped(growth, POOLED_DAMPING[target], max(horizons)))
    return _table({horizon: past.iloc[-1] * factor[horizon - 1] for horizon in horizons})


def damped_holt(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """Level and additive damped trend by least squares on children; gaps as in `_each`.

    On one thread: on series so short, sharing the linear algebra between two takes seven times as long.
    """
    from statsmodels.tsa import holtwinters

    with threadpool_limits(limits=1, user_api="blas"):
        return _each(past, horizons, partial(_holt, holtwinters.Holt))


def damped_ets(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """ETS(A, Ad, N) by likelihood on ln(1 + children), from ten Januaries on; gaps as in `_each`.

    Raises
    ------
    RivalMissing
        statsforecast is not installed.
    """
    return _each(past, horizons, _of_logarithms(_statsforecast("AutoETS", model="AAN", damped=True)), FEWEST_ETS)


def theta(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """The best of the standard, optimised and dynamic Theta methods on ln(1 + children); gaps as in `_each`.

    Raises
    ------
    RivalMissing
        statsforecast is not installed.
    """
    return _each(past, horizons, _of_logarithms(_statsforecast("AutoTheta")))


def auto_arima(past: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """ARIMA of the orders that AICc likes best, on children; gaps as in `_each`.

    The search starts from no terms and not from two of each: it may go as far, takes a third less time, and
    ended at the same models on a fifth of the panel.

    Raises
    ------
    RivalMissing
        statsforecast is not installed.
    """
    return _each(past, horizons, _statsforecast("AutoARIMA", start_p=0, start_q=0))


RIVALS: Final[Mapping[str, Forecast]] = {
    "naive": naive,
    "drift": drift,
    "own growth": own_growth,
    "damped ETS": damped_ets,
    "damped Holt": damped_holt,
    "AutoARIMA": auto_arima,
    "Theta": theta,
}
"""Rivals that look at one authority's series alone."""


def rivals(target: str) -> dict[str, Forecast]:
    """Every rival for `target` that needs its series and no ages: those of `RIVALS`, and pooled growth."""
    return {**RIVALS, "pooled growth": partial(pooled_growth, target=target)}


def _ago(past: pd.DataFrame, years: int) -> pd.Series:
    """Children `years` before the last January; missing where that is before the first."""
    return past.reindex([int(past.index[-1]) - years]).iloc[0]


def _table(columns: Mapping[int, pd.Series]) -> pd.DataFrame:
    """Series by horizon as one table."""
    return pd.DataFrame(dict(columns)).rename_axis(columns="horizon").astype(float)


def _each(past: pd.DataFrame, horizons: Sequence[int], extrapolate: Extrapolate, fewest: int = FEWEST) -> pd.DataFrame:
    """One authority at a time; never below 0.

    A gap before the first figure is left out, one between figures is filled with the figure before. Missing
    where the last January is, and where fewer than `fewest` are known.
    """
    years = range(int(past.index[0]), int(past.index[-1]) + 1)
    known = past.reindex(years)
    ahead = pd.DataFrame(np.nan, index=range(1, max(horizons) + 1), columns=past.columns)
    for code, series in known.items():
        if series.count() >= fewest and pd.notna(series.iloc[-1]):
            ahead[code] = extrapolate(series.ffill().dropna().to_numpy(dtype=float), max(horizons))
    return ahead.clip(lower=0).T[list(horizons)].rename_axis(columns="horizon")


def _of_logarithms(extrapolate: Extrapolate) -> Extrapolate:
    """The same on ln(1 + children), which a series with a 0 in it has too."""
    return lambda series, years: np.expm1(extrapolate(np.log1p(series), years))


def need_statsforecast() -> None:
    """Raise `RivalMissing` before the work, where the library of three rivals is not installed."""
    if find_spec("statsforecast") is None:
        raise RivalMissing("statsforecast")


def _statsforecast(name: str, **settings: object) -> Extrapolate:
    """A model of statsforecast, for series without seasons."""
    try:
        from statsforecast import models
    except ImportError as error:
        raise RivalMissing("statsforecast") from error
    make = getattr(models, name)
    return lambda series, years: np.asarray(make(season_length=1, **settings).forecast(series, years)["mean"])


def _holt(make: Callable[..., Any], series: Array, years: int) -> Array:
    """Holt's method with a damped trend; the best parameters found stand, also where the search ended early.

    A series that never moves is fitted without error, of which statsmodels takes the logarithm for criteria
    that are not used here.
    """
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = make(series, damped_trend=True, initialization_method="estimated").fit()
        return np.asarray(fitted.forecast(years))
