"""What ships about every authority, and what is said of a file that is given in its stead and is wrong."""

import pandas as pd
import pytest

from forecast.errors import InputFaults
from forecast.inputs.ons import districts
from forecast.inputs.reference import read_neighbours, read_people, read_plans_by_age, read_units

PEOPLE = "la_code,mid_year,age,people"
NEIGHBOURS = "la_code,rank,neighbour"
BANDS = "la_code,year,age_from,age_to,children"
UNITS = "la_code,unit,note"
NOW = frozenset(districts()["la_code"])


@pytest.fixture
def given(tmp_path):
    def write(*lines, end="\n"):
        path = tmp_path / "given.csv"
        path.write_text("\n".join(lines) + end, encoding="utf-8")
        return path

    return write


def said(reader, path):
    with pytest.raises(InputFaults) as caught:
        reader(path)
    return {(fault.row, fault.field): fault for fault in caught.value.faults}


def all_ages(code="885", mid_year=2020):
    return [f"{code},{mid_year},{age},{100 + age}" for age in range(25)]


def test_every_authority_of_today_has_residents_of_every_age_at_four_mid_years():
    people = read_people()
    assert list(people.columns) == PEOPLE.split(",")
    table = people.pivot(index="la_code", columns=["mid_year", "age"], values="people")
    assert set(table.index) == NOW
    assert sorted(table.columns) == [(year, age) for year in (2017, 2019, 2020, 2023) for age in range(25)]
    assert table.notna().all(axis=None)


def test_authorities_of_2019_go_on_as_those_of_2020_where_their_districts_were_merged():
    """A district that went to the wrong authority would make a leap between the two."""
    total = read_people().groupby(["la_code", "mid_year"])["people"].sum().unstack()
    change = (total[2020] / total[2019] - 1).drop("201")  # City of London is tiny
    assert change.abs().max() < 0.04
    assert change[["940", "941", "942", "943", "825", "838", "839", "815", "933"]].abs().max() < 0.02


def test_a_childs_cohort_is_about_as_large_a_year_later():
    table = read_people().pivot(index=["la_code", "age"], columns="mid_year", values="people")
    now = table[2019].loc[list(NOW), list(range(5, 15))]
    later = table[2020].rename(lambda age: age - 1, level="age").reindex(now.index)
    ratio = (later / now).drop(["201", "420", "857"], level="la_code")  # tiny, but for Rutland's boarding schools
    assert len(ratio) == 1_500
    assert ratio.between(0.95, 1.1).all()


def test_every_authority_has_ten_neighbours_of_today_and_is_not_its_own():
    neighbours = read_neighbours()
    assert set(neighbours) == NOW
    for code, others in neighbours.items():
        assert len(set(others)) == len(others) == 10
        assert set(others) <= NOW - {code}


def test_worcestershires_nearest_neighbours_are_shire_counties():
    names = districts().drop_duplicates("la_code").set_index("la_code")["authority"]
    assert [names[code] for code in read_neighbours()["885"][:3]] == ["Somerset", "Gloucestershire", "Dorset"]


def test_plans_of_2023_are_in_the_columns_of_a_releases_bands():
    plans = read_plans_by_age()
    assert list(plans.columns) == ["la_code", "year", "kind", "age_from", "age_to", "children"]
    assert plans[["year", "kind"]].drop_duplicates().to_numpy().tolist() == [[2023, "plans"]]
    assert plans.groupby("la_code").size().eq(5).all()
    assert plans["la_code"].nunique() == 152
    assert plans["children"].sum() == 517_049  # one more than the release's 517,048


def test_a_unit_is_made_of_authorities_of_today_that_are_of_it():
    units = read_units()
    for code, unit in units.items():
        parts = unit.split("+")
        assert set(parts) <= NOW
        assert all(units[part] == unit for part in parts)
        assert (code in NOW) == (code in parts)
    assert set(units.values()) == {"838+839", "940+941", "942+943"}


def test_a_file_given_is_read_in_its_own_order_and_neighbours_by_rank(given):
    assert read_neighbours(given(NEIGHBOURS, "885,2,916", "885,1,933")) == {"885": ("933", "916")}
    assert read_people(given(PEOPLE, *all_ages()))["people"].sum() == sum(range(100, 125))
    assert read_units(given(UNITS, "835,838+839,Dorset", "836,838+839,")) == {"835": "838+839", "836": "838+839"}


def test_every_fault_of_a_file_is_named_at_once_with_its_row_field_and_remedy(given):
    faults = said(read_neighbours, given(NEIGHBOURS, "885,1,885", "885,3,88", ",11,301", "886,x,301", "886,2,933"))
    assert set(faults) == {(2, "neighbour"), (3, "neighbour"), (4, "la_code"), (5, "rank")}
    assert faults[3, "neighbour"].what == "'88' is not a three-digit code"
    assert faults[4, "la_code"].what == "is blank"
    assert all(fault.remedy for fault in faults.values())


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        (["885,1,933", "885,3,916"], (3, "rank"), "none of the rank before"),
        (["885,1,933", "885,1,916"], (3, "rank"), "another of that rank"),
        (["885,1,933", "885,2,933"], (3, "neighbour"), "twice for one authority"),
        (["885,1,885"], (2, "neighbour"), "the authority itself"),
        (["885,0,933"], (2, "rank"), "another of that rank"),
    ],
)
def test_neighbours_that_are_no_ranking_are_faults(given, rows, where, what):
    assert what in said(read_neighbours, given(NEIGHBOURS, *rows))[where].what


def test_an_authority_that_lacks_an_age_is_named_once(given):
    faults = said(read_people, given(PEOPLE, *all_ages(), *all_ages("886")[:-1]))
    assert set(faults) == {(27, "age")}
    assert "not all ages" in faults[27, "age"].what


@pytest.mark.parametrize(
    ("row", "field", "what"),
    [
        ("885,2020,25,9", "age", "'25' is out of range"),
        ("885,2020,3,-4", "people", "'-4' is out of range"),
        ("885,2020,3,4.5", "people", "'4.5' is not a whole number"),
        ("885,1920,3,4", "mid_year", "'1920' is out of range"),
        ("885,2020,24,9", "age", "is there twice for one authority and mid-year"),
        ("E10000034,2020,3,9", "la_code", "'E10000034' is not a three-digit code"),
    ],
)
def test_residents_that_cannot_be_are_faults(given, row, field, what):
    assert said(read_people, given(PEOPLE, *all_ages(), row))[27, field].what == what


@pytest.mark.parametrize("row", ["885,2023,0,5,9", "885,2023,5,4,9", "885,2023,20,24,9"])
def test_an_age_band_that_is_not_published_is_a_fault(given, row):
    assert "no published band" in said(read_plans_by_age, given(BANDS, row))[2, "age_from"].what


def test_a_suppressed_figure_is_left_out_not_written(given):
    fault = said(read_plans_by_age, given(BANDS, "885,2023,0,4,x"))[2, "children"]
    assert (fault.what, fault.remedy) == ("'x' is not a whole number", "write a whole number, 0 or more")


def test_an_authority_is_of_one_unit(given):
    faults = said(read_units, given(UNITS, "835,838+839,", "835,838,", "836,838 and 839,"))
    assert faults[3, "la_code"].what == "is there twice"
    assert faults[4, "unit"].what == "'838 and 839' is no unit of authorities"


@pytest.mark.parametrize("reader", [read_people, read_neighbours, read_plans_by_age, read_units])
def test_a_file_that_is_no_such_table_is_a_fault(reader, given, tmp_path):
    assert "cannot be read" in said(reader, tmp_path / "none.csv")[0, ""].what
    assert "is empty" in said(reader, given("", end=""))[0, ""].what
    assert (1, "") in said(reader, given("town,river", "Worcester,Severn"))
    header = {read_people: PEOPLE, read_neighbours: NEIGHBOURS, read_plans_by_age: BANDS, read_units: UNITS}[reader]
    assert said(reader, given(header))[0, ""].what == "has no rows"
    assert (1, "la_code") in said(reader, given(header.removeprefix("la_code,"), header.replace("la_code,", "")))


def test_numbers_of_a_file_are_numbers_and_codes_are_texts():
    kinds = {str(kind) for kind in (read_people()["people"].dtype, read_plans_by_age()["age_to"].dtype)}
    assert kinds == {"int64"}
    assert str(read_people()["la_code"].dtype) == "str"
    assert pd.api.types.is_float_dtype(read_plans_by_age()["children"])
