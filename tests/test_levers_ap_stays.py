"""Levers on stays, transition and return in alternative provision: sums by hand, and what they leave alone."""

import numpy as np
import pytest
import xarray as xr
from builders_ap import BACK, LONG, STAY, alike, ap_drivers, full, in_year, lever
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.ap.roll import ap_forecast
from forecast.domain import Tier
from forecast.scenario.ap_stays import limited


@pytest.mark.parametrize("kind", ["ap_shorten_stays", "ap_transition"])
def test_stays_of_other_key_stages_and_reasons_are_the_same_to_the_bit(kind):
    drivers = ap_drivers()
    after = ap_forecast(full(kind, key_stage="ks3", reason="exclusion").apply(drivers))
    before = ap_forecast(drivers)
    differs = (after.stay != before.stay).any("draw")
    assert differs.sel(key_stage="ks3", reason="exclusion").to_numpy().tolist() == [False, False, True, True]
    assert differs.sum() == 2
    assert after.arrivals.identical(before.arrivals)
    assert (after.headcount == before.headcount).where(~differs, other=True).all()


def test_a_stay_cut_to_four_fifths_takes_four_fifths_of_the_places_once_it_has_worked_its_way_in():
    drivers = alike(ap_drivers(years=range(2026, 2046)))
    before, after = (ap_forecast(each) for each in (drivers, full("ap_shorten_stays").apply(drivers)))
    np.testing.assert_allclose(in_year(after.filled, 2045), 0.8 * in_year(before.filled, 2045), rtol=1e-4)
    first = in_year(after.filled, 2027) / in_year(before.filled, 2027)
    assert ((first > 0.8) & (first < 1)).all(), "children who were there already stay"
    np.testing.assert_allclose(after.stay.sel(year=2045), 0.8 * before.stay.sel(year=2045))


def test_a_limit_to_stays_leaves_the_mean_of_stays_cut_off_there():
    rng = np.random.default_rng(3)
    stays = rng.exponential(STAY[Tier.SHORT], 400_000)
    for weeks in (4, 12, 52):
        cut = limited(xr.DataArray(STAY[Tier.SHORT]), xr.DataArray(7.0 * weeks)).item()
        assert cut == pytest.approx(np.minimum(stays, 7 * weeks).mean(), rel=0.01)
    made = lever("ap_shorten_stays", weeks=12, tier="short", key_stage="ks3").apply(ap_drivers())
    days = (made["ap_stay"] * made["ap_stay_multiple"]).sel(key_stage="ks3", reason="other", year=2027)
    hand = STAY[Tier.SHORT] * (1 - np.exp(-84 / STAY[Tier.SHORT]))
    np.testing.assert_allclose(days.sel(tier="short"), hand)
    np.testing.assert_array_equal(days.sel(tier="transition"), STAY[Tier.TRANSITION])


@settings(deadline=None, max_examples=12)
@given(factor=st.floats(0, 10), weeks=st.none() | st.floats(0, 1000))
def test_no_lever_makes_a_mean_stay_shorter_than_a_day_and_places_stay_finite(factor, weeks):
    made = lever("ap_shorten_stays", factor=factor, weeks=weeks).apply(ap_drivers())
    found = ap_forecast(made)
    assert (found.stay >= 1 - 1e-9).all()
    assert all(np.isfinite(getattr(found, name)).all() for name in ("headcount", "peak", "transition", "returns"))


def test_transition_places_that_become_time_limited_are_shorter_and_more_children_return():
    drivers = alike(ap_drivers(years=range(2026, 2046)))
    before, after = (ap_forecast(each) for each in (drivers, full("ap_transition").apply(drivers)))
    share = LONG * 0.7
    stay = share * STAY[Tier.TRANSITION] + (1 - share) * STAY[Tier.SHORT]
    np.testing.assert_allclose(after.stay.sel(year=2045), stay)
    come = before.arrivals.sel(year=2045).sum(["district", "reason", "setting"])
    np.testing.assert_allclose(
        after.returns.sel(year=2045), come * (share * BACK[Tier.TRANSITION] + (1 - share) * BACK[Tier.SHORT])
    )
    assert (after.returns.sel(year=2045) > before.returns.sel(year=2045)).all()
    np.testing.assert_allclose(in_year(after.headcount, 2045), in_year(after.arrivals, 2045) * stay / 365, rtol=1e-3)


def test_more_returns_are_a_share_of_those_who_would_have_gone_elsewhere_and_leave_places_alone():
    drivers = ap_drivers()
    before, after = (ap_forecast(each) for each in (drivers, full("ap_return", tier="transition").apply(drivers)))
    come = before.arrivals.sel(year=2027).sum(["district", "reason", "setting"])
    back = BACK[Tier.TRANSITION] + 0.3 * (1 - BACK[Tier.TRANSITION])
    np.testing.assert_allclose(after.returns.sel(year=2027), come * (LONG * back + (1 - LONG) * BACK[Tier.SHORT]))
    assert after.peak.identical(before.peak)
    assert after.headcount.identical(before.headcount)


@settings(deadline=None, max_examples=10)
@given(one=st.floats(0, 1), two=st.floats(0, 1))
def test_shares_stay_shares_however_many_levers_send_them(one, two):
    drivers = ap_drivers()
    for name, kind in (("ap_to_short", "ap_transition"), ("ap_return_more", "ap_return")):
        made = lever(kind, share=two).apply(lever(kind, share=one).apply(drivers))
        if name not in made:
            assert one == two == 0
            continue
        assert ((made[name] >= 0) & (made[name] <= 1)).all()
        if kind == "ap_return":
            assert (made["ap_return"] + made[name] <= 1 + 1e-9).all()
