"""Drivers of a small area with alternative provision, few enough numbers to check by hand what a lever does."""

import numpy as np
import xarray as xr
from builders_model import YEARS, busy

from forecast.ap.roll import ap_forecast
from forecast.domain import ApSetting, KeyStage, Reason, Tier
from forecast.scenario.levers import LEVERS

STAGES = [stage.value for stage in KeyStage]
REASONS = [reason.value for reason in Reason]
SETTINGS = [setting.value for setting in ApSetting]
TIERS = [Tier.SHORT.value, Tier.TRANSITION.value]
LABELS = {"key_stage": STAGES, "reason": REASONS, "setting": SETTINGS, "tier": TIERS}
STAY = {Tier.SHORT: 91.25, Tier.TRANSITION: 547.5}
"""Calendar days: a quarter of a year, and a year and a half."""
LONG = 0.4
"""Share of those who come who take a transition place."""
BACK = {Tier.SHORT: 0.7, Tier.TRANSITION: 0.2}
"""Share of those who leave who go back to a mainstream school."""
WEEK = {ApSetting.AP_SCHOOL: 1.0, ApSetting.LA_FUNDED: 0.8, ApSetting.SCHOOL_ARRANGED: 0.4}
PEAK = 1.25
HEADROOM = 0.1
KINDS = [kind for kind in LEVERS if kind.startswith("ap_")]
FULL = {
    "ap_outreach": {"children": 60, "would_come": 0.5, "stays": 0.4, "cost": 3000},
    "ap_shorten_stays": {"factor": 0.8},
    "ap_transition": {"share": 0.3},
    "ap_return": {"share": 0.3},
    "ap_scale_arrivals": {"factor": 0.8},
}
"""Settings that do something."""
NULL = {
    "ap_outreach": {"children": 0, "would_come": 0.5, "stays": 0.4, "cost": 3000},
    "ap_shorten_stays": {"factor": 1},
    "ap_transition": {"share": 0},
    "ap_return": {"share": 0},
    "ap_scale_arrivals": {"factor": 1},
}
"""Settings that do nothing."""
CELLS = ["district", "key_stage", "reason", "setting"]


def ap_drivers(draws=2, years=YEARS, seed=5, rate=0.01, **labels):
    """Drivers in which children without a plan come to alternative provision, the draws, years and cells unlike.

    Parameters
    ----------
    rate : children who come in a year per resident, in the middle, in each of 15 cells of a key stage
    labels : as `builders_model.busy`
    """
    drivers = busy(draws, years, seed, **labels)
    rng = np.random.default_rng(seed)
    size = {axis: drivers.sizes[axis] for axis in ("draw", "year", "district")}
    size |= {axis: len(LABELS[axis]) for axis in ("key_stage", "reason", "setting")}
    coords = {axis: LABELS[axis] if axis in LABELS else drivers[axis].to_numpy() for axis in size}
    rates = xr.DataArray(rate * rng.uniform(0.5, 1.5, tuple(size.values())), coords=coords, dims=tuple(size))
    stay = constant(list(STAY.values()), "tier").expand_dims(key_stage=STAGES, reason=REASONS)
    made = drivers.assign(
        population_now=drivers["population"].isel(year=0, drop=True) + 100,
        ap_rate=rates,
        ap_rate_now=rates.isel(year=0, drop=True),
        ap_stay=stay,
        ap_transition=xr.full_like(stay.isel(tier=0, drop=True), LONG),
        ap_return=constant(list(BACK.values()), "tier").expand_dims(key_stage=STAGES),
        ap_week=constant(list(WEEK.values()), "setting"),
        ap_peak=xr.full_like(rates.isel(year=0, district=0, reason=0, setting=0, drop=True), PEAK),
    )
    means = {label: label for label in made["provision"].to_numpy().tolist()}
    return made.assign_attrs(
        means=means,
        ap_headroom=HEADROOM,
        ap_counted={setting: int(drivers.attrs["year"]) for setting in SETTINGS},
        ap_basis="records",
        ap_notes=(),
        ap_supported_now=0.0,
    )


def constant(values, axis):
    """An array along one axis of alternative provision."""
    return xr.DataArray(np.array(values, dtype=float), coords={axis: LABELS[axis]}, dims=axis)


def alike(drivers):
    """`drivers` in which every year and draw is the first, so that nothing changes but by a lever."""
    rates = drivers["ap_rate"]
    first = rates.isel(draw=0, year=0, drop=True)
    people = drivers["population"].isel(year=0, drop=True)
    return drivers.assign(
        ap_rate=first.broadcast_like(rates).transpose(*rates.dims),
        ap_rate_now=first.expand_dims(draw=drivers["draw"].to_numpy()),
        population=people.broadcast_like(drivers["population"]).transpose(*drivers["population"].dims),
        population_now=people,
    )


def lever(kind, start="2026/27", **fields):
    return LEVERS[kind].model_validate({"kind": kind, "from": start, **(fields or FULL[kind])})


def full(kind, start="2026/27", **fields):
    return lever(kind, start, **FULL[kind], **fields)


def arrivals(drivers):
    return ap_forecast(drivers).arrivals


def in_year(array, year=2027):
    """Children of a year over every cell: (draw)."""
    return array.sel(year=year).sum([axis for axis in array.dims if axis in CELLS]).to_numpy()
