"""An area's tables, labels and boundaries must agree with one another."""

import pytest
from builders import as_csv, as_rows, faults, put, read, says, small_area, with_cell, with_text

from forecast.domain import Need
from forecast.errors import InputFaults
from forecast.inputs.area import FILES, read_area

GOOD = small_area()


@pytest.mark.parametrize("name", [name for name, needed in FILES.items() if needed])
def test_a_missing_file_is_named(name):
    files = {other: content for other, content in GOOD.items() if other != name}
    assert says(files, f"{name}: is missing; add it to the folder") is True


def test_a_misnamed_file_is_found(tmp_path):
    files = {name.replace("flows", "flow"): content for name, content in GOOD.items()}
    with pytest.raises(InputFaults, match=r"flows\.csv: is missing; did you mean 'flow\.csv'\? Rename it"):
        read_area(put(files, tmp_path))


def test_what_cannot_be_opened_is_named(tmp_path):
    put({name: content for name, content in GOOD.items() if name != "flows.csv"}, tmp_path)
    (tmp_path / "flows.csv").mkdir()
    with pytest.raises(InputFaults, match=r"flows\.csv: cannot be read"):
        read_area(tmp_path)
    with pytest.raises(InputFaults, match="is not a folder"):
        read_area(tmp_path / "area.toml")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("format = 1", "format = 2", "row 1, format: '2' is not allowed; write 1"),
        ('kind = "published"', 'knd = "published"', "knd: is not a known key; did you mean 'kind'?"),
        ('kind = "published"', "", "kind: is missing; add it"),
        ("2025\n", '"soon"\n', "row 6, latest_census: should be a valid integer; write a whole number"),
        ("2025\n", "1999\n", "write a January from 2010 to 2100"),
        ("synthetic = true", 'synthetic = "so"', "write true or false"),
        ('SEMH = "SEMH"', 'SEMH = "SEM"', "needs SEMH: 'SEM' is not a standard label; did you mean 'SEMH'?"),
        ('SEMH = "SEMH"', "SEMH = 3", f"choose from {', '.join(Need)}, own"),
        ('name = "South"', 'nmae = "South"', "districts 2 name: is missing"),
        ('name = "South"', 'name = "North"', "districts named twice"),
        ('name = "South"', 'name = "South;West"', "cannot be a label"),
        ('name = "South"', 'name = "all"', "labels that the tables keep for themselves"),
        ('name = "South"', 'name = "South', "row 26: is not in TOML"),
        ('status = "synthetic"', 'status = "guessed"', "sources 1 status: 'guessed' is not allowed"),
        ("[provisions]", "[provision]", "provision: is not a known key; did you mean 'provisions'?"),
    ],
)
def test_an_unsound_area_toml_says_so(old, new, part):
    assert says(with_text(GOOD, "area.toml", old, new), "area.toml", part) is True


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('"South"', '"Sooth"', "no district is called 'Sooth'; did you mean 'South'?"),
        ('"South"', '"North"', "2 features are called 'North'"),
        ('"South"', '"North"', "the district 'South' has no feature"),
        ('"name"', '"title"', "has no text `name`"),
        ("FeatureCollection", "Feature", "is not a FeatureCollection"),
        ("{", "", "is not JSON"),
        ("1.0", "NaN", "is not JSON"),
    ],
)
def test_unsound_boundaries_say_so(old, new, part):
    assert says(with_text(GOOD, "districts.geojson", old, new), "districts.geojson", part) is True


def test_a_row_said_twice_names_both():
    files = {**GOOD, "placements.csv": GOOD["placements.csv"] + b"2025,all,all,-4..20,special,7\n"}
    rows = as_rows(GOOD["placements.csv"])
    first = next(line for line, row in enumerate(rows, 1) if row[:5] == ["2025", "all", "all", "all", "special"])
    said = f"row {len(rows) + 1}: has the same year, district, need, nc_year, provision as row {first}"
    assert says(files, said, "keep one of the two rows") is True


@pytest.mark.parametrize("change", [1, -1])
def test_margins_that_contradict_each_other_are_named(change):
    rows = as_rows(GOOD["placements.csv"])
    line = next(n for n, row in enumerate(rows, 1) if row[:2] == ["2025", "all"] and row[2] == "ASD" and row[3] == "0")
    files = with_cell(GOOD, "placements.csv", line, "children", str(int(rows[line - 1][5]) + change))
    assert says(files, "2025 by need x nc_year adds up to", "in all to") is True
    assert len(faults(files)) == 1


def test_a_margin_with_a_suppressed_count_contradicts_nothing():
    assert len(read(with_cell(GOOD, "placements.csv", 2, "children", "")).placements) == len(read(GOOD).placements)
    rows = as_rows(GOOD["placements.csv"])
    files = with_cell(GOOD, "placements.csv", len(rows), "children", "")
    assert read(files).placements["children"].isna().sum() == 1


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("2025\n", "2024\n", ["placements.csv", "2025 is after the latest census, 2024"]),
        ("2025\n", "2024\n", ["flows.csv", "2025 is after the latest census, 2024"]),
        ("2025\n", "2026\n", ["has no rows for the latest census, 2026"]),
        ("2025\n", "2023\n", ["population.csv", "has nothing for mid-2022 or before"]),
        (
            '[[districts]]\nname = "South"',
            '[[districts]]\nname = "East"\n[[districts]]\nname = "South"',
            ["population.csv, district: has no rows for 'East'", "take it out of area.toml"],
        ),
    ],
)
def test_tables_that_disagree_with_area_toml_say_so(old, new, parts):
    assert says(with_text(GOOD, "area.toml", old, new), *parts) is True


def test_a_table_that_names_some_districts_must_name_all():
    north = with_text(GOOD, "flows.csv", "cease,all", "cease,North")
    assert says(north, "flows.csv, district: has no rows for 'South'") is True


def test_a_hole_in_the_population_is_named():
    files = with_text(GOOD, "population.csv", "2026,migration,South,7,", "2026,migration,South,7x,")
    rows = [row for row in as_rows(files["population.csv"]) if row[3] != "7x"]
    assert says({**GOOD, "population.csv": as_csv(rows)}, "mid-2026, 'migration', has 49 of 50", "South age 7") is True


def test_more_cannot_move_away_than_cease():
    assert says(with_cell(GOOD, "flows.csv", 6, "children", "41"), "row 6", "transferred than ceased") is True
