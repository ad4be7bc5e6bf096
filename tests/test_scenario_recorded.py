"""What each change did, old -> new: found by comparing, and compared here with sums made by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import busy

from forecast import read_area
from forecast.places.costs import costs_of
from forecast.scenario.changes import LowerCeiling, ScaleStarts
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.placement import Rebalance
from forecast.scenario.pricing import ScalePrice
from forecast.scenario.recorded import changes_table, made, recorded, sentences
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.schools import CloseSchool
from forecast.scenario.written import Evidence

NOBODYS = pd.DataFrame()


@pytest.fixture(scope="module")
def county():
    return read_area("exampleshire")


@pytest.fixture
def drivers():
    out = busy(draws=3, years=(2027, 2028, 2029))
    out.attrs["means"] = {name: name for name in out["provision"].to_numpy().tolist()}
    return out


def of(*changes, **more):
    return Scenario(name="mine", why="", changes=changes, **more)


def told(scenario, drivers, places=NOBODYS, prices=NOBODYS):
    return recorded(scenario, drivers, places, prices)


def test_first_plans_are_told_by_year_for_the_children_touched_and_no_others(drivers):
    rows = told(of(ScaleStarts(from_year=2028, factor=0.5, need="SEMH", year_groups=(4, 5, 6))), drivers)
    assert [row.difference.year for row in rows] == [2028, 2029]
    people = drivers["population"].sel(nc_year=[4, 5, 6])
    for row in rows:
        year = row.difference.year
        rate = drivers["start_rate"].sel(need="SEMH", nc_year=[4, 5, 6], year=year).mean("draw")
        of_year = people.sel(year=year).sum("district")
        by_hand = 1000 * float((rate * of_year).sum() / of_year.sum())
        assert row.difference.old == pytest.approx(by_hand)
        assert row.difference.new == pytest.approx(by_hand / 2)
        assert row.difference.cells == "SEMH; Year 4 to Year 6"
        assert row.change == "1 scale_starts"


def test_first_plans_of_several_needs_are_added_up(drivers):
    (first, *_) = told(of(ScaleStarts(from_year=2027, factor=2)), drivers)
    people = drivers["population"].sel(year=2027).sum("district")
    rate = drivers["start_rate"].sel(year=2027).mean("draw").sum("need")
    assert first.difference.old == pytest.approx(1000 * float((rate * people).sum() / people.sum()))
    assert first.difference.cells == ""


def test_each_change_is_told_against_what_those_before_it_left(drivers):
    two = of(ScaleStarts(from_year=2027, factor=2, need="ASD"), ScaleStarts(from_year=2027, factor=3, need="ASD"))
    rows = told(two, drivers)
    first, second = ([row.difference for row in rows if row.change.startswith(number)] for number in ("1", "2"))
    assert [each.new for each in first] == [each.old for each in second]


def test_a_change_that_changes_nothing_is_told_as_such(drivers):
    rows = told(of(ScaleStarts(from_year=2028, factor=1), LowerCeiling(from_year=2027, share=0.99)), drivers)
    assert [(row.change, row.difference.what) for row in rows] == [
        ("1 scale_starts", "changes nothing"), ("2 lower_ceiling", "changes nothing"),
    ]  # fmt: skip
    assert sentences(rows) == ["1 scale_starts: changes nothing", "2 lower_ceiling: changes nothing"]


def test_a_variable_that_the_drivers_had_not_is_told_from_what_it_stood_for(drivers):
    rows = told(of(ScaleLeaving(from_year=2028, factor=1.5, year_groups=(12, 13))), drivers)
    assert {row.difference.what for row in rows} == {"plans that end, as a multiple"}
    assert {(row.difference.old, row.difference.new) for row in rows} == {(1.0, 1.5)}


def test_children_sent_elsewhere_are_told_as_a_share_of_those_met(drivers):
    rows = told(of(Rebalance(from_year=2028, share=0.25, support=5000, year_groups=(7,))), drivers)
    sent = [row.difference for row in rows if row.difference.what.startswith("children sent")]
    assert [(each.year, each.old, each.new) for each in sent] == [(2028, 0, 25), (2029, 0, 25)]
    assert sent[0].what == "children sent to mainstream instead of special"
    assert sent[0].cells == "first plans and moves; Year 7"
    (paid,) = [row.difference for row in rows if row.difference.what.startswith("spending")]
    assert paid.new == pytest.approx(5000)
    assert "for each child moved, 5 years" in paid.unit


def test_making_a_scenario_makes_what_its_parts_make(county, drivers):
    prices = costs_of(county).table.assign(from_year=0)
    gone = county.places["school"].iloc[0]
    scenario = of(
        ScaleStarts(from_year=2028, factor=0.9),
        CloseSchool(from_year=2029, school=gone),
        ScalePrice(from_year=2028, item="place", factor=1.1),
    )
    done = made(scenario, drivers, county.places, prices)
    xr.testing.assert_identical(done.drivers, scenario.apply(drivers))
    pd.testing.assert_frame_equal(done.places, scenario.build(county.places))
    pd.testing.assert_frame_equal(done.prices, scenario.reprice(prices))


def test_a_school_that_closes_is_told_with_its_month(county, drivers):
    open_now = county.places[county.places["opens"].eq("") & county.places["closes"].eq("")]
    gone = open_now["school"].iloc[0]
    rows = told(of(CloseSchool(from_year=2029, school=gone)), drivers, county.places)
    assert len(rows) == int((county.places["school"] == gone).sum())
    for row in rows:
        assert gone in row.difference.what
        assert row.difference.old == ""
        assert row.difference.new.startswith("2028-")
    assert f"month it closes, {gone}" in sentences(rows)[0]
    assert "not set -> 2028-" in sentences(rows)[0]


def test_a_price_is_told_from_the_january_on_which_it_changes(county, drivers):
    prices = costs_of(county).table.assign(from_year=0)
    rows = told(of(ScalePrice(from_year=2028, item="empty", factor=2)), drivers, county.places, prices)
    middle = [row.difference for row in rows if row.difference.what == "price: empty"]
    assert middle
    assert all(each.year == 2028 and each.new == pytest.approx(2 * each.old) for each in middle)
    kinds = int((prices["item"] == "empty").sum())
    assert len(middle) == kinds


def test_a_table_holds_a_row_for_each_figure_and_year_and_what_it_rests_on(drivers):
    known = Evidence(says="A tenth fewer", source="Trial of 2024")
    guess = Evidence(says="As good as any", source="judgement", supported=False)
    table = changes_table(
        told(
            of(
                ScaleStarts(from_year=2028, factor=0.9, evidence=(known,)),
                ScaleLeaving(from_year=2028, factor=1.1, evidence=(known, guess)),
                ScaleStarts(from_year=2029, factor=1.0),
            ),
            drivers,
        )
    )
    assert list(table.columns) == [
        "change", "what", "cells", "year", "academic_year", "old", "new", "unit", "evidence", "supported",
    ]  # fmt: skip
    by_change = table.groupby("change", sort=False)["supported"].all()
    assert by_change.to_dict() == {"1 scale_starts": True, "2 scale_leaving": False, "3 scale_starts": False}
    assert table["evidence"].iloc[0] == "A tenth fewer (Trial of 2024)"
    assert table["academic_year"].iloc[0] == "2027/28"
    last = table.iloc[-1]
    assert (last["what"], last["old"], last["new"]) == ("changes nothing", "", "")
    assert pd.isna(last["year"])


def test_changes_of_a_world_come_first_and_rest_on_its_figures(drivers):
    world = read_scenario("saturating").world
    rows = told(of(ScaleStarts(from_year=2028, factor=0.9), world=world), drivers)
    assert rows[0].change == "1 lower_ceiling"
    assert world.figures[0].source.rstrip(".") in rows[0].evidence
    assert rows[-1].change == "2 scale_starts"
    assert rows[-1].evidence == ""


def test_a_sentence_tells_the_first_year_and_the_last(drivers):
    (line,) = sentences(told(of(ScaleStarts(from_year=2028, factor=0.5, need="SEMH")), drivers))
    assert line.startswith("1 scale_starts: first plans, SEMH, 2027/28: ")
    assert ", 2028/29: " in line
    assert line.endswith("in 1,000 children a year who could have one")


def test_the_mean_is_weighted_by_the_children_there_are(drivers):
    many = drivers.assign(leave=xr.where(drivers["provision"] == "special", 0.5, drivers["leave"]))
    many["leave"] = many["leave"].transpose(*drivers["leave"].dims)
    from forecast.scenario.difference import drivers_differ  # noqa: PLC0415

    (row,) = drivers_differ(drivers, many)
    stock = drivers["stock"].sum("district").sel(provision=["special"])
    was = float((drivers["leave"].sel(provision=["special"]) * stock).sum() / stock.sum())
    assert row.old == pytest.approx(100 * was)
    assert row.new == pytest.approx(50)
    assert row.cells == "special"
    assert np.isfinite(row.old)
