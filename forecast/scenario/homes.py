"""New homes beyond the population projection: a lever on residents and on the children who come with a plan."""

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import BaseModel, Field, model_validator

from forecast.errors import ForecastError
from forecast.inputs.schemas_population import SUMS_TO_ONE
from forecast.model.housing import PLAN_FACTOR, living_there, moving_in, yields_of
from forecast.model.migration import beside_others
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Lever, where
from forecast.scenario.families import Age, refuse_need
from forecast.scenario.written import FROZEN

MOST: Final = 1e5
"""Dwellings that a lever may finish in a year."""
YIELDS: Final = ("age_from", "age_to", "children", "lag", "plan_factor")
"""Columns of yields.csv that say how many children live in a home."""


class Yield(BaseModel):
    """Children of some ages who live in one new home."""

    model_config = FROZEN

    age_from: Age
    """Youngest age."""
    age_to: Age
    """Oldest age; children are spread evenly between."""
    children: Annotated[float, Field(ge=0, le=10)]
    """Children of these ages in a home once it is lived in."""
    lag: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (1.0,)
    """Share of them who come in the first, second, ... year after it is finished; all in the first if left out."""
    plan_factor: Annotated[float, Field(ge=0, le=10)] = PLAN_FACTOR
    """How many times as likely as the residents of their age they are to hold a plan; 1 if left out."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.age_from > self.age_to:
            msg = f"the youngest age, {self.age_from}, is above the oldest, {self.age_to}; write the lower one first"
            raise ValueError(msg)
        if abs(sum(self.lag) - 1) > SUMS_TO_ONE:
            msg = f"the shares of `lag` add up to {sum(self.lag):g}; write shares that add up to 1"
            raise ValueError(msg)
        return self


class NewHomes(Lever):
    """New homes are finished beyond those that the area's folder and the population projection hold."""

    kind: Literal["new_homes"] = "new_homes"
    site: str = "new homes"
    """Where they stand, in words, such as "land north of the bypass"."""
    dwellings: Annotated[float, Field(ge=0, le=MOST)]
    """Homes finished each year from `from` to `until`, in the twelve months to the June before the January census."""
    type: str
    """Kind of dwelling, as in the area's yields.csv: house, flat, ..."""
    share_in_projection: Annotated[float, Field(ge=0, le=1)]
    """Share of them whose people the population projection holds already: these add nobody, so that none is counted
    twice. It has to be said: 0 if the projection holds none of them, 1 if it holds all."""
    yields: tuple[Yield, ...] = ()
    """Children in a home of this type, by age; those of the area's yields.csv if left out."""

    @model_validator(mode="after")
    def _told_whole(self) -> Self:
        if len(self.district) != 1:
            msg = "homes stand in one district; name it, and write one change for each district"
            raise ValueError(msg)
        bands = sorted((part.age_from, part.age_to) for part in self.yields)
        if any(later[0] <= earlier[1] for earlier, later in pairwise(bands)):
            msg = "two yields hold the same age; part their ages"
            raise ValueError(msg)
        refuse_need(self)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Add their children to the residents, and those of them with a plan to the children who come.

        They hold plans as the area's residents of their age did at the latest census, times the plan factor. From then
        on a home has as many children of each age: those who grow older are followed by others.

        Raises
        ------
        UnknownLabel
            The area has no such district, or yields.csv no such type.
        NoYieldOfHomes
            Neither the change nor the area's folder says how many children live in a home.
        """
        where(drivers, district=self.district)
        if self.dwellings == 0 or self.share_in_projection == 1 or not self.acts_in(drivers):
            return drivers
        years = drivers["year"].to_numpy().tolist()
        homes = moving_in(self._table(years), self._children(drivers), drivers["district"].to_numpy().tolist(), years)
        return beside_others(
            drivers, xr.Dataset({"people": living_there(homes["coming"]), "with_plan": homes["with_plan"]})
        )

    def _table(self, years: list[int]) -> pd.DataFrame:
        """As housing.csv would say it: one row a year."""
        rows = [
            (year - 1, self.district[0], self.type, self.dwellings * part, self.share_in_projection)
            for year, part in zip(years, self.strength(years), strict=True)
        ]
        return pd.DataFrame(rows, columns=["mid_year", "district", "type", "dwellings", "share_in_projection"])

    def _children(self, drivers: xr.Dataset) -> pd.DataFrame:
        """As yields.csv says it: `YIELDS` by type."""
        if self.yields:
            rows = [
                (part.age_from, part.age_to, part.children, ";".join(map(str, part.lag)), part.plan_factor)
                for part in self.yields
            ]
            return pd.DataFrame(rows, columns=list(YIELDS)).assign(type=self.type)
        of_area = drivers.attrs.get("yields", [])
        if not of_area:
            raise NoYieldOfHomes(self.site)
        return yields_of(pd.DataFrame(of_area), self.type)

    def claims(self) -> tuple[Claim, ...]:
        """The homes of this site and type: others may be built besides."""
        return (self.claim(f"{self.site} ({self.type})", How.VALUE),)


class NoYieldOfHomes(ForecastError):
    """Homes of a scenario, but not how many children live in one."""

    def __init__(self, site: str) -> None:
        super().__init__(
            f"How many children live in a home of {site!r} is not known; write `yields` in the change, or add"
            " yields.csv to the area folder, from your own survey or the Department for Education's pupil yield"
            " dashboard."
        )
