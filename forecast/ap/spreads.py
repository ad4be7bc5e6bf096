"""How wide the ranges are: one error that all authorities share, and one of each authority's own.

    own variance of the log, h years on    (steady + luck / children) x h        a random walk, wider where few are
    common variance, h years on            yearly^2 x h x (as few Januaries stand behind it, wider)

After the years that were tried out, each further year adds `FADING` of the variance that the one before it added,
as growth itself fades: nothing that is published says what it does there.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import stdtrit
from scipy.stats import t as student

from forecast.ap.deviates import DEVIATES, SD
from forecast.ap.level import LEAST
from forecast.ap.national import FADING
from forecast.ap.origins import HORIZONS
from forecast.model.raking import Array
from forecast.model.spread import FREEDOM

TENTH: Final = 0.9
"""Share below the upper end of the 80% range."""


@dataclass(frozen=True)
class Spread:
    """Standard deviations, on the log scale, of the errors of one series."""

    yearly: float
    """Of the error that all authorities share, in the first year; as measured."""
    januaries: int
    """Januaries behind it: errors of several years from one January go together."""
    steady: float
    """Variance in the first year of an authority's own error, however large it is."""
    luck: float
    """The same times its children: what fewness adds."""

    def common(self, ahead: int) -> float:
        """Standard deviation of the shared error, as wide as a Student's t on so few Januaries has it."""
        reach = stdtrit(self.januaries, TENTH) / (np.quantile(DEVIATES, TENTH) / SD)
        return float(self.yearly * np.sqrt(variance_years(ahead)) * reach)

    def own(self, ahead: int, size: Array) -> Array:
        """Standard deviation of an authority's own error: as `size`, the children it starts from."""
        variance = self.steady + self.luck / np.maximum(size, 1.0)
        return np.asarray(np.sqrt(variance * variance_years(ahead)))


def variance_years(ahead: int) -> float:
    """Years whose variance the error `ahead` years on has: fewer than `ahead` once past what was tried out."""
    tried = HORIZONS[-1]
    later = max(ahead - tried, 0)
    return min(ahead, tried) + FADING * (1 - FADING**later) / (1 - FADING)


def fit_spread(cells: pd.DataFrame) -> Spread:
    """Spread of the errors of past forecasts of one series.

    Parameters
    ----------
    cells : as `origins.our_cells`, of one series; without those of the January to be scored
    """
    errors = with_errors(cells)
    shared = errors.drop_duplicates(["origin", "ahead"])
    yearly = float(np.sqrt((shared["common"] ** 2 / shared["ahead"]).mean()))
    steady, luck = _own_variance(errors)
    return Spread(yearly, int(shared["origin"].nunique()), steady, luck)


def with_errors(cells: pd.DataFrame) -> pd.DataFrame:
    """`cells` with log errors: `common`, of their sum, and `own`, what is left of each authority's."""
    sums = cells.groupby(["series", "origin", "ahead"])[["forecast", "actual"]].transform("sum")
    common = np.log(sums["actual"] / sums["forecast"])
    whole = np.log((cells["actual"] + LEAST) / (cells["forecast"] + LEAST))
    return cells.assign(common=common, own=whole - common)


def _own_variance(errors: pd.DataFrame) -> tuple[float, float]:
    """Likeliest (steady, luck) where own errors are Student's t, a random walk in the years ahead."""
    error, ahead = errors["own"].to_numpy(dtype=float), errors["ahead"].to_numpy(dtype=float)
    size = np.maximum(errors["now"].to_numpy(dtype=float), 1.0)

    def unlikely(logs: Array) -> float:
        scale = np.sqrt((np.exp(logs[0]) + np.exp(logs[1]) / size) * ahead)
        return float(-student.logpdf(error / scale, FREEDOM).sum() + np.log(scale).sum())

    found = minimize(unlikely, np.log([0.03, 1.0]), method="Nelder-Mead", bounds=_BOUNDS, options=_EXACT)
    steady, luck = np.exp(found.x) * SD**2
    return float(steady), float(luck)


_BOUNDS: Final = [(np.log(1e-6), np.log(10)), (np.log(1e-4), np.log(1e3))]
"""Logs of the least and the most that steady and luck may be: where no error is left, neither is quite 0."""
_EXACT: Final = {"xatol": 1e-6, "fatol": 1e-6}


def half_width(common: float, own: Array) -> Array:
    """Log by which the 80% range goes up and down from the middle: as `own`.

    The two shocks are drawn apart, so it is the quantile of their sum.

    Parameters
    ----------
    common, own : standard deviations
    """
    angles, reaches = _reaches()
    return np.asarray(np.hypot(common, own) * np.interp(np.arctan2(common, own), angles, reaches))


@cache
def _reaches() -> tuple[Array, Array]:
    """Quantile of the sum of two shocks whose variances add up to 1, by how much of it is the first's: an angle."""
    angles = np.linspace(0, np.pi / 2, _ANGLES)
    deviates = DEVIATES / SD
    sums = [np.add.outer(np.sin(angle) * deviates, np.cos(angle) * deviates) for angle in angles]
    return angles, np.array([np.quantile(each, TENTH) for each in sums])


_ANGLES: Final = 33
