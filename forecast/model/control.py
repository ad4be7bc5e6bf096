"""Where two forecasts meet: factors on the flows that bring the cohort model to the forecast of the series.

For five years the series, whose errors are known, lead: in each draw and year the factors are those that meet

    ln target = ln series + shock          (w = 0, or as much of the way as 1 - w)

After that their part fades out until the tenth year, and the flows go on as they had to be in the last tested
years: the children's ages, the room left under the ceiling and the population then say what follows.

The factors are found once, when the drivers are made; scenarios keep them, or they would undo the lever. Stocks
always remain the sum of flows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.model.chunks import over_draws
from forecast.model.cohort import roll
from forecast.model.raking import Array
from forecast.model.totals import Totals

BY_SERIES: Final = ("special_nonmaintained", "base", "alternative")
"""Targets that follow their series alone."""
BOUNDS: Final = (1 / 3, 3.0)
"""Least and most that a factor may be in one draw and year."""
FULL_COHORT_FROM: Final = 10
"""Years ahead from which the cohort model stands alone; the series has no more to say."""
TESTED: Final = 5
"""Years ahead to which the series lead: their errors are known so far."""
ALL_PLANS: Final = "plans"
"""The target that steers starts; all others steer entrants."""
HELD_FROM: Final = 3
"""First year ahead of those whose factors, on average, the later years keep."""


@dataclass(frozen=True)
class Factors:
    """What control found."""

    starts: xr.DataArray
    """Multiple of the rate of starts: (draw, year)."""
    entrants: xr.DataArray
    """Multiple of entrants to each provision, 1 where it is not steered: (draw, year, to)."""
    unmet: xr.DataArray
    """Share by which each target was missed, bounds binding; missing where it no longer leads: (draw, year, target)."""


def cohort_weight(target: str, ahead: int, weight: float) -> float:
    """Weight w of the cohort model, `ahead` years after the census.

    One year of flows cannot drive bases and alternative provision: for them w is 0 throughout.
    """
    if target in BY_SERIES:
        return 0.0
    towards = min(max((ahead - TESTED) / (FULL_COHORT_FROM - TESTED), 0.0), 1.0)
    return weight + (1 - weight) * towards


def control(
    drivers: xr.Dataset,
    series: xr.DataArray,
    shocks: xr.DataArray,
    provisions: Mapping[str, Sequence[int]],
    weight: float,
) -> Factors:
    """Factors that steer `drivers` to `series`, each draw moved by its shock.

    Parameters
    ----------
    series : (year, target)
        Children by the forecast of the series.
    shocks : (draw, year, target)
        Log deviation of the truth from the forecast.
    provisions : target -> its positions among the steered provisions; the target `plans` steers starts
    weight : of the cohort model in the first years
    """
    names = [name for name in series["target"].to_numpy().tolist() if name in provisions]
    whole = of_whole_area(drivers).assign(shock=shocks)
    found = over_draws(
        whole, lambda chunk: _control(chunk, series, [(name, provisions[name]) for name in names], weight)
    )
    starts, entrants, unmet = (np.concatenate(parts) for parts in zip(*found, strict=True))
    axes = {"draw": drivers["draw"].to_numpy(), "year": drivers["year"].to_numpy()}
    to, targets = axes | {"to": drivers["to"].to_numpy()}, axes | {"target": [ALL_PLANS, *names]}
    return Factors(
        starts=xr.DataArray(starts, coords=axes, dims=tuple(axes)),
        entrants=xr.DataArray(entrants, coords=to, dims=tuple(to)),
        unmet=xr.DataArray(unmet, coords=targets, dims=tuple(targets)),
    )


def of_whole_area(drivers: xr.Dataset) -> xr.Dataset:
    """`drivers` with the districts added up, where their rates are the same: the totals of the area are the same too.

    (But where almost all of a district's children of an age hold a plan, and starts there are at their least.)
    """
    rates = ("start_rate", "start_mix", "leave", "move", "entrants", "leave_multiple", "arrive_multiple", "shift_where")
    if any("district" in drivers[name].dims for name in rates if name in drivers):
        return drivers
    return drivers.assign({name: drivers[name].sum("district") for name in ("stock", "population", "arrive")})


def _control(
    drivers: xr.Dataset, series: xr.DataArray, provisions: Sequence[tuple[str, Sequence[int]]], weight: float
) -> tuple[Array, Array, Array]:
    """Factors of a chunk of draws, in the order of `Factors`."""
    members = _members(drivers, [positions for _, positions in provisions])
    every = [ALL_PLANS, *(name for name, _ in provisions)]
    targets = np.exp(
        np.log(series.sel(target=every).to_numpy() + _NOBODY)[None]
        + drivers["shock"].sel(target=every).transpose("draw", "year", "target").to_numpy()
    )
    weights = np.array(
        [[cohort_weight(name, ahead, weight) for name in every] for ahead in range(1, drivers.sizes["year"] + 1)]
    )
    return _steered(drivers, targets, weights, members)


def _members(drivers: xr.Dataset, positions: list[Sequence[int]]) -> Array:
    """1 where a provision counts towards a target, else 0: (target, provision)."""
    steered = np.flatnonzero(drivers["steered"].to_numpy())
    members = np.zeros((len(positions), drivers.sizes["provision"]))
    for row, those in enumerate(positions):
        members[row, steered[list(those)]] = 1
    return members


def _held(pupils: Array, members: Array) -> Array:
    """Children in all and in each target, of a stock in `LAYOUT`: (draw, plans and targets)."""
    by_provision = pupils.sum(axis=(0, 1, 3))
    return np.column_stack([by_provision.sum(axis=1), by_provision @ members.T])


_NOBODY: Final = 1e-6
"""Fewer children than this are none; added to a series so that none has a logarithm."""


def _steered(drivers: xr.Dataset, targets: Array, weights: Array, members: Array) -> tuple[Array, Array, Array]:
    """Roll, finding each year's factors from that year's totals.

    Parameters
    ----------
    targets : (draw, year, target)
    weights : (year, target)
        How far the factors keep from the targets and to those of the years before.
    members : (target but all plans, provision)
    """
    steered = np.flatnonzero(drivers["steered"].to_numpy())
    towards = members[:, steered]
    base = int(drivers["year"].to_numpy()[0])
    met: list[Array] = []

    def steer(totals: Totals) -> tuple[Array, Array]:
        at = totals.year - base
        wanted, kept = targets[:, at], _kept(met, targets.shape[::2])
        start = _ratio(wanted[:, 0] - totals.carried, totals.starts)
        start = _between(start, kept[:, 0], weights[at, 0])
        entering = totals.moving + totals.starting * start[:, None]
        ratio = _ratio(wanted[:, 1:] - totals.stay @ towards.T, entering @ towards.T)
        ratio = _between(ratio, kept[:, 1:], weights[at, 1:])
        met.append(np.column_stack([start, ratio]))
        return start, _by_provision(ratio, towards)

    starts, entrants, unmet = [], [], []
    for at, done in enumerate(roll(drivers, steer)):
        starts.append(done.start_factor)
        factors = np.ones((len(done.start_factor), drivers.sizes["provision"]))
        factors[:, steered] = _by_provision(met[at][:, 1:], towards)
        entrants.append(factors)
        leads = np.where(weights[at] > 0, np.nan, 1.0)
        unmet.append((_held(done.pupils, members) / targets[:, at] - 1) * leads)
    return np.stack(starts, axis=1), np.stack(entrants, axis=1), np.stack(unmet, axis=1)


def _by_provision(ratio: Array, towards: Array) -> Array:
    """Factor of each steered provision, 1 where it counts towards no target: (draw, steered)."""
    return np.asarray(ratio @ towards + (1 - towards.sum(axis=0)))


def _kept(met: list[Array], shape: tuple[int, ...]) -> Array:
    """Factors kept to where the series do not lead: 1 in the tested years, then their mean: (draw, target)."""
    if len(met) < TESTED:
        return np.ones(shape)
    return np.asarray(np.exp(np.mean(np.log(met[HELD_FROM - 1 : TESTED]), axis=0)))


def _between(found: Array, kept: Array, weight: Array) -> Array:
    """Factors within the bounds, `weight` of the way from those found to those kept to."""
    return np.asarray(np.clip(found, *BOUNDS) ** (1 - weight) * kept**weight)


def _ratio(wanted: Array, have: Array) -> Array:
    """`wanted` / `have`, 1 where there is nothing to scale."""
    return np.divide(wanted, have, out=np.ones_like(wanted), where=have > _NOBODY)
