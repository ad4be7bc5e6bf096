"""Rates that differ from draw to draw by what an area's own counts leave open.

A district's few children say only so much about its rates. Each draw has rates that its counts could as well have come
from, the same in every year and alike within a phase and kind of place; their mean over draws is the rate fitted.
"""

from hashlib import sha256
from typing import Final

import numpy as np
import xarray as xr
from scipy.special import ndtri

from forecast.axes import ORDER, PHASE_OF
from forecast.model.raking import Array

WIDER: Final = 1.15
"""Multiple of the doubt that draws have: fitted weights are taken for true, and cells of a group for alike.

Chosen on made-up counties: without it 80% ranges held 68 to 85% of the true rates of districts, most often too few.
"""


def unsure(drivers: xr.Dataset, fitted: xr.Dataset, whose: str, seed: int) -> xr.Dataset:
    """`drivers` whose starts, leaving and entrants vary as far as the counts of `fitted` leave open.

    Parameters
    ----------
    drivers : start_rate, leave and entrants are changed
    fitted : doubt_starts, doubt_leave, doubt_entrants, as far as they are there; see `model.counted.fit_counted`
    whose : name of the area, so that each has luck of its own
    """
    changed = {}
    draws = drivers["draw"].to_numpy()
    if "doubt_starts" in fitted:
        factor = _factors(fitted["doubt_starts"], draws, f"{seed} {whose} starts")
        changed["start_rate"] = _in_order(drivers["start_rate"] * _even(factor))
    if "doubt_entrants" in fitted:
        factor = _factors(fitted["doubt_entrants"], draws, f"{seed} {whose} entrants")
        changed["entrants"] = _in_order(drivers["entrants"] * _even(factor))
    if "doubt_leave" in fitted:
        odds = _factors(fitted["doubt_leave"], draws, f"{seed} {whose} leave")
        changed["leave"] = _leaving(drivers["leave"], odds.isel(kind=fitted["kind_of"]))
    return drivers.assign(changed)


def _factors(doubt: xr.DataArray, draws: Array, whose: str) -> xr.DataArray:
    """Deviations on the log scale: (draw, district, nc_year, ...), the same for all year groups of a phase.

    Parameters
    ----------
    doubt : (term, district, phase, ...)
    """
    area, lean, level, own = (doubt.sel(term=term, drop=True) for term in ("area", "lean", "level", "own"))
    shape = area.shape[1:]
    together = tuple(1 if axis == "phase" else area.sizes[axis] for axis in area.dims[1:])
    names = area["district"].to_numpy().tolist()
    of_area = _deviates(len(draws), f"{whose} area", shape)
    of_districts = np.stack([_deviates(len(draws), f"{whose} district {name}", shape) for name in names], axis=1)
    of_levels = np.stack([_deviates(len(draws), f"{whose} level {name}", together) for name in names], axis=1)
    values = WIDER * (
        (lean * area).to_numpy() * of_area[:, None] + level.to_numpy() * of_levels + own.to_numpy() * of_districts
    )
    axes = ["draw", *("nc_year" if axis == "phase" else str(axis) for axis in area.dims)]
    found = xr.DataArray(values[:, :, PHASE_OF], dims=axes)
    coords = {str(axis): area[axis].to_numpy() for axis in area.dims if axis not in {"phase", "kind"}}
    return found.assign_coords({"draw": draws, **coords})


def _deviates(draws: int, whose: str, shape: tuple[int, ...]) -> Array:
    """Evenly spread normal deviates, each series in an order of its own, the second half minus the first."""
    half = draws // 2
    spaced = ndtri(0.5 + (np.arange(half) + 0.5) / (2 * half)) if half else np.empty(0)
    rng = np.random.default_rng(int.from_bytes(sha256(whose.encode()).digest()[:8], "little"))
    each = np.broadcast_to(spaced, (int(np.prod(shape)), half))
    first = rng.permuted(each, axis=1) * rng.choice([-1.0, 1.0], each.shape)
    both = np.concatenate([first, np.zeros((len(each), draws % 2)), -first], axis=1)
    return both.T.reshape(draws, *shape)


def _even(log_factor: xr.DataArray) -> xr.DataArray:
    """Multiples, from their logarithms, whose mean over draws is 1."""
    factor = xr.DataArray(np.exp(log_factor))
    return factor / factor.mean("draw")


def _leaving(leave: xr.DataArray, log_odds: xr.DataArray) -> xr.DataArray:
    """Chance of leaving with its odds moved, draw by draw, its mean over draws as it was; 0 and 1 stay."""
    moved = leave * np.exp(log_odds)
    moved /= 1 - leave + moved
    before = leave.mean("draw") if "draw" in leave.dims else leave
    after = moved.mean("draw")
    moved *= before / after.where(after > 0, 1.0)
    return _in_order(moved.clip(max=1.0))


def _in_order(array: xr.DataArray) -> xr.DataArray:
    return array.transpose(*(axis for axis in ORDER if axis in array.dims))
