"""The card of alternative provision says first how weak its evidence is, and every number in it comes from tables."""

import re
from dataclasses import replace

import pytest

from forecast.ap.national import AP_SCHOOL, LA_FUNDED
from forecast.backtest.ap import NATIONAL, NO_CHANGE
from forecast.backtest.cells import OURS
from forecast.errors import ModelError
from forecast.inputs.bundled import bundled
from forecast.learning import _alternative
from forecast.report.ap_card import ap_card, falls_short, section
from forecast.report.ap_card_files import ApTables, read_ap_card, write_ap

SHIPPED = bundled("models", "england")
FILES = [
    "backtest.csv",
    "card.md",
    "coverage.csv",
    "growth.csv",
    "rates.csv",
    "scores.csv",
    "settings.csv",
    "spread.csv",
]


@pytest.fixture(scope="module")
def tables():
    return read_ap_card(SHIPPED)


@pytest.fixture(scope="module")
def said(tables):
    return ap_card(tables)


def part(text, heading):
    """Text under a heading, to the next of its kind."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def mean(tables, series, method, ahead):
    scores = tables.scores
    rows = scores[(scores["series"] == series) & (scores["method"] == method) & (scores["ahead"] == ahead)]
    return sum(rows["wape"]) / len(rows)


def whole(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_model_and_card_that_ship_are_what_the_rolls_that_ship_teach(tmp_path):
    _alternative(None, None, tmp_path)
    assert sorted(whole(tmp_path / "ap")) == FILES
    assert whole(tmp_path / "ap") == whole(SHIPPED / "ap")


def test_the_card_that_ships_is_made_from_the_tables_that_ship(said):
    assert (SHIPPED / "ap" / "card.md").read_text(encoding="utf-8") == said


def test_how_weak_the_evidence_is_comes_first(said):
    assert re.findall(r"^## (.+)$", said, re.MULTILINE)[0] == "How weak this evidence is"
    weak = part(said, "How weak this evidence is")
    for words in (
        "Six Januaries.",
        "Two of them in the pandemic.",
        "it was made after looking at January 2022 and 2023",
        "AP that schools arrange was never tested.",
        "last published for January 2023",
        "as the press quotes them",
        "4 Januaries to forecast from and 9 pairs",
        "3 pairs from two Januaries",
        "Northamptonshire in 2021",
    ):
        assert words in weak


def test_errors_and_hits_are_those_of_the_tables(tables, said):
    plain = part(said, "In plain words")
    for series, start in ((LA_FUNDED, "Placements that"), (AP_SCHOOL, "AP schools, all children")):
        paragraph = next(text for text in plain.strip().split("\n\n") if text.startswith(start))
        assert f"out by {mean(tables, series, OURS, 1):.0%} one year ahead" in paragraph
        assert f"no change: {mean(tables, series, NO_CHANGE, 3):.0%}" in paragraph
        held = tables.coverage[(tables.coverage["series"] == series) & (tables.coverage["size"] == "all")]
        two = held[held["ahead"] == 2]
        assert f"{two['hits'].sum()} of {two['outcomes'].sum()} two years ahead" in paragraph


def test_no_error_is_typed_in(tables):
    doubled = replace(tables, scores=tables.scores.assign(wape=2 * tables.scores["wape"]))
    text = ap_card(doubled)
    assert f"out by {2 * mean(tables, LA_FUNDED, OURS, 1):.0%} one year ahead" in part(text, "In plain words")
    assert f"| {2 * mean(tables, LA_FUNDED, NATIONAL, 3):.1%} |" in part(text, "Error beside simple rules")
    assert f"| {2 * mean(tables, LA_FUNDED, OURS, 3):.1%} |" in "".join(section(doubled))


def test_each_january_stands_by_itself_with_every_method(tables, said):
    lines = re.findall(
        r"^\| January \d{4} \((?:choosing|test)\) .*$", part(said, "Error from each January"), re.MULTILINE
    )
    assert len(lines) == 3 * 9
    one = tables.scores[(tables.scores["series"] == LA_FUNDED) & (tables.scores["origin"] == 2022)]
    line = lines[8]
    assert line.startswith("| January 2022 (test) | 1 | ")
    assert all(f"{error:.1%}" in line for error in one["wape"])


def test_what_falls_short_names_every_rule_that_was_as_close_and_none_that_was_not(tables):
    best = tables.scores.assign(wape=tables.scores["wape"].where(tables.scores["method"] != OURS, 0.001))
    assert len(list(falls_short(best))) == 2  # the worst start, and how far out all are
    worse = tables.scores.assign(wape=tables.scores["wape"].where(tables.scores["method"] != OURS, 0.9))
    lines = list(falls_short(worse))
    assert sum(NATIONAL in line for line in lines) == 9 + 27
    assert sum("January 2021, one year ahead" in line for line in falls_short(tables.scores)) == 2


def test_the_path_that_ships_neither_doubles_nor_vanishes_and_one_that_did_would_be_told(tables, said):
    assert "nothing doubles and nothing vanishes" in part(said, "The path that ships")
    wild = replace(tables, growth=tables.growth.assign(log_growth=2 * tables.growth["log_growth"]))
    text = part(ap_card(wild), "The path that ships")
    assert "which is too far: do not use it that long" in text
    assert "nothing doubles" not in text


def test_the_larger_card_says_how_weak_it_is_and_where_the_rest_stands(tables):
    text = "\n".join(section(tables))
    assert "a very weak one" in text
    assert "(ap/card.md)" in text
    assert (SHIPPED / "card.md").read_text(encoding="utf-8").count(text.split("\n")[0]) == 1


def test_a_table_that_is_missing_or_damaged_is_named(tables, tmp_path):
    write_ap(ApTables(tables, tables.settings, tables.scores), tmp_path)
    path = tmp_path / "ap" / "coverage.csv"
    path.write_text("series,hits\n")
    with pytest.raises(ModelError, match=r"damaged: coverage\.csv"):
        read_ap_card(tmp_path)
    path.unlink()
    with pytest.raises(ModelError, match=r"coverage\.csv is missing\. Make it again with: forecast fit"):
        read_ap_card(tmp_path)


def test_a_write_that_fails_leaves_the_last_good_folder(tables, tmp_path):
    write_ap(ApTables(tables, tables.settings, tables.scores), tmp_path)
    before = whole(tmp_path / "ap")
    broken = replace(tables, coverage=tables.coverage.drop(columns="hits"))
    with pytest.raises(KeyError):
        write_ap(ApTables(broken, tables.settings, tables.scores), tmp_path)
    assert whole(tmp_path / "ap") == before
    assert [path.name for path in tmp_path.iterdir()] == ["ap"]
