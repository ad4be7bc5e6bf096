"""The page on trust, driven as a person would, says what the tables of past forecasts say."""

import json
from itertools import pairwise
from math import exp

import pandas as pd
import pytest
from builders_trust import WORCESTERSHIRE, drawn, lines, mean, opened, said
from test_trust_tables import AHEAD, BY_SIZE, ERRORS, HELD, MADE, OURS, backtest, rewritten

from forecast.backtest.rivals import SAYS
from forecast.inputs.backtest_tables import read_backtest
from forecast.inputs.bundled import bundled
from forecast.inputs.reference import read_plans_by_age
from forecast.series.targets import PLANS, TARGETS
from forecast.views import trust_words as words
from forecast.views.drawings import error_by_years
from forecast.views.trust_figures import RULES, standing
from forecast.views.trust_limits import MEANINGS

SHIPPED = bundled("models", "england") / "backtest"


@pytest.fixture
def folder(tmp_path):
    return backtest(tmp_path / "england" / "backtest")


def test_the_page_opens_with_the_error_at_the_longest_reach_beside_no_change(folder):
    app = opened(folder)
    assert app.title[0].value == "Can I trust it?"
    assert (
        "Five years ahead, the number of children with a plan in an authority was out by 9% on average. "
        "A council that had assumed no change would have been out by 38%." in said(app)
    )
    assert "It was out by 5% one year ahead, 9% five years ahead." in said(app)
    assert 'The best simple rule five years ahead, "England\'s growth", was out by 13%.' in said(app)


def test_where_nothing_is_gained_the_page_says_so(folder):
    app = opened(folder)
    app.selectbox(key="tried kind").select("alternative").run()
    text = said(app)
    assert "out by 60% on average. That is no better than assuming no change, which would have been out by 50%." in text
    assert '"No change", did no worse: it was out by 50%.' in text


def test_where_little_is_gained_the_page_says_so(folder):
    rewritten(folder / "scores.csv", lambda row: row | ({"wape": "0.095"} if row["method"] == "naive" else {}))
    assert "That is little better than assuming no change, which would have been out by 10%." in said(opened(folder))


def test_without_a_forecast_of_no_change_nothing_is_said_of_it(folder):
    rewritten(folder / "scores.csv", lambda row: row if row["method"] != "naive" else None)
    text = said(opened(folder))
    assert "out by 9% on average." in text
    assert "assumed no change" not in text


def test_how_soon_when_and_to_which_side_are_said(folder):
    text = said(opened(folder))
    assert "After about 2 years, one authority in five was more than a tenth out; five years ahead, 50 in 100" in text
    assert "forecasts made in January 2020 were out by 10%, those made in January 2018 by 8%." in text
    assert f"forecast {1 - exp(-0.1):.0%} fewer children than there turned out to be." in text
    assert (
        "Settings were chosen by outcomes to January 2021, though the plan of the method had seen later ones; on those "
        "it was out by 9% five years ahead." in text
    )


@pytest.mark.parametrize(
    ("years", "words"), [("0.4", "Within a year, one"), ("inf", "never more than a tenth out in the years tried")]
)
def test_a_shelf_life_beyond_the_scale_is_said_in_words(folder, years, words):
    rewritten(folder / "shelf_life.csv", lambda row: row | {"years": years})
    assert words in said(opened(folder))


def test_ranges_that_were_too_narrow_are_owned_up_to(folder):
    text = said(opened(folder))
    assert "Of 100 outcomes, 80 should lie in the range that was given. 72 did: 78 one year ahead, 66 five" in text
    assert "Five years ahead ranges were too narrow: plan for more than they show." in text
    assert [row["share"] for row in drawn(opened(folder), 1)] == pytest.approx(list(HELD.values()))


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        ("0.76", "That is about what it should be"),
        ("0.90", "One and five years ahead ranges were wider than they need"),
    ],
)
def test_the_verdict_on_ranges_follows_the_share(folder, share, verdict):
    rewritten(folder / "scores.csv", lambda row: row | ({"coverage_80": share} if row["method"] == OURS else {}))
    assert verdict in said(opened(folder))


def test_the_table_of_errors_has_every_method_and_no_figure_where_a_january_is_missing(folder):
    table = opened(folder).table[0].value
    names = [name.replace("\\", "") for name in table.index]
    assert names == ["This forecast", "England's growth", "Straight line", "No change", "Damped ETS"]
    assert [*table.loc["This forecast"]] == ["5%", "9%"]
    assert [*table.loc["Damped ETS"]] == ["no figure", "20%"]


def test_the_drawing_has_the_simple_rules_only_and_words_at_each_end(folder):
    app = opened(folder)
    assert {row["line"] for row in drawn(app, 0, 0) + drawn(app, 0, 1) if "line" in row} == {
        "This forecast", "England's growth", "Straight line", "No change"
    }  # fmt: skip
    ends = next(rows for rows in (drawn(app, 0, 0), drawn(app, 0, 1)) if "said" in rows[0])
    assert [row["said"] for row in ends] == [
        "9% This forecast", "13% England's growth", "20% Straight line", "38% No change"
    ]  # fmt: skip


def test_words_of_lines_that_end_alike_do_not_lie_over_one_another():
    rows = pd.DataFrame([{"line": name, "ahead": ahead, "error": 0.4} for name in "abcd" for ahead in AHEAD])
    spec = error_by_years(rows, "a").to_dict()
    [at] = [[row["at"] for row in rows] for rows in spec["datasets"].values() if "at" in rows[0]]
    assert at[0] == 0.4
    assert min(high - low for low, high in pairwise(at)) > 0.4 * 20 / 300


def test_the_example_shows_what_was_forecast_and_what_came(folder):
    app = opened(folder)
    [table] = [table.value for table in app.table if "What came" in table.value.columns]
    [first] = lines(folder, "england_and_regions.csv", target="plans", region="England", origin="2018", ahead="5")
    assert table.loc["January 2023  \nfrom 2018"].to_dict() == {
        "Forecast": f"{float(first['forecast']):,.0f}",
        "Range": f"{float(first['p10']):,.0f} to {float(first['p90']):,.0f}",
        "What came": "500,000",
        "The forecast was": "5% too low",
        "In the range": "yes",
    }
    assert [*table["In the range"]] == ["yes", "no", "no"]
    assert "Five years ahead, 1 of 3 forecasts for England had in their range what came." in said(app)
    assert "The nearest was 5% too low (January 2023), the farthest 15% too low (January 2025)." in said(app)
    assert [row["actual"] for row in drawn(app, 2)] == [500_000] * 3


def test_a_region_and_other_years_may_be_chosen(folder):
    app = opened(folder)
    app.selectbox(key="tried region").select("North").run()
    app.radio(key="tried years").set_value(1).run()
    [table] = [table.value for table in app.table if "What came" in table.value.columns]
    assert [*table["What came"]] == ["200,000"] * 3
    assert table.index[0] == "January 2019  \nfrom 2018"
    assert "One year ahead, 3 of 3 forecasts for North had in their range what came." in said(app)


def test_the_areas_own_line_says_its_size_and_the_error_of_its_third(folder):
    plans = read_plans_by_age().groupby("la_code")["children"].sum()
    mine = plans[WORCESTERSHIRE]
    text = said(opened(folder))
    assert (
        f"Worcestershire had {mine:,.0f} children with a plan in January 2023, more than {(plans < mine).sum()} of "
        f"{len(plans)} authorities: it is in the third with the most. For that third forecasts were out by "
        f"{BY_SIZE['large']:.0%} five years ahead." in text
    )


def test_an_authority_that_is_not_counted_has_no_third(folder):
    assert "Worcestershire is not among the authorities counted" in said(opened(folder, la_code=""))


def test_thirds_are_as_large_as_one_another():
    plans = read_plans_by_age()
    found = [standing(plans, code, PLANS) for code in plans["la_code"].unique()]
    counts = pd.Series([stands.third for stands in found]).value_counts()
    assert counts.max() - counts.min() <= 1
    small, large = ([stands.plans for stands in found if stands.third == third] for third in ("small", "large"))
    assert max(small) < min(large)


def test_the_table_by_size_has_the_error_and_what_lay_in_the_range(folder):
    [table] = [table.value for table in opened(folder).table if "Middle third" in table.value.index]
    for name, out in zip(table.index, BY_SIZE.values(), strict=True):
        assert table.loc[name, "5 years ahead"] == f"{out:.0%}  \n70 of 100"


def test_what_the_page_cannot_tell_is_said(folder):
    text = said(opened(folder))
    assert "Not tested: needs and districts. Hardly tested: ages by kind of place" in text
    assert "A change of law" in text
    assert "After 2029/30 no forecast was tested. Figures for later years stand in a named world" in text
    assert "made again as if in each January from 2018 to 2020" in text
    assert f"{150 * len(MADE) * len(AHEAD)} comparisons" in text
    assert "five years ahead there are only 3" in text


def test_every_drawing_and_table_is_also_in_words(folder):
    app = opened(folder)
    drawings = app.get("vega_lite_chart")
    assert len(drawings) == 3
    assert all(len(drawing.proto.alt) > 50 for drawing in drawings)
    assert len(app.table) == 4
    assert all(json.loads(drawing.proto.spec)["width"] == "container" for drawing in drawings)


def test_each_target_and_rival_has_plain_words():
    assert set(words.KINDS) == set(TARGETS)
    assert set(MEANINGS) == set(SAYS)
    assert set(RULES) <= set(words.METHODS) <= {OURS, *SAYS}


def test_only_kinds_that_were_tried_may_be_chosen(folder):
    assert opened(folder).selectbox(key="tried kind").options == ["All plans", "Alternative provision"]
    assert {target for target, _ in ERRORS} == {"plans", "alternative"}


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="the England model has no tables of past forecasts")
@pytest.mark.parametrize("target", TARGETS)
def test_the_figures_that_ship_are_those_of_their_files(target):
    app = opened(SHIPPED)
    text = said(app.selectbox(key="tried kind").select(target).run())
    ours = lines(SHIPPED, "scores.csv", target=target, method=OURS, ahead="5")
    assert f"{words.KINDS[target]} in an authority was out by {mean(ours, 'wape'):.0%} on average" in text
    assert f"{mean(ours, 'coverage_80') * 100:.0f} five years ahead" in text
    still = lines(SHIPPED, "scores.csv", target=target, method="naive", ahead="5")
    assert app.table[0].value.loc["No change", "5 years ahead"] == f"{mean(still, 'wape'):.0%}"
    for size in lines(SHIPPED, "by_size.csv", target=target, ahead="5"):
        assert f"{float(size['wape']):.0%} in {words.THIRDS[size['size']]}" in text
    assert read_backtest(SHIPPED).scores["target"].nunique() == len(TARGETS)
