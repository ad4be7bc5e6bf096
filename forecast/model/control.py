"""Where two forecasts meet: factors on the flows that bring the cohort model to a blend with the series.

    ln target = w ln cohort + (1 - w) ln series          for each draw, target and year

The factors are found once, when the drivers are made; scenarios keep them, or they would undo the
lever. Stocks always remain the sum of flows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.model.chunks import over_draws
from forecast.model.cohort import Totals, roll
from forecast.model.raking import Array

BY_SERIES: Final = ("base", "alternative")
"""Targets that follow their series alone."""
BOUNDS: Final = (1 / 3, 3.0)
"""Least and most that a factor may be in one draw and year."""
FULL_COHORT_FROM: Final = 10
"""Years ahead from which the cohort model stands alone; the series has no more to say."""
HALF_UNTIL: Final = 5
"""Years ahead to which the blend keeps its first weight."""


@dataclass(frozen=True)
class Factors:
    """What control found."""

    starts: xr.DataArray
    """Multiple of the rate of starts: (draw, year)."""
    entrants: xr.DataArray
    """Multiple of entrants to each provision, 1 where it is not steered: (draw, year, to)."""
    unmet: xr.DataArray
    """Share by which each target was missed, bounds binding: (draw, year, target)."""


def cohort_weight(target: str, ahead: int, weight: float) -> float:
    """Weight w of the cohort model in the blend, `ahead` years after the census.

    One year of flows cannot drive bases and alternative provision: for them w is 0 throughout.
    """
    if target in BY_SERIES:
        return 0.0
    towards = min(max((ahead - HALF_UNTIL) / (FULL_COHORT_FROM - HALF_UNTIL), 0.0), 1.0)
    return weight + (1 - weight) * towards


def control(
    drivers: xr.Dataset,
    series: xr.DataArray,
    shocks: xr.DataArray,
    provisions: Mapping[str, Sequence[int]],
    weight: float,
) -> Factors:
    """Factors that steer `drivers` to the blend of its own path and `series`, each draw moved by its shock.

    Parameters
    ----------
    series : (year, target)
        Children by pooled growth on the area's level.
    shocks : (draw, year, target)
        Log deviation of the truth from the forecast.
    provisions : target -> its positions among the steered provisions; the target `plans` steers starts
    weight : share of the cohort model in the blend of the first years
    """
    whole = of_whole_area(drivers).assign(shock=shocks)
    found = over_draws(whole, lambda chunk: _control(chunk, series, provisions, weight))
    return Factors(*(xr.concat(parts, "draw", join="exact") for parts in zip(*found, strict=True)))


def of_whole_area(drivers: xr.Dataset) -> xr.Dataset:
    """`drivers` with the districts added up, where their rates are the same: the totals of the area are the same too.

    (But where almost all of a district's children of an age hold a plan, and starts there are at their least.)
    """
    rates = ("start_rate", "start_mix", "leave", "move", "entrants")
    if any("district" in drivers[name].dims for name in rates):
        return drivers
    return drivers.assign({name: drivers[name].sum("district") for name in ("stock", "population", "arrive")})


def _control(
    drivers: xr.Dataset, series: xr.DataArray, provisions: Mapping[str, Sequence[int]], weight: float
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """Factors of a chunk of draws, in the order of `Factors`."""
    names = [name for name in series["target"].to_numpy().tolist() if name in provisions]
    members = _members(drivers, [provisions[name] for name in names])
    own = [_held(done.pupils, members) + _NOBODY for done in roll(drivers)]
    years = [int(year) for year in drivers["year"].to_numpy()]
    base = years[0] - 1
    targets = {}
    for at, year in enumerate(years):
        weights = np.array([cohort_weight(name, year - base, weight) for name in ("plans", *names)])
        pooled = np.log(series.sel(year=year, target=["plans", *names]).to_numpy())
        z = drivers["shock"].sel(year=year, target=["plans", *names]).to_numpy()
        targets[year] = np.exp(weights * np.log(own[at]) + (1 - weights) * pooled + z)
    return _steered(drivers, targets, names, members)


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
"""Added to a path so that a provision with no children has a logarithm."""


def _steered(
    drivers: xr.Dataset, targets: dict[int, Array], names: list[str], members: Array
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """Roll once more, finding each year's factors from that year's totals."""
    steered = np.flatnonzero(drivers["steered"].to_numpy())
    towards = members[:, steered]

    def steer(totals: Totals) -> tuple[Array, Array]:
        wanted = targets[totals.year]
        start = np.clip(_ratio(wanted[:, 0] - totals.carried, totals.starts), *BOUNDS)
        entering = totals.moving + totals.starting * start[:, None]
        ratio = _ratio(wanted[:, 1:] - totals.stay @ towards.T, entering @ towards.T)
        return start, np.clip(ratio @ towards + (1 - towards.sum(axis=0)), *BOUNDS)

    starts, entrants, unmet = [], [], []
    for done in roll(drivers, steer):
        starts.append(done.start_factor)
        factors = np.ones((len(done.start_factor), drivers.sizes["provision"]))
        factors[:, steered] = done.entrants[0, 0, :, 0, :]
        entrants.append(factors)
        unmet.append(_held(done.pupils, members) / targets[done.year] - 1)
    axes = {"draw": drivers["draw"].to_numpy(), "year": drivers["year"].to_numpy()}
    return (
        xr.DataArray(np.stack(starts, axis=1), coords=axes, dims=("draw", "year")),
        xr.DataArray(
            np.stack(entrants, axis=1),
            coords={**axes, "to": drivers["to"].to_numpy()},
            dims=("draw", "year", "to"),
        ),
        xr.DataArray(
            np.stack(unmet, axis=1),
            coords={**axes, "target": ["plans", *names]},
            dims=("draw", "year", "target"),
        ),
    )


def _ratio(wanted: Array, have: Array) -> Array:
    """`wanted` / `have`, 1 where there is nothing to scale."""
    return np.divide(wanted, have, out=np.ones_like(wanted), where=have > _NOBODY)
