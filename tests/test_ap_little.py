"""Places from arrivals and stays, held to records that are simulated and to published sums."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from forecast.ap.little import DAYS, arriving, carried_over, mean_stay, on_roll, places, shares_of_stay


def test_devons_614_and_202_days_take_340_places():
    # Devon's figures as METHOD section 3 gives them. The council's own answer reads as 367 placed now and 247 who
    # left in the year, 614 placements in all, of which those that ended lasted 202 days: a sum, not a finding.
    assert round(places(614, 202)) == 340
    assert 367 + 247 == 614


def test_each_factor_multiplies_the_places():
    assert places(100, 73) == pytest.approx(20)
    assert places(100, 73, peak=1.2, headroom=0.1, week=0.5) == pytest.approx(20 * 1.2 * 1.1 * 0.5)


@pytest.mark.parametrize("long", ["steady", "fixed", "lumpy"])
def test_the_roll_of_simulated_records_is_arrivals_times_stay(long):
    rng = np.random.default_rng(5)
    days, a_day = 40 * DAYS, 3.0
    came = np.repeat(np.arange(days), rng.poisson(a_day * (1 + 0.5 * np.sin(np.arange(days) * 2 * np.pi / DAYS))))
    stays = {
        "steady": rng.exponential(150, len(came)),
        "fixed": np.full(len(came), 150.0),
        "lumpy": rng.choice([20.0, 410.0], len(came), p=[2 / 3, 1 / 3]),
    }[long]
    present = np.zeros(days + 1)
    left = np.minimum(came + np.rint(stays).astype(int), days)
    np.add.at(present, came, 1)
    np.add.at(present, left, -1)
    roll = present.cumsum()[5 * DAYS : 39 * DAYS]
    within = (came >= 5 * DAYS) & (came < 39 * DAYS)
    by_formula = on_roll(xr.DataArray(within.sum() / 34), xr.DataArray(stays[within].mean())).item()
    assert by_formula == pytest.approx(roll.mean(), rel=0.02)


@given(st.floats(1, 2_000), st.integers(2, 12))
def test_all_the_time_of_a_stay_falls_in_some_year(stay, years):
    shares = shares_of_stay(np.array([stay]), years)
    assert shares.sum() == pytest.approx(1)
    assert (shares >= -1e-12).all()


def test_the_first_years_share_is_that_of_children_followed_one_by_one():
    rng = np.random.default_rng(2)
    for mean in (60.0, 300.0, 700.0):
        begin, stay = rng.uniform(0, DAYS, 200_000), rng.exponential(mean, 200_000)
        end = begin + stay
        spent = [
            np.clip(np.minimum(end, (a + 1) * DAYS) - np.maximum(begin, a * DAYS), 0, None).sum() for a in range(3)
        ]
        assert shares_of_stay(np.array(mean), 12)[:3] == pytest.approx(np.array(spent) / stay.sum(), abs=0.005)


def test_a_change_works_its_way_in_and_is_whole_in_the_end():
    change = np.full((12, 1), -10.0)
    spread = carried_over(change, np.array([[500.0]]))[:, 0]
    assert -10 < spread[0] < -2
    assert (np.diff(spread) <= 1e-9).all()
    assert spread[-1] == pytest.approx(-10, abs=0.1)


def test_shorter_stays_work_in_as_children_followed_one_by_one_have_them():
    rng = np.random.default_rng(9)
    came = rng.uniform(-20 * DAYS, 8 * DAYS, 2_800_000)
    stay = rng.exponential(1, len(came)) * np.where(came >= 0, 250.0, 500.0)
    there = [
        np.clip(np.minimum(came + stay, (y + 1) * DAYS) - np.maximum(came, y * DAYS), 0, None).sum() for y in range(8)
    ]
    followed = np.array(there) / DAYS / (2_800_000 / 28)  # child-years for each child who comes in a year
    before, after = np.full((8, 1), 500 / DAYS), np.full((8, 1), 250 / DAYS)
    found = before + carried_over(after, np.array([[250.0]])) - carried_over(before, np.array([[500.0]]))
    assert found[:, 0] == pytest.approx(followed, abs=0.01)


def test_nothing_is_carried_over_before_anything_changes():
    change = np.zeros((8, 2))
    change[4:] = 3
    assert (carried_over(change, np.array([[100.0, 400.0]]))[:4] == 0).all()


def test_who_comes_and_who_is_there_turn_into_one_another():
    roll, stay = xr.DataArray([40.0, 7.0], dims="reason"), xr.DataArray([90.0, 365.0], dims="reason")
    assert on_roll(arriving(roll, stay), stay).values == pytest.approx(roll.values)
    assert arriving(roll, stay).values[1] == pytest.approx(7)


def test_the_mean_stay_is_of_those_who_come_whatever_their_tier():
    stay = xr.DataArray([[100.0, 400.0]], coords={"tier": ["short", "transition"]}, dims=("reason", "tier"))
    assert mean_stay(stay, xr.DataArray([0.25], dims="reason")).values == pytest.approx([175])
