"""Estimates of children are whole in every table; a council's own counts, pounds and shares are as they are."""

import pandas as pd
import pytest
from builders_compare import priced, side_by_side, with_more
from builders_projection import made_up_about
from builders_tornado import FEWER, FOUND, SETTINGS, SPECIAL, area, scenario

from forecast.decide.challenges import challenged
from forecast.decide.measures import UNITS, Measure
from forecast.decide.premises import figures
from forecast.decide.tornado import tornado
from forecast.pipeline import forecast_area
from forecast.report.challenge_words import challenge_tables
from forecast.report.compare_tables import tables_of
from forecast.report.estimates import estimated, estimated_changes
from forecast.report.tornado_answer import Hangs, answer_of_tornado
from forecast.scenario.recorded import changes_table

MOVES_IN = {"kind": "scale_moving_in", "from": "2027/28", "factor": 1.37, "evidence": [FOUND]}
COUNTS = made_up_about(kind="counts")


def is_whole(numbers):
    return (numbers.dropna() % 1 == 0).all()


def test_only_what_is_counted_of_a_modelled_area_is_made_whole():
    table = pd.DataFrame({"unit": ["children", "pounds"], "mean": [-0.4, 2.5]})
    told = estimated(made_up_about(), table, ["mean"], table["unit"].eq("children"))
    assert told["mean"].tolist() == [0, 2.5]
    assert str(told["mean"][0]) == "0.0"
    assert estimated(COUNTS, table, ["mean"]) is table


def test_the_bars_of_a_figure_of_children_are_whole_and_their_assumptions_are_not():
    found = figures(area(), (scenario(FEWER),), SETTINGS, SPECIAL)
    bars = tornado(found)
    assert not is_whole(pd.Series([bar.low for bar in bars]))
    table = answer_of_tornado(Hangs(found, bars, None, ()), "children in special").tables["tornado"]
    for column in ("at_low", "at_high", "forecast", "change_at_low", "change_at_high"):
        assert is_whole(table[column])
    assert 0.18 in table["value"].tolist()
    assert table["forecast"].tolist() == [round(bar.middle) for bar in bars]


def test_what_each_change_brings_is_whole_children_and_a_rate_keeps_its_decimals():
    found = challenged(area(), scenario(FEWER), SETTINGS)
    effects = challenge_tables(area().about, found)["effects"]
    units = effects["measure"].map(lambda measure: UNITS[Measure(measure)])
    assert is_whole(effects.loc[units == "children", "effect"])
    assert not is_whole(effects.loc[units == "share", "effect"])
    assert not is_whole(challenge_tables(COUNTS, found)["effects"]["effect"][units == "children"])


def test_what_a_change_did_to_children_is_told_in_whole_ones_and_rates_are_left():
    made = forecast_area(area(), scenario({**FEWER, "factor": 0.777}, MOVES_IN), SETTINGS)
    was = changes_table(made.recorded)
    told = estimated_changes(area().about, was)
    people = was["unit"].isin(["people", "children", "children a year"])
    assert people.any()
    assert was.loc[people, "new"].str.contains(".", regex=False).any()
    assert not told.loc[people, ["old", "new"]].map(lambda text: "." in text).any(axis=None)
    pd.testing.assert_frame_equal(told[~people], was[~people])
    assert estimated_changes(COUNTS, was) is was


@pytest.mark.parametrize("name", ["scenarios", "differences", "not_priced"])
def test_no_table_of_a_comparison_of_estimates_has_part_of_a_child(name):
    first = priced()
    found = side_by_side(first, with_more(first, "special", [1.0] * 5 + [0.0] * 7, name="Hub"))
    table = tables_of(found).written[name]
    rows = table[table["unit"].isin(["children", "places"])] if "unit" in table else table
    columns = [column for column in ("mean", "p10", "p50", "p80", "p90", "units") if column in rows]
    assert len(rows)
    assert columns
    assert all(is_whole(rows[column]) for column in columns)
