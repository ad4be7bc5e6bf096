"""The tables of the card are the backtest's own, rounded."""

import numpy as np
import pandas as pd
import pytest
from builders_card import NAMES, UNITS, cells, our_error, panel, small_backtest, small_tables

from forecast.backtest.cells import OURS
from forecast.backtest.judge import POOLED, gates, score
from forecast.report.card_tables import card_tables, short
from forecast.report.card_words import best_other, in_100, markdown, means, percent, too_few_or_many
from forecast.series.targets import HORIZONS, PLANS, TARGETS


@pytest.fixture(scope="module")
def tables():
    return small_tables()


def test_a_fraction_has_five_digits_and_what_is_no_number_stays():
    table = short(pd.DataFrame({"a": [123456.7, 0.000123456, 0, np.nan, np.inf], "b": ["x"] * 5, "c": range(5)}))
    assert table["a"].tolist()[:3] == [123460, 0.00012346, 0]
    assert np.isnan(table["a"][3])
    assert np.isinf(table["a"][4])
    assert table["c"].tolist() == [0, 1, 2, 3, 4]


def test_the_scores_are_those_of_the_judge_to_five_digits(tables):
    scored = score(cells(), panel())
    assert tables.scores.columns.tolist() == scored.columns.tolist()
    numbers = scored.select_dtypes("float").columns
    np.testing.assert_allclose(tables.scores[numbers], scored[numbers], rtol=5e-5)


def test_every_gate_is_there_with_its_outcome(tables):
    judged = gates(score(cells(), panel()), cells())
    assert tables.gates["passed"].tolist() == [gate.passed for gate in judged]
    assert tables.gates["ahead"].isna().sum() == sum(gate.ahead is None for gate in judged) > 0
    np.testing.assert_allclose(tables.gates["value"], [gate.value for gate in judged], rtol=5e-5)


def test_the_95_percent_range_of_a_size_is_counted_by_hand(tables):
    ours = cells()
    ours = ours[ours["method"].eq(OURS) & ours["target"].eq(PLANS) & ours["ahead"].eq(1)]
    rank = ours["now"].rank(method="first")
    small = ours[rank <= len(ours) / 3]
    row = tables.by_size.set_index(["target", "ahead", "size"]).loc[(PLANS, 1, "small")]
    assert row["coverage_95"] == pytest.approx(small["actual"].between(small["p025"], small["p975"]).mean(), rel=1e-4)
    assert row["coverage_80"] == pytest.approx(small["actual"].between(small["p10"], small["p90"]).mean(), rel=1e-4)
    assert row["coverage_80"] < row["coverage_95"]


def test_with_nothing_left_out_the_error_alone_is_kept_of_this_model_and_the_benchmark(tables):
    assert tables.nothing_left_out.columns.tolist() == ["target", "method", "origin", "ahead", "authorities", "wape"]
    assert set(tables.nothing_left_out["method"]) == {OURS, POOLED}
    assert means(tables.nothing_left_out, "wape").loc[(PLANS, OURS), 5] == pytest.approx(our_error(), rel=1e-3)


def test_authorities_that_are_followed_as_one_are_named_both(tables):
    assert tables.left_out["authority"].tolist() == ["Bexter", "Farset and Bournmouth"]


def test_a_backtest_of_another_size_has_other_tables(tables):
    found = small_backtest()
    kept = found.cells[found.cells["unit"].ne(UNITS[0])]
    fewer = card_tables(type(found)(**{**vars(found), "cells": kept}), panel(), NAMES)
    assert fewer.scores["authorities"].max() == len(UNITS) - 1 < tables.scores["authorities"].max()


def test_a_mean_is_of_all_januaries_or_is_missing(tables):
    errors = means(tables.scores, "wape")
    assert errors.loc[(PLANS, OURS), 5] == pytest.approx(our_error(), rel=1e-4)
    assert errors.columns.tolist() == list(HORIZONS)
    assert errors.loc[(PLANS, "damped ETS")].isna().all()


def test_the_best_other_method_is_not_ours_and_has_every_january(tables):
    for target in TARGETS:
        assert best_other(means(tables.scores, "wape")[5].xs(target, level="target")) == POOLED


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.141, "14%"), (0.0332, "3.3%"), (0.0996, "10%"), (0.0994, "9.9%"), (1.2, "120%"), (float("nan"), "-")],
)
def test_a_share_is_whole_from_ten_per_cent(share, words):
    assert percent(share) == words


def test_a_log_bias_is_said_with_its_side():
    assert too_few_or_many(np.log(0.69)) == "31% too few"
    assert too_few_or_many(np.log(1.02)) == "2.0% too many"
    assert in_100(0.774) == "77 times in 100"


def test_a_cell_of_a_table_cannot_part_it():
    lines = markdown(["a", "b"], [["x | y\nz", 3]]).splitlines()
    assert lines == ["| a | b |", "| --- | ---: |", r"| x \| y z | 3 |"]
