"""What a cell says is read whichever way a form writes it, and nothing else is taken for it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.records.values import blank, day, flag, month_first, typed, unreadable, whole

DAYS = st.dates(dt.date(1911, 1, 1), dt.date(2199, 1, 1))
FORMS = (
    "{0:%Y}-{0:%b}-{0:%d} 00:00:00",
    "{0:%Y-%m-%d}",
    "{0:%Y-%m-%d}T10:15:00",
    "{0:%Y-%m-%d} 00:00:00.000",
    "{0:%d/%m/%Y}",
    "{0:%d/%m/%Y} 00:00",
    "{0.day}/{0.month}/{0.year}",
    "{0:%d-%b-%Y}",
    "{1}",
    "{1}.0",
)


def serial(when):
    """Excel's number of a day, by counting: 1 is 1 January 1900, and a 29 February 1900 that never was."""
    return when.toordinal() - dt.date(1900, 1, 1).toordinal() + 1 + (when >= dt.date(1900, 3, 1))


@pytest.mark.parametrize("form", FORMS)
@given(when=DAYS)
@settings(max_examples=30, deadline=None)
def test_a_day_is_read_in_every_form(form, when):
    assert day(form.format(when, serial(when))) == when


def test_the_day_comes_before_the_month():
    assert day("01/09/2023") == dt.date(2023, 9, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-Feb-29",
        "31/11/2023",
        "13/13/2023",
        "01/09/23",
        "2023",
        "12",
        "999999",
        "2023-Abc-01",
        "unknown",
        "0000-01-01",
    ],
)
def test_what_is_no_day_is_not_taken_for_one(text):
    assert day(text) is None


@pytest.mark.parametrize(
    ("text", "truth"), [("true", True), ("FALSE", False), ("1", True), ("0.0", False), ("Y", True), ("no", False)]
)
def test_yes_and_no_are_read_in_every_form(text, truth):
    assert flag(text) is truth


@pytest.mark.parametrize("text", ["2", "maybe", "", "tru"])
def test_what_is_neither_yes_nor_no_is_neither(text):
    assert flag(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("12.0", 12), ("-3", -3), ("1.5", None), ("one", None), ("1e3", None)]
)
def test_whole_numbers_only_are_whole_numbers(text, number):
    assert whole(text) == number


@given(st.lists(st.sampled_from(["2023-01-19", " 2023-01-19 ", "", "  ", "no day"]), max_size=12))
@settings(deadline=None)
def test_a_column_is_read_cell_by_cell(texts):
    column, flawed = typed("date", pd.Series(texts, dtype="str"))
    for text, value, wrong in zip(texts, column, flawed, strict=True):
        assert wrong == (text == "no day")
        assert (value == pd.Timestamp(2023, 1, 19)) == ("2023" in text)


def test_codes_of_one_length_get_their_zeros_back():
    column, _ = typed("text", ["98", "885", "", "W01"], width=3)
    assert list(column) == ["098", "885", "", "W01"]


def test_errors_of_a_spreadsheet_count_as_blank():
    column, flawed = typed("text", ["#N/A", "#ref!", "#5 Mill Lane"])
    assert list(column) == ["", "", "#5 Mill Lane"]
    assert list(flawed) == [True, True, False]


@pytest.mark.parametrize("kind", ["id", "parent", "date", "flag", "whole", "text"])
def test_a_blank_column_is_as_a_column_of_blank_cells(kind):
    column, flawed = typed(kind, ["", " "])
    assert not np.any(flawed)
    same, none = blank(kind, 2)
    assert not np.any(none)
    pd.testing.assert_series_equal(pd.Series(column), pd.Series(same))


def test_cells_that_could_not_be_read_are_named_up_to_a_number_and_then_counted():
    faults = unreadable("person.csv", "birth_date", "date", range(2, 1503))
    assert len(faults) == 1001
    assert faults[-1].what == "and 501 more like this"
    assert str(faults[0]) == "person.csv, row 2, birth_date: is not a date; write it as 2024-09-28."


@pytest.mark.parametrize("text", ["09/28/2024", "9-13-2024 00:00", "12/31/2024"])
def test_a_date_with_the_month_first_is_known_where_it_can_be_no_other(text):
    assert month_first(text)
    assert day(text) is None


@pytest.mark.parametrize("text", ["28/09/2024", "09/10/2024", "13/13/2024", "02/30/2024", "2024-09-28", "", "x"])
def test_no_other_text_is_taken_for_a_date_with_the_month_first(text):
    assert not month_first(text)
