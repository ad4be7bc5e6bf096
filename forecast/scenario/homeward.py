"""A lever that brings children home: to schools of the area, from independent schools and those of other authorities.

It acts where a child changes school anyway, so a placement ends when its stage of education does.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import xarray as xr
from pydantic import Field

from forecast.domain import AWAY, Provision
from forecast.errors import UnknownLabel
from forecast.model.shifts import ENTRANTS, Way
from forecast.scenario.claims import Claim
from forecast.scenario.dated import Lever
from forecast.scenario.ends import ELSEWHERE, goal, sources_of_all
from forecast.scenario.placement import Part, claim_of
from forecast.scenario.sending import Sending, one_each, sendings, sent
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.staying import still_there
from forecast.scenario.written import Labels, Share, YearGroups

BOUGHT: Final = (Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED)
"""Special schools that no authority runs."""
FAR: Final = (Provision.SPECIAL, *BOUGHT)
"""Kinds of place from which children come home where they are in another authority."""
_LEFT: Final = (*BOUGHT, *(f"{kind}{ELSEWHERE}" for kind in FAR if kind not in BOUGHT))
"""Kinds of place from which children come home, in words, where a lever names none."""


class BringHome(Lever):
    """Children who would be in an independent or faraway special school come to a state special school of the area."""

    kind: Literal["bring_home"] = "bring_home"
    sends: Share = Field(alias="share")
    """Share of the children met who come to a school of the area instead, 0 to 1."""
    instead_of: Labels = ()
    """Where the children would have gone; if left out, independent and non-maintained special schools, and special
    schools of other authorities where the area tells them apart."""
    to: str = Provision.SPECIAL.value
    """Where they come instead: a state special school of the area if left out."""
    year_groups: Annotated[YearGroups, Field(min_length=1)] = (0, 7, 12)
    """Year groups in the January after the move: Reception, Year 7 and Year 12 if left out, when schools change."""
    settled: bool = False
    """Whether children who are there already, and would stay on into these year groups, are met too; if not, only
    those who would newly come there."""
    reinvest: Part = 0.0
    """Part of each fee no longer paid that goes into support in local schools, 0 to 1. The child's new place is paid
    for besides, so 1 spends more than is saved."""
    reinvest_years: Annotated[int, Field(ge=1, le=20)] = 5
    """School years for which a child's fee is used again while the child is there, the first among them; five are Year
    7 to Year 11."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """How the children met come to their places."""
        return (*ENTRANTS, Way.STAYING) if self.settled else ENTRANTS

    def sendings(self, drivers: xr.Dataset) -> tuple[Sending, ...]:
        """The shifts that it makes.

        Raises
        ------
        UnknownLabel
            The area has no such kind of place, district or need; or none to come home from.
        """
        shares = {goal(drivers, self.to): self.share(self.sends, drivers)}
        return sendings(self, drivers, self._sources(drivers), shares, self.ways, self.year_groups)

    def _sources(self, drivers: xr.Dataset) -> list[str]:
        if self.instead_of:
            return sources_of_all(drivers, self.instead_of)
        means: dict[str, str] = drivers.attrs["means"]
        labels = drivers["provision"].to_numpy().tolist()
        found = [name for name in labels if means[name] in BOUGHT or (name.endswith(AWAY) and means[name] in FAR)]
        if not found:
            raise UnknownLabel("kind of place", Provision.INDEPENDENT.value, labels)
        return found

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Bring the children home; raises as `sendings`."""
        return sent(drivers, self.sendings(drivers))

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Support bought with fees no longer paid, at the price of the place that each child would have had.

        What is saved is no spending: it shows in the places that children fill. Raises as `sendings`.
        """
        if not self.reinvest:
            return ()
        units, what = one_each(drivers) * self.reinvest, "support in local schools, from fees no longer paid"
        means: dict[str, str] = drivers.attrs["means"]
        return tuple(
            Spending(
                f"{what}: {each.moves}",
                Payer.HIGH_NEEDS,
                units,
                item="place",
                provision=str(means[each.ends[0]]),
                shift=each.name,
                lasts=self.reinvest_years,
                stays=still_there(drivers, each.ends, each.where, each.ways, self.reinvest_years),
            )
            for each in self.sendings(drivers)
        )

    def claims(self) -> tuple[Claim, ...]:
        """A share of those who would come to each kind of place."""
        return (claim_of(self, self.instead_of or _LEFT, self.ways, self.year_groups, self.sends),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Districts, needs, and kinds of place at both ends."""
        return {**super().labels(), "provision": (*self.instead_of, self.to)}
