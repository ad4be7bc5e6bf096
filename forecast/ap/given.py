"""Stays, tiers, returns and peaks that are taken from the table of figures (`data/reference/ap.csv`), as arrays."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ApSetting, KeyStage, Reason, Tier
from forecast.inputs.reference_ap import figure
from forecast.model.spread import evenly, half_normals

STAGES = [stage.value for stage in KeyStage]
REASONS = [reason.value for reason in Reason]
TIERS = [Tier.SHORT.value, Tier.TRANSITION.value]
"""Tiers that take a place."""
_LEAST: Final = 0.1
"""Share of an assumed stay below which no future goes."""
SETTINGS = [setting.value for setting in ApSetting]


def assumed_stays(figures: pd.DataFrame) -> xr.DataArray:
    """Mean calendar days of a stay: (key_stage, reason, tier).

    Parameters
    ----------
    figures : as `reference_ap.read_ap_figures` gives them
    """
    days = [
        [
            [figure(figures, "stay_days", key_stage=stage, reason=reason, tier=tier).value for tier in TIERS]
            for reason in REASONS
        ]
        for stage in STAGES
    ]
    coords = {"key_stage": STAGES, "reason": REASONS, "tier": TIERS}
    return xr.DataArray(np.array(days), coords=coords, dims=tuple(coords))


def assumed_multiples(figures: pd.DataFrame, draws: int, seed: int) -> xr.DataArray:
    """How far an assumed stay is off in each future, as a multiple: (draw, tier), all cells of a tier together."""
    found = [figure(figures, "stay_days", tier=tier) for tier in TIERS]
    z = [evenly(draws, seed, f"stays of tier {tier}") for tier in TIERS]
    times = [
        half_normals(each.value, each.low, each.high, luck) / each.value for each, luck in zip(found, z, strict=True)
    ]
    coords = {"draw": np.arange(draws), "tier": TIERS}
    return xr.DataArray(np.maximum(np.stack(times, axis=1), _LEAST), coords=coords, dims=tuple(coords))


def transition_shares(figures: pd.DataFrame) -> xr.DataArray:
    """Share of those who come who take a transition place: (key_stage, reason)."""
    shares = [
        [figure(figures, "transition_share", key_stage=stage, reason=reason).value for reason in REASONS]
        for stage in STAGES
    ]
    coords = {"key_stage": STAGES, "reason": REASONS}
    return xr.DataArray(np.array(shares), coords=coords, dims=tuple(coords))


def return_shares(figures: pd.DataFrame) -> xr.DataArray:
    """Share of those who leave who go back to a mainstream school: (key_stage, tier)."""
    shares = [[figure(figures, "return_share", key_stage=stage, tier=tier).value for tier in TIERS] for stage in STAGES]
    coords = {"key_stage": STAGES, "tier": TIERS}
    return xr.DataArray(np.array(shares), coords=coords, dims=tuple(coords))


def weeks(figures: pd.DataFrame) -> xr.DataArray:
    """Share of a full-time week that a child attends: (setting)."""
    shares = [figure(figures, "week", setting=setting).value for setting in SETTINGS]
    return xr.DataArray(np.array(shares), coords={"setting": SETTINGS}, dims="setting")


def peaks(figures: pd.DataFrame, draws: int, seed: int) -> xr.DataArray:
    """Fullest month as a multiple of the year's mean, never below 1: (draw, key_stage).

    Where a range is given, futures lie in it, all key stages alike.
    """
    z = evenly(draws, seed, "fullest month of alternative provision")
    found = [figure(figures, "peak", key_stage=stage) for stage in STAGES]
    drawn = [np.maximum(half_normals(each.value, each.low, each.high, z), 1.0) for each in found]
    coords = {"draw": np.arange(draws), "key_stage": STAGES}
    return xr.DataArray(np.stack(drawn, axis=1), coords=coords, dims=tuple(coords))


def hosted(figures: pd.DataFrame, draws: int, seed: int) -> xr.DataArray:
    """Share of the places that school-arranged provision fills which are AP schools' own: (draw)."""
    found = figure(figures, "hosted", setting=ApSetting.SCHOOL_ARRANGED)
    z = evenly(draws, seed, "school-arranged provision in AP schools")
    shares = np.clip(half_normals(found.value, found.low, found.high, z), 0, 1)
    return xr.DataArray(shares, coords={"draw": np.arange(draws)}, dims="draw")
