"""What it costs that AP schools have too few places, or places that are empty for part of the year."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_ap_bill import (
    ELSEWHERE,
    EMPTY,
    GROWN,
    NO_PLAN,
    PLACE,
    WITH_PLAN,
    YEAR,
    below_the_fullest,
    filled,
    fullest,
    lacking_through_the_year,
    listed,
    only_some_ages,
    with_ap,
    with_plan,
    without_a_place,
)
from builders_compare import price_list
from builders_projection import YEARS, with_real_places
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.bill import bill
from forecast.decide.bill_ap import lacking, price_of
from forecast.decide.ground import pounds_without
from forecast.decide.unit_prices import price_lists
from forecast.domain import WITHOUT_PLAN, ApSetting
from forecast.places.costs import costs_at
from forecast.places.shortage import shortage


def test_places_that_are_full_only_in_the_fullest_month_are_empty_on_average():
    found = listed(rooms=4.0)
    assert not found.short.short.sel(provision="alternative").any()
    places = found.register.by_provision(["alternative"]).sel(provision="alternative").to_numpy()
    empty = places - with_plan(found) - np.minimum(filled(found, "ap_school"), fullest(found))
    np.testing.assert_allclose(bill(found).sel(line="empty: alternative"), empty * EMPTY, rtol=1e-5)


def test_places_that_are_too_few_stand_empty_only_in_so_far_as_children_come_and_go():
    found = listed(3.0)
    places = found.register.by_provision(["alternative"]).sel(provision="alternative").to_numpy()
    short = found.short.short.sel(provision="alternative", need=WITHOUT_PLAN).sum(["district", "band"]).to_numpy()
    assert (with_plan(found) + fullest(found) > places).all()
    empty = np.maximum(fullest(found) - short - filled(found, "ap_school"), 0)
    np.testing.assert_allclose(bill(found).sel(line="empty: alternative"), empty * EMPTY, rtol=1e-4, atol=1)


@pytest.mark.parametrize(("rooms", "short"), [(1.0, True), (1.4, True), (4.0, False)])
def test_each_place_year_without_a_plan_is_paid_for_once_in_ap_schools_or_elsewhere(rooms, short):
    found = listed(rooms=rooms)
    costs, years = bill(found), filled(found, "ap_school")
    elsewhere = lacking_through_the_year(found, without_a_place(found, plan=False))
    assert bool((elsewhere[:, 1:] > 1).any()) == short
    assert (elsewhere <= years).all()
    paid = costs.sel(line=["without a plan: ap_school", NO_PLAN]).sum("line")
    np.testing.assert_allclose(paid, (years - elsewhere) * PLACE + elsewhere * ELSEWHERE * GROWN, rtol=1e-5)


def test_ages_that_have_room_lend_no_season_to_those_that_have_none_and_other_ages_are_no_shortage():
    found = only_some_ages()
    claims = found.claims.sel(provision="alternative", need=WITHOUT_PLAN).sum("district")
    left = found.short.short.sel(provision="alternative", need=WITHOUT_PLAN).sum("district")
    assert not left.sel(band=[-4, 0]).any()
    np.testing.assert_array_equal(left.sel(band=12), claims.sel(band=12))
    assert float(claims.sel(band=12).max()) > 0
    above = np.maximum(fullest(found) - filled(found, "ap_school"), 0) / fullest(found)
    young, old = (claims.sel(band=band).transpose("draw", "year").to_numpy() for band in (0, 7))
    lacks = left.sel(band=7).transpose("draw", "year").to_numpy().astype(float)
    assert (lacks[:, -1] > 1).any()
    years = np.maximum(lacks[..., None] - below_the_fullest(above * old), 0).mean(axis=2)
    costs = bill(found)
    np.testing.assert_allclose(costs.sel(line=NO_PLAN), years * (ELSEWHERE * GROWN - PLACE), rtol=1e-3, atol=10)
    spare = found.short.spare.sel(provision="alternative").transpose("draw", "year").to_numpy()
    empty = spare + above * young + (above * old - lacks + years)
    np.testing.assert_allclose(costs.sel(line="empty: alternative"), empty * EMPTY, rtol=1e-3)


def test_those_with_a_plan_for_whom_ap_schools_have_no_room_are_priced_in_independent_schools():
    found = listed()
    left = without_a_place(found, plan=True)
    assert left.max() > 5
    extra = 64_000 * GROWN - PLACE
    np.testing.assert_allclose(bill(found).sel(line=WITH_PLAN), left * extra, rtol=1e-5)


def test_ap_schools_over_their_places_at_the_census_owe_nothing_for_those_children():
    found = listed(3.0)
    assert found.short.short.sel(provision="alternative", year=YEARS[0]).any()
    assert not bill(found).sel(line=[NO_PLAN, WITH_PLAN], year=YEARS[0]).any()


def test_places_too_few_for_the_fullest_month_alone_are_empty_for_part_of_the_year():
    found = listed(rooms=1.4)
    left = found.short.short.sel(provision="alternative", need=WITHOUT_PLAN).sum(["district", "band"]).to_numpy()
    there = filled(found, "ap_school") - lacking_through_the_year(found, left)
    some = (left > 0) & (fullest(found) - left > there + 1)
    assert some.any()
    empty = bill(found).sel(line="empty: alternative").to_numpy()
    np.testing.assert_allclose(empty[some], (fullest(found) - left - there)[some] * EMPTY, rtol=1e-3)


def test_more_ap_places_save_what_children_cost_elsewhere():
    year = xr.DataArray(YEARS, coords={"year": YEARS}, dims="year")
    opening = (1.0, 1.3, 6.0)
    made = [with_ap(with_real_places(draws=12), xr.where(year >= 2029, more, 1.0)) for more in opening]
    few, more, ample = (bill(found).sel(line=[NO_PLAN, WITH_PLAN]) for found in made)
    assert (more <= few + 1e-6).all()
    late = {"year": slice(2029, None)}
    assert float(few.sel(late).sum()) > 2 * float(more.sel(late).sum()) > 0
    assert not ample.sel(late).any()
    xr.testing.assert_equal(ample.sel(year=slice(None, 2028)), few.sel(year=slice(None, 2028)))


def test_those_whom_schools_send_cost_the_council_nothing_when_they_go_without_either():
    found = listed()
    half = found.ap.peak.sel(setting="school_arranged", drop=True) // 2
    sent = replace(found, ap=replace(found.ap, hosted=half))
    sent = replace(sent, short=shortage(sent.claims, sent.register))
    arranged = sent.ap.peak.sel(setting="school_arranged").sum(["district", "key_stage"]).transpose("draw", "year")
    many = half.sum(["district", "key_stage"]).transpose("draw", "year").to_numpy()
    own, part = filled(sent, "ap_school"), filled(sent, "school_arranged") * many / arranged.to_numpy()
    mean, full = own + part, fullest(sent) + many
    more = without_a_place(sent, plan=False)
    years = np.maximum(more[..., None] - below_the_fullest(full - mean), 0).mean(axis=2)
    assert (years[:, -1] > 1).mean() > 0.8
    expected = years * own / mean * (ELSEWHERE * GROWN - PLACE)
    np.testing.assert_allclose(bill(sent).sel(line=NO_PLAN), expected, rtol=1e-4, atol=1)


@given(left=st.floats(0, 500), swing=st.floats(0, 200))
def test_places_lacking_in_the_fullest_month_are_lacking_for_no_more_than_the_year(left, swing):
    found = lacking(np.array([[left]]), np.array([[swing]])).item()
    assert found == pytest.approx(np.maximum(left - below_the_fullest(np.array(swing)), 0).mean(), rel=1e-3, abs=1e-2)
    assert max(left - swing, 0) - 1e-9 <= found <= left + 1e-9


def test_a_fee_grows_alike_wherever_a_place_elsewhere_is_asked_about():
    found = listed()
    costs = costs_at(found.prices, YEAR)
    ahead = YEAR - YEARS[0]
    worth = {share: pounds_without(costs, ["alternative"], found.about, ahead, share)["alternative"]
             for share in (0.0, 0.4, 1.0)}  # fmt: skip
    fee = price_of(price_lists(found), ApSetting.LA_FUNDED)[:, ahead]
    np.testing.assert_allclose(fee, ELSEWHERE * 1.02**ahead)
    assert worth[1.0] == pytest.approx(fee[0] - PLACE)
    assert worth[0.0] == pytest.approx(64_000 * 1.02**ahead - PLACE)
    assert worth[0.4] == pytest.approx(0.4 * worth[1.0] + 0.6 * worth[0.0])


def test_journeys_of_children_without_a_plan_are_priced_nowhere():
    dear = price_list({("ap_elsewhere", "alternative"): ELSEWHERE, ("transport", "independent"): 14_000})
    costs, about = costs_at(dear, YEAR), listed().about
    with_plan, without = (pounds_without(costs, ["alternative"], about, 0, share)["alternative"] for share in (0, 1))
    assert with_plan == pytest.approx(64_000 + 14_000 - PLACE - 9_000)
    assert without == pytest.approx(ELSEWHERE - PLACE)
