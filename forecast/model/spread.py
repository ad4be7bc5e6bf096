"""What makes one draw differ from another: shocks to the series, and assumptions that are uncertain.

Each target moves along one smooth path z[h] = sd[h] x z, of a shock that all authorities share and one of
the area's own, with a fiftieth of the variance fresh each year. A target's shocks go along with those of all
plans as its local errors did in past years; the shared shocks are taken to go along as far.

Not yet: variants of the population, draws of the rates of small rows, and the spread of rates between
authorities for districts. Ranges by need, phase and district are therefore too narrow where the place of a
child is more uncertain than the total.
"""

import numpy as np
import xarray as xr

from forecast.inputs.assumptions import Assumption
from forecast.model.growth import HORIZONS, P90
from forecast.model.raking import Array

FRESH = 0.02
"""Share of a shock's variance that is new each year."""
MOST_YEARS = 60
"""Years for which luck is drawn, however few are wanted: a longer forecast has the same first years."""
FREEDOM = 5
"""Degrees of freedom of the shared shock: it has heavier tails than a normal."""
_LONGEST = HORIZONS[-1]


def shocks(
    england: xr.Dataset,
    level: xr.DataArray,
    years: list[int],
    draws: int,
    seed: int,
    *,
    own: bool = True,
) -> xr.DataArray:
    """Log deviation of the truth from the forecast: (draw, year, target).

    Parameters
    ----------
    england : common_sd (target, horizon), local_spread (target, horizon, term), with_plans (target)
    level : children in each target at the latest census: (target)
    own : whether there is a shock of the area's own beside the one that all share
    """
    rng = np.random.default_rng([seed, 1])
    targets = england["target"].to_numpy().tolist()
    drawn = rng.standard_normal((draws, len(targets), 2 * (1 + MOST_YEARS) + FREEDOM))
    raw = (
        drawn[..., :-FREEDOM]
        .reshape(draws, len(targets), 2, 1 + MOST_YEARS)
        .swapaxes(1, 2)[..., : 1 + len(years)]
        .copy()
    )
    raw[:, 0, :, 0] *= np.sqrt((FREEDOM - 2) / np.square(drawn[..., -FREEDOM:]).sum(axis=-1))
    plans = targets.index("plans")
    along = np.clip(england["with_plans"].to_numpy(), -1, 1)[None, None, :, None]
    mixed = along * raw[:, :, [plans], :] + np.sqrt(1 - along**2) * raw
    path = np.sqrt(1 - FRESH) * mixed[..., :1] + np.sqrt(FRESH) * mixed[..., 1:]
    size = np.stack([_common(england, years), _local(england, level, years) * own])
    z = (path * size[None]).sum(axis=1)
    coords = {"draw": np.arange(draws), "target": targets, "year": years}
    return xr.DataArray(z, coords=coords, dims=("draw", "target", "year")).transpose("draw", "year", "target")


def assumed(assumption: Assumption, draws: int, seed: int, at: int) -> Array:
    """An uncertain assumption by draw: (draw). A tenth lie below its low value, a tenth above its high one.

    Two half-normals meet at the central value; no draw goes past twice the range.

    Parameters
    ----------
    at : which assumption, so that each has numbers of its own
    """
    z = np.random.default_rng([seed, 2, at]).standard_normal(draws)
    width = np.where(z < 0, assumption.value - assumption.low, assumption.high - assumption.value)
    return np.asarray(assumption.value + width * np.clip(z / P90, -2, 2))


def _common(england: xr.Dataset, years: list[int]) -> Array:
    """Standard deviation shared by all authorities: (target, year)."""
    return _along(england["common_sd"].to_numpy(), len(years))


def _local(england: xr.Dataset, level: xr.DataArray, years: list[int]) -> Array:
    """The area's own standard deviation, by its size: (target, year)."""
    terms = england["local_spread"]
    size = np.log(np.maximum(level.sel(target=england["target"]).to_numpy(), 1.0))[:, None]
    sd = np.exp(terms.sel(term="intercept").to_numpy() + terms.sel(term="slope").to_numpy() * size)
    return _along(sd, len(years))


def _along(sd: Array, years: int) -> Array:
    """(target, horizon) to (target, year): straight lines from nothing at the census, held after the last horizon."""
    at = np.minimum(np.arange(1, years + 1), _LONGEST)
    return np.stack([np.interp(at, (0, *HORIZONS), (0.0, *row)) for row in sd])
