"""The expected roll: a year worked by hand, the same year as plain loops, and laws of children."""

import numpy as np
import pytest
import xarray as xr
from builders_model import (
    NEEDS,
    busy,
    by_hand,
    empty,
    expected,
    leaving_by_draw,
    starts,
    without,
    worcestershire_drivers,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.model.cohort import roll
from forecast.model.entrants import taken

quick = settings(deadline=None, max_examples=10)


def cell(drivers, name, value, **where):
    """Set one cell, or one block, of a variable."""
    drivers[name].loc[where] = value


def by_label(drivers, pupils):
    """Pupils of the first draw and year, with labels."""
    return xr.DataArray(
        pupils[0, 0],
        dims=("district", "need", "nc_year", "provision"),
        coords={axis: drivers[axis] for axis in ("district", "need", "nc_year", "provision")},
    )


def two_towns():
    """Year 6 children of two districts and needs; half as many again go to special schools as used to."""
    drivers = empty(provisions=("mainstream", "special"))
    cell(drivers, "stock", 100, district="North", need="ASD", nc_year=6, provision="mainstream")
    cell(drivers, "stock", 20, district="North", need="ASD", nc_year=6, provision="special")
    cell(drivers, "stock", 50, district="North", need="SEMH", nc_year=6, provision="mainstream")
    cell(drivers, "stock", 40, district="South", need="ASD", nc_year=6, provision="mainstream")
    cell(drivers, "leave", 0.10, nc_year=6, provision="mainstream")
    cell(drivers, "leave", 0.05, nc_year=6, provision="special")
    cell(drivers, "move", [[0.8, 0.2], [0.1, 0.9]], need="ASD", nc_year=6)
    cell(drivers, "move", [[0.9, 0.1], [0.0, 1.0]], need="SEMH", nc_year=6)
    cell(drivers, "arrive", 2, district="North", need="ASD", nc_year=7, provision="mainstream")
    cell(drivers, "population", 500, district="South")
    cell(drivers, "start_rate", 0.05, need="ASD", nc_year=7)
    cell(drivers, "start_rate", 0.02, need="SEMH", nc_year=7)
    cell(drivers, "start_mix", [0.6, 0.4], need="ASD", nc_year=7)
    cell(drivers, "start_mix", [0.9, 0.1], need="SEMH", nc_year=7)
    cell(drivers, "entrants", 1.5, to="special")
    return drivers


def test_a_year_of_two_districts_and_two_needs_is_as_worked_by_hand():
    drivers = two_towns()
    year_7 = by_label(drivers, expected(drivers)).sel(nc_year=7)

    # North. Kept: 100 x .9 = 90 and 20 x .95 = 19 with ASD, 50 x .9 = 45 with SEMH; 2 arrive.
    # Room: .2 x 1000 - (90 + 19 + 45 + 2) = 44, so 44 x .05 = 2.2 start with ASD and 44 x .02 = .88 with SEMH.
    # To special: .2 x 1.5 = .3 of mainstream ASD, .1 x 1.5 = .15 of SEMH, .4 x 1.5 = .6 and .15 of starts.
    north = {
        ("ASD", "mainstream"): 90 * 0.7 + 19 * 0.1 + 2 + 2.2 * 0.4,
        ("ASD", "special"): 90 * 0.3 + 19 * 0.9 + 2.2 * 0.6,
        ("SEMH", "mainstream"): 45 * 0.85 + 0.88 * 0.85,
        ("SEMH", "special"): 45 * 0.15 + 0.88 * 0.15,
    }
    # South. Kept: 40 x .9 = 36. Room: .2 x 500 - 36 = 64, so 3.2 and 1.28 start.
    south = {
        ("ASD", "mainstream"): 36 * 0.7 + 3.2 * 0.4,
        ("ASD", "special"): 36 * 0.3 + 3.2 * 0.6,
        ("SEMH", "mainstream"): 1.28 * 0.85,
        ("SEMH", "special"): 1.28 * 0.15,
    }
    for district, worked in (("North", north), ("South", south)):
        for (need, provision), children in worked.items():
            found = year_7.sel(district=district, need=need, provision=provision).item()
            assert found == pytest.approx(children, rel=1e-12), (district, need, provision)
    assert year_7.sel(district="North", need="ASD").to_numpy().tolist() == pytest.approx([67.78, 45.42])


def test_more_entrants_take_at_most_nineteen_twentieths_of_the_other_destinations():
    drivers = without(two_towns(), "start_rate", "arrive")
    cell(drivers, "move", [[0.6, 0.4], [0.0, 1.0]], need="ASD", nc_year=6)
    cell(drivers, "entrants", 3, to="special")
    year_7 = by_label(drivers, expected(drivers)).sel(nc_year=7, district="South", need="ASD")
    # 36 kept; 3 x .4 would be more than everybody: .95 x .6 = .57 move besides the .4, and .03 do not.
    assert year_7.to_numpy().tolist() == pytest.approx([36 * 0.03, 36 * 0.97])


def test_where_the_ceiling_is_passed_a_fiftieth_of_residents_may_start_all_the_same():
    drivers = two_towns()
    drivers["ceiling"] = drivers["ceiling"] * 0.5
    found = xr.DataArray(starts(drivers)[0, 0], dims=("district", "need", "nc_year"))
    # North holds 156 of 1,000 against a ceiling of 100: room is .02 x 1000 = 20. South has .1 x 500 - 36 = 14.
    assert found[0, :, 11].to_numpy().tolist() == pytest.approx([20 * 0.05, 20 * 0.02])
    assert found[1, :, 11].to_numpy().tolist() == pytest.approx([14 * 0.05, 14 * 0.02])


@quick
@given(seed=st.integers(0, 10_000))
def test_the_roll_is_what_plain_loops_over_the_definition_give(seed):
    drivers = busy(seed=seed)
    for some in (drivers, leaving_by_draw(drivers)):
        np.testing.assert_allclose(expected(some), by_hand(some), rtol=1e-9, atol=1e-9)


def crowded(drivers):
    """What the largest factors take, and let act."""
    factors = drivers["entrants"].max(["draw", "year"]).to_numpy()[[1, 2]]
    move = drivers["move"].to_numpy()
    entering = move[..., [1, 2]].copy()
    entering[..., [1, 2], [0, 1]] = 0
    return taken(entering, move[..., 0], factors)


def test_the_plain_loops_meet_every_case_of_the_definition():
    drivers = busy()
    held = by_hand(drivers)[:, -1].sum(axis=(2, 4))
    full = held > (drivers["ceiling"] * drivers["population"].isel(year=-1)).transpose("draw", ...).to_numpy()
    assert full.any()
    assert not full.all()
    wanted = drivers["entrants"].where(drivers["steered"].rename(provision="to"), drop=True)
    assert wanted.min() < 1 < wanted.max()
    share, part = crowded(drivers)
    assert share.max() == 0.95
    assert part.min() < 1


def test_the_bundled_area_is_rolled_as_plain_loops_would():
    drivers = worcestershire_drivers().isel(draw=slice(0, 1), year=slice(0, 1), district=slice(0, 2))
    seven_digits = 1e-7  # of England's rows on disk, which sum to 1 no nearer than that
    np.testing.assert_allclose(expected(drivers), by_hand(drivers), rtol=seven_digits, atol=1e-9)


def leavers(drivers, children):
    """Those of `children` (draw, district, need, nc_year, provision) who leave within the year: (draw)."""
    leave = drivers["leave"].to_numpy()
    by_draw = np.broadcast_to(leave, (len(children), *leave.shape[-3:]))
    return (children * by_draw[:, None]).sum(axis=(1, 2, 3, 4))


@quick
@given(seed=st.integers(0, 10_000))
def test_every_child_is_accounted_for(seed):
    drivers = leaving_by_draw(busy(seed=seed))
    stock, began = expected(drivers), starts(drivers)
    before = np.broadcast_to(drivers["stock"].to_numpy(), stock[:, 0].shape)
    for at in range(drivers.sizes["year"]):
        left = leavers(drivers, before)
        arrived = drivers["arrive"].to_numpy()[at].sum()
        after = before.sum(axis=(1, 2, 3, 4)) - left + began[:, at].sum(axis=(1, 2, 3)) + arrived
        np.testing.assert_allclose(stock[:, at].sum(axis=(1, 2, 3, 4)), after, rtol=1e-12)
        before = stock[:, at]


def test_every_child_of_the_bundled_area_is_accounted_for():
    drivers = worcestershire_drivers()
    stock, began = expected(drivers), starts(drivers)
    before = np.broadcast_to(drivers["stock"].to_numpy(), stock[:, 0].shape)
    for at in range(drivers.sizes["year"]):
        kept = before.sum(axis=(1, 2, 3, 4)) - leavers(drivers, before)
        came = began[:, at].sum(axis=(1, 2, 3)) + drivers["arrive"].isel(year=at).sum().item()
        np.testing.assert_allclose(stock[:, at].sum(axis=(1, 2, 3, 4)), kept + came, rtol=1e-6)
        before = stock[:, at]


@pytest.mark.parametrize("nc_year", [-1, 5, 6, 11, 13])
def test_a_child_is_a_year_group_on_next_year(nc_year):
    drivers = without(busy(), "start_rate", "arrive", "leave")
    only = drivers.assign(stock=drivers["stock"].where(drivers["nc_year"] == nc_year, 0))
    next_year = expected(only)[:, 0].sum(axis=(1, 2, 4))
    assert next_year[:, nc_year + 5] == pytest.approx(only["stock"].sum().item())
    assert next_year.sum(axis=1) == pytest.approx(only["stock"].sum().item())


def test_nobody_is_over_age():
    drivers = without(busy(years=range(2026, 2052)), "start_rate", "arrive")
    assert expected(drivers)[:, 23].sum() > 0
    assert expected(drivers)[:, 24].sum() == 0


@quick
@given(seed=st.integers(0, 10_000), order=st.permutations(range(4)))
def test_districts_in_another_order_have_the_same_children(seed, order):
    drivers = busy(seed=seed, districts=("A", "B", "C", "D"))
    permuted = expected(drivers.isel(district=list(order)))
    np.testing.assert_allclose(permuted, expected(drivers)[:, :, list(order)], rtol=1e-12)


@quick
@given(seed=st.integers(0, 10_000), order=st.permutations(range(3)))
def test_needs_in_another_order_have_the_same_children(seed, order):
    drivers = busy(seed=seed, needs=("ASD", "SEMH", "MLD"))
    permuted = expected(drivers.isel(need=list(order)))
    np.testing.assert_allclose(permuted, expected(drivers)[:, :, :, list(order)], rtol=1e-9)


@quick
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95))
def test_a_district_split_in_two_has_as_many_children_together(seed, share):
    drivers = busy(seed=seed, districts=("Whole",))
    parts = [
        drivers[["stock", "population", "arrive"]].assign_coords(district=[name]) * size
        for name, size in (("East", share), ("West", 1 - share))
    ]
    split = drivers.drop_vars(["stock", "population", "arrive", "district"]).merge(xr.concat(parts, "district"))
    np.testing.assert_allclose(expected(split).sum(axis=2), expected(drivers).sum(axis=2), rtol=1e-9, atol=1e-9)


@quick
@given(seed=st.integers(0, 10_000), factor=st.floats(0.1, 10))
def test_twice_the_children_residents_and_arrivals_are_twice_the_children_later(seed, factor):
    drivers = busy(seed=seed)
    larger = drivers.assign({name: drivers[name] * factor for name in ("stock", "population", "arrive")})
    np.testing.assert_allclose(expected(larger), factor * expected(drivers), rtol=1e-9)


def test_a_draw_is_the_same_in_whatever_company():
    drivers = busy(draws=6)
    together = expected(drivers)
    for draw in range(6):
        np.testing.assert_allclose(expected(drivers.isel(draw=[draw])), together[[draw]], rtol=1e-12)


def test_factors_of_one_change_nothing():
    drivers = busy()
    ones = drivers.assign(entrants=xr.ones_like(drivers["entrants"]))
    without_steering = ones.assign(steered=xr.zeros_like(drivers["steered"]))
    np.testing.assert_allclose(expected(ones), expected(without_steering), rtol=1e-12)


def test_where_nobody_is_nobody_comes_of_it():
    assert expected(empty(years=(2026, 2027))).sum() == 0


def test_the_year_says_which_january_it_is():
    assert [year.year for year in roll(busy())] == [2026, 2027, 2028]


def test_needs_do_not_turn_into_one_another():
    drivers = without(busy(), "start_rate", "arrive")
    only = drivers.assign(stock=drivers["stock"].where(drivers["need"] == NEEDS[0], 0))
    assert expected(only)[:, :, :, 1].sum() == 0
