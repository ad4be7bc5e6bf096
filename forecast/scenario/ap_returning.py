"""More children return to a mainstream school: levers on transition places (tier 3) and on those who leave."""

from collections.abc import Mapping
from typing import Final, Literal

import xarray as xr
from pydantic import Field

from forecast.scenario.ap_lever import ApChange, ApLever, together
from forecast.scenario.ap_stays import Tiers
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import in_order
from forecast.scenario.written import Share

TRANSITION: Final = "who takes a transition place in alternative provision"
"""What a lever on tier 3 acts on, in words."""
RETURNING: Final = "who returns to a mainstream school from alternative provision"
"""What a lever on returns acts on, in words."""


class ApTransition(ApLever):
    """Some who would stay until a new school or post-16 (tier 3) get a time-limited place (tier 2) and return."""

    kind: Literal["ap_transition"] = "ap_transition"
    sends: Share = Field(alias="share")
    """Share of those without a plan who would take a transition place who get a time-limited one instead: they stay as
    long as others there do, and as many of them return to a mainstream school."""

    @property
    def idle(self) -> bool:
        """Nobody gets another place."""
        return self.sends.of(0)

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> dict[str, xr.DataArray]:
        """Send a share of those on the transition tier to time-limited places."""
        sent = xr.where(mine, self.share(self.sends, drivers), 0.0)
        return {"ap_to_short": together(drivers.get("ap_to_short"), sent)}

    def claims(self) -> tuple[Claim, ...]:
        """Who takes a transition place."""
        return (self.claim(TRANSITION, How.MULTIPLE),)


class ApReturn(ApChange):
    """More of the children without a plan who leave alternative provision return to a mainstream school.

    They leave when they would have: places stay as they are, and only where children go next is another. Support after
    the return is not priced.
    """

    kind: Literal["ap_return"] = "ap_return"
    sends: Share = Field(alias="share")
    """Share of those who would leave for anywhere else, such as work, college or another AP, who return to a mainstream
    school instead."""
    tier: Tiers = ()
    """Only those who leave this tier, or these: short (time-limited places), transition (until a new school or
    post-16); both if left out."""

    @property
    def confined(self) -> Mapping[str, tuple[str, ...]]:
        """As `ApChange.confined`."""
        return {**super().confined, "tier": self.tier}

    @property
    def idle(self) -> bool:
        """Nobody returns who would not."""
        return self.sends.of(0)

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> dict[str, xr.DataArray]:
        """Add to the share of leavers who return."""
        before = drivers.get("ap_return_more", xr.DataArray(0.0))
        elsewhere = (1 - drivers["ap_return"] - before).clip(min=0)
        more = xr.where(mine, elsewhere * self.share(self.sends, drivers), 0.0)
        return {"ap_return_more": in_order(before + more)}

    def claims(self) -> tuple[Claim, ...]:
        """Who returns."""
        return (self.claim(RETURNING, How.MULTIPLE),)
