"""Outreach, tier 1 of alternative provision: support in the child's own school, so that fewer have to leave it.

    kept in their own school = children supported x share who would else have come x share of these who stay

never more than would come. It takes no place. Those it keeps are spread over the cells that it acts in as those who
would come are. It is reckoned on those whom other changes leave to come, so it is made after them (`order`).
"""

from typing import Annotated, Final, Literal, Self

import xarray as xr
from pydantic import model_validator

from forecast.scenario.ap_lever import COMING, ApArrivals, coming, residents, together
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import drawn, in_order
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.written import Pounds, Range, Share, within

MOST: Final = 1e6
"""Children whom outreach may support in a year: more than live in most counties."""
_NONE: Final = Range(value=0, low=0, high=0)
Children = Annotated[Range, within(0, MOST, "a number of children")]
"""0 or more, or a value with its `low` and `high`."""


class ApOutreach(ApArrivals):
    """Staff of alternative provision support children in their own schools (tier 1), so that fewer come to it."""

    kind: Literal["ap_outreach"] = "ap_outreach"
    children: Children = _NONE
    """Children without a plan who are supported in a year, more than now; 0 if left out, and then `residents` is
    written."""
    residents: Share = _NONE
    """Children who are supported in a year as a share of all who live in these districts, in these key stages, besides
    those of `children`: 0.01 is one in a hundred; none if left out."""
    would_come: Share
    """Share of them who would have come to alternative provision within the year without the support, for these reasons
    and to these settings."""
    stays: Share
    """Share of these who stay in their own school instead, and do not come in a later year either."""
    cost: Pounds
    """Real pounds a year for each child supported."""
    payer: Literal[Payer.HIGH_NEEDS, Payer.GENERAL_FUND] = Payer.HIGH_NEEDS
    """Who pays for it; the high needs block if left out."""

    @model_validator(mode="after")
    def _says_whom(self) -> Self:
        self.says_one_of("children", "residents")
        return self

    @property
    def idle(self) -> bool:
        """Nobody is supported."""
        return self.children.of(0) and self.residents.of(0)

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> dict[str, xr.DataArray]:
        """Keep in their own schools some of those who would come, and count those supported."""
        supported = self.supported(drivers)
        made = {"ap_supported": in_order(drivers.get("ap_supported", 0.0) + supported)}
        if self.would_come.of(0) or self.stays.of(0):
            return made
        would = coming(drivers).where(mine, 0.0).sum(["district", "key_stage", "reason", "setting"])
        effect = drawn(self.would_come, drivers, f"{self.kind} would come").clip(0, 1) * self._stay(drivers)
        share = (supported * effect / would.where(would > 0, 1.0)).clip(0, 1)
        kept = xr.where(mine, share, 0.0)
        return made | {"ap_kept": together(drivers.get("ap_kept"), kept)}

    def supported(self, drivers: xr.Dataset) -> xr.DataArray:
        """Children supported in each future and year: (draw, year)."""
        people = residents(drivers).where(self._among(drivers), 0.0).sum(["district", "key_stage"])
        number = drawn(self.children, drivers, f"{self.kind} children").clip(min=0)
        share = drawn(self.residents, drivers, f"{self.kind} children").clip(0, 1)
        return in_order((number + share * people) * self.by_year(drivers))

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """So many pounds for each child supported, of the residents whom `drivers` have."""
        if self.idle or not self.acts_in(drivers):
            return ()
        what = "outreach to schools from alternative provision"
        cost = drawn(self.cost, drivers, f"{self.kind} cost").clip(min=0)
        return (Spending(what, Payer(self.payer), self.supported(drivers), cost),)

    def claims(self) -> tuple[Claim, ...]:
        """Children who come."""
        return (self.claim(COMING, How.MULTIPLE),)

    def _stay(self, drivers: xr.Dataset) -> xr.DataArray:
        return drawn(self.stays, drivers, self.kind).clip(0, 1)

    def _among(self, drivers: xr.Dataset) -> xr.DataArray:
        """Whether a resident may be one of them: (district, key_stage), a single true where all may."""
        return self.model_copy(update={"reason": (), "setting": ()}).mine(drivers)
