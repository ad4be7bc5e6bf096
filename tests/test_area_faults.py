"""A cell or a file that cannot be is named by its line, with what to do about it, all at once."""

import pytest
from builders import HEADERS, PLACES, as_csv, faults, says, small_area, with_cell, with_text
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.inputs.faults import LONGEST, MOST

GOOD = small_area()
POPULATION = GOOD["population.csv"]


@pytest.mark.parametrize(
    ("row", "column", "cell", "parts"),
    [
        (2, "children", "12.5", ["row 2, children: '12.5' is not a whole number", "write a whole number"]),
        (3, "children", "-3", ["row 3, children: '-3' is out of range"]),
        (4, "children", "abc", ["row 4", "'abc' is not a whole number"]),
        (4, "children", "x", ["leave it blank if suppressed"]),
        (4, "children", "1,204", ["'1,204' is not a whole number"]),
        (4, "children", "1e3", ["'1e3' is not a whole number"]),
        (4, "children", "\u0661", ["is not a whole number"]),
        (5, "year", "1066", ["row 5, year: '1066' is out of range", "from 2010 to 2100"]),
        (5, "year", "", ["row 5, year: is blank"]),
        (6, "nc_year", "21", ["'21' is out of range", "-4 to 20"]),
        (6, "nc_year", "7..5", ["row 6, nc_year: runs from older to younger"]),
        (6, "nc_year", "Year 7", ["'Year 7' is not a year group"]),
        (6, "nc_year", "", ["row 6, nc_year: is blank"]),
        (7, "provision", "Specail", ["no provision is called 'Specail'", "did you mean 'special'?"]),
        (7, "need", "asd", ["did you mean 'ASD'?"]),
        (7, "need", "?", ["choose from ASD, SEMH, not_recorded, all"]),
        (7, "district", "Nroth", ["no district is called 'Nroth'", "did you mean 'North'?"]),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_remedy(row, column, cell, parts):
    assert says(with_cell(GOOD, "placements.csv", row, column, cell), "placements.csv", *parts) is True


@pytest.mark.parametrize(
    ("column", "cell", "part"),
    [
        ("school", "", "is blank"),
        ("lat", "2.2", "'2.2' is out of range"),
        ("lat", "", "write both lat and lon"),
        ("lon", "west", "is not a number"),
        ("provision", "not_recorded", "no provision is called"),
        ("serves", "North;Soth", "did you mean 'South'?"),
        ("needs", "ASD;;SEMH", "nothing between two semicolons"),
        ("nc_to", "-3", "is above nc_to"),
        ("places", "", "is blank"),
        ("taken_by_others", "121", "is more than places"),
        ("opens", "Sep-27", "write it as 2027-09"),
        ("opens", "2027-13", "is not a month"),
        ("probability", "1.2", "from 0 to 1"),
        ("ramp", "0.5;1.5", "not from 0 to 1"),
        ("assumed", "perhaps", "write yes or no"),
    ],
)
def test_a_school_that_cannot_be_is_named_with_its_remedy(column, cell, part):
    assert says(with_cell(GOOD, "places.csv", 2, column, cell), "row 2", column, part) is True


def test_a_school_cannot_close_before_it_opens():
    files = with_cell(GOOD, "places.csv", 3, "closes", "2027-09")
    assert says(files, "row 3, closes: is not after opens", "write a later month") is True


def test_every_fault_of_every_file_is_told_at_once():
    files = with_cell(GOOD, "placements.csv", 4, "children", "12.5")
    files = with_cell(files, "placements.csv", 4, "year", "1066")
    files = with_cell(files, "population.csv", 9, "age", "25")
    files = with_cell(files, "flows.csv", 2, "flow", "begin")
    files = with_text(files, "area.toml", "la_code", "lacode")
    files = with_text(files, "districts.geojson", "Polygon", "Point")
    del files["special_rates.csv"]
    found = {(fault.file, fault.row, fault.field) for fault in faults(files)}
    assert found == {
        ("area.toml", 3, "lacode"),
        ("districts.geojson", 0, "feature 1"),
        ("districts.geojson", 0, "feature 2"),
        ("flows.csv", 2, "flow"),
        ("placements.csv", 4, "children"),
        ("placements.csv", 4, "year"),
        ("population.csv", 9, "age"),
    }


def test_a_long_list_of_faults_is_cut_and_counted():
    files = with_text(GOOD, "population.csv", "migration,South,", "migration,South,x")
    found = faults(files)
    assert len(found) == MOST + 1
    assert found[-1].what == "and 25 more like this"
    assert [fault.row for fault in found] == sorted(fault.row for fault in found)


def test_a_label_unknown_in_many_rows_is_one_fault():
    found = faults(with_text(GOOD, "population.csv", "North", "Norht"))
    assert [fault.what for fault in found] == ["no district is called 'Norht', in 100 rows"]
    assert found[0].row == 2


@settings(max_examples=10, deadline=None)
@given(st.text(st.characters(categories=["L"]), min_size=LONGEST + 1))
def test_a_long_text_is_never_repeated(words):
    for file, column in (
        ("placements.csv", "need"),
        ("placements.csv", "children"),
        ("places.csv", "assumed"),
    ):
        assert all(words not in str(fault) for fault in faults(with_cell(GOOD, file, 2, column, words)))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty; begin it with the line mid_year,variant,district,age,people"),
        (b"\n\n", "is empty"),
        (HEADERS["population"].encode() + b"\n", "has no rows; add them"),
        (b"2024,estimate,North,0,900\n", "the first line does not name the columns"),
        (POPULATION.replace(b",", b";"), "parted by semicolons; save it as CSV UTF-8"),
        (POPULATION.replace(b",", b"\t"), "parted by tabs"),
        (POPULATION.replace(b"age", b"Age", 1), "column called 'Age' is known; did you mean 'age'?"),
        (POPULATION.replace(b"age", b"surname", 1), "no column called 'surname' is known; remove"),
        (POPULATION.replace(b"age,people", b"age,age,people", 1), "age: the column is there twice"),
        (POPULATION.replace(b"age,people", b"age,,people", 1), "a column has no name"),
        (POPULATION + b"2023,estimate\n", "row 202: has 2 columns, not 5"),
        (POPULATION + b"2023,estimate,North,1,1,1\n", "row 202: has 6 columns, not 5"),
        (POPULATION[:-1], "row 201: the file ends in the middle of a line, so it may be cut off"),
        (POPULATION + b'2023,"estimate,North\n', "row 202: cannot be split into columns from here on"),
        (POPULATION + b"20\x0023\n", "row 202: holds a NUL byte"),
        (POPULATION.decode().encode("utf-16"), "is in UTF-16; save it as CSV UTF-8"),
        (POPULATION.decode().encode("utf-16-be"), "UTF-16; save it as CSV UTF-8"),
        (POPULATION.replace(b"South", b"S\xf8uth"), "row 27: is not in UTF-8; save it as CSV UTF-8"),
        (b"PK\x03\x04workbook", "is a workbook or an archive; save it as CSV UTF-8"),
    ],
)
def test_a_file_out_of_shape_says_so(content, part):
    assert says({**GOOD, "population.csv": content}, "population.csv", part) is True


def test_rows_are_counted_as_a_text_editor_counts_them():
    rows = [PLACES[0], ("\n\nTwo lines\r\nSchool", *PLACES[1][1:-1], "a,b"), (*PLACES[2][:-2], "maybe", "")]
    content = as_csv([HEADERS["places"].split(","), [], *rows])
    line = 1 + content[: content.index(b"maybe")].replace(b"\r\n", b"\n").count(b"\n")
    assert [(fault.row, fault.field) for fault in faults({**GOOD, "places.csv": content})] == [(line, "assumed")]
