"""How far the truth may lie from the central forecast: by the errors that the same method made before.

    ln actual = ln median + common + own

`common` is shared by all authorities and counts few: one a year. `own` spreads with an authority's size and
how much its figures have jumped. Both have heavier tails than a normal: Student's t with five degrees of freedom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from forecast.errors import ForecastError
from forecast.model.raking import Array
from forecast.model.spread import FREEDOM
from forecast.series.level import level
from forecast.series.medians import Medians
from forecast.series.panel import Panel
from forecast.series.targets import (
    ALTERNATIVE,
    BASE,
    EVERY,
    INDEPENDENT,
    LONGEST,
    NON_MAINTAINED,
    PLANS,
    PLANS_5_15,
    SPECIAL_ALL,
    SPECIAL_STATE,
    TARGETS,
)

PRIOR: Final[Mapping[str, float]] = {
    PLANS: 0.018,
    PLANS_5_15: 0.03,
    SPECIAL_STATE: 0.016,
    SPECIAL_ALL: 0.016,
    INDEPENDENT: 0.04,
    BASE: 0.06,
    ALTERNATIVE: 0.06,
    NON_MAINTAINED: 0.06,
}
"""Log error a year ahead that authorities are thought to share before any is seen; it grows as horizon to the .9."""
PRIOR_SHARE: Final = 0.6
"""Of `PRIOR`, what remains beside the errors seen."""
PRIOR_ORIGINS: Final = 4
"""Origins that the prior counts for."""
ORIGINS: Final = 4
"""Origins whose errors are learned from: the last that have an outcome."""
FIRST_ORIGIN: Final = 2012
"""First origin with growth to go by."""
BY_SIZE_ALONE: Final = (ALTERNATIVE, NON_MAINTAINED)
"""Series whose own spread is as the root of 1 + 40 / children: they are small, and recoded."""
GROWS_AS: Final = 0.8
"""Power of the horizon as which errors grow where they have not been seen at that horizon."""
LARGEST: Final = 1.6
"""Largest scale of an own error: its 80% range is then from a tenth of the central forecast to ten times it. Larger
ones, of authorities with hardly a child in a series, hold no more outcomes."""
STEADY: Final = 0.02
"""Yearly log change, added to an authority's own before its logarithm is taken."""
LEAST_ERROR: Final = 0.001
"""An error smaller than this has no useful logarithm."""
_WITHIN_80 = float(stats.t.ppf(0.9, FREEDOM))


class TooLittle(ForecastError):
    """No past forecast to learn a range from."""

    def __init__(self, target: str, year: int) -> None:
        super().__init__(
            f"Too little was published by January {year} to learn how far a forecast of {target} may be out: give the "
            "release with earlier censuses too (--sen2), or a later --origin."
        )


@dataclass(frozen=True)
class Spread:
    """Scales of the two errors of one series, each times a Student's t of `FREEDOM`; columns are years ahead."""

    common: "pd.Series[float]"
    """Index years ahead."""
    own: pd.DataFrame
    """Index unit."""
    errors: pd.DataFrame
    """Past errors that they were learned from: unit, origin, ahead, error (log), standardised."""


def spread(panel: Panel, target: str, past: Mapping[int, Medians], median: pd.DataFrame) -> Spread:
    """Scales of the errors of a forecast from the panel's last census.

    Parameters
    ----------
    past : January -> medians made from what was known then
        Only those before the panel's last census are looked at.
    median : the forecast: index unit, columns years ahead
    """
    common, own, errors = {}, {}, []
    horizons = [int(step) for step in median.columns]
    for ahead in [step for step in horizons if step <= LONGEST]:
        seen = _seen(panel, target, past, ahead)
        common[ahead] = _common_scale(seen, target, ahead)
        slopes, standard = _own_slopes(seen, target)
        own[ahead] = _own_scale(_described(panel, target), slopes) * standard
        errors.append(seen.table.assign(ahead=ahead))
    table, shared = pd.DataFrame(own), pd.Series(common)
    for ahead in [step for step in horizons if step > LONGEST]:
        table[ahead] = table[LONGEST] * (ahead / LONGEST) ** GROWS_AS
        shared[ahead] = shared[LONGEST] * (ahead / LONGEST) ** GROWS_AS
    return Spread(shared, table.clip(upper=LARGEST), pd.concat(errors, ignore_index=True))


@dataclass(frozen=True)
class _Seen:
    """Errors of past origins, scaled to one horizon."""

    common: Array
    """Log of the sum's outcome over its forecast, an origin each."""
    table: pd.DataFrame
    """unit, origin, error (about the median of its origin), and the columns of `_described`."""


def _seen(panel: Panel, target: str, past: Mapping[int, Medians], ahead: int) -> _Seen:
    """Errors of the last origins with an outcome `ahead` years on; else, scaled, of the longest horizon with one.

    Raises
    ------
    TooLittle
        No forecast of the target has an outcome yet.
    """
    for near in range(ahead, 0, -1):
        last = panel.latest - near
        origins = [at for at in range(last - ORIGINS + 1, last + 1) if at in past and at >= FIRST_ORIGIN]
        found = [_errors(panel, target, origin, past[origin][target][near]) for origin in origins]
        if kept := [errors for errors in found if errors is not None]:
            scale = (ahead / near) ** GROWS_AS
            table = pd.concat([table for _, table in kept], ignore_index=True)
            common = np.array([shared for shared, _ in kept])
            return _Seen(scale * common, table.assign(error=scale * table["error"]))
    raise TooLittle(TARGETS.get(target, target), panel.latest)


def _errors(panel: Panel, target: str, origin: int, forecast: "pd.Series[float]") -> tuple[float, pd.DataFrame] | None:
    """The shared error of one origin and horizon, and the own ones in the columns of `_Seen`; None where none is known.

    Parameters
    ----------
    forecast : index unit; its name is the years ahead
    """
    outcome = panel.at(target, origin + int(str(forecast.name)))
    both = forecast.notna() & outcome.notna() & panel.at(target, origin).notna()
    if not both.any():
        return None
    error = (outcome[both] / forecast[both]).where(outcome[both] > 0).transform(np.log).dropna()
    described = _described(panel.as_known(origin), target).loc[error.index]
    shared = float(np.log(outcome[both].sum() / forecast[both].sum()))
    return shared, described.assign(unit=error.index, origin=origin, error=error - error.median())


def _common_scale(seen: _Seen, target: str, ahead: int) -> float:
    """Scale of the shared error: its prior and the errors seen, pooled, as that of a t with the same variance."""
    prior = PRIOR_SHARE * PRIOR[target] * ahead**0.9
    variance = (PRIOR_ORIGINS * prior**2 + np.square(seen.common).sum()) / (PRIOR_ORIGINS + len(seen.common))
    return float(np.sqrt(variance * (FREEDOM - 2) / FREEDOM))


def _own_slopes(seen: _Seen, target: str) -> tuple[Array, float]:
    """Slopes of ln |error| by ln size, volatility and a replaced level; and the scale that holds 80% of them."""
    x, error = _design(seen.table), seen.table["error"].to_numpy()
    if target in BY_SIZE_ALONE:
        slopes = np.array([0.0, 1.0, 0.0, 0.0])
    else:
        ridge = np.diag([0.0, 2.0, 2.0, 2.0])
        size = np.log(np.maximum(np.abs(error), LEAST_ERROR))
        slopes = np.linalg.solve(x.T @ x + ridge, x.T @ size)
    return slopes, float(np.quantile(np.abs(error) / np.exp(x @ slopes), 0.8)) / _WITHIN_80


def _own_scale(described: pd.DataFrame, slopes: Array) -> "pd.Series[float]":
    """Scale of each authority's own error, before it is made to hold 80% of the errors seen."""
    return pd.Series(np.exp(_design(described) @ slopes), index=described.index)


def _design(described: pd.DataFrame) -> Array:
    """1 and the columns of `_described`."""
    columns = described[["size", "volatility", "replaced"]].to_numpy(dtype=float)
    return np.column_stack([np.ones(len(described)), columns])


def _described(panel: Panel, target: str) -> pd.DataFrame:
    """What an authority's own spread depends on: columns size, volatility, replaced; index unit."""
    start = level(panel, target)
    children = start.children.clip(lower=1.0)
    if target in BY_SIZE_ALONE:
        table = pd.DataFrame({"size": np.log1p(40 / children) / 2, "volatility": 0.0, "replaced": 0.0})
        return table.fillna(0.0)
    recent = panel.children[target].loc[max(panel.first, panel.latest - 5) :]
    steps = (recent + 1).transform(np.log).diff().iloc[1:]
    jumps = np.sqrt((steps.sub(steps.median(axis=1), axis=0) ** 2).mean())
    table = pd.DataFrame({
        "size": np.log(children),
        "volatility": np.log(jumps + STEADY),
        "replaced": start.replaced.astype(float),
    })  # fmt: skip
    return table.fillna(table.median())


def spreads(panel: Panel, past: Mapping[int, Medians], median: Medians) -> dict[str, Spread]:
    """`spread` of every target."""
    return {target: spread(panel, target, past, median[target]) for target in EVERY}
