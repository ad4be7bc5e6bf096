"""Places on other sites, late openings and an area's own prices: read, refused with a remedy, written back."""

import numpy as np
import pandas as pd
import pytest
from builders import HEADERS, PLACES, as_csv, as_rows, faults, put, read, same, says, small_area, with_cell

from forecast.inputs.area import read_area
from forecast.inputs.cells import Cell, whole
from forecast.inputs.schemas import TABLES, file_columns, optional_columns
from forecast.inputs.schemas_places import ITEMS, LONGEST_DELAY
from forecast.inputs.sheet import read_sheet
from forecast.inputs.write import write_area

OPTIONAL = {"site", "delay"}
HEADER = HEADERS["places"].split(",")
COSTS = "item,provision,need,value,low,high,unit,supported,source"
PRICE = ("place", "special", "ASD", "27000", "25000", "30000", "pounds a year", "yes", "Budget 2026, prices of 2026")


def with_places(*changes, header=(*HEADER, "site", "delay")):
    """The small area with `site` and `delay`, each change a row's dict of cells."""
    rows = [dict(zip(HEADER, row, strict=True)) for row in PLACES]
    rows += [{**rows[0], **change} for change in changes]
    return {**small_area(), "places.csv": as_csv([header, *([row.get(name, "") for name in header] for row in rows)])}


def with_costs(*rows):
    return {**small_area(), "costs.csv": as_csv([COSTS.split(","), *rows])}


def price(**cells):
    return [cells.get(name, said) for name, said in zip(COSTS.split(","), PRICE, strict=True)]


SATELLITE = {"site": "Hill School", "delay": "6", "opens": "2027-09"}


def test_a_file_without_the_optional_columns_says_the_same_as_one_with_blanks():
    assert optional_columns(TABLES["places"]) == OPTIONAL
    assert same(read(small_area()), read(with_places()))
    assert (read(small_area()).places["site"] == "").all()
    assert read(small_area()).places["delay"].isna().all()


def test_one_optional_column_may_be_there_without_the_other():
    area = read(with_places({"site": "Hill School"}, header=(*HEADER, "site")))
    assert area.places["site"].tolist() == ["", "", "", "Hill School"]
    assert area.places["delay"].isna().all()


def test_a_satellite_is_on_its_schools_roll_and_on_anothers_site():
    places = read(with_places(SATELLITE)).places
    assert places["school"].iloc[-1] == places["school"].iloc[0]
    assert (places["site"].iloc[-1], places["delay"].iloc[-1]) == ("Hill School", 6.0)


def test_a_school_may_have_the_same_places_on_several_sites_but_says_each_once():
    sites = [{"site": "Hill School"}, {"site": "Dale School"}]
    assert len(read(with_places(*sites)).places) == 5
    assert says(with_places(*sites, sites[0]), "row 7", "same school, site, provision, nc_from, opens as row 5") is True


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"provision": ""}, ["provision: is blank", "write a provision of area.toml"]),
        ({"opens": "2028-09", "closes": "2027-09"}, ["closes: is not after opens", "write a later month"]),
        ({"opens": "2028-09", "closes": "2028-09"}, ["closes: is not after opens"]),
        ({"district": "Soth"}, ["no district is called 'Soth'", "did you mean 'South'?"]),
        ({"serves": "Wset"}, ["no district is called 'Wset'", "choose from North, South"]),
        ({"serves": ""}, ["serves: is blank", "write `all`"]),
        ({"delay": "-1"}, ["delay: '-1' is out of range", "on time for certain"]),
        ({"delay": str(LONGEST_DELAY + 1)}, ["delay", "is out of range", str(LONGEST_DELAY)]),
        ({"delay": "a year"}, ["delay: 'a year' is not a number"]),
        ({"probability": "1.01"}, ["probability: '1.01' is out of range", "from 0 to 1"]),
        ({"probability": "-0.1"}, ["probability: '-0.1' is out of range"]),
        ({"nc_from": "11", "nc_to": "7"}, ["nc_from: is above nc_to", "write the lower year group first"]),
        ({"places": "10", "taken_by_others": "11"}, ["taken_by_others: is more than places", "write part of places"]),
        ({"site": "Moor Lane School"}, ["site: is the school itself", "leave it blank"]),
        ({"site": "moor lane school"}, ["site: is the school itself"]),
    ],
)
def test_places_that_cannot_be_are_named_with_the_remedy(change, parts):
    assert says(with_places({"opens": "2026-09", **change}), "places.csv, row 5", *parts) is True


def test_a_misspelt_optional_column_is_guessed_and_not_passed_over():
    files = with_places({"site": "Hill School"})
    files["places.csv"] = files["places.csv"].replace(b"site,delay", b"sites,dellay")
    assert says(files, "no column called 'sites' is known", "did you mean 'site'?") is True
    assert says(files, "no column called 'dellay' is known", "did you mean 'delay'?") is True


@pytest.mark.parametrize("end", [b"\n", b"\n\n"], ids=["plain", "with a blank line"])
def test_a_column_is_missed_only_where_a_file_may_not_lack_it(end):
    sheet = read_sheet("t.csv", b"a,b\n1,2" + end, ["a", "b", "c", "d"], optional={"d"})
    assert [(fault.field, fault.what) for fault in sheet.faults] == [("c", "the column is missing")]
    assert not Cell(whole, "write a number").optional


def test_what_is_written_keeps_sites_and_delays_and_adds_no_empty_column(tmp_path):
    with_both = read_area(put(with_places(SATELLITE), tmp_path / "one"))
    again = write_area(tmp_path / "two", with_both.about, with_both.tables, with_both.boundaries)
    assert same(again, with_both)
    assert set(as_rows((again.folder / "places.csv").read_bytes())[0]) == {*HEADER, *OPTIONAL}
    plain = read_area(put(small_area(), tmp_path / "three"))
    without = write_area(tmp_path / "four", plain.about, plain.tables, plain.boundaries)
    assert as_rows((without.folder / "places.csv").read_bytes())[0] == HEADER
    assert same(without, plain)


def test_a_table_made_without_the_optional_columns_can_be_written(tmp_path):
    area = read_area(put(small_area(), tmp_path / "one"))
    places = area.places.drop(columns=sorted(OPTIONAL))
    assert same(write_area(tmp_path / "two", area.about, {**area.tables, "places": places}, area.boundaries), area)


def test_an_area_needs_no_prices_of_its_own():
    area = read(small_area())
    assert area.costs.empty
    assert list(area.costs.columns) == COSTS.split(",")
    assert same(read(with_costs()), area)


def test_an_areas_own_prices_are_read_and_written_back(tmp_path):
    area = read_area(put(with_costs(PRICE, price(need="all", value="26000")), tmp_path / "one"))
    assert area.costs["value"].tolist() == [27_000, 26_000]
    assert area.costs["supported"].tolist() == [True, True]
    again = write_area(tmp_path / "two", area.about, area.tables, area.boundaries)
    pd.testing.assert_frame_equal(again.costs, area.costs)
    assert area.digest != read_area(put(with_costs(PRICE), tmp_path / "three")).digest


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        ({"low": "28000"}, ["low: is above value", "rising order"]),
        ({"high": "26000"}, ["high: is below value", "rising order"]),
        ({"value": "24000"}, ["low: is above value"]),
        ({"item": "plaice"}, ["no item is called 'plaice'", "did you mean 'place'?"]),
        ({"provision": "specail"}, ["no standard provision is called 'specail'", "did you mean 'special'?"]),
        ({"need": "autism"}, ["no standard need is called 'autism'", "choose from ASD"]),
        ({"value": "£27,000"}, ["value: '£27,000' is not a number", "without a sign or commas"]),
        ({"value": "-1"}, ["value: '-1' is out of range"]),
        ({"unit": "pounds"}, ["unit: is not that of the item", "`pounds a year` for place"]),
        ({"unit": "pence"}, ["no unit is called 'pence'"]),
        ({"source": ""}, ["source: is blank"]),
        ({"supported": "perhaps"}, ["supported: 'perhaps' is neither yes nor no"]),
    ],
)
def test_a_price_that_cannot_be_is_named_with_the_remedy(cells, parts):
    assert says(with_costs(price(**cells)), "costs.csv, row 2", *parts) is True


def test_a_rate_written_in_per_cent_is_refused():
    rate = {"item": "discount", "provision": "all", "need": "all", "unit": "share a year"}
    assert says(with_costs(price(**rate, value="3.5", low="3.5", high="3.5")), "write 0.035 for 3.5%") is True
    assert read(with_costs(price(**rate, value="0.035", low="0.03", high="0.04"))).costs["value"].item() == 0.035


def test_capital_counts_over_a_year_at_least():
    life = {"item": "life", "provision": "all", "need": "all", "unit": "years", "value": "30", "high": "60"}
    assert says(with_costs(price(**life, low="0.5")), "low: is less than a year; write 1 or more") is True


def test_a_price_is_said_once():
    assert says(with_costs(PRICE, PRICE), "costs.csv, row 3", "same item, provision, need as row 2") is True


def test_an_unknown_item_is_not_also_a_wrong_unit():
    assert [fault.field for fault in faults(with_costs(price(item="staff")))] == ["item"]


def test_every_fault_of_places_and_prices_is_told_at_once():
    files = with_places({"provision": "", "delay": "-1"}) | {
        "costs.csv": with_costs(price(low="28000"), price(item="x"))["costs.csv"]
    }
    found = {(fault.file, fault.row, fault.field) for fault in faults(files)}
    assert found == {("places.csv", 5, "provision"), ("places.csv", 5, "delay"), ("costs.csv", 2, "low"),
                     ("costs.csv", 3, "item")}  # fmt: skip


def test_every_item_has_a_unit_and_every_column_a_meaning():
    assert set(ITEMS.values()) == {"pounds a year", "pounds", "share a year", "years"}
    for name in ("places", "costs"):
        fields = TABLES[name].to_schema().columns
        assert all(field.description for field in fields.values())
        assert file_columns(TABLES[name]) == list(fields)


def test_the_shipped_areas_read_with_and_without_the_columns():
    assert (read_area("worcestershire").places["site"] == "").all()
    example = read_area("exampleshire").places
    assert (example["site"] != "").sum() == 2
    assert sorted(example["delay"].dropna()) == [0, 12]
    hosts = example[example["site"] != ""]
    assert not np.isclose(
        hosts["lat"], [example.set_index("school")["lat"][name].iloc[0] for name in hosts["school"]]
    ).any()


def test_a_cell_of_the_builder_is_still_a_fault_of_its_row():
    assert says(with_cell(with_places(SATELLITE), "places.csv", 5, "delay", "x"), "row 5, delay: 'x' is not") is True
