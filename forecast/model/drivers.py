"""Drivers: everything that a policy may move, year by year, in one labelled dataset.

The joint between the model and scenarios. Axes are those of `axes.ORDER`; an axis that makes no
difference is absent. Variables:

    stock        district, need, nc_year, provision            whole children at the latest census
    population   [draw,] year, district, nc_year               residents; population_now at the latest census
    start_rate   draw, year, [district,] need, nc_year         first plans per resident who could still start one
    ceiling      draw                                          share of residents who could ever hold a plan
    start_mix    [district,] need, nc_year, provision          placement of starts at the January that ends the year
    arrive       year, district, need, nc_year, provision      children who come with a plan
    leave        draw, [district,] need, nc_year, provision    share whose plan ceases in the year
    move         [district,] need, nc_year, provision, to      next placement of those who keep their plan; sums to 1
    entrants     draw, year, [district, nc_year,] to           multiples of children who enter a steered provision
    steered      provision                                     whether entrants act on it: the others make room
    unmet        draw, year, target                            share by which control missed each target

A scenario may add `leave_multiple` (any of draw, year, district, need, nc_year, provision), by which the chances of
leaving are multiplied; `arrive_multiple` (draw, year, district, nc_year), by which `arrive`, then the mean of the
draws, is multiplied in each; `arrive_before`, which is `arrive` without what scenarios add; and the variables of
`shifts`. Rates are by district where an area counts its own children.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import Provision
from forecast.inputs.assumptions import Assumption
from forecast.model.control import control
from forecast.model.growth import ENGLAND, TARGETS, damped, series_path
from forecast.model.raking import Array
from forecast.model.spread import assumed, shocks
from forecast.model.tilt import tilted
from forecast.model.unsure import unsure
from forecast.model.whole import whole

STEERED = (
    Provision.SPECIAL,
    Provision.SPECIAL_NONMAINTAINED,
    Provision.INDEPENDENT,
    Provision.BASE,
    Provision.ALTERNATIVE,
)
"""Provisions that have a published series of their own to be steered by."""


def make_drivers(
    fitted: xr.Dataset,
    england: xr.Dataset,
    residents: xr.DataArray,
    assumptions: Mapping[str, Assumption],
    draws: int,
    seed: int,
    means: Mapping[str, str],
) -> xr.Dataset:
    """Drivers of an area, control and uncertainty in them.

    Parameters
    ----------
    fitted : see `forecast.model.local.fit_area`
        Its attributes `la_code` and `needs` (label -> England's) say whose figures it takes.
    england : the England model
    residents : (year, district, nc_year), or with `draw` before them
        From the latest census to the last year wanted.
    assumptions : ceiling, start_damping, local_decay, cohort_weight
    means : provision label -> standard provision
    """
    base = int(fitted.attrs["year"])
    years = [int(year) for year in residents["year"].to_numpy() if year > base]
    provisions = fitted["provision"].to_numpy().tolist()
    axes = {"draw": np.arange(draws), "year": years}
    ceiling = np.clip(assumed(assumptions["ceiling"], draws, seed, 0), 0.02, 0.9)
    steered = [means[label] in set(STEERED) for label in provisions]
    mean = residents.mean("draw") if "draw" in residents.dims else residents
    drivers = _before_steering(fitted, residents, mean, axes, ceiling).assign_attrs(
        year=base,
        seed=seed,
        draws=draws,
        assumptions={name: [taken.value, taken.low, taken.high] for name, taken in assumptions.items()},
    )
    drivers["start_rate"] = _start_rate(
        fitted, england, mean.sel(year=base, drop=True), ceiling, assumptions, axes, seed
    )
    drivers["steered"] = xr.DataArray(steered, coords={"provision": provisions}, dims=("provision",))
    if fitted.attrs["la_code"] != ENGLAND:
        drivers = tilted(drivers, england, fitted.attrs["needs"], str(fitted.attrs["la_code"]), seed)
    drivers = unsure(drivers, fitted, str(fitted.attrs["la_code"]), seed)
    weight = assumptions["cohort_weight"].value
    return _controlled(drivers, england, weight, (seed, str(fitted.attrs["la_code"])), means)


def _before_steering(
    fitted: xr.Dataset, residents: xr.DataArray, mean: xr.DataArray, axes: Mapping[str, Any], ceiling: Array
) -> xr.Dataset:
    """Drivers that need no more than the fitted area, its residents and each draw's ceiling."""
    years, provisions = axes["year"], fitted["provision"].to_numpy()
    none = np.ones((len(axes["draw"]), len(years), len(provisions)))
    return xr.Dataset(
        {
            "stock": fitted["stock"].copy(data=whole(fitted["stock"].to_numpy()).astype(float)),
            "population": residents.sel(year=years),
            "population_now": mean.sel(year=years[0] - 1, drop=True),
            "ceiling": xr.DataArray(ceiling, coords={"draw": axes["draw"]}, dims=("draw",)),
            "start_mix": fitted["start_mix"],
            "arrive": _arrive(fitted, mean.sel(year=years)),
            "leave": fitted["leave"],
            "move": fitted["move"],
            "entrants": xr.DataArray(none, coords={**axes, "to": provisions}, dims=("draw", "year", "to")),
        }
    )


def level(stock: xr.DataArray, means: Mapping[str, str]) -> xr.DataArray:
    """Children in each target at the latest census: (target)."""
    by_label = stock.sum([axis for axis in stock.dims if axis != "provision"]).to_series()
    by_meaning = by_label.groupby(pd.Series(means)).sum()
    counts = [
        by_label.sum() if name == "plans" else by_meaning.reindex(list(parts)).sum() for name, parts in TARGETS.items()
    ]
    return xr.DataArray(counts, coords={"target": list(TARGETS)}, dims=("target",))


def _controlled(
    drivers: xr.Dataset, england: xr.Dataset, weight: float, whose: tuple[int, str], means: Mapping[str, str]
) -> xr.Dataset:
    """`drivers` with control's factors in their starts and entrants."""
    years = [int(year) for year in drivers["year"].to_numpy()]
    now = level(drivers["stock"], means)
    labels = drivers["provision"].to_numpy()[drivers["steered"].to_numpy()].tolist()
    held = {name for name in TARGETS if float(now.sel(target=name)) > 0}
    positions = {
        name: [at for at, label in enumerate(labels) if means[label] in TARGETS[name]] for name in held - {"plans"}
    }
    seed, la_code = whose
    z = shocks(england, la_code, now, years, drivers.sizes["draw"], seed)
    found = control(drivers, series_path(england, la_code, now, years), z, positions, weight)
    out = drivers.assign(start_rate=drivers["start_rate"] * found.starts, entrants=drivers["entrants"] * found.entrants)
    out["unmet"] = found.unmet
    return out


def _start_rate(
    fitted: xr.Dataset,
    england: xr.Dataset,
    people: xr.DataArray,
    ceiling: Array,
    assumptions: Mapping[str, Assumption],
    axes: Mapping[str, object],
    seed: int,
) -> xr.DataArray:
    """Starts per resident with room for one: (draw, year, need, nc_year), by district too if the fitted rates are.

    Each draw's rate gives the latest year's starts under that draw's own ceiling; England's damped trend of each
    age then carries it, and the area's difference from England in all starts fades. Its mix of needs and phases
    stays: needs are recorded by local custom, and a fading mix would double rare needs in a few years.
    """
    draws, years = len(ceiling), len(np.asarray(axes["year"]))
    damping = np.clip(assumed(assumptions["start_damping"], draws, seed, 1), 0.0, 0.98)
    trend = np.exp(damped(1.0, damping, years)[:, :, None] * england["start_trend"].to_numpy())
    apart = "district" in fitted["start_rate"].dims
    per_resident, residing = fitted["start_rate"].to_numpy(), people if apart else people.sum("district")
    held = fitted["stock"].sum(["need", "provision"] if apart else ["district", "need", "provision"])
    room = _room(ceiling, (held / residing.where(residing > 0, 1.0)).to_numpy() - per_resident.sum(axis=-2))
    people_at = residing.to_numpy()[..., None, :]
    theirs = england["start_rate"].to_numpy() * people.sum("district").to_numpy()
    level = (per_resident * people_at).sum() / theirs.sum()
    between = (1,) * (per_resident.ndim - 1)
    fading = assumptions["local_decay"].value ** np.arange(1, years + 1) - 1
    offset = np.power(level, fading).reshape(years, *between, 1)
    rate = (per_resident / room)[:, None] * trend.reshape(draws, years, *between, -1) * offset[None]
    labels = ("district", "need", "nc_year") if apart else ("need", "nc_year")
    coords = {**axes, **{axis: fitted[axis].to_numpy() for axis in labels}}
    return xr.DataArray(rate, coords=coords, dims=("draw", "year", *labels))


def _room(ceiling: Array, held: Array) -> Array:
    """Share of residents who could still start a plan: (draw, ..., 1, nc_year).

    Parameters
    ----------
    ceiling : (draw)
    held : (..., nc_year)
        Share who hold one, without the latest year's starts.
    """
    limit = ceiling.reshape(-1, *[1] * held.ndim)
    return np.asarray(np.maximum(limit - np.maximum(held, 0.0), 0.02)[..., None, :])


def _arrive(fitted: xr.Dataset, residents: xr.DataArray) -> xr.DataArray:
    """Children who come with a plan: England's rate per resident, placed like the area's own stock of that age."""
    arrive = residents * fitted["arrive_rate"] * fitted["arrive_mix"]
    return arrive.transpose("year", "district", "need", "nc_year", "provision")
