"""Hub and spoke: a school whose roll is taught at its own site and at spokes on mainstream sites.

The hub's roll is what its own site and all its spokes have room for. Its outreach helps mainstream schools of the
spokes' districts keep children who would otherwise come to a special school, and acts nowhere else: not in the hub's
own district, unless a spoke stands there.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import ALL, Provision
from forecast.model.shifts import ENTRANTS
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Lever, drawn
from forecast.scenario.ends import goal, sources
from forecast.scenario.place_rows import (
    BASE,
    CAPITAL,
    CAPITAL_SATELLITE,
    HUB_AND_SPOKE,
    NotPossible,
    Opening,
    Ramp,
    YearGroup,
    appended,
    known_labels,
    meaning,
    opened,
    right_way_up,
)
from forecast.scenario.placement import claim_of
from forecast.scenario.sending import Sending, one_each, sendings, sent
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.spokes import Classes, Places, Spoke, room_of, sized
from forecast.scenario.written import Labels, Pounds, Range, Share

_NONE: Final = Range(value=0, low=0, high=0)
_OUTREACH: Final = "outreach of {}"


class HubAndSpoke(Opening):
    """A new special school taught at a hub and at spokes on mainstream sites, with outreach to mainstream schools."""

    kind: Literal["hub_and_spoke"] = "hub_and_spoke"
    hub: str
    """Name of the school, whose roll all the children are on."""
    district: str
    """Where the hub stands."""
    places: Places | None = None
    """Children the hub itself has room for once it is full; its classes times the places of a classroom if left out."""
    classes: Classes | None = None
    """Classes taught at the hub itself."""
    spokes: Annotated[tuple[Spoke, ...], Field(min_length=1)]
    """Where else its roll is taught."""
    serves: Labels = ()
    """Districts whose children the roll takes, or `all`; those of the hub and the spokes if left out."""
    provision: str = Provision.SPECIAL
    """Kind of place, as the area calls it."""
    need: Labels = ()
    """Main needs that it and its outreach are for; every need if left out."""
    nc_from: YearGroup = 0
    """Youngest year group; Reception is 0."""
    nc_to: YearGroup = 14
    """Oldest year group."""
    spoke_capital: Pounds | None = None
    """Real pounds to build one place of a spoke; the price list's for a satellite if left out."""
    outreach: Share = _NONE
    """Share by which entry to special schools, with a first plan or by a move, falls in the spokes' districts, for the
    needs and year groups of the hub: those children are in mainstream schools instead."""
    outreach_ramp: Ramp = ()
    """Share of the outreach's effect in its first, second, ... year; all at once if left out."""
    outreach_cost: Pounds | None = None
    """Real pounds a year that the outreach costs, from the first year in full, from the high needs block; to be written
    where there is outreach."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        sized(self.places, self.classes)
        right_way_up(self.nc_from, self.nc_to)
        sites = [spoke.site.casefold() for spoke in self.spokes]
        if len({*sites, self.hub.casefold()}) <= len(sites):
            msg = "two spokes stand on one site, or a spoke on the hub's own; add up places on one site"
            raise ValueError(msg)
        if not self.outreach.of(0) and self.outreach_cost is None:
            msg = "outreach is said to have an effect and not to cost anything; write outreach_cost in pounds a year"
            raise ValueError(msg)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Fewer children enter special schools in the spokes' districts; the very same drivers without outreach.

        Raises
        ------
        UnknownLabel
            The area has no such district, need or kind of place.
        """
        districts = (self.district, *self.serves, *(spoke.district for spoke in self.spokes))
        known_labels(drivers, districts, self.need, self.provision, (self.nc_from, self.nc_to))
        return sent(drivers, self._sendings(drivers))

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with a row for the hub and one for each spoke that has any places.

        Raises
        ------
        NotPossible
            There is a school of this name already.
        """
        rooms = self._rooms()
        if not any(rooms.values()):
            return places
        if places["school"].eq(self.hub).any():
            why = "a school of this name is in places.csv, or opened by another change"
            raise NotPossible(self.hub, "open", why, "give the hub another name")
        stands = {"": self.district} | {spoke.site: spoke.district for spoke in self.spokes}
        of_all = {
            "school": self.hub,
            "serves": ";".join(self.serves or dict.fromkeys(stands.values())),
            "provision": self.provision,
            "needs": ";".join(self.need) or ALL,
            "nc_from": self.nc_from,
            "nc_to": self.nc_to,
        }
        row = self.row(HUB_AND_SPOKE) | of_all
        return appended(
            places,
            [row | {"site": at, "district": stands[at], "places": room} for at, room in rooms.items() if room],
        )

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Capital for the hub and the spokes, and what the outreach costs each year."""
        hub, *rest = self._rooms().values()
        standard = CAPITAL if meaning(drivers, self.provision) == BASE else CAPITAL_SATELLITE
        kind, years = self.provision, one_each(drivers)
        built = (
            *self.to_build(drivers, f"building {self.hub}", hub, CAPITAL, kind, self.capital),
            *self.to_build(
                drivers, f"building the spokes of {self.hub}", sum(rest), standard, kind, self.spoke_capital
            ),
        )
        acts = years["year"] >= self.from_year
        if self.outreach_cost is None or self.outreach_cost.of(0) or not acts.any():
            return built
        pounds = drawn(self.outreach_cost, drivers, self.kind)
        return (*built, Spending(_OUTREACH.format(self.hub), Payer.HIGH_NEEDS, years * acts, pounds))

    def claims(self) -> tuple[Claim, ...]:
        """The places of the hub and, with outreach, a share of those who would enter special schools."""
        places = Claim(opened(self.hub), How.VALUE, self.from_year)
        if self.outreach.of(0):
            return (places,)
        return (places, claim_of(self._outreach(), (Provision.SPECIAL,), ENTRANTS, self._ages(), self.outreach))

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        districts = (self.district, *self.serves, *(spoke.district for spoke in self.spokes))
        named = tuple(label for label in dict.fromkeys(districts) if label != ALL)
        return {"district": named, "need": self.need, "provision": (self.provision,)}

    def _rooms(self) -> dict[str, int]:
        """Places by site once all are full, the hub's own first: its site is blank, as in the register."""
        return {"": room_of(self.places, self.classes)} | {spoke.site: spoke.room for spoke in self.spokes}

    def _ages(self) -> tuple[int, ...]:
        return tuple(range(self.nc_from, self.nc_to + 1))

    def _outreach(self) -> Lever:
        """When, where and for whom the outreach acts."""
        districts = tuple(dict.fromkeys(spoke.district for spoke in self.spokes))
        who = {"district": districts, "need": self.need}
        what = {"kind": _OUTREACH.format(self.hub), "from": self.from_year, "ramp": self.outreach_ramp}
        return Lever.model_validate(what | who)

    def _sendings(self, drivers: xr.Dataset) -> tuple[Sending, ...]:
        lever = self._outreach()
        shares = {goal(drivers, Provision.MAINSTREAM): lever.share(self.outreach, drivers)}
        return sendings(lever, drivers, sources(drivers, Provision.SPECIAL), shares, ENTRANTS, self._ages())
