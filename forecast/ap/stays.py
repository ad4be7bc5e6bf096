"""Mean length of stay from counts of stays by length, those not yet ended among them.

Stays that go on are known only to be longer than they are now; leaving them out would make stays look shorter than
they are, the more so the longer they last. The mean is the area under the curve of those still there (E. L. Kaplan
and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53, 1958).
"""

from itertools import product
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap.flows import gammas
from forecast.ap.given import (
    REASONS,
    SETTINGS,
    STAGES,
    TIERS,
    assumed_multiples,
    assumed_stays,
    return_shares,
    transition_shares,
)
from forecast.model.raking import Array

LENT: Final = 10.0
"""Ended stays that the mean of a wider group counts for: with ten stays of its own a cell's mean is half its own.
Judgement: an exponential mean of ten has a standard error of a third."""
_STREAM: Final = 9
"""Number of the luck of stays among the gammas."""


def mean_stay(bands: pd.DataFrame) -> float:
    """Mean calendar days of a stay; not a number where none has ended.

    Within a band stays end evenly, and those that go on are last seen at its middle. Past the last band in which a
    stay ended, those still there leave as steadily as all did before.

    Parameters
    ----------
    bands : days_from, days_to (missing where a band has no end), ended, ongoing
        Bands in which nothing was seen may be left out; none overlaps another.
    """
    starts, of_band = np.unique(bands["days_from"].to_numpy(dtype=float), return_inverse=True)
    ended, ongoing = (
        np.bincount(of_band, bands[name].to_numpy(dtype=float), len(starts)) for name in ("ended", "ongoing")
    )
    if not ended.sum():
        return float("nan")
    last = np.full(len(starts), np.nan)
    last[of_band] = bands["days_to"].to_numpy(dtype=float, na_value=np.nan)
    ends = _ends(starts, last)
    left = (ended + ongoing)[::-1].cumsum()[::-1]
    exposed = np.maximum(left - ongoing / 2, ended)
    staying = np.divide(exposed - ended, exposed, out=np.ones_like(exposed), where=exposed > 0)
    there = np.concatenate([[1.0], np.cumprod(staying)])
    waits, widths = starts - np.concatenate([[0.0], ends[:-1]]), ends - starts
    area = float((waits * there[:-1] + widths * (there[:-1] + there[1:]) / 2).sum())
    return area + float(there[-1] * area / (1 - there[-1])) if there[-1] > 0 else area


def _ends(starts: Array, ends: Array) -> Array:
    """Last day of each band; one without an end is as wide as the one before it."""
    width = np.diff(starts)[-1] if len(starts) > 1 else max(starts[-1], 1.0)
    return np.where(np.isnan(ends), starts + width, ends)


def lent(own: float, ended: float, wider: float) -> float:
    """A cell's mean drawn towards a wider group's by its fewness; the wider one where the cell has none."""
    if np.isnan(own):
        return wider
    return (ended * own + LENT * wider) / (ended + LENT)


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


def drawn_stays(days: xr.DataArray, ended: xr.DataArray, figures: pd.DataFrame, draws: int, seed: int) -> xr.DataArray:
    """Mean stays in each future: (draw, *its axes).

    What was counted is as unsure as an exponential mean of so many stays, each cell by itself; what was assumed is as
    unsure as the table says, all cells of a tier together.
    """
    counted = ended / (ended + LENT)
    luck = gammas(np.maximum(ended.to_numpy(), 1.0), draws, seed, _STREAM)
    own = xr.DataArray(luck, {"draw": np.arange(draws)}, ("draw", *days.dims)).assign_coords(days.coords)
    return (days * (counted * own + (1 - counted) * assumed_multiples(figures, draws, seed))).transpose(
        "draw", *days.dims
    )


def transition(arrivals: pd.DataFrame, figures: pd.DataFrame) -> xr.DataArray:
    """Share of those who come who take a transition place: (key_stage, reason, setting).

    Drawn towards that of the setting for the reason, which is drawn towards the assumed share.
    """
    labels = {"tier": TIERS, "key_stage": STAGES, "reason": REASONS, "setting": SETTINGS}
    whole = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
    counts = arrivals.groupby(list(labels))["children"].sum().reindex(whole, fill_value=0).to_numpy(dtype=float)
    came = xr.DataArray(counts.reshape([len(each) for each in labels.values()]), labels, tuple(labels))
    short, long = (came.sel(tier=tier, drop=True) for tier in TIERS)
    assumed = transition_shares(figures)
    of_reason = long.sum("key_stage") + LENT * assumed.mean("key_stage")
    wider = of_reason / ((short + long).sum("key_stage") + LENT)
    wider = wider.where((short + long).sum("key_stage") > 0, assumed)
    return ((long + LENT * wider) / (short + long + LENT)).transpose("key_stage", "reason", "setting")


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
