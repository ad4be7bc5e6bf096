"""Growth of the published series that steer a forecast, as the England model holds it."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL, Provision
from forecast.model.raking import Array

TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "plans": (ALL,),
    "special_state": (Provision.SPECIAL,),
    "special_nonmaintained": (Provision.SPECIAL_NONMAINTAINED,),
    "independent": (Provision.INDEPENDENT,),
    "base": (Provision.BASE,),
    "alternative": (Provision.ALTERNATIVE,),
}
"""Series that steer the forecast -> provisions that they sum."""
ENGLAND: Final = "ENG"
"""Code of England among the authorities."""


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


def series_path(england: xr.Dataset, la_code: str, level: xr.DataArray, years: list[int]) -> xr.DataArray:
    """Children by the published series: the area's level along the growth forecast for it, (year, target).

    England's growth is lent where the authority has no forecast of its own. A level that is newer than the
    England model takes the growth from there on.

    Parameters
    ----------
    england : log_growth (la_code, target, ahead), since the census of its attribute `year`
    level : (target)
        Children at the January before `years`.
    """
    known = england["log_growth"]
    own = known.sel(la_code=la_code) if la_code in known["la_code"].to_numpy() else known.sel(la_code=ENGLAND)
    grown = own.fillna(known.sel(la_code=ENGLAND, drop=True)).transpose("ahead", "target").to_numpy()
    since = np.concatenate([np.zeros((1, grown.shape[1])), grown])
    gap = max(years[0] - 1 - int(england.attrs["year"]), 0)
    steps = np.minimum(gap + np.arange(1, len(years) + 1), len(since) - 1)
    path = np.exp(since[steps] - since[min(gap, len(since) - 1)]) * level.sel(target=known["target"]).to_numpy()
    coords = {"year": years, "target": known["target"].to_numpy()}
    return xr.DataArray(path, coords=coords, dims=("year", "target")).sel(target=list(TARGETS))
