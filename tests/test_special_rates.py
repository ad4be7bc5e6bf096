"""What Worcestershire's councillors were told in 2019: 1.9% against 1.4%, "an additional 386 children"."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from builders_projection import small_projection
from hypothesis import assume, given
from hypothesis import strategies as st

import forecast.places
import forecast.report
from forecast.errors import ForecastError
from forecast.places.rates import (
    against_england,
    implied_pupils,
    residents_of_school_age,
    special_rate_residents,
)

SPECIAL = ["special", "special_nonmaintained"]
TENTH_OF_A_POINT = 0.001


def test_at_one_point_nine_per_cent_77200_pupils_have_386_more_in_special_schools_than_at_englands_rate():
    pupils = xr.DataArray(77_200)
    assert against_england(0.019 * pupils, pupils, xr.DataArray(0.014)).item() == pytest.approx(386)


def test_386_more_children_imply_about_77200_pupils_with_the_gap_right_to_a_tenth_of_a_point():
    implied = implied_pupils(386, 0.019, 0.014, TENTH_OF_A_POINT)
    assert [round(n, -2) for n in (implied.least, implied.pupils, implied.most)] == [70_200, 77_200, 85_800]


def test_if_both_rates_were_rounded_to_their_worst_the_range_is_wider():
    implied = implied_pupils(386, 0.019, 0.014, TENTH_OF_A_POINT, roundings=2)
    assert [round(n, -2) for n in (implied.least, implied.most)] == [64_300, 96_500]


def test_two_rounded_rates_leave_their_gap_right_to_a_tenth_of_a_point_three_times_in_four():
    errors = np.linspace(-0.05, 0.05, 1_001)
    gaps = np.abs(errors[:, None] - errors[None, :])
    assert (gaps < 0.05).mean() == pytest.approx(0.75, abs=0.002)


@given(
    pupils=st.floats(1_000, 2e6),
    england=st.floats(0.005, 0.03),
    gap=st.floats(0.0011, 0.02),
    fewer=st.booleans(),
)
def test_the_implied_pupils_are_those_that_the_difference_came_from(pupils, england, gap, fewer):
    area = england - gap if fewer else england + gap
    assume(area > 0)
    children = against_england(*(xr.DataArray(value) for value in (pupils * area, pupils, england))).item()
    implied = implied_pupils(children, area, england, TENTH_OF_A_POINT)
    assert implied.pupils == pytest.approx(pupils)
    assert implied.least < pupils < implied.most


@pytest.mark.parametrize(("children", "area"), [(386, 0.0144), (386, 0.014), (-386, 0.019), (0, 0.019)])
def test_a_gap_that_rounding_could_have_made_implies_nothing(children, area):
    with pytest.raises(ForecastError, match="give more decimals"):
        implied_pupils(children, area, 0.014, TENTH_OF_A_POINT)


def test_plans_of_every_age_are_set_against_residents_aged_4_to_17():
    projection = small_projection(districts=2)
    population = projection.population
    rate = special_rate_residents(projection.demand, population, SPECIAL)
    people = population.to_numpy()[:, :, 4:18].sum(axis=(1, 2))
    plans = projection.demand.sel(provision=SPECIAL).to_numpy().sum(axis=(2, 3, 4, 5))
    np.testing.assert_allclose(rate, plans / people)


def test_residents_without_ages_are_taken_to_be_of_school_age():
    population = small_projection(districts=2).population
    chosen = population.sel(nc_year=slice(0, 13)).sum("nc_year")
    xr.testing.assert_equal(residents_of_school_age(chosen), residents_of_school_age(population))


def test_the_rate_is_the_same_from_children_by_phase_and_from_children_by_year_group():
    projection = small_projection(districts=2)
    by_phase = special_rate_residents(projection.demand, projection.population, SPECIAL).mean("draw")
    by_year_group = special_rate_residents(projection.expected, projection.population, SPECIAL)
    np.testing.assert_allclose(by_phase, by_year_group)


def test_no_councils_figures_are_written_into_the_program():
    sources = [path for part in (forecast.places, forecast.report) for path in Path(part.__path__[0]).glob("*.py")]
    figures = re.compile(r"\b(386|77[_,]?200|70[_,]?200|85[_,]?800|0\.019|0\.014|1\.9%|1\.4%)")
    assert [path.name for path in sources if figures.search(path.read_text(encoding="utf-8"))] == []
    assert len(sources) > 5
