"""What a lever of the page "What if?" may name: the districts, needs, kinds of place, schools and years of an area."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.domain import PROVISION_NAMES, Provision, academic_year
from forecast.inputs.about import About
from forecast.report.phrases import capped, provision_words
from forecast.scenario.ap_lever import ApChange
from forecast.scenario.levers import LEVERS
from forecast.scenario.place_rows import january_after, month_in

_SEPTEMBER: Final = 9
OF_A_SCHOOL: Final = ("close_school", "delay_school", "expand_school")
"""Levers on a school of the area's own list."""
OF_AP: Final = frozenset(kind for kind, lever in LEVERS.items() if issubclass(lever, ApChange))
"""Levers on children without a plan in alternative provision."""


@dataclass(frozen=True)
class Reach:
    """What a lever may name in an area and a forecast."""

    about: About
    known: Mapping[str, tuple[str, ...]]
    """Axis -> labels: "district", "need", "provision", "school"."""
    years: tuple[int, ...]
    """Januaries that are forecast, the latest census not among them."""
    now: int
    """January of this school year."""
    places: pd.DataFrame
    """Columns of `schemas_places.Places`, before any change."""
    ap: bool = True
    """Whether the area has figures on children without a plan in alternative provision."""

    @property
    def next_year(self) -> int:
        """January of the next school year, or the last that is forecast."""
        return min(max(self.now, self.years[0]) + 1, self.years[-1])

    def offers(self, kind: str) -> bool:
        """Whether a lever has anything to act on: one on a school that is listed, or on children who are counted."""
        if kind in OF_AP:
            return self.ap
        return bool(self.known["school"]) or kind not in OF_A_SCHOOL

    @property
    def first_school(self) -> dict[str, str]:
        """A school to start from and its kind of place, as fields of a lever; none where no school is listed."""
        own = self.places[self.places["site"].eq("") & self.places["closes"].eq("") & ~self.places["assumed"]]
        return {"school": str(own["school"].iloc[0]), "provision": str(own["provision"].iloc[0])} if len(own) else {}

    @property
    def first_planned(self) -> dict[str, str]:
        """A school that is still to open and its school year, or else any school, as fields of a lever; or none."""
        planned = self.places[self.places["opens"] >= month_in(self.years[0], _SEPTEMBER)].sort_values("opens")
        if len(planned):
            year = january_after(str(planned["opens"].iloc[-1]))
            return {"school": str(planned["school"].iloc[-1]), "from": academic_year(year)}
        return dict([*self.first_school.items()][:1])

    def kind_words(self, label: str) -> str:
        """Words for a kind of place: one of the area's, or a standard one wherever it is."""
        if label in self.about.provisions:
            return provision_words(self.about, label)
        return f"{PROVISION_NAMES[Provision(label)]}, wherever it is" if label in set(Provision) else label

    def need_words(self, label: str) -> str:
        """Words for a main need."""
        return capped(self.about.need_name(label)) if label in self.about.needs else label
