"""What a lever costs besides the places that children fill: so many units a year, at a price that is named or given."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import xarray as xr

from forecast.model.raking import Array


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
    `lasts` and the child is still there."""
    lasts: int = 1
    """Years, from the one in which the child moved, for which a unit of `shift` is paid at most."""
    stays: tuple[float, ...] = ()
    """Share of the children moved in a year who are still there in each of these years, the first of them 1; all of
    them where it is empty."""

    def paid_for(self, moved: Array) -> Array:
        """Children for whom a unit of `shift` is paid: (draw, year).

        Parameters
        ----------
        moved : children whom the shift moves at each January: (draw, year)
        """
        paid = np.zeros_like(moved)
        for since, share in enumerate((self.stays or (1.0,) * self.lasts)[: moved.shape[1]]):
            paid[:, since:] += share * moved[:, : moved.shape[1] - since]
        return paid
