"""A lever that opens more places in bases (SEN units and resourced provision), and fills them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, Self

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import ALL, Provision, academic_year
from forecast.errors import ForecastError, UnknownLabel
from forecast.model.shifts import ENTRANTS, Way
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Lever, drawn, where
from forecast.scenario.ends import sources
from forecast.scenario.filling import Filled, filled, of_some, probing
from forecast.scenario.place_rows import CAPITAL, NAN, appended, meaning, month_in, said_by, written
from forecast.scenario.placement import claim_of
from forecast.scenario.sending import Sending, sendings, sent
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.written import Range, Share, YearGroups

SEPTEMBER: Final = 9
FILLING: Final = "children who fill more places in bases"
"""What the lever acts on, in words."""
_WAYS: Final = (
    (Provision.SPECIAL, ENTRANTS),
    (Provision.MAINSTREAM, ENTRANTS),
    (Provision.MAINSTREAM, (Way.STAYING,)),
)
"""Who joins, in the order in which they are asked."""
ENOUGH: Final = 0.99
"""Share of the children wanted in a year who must be found, in the mean of all futures."""


class ExpandBases(Lever):
    """More places in bases of mainstream schools, and the children who fill them.

    The children are those who join, by first plans and moves, and where these are too few, children of mainstream
    classes who join the base of their school. Once in a base they stay or leave it as others there do, and those who
    leave are replaced. Every future has as many places filled; who fills them, and so what remains in special schools
    and in mainstream, differs between futures.
    """

    kind: Literal["expand_bases"] = "expand_bases"
    places: Annotated[int, Field(ge=0)] | None = None
    """How many more places, all districts together, once the ramp is over; leave it out where `factor` is given."""
    factor: Annotated[float, Field(ge=1, le=10)] | None = None
    """In place of `places`, a multiple of the children who are in bases at the latest census: 1.92 is 92% more. For the
    whole area only, and only where it does not list its own places."""
    to: str = Provision.BASE.value
    """Kind of base that they are, as the area calls it."""
    fill: Share = Range(value=0.9, low=0.8, high=1.0)
    """Share of the new places that children of the area fill; nine in ten (eight to ten) if left out, by judgement."""
    from_special: Share = Range(value=0.3, low=0.1, high=0.5)
    """Share of the children who join who would otherwise have come to a state special school, while there are enough
    of them; three in ten (one to five) if left out, by judgement. The others come from mainstream classes."""
    year_groups: Annotated[YearGroups, Field(min_length=1)] = tuple(range(12))
    """Year groups that the places are for: Reception to Year 11 if left out."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.places is None) == (self.factor is None):
            msg = "write either `places` or `factor`, one of them"
            raise ValueError(msg)
        if self.factor is not None and (self.district or self.need):
            msg = "`factor` is for the whole area; for some districts or needs write `places`"
            raise ValueError(msg)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Send as many children to bases as fill the places.

        Raises
        ------
        UnknownLabel
            The area has no such kind of place, district, need or year group.
        TooFewToFill
            Even with every child who could join, more than a hundredth of the places wanted would be empty.
        """
        where(drivers, district=self.district, need=self.need, nc_year=self.year_groups)
        wanted = self.share(self.fill, drivers) * self.number(drivers)
        if not bool((wanted > 0).any()):
            return drivers
        some = of_some(drivers, self.district, max(self.year_groups))
        anywhere = self.model_copy(update={"district": ()})  # `some` has no other districts
        probes = anywhere.groups(some, [probing(some)] * len(_WAYS))
        part = drawn(self.from_special, drivers, "from special").clip(0, 1)
        found = filled(some, wanted, part, probes)
        self._check(found, wanted)
        shares = [found.shares.sel(group=group, drop=True) for group in found.shares["group"].to_numpy()]
        return sent(drivers, [sending for group in self.groups(drivers, shares) for sending in group])

    def groups(self, drivers: xr.Dataset, shares: Sequence[xr.DataArray]) -> list[tuple[Sending, ...]]:
        """What it sends of those coming to special schools, of those coming to mainstream, and of those staying there.

        Parameters
        ----------
        shares : of each group: (draw, year)
        """
        return [
            sendings(self, drivers, sources(drivers, kind), {self.to: share}, ways, self.year_groups)
            for (kind, ways), share in zip(_WAYS, shares, strict=True)
        ]

    def number(self, drivers: xr.Dataset) -> int:
        """Places once the ramp is over.

        Raises
        ------
        UnknownLabel
            No base of the area has this label.
        """
        if self.to not in (known := sources(drivers, Provision.BASE)):
            raise UnknownLabel("kind of base", self.to, known)
        return self._number(float(drivers["stock"].sel(provision=self.to).sum()))

    def _number(self, held: float) -> int:
        """Places once the ramp is over, where so many children are in bases at the latest census."""
        return self.places if self.places is not None else round(((self.factor or 1.0) - 1) * held)

    def _check(self, found: Filled, wanted: xr.DataArray) -> None:
        """Refuse a number of places that the children there are cannot fill."""
        short, asked = found.short.mean("draw"), wanted.mean("draw")
        lacking = short > (1 - ENOUGH) * asked
        if bool(lacking.any()):
            year = int(short["year"][lacking][0])
            raise TooFewToFill(year, float(asked.sel(year=year)), float(short.sel(year=year)))

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with a row more: open on time and for certain, as the children who fill it are there.

        Raises
        ------
        FactorOfAList
            The register lists places, and only a factor is given.
        """
        if self.factor is not None and not places["assumed"].all():
            raise FactorOfAList(self.factor)
        number = self._number(float(places.loc[places["provision"].eq(self.to), "places"].sum()))
        if not number:
            return places
        row = {
            "school": " ".join(
                ["More places in bases", *(["in", " and ".join(self.district)] if self.district else [])]
            ),
            "site": "",
            "district": self.district[0] if len(self.district) == 1 else ALL,
            "serves": ";".join(self.district) or ALL,
            "lat": NAN,
            "lon": NAN,
            "provision": self.to,
            "needs": ";".join(self.need) or ALL,
            "nc_from": min(self.year_groups),
            "nc_to": max(self.year_groups),
            "places": number,
            "taken_by_others": 0,
            "opens": month_in(self.from_year, SEPTEMBER),
            "closes": month_in(self.until + 1, SEPTEMBER) if self.until else "",
            "probability": NAN,
            "delay": 0.0,
            "ramp": written(self.ramp),
            "source": f"scenario: {said_by(self)}",
        }
        return appended(places, [row])

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Capital for each place, in the January at which it is first counted."""
        most = np.maximum.accumulate(self.by_year(drivers).to_numpy())
        units = self.by_year(drivers).copy(data=np.diff(most, prepend=0.0) * self.number(drivers))
        if not units.any():
            return ()
        code = meaning(drivers, self.to)
        return (Spending("building places in bases", Payer.CAPITAL, units, item=CAPITAL, provision=code),)

    def claims(self) -> tuple[Claim, ...]:
        """How many children are in the new places, and a share of those who would be elsewhere."""
        sent_on = [claim_of(self, (kind.value,), ways, self.year_groups) for kind, ways in _WAYS]
        ages = tuple(map(str, self.year_groups))
        return (self.claim(FILLING, How.VALUE, {"provision": (self.to,), "nc_year": ages}), *sent_on)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Districts, needs, and the kind of place."""
        return {**super().labels(), "provision": (self.to,)}


class TooFewToFill(ForecastError):
    """More places in bases than there are children who could join them."""

    def __init__(self, year: int, wanted: float, short: float) -> None:
        super().__init__(
            f"Bases cannot fill as `expand_bases` says: of {wanted:.0f} more children wanted in {academic_year(year)}, "
            f"{short:.0f} are not to be found among those who come to special schools and mainstream or are in "
            "mainstream; write fewer places, a slower ramp, or more year groups, districts or needs."
        )


class FactorOfAList(ForecastError):
    """A multiple of the children in bases, where the area lists places."""

    def __init__(self, factor: float) -> None:
        super().__init__(
            f"`expand_bases` with a factor of {factor:g} speaks of the children in bases, but this area lists its own "
            "places; write how many more `places` in its stead."
        )
