"""From drivers to children in alternative provision: who comes, how long they stay, and the places that this fills.

arrivals = residents of the key stage x rate x (lever: multiple) x (1 - share whom outreach keeps in school)
on roll  = arrivals x mean stay / 365 (Little's law); a change works its way in as stays go on
places   = on roll x share of a week attended; in the fullest month x peak, with the luck of small numbers
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
import xarray as xr

from forecast.ap.forecast import ApForecast
from forecast.ap.little import carried_over, mean_stay, on_roll
from forecast.domain import KEY_STAGES, NC_YEARS, ApSetting, Tier
from forecast.model.luck import key, poisson, uniform
from forecast.model.raking import Array

DIMS: Final = ("draw", "year", "district", "key_stage", "reason", "setting")
"""Axes of children who come."""
_LUCK: Final = 71
"""Number that the luck of the fullest month hangs on, beside the cell, the future and the year."""


def has_ap(drivers: xr.Dataset) -> bool:
    """Whether the area has figures on alternative provision."""
    return "ap_rate" in drivers


def ap_forecast(drivers: xr.Dataset) -> ApForecast | None:
    """Children without a plan in alternative provision, the latest census first; None where nothing is known of them.

    Parameters
    ----------
    drivers : with every change of a scenario made
    """
    if not has_ap(drivers):
        return None
    people = by_key_stage(residents(drivers))
    before, now = _arrivals(drivers, people), _with_stays(drivers)
    arrivals, stay = _changed(drivers, before), mean_stay(now["ap_stay"], now["ap_transition"])
    as_it_was = mean_stay(drivers["ap_stay"], drivers["ap_transition"])
    headcount = _settled(on_roll(before, as_it_was), on_roll(arrivals, stay), (as_it_was, stay))
    filled = headcount * drivers["ap_week"]
    fullest = (filled * drivers["ap_peak"]).sum("reason").transpose("draw", "year", "district", "key_stage", "setting")
    seed = int(drivers.attrs["seed"])
    return ApForecast(
        arrivals=arrivals.transpose(*DIMS),
        headcount=headcount.transpose(*DIMS),
        filled=filled.transpose(*DIMS),
        peak=whole(fullest, seed),
        transition=_in_transition(now, headcount),
        returns=_returns(now, arrivals),
        supported=_supported(drivers),
        stay=_told(stay, arrivals),
        headroom=float(drivers.attrs["ap_headroom"]),
        counted=dict(drivers.attrs["ap_counted"]),
        basis=str(drivers.attrs["ap_basis"]),
        notes=tuple(drivers.attrs["ap_notes"]),
        hosted=_hosted(drivers, fullest, seed),
        last=dict(drivers.attrs.get("ap_last", {})),
        figures=tuple(drivers.attrs.get("ap_figures", ())),
    )


def _told(stay: xr.DataArray, arrivals: xr.DataArray) -> xr.DataArray:
    """Mean stay in every future and year: (draw, year, key_stage, reason), by setting where it differs by that."""
    axes = [axis for axis in DIMS if axis != "district" and (axis != "setting" or "setting" in stay.dims)]
    some = arrivals.isel({axis: 0 for axis in DIMS if axis not in axes}, drop=True)
    return stay.broadcast_like(some).transpose(*axes)


def _hosted(drivers: xr.Dataset, fullest: xr.DataArray, seed: int) -> xr.DataArray | None:
    """Whole places of AP schools filled by children on mainstream rolls: (draw, year, district, key_stage).

    The same luck as that of all the places that these children fill, so that theirs in AP schools are never more.
    """
    if "ap_hosted" not in drivers:
        return None
    arranged = [ApSetting.SCHOOL_ARRANGED.value]
    return whole(fullest.sel(setting=arranged) * drivers["ap_hosted"], seed).isel(setting=0, drop=True)


def by_key_stage(people: xr.DataArray) -> xr.DataArray:
    """Residents by key stage, from those by year group: axes of `people`, nc_year turned to key_stage."""
    rows = [people.sel(nc_year=list(years)).sum("nc_year") for years in KEY_STAGES.values()]
    stages = xr.IndexVariable("key_stage", [stage.value for stage in KEY_STAGES])
    return xr.concat(rows, stages, coords="minimal", compat="override")


def whole(mean: xr.DataArray, seed: int) -> xr.DataArray:
    """Whole places, Poisson about `mean`: never fewer where the mean is higher, and the luck of a cell its own.

    Parameters
    ----------
    mean : (draw, year, district, key_stage, setting)
    """
    axes = ("district", "key_stage", "setting")
    cells = np.array([key_of("|".join(names)) for names in _every(mean, axes)], dtype=np.uint64)
    keys = key(seed, mean["draw"].to_numpy()[:, None], cells[None])
    lucks = [uniform(keys.reshape(-1), int(year) * 100 + _LUCK) for year in mean["year"].to_numpy()]
    luck = np.stack([each.reshape(len(mean["draw"]), -1) for each in lucks], axis=1).reshape(mean.shape)
    return mean.copy(data=poisson(np.asarray(mean.to_numpy(), dtype=float), luck))


def _every(mean: xr.DataArray, axes: Sequence[str]) -> list[tuple[str, ...]]:
    labels = [mean[axis].to_numpy().tolist() for axis in axes]
    return [(one, two, three) for one in labels[0] for two in labels[1] for three in labels[2]]


def key_of(name: str) -> int:
    """A number of its own for what has a name, whatever else there is."""
    return int.from_bytes(sha256(name.encode()).digest()[:7], "big")


def residents(drivers: xr.Dataset) -> xr.DataArray:
    """Residents of the census and of every year after it: ([draw,] year, district, nc_year)."""
    ahead = drivers["population"]
    now = drivers["population_now"].expand_dims(year=[int(drivers.attrs["year"])])
    if "draw" in ahead.dims:
        now = now.expand_dims(draw=ahead["draw"].to_numpy())
    return xr.concat([now.transpose(*ahead.dims), ahead], "year", join="exact").sel(nc_year=list(NC_YEARS))


def _with_now(drivers: xr.Dataset, name: str) -> xr.DataArray:
    """A rate of the years to come with that of the census year before it."""
    ahead = drivers[name]
    return xr.concat(
        [drivers[f"{name}_now"].expand_dims(year=[int(drivers.attrs["year"])]).transpose(*ahead.dims), ahead],
        "year",
        join="exact",
    )


def _arrivals(drivers: xr.Dataset, people: xr.DataArray) -> xr.DataArray:
    """Children who come in each year before any lever: `DIMS`."""
    return (_with_now(drivers, "ap_rate") * people).transpose(*DIMS)


def _changed(drivers: xr.Dataset, arrivals: xr.DataArray) -> xr.DataArray:
    """Children who come once levers have their say: the census year is as it was."""
    times = _lever(drivers, "ap_multiple", 1.0) * (1 - _lever(drivers, "ap_kept", 0.0).clip(0, 1))
    return (arrivals * times).transpose(*DIMS)


def _lever(drivers: xr.Dataset, name: str, nothing: float) -> xr.DataArray:
    """What levers put on a cell, with the census year, on which none acts; `nothing` where there are none."""
    if name not in drivers:
        return xr.DataArray(nothing)
    ahead = drivers[name]
    if "year" not in ahead.dims:
        ahead = ahead.expand_dims(year=drivers["year"].to_numpy())
    now = xr.full_like(ahead.isel(year=[0]), nothing).assign_coords(year=[int(drivers.attrs["year"])])
    return xr.concat([now, ahead], "year", join="exact")


def _with_stays(drivers: xr.Dataset) -> xr.Dataset:
    """Stays, transition and returns with what levers make of them, by year where one does."""
    stay = drivers["ap_stay"] * _lever(drivers, "ap_stay_multiple", 1.0)
    transition = drivers["ap_transition"] * (1 - _lever(drivers, "ap_to_short", 0.0).clip(0, 1))
    back = (drivers["ap_return"] + _lever(drivers, "ap_return_more", 0.0)).clip(0, 1)
    return xr.Dataset({"ap_stay": stay, "ap_transition": transition, "ap_return": back})


def _settled(before: xr.DataArray, after: xr.DataArray, stays: tuple[xr.DataArray, xr.DataArray]) -> xr.DataArray:
    """Children on roll: as before any lever, and what levers change as it works its way in: `DIMS`.

    Parameters
    ----------
    before, after : child-years that each year's arrivals bring, without levers and with them
    stays : mean stays of those who come, likewise
    """
    if not (after - before).to_numpy().any():
        return before.transpose(*DIMS)
    order = ("year", *(axis for axis in DIMS if axis != "year"))
    brought = [each.transpose(*order) for each in (before, after)]
    once, now = (carried_over(each.to_numpy(), _of_axes(stay, each)) for each, stay in zip(brought, stays, strict=True))
    return (before + brought[0].copy(data=now - once)).clip(min=0).transpose(*DIMS)


def _of_axes(stay: xr.DataArray, whole: xr.DataArray) -> Array:
    """`stay` on the axes of `whole`, each of length 1 where it does not differ."""
    missing = [axis for axis in whole.dims if axis not in stay.dims]
    return stay.expand_dims(missing).transpose(*whole.dims).to_numpy()


def _in_transition(given: xr.Dataset, headcount: xr.DataArray) -> xr.DataArray:
    """Children on roll who are not expected to return: (draw, year, key_stage, setting)."""
    long = given["ap_transition"] * given["ap_stay"].sel(tier=Tier.TRANSITION.value, drop=True)
    share = long / mean_stay(given["ap_stay"], given["ap_transition"])
    return (headcount * share).sum(["reason", "district"]).transpose("draw", "year", "key_stage", "setting")


def _returns(given: xr.Dataset, arrivals: xr.DataArray) -> xr.DataArray:
    """Children who go back to a mainstream school in a year, in step with those who come: (draw, year, key_stage)."""
    share, back = given["ap_transition"], given["ap_return"]
    short, long = (back.sel(tier=tier.value, drop=True) for tier in (Tier.SHORT, Tier.TRANSITION))
    leaving = arrivals * ((1 - share) * short + share * long)
    return leaving.sum(["district", "reason", "setting"]).transpose("draw", "year", "key_stage")


def _supported(drivers: xr.Dataset) -> xr.DataArray:
    """Children whom outreach supports in their own school: (draw, year)."""
    years = [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]
    coords: Mapping[str, object] = {"draw": drivers["draw"].to_numpy(), "year": years}
    nobody = xr.DataArray(np.zeros((drivers.sizes["draw"], len(years))), coords=coords, dims=("draw", "year"))
    found = nobody + float(drivers.attrs["ap_supported_now"])
    return (found + _lever(drivers, "ap_supported", 0.0)).transpose("draw", "year")
