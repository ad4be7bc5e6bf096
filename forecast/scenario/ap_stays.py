"""Shorter stays in alternative provision, above all in time-limited places (tier 2): a lever on how long they last."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

import numpy as np
import xarray as xr
from pydantic import BeforeValidator, model_validator

from forecast.domain import Tier
from forecast.scenario.ap_lever import ApLever
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import drawn, in_order
from forecast.scenario.written import Multiple, Range, one_or_more, within

STAYS: Final = "how long children stay in alternative provision"
"""What levers on stays act on, in words."""
WEEK: Final = 7
"""Calendar days."""
SHORTEST: Final = 1.0
"""Calendar days below which no lever brings a mean stay."""
_AS_NOW: Final = Range(value=1, low=1, high=1)
TAKES_A_PLACE: Final = (Tier.SHORT, Tier.TRANSITION)
"""Tiers in which a child stays somewhere."""
TakesAPlace = Literal[Tier.SHORT, Tier.TRANSITION]
Tiers = Annotated[
    tuple[TakesAPlace, ...], BeforeValidator(one_or_more, json_schema_input_type=TakesAPlace | list[TakesAPlace])
]
"""One tier that takes a place, or both."""
Weeks = Annotated[Range, within(0, 1000, "a number of weeks")]
"""0 or more, or a value with its `low` and `high`."""


class ShortenApStays(ApLever):
    """Children without a plan stay in alternative provision for a shorter or a longer time."""

    kind: Literal["ap_shorten_stays"] = "ap_shorten_stays"
    factor: Multiple = _AS_NOW
    """Mean length of stay as a multiple of what it would be: 0.8 is a fifth shorter; 1 if left out, and then `weeks` is
    written."""
    weeks: Weeks | None = None
    """No stay lasts longer than this many calendar weeks, holidays counted; no limit if left out. Those who would have
    left sooner still do, so that the mean is shorter than this. Twelve school weeks are 13 to 15 calendar weeks."""
    tier: Tiers = ()
    """Only this tier, or these: short (time-limited places), transition (until a new school or post-16); both if left
    out."""

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        self.says_one_of("weeks", "factor")
        return self

    @property
    def confined(self) -> Mapping[str, tuple[str, ...]]:
        """As `ApChange.confined`."""
        return {**super().confined, "tier": self.tier}

    @property
    def idle(self) -> bool:
        """Stays are as long, and without a limit."""
        return self.factor.of(1) and self.weeks is None

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> dict[str, xr.DataArray]:
        """Multiply mean stays, then bring them to what a limit leaves of them."""
        before = drivers.get("ap_stay_multiple", xr.DataArray(1.0))
        stay = drivers["ap_stay"] * before
        shorter = stay * drawn(self.factor, drivers, self.kind).clip(min=0)
        if self.weeks is not None:
            shorter = limited(shorter, WEEK * drawn(self.weeks, drivers, f"{self.kind} weeks").clip(min=0))
        times = shorter.clip(min=SHORTEST) / stay
        multiple = xr.where(mine, 1 + (times - 1) * self.by_year(drivers), 1.0)
        return {"ap_stay_multiple": in_order(before * multiple)}

    def claims(self) -> tuple[Claim, ...]:
        """How long stays last."""
        return (self.claim(STAYS, How.MULTIPLE),)


def limited(mean: xr.DataArray, days: xr.DataArray) -> xr.DataArray:
    """Mean stay when none lasts longer than `days`, children leaving at a steady rate until then.

    The mean of the lesser of an exponential stay and the limit: m (1 - exp(-d / m)).

    Parameters
    ----------
    mean : mean calendar days without a limit
    days : the limit, on any axes
    """
    some = mean.clip(min=SHORTEST)
    return some * (1 - np.exp(-days / some))
