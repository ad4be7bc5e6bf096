"""New homes and families moving in: whom the projection does not hold, and nobody else."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import DISTRICTS, YEARS, busy, expected, unlimited, without
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.domain import NC_YEARS
from forecast.errors import UnknownLabel
from forecast.model.housing import NoYields, living_there, moving_in
from forecast.model.migration import newcomers, plans_per_resident, times_as_many, with_newcomers

HOUSING = ["mid_year", "district", "type", "dwellings", "share_in_projection", "source"]
YIELDS = ["type", "age_from", "age_to", "children", "lag", "plan_factor", "source"]
MIGRATION = ["mid_year", "district", "age_from", "age_to", "people", "plan_factor", "source"]
NAN = float("nan")
LONG = tuple(range(2026, 2046))
PER_HOME = pd.DataFrame(
    [
        ("house", 0, 3, 0.2, "0.5;0.3;0.2", NAN, "survey"), ("house", 4, 10, 0.35, "", 1.5, "survey"),
        ("flat", 4, 15, 0.06, "0.25;0.75", NAN, "survey"),
    ],
    columns=YIELDS,
)  # fmt: skip


def homes(*rows):
    return pd.DataFrame(rows, columns=HOUSING)


def families(*rows):
    return pd.DataFrame(rows, columns=MIGRATION)


SITES = homes(
    (2026, "North", "house", 100, 0.0, "plan"), (2027, "North", "flat", 40, 0.25, "plan"),
    (2026, "South", "house", 60, 0.5, "plan"),
)  # fmt: skip
LONDONERS = families((2026, "North", 5, 9, 50, NAN, "council"), (2027, "South", 0, 24, 25, 2.0, "council"))
NONE = (homes(), PER_HOME, families())


@pytest.fixture
def drivers():
    """Three years of two districts, with residents at the census."""
    made = busy()
    return made.assign(population_now=made["population"].isel(year=0, drop=True) + 100)


def by_hand(sites, yields, years):
    """People who come by (year, district, age), dwelling by dwelling."""
    found = dict.fromkeys(product(years, DISTRICTS, range(25)), 0.0)
    for (_, home), (_, row) in product(sites.iterrows(), yields.iterrows()):
        if home["type"] != row["type"]:
            continue
        ages = range(row["age_from"], row["age_to"] + 1)
        for late, share in enumerate(float(part) for part in (row["lag"] or "1").split(";")):
            january = home["mid_year"] + 1 + late
            for age in ages if january in years else ():
                more = home["dwellings"] * (1 - home["share_in_projection"]) * row["children"] * share / len(ages)
                found[january, home["district"], age] += more
    return found


def test_people_in_new_homes_are_those_counted_dwelling_by_dwelling():
    found = moving_in(SITES, PER_HOME, DISTRICTS, LONG)["coming"]
    for (year, district, age), people in by_hand(SITES, PER_HOME, LONG).items():
        assert found.sel(year=year, district=district, nc_year=age - 4).item() == pytest.approx(people, abs=1e-12)


def test_whoever_comes_late_comes_all_the_same():
    """100 houses hold 55 children, half of 60 houses 16.5, and three quarters of 40 flats 1.8, once all have come."""
    living = living_there(moving_in(SITES, PER_HOME, DISTRICTS, LONG)["coming"])
    assert living.sel(year=2045, district="North").sum().item() == pytest.approx(100 * 0.55 + 30 * 0.06)
    assert living.sel(year=2045, district="South").sum().item() == pytest.approx(30 * 0.55)
    at_once = PER_HOME.assign(lag="")
    soon = living_there(moving_in(SITES, at_once, DISTRICTS, LONG)["coming"])
    np.testing.assert_allclose(soon.sel(year=2045), living.sel(year=2045))
    assert (soon >= living - 1e-12).all()


def test_homes_finished_before_the_census_bring_only_those_who_come_after_it():
    """Of the houses of mid-2024, three in ten of the youngest come by January 2026 and two in ten by 2027."""
    old = homes((2024, "North", "house", 100, 0.0, "plan"))
    found = moving_in(old, PER_HOME, DISTRICTS, LONG)["coming"].sel(district="North").sum("nc_year")
    assert found.sel(year=[2026, 2027, 2028]).to_numpy() == pytest.approx([6, 4, 0])


def test_without_homes_or_families_the_drivers_are_the_same_to_the_last_bit(drivers):
    assert newcomers(*NONE, DISTRICTS, YEARS) is None
    assert with_newcomers(drivers, None) is drivers


def test_homes_that_the_projection_holds_change_nothing_to_the_last_bit(drivers):
    held = SITES.assign(share_in_projection=1.0)
    found = with_newcomers(drivers, newcomers(held, PER_HOME, families(), DISTRICTS, YEARS))
    xr.testing.assert_identical(found, drivers)


@settings(deadline=None, max_examples=20)
@given(times=st.integers(0, 9), share=st.sampled_from([0.0, 0.25, 0.5]))
def test_twice_the_homes_are_twice_the_people(times, share):
    sites = SITES.assign(share_in_projection=share)
    more = sites.assign(dwellings=sites["dwellings"] * times)
    one, several = (newcomers(table, PER_HOME, families(), DISTRICTS, YEARS) for table in (sites, more))
    np.testing.assert_allclose(several["people"], one["people"] * times)
    np.testing.assert_allclose(several["with_plan"], one["with_plan"] * times)


def test_twice_the_homes_are_twice_the_added_children_with_a_plan(drivers):
    free = unlimited(drivers).assign(population_now=drivers["population_now"])
    twice = SITES.assign(dwellings=SITES["dwellings"] * 2)
    sums = [
        expected(with_newcomers(free, newcomers(table, PER_HOME, families(), DISTRICTS, YEARS)))
        for table in (SITES, twice)
    ]
    before = expected(free)
    assert (sums[0] - before).sum() > 0
    np.testing.assert_allclose(sums[1] - before, 2 * (sums[0] - before), atol=1e-9)


def test_children_of_new_homes_come_with_plans_as_often_as_residents_of_their_age_hold_them(drivers):
    """Nobody starts, leaves or moves: the children added are the homes' people at the residents' rate."""
    still = without(drivers, "start_rate", "leave")
    added = newcomers(SITES, PER_HOME, families(), DISTRICTS, YEARS)
    more = expected(with_newcomers(still, added)) - expected(still)
    stock, people = drivers["stock"].sum(["district", "need", "provision"]), drivers["population_now"].sum("district")
    total = 0.0
    for (year, _, age), coming in by_hand(SITES, PER_HOME, YEARS).items():
        factor = 1.0  # the factor of 1.5 is for houses, ages 4 to 10
        rate = (stock / people).sel(nc_year=age - 4).item()
        total += coming * rate * factor if year <= YEARS[-1] else 0
    houses = SITES[SITES["type"].eq("house")]
    of_school = PER_HOME[PER_HOME["plan_factor"].eq(1.5)]
    for (_, _, age), coming in by_hand(houses, of_school, YEARS).items():
        total += 0.5 * coming * (stock / people).sel(nc_year=age - 4).item()
    assert more[:, -1].sum(axis=(1, 2, 3, 4)) == pytest.approx(np.full(drivers.sizes["draw"], total))


def test_families_grow_older_where_they_live_and_are_not_replaced():
    people = newcomers(homes(), PER_HOME, LONDONERS, DISTRICTS, LONG)["people"]
    north = people.sel(district="North")
    assert north.sel(year=2026).sum().item() == 0
    for year in (2027, 2030, 2035):
        there = north.sel(year=year).to_series()
        assert there[there > 0].to_dict() == {age - 4 + year - 2027: 10 for age in range(5, 10)}
    assert north.sel(year=2042).sum().item() == pytest.approx(50)  # the eldest are 24
    assert north.sel(year=2043).sum().item() == pytest.approx(40)


def test_families_with_twice_the_plans_bring_twice_the_children_with_a_plan():
    found = newcomers(homes(), PER_HOME, LONDONERS, DISTRICTS, LONG)["with_plan"].sum("nc_year")
    assert found.sel(year=2027, district="North").item() == pytest.approx(50)
    assert found.sel(year=2028, district="South").item() == pytest.approx(2 * 25)


def test_homes_and_families_add_up():
    both = newcomers(SITES, PER_HOME, LONDONERS, DISTRICTS, YEARS)
    one = newcomers(SITES, PER_HOME, families(), DISTRICTS, YEARS)
    other = newcomers(homes(), PER_HOME, LONDONERS, DISTRICTS, YEARS)
    xr.testing.assert_allclose(both, one + other)


def test_homes_without_a_yield_are_refused_as_no_figure_is_made_up():
    with pytest.raises(NoYields, match="pupil yield dashboard"):
        newcomers(SITES, PER_HOME.iloc[:0], families(), DISTRICTS, YEARS)
    with pytest.raises(UnknownLabel, match="did you mean 'house'"):
        newcomers(SITES.assign(type="houses"), PER_HOME, families(), DISTRICTS, YEARS)


def multiple(value):
    coords = {"year": list(YEARS), "district": list(DISTRICTS)}
    return xr.DataArray(np.full((3, 2), value), coords=coords, dims=list(coords))


def test_as_many_families_as_now_change_nothing_to_the_last_bit(drivers):
    xr.testing.assert_identical(times_as_many(drivers, multiple(1.0)), drivers)


def test_twice_the_families_are_twice_the_arrivals_and_the_people_they_come_with(drivers):
    found = times_as_many(drivers, multiple(2.0))
    xr.testing.assert_allclose(found["arrive"], drivers["arrive"] * 2)
    more = (found["population"] - drivers["population"]).isel(year=0)
    held = plans_per_resident(drivers).sum(["need", "provision"])
    plans = (more * held).where(held > 0, 0)
    np.testing.assert_allclose(plans, drivers["arrive"].isel(year=0).sum(["need", "provision"]).where(held > 0, 0))
    second = (found["population"] - drivers["population"]).isel(year=1)
    assert (second.sel(nc_year=list(NC_YEARS[1:])).to_numpy() >= more.sel(nc_year=list(NC_YEARS[:-1])).to_numpy()).all()
