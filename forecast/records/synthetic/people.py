"""The invented county's residents: England's shape by age, the county's size, each district's own growth."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.inputs.ons import ESTIMATE
from forecast.records.synthetic.geography import DISTRICTS

Array = np.ndarray
PROJECTION: Final = "synthetic projection"
AGES: Final = tuple(nc_year + AGE_AT_RECEPTION for nc_year in NC_YEARS)
FIRST_YEAR: Final = 2015
"""Of the estimates, unless earlier ones are needed."""
LAST_YEAR: Final = 2036
"""Of the projection."""
_SHAPE_OF: Final = 2024
"""Mid-year of England's residents by age, from which the cohorts are taken."""
_BIRTHS: Final = 0.996
"""Each cohort born since, over the one before: judgement, after births that fall slowly."""


def residents(mid_years: Sequence[int], by_age: Array) -> Array:
    """Residents by (mid_year, district, age), as many in all as England has at mid-2024.

    Parameters
    ----------
    mid_years : years of the figures
    by_age : (age from 0 to 24)
        England's residents at mid-2024.
    """
    return np.stack([_at(year, by_age) for year in mid_years])


def population(years: Sequence[int], people: Array, last_estimate: int) -> pd.DataFrame:
    """population.csv: mid_year, variant, district, age, people.

    Parameters
    ----------
    years : of the figures
    people : (mid_year, district, age)
        Whole residents.
    last_estimate : the mid-year on which the latest census rests
    """
    districts = [district.name for district in DISTRICTS]
    index = pd.MultiIndex.from_product([list(years), districts, AGES], names=["mid_year", "district", "age"])
    table = pd.DataFrame({"people": people.ravel()}, index=index).reset_index()
    estimated = table["mid_year"] <= last_estimate
    return table.assign(variant=np.where(estimated, ESTIMATE, PROJECTION))


def _at(year: int, by_age: Array) -> Array:
    """(district, age) at mid-`year`: the cohort's size, the district's share, its growth and its lean to the young."""
    cohort = [_cohort(_SHAPE_OF - year + age, by_age) for age in AGES]
    lean = np.linspace(0.5, -0.5, len(AGES))
    return np.stack(
        [
            district.share
            * (1 + district.young * lean)
            * (1 + district.growth) ** (year - _SHAPE_OF)
            * np.array(cohort)
            for district in DISTRICTS
        ]
    )


def _cohort(age: int, by_age: Array) -> float:
    """People of the cohort that is `age` at mid-2024: births go on falling, the oldest are held."""
    if age < 0:
        return float(by_age[0] * _BIRTHS**-age)
    return float(by_age[min(age, len(by_age) - 1)])
