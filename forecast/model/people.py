"""Residents by year group at each January, from published estimates and projections.

The population of January t is the mid-year t - 1 figure of the same age. Where nothing is published
for a mid-year, the nearest one is aged on (or back) along cohorts: the people aged a become the people
aged a + 1, as earlier cohorts did. The youngest follow births where those are given; else they are held.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.ons import ESTIMATE
from forecast.model.raking import Array

LEAST_SPAN = 2
"""Years between two estimates from which moving in and out is read."""


class NoPopulation(ForecastError):
    """An area without residents to apply rates to."""

    def __init__(self) -> None:
        super().__init__("population.csv has no figures; add mid-year estimates by district and age from ONS.")


def variants(population: pd.DataFrame) -> tuple[str, ...]:
    """Names of the projections, in the order of the table; the first is the one taken unless another is named."""
    names = population["variant"]
    return tuple(names[names.ne(ESTIMATE)].unique())


def residents(
    population: pd.DataFrame,
    districts: Sequence[str],
    years: Sequence[int],
    lent: Array | None = None,
    variant: str = "",
    births: pd.DataFrame | None = None,
) -> xr.DataArray:
    """People by (year, district, nc_year) at each January of `years`.

    Parameters
    ----------
    population : columns mid_year, variant, district, age (years), people
        An estimate is taken before a projection of the same mid-year.
    lent : (age from 0 to 23)
        England's `cohort_change`, for districts without their own.
    variant : which projection; "" for the first in the table
    births : columns mid_year, district, births
        Those aged 0 follow them after the last figure of `population`; without any, or past the last, they are held.

    Raises
    ------
    NoPopulation
        The table is empty.
    UnknownLabel
        It has no such projection.
    """
    if population.empty:
        raise NoPopulation
    projected = variants(population)
    if variant and variant not in projected:
        raise UnknownLabel("projection of the population", variant, projected)
    taken = population[population["variant"].isin([ESTIMATE, variant or next(iter(projected), ESTIMATE)])]
    ranked = taken.assign(last=taken["variant"].ne(ESTIMATE)).sort_values("last", kind="stable")
    chosen = ranked.drop_duplicates(["mid_year", "district", "age"])
    table = chosen.pivot_table(index="mid_year", columns=["district", "age"], values="people", aggfunc="sum")
    ages = [nc_year + AGE_AT_RECEPTION for nc_year in NC_YEARS]
    columns = pd.MultiIndex.from_product([list(districts), ages])
    known = table.reindex(columns=columns).to_numpy(dtype=float).reshape(len(table), len(districts), len(ages))
    mid_years = table.index.to_numpy()
    own = cohort_change(population, districts)
    change = lent if own is None else own
    youngest = None if births is None or births.empty else _youngest(births, districts, mid_years, known)
    values = np.stack([_at(year - 1, mid_years, known, change, youngest) for year in years])
    coords = {"year": list(years), "district": list(districts), "nc_year": list(NC_YEARS)}
    return xr.DataArray(values, coords=coords, dims=list(coords))


def cohort_change(population: pd.DataFrame, districts: Sequence[str]) -> Array | None:
    """People aged a + 1 over those aged a the year before, in each district: (district, age from 0 to 23).

    The net of moving in and out, from the first and the last estimate before the latest: those are of
    one vintage, and the latest has been rebased to a census. Each step is the mean of the spans that hold it.
    None where a district lacks two such estimates, `LEAST_SPAN` years apart.
    """
    mine = population[population["variant"].eq(ESTIMATE) & population["district"].isin(list(districts))]
    earlier = sorted(set(mine["mid_year"]))[:-1]
    if not earlier or (span := earlier[-1] - earlier[0]) < LEAST_SPAN:
        return None
    ages = [nc_year + AGE_AT_RECEPTION for nc_year in NC_YEARS]
    table = mine.pivot_table(index=["mid_year", "district"], columns="age", values="people", aggfunc="sum")
    first, last = (
        table.loc[year].reindex(list(districts))[ages].to_numpy(dtype=float) for year in (earlier[0], earlier[-1])
    )
    ratio = np.log(np.maximum(last[:, span:], 1.0) / np.maximum(first[:, :-span], 1.0)) / span
    steps = len(ages) - 1
    held = np.array(
        [[step - span < start <= step for start in range(ratio.shape[1])] for step in range(steps)], dtype=float
    )
    return np.asarray(np.exp(ratio @ (held / held.sum(axis=1, keepdims=True)).T))


def aged(people: Array, years: int, change: Array | None = None, youngest: Sequence[Array] = ()) -> Array:
    """People by (..., age), `years` on along cohorts; years below 0 go back, the oldest held.

    Parameters
    ----------
    change : (..., age from 0 to 23)
        From `cohort_change`; None if nobody moves.
    youngest : each (..., 1)
        Those aged 0 one, two, ... years on; they are held past the last.
    """
    step = np.ones(people.shape[-1] - 1) if change is None else change
    out = people
    for at in range(abs(years)):
        if years > 0:
            born = youngest[at] if at < len(youngest) else out[..., :1]
            out = np.concatenate([born, out[..., :-1] * step], axis=-1)
        else:
            out = np.concatenate([out[..., 1:] / step, out[..., -1:]], axis=-1)
    return out


def _at(
    mid_year: int, mid_years: np.ndarray, known: Array, change: Array | None, youngest: Mapping[int, Array] | None
) -> Array:
    """(district, age) at `mid_year`: published, or the nearest earlier (else later) figure aged."""
    earlier = mid_years[mid_years <= mid_year]
    nearest = int(earlier.max()) if earlier.size else int(mid_years.min())
    given = youngest or {}
    born = [given[year] for year in takewhile(given.__contains__, range(nearest + 1, mid_year + 1))]
    return aged(known[list(mid_years).index(nearest)], mid_year - nearest, change, born)


def _youngest(
    births: pd.DataFrame, districts: Sequence[str], mid_years: np.ndarray, known: Array
) -> Mapping[int, Array]:
    """Mid-year -> people aged 0: (district, 1), births at the latest known ratio of those aged 0 to the year's births.

    The ratio holds deaths and the first months' moving; it is 1 where no year has both figures. A year in which a
    district has no figure, and all after it, are left out.
    """
    table = births.pivot_table(index="mid_year", columns="district", values="births", aggfunc="sum")
    whole = table.reindex(columns=list(districts)).dropna()
    both = [year for year in mid_years if year in whole.index]
    ratio = np.ones(len(districts))
    if both:
        counted = whole.loc[both[-1]].to_numpy(dtype=float)
        aged_0 = known[list(mid_years).index(both[-1]), :, 0]
        ratio = np.divide(aged_0, counted, out=np.ones(len(districts)), where=counted > 0)
    return {int(str(year)): (row.to_numpy(dtype=float) * ratio)[:, None] for year, row in whole.iterrows()}


def authorities_residents(people: pd.DataFrame, year: int) -> pd.DataFrame:
    """Residents of every authority at January `year`: index la_code, columns nc_year.

    The latest estimates dated before, aged on as England's cohorts changed.

    Parameters
    ----------
    people : la_code, mid_year, age, people
    """
    mid_year = int(people.loc[people["mid_year"] < year, "mid_year"].max())
    of_year = people[people["mid_year"].eq(mid_year)]
    table = of_year.pivot_table(index="la_code", columns="age", values="people", aggfunc="sum")
    later = aged(table.to_numpy(dtype=float), year - 1 - mid_year, england_change(people))
    return pd.DataFrame(later, index=table.index, columns=list(NC_YEARS))


def england_change(people: pd.DataFrame) -> Array | None:
    """Change of England's cohorts in a year, all authorities of an estimate together: (age from 0 to 23).

    Parameters
    ----------
    people : la_code, mid_year, age, people
    """
    change = cohort_change(people.assign(district="England", variant=ESTIMATE), ["England"])
    return None if change is None else change[0]
