"""Which projection a run takes, and births where nothing is projected."""

import numpy as np
import pandas as pd
import pytest
from builders_model import busy, starts, unlimited, worcestershire
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import UnknownLabel
from forecast.model.people import residents, variants
from forecast.model.variants import drawn, population_of, said_of_population, with_population

SIZES = np.arange(100.0, 125.0)
BORN = ["mid_year", "district", "births"]


def people(*tables):
    """(mid_year, variant, people by age) of one district as a table."""
    rows = [
        {"mid_year": year, "variant": variant, "district": "North", "age": age, "people": float(sizes[age])}
        for year, variant, sizes in tables for age in range(25)
    ]  # fmt: skip
    return pd.DataFrame(rows)


ONS_AND_COUNCIL = people(
    (2024, "estimate", SIZES),
    *((year, "ONS", SIZES + year - 2020) for year in range(2025, 2031)),
    *((year, "council", SIZES * 2) for year in range(2025, 2028)),
)


def at(found, year):
    return found.sel(year=year, district="North").to_numpy().tolist()


def test_the_projection_named_is_taken_and_the_first_where_none_is():
    assert variants(ONS_AND_COUNCIL) == ("ONS", "council")
    for variant, expected in (("", SIZES + 6), ("ONS", SIZES + 6), ("council", SIZES * 2)):
        found = population_of(ONS_AND_COUNCIL, ["North"], [2025, 2027], None, variant=variant)
        assert at(found, 2025) == SIZES.tolist()
        assert at(found, 2027) == expected.tolist()


def test_a_councils_series_that_ends_early_is_continued_along_cohorts_and_that_is_said():
    found = population_of(ONS_AND_COUNCIL, ["North"], [2028, 2030], None, variant="council")
    assert at(found, 2030) == [200, 200, *(SIZES * 2)[:-2]][:25]  # not those of the other projection
    said = said_of_population(ONS_AND_COUNCIL, [2025, 2031], variant="council")
    assert said[0].startswith("The population is the projection 'council'; there are also: ONS. The forecast of totals")
    assert said[1:] == ("The projection 'council' ends at mid-2027: it is continued along cohorts, with births held.",)


def test_a_name_that_no_projection_has_is_refused_with_those_there_are():
    with pytest.raises(UnknownLabel, match="did you mean 'council'"):
        population_of(ONS_AND_COUNCIL, ["North"], [2026], None, variant="counsil")


def test_the_average_is_the_mean_of_the_projections():
    found = population_of(ONS_AND_COUNCIL, ["North"], [2025, 2027], None, variant="average")
    assert at(found, 2027) == ((SIZES + 6 + SIZES * 2) / 2).tolist()


@settings(deadline=None, max_examples=20)
@given(draws=st.integers(2, 60), seed=st.integers(0, 100))
def test_drawn_projections_have_as_many_draws_each_as_can_be_and_average_to_their_mean(draws, seed):
    found = population_of(ONS_AND_COUNCIL, ["North"], [2025, 2027], None, variant="drawn", draws=2 * draws, seed=seed)
    assert found.dims == ("draw", "year", "district", "nc_year")
    average = population_of(ONS_AND_COUNCIL, ["North"], [2025, 2027], None, variant="average")
    np.testing.assert_allclose(found.mean("draw").to_numpy(), average.to_numpy())
    times = np.bincount(drawn(3, draws, seed), minlength=3)
    assert times.max() - times.min() <= 1


def test_the_bundled_area_has_one_projection_so_every_choice_is_that_one_to_the_last_bit():
    area = worcestershire()
    names, years = area.about.district_names, range(2020, 2038)
    plain = residents(area.population, names, years)
    for variant in ("", "average", "drawn", variants(area.population)[0]):
        found = population_of(area.population, names, years, None, variant=variant, draws=7)
        assert found.identical(plain)
    assert said_of_population(area.population, years) == ()


ESTIMATE = people((2022, "estimate", SIZES), (2024, "estimate", SIZES * 2))


def births(*figures):
    return pd.DataFrame([(year, "North", number) for year, number in figures], columns=BORN)


def test_those_aged_0_follow_births_and_grow_older():
    found = population_of(ESTIMATE, ["North"], [2025, 2026, 2027], None, births((2025, 50), (2026, 60)))
    assert at(found, 2025) == (SIZES * 2).tolist()
    assert at(found, 2026)[:2] == [50, 200]
    assert at(found, 2027)[:3] == [60, 50, 200]


def test_births_are_held_past_the_last_that_are_given():
    found = population_of(ESTIMATE, ["North"], [2029], None, births((2025, 50), (2026, 60)))
    assert at(found, 2029)[:6] == [60, 60, 60, 50, 200, 202]


def test_births_are_scaled_by_how_many_babies_there_were_to_a_birth():
    """Of 250 born in the year to mid-2024, 200 were there aged 0: four in five."""
    found = population_of(ESTIMATE, ["North"], [2026], None, births((2024, 250), (2025, 300)))
    assert at(found, 2026)[0] == pytest.approx(240)


def test_births_change_no_year_that_is_estimated_or_projected():
    figures = births(*((year, 1) for year in range(2018, 2031)))
    known = range(2025, 2031)
    with_births = population_of(ONS_AND_COUNCIL, ["North"], known, None, figures)
    assert with_births.identical(population_of(ONS_AND_COUNCIL, ["North"], known, None))


def test_without_births_they_are_held_as_ever():
    none = births()
    found = population_of(ESTIMATE, ["North"], range(2020, 2035), None, none)
    assert found.identical(residents(ESTIMATE, ["North"], range(2020, 2035)))


def test_another_projection_than_the_first_moves_the_forecast_at_once():
    """Steering knows nothing of projections, and must not undo the choice."""
    drivers = unlimited(busy())
    steered = drivers["population"]
    assert with_population(drivers, steered, steered).equals(drivers)
    larger = with_population(drivers, steered * 1.2, steered)
    assert (larger["arrive"] == drivers["arrive"] * 1.2).all()
    more, fewer = (starts(of)[:, 0].sum() for of in (larger, drivers))
    assert 1.1 * fewer < more < 1.3 * fewer
