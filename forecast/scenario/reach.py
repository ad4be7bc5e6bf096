"""How much of a policy of the whole country reaches an area."""

from typing import Final

import xarray as xr

from forecast.scenario.dated import drawn
from forecast.scenario.written import Range

WHOLE: Final = Range(value=1, low=1, high=1)
"""All of it."""
LUCK: Final = "pass_through"
"""Whose luck a range of it has: the same for every lever, so that a world reaches an area as one."""


def reaching(setting: Range, drivers: xr.Dataset) -> xr.DataArray:
    """Share that reaches the area in each future, 0 to 1: (draw)."""
    return drawn(setting, drivers, LUCK).clip(0, 1)
