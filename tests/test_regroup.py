"""Districts become proposed unitaries: every total exact to the child, and nothing split that was not counted apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders import as_csv, put, same, small_area
from builders_districts import DISTRICTS, about, squares, tables

from forecast.errors import InputFaults, UnknownLabel
from forecast.inputs.area import read_area
from forecast.inputs.regroup import regroup
from forecast.inputs.write import write_area

NORTH_SOUTH = {"Ash": "North", "Birch": "North", "Cedar": "South", "Dove": "South"}


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    return write_area(tmp_path_factory.mktemp("area") / "fourshire", about(), tables(), squares())


def units(folder, mapping):
    """A map as a file."""
    file = folder / "map.csv"
    file.write_bytes(as_csv([["district", "unit"], *mapping]))
    return file


def regrouped(area, folder, mapping=NORTH_SOUTH, unit=""):
    """The area regrouped, written and read back."""
    made = regroup(area, units(folder, mapping.items()), unit)
    return write_area(folder / "new", made.about, made.tables, made.boundaries)


@pytest.mark.parametrize("table", ["placements", "flows", "moves", "funnel", "population"])
def test_every_total_is_exact_before_and_after(area, tmp_path, table):
    new = regrouped(area, tmp_path)
    count = "people" if table == "population" else "children"
    before = area.tables[table].assign(district=area.tables[table]["district"].map(NORTH_SOUTH))
    keys = [column for column in before if column not in {"children", "people", "least", "most"}]
    by_hand = {}
    for row in before.to_dict("records"):
        by_hand.setdefault(tuple(row[key] for key in keys), []).append(row[count])
    after = {tuple(row[key] for key in keys): row[count] for row in new.tables[table].to_dict("records")}
    assert set(after) == set(by_hand)
    assert len(after) < len(before)
    for cell, parts in by_hand.items():
        assert after[cell] == sum(parts) or (np.isnan(after[cell]) and np.isnan(sum(parts)))


def test_suppressed_ranges_are_added_as_ranges(area, tmp_path):
    keys = ["year", "need", "nc_from", "provision"]
    before, after = area.placements, regrouped(area, tmp_path).placements
    for row in after.to_dict("records"):
        parts = before[before["district"].map(NORTH_SOUTH).eq(row["district"])]
        parts = parts[(parts[keys] == [row[key] for key in keys]).all(axis=1)]
        if parts["least"].notna().all():
            assert (row["least"], row["most"]) == (parts["least"].sum(), parts["most"].sum())
            assert np.isnan(row["children"]) == parts["children"].isna().any()
        else:
            assert np.isnan([row["children"], row["least"], row["most"]]).all()
    assert (after["most"] > after["least"]).any()
    assert after["most"].isna().any()


def test_a_map_onto_itself_changes_nothing(area, tmp_path):
    new = regrouped(area, tmp_path, dict(zip(DISTRICTS, DISTRICTS, strict=True)))
    assert same(new, area)
    assert new.digest == area.digest


def test_the_order_of_the_map_is_of_no_account(area, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = regrouped(area, tmp_path / "one")
    two = regrouped(area, tmp_path / "two", dict(reversed(NORTH_SOUTH.items())))
    assert one.digest == two.digest


def test_what_a_unit_is_made_of_is_said(area, tmp_path):
    new = regrouped(area, tmp_path)
    assert new.about.district_names == ("North", "South")
    assert [district.code for district in new.about.districts] == ["", ""]
    assert new.about.la_code == "999"
    assert "North: Ash, Birch; South: Cedar, Dove" in new.about.notes[-1]


def test_a_unit_of_one_district_keeps_its_code_and_outline(area, tmp_path):
    new = regrouped(area, tmp_path, NORTH_SOUTH | {"Cedar": "Dove", "Dove": "Cedarland"})
    assert {district.name: district.code for district in new.about.districts} == {
        "North": "",
        "Dove": "E07000002",
        "Cedarland": "E07000003",
    }
    shapes = {feature["properties"]["name"]: feature["geometry"] for feature in new.boundaries["features"]}
    assert shapes["Cedarland"] == squares()["features"][3]["geometry"]


def test_outlines_of_a_unit_are_those_of_its_districts(area, tmp_path):
    shapes = regrouped(area, tmp_path).boundaries["features"]
    assert [shape["geometry"]["type"] for shape in shapes] == ["MultiPolygon", "MultiPolygon"]
    assert [len(shape["geometry"]["coordinates"]) for shape in shapes] == [2, 3]


def test_schools_are_where_they_were_and_serve_the_units_of_their_districts(area, tmp_path):
    found = regrouped(area, tmp_path).places.set_index("school")
    assert found["district"].to_dict() == {
        "Ash School": "North", "Birch School": "North", "Border School": "North", "Dove School": "South",
        "Filled now": "all",
    }  # fmt: skip
    assert found["serves"].to_dict() == {
        "Ash School": "all", "Birch School": "North", "Border School": "North;South", "Dove School": "South",
        "Filled now": "all",
    }  # fmt: skip
    assert found["places"].sum() == area.places["places"].sum()


def test_one_unit_keeps_its_districts_and_its_own_counts_only(area, tmp_path):
    new = regrouped(area, tmp_path, unit="North")
    assert new.about.name == "North"
    assert new.about.district_names == ("Ash", "Birch")
    for name in ("placements", "flows", "moves", "funnel", "population"):
        mine = area.tables[name][area.tables[name]["district"].isin(["Ash", "Birch"])].reset_index(drop=True)
        pd.testing.assert_frame_equal(new.tables[name], mine)
    assert [feature["properties"]["name"] for feature in new.boundaries["features"]] == ["Ash", "Birch"]


def test_one_unit_is_no_authority_and_takes_no_published_series(area, tmp_path):
    new = regrouped(area, tmp_path, unit="North")
    assert new.about.la_code == ""
    assert new.special_rates.empty
    assert new.checks.empty
    said = "\n".join(new.about.notes)
    assert "left out: checks.csv, special_rates.csv" in said
    assert "no number at DfE" in said


def test_one_unit_has_the_schools_that_serve_it_but_no_assumed_places(area, tmp_path):
    found = regrouped(area, tmp_path, unit="South").places.set_index("school")
    assert found["serves"].to_dict() == {"Ash School": "all", "Border School": "Cedar", "Dove School": "Dove"}
    assert found["district"].to_dict() == {"Ash School": "all", "Border School": "all", "Dove School": "Dove"}


def test_units_cut_out_one_by_one_add_up_to_the_area(area, tmp_path):
    parts = []
    for unit in ("North", "South"):
        (tmp_path / unit).mkdir()
        parts.append(regrouped(area, tmp_path / unit, unit=unit).moves["children"].sum())
    assert sum(parts) == area.moves["children"].sum()


def test_a_unit_of_every_district_is_the_whole_area(area, tmp_path):
    new = regrouped(area, tmp_path, dict.fromkeys(DISTRICTS, "Allshire"), unit="Allshire")
    assert new.about.la_code == "999"
    assert all(new.tables[name].equals(area.tables[name]) for name in area.tables)


@pytest.mark.parametrize(
    ("mapping", "what"),
    [
        ([("Ash", "N"), ("Birch", "N"), ("Cedar", "S")], "'Dove' has no row"),
        ([*NORTH_SOUTH.items(), ("Ash", "South")], "map.csv, row 6, district: the district has a row already"),
        ([*NORTH_SOUTH.items(), ("Dov", "South")], "row 6, district: no district is called 'Dov'; did you mean 'Dove'"),
        ([*list(NORTH_SOUTH.items())[:3], ("Dove", "")], "row 5, unit: '' cannot be the name of a unit"),
        ([*list(NORTH_SOUTH.items())[:3], ("Dove", "all")], "row 5, unit: 'all' cannot be the name of a unit"),
        ([*list(NORTH_SOUTH.items())[:3], ("Dove", "A;B")], "row 5, unit: 'A;B' cannot be the name of a unit"),
    ],
)
def test_a_bad_map_is_named(area, tmp_path, mapping, what):
    with pytest.raises(InputFaults) as error:
        regroup(area, units(tmp_path, mapping))
    assert what in str(error.value)


def test_a_map_without_its_columns_or_its_file_is_named(area, tmp_path):
    (tmp_path / "map.csv").write_text("place,unit\nAsh,North\n")
    with pytest.raises(InputFaults, match="district: the column is missing"):
        regroup(area, tmp_path / "map.csv")
    with pytest.raises(InputFaults, match="cannot be read"):
        regroup(area, tmp_path / "nothing.csv")


def test_a_unit_that_the_map_lacks_is_named(area, tmp_path):
    with pytest.raises(UnknownLabel, match="did you mean 'North'"):
        regroup(area, units(tmp_path, NORTH_SOUTH.items()), "Nroth")


def published(folder):
    """An area whose districts have no counts of their own."""
    return read_area(put(small_area(), folder / "smallshire"))


def test_counts_of_a_whole_area_are_not_shared_among_units(tmp_path):
    area = published(tmp_path)
    mapping = units(tmp_path, [("North", "One"), ("South", "Two")])
    with pytest.raises(InputFaults, match="counts children of the whole area only, which no map can share among units"):
        regroup(area, mapping, "One")


def test_districts_without_counts_of_their_own_are_not_put_together(area, tmp_path):
    together = area.placements.assign(district="all").drop_duplicates(["year", "need", "nc_from", "provision"])
    mapping = units(tmp_path, NORTH_SOUTH.items())
    with pytest.raises(InputFaults, match=r"placements\.csv, district: counts children of the whole area only"):
        regroup(replace(area, placements=together), mapping)


def test_published_districts_may_be_renamed_or_made_one(tmp_path):
    area = published(tmp_path)
    renamed = regroup(area, units(tmp_path, [("North", "One"), ("South", "Two")]))
    assert renamed.about.district_names == ("One", "Two")
    whole = regroup(area, units(tmp_path, [("North", "One"), ("South", "One")]))
    assert whole.tables["population"]["people"].sum() == area.population["people"].sum()
    assert whole.tables["placements"].equals(area.placements)
