"""The figures of both areas as last reviewed: the difference of golden/*.csv is the review.

Means and ranges of the expected and simulated children, to a child or a hundredth: luck is hashed, but sums
of floating numbers differ from machine to machine.
"""

from pathlib import Path

import pytest

from forecast import Settings, forecast_area, read_area, read_scenario
from forecast.report.tables import needs_that_grow_most, places_table, special_rates_table, year_ahead

GOLDEN = Path(__file__).parent / "golden"
NEAR = {"atol": 1.5, "rtol": 0.01}


@pytest.fixture(scope="module", params=["worcestershire", "lancashire"])
def projection(request):
    return forecast_area(read_area(request.param), read_scenario("baseline"), Settings(draws=100, current_year=2027))


def name(projection, table):
    return GOLDEN / f"{projection.about.name.lower()}-{table}.csv"


def test_places_are_as_last_reviewed(projection, dataframe_regression):
    table = places_table(projection)
    shown = table[table["year"].isin(projection.table_years.values())].reset_index(drop=True)
    dataframe_regression.check(shown, fullpath=name(projection, "places"), default_tolerance=NEAR)


def test_needs_are_as_last_reviewed(projection, dataframe_regression):
    table = needs_that_grow_most(projection, year_ahead(projection)).sort_values("need", ignore_index=True)
    dataframe_regression.check(table, fullpath=name(projection, "needs"), default_tolerance=NEAR)


def test_special_rates_are_as_last_reviewed(projection, dataframe_regression):
    table = special_rates_table(projection)[["year", "rate", "rate_p10", "rate_p90", "england_rate"]]
    dataframe_regression.check(
        table, fullpath=name(projection, "rates"), default_tolerance={"atol": 0.0005, "rtol": 0.01}
    )
