"""More or fewer children come to alternative provision: a lever on arrivals."""

from typing import Literal

import xarray as xr

from forecast.scenario.ap_lever import COMING, ApArrivals
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import in_order
from forecast.scenario.written import Multiple


class ScaleApArrivals(ApArrivals):
    """More or fewer children without a plan come to alternative provision, such as by fewer permanent exclusions."""

    kind: Literal["ap_scale_arrivals"] = "ap_scale_arrivals"
    factor: Multiple
    """Children who come in a year as a multiple of those who would: 0.8 is a fifth fewer."""

    @property
    def idle(self) -> bool:
        """As many come."""
        return self.factor.of(1)

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> dict[str, xr.DataArray]:
        """Multiply those who come."""
        multiple = xr.where(mine, self.multiple(self.factor, drivers), 1.0)
        return {"ap_multiple": in_order(drivers.get("ap_multiple", 1.0) * multiple)}

    def claims(self) -> tuple[Claim, ...]:
        """Children who come."""
        return (self.claim(COMING, How.MULTIPLE),)
