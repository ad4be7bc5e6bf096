"""Levers on alternative provision for children without a plan: what they move, and what they leave alone to the bit."""

import numpy as np
import pytest
import xarray as xr
from builders_ap import CELLS, FULL, KINDS, NULL, ap_drivers, arrivals, full, in_year, lever
from builders_model import busy
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.ap.roll import ap_forecast
from forecast.errors import UnknownLabel
from forecast.scenario.ap_lever import NoAlternativeProvision
from forecast.scenario.scenario import Scenario
from forecast.scenario.spending import Payer

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def of(*changes):
    return Scenario(name="mine", why="", changes=changes)


def test_there_is_a_lever_on_every_tier_and_on_who_comes():
    assert set(KINDS) == set(FULL) == set(NULL)


@EVERY_KIND
def test_a_lever_that_does_nothing_gives_back_the_very_drivers(kind):
    drivers = ap_drivers()
    assert lever(kind, **NULL[kind]).apply(drivers) is drivers
    assert full(kind, "2040/41").apply(drivers) is drivers
    assert lever(kind, **NULL[kind]).spends(drivers) == ()


@EVERY_KIND
def test_a_lever_changes_nothing_for_children_with_a_plan(kind):
    drivers = ap_drivers()
    after = full(kind).apply(drivers)
    assert not after.identical(drivers)
    assert all(after[name].identical(drivers[name]) for name in drivers.data_vars)


@EVERY_KIND
def test_a_lever_acts_in_its_years_alone(kind):
    drivers = ap_drivers(years=range(2026, 2031))
    after = full(kind, "2027/28", until="2028/29").apply(drivers)
    (name,) = {*map(str, after.data_vars)} - {*map(str, drivers.data_vars)} - {"ap_supported"}
    nothing = 1.0 if "multiple" in name else 0.0
    others = [axis for axis in after[name].dims if axis != "year"]
    acts = (after[name] != nothing).any(others)
    assert acts.to_numpy().tolist() == [False, False, True, True, False]


@EVERY_KIND
def test_a_lever_where_nothing_is_known_of_alternative_provision_is_refused_with_what_to_add(kind):
    with pytest.raises(NoAlternativeProvision, match=r"add ap_rolls\.csv or ap_arrivals\.csv"):
        full(kind).apply(busy())
    with pytest.raises(NoAlternativeProvision):
        lever(kind, **NULL[kind]).apply(busy())


@pytest.mark.parametrize("kind", ["ap_outreach", "ap_scale_arrivals"])
def test_a_district_that_the_area_has_not_is_refused(kind):
    with pytest.raises(UnknownLabel, match="No district called 'Nroth'; did you mean 'North'"):
        full(kind, district="Nroth").apply(ap_drivers())


@pytest.mark.parametrize("kind", ["ap_outreach", "ap_scale_arrivals"])
def test_who_comes_elsewhere_is_the_same_to_the_bit(kind):
    drivers = ap_drivers()
    some = {"district": "North", "key_stage": "ks3", "reason": ["exclusion", "medical"], "setting": "ap_school"}
    before, after = (ap_forecast(each) for each in (drivers, full(kind, **some).apply(drivers)))
    chosen = before.arrivals
    mine = (
        (chosen["district"] == "North")
        & (chosen["key_stage"] == "ks3")
        & chosen["reason"].isin(["exclusion", "medical"])
        & (chosen["setting"] == "ap_school")
        & (chosen["year"] >= 2027)
    )
    assert (after.arrivals.where(mine, 0) <= before.arrivals.where(mine, 0)).all()
    assert (after.arrivals.where(mine) < before.arrivals.where(mine)).sum() == mine.sum() * drivers.sizes["draw"]
    for name in ("arrivals", "headcount", "filled"):
        same = getattr(after, name) == getattr(before, name)
        assert same.where(~mine, other=True).all(), name
    elsewhere = after.peak.drop_sel(district="North").identical(before.peak.drop_sel(district="North"))
    assert elsewhere


@EVERY_KIND
def test_two_levers_of_a_kind_multiply_in_any_order(kind):
    drivers = ap_drivers()
    one, two = full(kind, key_stage="ks3"), full(kind, key_stage="ks4")
    for pair in ((one, two), (two, one)):
        both = pair[1].apply(pair[0].apply(drivers))
        once = {each: each.apply(drivers) for each in pair}
        (name,) = {*map(str, both.data_vars)} - {*map(str, drivers.data_vars)} - {"ap_supported"}
        values = [made[name] for made in once.values()]
        product = values[0] * values[1] if "multiple" in name else 1 - (1 - values[0]) * (1 - values[1])
        xr.testing.assert_allclose(both[name], product)


def test_a_fifth_fewer_and_then_a_fifth_fewer_is_36_per_cent_fewer():
    drivers = ap_drivers()
    fewer = full("ap_scale_arrivals")
    twice = fewer.apply(fewer.apply(drivers))
    np.testing.assert_allclose(in_year(arrivals(twice)), 0.64 * in_year(arrivals(drivers)))


def test_outreach_keeps_as_many_as_it_supports_times_who_would_come_times_who_stay():
    drivers = ap_drivers()
    after = full("ap_outreach", key_stage=["ks2", "ks3"], reason="exclusion", ramp=[0.5, 1]).apply(drivers)
    fewer = arrivals(drivers) - arrivals(after)
    np.testing.assert_allclose(in_year(fewer, 2027), 0.5 * 60 * 0.5 * 0.4)
    np.testing.assert_allclose(in_year(fewer, 2028), 60 * 0.5 * 0.4)
    mine = fewer.sel(year=2028, key_stage=["ks2", "ks3"], reason=["exclusion"])
    np.testing.assert_allclose(mine.sum(CELLS).to_numpy(), 60 * 0.5 * 0.4)
    assert ap_forecast(after).supported.to_numpy().tolist() == [[0, 0, 30, 60]] * 2


def test_outreach_keeps_those_who_would_come_in_proportion():
    drivers = ap_drivers()
    after = full("ap_outreach", district="South").apply(drivers)
    left = (arrivals(after) / arrivals(drivers)).sel(year=2027, district="South")
    np.testing.assert_allclose(left, left.isel(key_stage=0, reason=0, setting=0).broadcast_like(left))


@settings(deadline=None, max_examples=12)
@given(children=st.floats(0, 1e6), would=st.floats(0, 1), stays=st.floats(0, 1), seed=st.integers(0, 99))
def test_outreach_never_keeps_more_than_would_come(children, would, stays, seed):
    drivers = ap_drivers(seed=seed)
    held = {"children": children, "would_come": would, "stays": stays, "cost": 1}
    after = lever("ap_outreach", key_stage="ks3", **held).apply(drivers)
    left, before = arrivals(after), arrivals(drivers)
    assert (left >= 0).all()
    assert (left <= before).all()
    wanted = children * would * stays
    there = before.sel(key_stage="ks3", year=2028).sum(["district", "reason", "setting"])
    kept = (before - left).sel(year=2028).sum(CELLS)
    np.testing.assert_allclose(kept, np.minimum(wanted, there), rtol=1e-9, atol=1e-9)


def test_outreach_counts_on_those_whom_fewer_exclusions_leave_whichever_is_written_first():
    drivers = ap_drivers()
    fewer, outreach = full("ap_scale_arrivals", reason="exclusion"), full("ap_outreach", reason="exclusion")
    one, other = (of(*pair).apply(drivers) for pair in ((fewer, outreach), (outreach, fewer)))
    xr.testing.assert_identical(one, other)
    excluded = arrivals(drivers).sel(year=2027, reason="exclusion").sum(["district", "key_stage", "setting"])
    left = arrivals(one).sel(year=2027, reason="exclusion").sum(["district", "key_stage", "setting"])
    np.testing.assert_allclose(left, 0.8 * excluded - 12)


def test_outreach_that_helps_nobody_is_paid_for_and_counted_all_the_same():
    drivers = ap_drivers()
    held = {"children": 60, "would_come": 0.5, "stays": 0, "cost": 3000}
    after = lever("ap_outreach", **held)
    assert arrivals(after.apply(drivers)).identical(arrivals(drivers))
    assert ap_forecast(after.apply(drivers)).supported.sel(year=2027).to_numpy().tolist() == [60, 60]
    (line,) = after.spends(drivers)
    assert (line.units * line.pounds).sel(year=2028).to_numpy().tolist() == [180_000, 180_000]
    assert line.payer is Payer.HIGH_NEEDS


def test_outreach_for_one_in_a_hundred_residents_is_counted_from_the_residents_of_its_districts_and_key_stages():
    drivers = ap_drivers()
    held = {"residents": 0.01, "would_come": 0.5, "stays": 0.4, "cost": 100, "payer": "general fund"}
    made = lever("ap_outreach", district="North", key_stage="ks4", reason="medical", setting="la_funded", **held)
    people = drivers["population"].sel(year=2028, district="North", nc_year=[10, 11]).sum().item()
    supported = ap_forecast(made.apply(drivers)).supported.sel(year=2028)
    np.testing.assert_allclose(supported, 0.01 * people)
    (line,) = made.spends(drivers)
    np.testing.assert_allclose(line.units.sel(year=2028), 0.01 * people)
    assert line.payer is Payer.GENERAL_FUND


@settings(deadline=None, max_examples=12)
@given(
    kind=st.sampled_from(["ap_scale_arrivals", "ap_outreach"]),
    size=st.floats(0, 1),
    until=st.sampled_from([None, "2027/28"]),
    seed=st.integers(0, 99),
)
def test_fewer_who_come_never_need_more_places_in_any_future(kind, size, until, seed):
    drivers = ap_drivers(draws=3, seed=seed, years=range(2026, 2031))
    held = {"factor": size} if kind == "ap_scale_arrivals" else FULL[kind] | {"children": 500 * size}
    fewer = lever(kind, until=until, reason="exclusion", **held).apply(drivers)
    assert (ap_forecast(fewer).peak <= ap_forecast(drivers).peak).all()
    assert (ap_forecast(fewer).headcount <= ap_forecast(drivers).headcount + 1e-9).all()


def test_a_doubtful_setting_differs_between_futures_about_its_value():
    drivers = ap_drivers(draws=400)
    share = {"value": 0.3, "low": 0.1, "high": 0.5}
    found = lever("ap_transition", share=share).apply(drivers)["ap_to_short"].sel(year=2027)
    assert np.quantile(found, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.3, 0.5], abs=0.03)
    held = {"children": 100, "would_come": share, "stays": share, "cost": {"value": 3, "low": 2, "high": 4}}
    made = lever("ap_outreach", **held)
    (line,) = made.spends(drivers)
    assert np.quantile(line.pounds, [0.1, 0.9]) == pytest.approx([2, 4], abs=0.15)
    kept = in_year(arrivals(drivers) - arrivals(made.apply(drivers)))
    assert kept.mean() == pytest.approx(100 * 0.3 * 0.3, rel=0.15), "two doubts that do not go together"
    assert kept.std() > 1
