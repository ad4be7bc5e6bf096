"""More or fewer places at a school that there is, or that is planned: a lever on the register of places."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import model_validator

from forecast.domain import Provision, academic_year
from forecast.scenario.building import SHORT_STAY
from forecast.scenario.claims import STAGE, Claim, How
from forecast.scenario.place_rows import (
    CAPITAL_EXPANSION,
    EXPANSION,
    NAN,
    Chance,
    NotPossible,
    Opening,
    YearGroup,
    appended,
    is_built,
    january_after,
    of_school,
    written,
)
from forecast.scenario.spending import Spending

Row = dict[Hashable, Any]


class ExpandSchool(Opening):
    """A school gets more places, or fewer.

    The school may be one that another change opens. The places come when this says, whatever another change says of
    when the school opens; they cannot come before it does.
    """

    kind: Literal["expand_school"] = "expand_school"
    school: str
    """Name of the school, as in places.csv."""
    places: int
    """How many more once they are full; fewer where it is below 0, all at once and without capital."""
    provision: str = Provision.SPECIAL
    """Kind of place that they are, as the area calls it: one that the school has. Where it is `alternative` they are
    short-stay places and fill as those of a new unit do, and otherwise as an expansion does, if no ramp is given."""
    site: str = ""
    """Which of its sites, where that is another school's; its own if left out."""
    nc_from: YearGroup | None = None
    """Youngest year group of the department meant, where the school has several of this kind on this site."""
    probability: Chance | None = None
    """Chance that they are built at all; certain if left out."""

    @model_validator(mode="after")
    def _fewer_go_at_once(self) -> Self:
        if self.places < 0 and (self.ramp or self.capital or self.delay or self.probability is not None):
            msg = "fewer places go all at once, for certain and without capital; leave ramp, delay, probability and "
            raise ValueError(msg + "capital out")
        return self

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with a row more, or with fewer places in its rows.

        Raises
        ------
        UnknownLabel, NotPossible
            There is no such school; it has no such places, or has closed, or has not opened, or has not so many.
        """
        mine = self._department(places)
        if not self.places:
            return places
        if self.places < 0:
            return self._fewer(places, mine)
        first = mine.sort_values("opens").iloc[0].to_dict()
        if str(first["opens"]) >= self.opens:
            self._refuse(f"it opens in {first['opens']}", "expand it later, or open it with more places")
        chance = first["probability"]
        if pd.notna(chance) and (self.probability is None or self.probability > chance):
            remedy = f"write the probability of the new places, at most {chance:g}"
            self._refuse(f"it is itself built with a chance of {chance:g} only", remedy)
        kind = SHORT_STAY if self.provision == Provision.ALTERNATIVE else EXPANSION
        new = self.row(kind) | {"places": self.places, "closes": first["closes"]}
        new |= {"probability": NAN if self.probability is None else self.probability}
        kept = ("school", "site", "district", "serves", "lat", "lon", "provision", "needs", "nc_from", "nc_to")
        return appended(places, [new | {field: first[field] for field in kept}])

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """Capital for the new places, in the futures in which they are built."""
        built = is_built(drivers, self.school, self.site, self.probability) * max(self.places, 0)
        what = f"expanding {self.school}"
        return self.to_build(drivers, what, built, CAPITAL_EXPANSION, self.provision, self.capital)

    def claims(self) -> tuple[Claim, ...]:
        """How many places it has: stages of several years may all be added, but nothing beside what takes some away."""
        meant = {"provision": frozenset({self.provision}), "site": frozenset({self.site})}
        if self.places < 0:
            return (Claim(f"places at {self.school}", How.VALUE, self.from_year, None, meant),)
        stage = {STAGE: frozenset({academic_year(self.from_year)})}
        return (Claim(f"places at {self.school}", How.MULTIPLE, self.from_year, None, meant | stage),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {"provision": (self.provision,), "school": (self.school,)}

    def _department(self, places: pd.DataFrame) -> pd.DataFrame:
        """Rows of the one department meant, its stages."""
        mine = of_school(places, self.school)
        mine = mine[mine["provision"].eq(self.provision) & mine["site"].eq(self.site)]
        if self.nc_from is not None:
            mine = mine[mine["nc_from"] == self.nc_from]
        which = f"of kind {self.provision}" + (f" at {self.site}" if self.site else " on its own site")
        if mine.empty:
            self._refuse(f"it has no such places {which}", "write the provision, site and nc_from of one of its rows")
        if len(mine.drop_duplicates(["nc_from", "nc_to", "needs"])) > 1:
            self._refuse(f"it has several departments {which}", "write nc_from of the one that is meant")
        stays = mine["closes"].eq("") | (mine["closes"] > self.opens)
        if not stays.any():
            self._refuse(f"it closes in {mine['closes'].max()}", "change it before then, or leave this out")
        return mine[stays]

    def _fewer(self, places: pd.DataFrame, mine: pd.DataFrame) -> pd.DataFrame:
        """Fewer places in the oldest stages first: of those open by then or, if none is, of those still to come."""
        if mine["closes"].any() and len(mine) > 1:
            self._refuse("some of its stages close", "change its rows in places.csv instead")
        opened = mine[mine["opens"] < self.opens]
        left, rows = -self.places, {at: [row] for at, row in zip(places.index, places.to_dict("records"), strict=True)}
        for at in (mine if opened.empty else opened).sort_values("opens").index:
            row = rows[at][0]
            lost = min(left, row["places"] - row["taken_by_others"])
            left -= lost
            rows[at] = list(_less(row, lost, self.opens)) if lost else [row]
        if left:
            own = -self.places - left
            self._refuse(f"it has only {own} for this area's children then", f"take away {own} at most")
        table = [row for each in rows.values() for row in each]
        return pd.DataFrame(table).astype(places.dtypes.to_dict())

    def _refuse(self, why: str, remedy: str) -> None:
        what = f"have {self.places:+d} places from {academic_year(self.from_year)}"
        raise NotPossible(self.school, what, why, remedy)


def _less(row: Row, lost: int, month: str) -> Iterator[Row]:
    """A row of the register as it is until `month`, and with `lost` places fewer from then on."""
    opens, places = str(row["opens"]), int(row["places"])
    if opens >= month:
        yield row | {"places": places - lost}
    elif not opens:
        yield row | {"closes": month}
        yield row | {"places": places - lost, "opens": month, "ramp": "", "probability": NAN, "delay": 0.0}
    else:  # one that opens later than it says loses them as much later
        own = places - int(row["taken_by_others"])
        shares = [float(share) for share in str(row["ramp"]).split(";")] if row["ramp"] else [1.0]
        before = january_after(month) - january_after(opens)
        shares += shares[-1:] * (before + 1 - len(shares))
        yield row | {"ramp": written(s * ((own - lost) / own if at >= before else 1) for at, s in enumerate(shares))}
