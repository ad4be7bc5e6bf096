"""Growth of the published series: pooled over authorities, damped, with the errors that it has made.

Local growth does not persist and local levels do, so an authority's forecast is its last value times
England's damped growth. This is the benchmark that later models must beat.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ALL, NOT_RECORDED, Provision
from forecast.inputs.rows import every_age
from forecast.model.raking import Array

TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "plans": (ALL,),
    "special": (Provision.SPECIAL,),
    "independent": (Provision.INDEPENDENT,),
    "base": (Provision.BASE,),
    "alternative": (Provision.ALTERNATIVE,),
}
"""Series that steer the forecast -> provisions that they sum."""
DAMPING: Final = {"plans": 0.95, "special": 0.93, "independent": 0.8, "base": 0.8, "alternative": 0.8}
"""Share of a year's growth that is left in the next."""
COMMON_SD: Final = {"plans": 0.018, "special": 0.016, "independent": 0.04, "base": 0.06, "alternative": 0.06}
"""Log standard deviation at one year of the error that all authorities share; it grows as horizon to the .9."""
HORIZONS: Final = (1, 2, 3, 5)
MOST_NOT_RECORDED: Final = 0.1
"""A census with a larger share of placements not recorded is left out of growth and errors by placement."""


def series(placements: pd.DataFrame, provisions: tuple[str, ...]) -> pd.DataFrame:
    """Children in `provisions` at each January, *not recorded* shared by the authority's own mix: year by la_code.

    Missing where the authority published no placements, or too few of them to share out.
    """
    rows = placements[placements["need"].eq(ALL) & every_age(placements)]
    table = rows.pivot_table(index=["year", "la_code"], columns="provision", values="children", aggfunc="sum")
    total = table[ALL]
    if provisions == (ALL,):
        return total.unstack("la_code")
    parts = table.drop(columns=[ALL, NOT_RECORDED], errors="ignore")
    recorded = parts.sum(axis=1, min_count=1)
    share = parts[list(provisions)].sum(axis=1, min_count=1) / recorded
    sound = recorded >= (1 - MOST_NOT_RECORDED) * total
    return (share * total).where(sound).unstack("la_code")


def pooled_growth(table: pd.DataFrame, at: int, years: int) -> float:
    """Mean yearly log growth of the panel's sum over the `years` to January `at`.

    Only authorities with a figure at both ends are summed.
    """
    both = table.loc[[at - years, at]].dropna(axis=1)
    return float(np.log(both.loc[at].sum() / both.loc[at - years].sum()) / years)


def damped(growth: float, damping: float | Array, years: int) -> Array:
    """Log growth since the last census, 1 to `years` on: the sum of growth x damping^k, k = 1 to h."""
    powers = np.arange(1, years + 1)
    return np.asarray(growth * np.cumsum(np.power.outer(np.asarray(damping, dtype=float), powers), axis=-1))


def pooled_errors(table: pd.DataFrame, damping: float, at: int, horizon: int) -> pd.Series:
    """ln(actual / pooled growth forecast) of each authority, from January `at`, `horizon` years on."""
    growth = pooled_growth(table, at, 3)
    ends = table.loc[[at, at + horizon]]
    now, then = ends.loc[:, (ends > 0).all()].to_numpy(dtype=float)
    known = ends.columns[(ends > 0).all()]
    return pd.Series(np.log(then / (now * np.exp(damped(growth, damping, horizon)[-1]))), index=known)


def local_spread(table: pd.DataFrame, damping: float, latest: int) -> pd.DataFrame:
    """How far authorities' own errors spread about the common one, by horizon and size.

    ln |error| is regressed on ln size over the last four origins whose outcome is known, and scaled so
    that 80% of them lie within 1.2816 standard deviations.

    Returns
    -------
    DataFrame, a row a horizon: intercept, slope (on ln of the last value)
    """
    rows = {}
    for horizon in HORIZONS:
        origins = [at for at in range(latest - horizon - 3, latest - horizon + 1) if at - 3 in table.index]
        errors = [pooled_errors(table, damping, at, horizon) for at in origins]
        centred = pd.concat([error - error.median() for error in errors])
        size = np.log(pd.concat([table.loc[at][error.index] for at, error in zip(origins, errors, strict=True)]))
        kept = (centred.abs() > _NO_ERROR).to_numpy()
        slope, intercept = np.polyfit(size[kept], np.log(centred.abs()[kept]), 1)
        slope = min(slope, 0.0)
        ratio = centred.abs() / np.exp(intercept + slope * size)
        rows[horizon] = {"intercept": intercept + np.log(ratio.quantile(0.8) / P90), "slope": slope}
    return pd.DataFrame(rows).T


def common_sd(table: pd.DataFrame, target: str, latest: int) -> list[float]:
    """Standard deviation of the error that all authorities share, by horizon, on the log scale.

    The misses of England's sum from the last four origins whose outcome is known, with a prior worth four
    more: variance (4 s0^2 + sum of c^2) / (4 + n), s0 = .6 k h^.9.
    """
    found = []
    for horizon in HORIZONS:
        origins = [at for at in range(latest - horizon - 3, latest - horizon + 1) if at - 3 in table.index]
        misses = [_common_miss(table, DAMPING[target], at, horizon) for at in origins]
        expected = 0.6 * COMMON_SD[target] * horizon**0.9
        found.append(
            float(np.sqrt((_PRIOR_ORIGINS * expected**2 + np.sum(np.square(misses))) / (_PRIOR_ORIGINS + len(misses))))
        )
    return found


def _common_miss(table: pd.DataFrame, damping: float, at: int, horizon: int) -> float:
    """ln(actual / forecast) of the sum of the authorities known at both ends."""
    both = table.loc[[at, at + horizon]].dropna(axis=1)
    forecast = both.loc[at].sum() * np.exp(damped(pooled_growth(table, at, 3), damping, horizon)[-1])
    return float(np.log(both.loc[at + horizon].sum() / forecast))


def with_plans(tables: Mapping[str, pd.DataFrame], latest: int, horizon: int = 3) -> dict[str, float]:
    """Correlation of each target's local errors with those of all plans, over the last four origins."""
    errors = {}
    for target, table in tables.items():
        origins = range(latest - horizon - 3, latest - horizon + 1)
        by_origin = {at: pooled_errors(table, DAMPING[target], at, horizon) for at in origins}
        errors[target] = pd.concat({at: (error - error.median()).clip(-1, 1) for at, error in by_origin.items()})
    return {target: float(error.corr(errors["plans"])) for target, error in errors.items()}


_NO_ERROR: Final = 1e-6
"""An error smaller than this has no useful logarithm."""
_PRIOR_ORIGINS: Final = 4
P90: Final = 1.2815515655446004
"""Standard normal deviate that a tenth of the distribution exceeds."""
