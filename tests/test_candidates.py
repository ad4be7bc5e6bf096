"""Candidate sites: read as they were written, and every fault told at once with its remedy."""

import pytest
from builders_projection import made_up_about

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.candidates import COLUMNS, read_candidates

ABOUT = made_up_about(kind="counts")
GOOD = {
    "name": "Old Mill", "district": "Northvale", "lat": "52.1", "lon": "-2.2", "provision": "special",
    "needs": "ASD;SLCN", "nc_from": "0", "nc_to": "11", "sizes": "90; 60", "capital": "80000", "opens": "2028-09",
    "source": "Cabinet paper",
}  # fmt: skip


def written(folder, *rows, columns=tuple(COLUMNS)):
    file = folder / "candidates.csv"
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def said_of(folder, *rows, taken=(), **file):
    with pytest.raises(InputFaults) as caught:
        read_candidates(written(folder, *rows, **file), ABOUT, taken)
    return str(caught.value)


def test_a_candidate_is_read_with_its_sizes_in_rising_order(tmp_path):
    rows = read_candidates(written(tmp_path, GOOD, GOOD | {"name": "Airfield", "capital": "", "opens": ""}), ABOUT)
    assert rows["sizes"].tolist() == [(60, 90), (60, 90)]
    assert rows["capital"].tolist()[0] == 80_000
    assert rows["capital"].isna().tolist() == [False, True]
    assert rows["needs"].tolist() == ["ASD;SLCN"] * 2
    assert rows["nc_to"].tolist() == [11, 11]


@pytest.mark.parametrize(
    ("column", "cell", "part"),
    [
        ("name", "", "is blank"),
        ("district", "Nrothvale", "did you mean 'Northvale'?"),
        ("provision", "specail", "did you mean 'special'?"),
        ("needs", "ASD;SLCM", "did you mean 'SLCN'?"),
        ("nc_from", "12", "is above nc_to"),
        ("nc_to", "33", "out of range"),
        ("lat", "2.2", "out of range; write degrees from 49 to 61"),
        ("lat", "", "write both lat and lon"),
        ("sizes", "", "write places such as 60"),
        ("sizes", "60;60", "has a size twice"),
        ("sizes", "60;0", "not from 1 to 1,000"),
        ("sizes", "60;9000", "not from 1 to 1,000"),
        ("sizes", "sixty", "is not a whole number"),
        ("capital", "0", "is not above 0"),
        ("capital", "£75000", "write pounds a place"),
        ("opens", "Sep-28", "write it as 2027-09"),
    ],
)
def test_a_candidate_that_cannot_be_is_named_with_its_remedy(tmp_path, column, cell, part):
    said = said_of(tmp_path, GOOD | {"name": "First"}, GOOD | {column: cell})
    assert said.startswith("candidates.csv, row 3")
    assert part in said


def test_a_site_is_named_once_and_not_as_a_school_that_is_there(tmp_path):
    said = said_of(tmp_path, GOOD, GOOD | {"name": "Moor School"}, GOOD, taken={"Moor School"})
    assert "row 3, name: a school of places.csv has that name" in said
    assert "row 4, name: the site has a row already" in said


def test_every_fault_of_the_file_is_told_at_once(tmp_path):
    said = said_of(tmp_path, GOOD | {"district": "Nowhere"}, GOOD | {"sizes": "x"}, GOOD | {"nc_to": "old"})
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "candidates.csv, row 2, district",
        "candidates.csv, row 3, sizes",
        "candidates.csv, row 4, nc_to",
    ]


def test_a_file_without_a_column_rows_or_that_is_not_there_is_refused(tmp_path):
    assert "capital: the column is missing" in said_of(tmp_path, GOOD, columns=tuple(set(COLUMNS) - {"capital"}))
    assert "has no rows" in said_of(tmp_path)
    with pytest.raises(InputFaults, match="cannot be read"):
        read_candidates(tmp_path / "none.csv", ABOUT)


def test_the_candidates_that_ship_say_that_they_are_invented():
    area = read_area("exampleshire")
    rows = read_candidates(bundled("data", "exampleshire", "candidates.csv"), area.about, set(area.places["school"]))
    assert rows["source"].str.contains("Invented").all()
    assert rows["name"].str.contains("Synthetic").all()
    assert len(rows) > 3
