"""The middle of the futures is what is said of alternative provision: a few futures of very many do not move it."""

from dataclasses import replace

import pandas as pd
import pytest
from builders_ap_forecast import LAST, made_up_ap, published_with_ap, with_sent
from test_ap_report_words import middle, printed, section

from forecast.report.ap_middle import NAMES, drawn, hardly_moves, shown, what_becomes, widens
from forecast.report.ap_tables import AP, ap_tables
from forecast.report.ap_words import ap_reading


@pytest.fixture(scope="module")
def published():
    return published_with_ap()


def a_year(p50, p10, p90, mean=None):
    return {"mean": p50 if mean is None else mean, "p50": p50, "p10": p10, "p90": p90}


def test_the_mean_may_rise_where_the_middle_does_not_and_the_middle_is_said():
    first, later = a_year(100.0, 90.0, 110.0), a_year(100.0, 80.0, 300.0, mean=160.0)
    assert hardly_moves(first, later)
    assert widens(first, later)
    assert shown(later) == "100"
    assert drawn(pd.DataFrame([first, later]))["mean"].to_list() == [100.0, 100.0]
    assert "hardly changes while the range widens: 90 to 110 in the first" in what_becomes(first, later)


@pytest.mark.parametrize("later", [a_year(120.0, 90.0, 150.0), a_year(100.0, 90.0, 110.0), a_year(101.0, 95.0, 105.0)])
def test_a_middle_that_moves_or_a_range_that_does_not_widen_is_told_with_its_range_alone(later):
    first = a_year(100.0, 90.0, 110.0)
    assert what_becomes(first, later) == f" (8 chances in 10: {later['p10']:.0f} to {later['p90']:.0f})"


def test_that_the_middle_hardly_changes_while_the_range_widens_is_said_in_the_first_sentence(published):
    wide = replace(published, ap=made_up_ap(published, growth=0.0, luck=0.03))
    rows = ap_tables(wide)[AP].query("measure == 'headcount' and by == 'all' and year in (2027, 2032)")
    first, later = rows.to_dict("records")
    assert later["p90"] - later["p10"] > first["p90"] - first["p10"]
    said = "The middle hardly changes while the range widens" in ap_reading(wide)[0]
    assert said is (abs(later["p50"] - first["p50"]) <= max(0.03 * first["p50"], 4.99))
    assert said
    assert "hardly changes" not in ap_reading(replace(published, ap=made_up_ap(published, growth=0.1)))[0]


def test_averages_over_a_year_stand_beside_averages_and_the_january_roll_under_them(published):
    made = with_sent(published)
    said = section(printed(made))
    assert max(len(line) for line in said.splitlines()) <= 100
    row = next(line for line in said.splitlines() if line.startswith("AP schools")).split()
    table = ap_tables(made)[AP]
    own = table[(table["line"] == "ap_school") & (table["measure"] == "headcount")]
    assert row[2:4] == [f"{middle(own, year=year):.0f}" for year in (2025, 2027)]
    words = " ".join(said.split())
    rolls = "; ".join(
        f"{name} {children}" for name, children in zip(["in all", *NAMES.values()], (160, 108, 21, 31), strict=True)
    )
    assert sum(LAST.values()) == 160
    assert f"Counted in January 2023: {rolls}. A January roll is no average over a year" in words
    assert "Of these, sent" in said
