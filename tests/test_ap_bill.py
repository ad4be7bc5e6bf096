"""What children without a plan in alternative provision cost: place-years, apart from everybody with a plan."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_ap_bill import EMPTY, LINES, NO_PLAN, PLACE, YEAR, filled, fullest, listed, published, with_plan
from builders_ap_forecast import SETTINGS, made_up_ap
from builders_compare import price_list, side_by_side

from forecast.decide.bill import bill, by_kind, by_payer, gaps
from forecast.decide.bill_lines import Kind
from forecast.decide.measures import AP_SCHOOLS, Measure, measures
from forecast.places.shortage import shortage
from forecast.report.compare_ap_words import PRICED, priced_notes, without_plan
from forecast.report.compare_tables import tables_of
from forecast.scenario.spending import Payer, Spending


def test_a_place_without_a_plan_costs_its_price_for_each_year_that_it_is_filled():
    costs = bill(published())
    for setting, price in LINES.items():
        line = costs.sel(line=f"without a plan: {setting}")
        np.testing.assert_allclose(line.to_numpy(), filled(published(), setting) * price)
        assert line["payer"].item() == Payer.HIGH_NEEDS
        assert line["kind"].item() == Kind.WITHOUT_PLAN


def test_what_schools_arrange_is_in_no_bill_and_is_told_apart():
    assert filled(published(), "school_arranged").mean() > 5
    assert not [line for line in bill(published())["line"].to_numpy() if "school_arranged" in line]
    notes = priced_notes(published(), YEAR)
    assert notes[0] == PRICED
    assert notes[1].startswith("Schools themselves pay for what they arrange: about ")


def test_children_with_a_plan_cost_what_they_did_and_are_never_paid_for_twice():
    both, alone = published(), replace(published(), ap=None)
    mine, theirs = bill(both), bill(alone)
    xr.testing.assert_equal(mine.sel(line=theirs["line"].to_numpy()), theirs)
    np.testing.assert_allclose(theirs.sel(line="places: alternative"), with_plan(alone) * PLACE)
    more = sum(filled(both, setting) * price for setting, price in LINES.items())
    np.testing.assert_allclose(mine.sum("line") - theirs.sum("line"), more)


def test_who_pays_is_the_high_needs_block():
    change = by_payer(bill(published())) - by_payer(bill(replace(published(), ap=None)))
    assert (change.sel(payer=Payer.HIGH_NEEDS.value) > 0).all()
    assert not change.sel(payer=[Payer.GENERAL_FUND.value, Payer.CAPITAL.value]).any()


def test_a_bill_names_them_only_where_they_are_counted():
    assert Kind.WITHOUT_PLAN.value in by_kind(bill(published()))["kind"].to_numpy()
    assert Kind.WITHOUT_PLAN.value not in by_kind(bill(replace(published(), ap=None)))["kind"].to_numpy()


def test_children_sent_to_ap_schools_are_told_only_where_both_rolls_are_counted():
    ap = published().ap
    half = ap.peak.sel(setting="school_arranged", drop=True) // 2
    both, one = (replace(ap, hosted=half, counted=counted) for counted in (ap.counted, {"school_arranged": 2023}))
    assert both.school_places.equals(one.school_places + half)
    xr.testing.assert_equal(one.filled_where_they_are, one.filled)
    xr.testing.assert_allclose(both.filled_where_they_are.sum("setting"), both.filled.sum("setting"))


def test_children_whom_schools_send_to_ap_schools_fill_their_places_and_no_bill():
    found = listed(rooms=6.0)
    half = found.ap.peak.sel(setting="school_arranged", drop=True) // 2
    sent = replace(found, ap=replace(found.ap, hosted=half))
    sent = replace(sent, short=shortage(sent.claims, sent.register))
    many = half.sum(["district", "key_stage"]).transpose("draw", "year").to_numpy()
    np.testing.assert_array_equal(
        measures(sent)[Measure.WITHOUT_PLAN].isel(of=0), measures(found)[Measure.WITHOUT_PLAN].isel(of=0) + many
    )
    mine, theirs = bill(sent), bill(found)
    same = [line for line in theirs["line"].to_numpy() if line != "empty: alternative"]
    xr.testing.assert_equal(mine.sel(line=same), theirs.sel(line=same))
    arranged = found.ap.peak.sel(setting="school_arranged").sum(["district", "key_stage"]).transpose("draw", "year")
    on_average = filled(found, "school_arranged") * many / arranged.to_numpy()
    fewer = theirs.sel(line="empty: alternative") - mine.sel(line="empty: alternative")
    above = fullest(found) > filled(found, "ap_school")  # by luck a fullest month may be below the average expected
    above &= fullest(found) + many > filled(found, "ap_school") + on_average
    assert above.mean() > 0.9
    np.testing.assert_allclose(fewer.to_numpy()[above], (on_average * EMPTY)[above], rtol=1e-5, atol=1)


def test_nothing_is_left_out_without_a_word_where_a_price_is_missing():
    found = replace(published(), prices=price_list())
    left_out = gaps(found)
    rows = left_out[(left_out["line"] == "without a plan: la_funded") & (left_out["year"] == YEAR)]
    where = found.demand["year"].to_numpy().tolist().index(YEAR)
    assert rows["units"].item() == pytest.approx(filled(found, "la_funded")[:, where].mean())
    assert NO_PLAN in set(gaps(replace(listed(), prices=price_list()))["line"])


def test_outreach_is_paid_for_as_the_lever_says():
    units = xr.DataArray([100.0], coords={"year": [YEAR]}, dims="year")
    outreach = Spending("outreach to schools", Payer.HIGH_NEEDS, units, xr.DataArray(900.0))
    line = bill(replace(published(), spending=(outreach,))).sel(line="outreach to schools")
    assert line.sel(year=YEAR).to_numpy() == pytest.approx(90_000)
    assert not line.drop_sel(year=YEAR).any()


def test_a_comparison_counts_children_without_a_plan_and_the_places_of_everybody_with_headroom():
    found = measures(published())
    alone, places = (found[measure].sel(of=AP_SCHOOLS) for measure in (Measure.WITHOUT_PLAN, Measure.AP_PLACES))
    np.testing.assert_array_equal(alone, fullest(published()))
    np.testing.assert_allclose(places, (fullest(published()) + with_plan(published())) * 1.1)
    for measure in (Measure.WITHOUT_PLAN, Measure.AP_PLACES):
        assert measure not in measures(replace(published(), ap=None))


def test_children_more_than_now_are_everybody_who_fills_ap_schools():
    more = measures(published())[Measure.AP_MORE].sel(of=AP_SCHOOLS).to_numpy()
    both = with_plan(published()) + fullest(published())
    np.testing.assert_allclose(more, both - both[:, :1])


def test_a_comparison_says_how_many_fewer_without_a_plan_and_that_they_are_priced():
    first = published()
    half = replace(first, scenario="Half", ap=made_up_ap(first, times=0.5))
    found = side_by_side(first, half)
    tables = tables_of(found)
    [said] = without_plan(found, tables.changed("Half", YEAR), tables.of("Half", YEAR), YEAR)
    number = round(fullest(half)[:, first.demand["year"].to_numpy().tolist().index(YEAR)].mean())
    assert said.startswith(f"In the fullest month of 2029/30 AP schools have {number} full-time places filled by")
    assert "fewer" in said
    assert "10% kept free" in said
    assert not list(without_plan(side_by_side(replace(first, ap=None), replace(half, ap=None)), {}, {}, YEAR))


def test_every_setting_is_priced_or_said_to_be_paid_for_by_schools():
    assert set(SETTINGS) == {*LINES, "school_arranged"}
