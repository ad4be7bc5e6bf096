"""The tables of births, families and homes: what they refuse."""

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from forecast.inputs.schemas import file_columns
from forecast.inputs.schemas_population import POPULATION_TABLES, Housing, Migration, Yields, lag_shares

YIELD = {"type": "house", "age_from": 0, "age_to": 3, "children": 0.2, "lag": "0.5;0.5", "plan_factor": float("nan"),
         "source": "survey"}  # fmt: skip
HOME = {"mid_year": 2026, "district": "North", "type": "house", "dwellings": 10, "share_in_projection": 0.5,
        "source": "plan"}  # fmt: skip


def flaws(schema, *rows):
    try:
        schema.validate(pd.DataFrame(list(rows)), lazy=True)
    except SchemaErrors as errors:
        return {str(getattr(error.check, "error", error.check)) for error in errors.schema_errors}
    return set()


def test_sound_rows_are_taken():
    later = {**YIELD, "age_from": 4, "age_to": 10, "lag": ""}
    assert flaws(Yields, YIELD, later, {**YIELD, "type": "flat"}) == set()
    assert flaws(Housing, HOME, {**HOME, "source": "another site"}) == set()


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"lag": "0.5;0.4"}, "does not add up to 1"),
        ({"age_from": 5}, "is above age_to"),
        ({"children": -0.1}, "greater_than_or_equal_to(0)"),
    ],
)
def test_a_yield_that_cannot_be_is_refused(change, flaw):
    assert flaw in flaws(Yields, {**YIELD, **change})


def test_a_childs_age_is_in_one_band_of_a_type():
    overlapping = {**YIELD, "age_from": 3, "age_to": 10}
    assert flaws(Yields, overlapping, YIELD) == {"is within another row's ages"}


def test_a_share_in_the_projection_must_be_told_and_be_a_share():
    assert flaws(Housing, {**HOME, "share_in_projection": 1.2}) == {"less_than_or_equal_to(1)"}
    assert flaws(Housing, {**HOME, "share_in_projection": float("nan")}) == {"not_nullable"}


def test_families_are_of_ages_that_follow():
    row = {"mid_year": 2026, "district": "North", "age_from": 9, "age_to": 5, "people": 3, "plan_factor": 1.0,
           "source": "council"}  # fmt: skip
    assert flaws(Migration, row) == {"is above age_to"}


def test_a_lag_is_shares_of_the_years_and_all_at_once_if_blank():
    assert lag_shares("0.5;0.3;0.2") == (0.5, 0.3, 0.2)
    assert lag_shares("") == (1.0,)


def test_every_table_says_where_its_figures_come_from():
    assert all("source" in file_columns(schema) for schema in POPULATION_TABLES.values())
