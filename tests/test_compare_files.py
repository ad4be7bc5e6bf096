"""A comparison drawn, printed, written and for a script: the same figures everywhere, marked where they must be."""

import io
import json
import re
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_compare import FEWER, YEAR, hub_and_bases, listed, priced, said, side_by_side, with_more
from builders_projection import small_projection
from builders_waterfall import made_up

from forecast.decide.measures import ALL_PAYERS, Measure
from forecast.decide.why import Why
from forecast.report import compare_why
from forecast.report.compare_charts import figures
from forecast.report.compare_drawings import APART, lines
from forecast.report.compare_folder import write
from forecast.report.compare_show import as_json, blocks, show
from forecast.report.compare_tables import tables_of
from forecast.report.compare_words import sentences
from forecast.report.phrases import MARKING
from forecast.report.size_folder import FolderThere
from forecast.report.terminal import console


@pytest.fixture(scope="module")
def found():
    return hub_and_bases()


@pytest.fixture(scope="module")
def tables(found):
    return tables_of(found)


def printed(found, folder=None):
    text = io.StringIO()
    show(found, tables_of(found), YEAR, folder, console(text))
    return text.getvalue()


def test_every_chart_has_a_message_a_reading_a_table_and_a_text_alternative(found, tables):
    drawn = figures(found, tables, YEAR)
    assert [figure.name for figure in drawn] == ["special_schools", "difference", "special_rate", "room", "pounds"]
    for figure in drawn:
        spec = figure.chart.to_dict()
        assert " ".join(spec["title"]["text"]) == figure.title
        assert spec["description"] == f"{figure.title}. {figure.reading}"
        assert figure.reading.endswith(".")
        assert len(figure.table) > 5
        del spec["$schema"]
        assert not re.search(r"https?:|//", json.dumps(spec))
    assert drawn[0].title == 'Children in state special schools: 36 fewer in 2029/30 under "Hub" than in the trend'


def test_a_chart_draws_the_numbers_of_its_table(found, tables):
    difference = figures(found, tables, YEAR)[1]
    (drawn,) = difference.chart.to_dict()["datasets"].values()
    at = {(row["scenario"], row["year"]): row["p10"] for row in drawn}
    for row in difference.table.to_dict("records"):
        assert at[row["scenario"], row["year"]] == row["p10"]


def test_names_at_the_ends_of_lines_never_lie_on_each_other():
    ends = [("A", 100.0), ("B", 100.0), ("C", 101.0), ("D", 0.0)]
    rows = [(name, year, value, name) for name, value in ends for year in ("2024/25", "2025/26")]
    table = pd.DataFrame(rows, columns=["name", "academic_year", "mean", "text"])
    every = lines(table, ["A", "B", "C", "D"]).to_dict()["datasets"].values()
    levels = sorted(row["level"] for rows in every for row in rows if "level" in row)
    assert min(np.diff(levels)) >= APART * 101 * 0.999


def test_a_folder_holds_the_answer_its_tables_and_charts_and_is_whole_or_not_there(found, tables, tmp_path):
    folder = write(found, tables, YEAR, tmp_path / "answer")
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"record.json"}
    assert record["files_sha256"] == {name: sha256((folder / name).read_bytes()).hexdigest() for name in files}
    assert {
        "answer.txt",
        "answer.json",
        "differences.csv",
        "scenarios.csv",
        "charts/pounds.svg",
        "charts/room.png",
    } <= files
    written = pd.read_csv(folder / "differences.csv")
    assert written["mean"].to_numpy() == pytest.approx(tables.differences["mean"].to_numpy())
    assert (set(written["area"]), "marking" in written) == ({"Worcestershire"}, False)
    with pytest.raises(FolderThere, match="is there already"):
        write(found, tables, YEAR, folder)
    with pytest.raises(AttributeError):
        write(found, replace(tables, also={"waterfall": None}), YEAR, tmp_path / "broken")
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


def test_a_councils_own_figures_are_marked_in_every_file_and_kept_to_their_owner(tmp_path):
    first = listed()
    found = side_by_side(first, with_more(first, "special", FEWER, name="=1+1"))
    assert found.about.confidential
    why = Why("=1+1", (made_up(about=found.about),))
    folder = write(found, tables_of(found), YEAR, tmp_path / "answer", compare_why.figures([why]))
    assert (folder / ".gitignore").is_file()
    assert (folder / "answer.txt").read_text(encoding="utf-8").startswith(MARKING)
    assert json.loads((folder / "answer.json").read_text(encoding="utf-8"))["marking"] == "OFFICIAL-SENSITIVE"
    for path in folder.rglob("*.csv"):
        table = pd.read_csv(path)
        assert set(table["marking"]) == {"OFFICIAL-SENSITIVE"}
        assert not any(str(cell).startswith("=") for cell in table.get("scenario", []))
    pictures = [*folder.rglob("*.svg")]
    assert {"room", "pounds", "waterfall_1_children"} <= {path.stem for path in pictures}
    for path in pictures:
        assert "OFFICIAL-SENSITIVE" in " ".join(path.read_text(encoding="utf-8").split())
    assert printed(found).startswith("OFFICIAL-SENSITIVE")


def test_the_figures_for_a_script_are_those_of_the_tables_and_hold_no_number_that_is_none(found, tables):
    told = json.loads(as_json(found, tables, YEAR), parse_constant=pytest.fail)
    assert told["answer"] == sentences(found, tables, YEAR)
    assert told["question"] == {"command": "compare", "scenarios": ["baseline", "Hub", "Bases"], "year": YEAR}
    assert {name: len(rows) for name, rows in told["tables"].items()} == {
        name: len(table) for name, table in tables.written.items()
    }
    row = next(
        row
        for row in told["tables"]["differences"]
        if (row["scenario"], row["of"], row["year"]) == ("Hub", ALL_PAYERS, YEAR)
    )
    assert (row["measure"], row["unit"]) == (Measure.POUNDS, "pounds")


def test_what_is_printed_can_be_read_aloud_and_names_each_scenario(found):
    text = " ".join(printed(found).split())
    assert text.startswith('Under "Hub" there would be 36 fewer children')
    for words in (
        "Children in state special schools",
        "Pounds: high needs block",
        "Special school rate",
        "Words",
        "--to FOLDER",
    ):
        assert words in text
    assert "│" not in text


def test_an_area_whose_england_is_not_known_is_set_against_none():
    first = priced(small_projection(draws=12))
    blank = replace(first, england_special_rate=xr.full_like(first.england_special_rate, np.nan))
    found = side_by_side(blank, with_more(blank, "special", FEWER, name="Hub"))
    assert not any("England" in line for line in said(found))
    assert "England" not in figures(found, tables_of(found), YEAR)[2].reading


def test_no_table_on_the_screen_is_wider_than_it_and_each_begins_with_the_first_scenario():
    first = priced()
    names = [f"A rather long name of a scenario, number {number}" for number in range(1, 6)]
    found = side_by_side(first, *(with_more(first, "base", [9] * 12, name=name) for name in names))
    assert [len(block) for block in blocks(found.names)] == [3, 3, 2]
    assert {block[0] for block in blocks(found.names)} == {"baseline"}
    text = printed(found)
    assert text.count("Pounds: general fund") == 3
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100


def test_the_end_of_a_line_says_its_figure_first_and_the_whole_of_a_long_name():
    first, name = priced(), "Children come home, fees are unchanged, and bases grow"
    found = side_by_side(first, with_more(first, "special", FEWER, name=name))
    drawn = figures(found, tables_of(found), YEAR)
    for figure in (drawn[0], drawn[2], drawn[3]):
        rows = [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows if "level" in row]
        (end,) = [row["text"] for row in rows if row["name"] == name]
        assert re.match(r"[\d,.]+: Children come home", end.replace("\n", " "))
        assert end.replace("\n", " ").endswith(name)


def test_a_name_of_two_lines_has_room_for_both():
    ends = (("Ab ", 100.0), ("Cd ", 100.0), ("Ef ", 110.0))
    years = ("2024/25", "2025/26")
    rows = [(name, year, value, f"{value:.0f}: {name * 20}") for name, value in ends for year in years]
    table = pd.DataFrame(rows, columns=["name", "academic_year", "mean", "text"])
    every = lines(table, ["Ab ", "Cd ", "Ef "]).to_dict()["datasets"].values()
    drawn = [row for rows in every for row in rows if "level" in row]
    assert all(row["text"].count("\n") == 1 for row in drawn)
    levels = sorted(row["level"] for row in drawn)
    assert min(np.diff(levels)) >= 2 * APART * 10 * 0.999
    assert all(len(line) <= 32 for row in drawn for line in row["text"].split("\n"))
