"""Families who move in beyond the population projection, and what they and new homes add to the drivers.

Newcomers are added once the drivers are steered to the area's published series: that series knows the past, not
homes or families that are new, and steering them away again would undo what was asked.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from forecast.model.housing import PLAN_FACTOR, as_newcomers, evenly, living_there
from forecast.model.housing import moving_in as homes_filled


def moving_in(migration: pd.DataFrame, districts: Sequence[str], years: Sequence[int]) -> xr.Dataset:
    """Families who come in the twelve months to the mid-year before each January of `years`.

    Parameters
    ----------
    migration : see `forecast.inputs.schemas_population`
    years : Januaries, one after another

    Returns
    -------
    coming, with_plan : (year, district, nc_year)
        People, and people times their plan factor.
    """
    coming = np.zeros((len(years), len(districts), len(evenly(0, 0))))
    with_plan = np.zeros_like(coming)
    for row in migration.to_dict("records"):
        at = row["mid_year"] + 1 - years[0]
        if 0 <= at < len(years):
            people = evenly(row["age_from"], row["age_to"]) * row["people"]
            district = list(districts).index(row["district"])
            factor = PLAN_FACTOR if np.isnan(row["plan_factor"]) else row["plan_factor"]
            coming[at, district] += people
            with_plan[at, district] += people * factor
    return as_newcomers(coming, with_plan, districts, years)


def grown_up(coming: xr.DataArray) -> xr.DataArray:
    """Those who came and stay, a year older each January, until they are past the last year group: as `coming`."""
    values = coming.transpose("year", "district", "nc_year").to_numpy()
    out = values.copy()
    for at in range(1, len(out)):
        out[at, :, 1:] += out[at - 1, :, :-1]
    return coming.transpose("year", "district", "nc_year").copy(data=out)


def newcomers(
    housing: pd.DataFrame,
    yields: pd.DataFrame,
    migration: pd.DataFrame,
    districts: Sequence[str],
    years: Sequence[int],
) -> xr.Dataset | None:
    """Everybody whom the projection does not hold, after the latest census; None where the area gives none.

    Parameters
    ----------
    years : Januaries after the latest census
        Who came before is in its population and in its count of children.

    Returns
    -------
    people : (year, district, nc_year)
        Newcomers who live in the area at each January.
    with_plan : (year, district, nc_year)
        Those who came in the twelve months before, times their plan factor.

    Raises
    ------
    NoYields, UnknownLabel
        There are dwellings, but no yield for their type.
    """
    if housing.empty and migration.empty:
        return None
    homes = homes_filled(housing, yields, districts, years)
    families = moving_in(migration, districts, years)
    return xr.Dataset(
        {
            "people": living_there(homes["coming"]) + grown_up(families["coming"]),
            "with_plan": homes["with_plan"] + families["with_plan"],
        }
    )


def said_of_newcomers(housing: pd.DataFrame, migration: pd.DataFrame) -> tuple[str, ...]:
    """What outputs must say of people whom the projection does not hold: sentences."""
    said = []
    if not housing.empty:
        beyond = (housing["dwellings"] * (1 - housing["share_in_projection"])).sum()
        said.append(
            f"In these figures are the children of {housing['dwellings'].sum():,} new homes (housing.csv), "
            f"{beyond:,.0f} of them beyond the population projection: only those add to it."
        )
    if not migration.empty:
        people = migration["people"].sum()
        said.append(f"In these figures are {people:,} people who move in beyond the projection (migration.csv).")
    return tuple(said)


def plans_per_resident(drivers: xr.Dataset) -> xr.DataArray:
    """The area's children with a plan per resident at the latest census: (need, nc_year, provision).

    0 where there is no resident of that age.
    """
    people = drivers["population_now"].sum("district")
    return (drivers["stock"].sum("district") / people.where(people > 0)).fillna(0.0)


def with_newcomers(drivers: xr.Dataset, added: xr.Dataset | None) -> xr.Dataset:
    """`drivers` with newcomers among the residents, and those of them who come with a plan among the arrivals.

    They hold plans as the area's residents of their age did at the latest census, times their plan factor, by need
    and placement alike; from then on they start plans as every resident does. `drivers` itself where nobody is added.

    Parameters
    ----------
    drivers : steered already; see `forecast.model.drivers`
    added : from `newcomers`
    """
    if added is None:
        return drivers
    arriving = added["with_plan"] * plans_per_resident(drivers)
    axes = drivers["arrive"].dims
    return drivers.assign(
        population=(drivers["population"] + added["people"]).transpose(*drivers["population"].dims),
        arrive=drivers["arrive"] + arriving.transpose(*axes),
    )


def times_as_many(drivers: xr.Dataset, multiple: xr.DataArray) -> xr.Dataset:
    """`drivers` with so many times as many children moving in with a plan, and their families among the residents.

    The people who come with them are as many as hold those plans among the area's residents of their age at the
    latest census; they stay, and grow older.

    Parameters
    ----------
    drivers : steered already; see `forecast.model.drivers`
    multiple : (year, district)
        1 is as many as now come from other authorities; 2 is twice as many.
    """
    arrive = drivers["arrive"]
    held = plans_per_resident(drivers).sum(["need", "provision"])
    more = arrive.sum(["need", "provision"]) * (multiple - 1)
    coming = (more / held.where(held > 0)).fillna(0.0).transpose("year", "district", "nc_year")
    population = drivers["population"]
    return drivers.assign(
        arrive=(arrive * multiple).transpose(*arrive.dims),
        population=(population + grown_up(coming)).transpose(*population.dims),
    )
