"""What a child's year costs in each kind of place: the place and, for specialist ones, the journey."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import SPECIALIST, Provision
from forecast.model.raking import Array
from forecast.places.costs import Costs, NoCost

_FEES_GROW: Final = (Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED)
"""Kinds of place whose fees grow faster than other prices."""


def prices(costs: Costs, means: Mapping[str, str], years: Sequence[int], draws: int, seed: int) -> xr.DataArray:
    """Pounds a child a year, in the prices that each cost is in: (draw, year, provision).

    Not a number where no cost is known. Transport is counted for specialist places only: no figure says how many
    others are driven.

    Parameters
    ----------
    means : label of each provision -> the standard code that it means, or `own`
    years : Januaries, the latest census first; from it on fees grow
    """
    ahead = np.arange(len(years))
    growth = 1 + costs.drawn("fee_growth", "all", "all", draws, seed)
    table = np.full((draws, len(years), len(means)), np.nan)
    for at, code in enumerate(means.values()):
        place = _drawn(costs, "place", code, draws, seed)
        fee = growth[:, None] ** ahead if code in _FEES_GROW else np.ones(len(years))
        journey = _drawn(costs, "transport", code, draws, seed) if code in SPECIALIST else np.zeros(draws)
        table[:, :, at] = place[:, None] * fee + journey[:, None]
    coords = {"draw": np.arange(draws), "year": list(years), "provision": list(means)}
    return xr.DataArray(table, coords=coords, dims=("draw", "year", "provision"))


def _drawn(costs: Costs, item: str, code: str, draws: int, seed: int) -> Array:
    """A price by draw; not a number where nothing says it, which the answer then names."""
    try:
        return costs.drawn(item, code, "all", draws, seed)
    except NoCost:
        return np.full(draws, np.nan)
