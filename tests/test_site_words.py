"""A councillor is told where to build, how big, how far children travel, what it costs, and what that rests on."""

import re
from dataclasses import replace

import numpy as np
import pytest
from builders_site import assumed, candidate, half_listed, hub, made_up_siting, real

from forecast.decide.choose import Limits
from forecast.decide.site import AS_IT_IS
from forecast.report.site_children import span
from forecast.report.site_notes import site_notes
from forecast.report.site_tables import ALL_PHASES, CAPITAL, IN_ALL, MINUTES, MORE, OVER, WITHOUT, site_tables
from forecast.report.site_words import built_words, site_sentences


@pytest.fixture(scope="module")
def siting():
    return made_up_siting()


def test_the_first_sentence_names_sites_sizes_and_capital(siting):
    first = site_sentences(siting)[0]
    plan = siting.plans["P80"]
    assert first.startswith("In 2030/31")
    for option in plan.built:
        site, size = (
            siting.candidates.names[siting.candidates.options.place[option]],
            siting.candidates.options.size[option],
        )
        assert f"{site} with {size:.0f}" in first
    assert f"£{plan.capital / 1e6:.1f} million of capital" in first


def test_children_without_a_place_are_told_before_and_after(siting):
    said = " ".join(site_sentences(siting))
    before, after = (siting.plans[name].tried.score.without.mean() for name in (AS_IT_IS, "P80"))
    assert f"{round(before):,} would be without a place on average if none of these is built" in said
    assert before > after
    assert re.search(r"The chance that 5 or more are without one goes from .* to ", said)


def test_journeys_are_told_before_and_after_and_by_age(siting):
    said = " ".join(site_sentences(siting))
    assert re.search(r"Children with a place travel \d+ minutes one way on average", said)
    assert re.search(r"Over 45 minutes, .*; primary, \S+% \(.* without these sites\)\. The longest journey is", said)
    assert "secondary" in said
    assert "Over 75 minutes" in said


def test_the_cost_is_told_with_its_range_and_direction(siting):
    cost = site_sentences(siting)[-1]
    plans = siting.plans
    net = float((plans[AS_IT_IS].tried.cost - plans["P80"].tried.cost).mean())
    assert "a year less than building nothing" in cost if net > 0 else "a year more" in cost
    assert "8 chances in 10" in cost


def test_notes_say_that_homes_are_not_known_and_what_is_judgement(siting):
    notes = " ".join(site_notes(siting))
    for part in (
        "nobody's home is known",
        "is judgement",
        "general guide",
        "on time",
        "It is proved that no plan is cheaper",
    ):
        assert part in notes
    assert "2027-09" not in notes


def test_candidates_left_out_as_too_late_are_named():
    notes = " ".join(site_notes(made_up_siting(real(), candidate("Old Mill"), later=("Far Field",))))
    assert "Left out, as they open after January 2031: Far Field." in notes


def test_children_whom_nothing_takes_are_told_apart():
    besides = "children besides, on average, are of needs or ages that no school or candidate takes"
    assert besides not in " ".join(site_notes(made_up_siting()))
    projection = real()
    young = replace(projection.register, rows=projection.register.rows.assign(nc_to=6))
    sited = made_up_siting(replace(projection, register=young), candidate("Old Mill", nc_to=6))
    older = projection.demand.sel(provision="special", year=2031, phase=["secondary", "16-19", "19-25"])
    assert sited.ground.groups.nowhere == pytest.approx(older.sum(["district", "need", "phase"]).to_numpy())
    assert f"{round(sited.ground.groups.nowhere.mean()):,} {besides}" in " ".join(site_notes(sited))


def test_where_places_are_assumed_nothing_is_short_but_more_than_now():
    sited = made_up_siting(assumed(), candidate("Old Mill"))
    said, notes = " ".join(site_sentences(sited)), " ".join(site_notes(sited))
    assert "more than in January 2025" in said
    assert "would be without a place" not in said
    assert "the area lists no places" in notes
    assert "State special school" in notes


def test_children_short_of_listed_places_and_those_more_than_now_are_told_apart_and_never_added_up():
    projection = half_listed()
    special = made_up_siting(projection, candidate("Old Mill"))
    sited = made_up_siting(projection, candidate("Old Mill"), hub())
    short = special.plans[AS_IT_IS].tried.score.without
    children = projection.by_band.sel(provision="alternative").sum(["district", "need", "band"])
    more = (children.sel(year=2031) - children.sel(year=2025)).clip(min=0).mean().item()
    said = site_sentences(sited)
    (listed,) = (line for line in said if line.startswith("State special school: of"))
    (grown,) = (line for line in said if line.startswith("Alternative provision"))
    assert f"{round(short.mean()):,} would be without a place on average if none of these is built" in listed
    assert "more than in January 2025" not in listed
    assert f"expected to be {round(more):,} more than in January 2025" in grown
    assert "without" not in grown
    rows = site_tables(sited)["journeys"].query("plan == @AS_IT_IS and phase == @ALL_PHASES").set_index("measure")
    assert rows.loc[WITHOUT, "mean"] == pytest.approx(short.mean())
    assert rows.loc[MORE, "mean"] == pytest.approx(more)


def test_where_nothing_is_built_the_two_sorts_of_children_are_told_apart_too():
    dear = [each | {"capital": 5e6} for each in (candidate("Old Mill"), hub())]
    first = site_sentences(made_up_siting(half_listed(), *dear))[0]
    assert re.search(r"on average \d+ children are without a place in state special school", first)
    assert re.search(r"and on average \d+ children more than in January 2025 in alternative provision", first)


def test_children_of_a_listed_kind_whom_nothing_takes_are_told_though_another_kind_is_not_listed():
    projection = half_listed()
    young = replace(projection.register, rows=projection.register.rows.assign(nc_to=6))
    sited = made_up_siting(replace(projection, register=young), candidate("Old Mill", nc_to=6), hub())
    older = projection.demand.sel(provision="special", year=2031, phase=["secondary", "16-19", "19-25"])
    many = older.sum(["district", "need", "phase"]).mean().item()
    assert f"{round(many):,} children besides, on average, are of needs or ages" in " ".join(site_notes(sited))


def test_where_no_site_is_worth_its_cost_that_is_the_answer():
    dear = candidate("Palace", capital=5e6, sizes=(60,))
    sited = made_up_siting(real(), dear)
    assert len(sited.plans["P80"].built) == 0
    assert "no candidate site is worth its cost" in site_sentences(sited)[0]


def test_a_budget_is_named_with_the_plan():
    sited = made_up_siting(real(), candidate("Old Mill"), limits=Limits(budget=5e6))
    assert "within £5,000,000" in site_sentences(sited)[0]
    assert "Old Mill with 60 places" in site_sentences(sited)[0]


def test_sentences_say_no_decimals_of_children_and_no_nan(siting):
    for sited in (siting, made_up_siting(assumed(), candidate("Old Mill"))):
        said = " ".join([*site_sentences(sited), *site_notes(sited)])
        assert "nan" not in said.replace("finan", "")
        assert not re.search(r"\d\.\d+ (children|minutes)", said)


def test_projects_and_ranges_in_words():
    assert built_words([("Old Mill", 120)]) == "Old Mill with 120 places"
    assert built_words([("A", 90), ("B", 60), ("C", 30)]) == "A with 90 places, B with 60 and C with 30"
    assert span(np.array([1.0, 2, 3])) == "8 chances in 10 that it is fewer than 5"
    assert span(np.linspace(0, 100, 11)) == "8 chances in 10 that it is 10 to 90"
    assert span(np.linspace(0, 40, 11)) == "8 chances in 10 that it is up to 36"


def test_tables_say_what_the_arrays_say(siting):
    tables = site_tables(siting)
    journeys, costs, sites = tables["journeys"], tables["site_costs"], tables["sites"]
    for name, plan in siting.plans.items():
        rows = journeys[(journeys["plan"] == name) & (journeys["phase"] == ALL_PHASES)].set_index("measure")
        assert rows.loc[WITHOUT, "p80"] == pytest.approx(np.quantile(plan.tried.score.without, 0.8))
        assert rows.loc[MINUTES, "mean"] == pytest.approx(plan.tried.score.minutes.mean())
        assert 0 <= rows.loc[OVER, "mean"] <= 1
        money = costs[costs["plan"] == name].set_index("item")["mean"]
        assert money[CAPITAL] == plan.capital
        assert money[IN_ALL] == pytest.approx(money.drop([CAPITAL, IN_ALL]).sum())
        built = sites[sites["plan"] == name]
        assert built["capital"].sum() == plan.capital
        assert (built["mean"] <= built["places"] + 1e-6).all()


def test_modelled_children_are_whole_in_tables():
    tables = site_tables(made_up_siting(assumed(), candidate("Old Mill")))
    rows = tables["journeys"][tables["journeys"]["measure"] == MORE]
    assert len(rows) > 0
    assert (rows["mean"] == rows["mean"].round()).all()
