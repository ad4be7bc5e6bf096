"""What a lever costs besides the places that children fill: so many units a year, at a price that is named or given."""

from dataclasses import dataclass
from enum import StrEnum

import xarray as xr


class Payer(StrEnum):
    """Who pays: never added up without being told apart."""

    HIGH_NEEDS = "high needs block"
    GENERAL_FUND = "general fund"
    CAPITAL = "capital"


@dataclass(frozen=True, eq=False)
class Spending:
    """One line of what a lever costs."""

    what: str
    """In words, such as "support for children kept in mainstream"."""
    payer: Payer
    units: xr.DataArray
    """How many are paid for: (year) or (draw, year). Of capital, in the year that it is spent."""
    pounds: xr.DataArray | None = None
    """Pounds a unit: () or (draw); None where the price is `item` of the prices."""
    item: str = ""
    """What is bought, as the prices call it, such as "capital"; empty where `pounds` says what it costs."""
    provision: str = ""
    """Standard kind of place that `item` is of."""
    shift: str = ""
    """Where not empty, a unit is paid for each child whom the shift of this name moved, in that year and while it
    `lasts`."""
    lasts: int = 1
    """Years, from the one in which the child moved, for which a unit of `shift` is paid."""
