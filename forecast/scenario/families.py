"""Families who move in: levers on the children who come with a plan and on the residents who come with them."""

from typing import Annotated, Final, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import Field, model_validator

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.errors import ForecastError
from forecast.model.housing import PLAN_FACTOR
from forecast.model.migration import beside_others, grown_up, moving_in, times_as_many
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Lever, drawn, where
from forecast.scenario.written import Multiple, Range, within

OLDEST: Final = NC_YEARS[-1] + AGE_AT_RECEPTION
"""Age above which nobody holds a plan."""
MOST: Final = 1e6
"""People whom a lever may bring in a year: more than live in most counties."""
Age = Annotated[int, Field(ge=0, le=OLDEST)]
"""In years, at 31 August."""


People = Annotated[Range, within(0, MOST, "a number of people")]
"""0 or more, or a value with its `low` and `high`."""


class ScaleMovingIn(Lever):
    """More or fewer children with a plan come from other authorities, and their families with them."""

    kind: Literal["scale_moving_in"] = "scale_moving_in"
    factor: Multiple
    """Children who come with a plan as a multiple of those who would come anyway: 1.5 is half as many again."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Scale those who come with a plan, and the residents who come with them.

        Families are as many as hold those plans among the area's residents of their age; they stay, grow older, and
        their other children start plans as every resident does.

        Raises
        ------
        UnknownLabel
            The area has no such district or need.
        """
        mine = where(drivers, district=self.district, need=self.need)
        if self.factor.of(1) or not self.acts_in(drivers):
            return drivers
        multiple = self.multiple(self.factor, drivers)
        alike = multiple if self.factor.low < self.factor.high else multiple.isel(draw=0, drop=True)
        return times_as_many(drivers, xr.where(mine, alike, 1.0))

    def claims(self) -> tuple[Claim, ...]:
        """Children who come with a plan."""
        return (self.claim("children who come with a plan from other authorities", How.MULTIPLE),)


class FamiliesMoveIn(Lever):
    """Families whom the population projection does not hold move in, such as those rehoused from London."""

    kind: Literal["families_move_in"] = "families_move_in"
    who: str = "families"
    """Who they are, in words, such as "families rehoused from London"."""
    people: People
    """People of these ages who come each year from `from` to `until`, in the twelve months to the June before the
    January census, besides those of the projection; all districts together, shared as their residents of these ages
    are."""
    age_from: Age
    """Youngest age of those counted in `people`."""
    age_to: Age
    """Oldest age of those counted in `people`; they are spread evenly between."""
    plan_factor: Multiple = Range(value=PLAN_FACTOR, low=PLAN_FACTOR, high=PLAN_FACTOR)
    """How many times as likely as the residents of their age they are to hold a plan when they come; 1 if left out."""

    @model_validator(mode="after")
    def _told_whole(self) -> Self:
        if self.age_from > self.age_to:
            msg = f"the youngest age, {self.age_from}, is above the oldest, {self.age_to}; write the lower one first"
            raise ValueError(msg)
        refuse_need(self)
        return self

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Add them to the residents, and those of them with a plan to the children who come.

        They hold plans as the area's residents of their age did at the latest census, times `plan_factor`; they stay,
        grow older, and start plans as every resident does.

        Raises
        ------
        UnknownLabel
            The area has no such district.
        NobodyToShareBy
            Nobody of these ages lives in these districts.
        """
        where(drivers, district=self.district)
        if self.people.of(0) or not self.acts_in(drivers):
            return drivers
        years = drivers["year"].to_numpy().tolist()
        one = moving_in(self._table(drivers, years), drivers["district"].to_numpy().tolist(), years)["coming"]
        coming = one * _in_each(self.people, drivers, "people who move in")
        with_plan = coming * _in_each(self.plan_factor, drivers, "plan factor of those who move in")
        return beside_others(drivers, xr.Dataset({"people": grown_up(coming), "with_plan": with_plan}))

    def _table(self, drivers: xr.Dataset, years: list[int]) -> pd.DataFrame:
        """As migration.csv would say it of one person a year: one row a year and district."""
        shares = self._shares(drivers)
        rows = [
            (year - 1, district, self.age_from, self.age_to, part * share, PLAN_FACTOR)
            for year, part in zip(years, self.strength(years), strict=True)
            for district, share in shares.items()
        ]
        return pd.DataFrame(rows, columns=["mid_year", "district", "age_from", "age_to", "people", "plan_factor"])

    def _shares(self, drivers: xr.Dataset) -> dict[str, float]:
        """District -> share of the people, as residents of these ages at the latest census; they add up to 1."""
        ages = range(self.age_from - AGE_AT_RECEPTION, self.age_to - AGE_AT_RECEPTION + 1)
        mine = where(drivers, district=self.district)
        residents = drivers["population_now"].sel(nc_year=list(ages)).sum("nc_year").where(mine, 0.0)
        if not float(residents.sum()) > 0:
            raise NobodyToShareBy(self.age_from, self.age_to)
        shares = residents / residents.sum()
        return dict(zip(shares["district"].to_numpy().tolist(), shares.to_numpy().tolist(), strict=True))

    def claims(self) -> tuple[Claim, ...]:
        """These families, by name: others may come besides."""
        return (self.claim(f"{self.who} who move in", How.VALUE),)


def _in_each(setting: Range, drivers: xr.Dataset, whose: str) -> xr.DataArray | float:
    """A setting in each future, 0 or more: (draw); one number where it is certain."""
    return setting.value if setting.low == setting.high else drawn(setting, drivers, whose).clip(min=0)


def refuse_need(lever: Lever) -> None:
    """Those who come have needs like the residents' own.

    Raises
    ------
    ValueError
        The lever names a need.
    """
    if lever.need:
        msg = "those who come have every need, as often as the residents of their age; leave `need` out"
        raise ValueError(msg)


class NobodyToShareBy(ForecastError):
    """People who are to be shared among districts where nobody of their age lives."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(
            f"Nobody aged {first} to {last} lives in the districts that families are to move into; widen the ages, or "
            "correct population.csv."
        )
