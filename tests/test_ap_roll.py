"""Children in alternative provision, from drivers made by hand."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.ap.given import REASONS, SETTINGS, STAGES, TIERS
from forecast.ap.roll import ap_forecast, by_key_stage, whole
from forecast.domain import NC_YEARS

BASE, YEARS, DISTRICTS, DRAWS = 2025, [2026, 2027, 2028, 2029], ["North", "South"], 40


COORDS = {
    "draw": np.arange(DRAWS),
    "year": YEARS,
    "district": DISTRICTS,
    "nc_year": list(NC_YEARS),
    "key_stage": STAGES,
    "reason": REASONS,
    "setting": SETTINGS,
    "tier": TIERS,
}


def full(value, *axes):
    """The same value in every cell."""
    shape = [len(COORDS[axis]) for axis in axes]
    return xr.DataArray(np.full(shape, value), {axis: COORDS[axis] for axis in axes}, axes)


def drivers(**more):
    """A county of 1,000 residents in every year group of either district."""
    rate = ("draw", "year", "key_stage", "reason", "setting")
    made = xr.Dataset(
        {
            "population": full(1_000.0, "year", "district", "nc_year"),
            "population_now": full(1_000.0, "district", "nc_year"),
            "ap_rate": full(0.002, *rate),
            "ap_rate_now": full(0.002, *[axis for axis in rate if axis != "year"]),
            "ap_stay": full(146.0, "key_stage", "reason", "tier"),
            "ap_transition": full(0.25, "key_stage", "reason"),
            "ap_return": full(0.6, "key_stage", "tier"),
            "ap_week": full(0.5, "setting"),
            "ap_peak": full(1.2, "draw", "key_stage"),
        },
        attrs={
            "year": BASE,
            "seed": 1,
            "ap_headroom": 0.1,
            "ap_counted": {"ap_school": 2023},
            "ap_basis": "published",
            "ap_notes": ("noted",),
            "ap_supported_now": 0.0,
        },
    )
    made["ap_stay"].loc[{"tier": "transition"}] = 365.0
    return made.assign({name: xr.DataArray(value) if np.isscalar(value) else value for name, value in more.items()})


def by_year(values):
    return xr.DataArray(np.array(values, dtype=float), {"year": YEARS}, "year")


def test_a_cell_is_residents_times_rate_times_stay():
    found = ap_forecast(drivers())
    cell = {"district": "North", "key_stage": "ks3", "reason": "medical", "setting": "la_funded"}
    assert found.arrivals.sel(cell).values == pytest.approx(3_000 * 0.002)
    stay = 0.75 * 146 + 0.25 * 365
    assert found.stay.sel(key_stage="ks3", reason="medical").values == pytest.approx(stay)
    assert found.headcount.sel(cell).values == pytest.approx(6 * stay / 365)
    assert found.filled.sel(cell).values == pytest.approx(6 * stay / 365 / 2)
    assert found.headcount["year"].values.tolist() == [BASE, *YEARS]
    fullest = found.peak.sel(district="North", key_stage="ks3", setting="la_funded")
    assert float(fullest.mean()) == pytest.approx(5 * 6 * stay / 365 / 2 * 1.2, rel=0.1)
    assert found.headroom == 0.1


def test_an_area_without_figures_has_no_forecast_of_them():
    assert ap_forecast(drivers().drop_vars("ap_rate")) is None


def test_residents_by_key_stage_are_those_of_reception_to_year_14():
    people = drivers()["population"]
    found = by_key_stage(people)
    assert found.sum("key_stage").values == pytest.approx(people.sel(nc_year=list(range(15))).sum("nc_year").values)
    assert found.sel(key_stage="ks4").values == pytest.approx(2_000)


def test_those_in_transition_and_those_who_return_follow_from_tiers():
    found = ap_forecast(drivers())
    stay, roll = 0.75 * 146 + 0.25 * 365, found.headcount.sum(["district", "reason"])
    share = 0.25 * 365 / stay
    assert found.transition.values == pytest.approx((roll * share).transpose(*found.transition.dims).values)
    coming = found.arrivals.sum(["district", "reason", "setting"])
    assert found.returns.values == pytest.approx((0.6 * coming).transpose(*found.returns.dims).values)


@given(kept=st.floats(0, 1), times=st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_fewer_who_come_never_fill_more_places(kept, times):
    before = ap_forecast(drivers())
    after = ap_forecast(drivers(ap_kept=by_year([0, kept, kept, kept]), ap_multiple=by_year([times] * 4)))
    assert (after.peak <= before.peak).all()
    assert (after.headcount <= before.headcount + 1e-9).all()
    assert after.peak.sel(year=BASE).equals(before.peak.sel(year=BASE))


def test_levers_of_nothing_change_no_place():
    before = ap_forecast(drivers())
    after = ap_forecast(drivers(ap_kept=0.0, ap_multiple=1.0, ap_stay_multiple=1.0, ap_to_short=0.0))
    assert after.peak.equals(before.peak)
    assert after.headcount.equals(before.headcount)


def test_shorter_stays_work_their_way_in_towards_where_littles_law_says():
    long = drivers()
    long["ap_stay"][:] = 500.0
    before = ap_forecast(long)
    after = ap_forecast(long.assign(ap_stay_multiple=by_year([0.5] * 4)))
    part = (after.headcount / before.headcount).isel(draw=0, district=0, key_stage=0, reason=0, setting=0)
    assert part.values[0] == 1
    assert (np.diff(part.values) < 0).all()
    assert 0.5 < part.values[1] < 1
    assert 0.5 < part.values[-1] < 0.6


def test_transition_places_turned_into_short_ones_shorten_stays_by_the_difference():
    after = ap_forecast(drivers(ap_to_short=by_year([1.0] * 4)))
    assert after.stay.sel(year=2029).values == pytest.approx(146)
    assert after.stay.sel(year=BASE).values == pytest.approx(0.75 * 146 + 0.25 * 365)
    assert after.transition.sel(year=2029).sum() == pytest.approx(0)


def test_a_lever_on_one_reason_leaves_the_others_bit_for_bit():
    kept = xr.DataArray(
        [1.0 if reason == "exclusion" else 0.0 for reason in REASONS], {"reason": REASONS}, "reason"
    ) * by_year([1] * 4)
    before, after = ap_forecast(drivers()), ap_forecast(drivers(ap_kept=kept))
    others = [reason for reason in REASONS if reason != "exclusion"]
    assert after.headcount.sel(reason=others).equals(before.headcount.sel(reason=others))
    assert float(after.arrivals.sel(reason="exclusion", year=2027).sum()) == 0


def test_luck_has_the_spread_of_a_count_and_belongs_to_its_cell():
    coords = {
        "draw": np.arange(4_000),
        "year": [2026],
        "district": ["North", "South"],
        "key_stage": ["ks3"],
        "setting": ["ap_school"],
    }
    mean = xr.DataArray(np.full((4_000, 1, 2, 1, 1), 30.0), coords, tuple(coords))
    found = whole(mean, 1)
    assert float(found.mean()) == pytest.approx(30, abs=0.3)
    assert float(found.var("draw").mean()) == pytest.approx(30, rel=0.08)
    assert abs(float(xr.corr(found.sel(district="North"), found.sel(district="South")))) < 0.06
    assert whole(mean.sel(district=["South"]), 1).equals(found.sel(district=["South"]))


def test_outreach_is_told_apart_and_takes_no_place():
    found = ap_forecast(drivers(ap_supported=by_year([0, 50, 60, 70])))
    assert found.supported.isel(draw=0).values.tolist() == [0, 0, 50, 60, 70]
    assert found.peak.equals(ap_forecast(drivers()).peak)
