"""Levers on where children are placed: a share of those who would come to one kind of place go to another.

Children who are settled stay where they are, unless a lever is told to move them. Every child sent from one kind of
place is in another, and moves on from there as other children do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from math import isclose
from typing import Annotated, Final, Literal, Self

import xarray as xr
from pydantic import BeforeValidator, Field, model_validator

from forecast.domain import Provision
from forecast.model.shifts import ENTRANTS, Way
from forecast.scenario.claims import KINDS, Claim, How
from forecast.scenario.dated import Lever, drawn
from forecast.scenario.ends import goal, sources_of_all
from forecast.scenario.sending import PLACEMENT, Sending, paid_for_each_child, sendings, sent
from forecast.scenario.spending import Spending
from forecast.scenario.written import Labels, Pounds, Range, Share, YearGroups, one_or_more

SUPPORT: Final = "support"
"""Whose luck the cost of support has: the same in every lever."""


class Who(StrEnum):
    """Which children a lever on placement meets."""

    ENTRANTS = "entrants"
    """Those with a first plan, and those who move from another kind of place."""
    STARTS = "starts"
    """Those with a first plan alone."""
    MOVERS = "movers"
    """Those who move from another kind of place alone."""
    STAYING = "staying"
    """Those who would stay in the kind of place where they are already."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """How they come to their places."""
        return ENTRANTS if self is Who.ENTRANTS else (Way(self.value),)


def all_to_one(written: object) -> object:
    """One kind of place as the whole of a mapping."""
    return {written: 1.0} if isinstance(written, str) else written


Part = Annotated[float, Field(ge=0, le=1)]
"""Part of the children sent, 0 to 1."""
Kinds = Annotated[Labels, BeforeValidator(one_or_more, json_schema_input_type=str | list[str]), Field(min_length=1)]
"""One kind of place, or several: a standard code, or a label of the area."""
Parts = Annotated[
    dict[str, Part],
    BeforeValidator(all_to_one, json_schema_input_type=str | dict[str, Part]),
    Field(min_length=1),
]
"""One kind of place, or several with the part of the children that goes to each."""


class ShiftPlacement(Lever):
    """Some of the children who would come to one kind of place go to another instead."""

    kind: Literal["shift_placement"] = "shift_placement"
    instead_of: Kinds
    """Where the children would have gone: a standard kind of place, such as special, or one of the area's own."""
    to: Parts
    """Where they go: one kind of place, or several with the part of the children that goes to each, such as
    {mainstream: 0.6, base: 0.4}."""
    sends: Share = Field(alias="share")
    """Share of the children it meets who go there instead, 0 to 1."""
    who: Who = Who.ENTRANTS
    """Whom it meets: entrants (first plans, and moves from another kind of place), starts or movers alone; or staying,
    the children who are there already."""
    year_groups: YearGroups = ()
    """Only these year groups in the January after the move: 7 are children who have just left Year 6; every one if
    left out."""

    @model_validator(mode="after")
    def _parts_make_a_whole(self) -> Self:
        total = sum(self.to.values())
        if not isclose(total, 1, abs_tol=1e-6):
            msg = f"the parts of `to` add up to {total:g}; make them add up to 1"
            raise ValueError(msg)
        if same := sorted(self.to.keys() & set(self.instead_of)):
            msg = f"{same[0]!r} stands both in `instead_of` and in `to`; leave it out of one"
            raise ValueError(msg)
        return self

    def sendings(self, drivers: xr.Dataset) -> tuple[Sending, ...]:
        """The shifts that it makes.

        Raises
        ------
        UnknownLabel
            The area has no such kind of place, district, need or year group.
        """
        all_of = self.share(self.sends, drivers)
        shares = shares_of(drivers, all_of, self.to)
        ends = sources_of_all(drivers, self.instead_of)
        return sendings(self, drivers, ends, shares, self.who.ways, self.year_groups)

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Send the children; raises as `sendings`."""
        return sent(drivers, self.sendings(drivers))

    def claims(self) -> tuple[Claim, ...]:
        """A share of those who would come to each kind of place."""
        return (claim_of(self, self.instead_of, self.who.ways, self.year_groups, self.sends),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Districts, needs, and kinds of place at both ends."""
        return {**super().labels(), "provision": (*self.instead_of, *self.to)}


class Rebalance(Lever):
    """Some of the children who would come to a special school stay in mainstream, or in a base there, with support.

    It meets first plans and moves; children who are in a special school already stay. A child kept in mainstream may
    still move later, as other children there do.
    """

    kind: Literal["rebalance"] = "rebalance"
    sends: Share = Field(alias="share")
    """Share of the children coming to a special school who are taught in mainstream instead, 0 to 1."""
    support: Pounds
    """What is spent on each child kept, in pounds a year, besides what any child there costs; 0 if nothing is."""
    support_years: Annotated[int, Field(ge=1, le=20)] = 5
    """School years for which that is spent on a child while it is there, its first among them; five are Year 7 to Year
    11."""
    instead_of: Kinds = (Provision.SPECIAL,)
    """Where the children would have gone; state special schools if left out."""
    base_part: Part = 0.0
    """Part of the children kept who are in a base, 0 to 1; the others are in mainstream classes."""
    year_groups: YearGroups = ()
    """Only these year groups in the January after the move, such as 7 for children who leave Year 6; every one if
    left out."""

    def sendings(self, drivers: xr.Dataset) -> tuple[Sending, ...]:
        """The shifts that it makes; raises as `ShiftPlacement.sendings`."""
        kept = self.share(self.sends, drivers)
        shares = shares_of(drivers, kept, self._goals())
        return sendings(self, drivers, sources_of_all(drivers, self.instead_of), shares, ENTRANTS, self.year_groups)

    def _goals(self) -> dict[str, float]:
        goals = {Provision.MAINSTREAM.value: 1 - self.base_part, Provision.BASE.value: self.base_part}
        return {end: part for end, part in goals.items() if part}

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Keep the children; raises as `sendings`."""
        return sent(drivers, self.sendings(drivers))

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Support of each child kept; raises as `sendings`."""
        pounds = drawn(self.support, drivers, SUPPORT).clip(min=0)
        what = "support for children kept in mainstream"
        return paid_for_each_child(what, self.sendings(drivers), drivers, pounds, self.support_years)

    def claims(self) -> tuple[Claim, ...]:
        """A share of those who would come to each kind of place."""
        return (claim_of(self, self.instead_of, ENTRANTS, self.year_groups, self.sends),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Districts, needs, and kinds of place at both ends."""
        return {**super().labels(), "provision": (*self.instead_of, *self._goals())}


def shares_of(drivers: xr.Dataset, share: xr.DataArray, parts: Mapping[str, float]) -> dict[str, xr.DataArray]:
    """Share of children that goes to each label of `provision`: (draw, year) each.

    Parameters
    ----------
    share : of them who go anywhere: (draw, year)
    parts : kind of place -> part of it, 0 to 1

    Raises
    ------
    UnknownLabel
        The area has no such kind of place.
    """
    found: dict[str, xr.DataArray] = {}
    for written, part in parts.items():
        label = goal(drivers, written)
        found[label] = found[label] + share * part if label in found else share * part
    return found


def claim_of(
    lever: Lever,
    kinds: Sequence[str],
    ways: Sequence[Way],
    year_groups: Sequence[int],
    share: Range | None = None,
) -> Claim:
    """A share of the children who come to kinds of place in some ways.

    Parameters
    ----------
    kinds : as people write them
    share : of them who are sent elsewhere, at full strength; None where it is no more than others leave
    """
    cells = {KINDS: tuple(map(str, kinds)), "way": tuple(ways), "nc_year": tuple(map(str, year_groups))}
    claim = lever.claim(PLACEMENT, How.SHARE, cells)
    return claim if share is None else replace(claim, share=share.value * max(lever.ramp, default=1.0))
