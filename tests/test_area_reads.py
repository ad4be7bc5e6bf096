"""An area folder says the same however it is laid out, and what is written reads back."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from builders import (
    BANDS,
    DISTRICTS,
    NEEDS,
    PROVISIONS,
    as_csv,
    as_rows,
    boundaries,
    children,
    put,
    same,
    small_area,
    with_cell,
    with_text,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import UnknownLabel
from forecast.inputs.area import Area, bundled_areas, read_area
from forecast.inputs.sheet import read_sheet


@pytest.fixture
def files():
    return small_area()


@pytest.fixture
def area(files, tmp_path) -> Area:
    return read_area(put(files, tmp_path / "smallshire"))


def test_every_figure_of_the_folder_is_read(area):
    sums = area.placements.query("year == 2025").groupby(["need", "nc_from", "nc_to", "provision"])["children"].sum()
    cells = list(product(NEEDS, BANDS, PROVISIONS))
    assert sums["all", -4, 20, "all"] == sum(children(2025, *cell) for cell in cells)
    assert sums["all", 7, 11, "special"] == sum(children(2025, need, "7..11", "special") for need in NEEDS)
    assert sums["ASD", 0, 0, "all"] == sum(children(2025, "ASD", "0", provision) for provision in PROVISIONS)
    assert area.population.groupby(["mid_year", "district"]).size().eq(25).all()
    assert area.about.name == "Smallshire"
    assert area.about.district_names == DISTRICTS
    assert area.boundaries == boundaries()


def test_columns_are_numbers_and_texts(area):
    kinds = {name: table.dtypes.map(lambda dtype: dtype.kind).to_dict() for name, table in area.tables.items()}
    assert kinds["placements"] == {
        "year": "i",
        "district": "O",
        "need": "O",
        "nc_from": "i",
        "nc_to": "i",
        "provision": "O",
        "children": "f",
        "least": "f",
        "most": "f",
    }
    assert kinds["population"]["people"] == "i"
    assert kinds["places"]["assumed"] == "b"
    assert (area.places["lat"].dtype, area.places["taken_by_others"].dtype) == (np.float64, np.int64)


def test_a_suppressed_count_is_not_zero(area):
    suppressed = area.flows.query("provision == 'special'")["children"]
    assert suppressed.isna().all()


def test_every_year_group_is_minus_4_to_20(area):
    every = area.placements.query("need == 'all' and provision == 'all' and year == 2025").iloc[0]
    assert (every["nc_from"], every["nc_to"]) == (-4, 20)


def test_what_a_school_leaves_blank_has_its_default(area):
    school = area.places.set_index("school").loc["Hill School"]
    assert (school["taken_by_others"], school["opens"], school["ramp"]) == (0, "2027-09", "0.5;0.85;1")
    assert np.isnan(school["lat"])
    assert not school["assumed"]


@pytest.mark.parametrize("name", ["places.csv", "special_rates.csv", "districts.geojson"])
def test_an_area_needs_no_schools_rates_or_boundaries(files, tmp_path, name):
    del files[name]
    area = read_area(put(files, tmp_path))
    table = area.tables.get(name.removesuffix(".csv"))
    assert area.boundaries is None if table is None else (table.empty and len(table.columns) > 4)


@pytest.mark.parametrize(
    "cell",
    ["545", " 545 ", "545.0", "545.", "+545", "\u00a0545"],
    ids=["plain", "blanks", "point", "bare point", "plus", "nbsp"],
)
def test_a_whole_number_may_be_written_in_several_ways(files, area, tmp_path, cell):
    assert area.placements["children"].iloc[0] == 545
    assert same(read_area(put(with_cell(files, "placements.csv", 2, "children", cell), tmp_path)), area)


def rewritten(change):
    """Every file of the small area, each changed alike."""
    return {name: change(content) for name, content in small_area().items()}


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: b"\xef\xbb\xbf" + content,
    ],
    ids=["CRLF", "CR", "BOM"],
)
def test_line_ends_and_a_byte_order_mark_change_nothing(area, tmp_path, change):
    files = rewritten(change)
    if b"\n" not in files["area.toml"]:
        files["area.toml"] = small_area()["area.toml"]  # TOML knows no line that ends in CR alone
    other = read_area(put(files, tmp_path))
    assert same(other, area)
    assert other.digest == area.digest


def test_the_order_of_columns_and_blank_lines_change_nothing(files, area, tmp_path):
    for name in [name for name in files if name.endswith(".csv")]:
        rows = [list(reversed(row)) for row in as_rows(files[name])]
        files[name] = as_csv([*rows[:2], ["" for _ in rows[0]], *rows[2:], []])
    assert same(read_area(put(files, tmp_path)), area)


def test_quotes_round_every_cell_change_nothing(files, area, tmp_path):
    rows = as_rows(files["placements.csv"])
    files["placements.csv"] = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows).encode()
    assert same(read_area(put(files, tmp_path)), area)


def test_any_other_figure_is_another_digest(files, area, tmp_path):
    changed = with_cell(files, "population.csv", 2, "people", "901")
    assert read_area(put(changed, tmp_path)).digest != area.digest


def test_a_bundled_area_is_found_by_its_name(monkeypatch, files, area, tmp_path):
    put(files, tmp_path / "data" / "smallshire")
    (tmp_path / "app.py").touch()
    monkeypatch.setattr("forecast.inputs.bundled._PACKAGE", tmp_path / "forecast")
    assert bundled_areas() == ["smallshire"]
    assert read_area("smallshire").digest == area.digest
    with pytest.raises(UnknownLabel, match="No area called 'smalshire'; did you mean 'smallshire'"):
        read_area("smalshire")


def test_an_unheard_of_folder_is_no_area(tmp_path):
    with pytest.raises(UnknownLabel, match="No area called"):
        read_area(tmp_path / "nowhere")


cells = st.text(st.characters(exclude_categories=["C"], exclude_characters='",'), max_size=4).map(str.strip)


@settings(max_examples=50)
@given(st.lists(st.tuples(cells.filter(bool), cells, cells), max_size=5))
def test_a_file_reads_the_same_with_and_without_quotes(rows):
    columns = ["a", "b", "c"]
    plain = "".join(",".join(row) + "\n" for row in [columns, *rows])
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [columns, *rows])
    one, other = (read_sheet("t.csv", file.encode(), columns) for file in (plain, quoted))
    pd.testing.assert_frame_equal(one.cells, other.cells, check_index_type=False, check_dtype=False)
    assert one.faults == other.faults == ()


def test_capitals_of_yes_and_no_do_not_matter(files, area, tmp_path):
    assert same(read_area(put(with_text(files, "places.csv", ",no,", ",No,"), tmp_path)), area)


def test_schools_of_other_authorities_are_told_apart_in_words(area):
    apart = area.about.model_copy(update={"provisions": {**area.about.provisions, "special_out_of_area": "special"}})
    assert area.about.provision_name("special") == "State special school"
    assert apart.provision_name("special") == "State special school in the area"
    assert apart.provision_name("special_out_of_area") == "State special school out of the area"
