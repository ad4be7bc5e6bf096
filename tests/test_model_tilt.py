"""What may turn out otherwise while the totals stay: needs, phases, who stays on, and districts."""

import numpy as np
import pytest
import xarray as xr
from builders_model import NEEDS, busy, expected, simulated
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.domain import NC_YEARS, PHASES, phase_of
from forecast.model.spread import mirrored
from forecast.model.tilt import shares_of_districts, tilted

DRAWS = 40
PHASE = xr.DataArray([phase_of(year).value for year in NC_YEARS], dims="nc_year", coords={"nc_year": list(NC_YEARS)})
OLDER = PHASE.isin(["16-19", "19-25"])
SAME = {need: need for need in NEEDS}
spreads = st.floats(0, 1.5)
quick = settings(deadline=None, max_examples=10)


def area(draws=DRAWS, seed=5):
    """Drivers with residents at the latest census, some of whom never leave in a year and some of whom all do."""
    drivers = busy(draws=draws, seed=seed)
    leave = drivers["leave"].where(drivers["nc_year"] != 15, 0.0).where(drivers["nc_year"] != 16, 1.0)
    return drivers.assign(leave=leave, population_now=drivers["population"].isel(year=0, drop=True))


def nation(asd=0.3, semh=0.3, phase=0.2, older=0.4):
    phases = [older if name in {"16-19", "19-25"} else phase for name in PHASES]
    return xr.Dataset(
        {"need_spread": ("need", [asd, semh]), "phase_spread": ("phase", phases)},
        coords={"need": list(NEEDS), "phase": [name.value for name in PHASES]},
    )


def tilt(drivers, model=None, whose="885", seed=1):
    return tilted(drivers, nation() if model is None else model, SAME, whose, seed)


def all_starts(drivers):
    """First plans of the first year, had nobody one: (draw)."""
    people = drivers["population_now"].sum("district")
    return (drivers["start_rate"].isel(year=0, drop=True) * people).sum(["need", "nc_year"])


def odds(share):
    return share / (1 - share)


@quick
@given(asd=spreads, semh=spreads, phase=spreads, older=spreads, seed=st.integers(0, 100))
def test_all_starts_together_are_as_many_in_every_draw(asd, semh, phase, older, seed):
    drivers = area(seed=seed)
    found = tilt(drivers, nation(asd, semh, phase, older), seed=seed)
    np.testing.assert_allclose(all_starts(found), all_starts(drivers), rtol=1e-9)
    assert found["start_rate"].dims == drivers["start_rate"].dims


def test_a_draw_keeps_its_tilt_in_every_year():
    drivers = area()
    factor = tilt(drivers)["start_rate"] / drivers["start_rate"]
    assert factor.std("draw").min() > 0.05
    np.testing.assert_allclose(factor, factor.isel(year=[0, 0, 0]), rtol=1e-12)


def test_a_share_of_starts_differs_between_draws_as_far_as_authorities_do():
    """Needs in one phase, phases in one need: what evens all starts out cancels."""
    drivers, sd = area(), {"asd": 0.3, "semh": 0.5, "phase": 0.2, "older": 0.4}
    log = np.log(tilt(drivers, nation(**sd))["start_rate"] / drivers["start_rate"]).isel(year=0)
    by_need = log.sel(need="ASD") - log.sel(need="SEMH")
    asked = 0.3 * mirrored(DRAWS, 1, "885 need ASD") - 0.5 * mirrored(DRAWS, 1, "885 need SEMH")
    np.testing.assert_allclose(by_need, np.broadcast_to(asked[:, None], by_need.shape), atol=1e-12)
    by_phase = log.sel(nc_year=14, need="ASD") - log.sel(nc_year=3, need="ASD")
    asked = 0.4 * mirrored(DRAWS, 1, "885 phase 16-19") - 0.2 * mirrored(DRAWS, 1, "885 phase primary")
    np.testing.assert_allclose(by_phase, asked, atol=1e-12)


def test_without_spread_the_drivers_and_the_children_are_the_same_to_the_last_byte():
    drivers = area(draws=4)
    found = tilt(drivers, nation(0, 0, 0, 0))
    for name in ("start_rate", "leave"):
        np.testing.assert_array_equal(found[name], np.broadcast_to(drivers[name], found[name].shape))
    assert expected(found).tobytes() == expected(drivers).tobytes()
    assert simulated(found).tobytes() == simulated(drivers).tobytes()


def test_a_need_of_the_area_takes_the_spread_of_the_one_that_it_means():
    drivers = area().assign_coords(need=["autism", "behaviour"])
    found = tilted(drivers, nation(asd=0.0), {"autism": "ASD", "behaviour": "SEMH"}, "885", 1)
    same = tilt(area(), nation(asd=0.0))
    ratio, other = (
        np.log(rate.isel(need=0) / rate.isel(need=1)).to_numpy() for rate in (found["start_rate"], same["start_rate"])
    )
    assert ratio.std(axis=0).min() > 0.1
    shift = 0.3 * (mirrored(DRAWS, 1, "885 need SEMH") - mirrored(DRAWS, 1, "885 need behaviour"))
    np.testing.assert_allclose(ratio - other, np.broadcast_to(shift[:, None, None], ratio.shape), atol=1e-12)


@quick
@given(phase=spreads, older=st.floats(0, 4), seed=st.integers(0, 100))
def test_who_leaves_is_a_share_whoever_never_leaves_does_not_and_the_oldest_all_do(phase, older, seed):
    drivers = area(seed=seed)
    leave = tilt(drivers, nation(phase=phase, older=older), seed=seed)["leave"]
    assert leave.dims == ("draw", *drivers["leave"].dims)
    assert 0 <= leave.min() <= leave.max() <= 1
    assert (leave.sel(nc_year=NC_YEARS[-1]) == 1).all()
    assert (leave.sel(nc_year=16) == 1).all()
    assert (leave.sel(nc_year=15) == 0).all()
    young = leave.where(~OLDER, drop=True)
    np.testing.assert_array_equal(
        young, drivers["leave"].where(~OLDER, drop=True).broadcast_like(young).transpose(*young.dims)
    )


def test_where_more_young_people_start_their_odds_of_leaving_are_as_much_less():
    drivers = area()
    found = tilt(drivers)
    less = np.log(odds(found["leave"]) / odds(drivers["leave"])).sel(nc_year=14)
    more = 0.4 * mirrored(DRAWS, 1, "885 phase 16-19")
    np.testing.assert_allclose(
        less.transpose("draw", ...), np.broadcast_to(-more[:, None, None], (DRAWS, 2, 3)), atol=1e-9
    )
    in_phase = np.log(found["start_rate"] / drivers["start_rate"]).isel(year=0, need=0)
    older = in_phase.sel(nc_year=14) - in_phase.sel(nc_year=3)
    assert np.corrcoef(older, less.isel(need=0, provision=0))[0, 1] < -0.7


def test_each_area_and_each_seed_has_tilts_of_its_own():
    one, again, other_area, other_seed = (
        tilt(area(), whose=whose, seed=seed)["start_rate"]
        for whose, seed in (("885", 1), ("885", 1), ("888", 1), ("885", 2))
    )
    np.testing.assert_array_equal(one, again)
    for other in (other_area, other_seed):
        assert (one != other).mean() > 0.9


DISTRICTS = ("North", "South", "West")


@pytest.mark.parametrize("draws", [1, 2, 41, 200])
def test_a_district_is_on_average_what_the_areas_rate_gives_it(draws):
    found = shares_of_districts(DISTRICTS, 0.25, "885", draws, 1)
    assert found.dims == ("draw", "district")
    np.testing.assert_allclose(found.mean("draw"), 1, rtol=1e-12)
    assert found.min() > 0


def test_districts_differ_as_far_as_comparable_authorities_each_by_itself():
    found = np.log(shares_of_districts(DISTRICTS, 0.25, "885", 4000, 1))
    asked = [share * 0.25 for share in np.quantile(mirrored(4000, 1, "any"), [0.1, 0.5, 0.9])]
    for district in DISTRICTS:
        low, median, high = found.sel(district=district).quantile([0.1, 0.5, 0.9])
        assert [high - median, median - low] == pytest.approx([asked[2], -asked[0]], rel=1e-3)
    assert np.abs(np.corrcoef(found.T) - np.eye(3)).max() < 4 / np.sqrt(2000)


def test_a_districts_luck_does_not_depend_on_which_others_there_are():
    few, more = (shares_of_districts(names, 0.25, "885", 50, 1) for names in (("South",), DISTRICTS))
    np.testing.assert_array_equal(few.sel(district="South"), more.sel(district="South"))
    assert (shares_of_districts(("South",), 0.0, "885", 50, 1) == 1).all()
