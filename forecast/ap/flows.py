"""Drivers of an area that counts who comes and how long they stay: its own records.

Rates are pooled: a district's towards the area's, the area's towards England's, by how few came. Years of the
pandemic are left out where others are there.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import gammaincinv

from forecast.ap.given import REASONS, SETTINGS, STAGES
from forecast.domain import Tier
from forecast.model.luck import key, uniform
from forecast.model.raking import Array

PANDEMIC_YEARS: Final = (2020, 2021)
"""Academic years 2019/20 and 2020/21, in which schools were closed to most: exclusions and arrivals fell."""
LAST: Final = 3
"""Years of arrivals, the last that are no pandemic years, that make a level."""
WEIGHT_ENGLAND: Final = 2.0
"""Children who come that England's rate counts for beside the area's own: judgement."""
WEIGHT_AREA: Final = 10.0
"""Children who come that the area's rate counts for beside a district's own: judgement."""
MOST_SPREAD: Final = 5.0
"""Largest variance of a year's arrivals, in means, that is believed."""
_LUCK: Final = 72
_AREA, _DISTRICTS, _SWINGS = range(3)
CELLS: Final = ("key_stage", "reason", "setting")


def levels(arrivals: pd.DataFrame) -> pd.DataFrame:
    """Arrivals that make a level: children without a plan who take a place, in the last years that are no pandemic's.

    Parameters
    ----------
    arrivals : columns of `schemas_ap.ApArrivals`
    """
    own = arrivals[(arrivals["plan"] == "without") & (arrivals["tier"] != Tier.OUTREACH)]
    years = sorted(set(own["year"]) - set(PANDEMIC_YEARS)) or sorted(set(own["year"]))
    return own[own["year"].isin(years[-LAST:])]


def table(arrivals: pd.DataFrame, districts: Sequence[str]) -> xr.DataArray:
    """Children who came: (year, district, key_stage, reason, setting); a year in which nobody came is 0."""
    labels = {"district": list(districts), "key_stage": STAGES, "reason": REASONS, "setting": SETTINGS}
    years = sorted(set(arrivals["year"]))
    rows = arrivals.groupby(["year", *labels])["children"].sum()
    whole = pd.MultiIndex.from_product([years, *labels.values()], names=["year", *labels])
    counts = rows.reindex(whole, fill_value=0).to_numpy(dtype=float)
    coords = {"year": years, **labels}
    return xr.DataArray(counts.reshape([len(each) for each in coords.values()]), coords=coords, dims=tuple(coords))


def months(arrivals: pd.DataFrame) -> xr.DataArray:
    """Share of each academic year that was observed: (year)."""
    share = arrivals.groupby("year")["months"].max() / 12
    return xr.DataArray(share.to_numpy(dtype=float), coords={"year": share.index.to_numpy()}, dims="year")


def overdispersion(counts: xr.DataArray, seen: xr.DataArray) -> float:
    """Variance of a year's arrivals in the area, in means: 1 is pure chance, more are years that go together.

    Pearson's statistic over key stages and reasons by year, each cell's mean in proportion to the months observed.
    """
    by_cell = counts.sum(["district", "setting"])
    mean = by_cell.sum("year") * seen / seen.sum()
    enough = (mean >= 1).all("year")
    if counts.sizes["year"] < 2 or not enough.any():  # noqa: PLR2004 - one year shows no spread
        return 1.0
    chi = (((by_cell - mean) ** 2 / mean.where(mean > 0, 1)).where(enough)).sum()
    return float(np.clip(chi / (int(enough.sum()) * (counts.sizes["year"] - 1)), 1.0, MOST_SPREAD))


def pooled(counts: xr.DataArray, exposed: xr.DataArray, england: xr.DataArray, spread: float) -> xr.Dataset:
    """Rates of arrival by district, and how sure each is.

    Parameters
    ----------
    counts : (district, key_stage, reason, setting)
        Children who came in all the years of the level.
    exposed : (district, key_stage, setting)
        Residents times years, each year's grown to the last as England's arrivals grew.
    england : (key_stage, reason, setting)
        England's arrivals per resident and year.
    spread : as `overdispersion`: a count tells so many times less than chance alone would have it

    Returns
    -------
    rate : (district, key_stage, reason, setting), per resident and year
    told, told_area : the same axes, and without the first; children that the rate rests on, those lent among them
    share : the axes of `exposed`; of the area's residents, those who live in the district
    """
    area, people = counts.sum("district"), exposed.sum("district")
    told_area = area / spread + WEIGHT_ENGLAND
    of_area = told_area / (people / spread + WEIGHT_ENGLAND / england.where(england > 0))
    of_area = of_area.where(england > 0, area / people.where(people > 0, 1.0))
    told = counts / spread + WEIGHT_AREA
    rate = told / (exposed / spread + WEIGHT_AREA / of_area.where(of_area > 0))
    return xr.Dataset(
        {
            "rate": rate.where(of_area > 0, 0.0).transpose("district", *CELLS),
            "told": told.transpose("district", *CELLS),
            "told_area": told_area.transpose(*CELLS),
            "share": exposed / people.where(people > 0, 1.0),
        }
    )


def drawn(found: xr.Dataset, draws: int, seed: int) -> xr.DataArray:
    """Rates in each future: the area's gamma about its own, its districts' gamma about theirs within it.

    Parameters
    ----------
    found : as `pooled`

    Returns
    -------
    (draw, district, key_stage, reason, setting)
    """
    axes = ("draw", "district", *CELLS)
    labels = {"draw": np.arange(draws)}
    whole = xr.DataArray(gammas(found["told_area"].to_numpy(), draws, seed, _AREA), labels, ("draw", *CELLS))
    apart = xr.DataArray(gammas(found["told"].to_numpy(), draws, seed, _DISTRICTS), labels, axes)
    weight = found["rate"] * found["share"]
    total = (weight * apart.drop_vars("draw")).sum("district")
    evened = weight.sum("district") / total.where(total > 0, 1.0)
    return (found["rate"] * apart * evened * whole).assign_coords(labels).transpose(*axes)


def gammas(shape: Array, draws: int, seed: int, stream: int) -> Array:
    """Multiples with mean 1 and variance 1 / shape in each future, each cell's luck its own: (draw, ...).

    Parameters
    ----------
    stream : number of what they are the luck of
    """
    cells = np.arange(shape.size)
    luck = np.stack([uniform(key(seed, draw, cells), _LUCK + stream).reshape(shape.shape) for draw in range(draws)])
    return np.asarray(gammaincinv(shape[None], np.clip(luck, 1e-9, 1 - 1e-9)) / shape[None])


def swings(mean: Array, excess: float, draws: int, seed: int) -> Array:
    """Multiples of a year's arrivals with mean 1, beyond the luck that a forecast has anyhow: (draw, ...).

    Parameters
    ----------
    mean : (...) arrivals expected in a year
    excess : variance beyond that luck, in means
    """
    if excess <= 0:
        return np.ones((draws, *mean.shape))
    return gammas(np.maximum(mean, 1.0) / excess, draws, seed, _SWINGS)
