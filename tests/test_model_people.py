"""Residents at each January: published where they are, aged on along cohorts where they are not."""

import numpy as np
import pandas as pd
import pytest
from builders_model import worcestershire
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.domain import NC_YEARS
from forecast.model.people import NoPopulation, aged, residents

AGES = range(25)


def population(*tables):
    """(mid_year, variant, district, people by age) as a table."""
    return pd.DataFrame(
        [
            {"mid_year": mid_year, "variant": variant, "district": district, "age": age, "people": float(people[age])}
            for mid_year, variant, district, people in tables for age in AGES
        ]
    )  # fmt: skip


SIZES = np.arange(100.0, 125.0)


def test_the_population_of_january_is_that_of_the_mid_year_before():
    table = population((2024, "estimate", "North", SIZES), (2025, "projection", "North", SIZES + 1000))
    found = residents(table, ["North"], [2025, 2026])
    assert found.dims == ("year", "district", "nc_year")
    assert found.sel(year=2025, district="North").to_numpy().tolist() == SIZES.tolist()
    assert found.sel(year=2026, nc_year=0).item() == 1000 + SIZES[4]
    assert found["nc_year"].to_numpy().tolist() == list(NC_YEARS)


@pytest.mark.parametrize("order", [1, -1])
def test_an_estimate_is_taken_before_a_projection_of_the_same_mid_year(order):
    both = [(2024, "estimate", "North", SIZES), (2024, "migration", "North", SIZES + 5)][::order]
    assert (residents(population(*both), ["North"], [2025]) == SIZES).all()


def test_from_a_single_estimate_people_grow_older_and_births_are_held():
    table = population((2024, "estimate", "North", SIZES))
    found = residents(table, ["North"], [2025, 2026, 2028]).sel(district="North").to_numpy()
    assert found[1].tolist() == [100, *SIZES[:-1]]
    assert found[2].tolist() == [100, 100, 100, *SIZES[:-3]]


def test_before_the_first_figure_people_are_aged_back():
    table = population((2024, "estimate", "North", SIZES))
    found = residents(table, ["North"], [2024]).to_numpy().ravel()
    assert found.tolist() == [*SIZES[1:], SIZES[-1]]


def test_a_hole_between_two_figures_is_filled_from_the_earlier():
    table = population((2020, "estimate", "North", SIZES), (2023, "estimate", "North", SIZES + 50))
    found = residents(table, ["North"], [2022, 2023, 2024]).sel(district="North").to_numpy()
    assert found[0].tolist() == [100, *SIZES[:-1]]
    assert found[1].tolist() == [100, 100, *SIZES[:-2]]
    assert found[2].tolist() == (SIZES + 50).tolist()


def test_districts_are_in_the_order_asked_for():
    table = population((2024, "estimate", "North", SIZES), (2024, "estimate", "South", SIZES * 2))
    found = residents(table, ["South", "North"], [2025])
    assert found.sel(district="South").sum() == 2 * found.sel(district="North").sum()
    assert found["district"].to_numpy().tolist() == ["South", "North"]


def test_without_figures_there_is_a_fault_that_says_where_to_get_them():
    with pytest.raises(NoPopulation, match="add mid-year estimates by district and age from ONS"):
        residents(population(), ["North"], [2025])


def steady(births, change=1.02, district="North", mid_year=2024):
    """People of whom each age is `change` times the one before, and next year's likewise."""
    return mid_year, "estimate", district, births * change ** np.arange(25.0)


def test_people_move_in_and_out_as_they_did_between_the_earlier_estimates():
    years = (2017, 2019, 2020, 2023)
    places = (("North", 1.02), ("South", 0.97))
    table = population(*(steady(500, change, name, year) for year in years for name, change in places))
    found = residents(table, ["North", "South"], [2020, 2023, 2030])
    for name, change in places:
        for people in found.sel(district=name).to_numpy():
            np.testing.assert_allclose(people, steady(500, change)[3], rtol=1e-9)


def test_the_latest_estimate_being_of_another_vintage_says_nothing_of_moving():
    rebased = population(
        *(steady(500, mid_year=year) for year in (2017, 2019, 2020)), (2023, "estimate", "North", SIZES)
    )
    found = residents(rebased, ["North"], [2025]).to_numpy().ravel()
    np.testing.assert_allclose(found, [100, *(SIZES[:-1] * 1.02)])


def test_an_area_without_earlier_estimates_is_lent_englands_moving():
    found = residents(population((2024, "estimate", "North", SIZES)), ["North"], [2026], np.full(24, 1.5))
    np.testing.assert_allclose(found.to_numpy().ravel(), [100, *(SIZES[:-1] * 1.5)])


@settings(deadline=None)
@given(people=arrays(float, (2, 25), elements=st.floats(1, 1000)), years=st.integers(0, 24))
def test_nobody_is_lost_in_growing_older_but_those_past_24(people, years):
    later = aged(people, years)
    np.testing.assert_array_equal(later[:, years:], people[:, : 25 - years])
    np.testing.assert_array_equal(later[:, : years + 1], people[:, :1].repeat(years + 1, axis=1))
    np.testing.assert_array_equal(aged(later, -years)[:, : 25 - years], people[:, : 25 - years])


def test_the_bundled_area_has_people_of_every_age_in_every_district_and_year():
    area = worcestershire()
    found = residents(area.population, area.about.district_names, range(2018, 2046))
    assert np.isfinite(found).all()
    assert found.min() > 0
    yearly = found.sum(["district", "nc_year"])
    assert abs(np.log(yearly).diff("year")).max() < 0.02
