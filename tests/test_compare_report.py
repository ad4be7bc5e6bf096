"""A comparison in sentences, tables and notes."""

import re
from dataclasses import replace

import numpy as np
import pytest
from builders_compare import YEAR, by_year, hub_and_bases, listed, priced, said, side_by_side, with_more

from forecast.decide.measures import Measure
from forecast.report.compare_charts import figures
from forecast.report.compare_notes import comparison_notes
from forecast.report.compare_phrases import money_span, more_or_fewer, shown, shown_change, span, with_span
from forecast.report.compare_tables import tables_of
from forecast.report.compare_words import sentences
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.dated import Evidence
from forecast.scenario.scenario import Scenario
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.worlds import World


@pytest.fixture(scope="module")
def found():
    return hub_and_bases()


@pytest.fixture(scope="module")
def tables(found):
    return tables_of(found)


def test_the_first_sentence_says_how_many_fewer_against_what_and_how_sure(found):
    assert said(found)[0] == (
        'Under "Hub" there would be 36 fewer children in state special schools in 2029/30 than in the trend '
        "(8 chances in 10: 31 to 40 fewer)."
    )


def test_a_year_past_what_the_data_say_names_its_world(found, tables):
    late = sentences(found, tables, 2035)
    assert late[0].startswith('Under "Hub", if the trend continues, there would be 36 fewer children')
    other = side_by_side(found.projections[0], replace(found.projections[1], world=World.SATURATING))
    assert sentences(other, tables_of(other), 2035)[0].startswith('Under "Hub" there would be')


def test_a_difference_that_may_go_either_way_is_said_to():
    first = priced()
    unsure = said(side_by_side(first, with_more(first, "special", np.arange(12) - 4, name="Perhaps")))
    assert "(8 chances in 10: under 5 fewer to 6 more). With 6 chances in 10 there would be more." in unsure[0]


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(5, 9, "5 to 9 more"), (-9, -5, "5 to 9 fewer"), (-7, 8, "7 fewer to 8 more"), (0, 0, "none"), (6, 6, "6 more"),
     (0, 7, "0 to 7 more"), (-7, 0, "0 to 7 fewer")],
)  # fmt: skip
def test_a_range_of_children_has_a_direction(low, high, told):
    assert span(low, high) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(1e6, 2e6, "£1.0 million to £2.0 million more"), (-2e6, -1e6, "£1.0 million to £2.0 million less"),
     (-5e3, 1e3, "£5,000 less to £1,000 more"), (-100, 100, "much the same")],
)  # fmt: skip
def test_a_range_of_pounds_has_a_direction(low, high, told):
    assert money_span(low, high) == told


def test_small_differences_are_never_given_as_a_number():
    assert [more_or_fewer(number) for number in (-2, 0.2, 3.4, 12)] == [
        "under 5 fewer", "no more", "under 5 more", "12 more",
    ]  # fmt: skip


def test_a_scenario_that_is_the_same_says_so_and_no_more():
    first = priced()
    assert said(side_by_side(first, replace(first, scenario="Nothing"))) == [
        'Under "Nothing" every figure is the same in every future and year as in the trend.'
    ]


def test_pounds_are_told_by_who_pays_with_what_has_no_price(found):
    first = priced()
    both = with_more(with_more(first, "special", [-40] * 12), "post16", [25] * 12, name="Leave later")
    text = " ".join(said(side_by_side(first, both)))
    assert (
        "would cost £1.4 million less in 2029/30: high needs block, £1.0 million less; general fund, £360,000 less"
        in text
    )
    assert "Not in the pounds, for want of a price, are children in: college or other post-16, 25 more." in text
    assert "Not in the pounds" not in " ".join(said(found))


def test_a_school_is_paid_for_once_and_its_capital_is_told_over_all_years():
    first, when = priced(), by_year([0, 0, 96, 0])
    school = Spending("building Riverside", Payer.CAPITAL, when, item="capital", provision="special")
    found = side_by_side(first, replace(first, spending=(school,), scenario="Build"))
    text = " ".join(said(found))
    assert "Over all years to 2036/37, if the trend continues, it adds up to £7.2 million more." in text
    assert "Of that capital is £7.2 million more." in text
    assert "Not in that year's figure is building in 2027/28: £7.2 million more." in text
    drawn = figures(found, tables_of(found), YEAR)[-1]
    for told in (drawn.reading, " ".join(drawn.chart.to_dict()["title"]["subtitle"])):
        assert "building in 2027/28: £7.2 million more" in told
    assert "Not in that year's figure" not in " ".join(sentences(found, tables_of(found), 2028))
    assert "in 2029/30: high needs block, much the same; general fund, much the same; capital, much the same." in text


def test_what_is_said_of_the_rate_is_the_difference_of_the_two_gaps_to_england(found):
    sentence = next(
        line for line in said(found) if line.startswith("For every 100 residents aged 4 to 17 there would be ")
    )
    assert "children of any age with a plan in a state or non-maintained special school" in sentence
    gaps = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:more|fewer)", sentence)]
    assert abs(gaps[1] - gaps[0]) in {35, 36}


def test_where_places_are_listed_children_are_without_one_and_elsewhere_they_are_not(found):
    first = listed()
    more = said(
        side_by_side(first, replace(first, scenario="X", short=replace(first.short, short=first.short.short * 2)))
    )
    assert any("children would be without a place" in line for line in more)
    assert not any("without a place" in line for line in said(found))
    beyond = "children with a plan would be beyond the places filled now and opened since"
    assert any(beyond in line for line in said(found))


def test_children_whom_changes_move_are_told_by_the_name_of_the_change():
    first = priced()
    moved = (
        by_year([30] * 12, draws=12).expand_dims(shift=["keep in mainstream, North"]).transpose("draw", "year", "shift")
    )
    text = said(side_by_side(first, replace(first, shifted=moved, scenario="Keep")))[-1]
    assert text == "Children whom its changes move in 2029/30 itself: keep in mainstream, North, 30."


def test_estimates_of_published_figures_are_whole_and_a_councils_own_are_as_they_are(tables):
    children = tables.levels[tables.levels["unit"] == "children"]["mean"]
    assert (children == children.round()).all()
    own = tables_of(side_by_side(listed(), replace(listed(), scenario="X"))).levels
    assert (own[own["unit"] == "children"]["mean"] % 1 > 0).any()


def test_what_a_change_rests_on_is_in_a_table_and_one_without_evidence_is_named():
    first = priced()
    proof = Evidence(says="Ten per cent fewer", source="A council, 2024", supported=True)
    changes = [
        ScaleStarts(from_year=2028, factor=0.9, need="ASD"),
        ScaleStarts(from_year=2027, factor=0.9, evidence=(proof,)),
    ]
    found = side_by_side(first, replace(first, scenario="Two"))
    two = replace(found, scenarios=(found.scenarios[0], Scenario(name="Two", why="Invented.", changes=changes)))
    rows = tables_of(two).levers.set_index("from").astype(object)
    assert rows.loc["2027/28", ["settings", "evidence", "supported"]].tolist() == [
        "need: ASD; factor: 0.9",
        "none given",
        False,
    ]
    assert rows.loc["2026/27", "source"] == "A council, 2024"
    told = " ".join(comparison_notes(two, tables_of(two)))
    assert "on judgement, on what was not checked, or on nothing: scale_starts from 2027/28 (Two)." in told


def test_prices_that_all_scenarios_share_stand_once_and_judged_ones_are_named(found, tables):
    assert set(tables.prices["scenario"]) == {""}
    assert "Prices that rest on judgement alone: fee growth (all)." in comparison_notes(found, tables)


def row_of(mean, low, high, measure=Measure.CHILDREN, unit="children"):
    return {"mean": mean, "p10": low, "p90": high, "measure": measure.value, "unit": unit}


def test_a_range_that_says_the_same_is_not_said_twice_and_a_mean_outside_of_it_is_called_an_average():
    assert with_span(row_of(-395.2, -395.4, -394.8)) == "395 fewer (8 chances in 10: the same)"
    assert shown_change(row_of(-395.2, -395.4, -394.8)) == "395 fewer"
    assert with_span(row_of(-103.0, -105.0, -105.0)) == "103 fewer (on average; 8 chances in 10: 105 fewer)"
    assert shown_change(row_of(-103.0, -105.0, -105.0)) == "103 fewer on average\n(105 fewer)"
    assert with_span(row_of(0.0, 0.0, 0.0)) == "as many"


def test_a_gap_to_england_has_a_direction_and_not_a_sign_and_few_places_are_still_a_number():
    assert shown(row_of(-395.0, -400.0, -390.0, Measure.ABOVE_ENGLAND)) == "395 fewer"
    assert shown(row_of(395.0, 390.0, 400.0, Measure.ABOVE_ENGLAND)) == "395 more"
    assert shown(row_of(3.0, 3.0, 3.0, Measure.OPENED, "places")) == "3"


def test_a_scenario_that_moves_nobody_in_special_schools_has_as_many_there_as_the_trend():
    first = priced()
    text = said(side_by_side(first, with_more(first, "base", [40] * 12, name="Bases")))
    assert text[0] == (
        'Under "Bases" there would be as many children in state special schools in 2029/30 as in the trend.'
    )
    rate = next(line for line in text if line.startswith("For every 100"))
    assert "non-maintained special school, as in the trend" in rate
    assert rate.endswith("at England's rate, as in the trend.")


def test_children_who_come_home_from_independent_schools_were_in_no_rate_before():
    first = priced()
    home = with_more(with_more(first, "special", [40] * 12), "independent", [-40] * 12, name="Home")
    more = with_more(with_more(first, "special", [40] * 12), "independent", [40] * 12, name="More of both")
    told = "Independent schools are not in this rate, nor in England's"
    assert any(line.startswith(told) for line in said(side_by_side(first, home)))
    assert not any(line.startswith(told) for line in said(side_by_side(first, more)))
