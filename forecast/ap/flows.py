"""Drivers of an area that counts who comes and how long they stay: its own records.

Rates are pooled: a district's towards the area's, the area's towards England's, by how few came. Years of the
pandemic are left out where others are there.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import gammaincinv

from forecast.ap.given import REASONS, SETTINGS, STAGES, TIERS, assumed_stays, return_shares, transition_shares
from forecast.ap.stays import LENT, lent, mean_stay
from forecast.domain import Tier
from forecast.model.luck import key, uniform
from forecast.model.raking import Array

PANDEMIC: Final = (2020, 2021)
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
CELLS: Final = ("key_stage", "reason", "setting")


def levels(arrivals: pd.DataFrame) -> pd.DataFrame:
    """Arrivals that make a level: children without a plan who take a place, in the last years that are no pandemic's.

    Parameters
    ----------
    arrivals : columns of `schemas_ap.ApArrivals`
    """
    own = arrivals[(arrivals["plan"] == "without") & (arrivals["tier"] != Tier.OUTREACH)]
    years = sorted(set(own["year"]) - set(PANDEMIC)) or sorted(set(own["year"]))
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
    exposed : (district, key_stage)
        Residents times years.
    england : (key_stage, reason, setting)
        England's arrivals per resident and year.
    spread : as `overdispersion`: a count tells so many times less than chance alone would have it

    Returns
    -------
    rate : (district, key_stage, reason, setting), per resident and year
    told : the same axes; children that the rate rests on, those lent among them
    """
    area, people = counts.sum("district"), exposed.sum("district")
    of_area = (area / spread + WEIGHT_ENGLAND) / (people / spread + WEIGHT_ENGLAND / england.where(england > 0))
    of_area = of_area.where(england > 0, area / people.where(people > 0, 1.0))
    told = counts / spread + WEIGHT_AREA
    rate = told / (exposed / spread + WEIGHT_AREA / of_area.where(of_area > 0))
    return xr.Dataset({"rate": rate.where(of_area > 0, 0.0).transpose("district", *CELLS), "told": told})


def drawn(found: xr.Dataset, draws: int, seed: int) -> xr.DataArray:
    """Rates in each future, gamma about the pooled rate: (draw, district, key_stage, reason, setting)."""
    shape = found["told"].transpose("district", *CELLS).to_numpy()
    cells = np.arange(shape.size).reshape(shape.shape)
    luck = np.stack([uniform(key(seed, draw, cells.reshape(-1)), _LUCK).reshape(shape.shape) for draw in range(draws)])
    multiple = gammaincinv(shape[None], np.clip(luck, 1e-9, 1 - 1e-9)) / shape[None]
    rate = found["rate"].expand_dims(draw=np.arange(draws))
    return rate.copy(data=rate.to_numpy() * multiple)


def stays(counts: pd.DataFrame, figures: pd.DataFrame) -> tuple[xr.DataArray, xr.DataArray]:
    """Mean calendar days of a stay, and ended stays behind each: (key_stage, reason, tier, setting).

    A cell's own mean is drawn towards that of its reason, tier and setting, which is drawn towards that of its tier and
    setting, that towards its tier's, and that towards the assumed one. A reason for which no stay was counted keeps
    the assumed mean.

    Parameters
    ----------
    counts : columns of `schemas_ap.ApStays`
    """
    axis = xr.IndexVariable("setting", SETTINGS)
    days = assumed_stays(figures).expand_dims(setting=axis).transpose("key_stage", "reason", "tier", "setting").copy()
    ended = xr.zeros_like(days)
    own = counts[counts["plan"] == "without"]
    for tier, setting in product(TIERS, SETTINGS):
        of_tier = own[own["tier"] == tier]
        of_setting = of_tier[of_tier["setting"] == setting]
        at = {"tier": tier, "setting": setting}
        wide = _drawn_to(of_setting, _drawn_to(of_tier, days.loc[at].mean().item()))
        for reason, of_reason in of_setting.groupby("reason"):
            wider = _drawn_to(of_reason, wide)
            days.loc[at | {"reason": reason}] = wider
            for stage, some in of_reason.groupby("key_stage"):
                cell = at | {"reason": reason, "key_stage": stage}
                ended.loc[cell] = float(some["ended"].sum())
                days.loc[cell] = _drawn_to(some, wider)
    return days, ended


def _drawn_to(bands: pd.DataFrame, wider: float) -> float:
    """Mean stay of some bands, drawn towards a wider group's."""
    return lent(mean_stay(bands), float(bands["ended"].sum()), wider) if len(bands) else wider


def drawn_stays(days: xr.DataArray, ended: xr.DataArray, draws: int, seed: int) -> xr.DataArray:
    """Mean stays in each future, as unsure as an exponential mean of so many stays: (draw, *its axes)."""
    shape = (ended + LENT).to_numpy()
    cells = np.arange(shape.size).reshape(shape.shape)
    luck = np.stack(
        [uniform(key(seed, draw, cells.reshape(-1)), _LUCK + 1).reshape(shape.shape) for draw in range(draws)]
    )
    multiple = gammaincinv(shape[None], np.clip(luck, 1e-9, 1 - 1e-9)) / shape[None]
    every = days.expand_dims(draw=np.arange(draws))
    return every.copy(data=every.to_numpy() * multiple)


def transition(arrivals: pd.DataFrame, figures: pd.DataFrame) -> xr.DataArray:
    """Share of those who come who take a transition place: (key_stage, reason, setting).

    Drawn towards that of the setting for the reason, which is drawn towards the assumed share.
    """
    axis = xr.IndexVariable("setting", SETTINGS)
    share = transition_shares(figures).expand_dims(setting=axis).transpose("key_stage", "reason", "setting").copy()
    for (setting, reason), some in arrivals.groupby(["setting", "reason"]):
        at = {"setting": setting, "reason": reason}
        wider = _long(some, share.loc[at].mean().item())
        for stage in STAGES:
            share.loc[at | {"key_stage": stage}] = _long(some[some["key_stage"] == stage], wider)
    return share


def _long(arrivals: pd.DataFrame, wider: float) -> float:
    """Share of arrivals who take a transition place, drawn towards `wider`."""
    counts = arrivals.groupby("tier")["children"].sum()
    short, long = (float(counts.get(tier, 0)) for tier in TIERS)
    return (long + LENT * wider) / (short + long + LENT)


def returned(counts: pd.DataFrame, figures: pd.DataFrame) -> xr.DataArray:
    """Share of those who leave who go back to a mainstream school: (key_stage, tier), drawn towards the assumed."""
    share = return_shares(figures)
    sums = counts[counts["plan"] == "without"].groupby(["key_stage", "tier"])[["ended", "returned"]].sum()
    for stage in STAGES:
        for tier in TIERS:
            if (stage, tier) in sums.index:
                ended, back = (float(sums[name].loc[(stage, tier)]) for name in ("ended", "returned"))
                before = share.loc[{"key_stage": stage, "tier": tier}].item()
                share.loc[{"key_stage": stage, "tier": tier}] = (back + LENT * before) / (ended + LENT)
    return share


def of_rolls(rolls: pd.DataFrame, assumed: xr.DataArray, most: float) -> xr.DataArray:
    """Full-time weeks attended per child on roll: (setting); as assumed where sessions are not known.

    Parameters
    ----------
    most : half-days in a full-time week
    """
    told = rolls[rolls["sessions"].notna() & rolls["children"].notna()]
    by_setting = told.groupby("setting")
    sessions, children = by_setting["sessions"].sum().to_dict(), by_setting["children"].sum().to_dict()
    share = assumed.copy(deep=True)
    for setting in SETTINGS:
        if children.get(setting):
            share.loc[{"setting": setting}] = sessions[setting] / most / children[setting]
    return share


def swings(mean: Array, spread: float, draws: int, seed: int) -> Array:
    """Multiples of a year's arrivals, gamma with mean 1, that make them as overdispersed as they were: (draw, ...).

    Parameters
    ----------
    mean : (...) arrivals expected in a year
    """
    if spread <= 1:
        return np.ones((draws, *mean.shape))
    shape = np.maximum(mean, 1.0) / (spread - 1)
    cells = np.arange(mean.size)
    luck = np.stack([uniform(key(seed, draw, cells), _LUCK + 2).reshape(mean.shape) for draw in range(draws)])
    return np.asarray(gammaincinv(shape[None], np.clip(luck, 1e-9, 1 - 1e-9)) / shape[None])
