"""A school that opens later than planned, or closes: levers on the register of places."""

from collections.abc import Mapping
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from forecast.domain import academic_year
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated
from forecast.scenario.place_rows import NotPossible, later, month_in, of_school, summer_before

_SEPTEMBER = 9


class DelaySchool(Dated):
    """A planned school opens later, with all its departments, stages and satellites that are still to come.

    `from` is the first academic year in which an opening is put off: one planned for an earlier year takes place. In
    each future the school is built or not as it would have been, and as late beyond its new month of opening. Places
    that another change adds to the school come when that change says.
    """

    kind: Literal["delay_school"] = "delay_school"
    school: str
    """Name of the school, as in places.csv."""
    months: Annotated[int, Field(ge=0, le=120)]
    """Months by which it opens later."""

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with later months of opening.

        Raises
        ------
        UnknownLabel, NotPossible
            There is no such school; nothing of it is still to open, or it would close before it opens.
        """
        mine = of_school(places, self.school)
        planned = mine[mine["opens"] >= month_in(self.from_year, _SEPTEMBER)]
        what = f"open {self.months} months later"
        if planned.empty:
            why = f"none of its places is planned to open in {academic_year(self.from_year)} or later"
            remedy = "write an earlier year in `from` if it is not open yet, or leave this out"
            raise NotPossible(self.school, what, why, remedy)
        if not self.months:
            return places
        opens = planned["opens"].map(lambda month: later(month, self.months))
        gone = planned["closes"].ne("") & (planned["closes"] <= opens)
        if gone.any():
            why = f"it closes in {planned['closes'][gone].min()}"
            raise NotPossible(self.school, what, why, "write fewer months, or leave this out")
        changed = places.copy()
        changed.loc[planned.index, "opens"] = opens
        return changed

    def claims(self) -> tuple[Claim, ...]:
        """When the school opens."""
        return (Claim(f"opening of {self.school}", How.VALUE, self.from_year),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {"school": (self.school,)}


class CloseSchool(Dated):
    """A school closes, on all its sites: it has no places from the January of that academic year on.

    One that would open in that academic year or later is never built.
    """

    kind: Literal["close_school"] = "close_school"
    school: str
    """Name of the school, as in places.csv."""

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register with the school closed, and without those of its places that were still to open.

        Raises
        ------
        UnknownLabel, NotPossible
            There is no such school; it has closed already.
        """
        mine, closes = of_school(places, self.school), summer_before(self.from_year)
        if (mine["closes"].ne("") & (mine["closes"] <= closes)).all():
            why = f"it has closed by then, in {mine['closes'].max()}"
            raise NotPossible(self.school, f"close before {academic_year(self.from_year)}", why, "leave this out")
        sooner = mine.index[mine["closes"].eq("") | (mine["closes"] > closes)]
        changed = places.copy()
        changed.loc[sooner, "closes"] = closes
        return changed.drop(index=mine.index[mine["opens"] >= closes]).reset_index(drop=True)

    def claims(self) -> tuple[Claim, ...]:
        """When the school closes."""
        return (Claim(f"closing of {self.school}", How.VALUE, self.from_year),)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {"school": (self.school,)}
