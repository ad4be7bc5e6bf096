import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders_projection import small_projection, with_real_places
from test_tables import HISTORY
from test_words import CALLED_SHORT

from forecast.report.tables import all_tables
from forecast.report.terminal import SHOWN, as_json, console, show
from forecast.report.words import headline, summary

FOLDER = Path("runs/worcestershire-baseline-20261122-101500")


def printed(projection, folder=FOLDER):
    paper = io.StringIO()
    show(projection, all_tables(projection, HISTORY), folder, console(paper), "somewhere")
    return paper.getvalue()


@pytest.fixture(scope="module")
def text():
    return printed(small_projection())


def block(text, title):
    """Lines under a kind of place, without the heads of its columns."""
    return text.split(f"\n{title}", 1)[1].split("\n\n", 1)[0].splitlines()[3:]


def test_it_begins_with_the_answer_and_ends_with_what_to_do_next(text):
    assert " ".join(text.split()).startswith(headline(small_projection()))
    assert "What to do next" in text.split("Files")[1]


def test_a_pipe_gets_plain_text_100_columns_wide(text):
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert text.isascii()


def test_every_year_of_the_table_is_named(text):
    heads = block(text, "State special school")
    assert heads
    for name in (
        "January 2025",
        "(start)",
        "2026/27",
        "now",
        "2031/32",
        "5 years on",
        "2036/37",
        "10 years on",
    ):
        assert name in text
    assert not re.search(r"\b20(2[6-9]|3\d)\b(?!/)", text.split("Needs that grow")[0].replace("2031/32", ""))


def test_the_numbers_are_those_of_the_table():
    projection = with_real_places()
    table = all_tables(projection)["places"]
    lines = block(printed(projection), "State special school")
    secondary = next(line for line in lines if line.startswith("secondary"))
    rows = table[(table["provision"] == "special") & (table["phase"] == "secondary") & (table["measure"] == "children")]
    means = rows.set_index("year")["mean"][list(projection.table_years.values())]
    assert secondary.split()[1:] == [f"{round(mean):,}" for mean in means]


def test_small_numbers_are_not_given_and_empty_phases_are_left_out(text):
    table = all_tables(small_projection())["places"]
    small = table[(table["measure"] == "children") & table["mean"].between(1, 4)]
    assert len(small)
    assert "fewer than 5" in text
    assert not re.search(r"^\S.*  +[1-4](?= |$)", text.split("Needs that grow")[0], re.MULTILINE)


def test_places_and_chances_are_told_only_where_they_are_the_councils_own(text):
    assert CALLED_SHORT.findall(text) == []
    real = block(printed(with_real_places()), "State special school")
    assert [line.split("  ")[0] for line in real if line.startswith(("places", "short", "chance"))] == [
        *("places", "short by", "chance short")
    ]


def test_the_path_of_the_files_is_on_one_line_however_long():
    folder = Path("/a very long path/" * 12) / "run"
    assert str(folder) in printed(small_projection(), folder).splitlines()
    assert "Files" not in printed(small_projection(), None)


def test_words_in_square_brackets_are_printed_as_they_are():
    projection = small_projection()
    about = projection.about.model_copy(update={"notes": ("See [note 1] and [red]this[/red].",)})
    assert "See [note 1] and [red]this[/red]." in printed(replace(projection, about=about))


def test_a_script_reads_the_same_figures():
    projection = with_real_places()
    tables = all_tables(projection, HISTORY)
    told = json.loads(as_json(projection, tables))
    assert told["headline"] == headline(projection)
    assert told["table_years"]["5 years on"] == 2032
    assert set(told["tables"]) == set(SHOWN) & set(tables)
    for name in told["tables"]:
        table = tables[name]
        assert len(told["tables"][name]) == len(table)
        for read, row in zip(told["tables"][name], table.to_dict("records"), strict=True):
            assert all(value == row[key] or (value is None and row[key] != row[key]) for key, value in read.items())


@pytest.mark.parametrize(("kind", "marked"), [("records", True), ("published", False)])
def test_a_councils_own_figures_are_marked_before_any_is_read(kind, marked):
    projection = small_projection(kind=kind)
    assert printed(projection).startswith("OFFICIAL-SENSITIVE") is marked
    assert summary(projection, []).startswith("OFFICIAL-SENSITIVE") is marked
