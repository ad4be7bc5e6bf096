"""New places: a school, a satellite of one, a short-stay unit or a base opens; a lever on the register of places.

A school that is planned is late, or never built, in the futures that its own name decides, whatever else a scenario
does. With `delay: 0` it is on time for certain, and without a `probability` it is built for certain.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import ALL, Provision
from forecast.scenario.claims import Claim, How
from forecast.scenario.place_rows import (
    BASE,
    CAPITAL,
    CAPITAL_SATELLITE,
    NAN,
    NEW_SCHOOL,
    SATELLITE,
    Chance,
    NotPossible,
    Opening,
    YearGroup,
    appended,
    is_built,
    known_labels,
    opened,
    right_way_up,
)
from forecast.scenario.spending import Spending
from forecast.scenario.written import Labels

SHORT_STAY: Final = "short_stay"
"""Kind of project of `projects.csv`: short-stay places, alternative provision."""
_ITEM: Final[Mapping[str, str]] = {
    NEW_SCHOOL: CAPITAL,
    SHORT_STAY: CAPITAL,
    BASE: CAPITAL,
    SATELLITE: CAPITAL_SATELLITE,
}
"""Kind of project -> item of `costs.csv` that prices a place of it."""
_MEANT: Final[Mapping[str, str]] = {Provision.BASE.value: BASE, Provision.ALTERNATIVE.value: SHORT_STAY}
"""Kind of place -> kind of project that opens it on a site of its own; of any other a new school does."""


class OpenPlaces(Opening):
    """A new school, a satellite of a school, short-stay places (alternative provision), or a base opens."""

    kind: Literal["open_places"] = "open_places"
    school: str
    """Name of the school or base, whose roll the children are on."""
    site: str = ""
    """School on whose site the places are, where that is another: a satellite."""
    district: str
    """Where it stands."""
    serves: Labels = ()
    """Districts whose children it takes, or `all`; its own if left out."""
    provision: str = Provision.SPECIAL
    """Kind of place, as the area calls it."""
    need: Labels = ()
    """Main needs that it is for; every need if left out."""
    nc_from: YearGroup = 0
    """Youngest year group; Reception is 0."""
    nc_to: YearGroup = 14
    """Oldest year group."""
    places: Annotated[int, Field(ge=0)]
    """Children it has room for once it is full."""
    probability: Chance | None = None
    """Chance that it is built at all; certain if left out."""
    project: Literal["new_school", "short_stay", "satellite", "base"] | None = None
    """Kind of project, by which it fills and is priced; if left out a satellite where there is a `site`, a base where
    the kind of place is `base`, short-stay places where it is `alternative`, and otherwise a new school. Short-stay
    places fill sooner than a new school, which grows by year groups; name the project where an area calls alternative
    provision by another label."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        right_way_up(self.nc_from, self.nc_to)
        if self.site.casefold() == self.school.casefold():
            msg = "the site is the school itself; leave it out where the places are on the school's own site"
            raise ValueError(msg)
        return self

    @property
    def of_kind(self) -> str:
        """Kind of project, as given or as it follows."""
        return self.project or (SATELLITE if self.site else _MEANT.get(self.provision, NEW_SCHOOL))

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """The very same drivers, once the labels are known to be the area's."""
        known_labels(drivers, (self.district, *self.serves), self.need, self.provision, (self.nc_from, self.nc_to))
        return drivers

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with one row more.

        Raises
        ------
        NotPossible
            There are such places already.
        """
        if not self.places:
            return places
        for row in places[places["school"].eq(self.school) & places["site"].eq(self.site)].to_dict("records"):
            overlap = row["nc_from"] <= self.nc_to and self.nc_from <= row["nc_to"]
            if row["provision"] == self.provision and overlap and _share_a_need(str(row["needs"]), self.need):
                why = f"it is in places.csv, or opened by another change, with {row['places']} such places"
                raise NotPossible(self.school, "open", why, "give it more with expand_school, or another name")
        new = {
            "school": self.school,
            "site": self.site,
            "district": self.district,
            "serves": ";".join(self.serves or (self.district,)),
            "provision": self.provision,
            "needs": ";".join(self.need) or ALL,
            "nc_from": self.nc_from,
            "nc_to": self.nc_to,
            "places": self.places,
            "probability": NAN if self.probability is None else self.probability,
        }
        return appended(places, [self.row(self.of_kind) | new])

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Capital, in the futures in which it is built."""
        built = is_built(drivers, self.school, self.site, self.probability) * self.places
        item = _ITEM[self.of_kind if self.provision != Provision.BASE else BASE]
        return self.to_build(drivers, f"building {self.school}", built, item, self.provision, self.capital)

    def claims(self) -> tuple[Claim, ...]:
        """How many places it opens with, of this kind, on this site, for these needs and year groups."""
        ages = map(str, range(self.nc_from, self.nc_to + 1))
        cells = {"provision": (self.provision,), "site": (self.site,), "need": self.need, "nc_year": tuple(ages)}
        meant = {axis: frozenset(labels) for axis, labels in cells.items() if labels}
        return (Claim(opened(self.school), How.VALUE, self.from_year, None, meant),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        districts = tuple(label for label in (self.district, *self.serves) if label != ALL)
        return {"district": districts, "need": self.need, "provision": (self.provision,)}


def _share_a_need(needs: str, others: tuple[str, ...]) -> bool:
    """Whether two departments are for a need in common, `all` or none named being every one."""
    return needs == ALL or not others or bool(set(needs.split(";")) & set(others))
