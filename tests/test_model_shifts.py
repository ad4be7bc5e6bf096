"""Shifts: who goes elsewhere, that nobody is lost, and that nobody else is disturbed."""

import numpy as np
import pytest
import xarray as xr
from builders_model import NEEDS, PROVISIONS, YEARS, busy, expected, without
from hypothesis import given
from hypothesis import strategies as st

from forecast.axes import PHASE_FIRSTS
from forecast.model.carried import carried
from forecast.model.cohort import roll
from forecast.model.control import of_whole_area
from forecast.model.fixed import fixed
from forecast.model.shifts import ENTRANTS, Way, with_shift

EVERYWHERE = xr.DataArray(data=True)
SPECIAL, MAINSTREAM, BASE = (PROVISIONS.index(name) for name in ("special", "mainstream", "base"))


def shifted(drivers, share=0.3, ends=("special", "mainstream"), where=EVERYWHERE, ways=ENTRANTS, first=2027, name=""):
    acts = xr.DataArray([float(year >= first) for year in YEARS], coords={"year": list(YEARS)}, dims="year")
    by_draw = xr.ones_like(drivers["ceiling"]) * share
    return with_shift(drivers, name or "to ".join(ends), ends, by_draw * acts, where, ways)


def at_year_group(drivers, *nc_years):
    return drivers["nc_year"].isin(nc_years)


def test_a_shift_of_nobody_leaves_the_very_same_drivers():
    drivers = busy()
    assert shifted(drivers, share=0) is drivers
    assert shifted(drivers, first=2099) is drivers
    assert shifted(drivers, where=at_year_group(drivers)) is drivers


def test_two_shifts_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Two shifts are called 'twice'"):
        shifted(shifted(busy(), name="twice"), name="twice")


@given(share=st.floats(0, 1), ways=st.sets(st.sampled_from([*Way]), min_size=1))
def test_nobody_is_lost_or_made_in_the_year_that_a_shift_begins(share, ways):
    drivers = busy()
    before, after = expected(drivers), expected(shifted(drivers, share, ways=tuple(ways)))
    np.testing.assert_array_equal(after[:, 0], before[:, 0])
    np.testing.assert_allclose(after[:, 1].sum(axis=-1), before[:, 1].sum(axis=-1))
    assert (after >= -1e-12).all()


def test_those_sent_on_are_the_share_of_those_who_would_have_come():
    drivers = without(busy(), "arrive", "leave")
    now, then = list(roll(drivers))[:2]
    starts = then.starts * then.placed[..., SPECIAL]
    stays = list(roll(drivers.assign(start_rate=drivers["start_rate"] * (drivers["year"] < 2027))))[1].pupils
    settled = (
        now.pupils[..., SPECIAL] * drivers["move"].sel(provision="special", to="special").to_numpy()[:, :, None, None]
    )
    came = stays[:, 1:, ..., SPECIAL] - settled[:, :-1]
    wanted = 0.3 * (came.sum() + starts.sum())
    done = list(roll(shifted(drivers)))[1]
    assert done.shifted.sum() == pytest.approx(wanted)
    assert then.pupils[..., SPECIAL].sum() - done.pupils[..., SPECIAL].sum() == pytest.approx(wanted)
    assert done.pupils[..., MAINSTREAM].sum() - then.pupils[..., MAINSTREAM].sum() == pytest.approx(wanted)


def test_children_settled_in_a_special_school_stay_unless_they_are_meant():
    alone = without(busy(), "arrive", "start_rate")
    alone = alone.assign(stock=alone["stock"].where(alone["provision"] == "special", 0.0))
    to_stay = alone.assign(move=xr.zeros_like(alone["move"]) + xr.DataArray(np.eye(3), dims=("provision", "to")))
    np.testing.assert_array_equal(expected(shifted(to_stay, 1.0)), expected(to_stay))
    moved = expected(shifted(to_stay, 1.0, ways=[Way.STAYING]))
    assert moved[:, 1:, ..., SPECIAL].sum() == 0
    assert moved[:, 1, ..., MAINSTREAM].sum() == pytest.approx(expected(to_stay)[:, 1].sum())


def test_a_shift_at_year_7_touches_year_7_first_and_year_11_after_four_more_years():
    years = tuple(range(2026, 2033))
    drivers = busy(years=years)
    acts = xr.DataArray([float(year >= 2027) for year in years], coords={"year": list(years)}, dims="year")
    share = xr.ones_like(drivers["ceiling"]) * 0.5 * acts
    changed = with_shift(drivers, "at Year 7", ("special", "base"), share, at_year_group(drivers, 7), ENTRANTS)
    apart = np.abs(expected(changed) - expected(drivers)).max(axis=(0, 2, 3, 5)) > 1e-9
    for at, year in enumerate(years):
        assert np.flatnonzero(apart[at] & (np.arange(-4, 21) <= 11)).tolist() == [
            7 + 4 + n for n in range(max(0, min(5, year - 2026)))
        ]


def test_one_district_and_need_are_touched_where_one_is_meant():
    drivers = busy()
    where = (drivers["district"] == "South") & (drivers["need"] == "SEMH")
    apart = np.abs(expected(shifted(drivers, where=where)) - expected(drivers))[:, 1].max(axis=(0, 3, 4)) > 1e-9
    assert apart.tolist() == [[False, False], [False, True]]


def test_shifts_commute_and_together_never_send_away_more_than_all():
    drivers = busy()
    ends = (("special", "base"), ("base", "mainstream"), ("special", "mainstream"))
    one, other = drivers, drivers
    for pair in ends:
        one = shifted(one, 0.7, pair)
    for pair in reversed(ends):
        other = shifted(other, 0.7, pair)
    np.testing.assert_allclose(expected(one), expected(other), rtol=1e-12)
    assert (expected(one) >= -1e-12).all()
    np.testing.assert_allclose(expected(one)[:, 1].sum(axis=-1), expected(drivers)[:, 1].sum(axis=-1))


def test_whole_children_are_sent_on_as_often_as_the_expected_ones():
    drivers = shifted(shifted(busy(draws=400), 0.4), 0.1, ("mainstream", "base"), ways=[Way.STAYING])
    means, by_band, sent = carried(drivers, 3, PHASE_FIRSTS)
    whole = by_band.mean("draw").sum(["district", "need", "band"])
    wanted = means.sum(["district", "need", "nc_year"])
    error = by_band.sum(["district", "need", "band"]).std("draw") / 20
    assert (abs(whole - wanted) < 4 * error + 1e-9).all()
    assert sent.sel(year=2026).sum() == 0
    assert (sent.sel(year=[2027, 2028]) > 0).all()


def test_luck_sends_on_some_and_disturbs_nobody_else():
    drivers = busy(draws=20)
    _, before, none = carried(drivers, 3, PHASE_FIRSTS)
    _, after, _ = carried(shifted(drivers, 0.4), 3, PHASE_FIRSTS)
    assert none is None
    apart = (after.astype(int) - before).sel(year=2027)
    assert (apart.sel(provision="base") == 0).all()
    assert (apart.sel(provision="special") <= 0).all()
    assert (apart.sum("provision") == 0).all()
    assert apart.sel(provision="special").sum() < 0


@given(more=st.floats(0, 1), less=st.floats(0, 1))
def test_a_larger_share_never_leaves_more_children_in_special_schools_that_year(more, less):
    drivers = busy(draws=3)
    low, high = sorted((less, more))
    few, many = (carried(shifted(drivers, share), 3, PHASE_FIRSTS)[1].sel(year=2027) for share in (low, high))
    assert (many.sel(provision="special") <= few.sel(provision="special")).all()


def test_districts_are_not_added_up_where_a_shift_tells_them_apart():
    drivers = busy()
    assert "district" not in of_whole_area(shifted(drivers))["stock"].dims
    apart = shifted(drivers, where=drivers["district"] == "South")
    assert of_whole_area(apart) is apart


def test_leaving_is_multiplied_and_never_certain_above_one():
    drivers = without(busy(), "arrive", "start_rate")
    twice = drivers.assign(leave_multiple=xr.where(drivers["nc_year"] >= 12, 2.0, 1.0))
    kept = fixed(drivers).rates(0).kept, fixed(twice).rates(0).kept
    old = drivers["nc_year"].to_numpy() >= 12
    np.testing.assert_array_equal(kept[0][:, ~old], kept[1][:, ~old])
    np.testing.assert_allclose(1 - kept[1][:, old], np.minimum(2 * (1 - kept[0][:, old]), 1))
    assert len(NEEDS) == kept[0].shape[0]
    never = drivers.assign(leave_multiple=xr.DataArray(50.0))
    assert expected(never)[:, 0].sum() < expected(drivers)[:, 0].sum()
    assert (expected(never) >= 0).all()


def test_only_the_way_that_is_asked_for_too_much_gives_way():
    drivers = shifted(shifted(busy(), 0.6), 0.8, ("special", "base"), ways=[Way.MOVERS])
    shares = {(shift.goal, way): float(shift.share.max()) for shift in fixed(drivers).shifts[1] for way in shift.ways}
    assert shares == pytest.approx(
        {(MAINSTREAM, Way.STARTS): 0.6, (MAINSTREAM, Way.MOVERS): 0.6 / 1.4, (BASE, Way.MOVERS): 0.8 / 1.4}
    )
    np.testing.assert_allclose(expected(drivers)[:, 1].sum(axis=-1), expected(busy())[:, 1].sum(axis=-1))
