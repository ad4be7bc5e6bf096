"""What is measured of an authority, so that a lever's setting can be held against what councils have done.

A measure is a formula over the columns of `inputs.measures`: the same for every authority, for England and for an
area's own counts.

    stock   in January 2025                 plans, children in special schools, residents
    flow    in the year to January 2025     new plans, plans ended; `before` means the stock of January 2024
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PER_CENT: Final = 100
YOUNG, PUPILS = "residents aged 0 to 24", "residents aged 4 to 17"
"""Whom rates are related to."""
HELD: Final = "plans held the January before"
MAINSTREAM, BASES = "mainstream schools, but not in a base", "bases (SEN units and resourced provision)"
SPECIAL, INDEPENDENT = "state and non-maintained special schools", "independent special schools"
"""Kinds of place in words, as `measured.KINDS` counts them."""


@dataclass(frozen=True)
class Measure:
    """One figure a year."""

    name: str
    """What a table calls it."""
    says: str
    """Its definition in words."""
    part: str
    """Column that is counted."""
    whole: str
    """Column that it is related to; of a growth, the same one."""
    of: str
    """What `whole` counts, in words."""
    times: int = PER_CENT
    """100 for per cent, 1,000 for a rate in each thousand."""
    flow: bool = False
    """Whether it is of the year to a January, and not of that January."""
    before: bool = False
    """Whether `whole` is that of the January before."""

    @property
    def growth(self) -> bool:
        """Whether it is the change of one count in a year."""
        return self.part == self.whole

    @property
    def unit(self) -> str:
        """What a figure is in: "% of new plans", "in each 1,000 residents aged 4 to 17", "% in a year"."""
        if self.growth:
            return "% in a year"
        return f"% of {self.of}" if self.times == PER_CENT else f"in each {self.times:,} {self.of}"


def _growth(name: str, who: str, column: str) -> Measure:
    """Change of a count in a year."""
    return Measure(
        name, f"Change in the number of {who} from one January to the next.", column, column, who, before=True
    )


def _new(name: str, place: str, column: str) -> Measure:
    """Share of new plans placed in one kind of place."""
    says = f"First plans of the year whose first placement is in {place}, of all whose placement is recorded."
    return Measure(name, says, column, "new_plans", "new plans", flow=True)


def _placed(name: str, place: str, column: str) -> Measure:
    """Children in one kind of place, to residents of school age."""
    says = f"Children and young people of every age with a plan placed in {place}, to {PUPILS}."
    return Measure(name, says, column, "residents_4_17", PUPILS, times=1000)


MEASURES: Final[Mapping[str, Measure]] = {
    "new_plans": Measure(
        name="New plans",
        says="First plans made in the year, at any age, to residents aged 0 to 24.",
        part="new_plans",
        whole="residents_0_24",
        of=YOUNG,
        times=1000,
        flow=True,
    ),
    "requests": Measure(
        name="Requests for a plan",
        says="Requests for an assessment made in the year, to residents aged 0 to 24.",
        part="requests",
        whole="residents_0_24",
        of=YOUNG,
        times=1000,
        flow=True,
    ),
    "plans_5_15": Measure(
        name="Children of school age with a plan",
        says="Children aged 5 to 15 at 31 August with a plan, to all residents of these ages.",
        part="plans_5_15",
        whole="residents_5_15",
        of="residents aged 5 to 15",
    ),
    "plans_growth": _growth("Growth of plans", "children and young people with a plan", "plans"),
    "mainstream_share": Measure(
        name="Plans in mainstream",
        says=f"Plans placed in {MAINSTREAM}, of all plans whose placement is recorded.",
        part="mainstream",
        whole="plans",
        of="plans",
    ),
    "special_rate": _placed("Children in special schools", SPECIAL, "special"),
    "special_growth": _growth("Growth of special schools", f"children in {SPECIAL}", "special"),
    "independent_rate": _placed("Children in independent special schools", INDEPENDENT, "independent"),
    "independent_growth": _growth("Growth of independent special schools", f"children in {INDEPENDENT}", "independent"),
    "base_rate": _placed("Children in bases", BASES, "base"),
    "base_growth": _growth("Growth of bases", f"children in {BASES}", "base"),
    "new_to_mainstream": _new("New plans placed in mainstream", MAINSTREAM, "new_mainstream"),
    "new_to_base": _new("New plans placed in bases", BASES, "new_base"),
    "new_to_special": _new("New plans placed in special schools", SPECIAL, "new_special"),
    "new_to_independent": _new("New plans placed in independent special schools", INDEPENDENT, "new_independent"),
    "moved_to_special": Measure(
        name="Moves from mainstream to special",
        says=(
            "Children with a plan who went from mainstream to special schools in the year, to those in "
            "mainstream or a base the January before. Not published after January 2022."
        ),
        part="moved_to_special",
        whole="mainstream_or_base",
        of="children in mainstream the January before",
        times=1000,
        flow=True,
        before=True,
    ),
    "ended": Measure(
        name="Plans that ended",
        says=(
            "Plans that ceased in the year, but for those that went to another authority, to all plans held "
            "the January before."
        ),
        part="ended",
        whole="plans",
        of=HELD,
        flow=True,
        before=True,
    ),
    "ended_16": Measure(
        name="Plans that ended at 16 and over",
        says="The same of young people aged 16 and over at the August before the year began.",
        part="ended_16",
        whole="plans_16_24",
        of="plans held at 16 and over the January before",
        flow=True,
        before=True,
    ),
    "moved_out": Measure(
        name="Plans that moved away",
        says="Plans that went to another authority in the year, to all plans held the January before.",
        part="moved_out",
        whole="plans",
        of=HELD,
        times=1000,
        flow=True,
        before=True,
    ),
    "moved_in": Measure(
        name="Plans that moved in",
        says=(
            "Plans that came from another authority in the year, to all plans held the January before. DfE "
            "publishes none: counted only in councils' own records."
        ),
        part="moved_in",
        whole="plans",
        of=HELD,
        times=1000,
        flow=True,
        before=True,
    ),
}
"""Key -> measure."""
