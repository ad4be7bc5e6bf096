"""Drivers carried forward without luck, added up to what a waterfall is made of."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.axes import PHASE_FIRSTS
from forecast.domain import NC_YEARS
from forecast.model.cohort import beginning, roll
from forecast.model.fixed import fixed
from forecast.model.raking import Array

_FIRSTS: Final = [NC_YEARS.index(first) for first in PHASE_FIRSTS]


@dataclass(frozen=True, eq=False)
class Followed:
    """Children without luck, in each draw of some drivers."""

    children: Array
    """At every January, the latest census first: (draw, year, phase, provision)."""
    shifted: Array
    """Whom each shift sends elsewhere in each year after the census: (draw, year, shift)."""
    shifts: tuple[str, ...]
    """Names of the shifts."""


def followed(drivers: xr.Dataset) -> Followed:
    """Carry drivers forward without luck."""
    given = fixed(drivers)
    stocks, shifted = [_by_phase(beginning(given))], []
    for year in roll(drivers):
        stocks.append(_by_phase(year.pupils))
        shifted.append(year.shifted.T)
    names = drivers["shift"].to_numpy().tolist() if "shift" in drivers else []
    return Followed(np.stack(stocks, axis=1), np.stack(shifted, axis=1), tuple(map(str, names)))


def _by_phase(stock: Array) -> Array:
    """A stock in `LAYOUT` by (draw, phase, provision)."""
    return np.asarray(np.add.reduceat(stock.sum(axis=(0, 3)), _FIRSTS, axis=0).transpose(1, 0, 2))
