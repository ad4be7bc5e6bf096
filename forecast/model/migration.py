"""Families who move in beyond the population projection, and what they and new homes add to the drivers.

Newcomers are added once the drivers are steered to the area's published series: that series knows the past, not
homes or families that are new, and steering them away again would undo what was asked.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from forecast.axes import ORDER
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
    laid = coming.transpose(..., "year", "district", "nc_year")
    out = laid.to_numpy().copy()
    for at in range(1, laid.sizes["year"]):
        out[..., at, :, 1:] += out[..., at - 1, :, :-1]
    return laid.copy(data=out)


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
    latest census; they stay, and grow older. Those whom a scenario adds besides (`beside_others`) are not multiplied.

    Parameters
    ----------
    drivers : steered already; see `forecast.model.drivers`
    multiple : any of draw, year, district, need
        1 is as many as now come from other authorities; 2 is twice as many.
    """
    base = drivers.get("arrive_before", drivers["arrive"])
    counts = (base.sum("provision") * (multiple - 1)).sum("need")
    held = plans_per_resident(drivers).sum(["need", "provision"])
    coming = (counts / held.where(held > 0)).fillna(0.0)
    return _with_more(drivers, base * (_central(multiple) - 1), counts, grown_up(coming))


def beside_others(drivers: xr.Dataset, added: xr.Dataset) -> xr.Dataset:
    """`with_newcomers` for those whom a scenario adds: whoever comes without it is kept apart, as `arrive_before`.

    So that it makes no difference whether these come first, or others are multiplied first (`times_as_many`).

    Parameters
    ----------
    added : as from `newcomers`, or with `draw` before its axes
    """
    held, before = plans_per_resident(drivers), drivers.get("arrive_before", drivers["arrive"])
    counts = added["with_plan"] * held.sum(["need", "provision"])
    found = _with_more(drivers, _central(added["with_plan"]) * held, counts, added["people"])
    return found.assign(arrive_before=before)


def _with_more(drivers: xr.Dataset, more: xr.DataArray, counts: xr.DataArray, people: xr.DataArray) -> xr.Dataset:
    """`drivers` with more children who come with a plan, and more residents.

    Where draws differ in how many come, `arrive` holds their mean and `arrive_multiple` how many times as many each
    draw has, so that need and placement, alike in all, are held once.

    Parameters
    ----------
    more : (year, district, need, nc_year, provision)
        Children, the mean of the draws.
    counts : ([draw,] year, district, nc_year)
        Children.
    people : ([draw,] year, district, nc_year)
    """
    arrive, sums = drivers["arrive"], ["need", "provision"]
    after = (arrive + more).transpose(*arrive.dims)
    changed = {"arrive": after, "population": _in_order((drivers["population"] + people).clip(min=0))}
    come = arrive.sum(sums) * drivers.get("arrive_multiple", 1.0) + counts
    if "draw" in come.dims:
        mean = after.sum(sums)
        changed["arrive_multiple"] = _in_order((come / mean.where(mean > 0)).fillna(1.0).clip(min=0))
    return drivers.assign(changed)


def _central(array: xr.DataArray) -> xr.DataArray:
    """The mean of the draws, where they differ."""
    return array.mean("draw") if "draw" in array.dims else array


def _in_order(array: xr.DataArray) -> xr.DataArray:
    return array.transpose(*(axis for axis in ORDER if axis in array.dims))
