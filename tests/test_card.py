"""The card says first what falls short, and every number in it comes from the tables."""

import re
from dataclasses import replace

import numpy as np
import pytest
from builders_card import FIRST, LAST, METHODS, our_error, small_tables, tried

from forecast.backtest.cells import OURS
from forecast.report.card import card
from forecast.report.card_bars import bars, short_of, summary
from forecast.report.card_charts import card_figures
from forecast.report.card_words import METHODS as NAMES
from forecast.report.card_words import NUMBERS
from forecast.report.phrases import capped
from forecast.series.targets import HORIZONS, PLANS, SPECIAL_STATE, TARGETS


@pytest.fixture(scope="module")
def tables():
    return small_tables()


@pytest.fixture(scope="module")
def said(tables):
    return card(tables, tried(), card_figures(tables))


def said_as(share):
    """A share as the card says it: whole per cent from ten on."""
    return f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"


def part(text, heading):
    """Text under a heading, to the next of its kind."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_what_falls_short_is_said_first(said):
    assert re.findall(r"^## (.+)$", said, re.MULTILINE)[0] == "What falls short"


def test_every_bar_that_is_not_passed_is_in_the_first_section(tables, said):
    failed = [bar for bar in bars(tables.gates) if not bar.passed]
    assert len(failed) > 5
    first = part(said, "What falls short")
    for bar in failed:
        assert f"{capped(bar.series)}: {bar.what}: " in first
        assert bar.value in first


def test_where_every_bar_is_passed_none_is_said_to_fall_short(tables):
    passed = replace(tables, gates=tables.gates.assign(passed=True))
    text = card(passed, tried(), card_figures(passed))
    assert short_of(passed.gates) == []
    assert "The bar:" not in text
    assert "**falls short**" not in text
    assert "The means hide bad starts" in part(text, "What falls short")


def test_a_bar_that_is_failed_later_is_said_too(tables):
    value = tables.gates["value"].mask(tables.gates.index == 0, 1.5)
    failing = replace(tables, gates=tables.gates.assign(value=value, passed=tables.gates.index != 0))
    assert [line.split(":")[0] for line in short_of(failing.gates)] == ["All plans"]
    assert "150.0% one year ahead" in short_of(failing.gates)[0]
    assert (
        summary(failing.gates)[0] == f"{len(bars(failing.gates)) - 1} of {len(bars(failing.gates))} bars were passed."
    )


def test_every_bar_stands_in_the_card_with_its_value_and_outcome(tables, said):
    section = part(said, "Every bar")
    found = bars(tables.gates)
    assert len(found) == len(tables.gates) - len(TARGETS) * len(HORIZONS)  # the two ends of a range are one bar
    for bar in found:
        outcome = "passed" if bar.passed else "**falls short**"
        assert f"| {bar.series} | {bar.ahead} | {bar.value} | {bar.bar} | {outcome} |" in section
    assert section.count("| passed |") + section.count("| **falls short** |") == len(found)


def test_a_bar_of_two_ends_is_passed_only_if_both_are(tables):
    name = "highest coverage, origins drawn again"
    at = tables.gates.index[tables.gates["name"].eq(name)]
    every = tables.gates.assign(passed=True)
    one = every.assign(passed=every.index != at[0])
    assert sum(not bar.passed for bar in bars(one)) == 1


def test_the_error_in_words_is_the_one_the_cells_were_made_with(said):
    words = part(said, "In plain words")
    assert f"children with a plan was out by {said_as(our_error())} in an authority" in words
    assert f"in state special schools was out by {said_as(our_error(SPECIAL_STATE))} in an authority" in words
    no_change = our_error() * METHODS["naive"] / METHODS[OURS]
    assert f"assumed no change would have been out by {said_as(no_change)};" in words


def test_no_error_in_the_card_is_typed_in(tables, said):
    doubled = replace(tables, scores=tables.scores.assign(wape=2 * tables.scores["wape"]))
    text = card(doubled, tried(), card_figures(doubled))
    assert f"children with a plan was out by {said_as(2 * our_error())} in an authority" in text
    assert f"out by {said_as(our_error())} in an authority" not in part(text, "In plain words")
    assert part(text, "Too many or too few, from each January") == part(said, "Too many or too few, from each January")


def test_the_bad_start_is_named_with_how_far_out_it_was(tables, said):
    row = tables.scores.set_index(["target", "method", "origin", "ahead"]).loc[(PLANS, OURS, FIRST, 5)]
    first = part(said, "What falls short")
    assert f"from January {FIRST} the number of plans five years on was out by {said_as(row['wape'])}" in first
    assert f"{abs(np.expm1(row['bias'])):.0%} too" in first


def test_each_january_stands_beside_every_method_of_the_run(said):
    section = part(said, "Error from each January, every method")
    lines = re.findall(r"^\| January \d{4} \((choosing|test)\) .*$", section, re.MULTILINE)
    starts = sum(origin + ahead <= LAST for origin in range(FIRST, LAST) for ahead in HORIZONS)
    assert len(lines) == len(TARGETS) * starts
    for header in re.findall(r"^\| \w+ years? ahead \|.*$", section, re.MULTILINE):
        assert [cell.strip() for cell in header.split("|")[2:-1]] == [NAMES[name] for name in NAMES if name in METHODS]


def test_outcomes_for_choosing_and_for_the_test_are_kept_apart(tables, said):
    rows = tables.scores.query("target == @PLANS and method == @OURS and ahead == 3")
    early, late = (rows[rows["origin"] + 3 <= 2021]["wape"], rows[rows["origin"] + 3 > 2021]["wape"])
    line = next(line for line in part(said, "Choosing and test apart").splitlines() if "| all plans | three" in line)
    cells = [cell.strip() for cell in line.split("|")]
    assert cells[3] == f"{said_as(early.mean())} ({len(early)})"
    assert cells[6] == f"{said_as(late.mean())} ({len(late)})"


def test_england_and_its_regions_are_hits_of_all_forecasts(tables, said):
    table = tables.england_and_regions
    hits = table["actual"].between(table["p10"], table["p90"])
    england = table["region"].eq("England") & table["target"].eq(PLANS) & table["ahead"].eq(5)
    line = next(line for line in part(said, "England and its regions").splitlines() if line.startswith("| all plans"))
    assert f"| {hits[england].sum()} of {england.sum()} |" in line
    assert hits[england].sum() < england.sum()


def test_what_was_not_tested_is_said(said):
    section = part(said, "What it cannot tell")
    for start in (
        "By need: not",
        "By district: not",
        "By age and kind of place together: hardly",
        "More than five years",
    ):
        assert f"**{start}" in section


def test_who_was_left_out_is_named(said):
    assert "| January 2024 | Bexter; Farset and Bournmouth |" in part(said, "What was left out")


def test_what_was_tried_is_there_kept_or_not(said):
    section = part(said, "What was tried")
    assert r"| Steady levels | median \| of three years | 3% better | yes | falls are recoding |" in section
    assert "| no | noise |" in section


def test_nothing_tried_is_said_and_not_an_empty_table(tables):
    text = card(tables, tried().head(0), card_figures(tables))
    assert "None has been written down yet." in part(text, "What was tried")


def test_a_wrong_size_costs_what_the_table_says(said):
    section = part(said, "What a wrong size of school would have cost")
    first, second = re.findall(r"^\| .*£.*$", section, re.MULTILINE)[:2]
    assert first.endswith("| £1,000k | £1,000k | 1.0 |")
    assert second.endswith("| £2,000k | £2,000k | 2.0 |")


def test_a_forecast_that_keeps_longer_than_was_tried_is_said_so(tables):
    endless = replace(tables, shelf_life=tables.shelf_life.assign(years=float("inf")))
    text = card(endless, tried(), card_figures(endless))
    assert f"over {max(HORIZONS)}" in part(text, "How long a forecast keeps")


def test_every_table_has_as_many_cells_in_each_line(said):
    for block in re.findall(r"(?:^\|.*\n)+", said, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def test_no_number_is_missing_without_a_word(said):
    assert "nan" not in re.findall(r"[a-z]+", said.lower())
    assert not re.search(r"\binf\b", said)


def test_every_plot_has_its_reading_in_its_stead(tables, said):
    for figure in card_figures(tables):
        assert f"![{figure.title}. {figure.reading}](card/{figure.name}.svg)" in said


def test_years_ahead_have_words():
    assert set(NUMBERS) == set(HORIZONS)
