"""Children in new homes that the population projection does not hold.

Of the dwellings finished in the year to a mid-year, the share that the projection holds adds nobody. A yield is the
children of each age who live in a dwelling once it is lived in; by `lag` they come in the first, second, ... year
after it is finished, and from then on the dwelling has as many of each age: those who grow older or leave are
followed by others, as in the survey or dashboard that the yield is from.

There is no default yield: the Department for Education's pupil yield dashboard has one for each authority and type
of dwelling, but its figures are not in this program. That children in new homes hold plans as other residents do
(a `plan_factor` of 1) is what its figures show: 4.00% of pupils in homes built since 2007/08 had a plan in
2021/22, and 3.95% of all pupils in England (its file of special educational needs, and the SEND and alternative
provision dashboard).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.schemas_population import lag_shares

AXES: Final = ("year", "district", "nc_year")
PLAN_FACTOR: Final = 1.0
"""Share of newcomers with a plan as a multiple of the residents' own, where the table leaves it blank."""


class NoYields(ForecastError):
    """Homes are given, but not how many children live in one."""

    def __init__(self) -> None:
        super().__init__(
            "housing.csv has dwellings, but there is no yields.csv; add children a dwelling by type and age, from your"
            " own survey or the Department for Education's pupil yield dashboard."
        )


def moving_in(
    housing: pd.DataFrame, yields: pd.DataFrame, districts: Sequence[str], years: Sequence[int]
) -> xr.Dataset:
    """People who come to new homes in the twelve months to the mid-year before each January of `years`.

    Parameters
    ----------
    housing, yields : see `forecast.inputs.schemas_population`
    years : Januaries, one after another

    Returns
    -------
    coming : (year, district, nc_year)
        People.
    with_plan : (year, district, nc_year)
        People times their plan factor.

    Raises
    ------
    NoYields, UnknownLabel
        There are dwellings and no yields at all, or none of their type.
    """
    coming = np.zeros((len(years), len(districts), len(NC_YEARS)))
    with_plan = np.zeros_like(coming)
    for home in housing.to_dict("records"):
        added = home["dwellings"] * (1 - home["share_in_projection"])
        district = list(districts).index(home["district"])
        for row in yields_of(yields, home["type"]).to_dict("records"):
            spread = evenly(row["age_from"], row["age_to"]) * row["children"] * added
            factor = PLAN_FACTOR if np.isnan(row["plan_factor"]) else row["plan_factor"]
            for late, share in enumerate(lag_shares(row["lag"])):
                at = home["mid_year"] + late + 1 - years[0]
                if 0 <= at < len(years):
                    coming[at, district] += share * spread
                    with_plan[at, district] += share * spread * factor
    return as_newcomers(coming, with_plan, districts, years)


def yields_of(yields: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of one type of dwelling."""
    if yields.empty:
        raise NoYields
    mine = yields[yields["type"].eq(kind)]
    if mine.empty:
        raise UnknownLabel("type of dwelling in yields.csv", kind, yields["type"].unique())
    return mine


def living_there(coming: xr.DataArray) -> xr.DataArray:
    """People in those homes at each January: all who came, or who followed them: as `coming`."""
    return coming.cumsum("year")


def evenly(first: int, last: int) -> np.ndarray:
    """Shares of a band of ages that each year group has: (nc_year), adding up to 1."""
    ages = np.array(NC_YEARS) + AGE_AT_RECEPTION
    within = (ages >= first) & (ages <= last)
    return np.asarray(within / within.sum())


def as_newcomers(
    coming: np.ndarray, with_plan: np.ndarray, districts: Sequence[str], years: Sequence[int]
) -> xr.Dataset:
    """Label what `moving_in` of homes and of families count."""
    coords = {"year": list(years), "district": list(districts), "nc_year": list(NC_YEARS)}
    return xr.Dataset({"coming": (AXES, coming), "with_plan": (AXES, with_plan)}, coords=coords)
