"""A comparison where only children without a plan are moved: no figure of those with one moves, and AP leads."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from builders_ap_bill import YEAR, listed, published, with_plan
from builders_ap_forecast import made_up_ap
from builders_compare import side_by_side, with_more

from forecast.decide.measures import ALL_SPECIALIST, AP_SCHOOLS, Measure
from forecast.places.shortage import shortage
from forecast.report.compare_ap_words import moves_only_ap
from forecast.report.compare_tables import tables_of
from forecast.report.compare_words import sentences
from forecast.scenario.ap_arrivals import ScaleApArrivals

PLAN_MEASURES = (Measure.CHILDREN, Measure.RATE, Measure.ABOVE_ENGLAND, Measure.MORE, Measure.OPENED, Measure.PLACES)


def without(first, times):
    """The forecast with so many times the children without a plan, and who is then short."""
    other = replace(first, ap=made_up_ap(first, times=times), scenario="Fewer come")
    return other if other.register is None else replace(other, short=shortage(other.claims, other.register))


@cache
def emptied(made=published):
    return side_by_side(made(), without(made(), 0.0))


def told(found):
    return sentences(found, tables_of(found), YEAR)


@pytest.mark.parametrize("made", [published, listed])
def test_where_nobody_without_a_plan_comes_no_figure_of_those_with_one_moves(made):
    for measure in PLAN_MEASURES:
        change = emptied(made).difference(1, measure)
        assert change is None or not change.any(), measure


def test_children_beyond_the_places_of_now_have_a_plan_and_ap_schools_a_measure_of_their_own():
    found = emptied()
    ap = found.measured[1][Measure.AP_MORE].sel(of=AP_SCHOOLS)
    plans, full = with_plan(published()), with_plan(published())
    np.testing.assert_allclose(ap, plans - full[:, :1])
    own = found.measured[0][Measure.MORE].sel(of="alternative")
    np.testing.assert_allclose(own, plans - plans[:, :1])
    assert Measure.AP_MORE not in emptied(listed).measured[0]


@pytest.mark.parametrize("made", [published, listed])
def test_places_of_ap_schools_lead_and_all_that_is_the_same_is_one_sentence(made):
    said = told(emptied(made))
    assert said[0].startswith('In the fullest month of 2029/30 under "Fewer come" AP schools have 0 full-time places')
    assert sum("as many" in line for line in said) == 1
    assert not any("England" in line or "specialist places of every kind" in line for line in said)
    assert any("would cost" in line for line in said)


def test_who_has_no_ap_school_place_is_told_where_places_are_listed():
    found = emptied(listed)
    short = found.measured[0][Measure.SHORT].sel(of="alternative", year=YEAR).mean()
    [line] = [line for line in told(found) if line.startswith("Of all who call for a place in an AP school")]
    assert f" would have none, {round(float(short)):,} in the trend: " in line


def test_a_far_year_names_its_world_in_the_first_sentence():
    found = emptied()
    assert '2034/35 under "Fewer come", if the trend continues, AP' in sentences(found, tables_of(found), 2035)[0]


def test_a_scenario_that_moves_one_child_with_a_plan_too_is_told_as_every_other():
    both = with_more(without(published(), 0.5), "special", [1] * 12, name="Both")
    found = side_by_side(published(), both)
    assert not moves_only_ap(found)
    assert told(found)[0].startswith('Under "Both" there would be')
    assert any(line.startswith("In the fullest month of 2029/30 AP schools have") for line in told(found))


def test_levers_on_alternative_provision_that_move_nobody_say_so_in_two_sentences():
    found = side_by_side(published(), replace(published(), scenario="No one"))
    lever = ScaleApArrivals(from_year=2028, factor=1.0)
    laid = found.scenarios[1].model_copy(update={"changes": (lever,)})
    found = replace(found, scenarios=(found.scenarios[0], laid))
    first, second = told(found)
    assert "AP schools have as many children without a plan as in the trend" in first
    assert "every figure is the same" in second


def test_children_short_of_a_place_are_said_to_have_a_plan_or_not_where_both_are_counted():
    more = with_more(listed(), "base", [40] * 12, name="More")
    said = told(side_by_side(listed(), more))
    assert any("children, those without a plan among them, would be without a place" in line for line in said)
    assert ALL_SPECIALIST in emptied(listed).measured[0][Measure.SHORT]["of"].to_numpy()
