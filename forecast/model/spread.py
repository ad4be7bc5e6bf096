"""What makes one draw differ from another: shocks to the series, and assumptions that are uncertain.

Each target moves along one smooth path, of a shock that all authorities share and one of the area's own, both
as large as the errors that past forecasts made. A target's shocks go along with those of all plans as its own
errors did; the shared shocks are taken to go along as far.

Not yet: variants of the population.
"""

from hashlib import sha256
from typing import Final

import numpy as np
import xarray as xr
from scipy.special import ndtri, stdtrit

from forecast.inputs.assumptions import Assumption
from forecast.model.growth import ENGLAND
from forecast.model.raking import Array

FREEDOM: Final = 5
"""Degrees of freedom of the Student's t of every shock: heavier tails than a normal's, as the errors have."""
FARTHEST: Final = 0.99
"""Share of the distribution of a shock below the largest that is drawn, and above the smallest."""
RANGES: Final = 2
"""Times its range that an uncertain value lies from its middle at most."""
P90: Final = float(ndtri(0.9))
"""Standard normal deviate that a tenth of the distribution exceeds."""


def mirrored(draws: int, seed: int, whose: str) -> Array:
    """Evenly spread deviates of a Student's t in an order of their own, the second half minus the first: (draw).

    None lies beyond `FARTHEST`: else the mean of a small series would be that of its one wildest future.
    """
    half = draws // 2
    shares = 0.5 + (np.arange(half) + 0.5) / (2 * half) if half else np.empty(0)
    spaced = stdtrit(FREEDOM, np.minimum(shares, FARTHEST))
    key = int.from_bytes(sha256(f"{seed} {whose}".encode()).digest()[:8], "little")
    rng = np.random.default_rng(key)
    first = rng.permutation(spaced) * rng.choice([-1.0, 1.0], half)
    return np.concatenate([first, np.zeros(draws % 2), -first])


def evenly(draws: int, seed: int, whose: str) -> Array:
    """Evenly spread standard normal deviates, as many below 0 as above, in an order of their own: (draw).

    Parameters
    ----------
    draws : of the whole run
    whose : name of what they are the luck of
    """
    key = int.from_bytes(sha256(f"{seed} evenly {whose}".encode()).digest()[:8], "little")
    return np.asarray(ndtri((np.random.default_rng(key).permutation(draws) + 0.5) / draws))


def shocks(
    england: xr.Dataset, la_code: str, level: xr.DataArray, years: list[int], draws: int, seed: int
) -> xr.DataArray:
    """Log deviation of the truth from the forecast: (draw, year, target).

    Mirrored, so that the median draw of each target is the forecast itself. The scales are held after the last
    horizon that they were learned at: from there on it is assumptions that spread.

    Parameters
    ----------
    england : common_scale (target, horizon), own_scale (la_code, target, horizon), local_spread (target, horizon,
        term), with_plans (target)
    la_code : the area's authority; England itself has no shock of its own
    level : children in each target at the latest census: (target)
    """
    targets = england["target"].to_numpy().tolist()
    along = np.clip(england["with_plans"].to_numpy(), -1, 1)
    common = _mixed([mirrored(draws, seed, f"England {name}") for name in targets], along, targets)
    own = _mixed([mirrored(draws, seed, f"{la_code} {name}") for name in targets], along, targets)
    z = common[:, None] * _by_year(england["common_scale"], len(years))
    if la_code != ENGLAND:
        z = z + own[:, None] * _by_year(_own_scale(england, la_code, level), len(years))
    coords = {"draw": np.arange(draws), "year": years, "target": targets}
    return xr.DataArray(z, coords=coords, dims=("draw", "year", "target"))


def assumed(assumption: Assumption, draws: int, seed: int, at: int) -> Array:
    """An uncertain assumption by draw: (draw). A tenth lie below its low value, a tenth above its high one.

    Two half-normals meet at the central value; no draw goes past twice the range.

    Parameters
    ----------
    at : which assumption, so that each has numbers of its own
    """
    z = np.random.default_rng([seed, 2, at]).standard_normal(draws)
    return half_normals(assumption.value, assumption.low, assumption.high, z)


def half_normals(value: float, low: float, high: float, z: Array) -> Array:
    """Two half-normals that meet at `value`, a tenth of all below `low` and a tenth above `high`; none past twice that.

    Parameters
    ----------
    z : standard normal deviates
    """
    width = np.where(z < 0, value - low, high - value)
    return np.asarray(value + width * np.clip(z / P90, -RANGES, RANGES))


def _mixed(deviates: list[Array], along: Array, targets: list[str]) -> Array:
    """Each target's deviates, going along with those of all plans: (draw, target)."""
    alone = np.stack(deviates, axis=1)
    return along * alone[:, [targets.index("plans")]] + np.sqrt(1 - along**2) * alone


def _own_scale(england: xr.Dataset, la_code: str, level: xr.DataArray) -> xr.DataArray:
    """Scale of the area's own shock; by its size, where its authority has none: (target, horizon)."""
    terms = england["local_spread"]
    size = np.log(np.maximum(level.sel(target=england["target"]), 1.0))
    by_size = xr.DataArray(np.exp(terms.sel(term="intercept", drop=True) + terms.sel(term="slope", drop=True) * size))
    known = england["own_scale"]
    if la_code not in known["la_code"].to_numpy():
        return by_size
    return known.sel(la_code=la_code, drop=True).fillna(by_size)


def _by_year(scale: xr.DataArray, years: int) -> Array:
    """(target, horizon) to (year, target): held after the last horizon."""
    table = scale.transpose("horizon", "target").to_numpy()
    return np.asarray(table[np.minimum(np.arange(years), len(table) - 1)])
