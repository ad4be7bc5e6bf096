"""What is written reads back; what cannot be written whole is not written at all."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from builders import as_rows, put, same, small_area
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import InputFaults, UnknownLabel
from forecast.inputs.about import About
from forecast.inputs.area import Area, read_area
from forecast.inputs.area_toml import about_text, read_about
from forecast.inputs.cells import text, written
from forecast.inputs.write import CannotWrite, write_area


@pytest.fixture
def files():
    return small_area()


@pytest.fixture
def area(files, tmp_path) -> Area:
    return read_area(put(files, tmp_path / "smallshire"))


def test_an_area_reads_back_as_it_was_written(area, tmp_path):
    again = write_area(tmp_path / "again", area.about, area.tables, area.boundaries)
    assert same(again, area)
    third = write_area(tmp_path / "third", again.about, again.tables, again.boundaries)
    assert third.digest == again.digest


def test_year_groups_may_be_written_as_in_the_file(area, tmp_path):
    spans = area.placements[["nc_from", "nc_to"]].itertuples(index=False)
    nc_year = ["all" if span == (-4, 20) else f"{span[0]}..{span[1]}" for span in spans]
    placements = area.placements.drop(columns=["nc_from", "nc_to"]).assign(nc_year=nc_year)
    again = write_area(tmp_path / "again", area.about, {**area.tables, "placements": placements})
    pd.testing.assert_frame_equal(again.placements, area.placements)


def test_an_area_is_not_replaced_unasked(area):
    before = area.digest
    with pytest.raises(CannotWrite, match="--replace"):
        write_area(area.folder, area.about, area.tables)
    assert read_area(area.folder).digest == before


def test_replacing_keeps_what_is_not_given(area):
    (area.folder / "fees.csv").write_text("provision,cost\n")
    (area.folder / "papers").mkdir()
    (area.folder / "papers" / "cabinet.txt").write_text("a paper")
    tables = {"flows": area.flows, "special_rates": area.special_rates.iloc[:0]}
    again = write_area(area.folder, area.about, tables, replace=True)
    assert again.special_rates.empty
    assert not (area.folder / "special_rates.csv").exists()
    assert (area.folder / "fees.csv").read_text() == "provision,cost\n"
    assert (area.folder / "papers" / "cabinet.txt").read_text() == "a paper"
    pd.testing.assert_frame_equal(again.places, area.places)
    assert again.boundaries == area.boundaries


def everything(folder):
    """Every file below `folder` and its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_suppressed_count_is_a_range_and_not_zero(area, tmp_path):
    placements = area.placements.astype({"children": float})
    some = placements.index[(placements["year"] == 2024) & (placements["provision"] == "base")][0]
    placements.loc[some, ["children", "least", "most"]] = [np.nan, 1, 4]
    again = write_area(tmp_path / "again", area.about, {**area.tables, "placements": placements})
    assert ",1..4\n" in (again.folder / "placements.csv").read_text()
    found = again.placements.loc[again.placements["least"] != again.placements["most"]]
    assert found[["least", "most"]].to_numpy().tolist() == [[1, 4]]
    assert found["children"].isna().all()


@pytest.mark.skipif(os.name != "posix", reason="owners and their rights are POSIX's")
@pytest.mark.parametrize(("kind", "synthetic", "private"), [("records", False, True), ("records", True, False)])
def test_counts_of_real_children_are_for_their_owner_and_for_no_repository(area, tmp_path, kind, synthetic, private):
    about = area.about.model_copy(update={"kind": kind, "synthetic": synthetic})
    made = write_area(tmp_path / "counted", about, area.tables).folder
    again = write_area(made, about, area.tables, replace=True).folder
    for folder in (made, again):
        assert (folder / ".gitignore").exists() is private
        assert ("OFFICIAL-SENSITIVE" in (folder / "area.toml").read_text()) is private
        assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.iterdir()]) is private
    published = write_area(made, area.about, area.tables, replace=True).folder
    assert not (published / ".gitignore").exists()


def test_a_gitignore_of_the_user_s_own_stays_in_a_published_area(area):
    own = area.folder / ".gitignore"
    own.write_bytes(b"*.bak\n")
    before = area.folder.stat().st_mode
    write_area(area.folder, area.about, area.tables, replace=True)
    assert own.read_bytes() == b"*.bak\n"
    assert os.name != "posix" or area.folder.stat().st_mode == before


def test_an_unsound_area_is_not_written(area, tmp_path):
    before = everything(tmp_path)
    halves = area.placements.assign(children=area.placements["children"] / 2)
    for name, replace in (("again", False), (area.folder.name, True)):
        with pytest.raises(InputFaults, match=r"placements\.csv"):
            write_area(tmp_path / name, area.about, {**area.tables, "placements": halves}, replace=replace)
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [area.folder.name]


@pytest.mark.parametrize("killed_at", ["inputs.write.read_area", "folders._swap", "inputs.write._carry_over"])
def test_an_interrupted_write_leaves_the_old_area_and_no_litter(monkeypatch, area, tmp_path, killed_at):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = everything(tmp_path)
    monkeypatch.setattr(f"forecast.{killed_at}", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_area(area.folder, area.about, area.tables, replace=True)
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [area.folder.name]


def test_the_old_area_gets_its_name_back_if_the_new_one_cannot_have_it(monkeypatch, area, tmp_path):
    before = everything(tmp_path)
    rename = type(tmp_path).rename

    def fails_for_the_new(path, target):
        if target == area.folder and not path.name.endswith("-old"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", fails_for_the_new)
    with pytest.raises(CannotWrite, match="No space left on device"):
        write_area(area.folder, area.about, area.tables, replace=True)
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [area.folder.name]


def test_a_folder_that_is_no_area_is_never_replaced(area, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with pytest.raises(CannotWrite, match="no area folder"):
        write_area(tmp_path / "letters", area.about, area.tables, replace=True)
    with pytest.raises(CannotWrite, match="make it first"):
        write_area(tmp_path / "nowhere" / "area", area.about, area.tables)


def test_an_unknown_table_is_refused(area, tmp_path):
    with pytest.raises(UnknownLabel, match="No table called 'placement'; did you mean 'placements'"):
        write_area(tmp_path / "again", area.about, {"placement": area.placements})


@pytest.mark.parametrize(("kind", "synthetic", "owner_only"), [("counts", False, True), ("published", False, False)])
def test_a_council_s_counts_are_for_their_owner_only(area, tmp_path, kind, synthetic, owner_only):
    about = area.about.model_copy(update={"kind": kind, "synthetic": synthetic})
    again = write_area(tmp_path / "again", about, area.tables)
    others = again.folder.stat().st_mode & 0o077
    assert (others == 0) is owner_only
    assert ("OFFICIAL-SENSITIVE" in (again.folder / "area.toml").read_text()) is owner_only


def test_no_cell_that_is_written_is_a_formula(area, tmp_path):
    places = area.places.assign(source=["=1+1", "-cmd|' /C calc'!A0", "@sum(a1)"])
    again = write_area(tmp_path / "again", area.about, {**area.tables, "places": places})
    cells = [cell for row in as_rows((again.folder / "places.csv").read_bytes()) for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=+@")] == []
    assert [cell for cell in cells if cell.startswith("-") and not cell[1:2].isdigit()] == []
    assert again.places["source"].tolist() == places["source"].tolist()


@pytest.mark.parametrize("name", ["=South", "+South", "-South", "@South", "'=South", 'South, "the" rest'])
def test_a_district_may_be_called_what_looks_like_a_formula(files, tmp_path, name):
    quoted = json.dumps(name)
    renamed = {
        "area.toml": files["area.toml"].replace(b'"South"', quoted.encode()),
        "districts.geojson": files["districts.geojson"].replace(b'"South"', quoted.encode()),
    }
    area = read_area(put(files, tmp_path / "old"))
    about = read_about(renamed["area.toml"])
    tables = {key: table.replace({"South": name, "North;South": f"{name};North"}) for key, table in area.tables.items()}
    again = write_area(tmp_path / "new", about, tables, json.loads(renamed["districts.geojson"]))
    assert again.places["serves"].tolist() == ["all", f"{name};North", "all"]
    assert set(again.population["district"]) == {"North", name}


@given(st.text())
def test_a_text_made_safe_reads_as_it_was(said):
    assert text(written(said)) == said
    assert not written(said).startswith(("=", "+", "@", "\t", "\r")) or written(said)[1:2].isdigit() or "." in said


names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=";"), min_size=1, max_size=12).filter(
    lambda name: name not in {"all", "not_recorded"}
)


@given(
    name=st.text(),
    notes=st.lists(st.text(), max_size=3),
    needs=st.lists(names, unique=True),
    districts=st.lists(names, min_size=1, max_size=4, unique=True),
)
def test_what_an_area_is_called_reads_back(name, notes, needs, districts):
    about = About(
        format=1,
        name=name,
        kind="counts",
        latest_census=2025,
        needs=dict.fromkeys(needs, "own"),
        provisions={"hub": "own", "special": "special"},
        districts=[{"name": district} for district in districts],
        notes=notes,
        sources=[{"table": "flows.csv", "status": "England's", "source": name}],
    )
    assert read_about(about_text(about).encode()) == about


def test_a_margin_of_boundaries_is_kept_as_it_is(files, area, tmp_path):
    outlines = json.loads(files["districts.geojson"])
    outlines["features"][0]["properties"]["area"] = 12.5
    again = write_area(tmp_path / "again", area.about, area.tables, outlines)
    assert again.boundaries == outlines
