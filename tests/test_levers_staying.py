"""What is paid for a child who is sent elsewhere: each year that it is there, and no longer."""

import numpy as np
import pytest
import xarray as xr
from builders_model import busy, empty, unlimited, worcestershire_drivers
from builders_waterfall import named
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.central import central
from forecast.decide.follow import followed
from forecast.model.shifts import ENTRANTS, Way
from forecast.scenario.placement import Rebalance
from forecast.scenario.spending import Payer, Spending
from forecast.scenario.staying import still_there

ENDS = ("special", "mainstream")
ALL = xr.DataArray(data=True)


def chances(leave=0.1, moves=0.2):
    """Drivers in which a tenth of mainstream children lose their plan in a year, and a fifth of the others move."""
    drivers = empty()
    leaving, move = drivers["leave"].copy(), drivers["move"].copy()
    leaving.loc[{"provision": "mainstream", "nc_year": slice(None, 18)}] = leave
    move.loc[{"provision": "mainstream", "to": "mainstream"}] = 1 - moves
    move.loc[{"provision": "mainstream", "to": "special"}] = moves
    stock = drivers["stock"].copy()
    stock.loc[{"provision": "mainstream", "nc_year": 6, "need": "ASD", "district": "North"}] = 50
    return drivers.assign(leave=leaving, move=move, stock=stock)


def test_of_children_kept_in_mainstream_as_many_are_there_as_neither_lose_their_plan_nor_move_on():
    found = still_there(chances(), ENDS, ALL, ENTRANTS, 4)
    assert found == pytest.approx([1, 0.72, 0.72**2, 0.72**3])


def test_where_nobody_leaves_or_moves_all_are_there_until_they_are_too_old():
    """They come at Year 7 and have a plan at Year 20, thirteen years on, and none after it."""
    found = still_there(chances(moves=0.2, leave=0).pipe(_nobody_starts), ENDS, ALL, (Way.STARTS,), 3)
    assert found == (1, 1, 1), "of nobody"
    came = still_there(_stay_once_there(chances(leave=0)), ENDS, ALL, ENTRANTS, 15)
    assert came == pytest.approx([1] * 14 + [0])


def _nobody_starts(drivers):
    return drivers.assign(start_rate=0 * drivers["start_rate"])


def _stay_once_there(drivers):
    """Only those of Year 6 move."""
    move = drivers["move"].copy()
    move.loc[{"nc_year": slice(7, None)}] = np.eye(3)
    return drivers.assign(move=move)


def test_children_of_two_ages_stay_as_long_as_each_age_does_by_how_many_they_are():
    """Two thirds of those who come are in Year 7 and lose their plan in a tenth of cases; the others always keep it."""
    drivers = chances(moves=0)
    leave, stock, move = (drivers[name].copy() for name in ("leave", "stock", "move"))
    leave.loc[{"provision": "mainstream", "nc_year": 11}] = 0
    stock.loc[{"provision": "base", "nc_year": 6, "need": "ASD", "district": "North"}] = 20
    stock.loc[{"provision": "base", "nc_year": 10, "need": "SEMH", "district": "South"}] = 10
    move.loc[{"provision": "base"}] = xr.DataArray([0.0, 1.0, 0.0], coords={"to": move["to"]}, dims="to")
    found = still_there(drivers.assign(leave=leave, stock=stock, move=move), ENDS, ALL, (Way.MOVERS,), 2)
    assert found[1] == pytest.approx((20 * 0.9 + 10) / 30)


@given(
    moved=st.lists(st.floats(0, 100), min_size=1, max_size=8),
    stays=st.lists(st.floats(0, 1), min_size=1, max_size=12),
)
def test_a_child_is_paid_for_in_each_year_that_it_stays(moved, stays):
    line = Spending("support", Payer.HIGH_NEEDS, xr.DataArray(1.0), shift="kept", lasts=len(stays), stays=tuple(stays))
    by_hand = [
        sum(moved[then] * stays[year - then] for then in range(year + 1) if year - then < len(stays))
        for year in range(len(moved))
    ]
    np.testing.assert_allclose(line.paid_for(np.array([moved]))[0], by_hand)


def test_support_is_paid_for_the_children_who_are_in_mainstream_because_of_it_year_by_year():
    """Half of those who would come to special schools in one year are kept; nobody ever comes back to mainstream."""
    drivers = named(unlimited(busy(draws=1, years=tuple(range(2026, 2032)))))
    move = drivers["move"].copy()
    move.loc[{"provision": ["special", "base"], "to": "mainstream"}] = 0
    drivers = drivers.assign(move=move / move.sum("to"), entrants=xr.ones_like(drivers["entrants"]))
    lever = Rebalance.model_validate({"from": "2025/26", "until": "2025/26", "share": 0.5, "support": 1})
    with_it, without = followed(lever.apply(drivers)), followed(drivers)
    mainstream = drivers["provision"].to_numpy().tolist().index("mainstream")
    extra = (with_it.children - without.children)[0, 1:, :, mainstream].sum(axis=1)
    (line,) = lever.spends(drivers)
    paid = line.paid_for(with_it.shifted[:, :, 0])[0]
    np.testing.assert_allclose(paid[:5], extra[:5], rtol=1e-9)
    assert 0 < extra[4] < 0.5 * extra[0], "else nothing is shown"
    assert paid[5] == 0, "five years are over"


def test_on_a_real_area_they_stay_about_as_long_as_with_every_factor_of_control_in_their_moves():
    drivers = worcestershire_drivers(draws=40, horizon=4)
    plain, steered = (still_there(made, ENDS, ALL, ENTRANTS, 5) for made in (drivers, central(drivers)))
    np.testing.assert_allclose(plain, steered, rtol=0.02)
    assert plain[4] < 0.6, "support for five years is far from five times that for one"
