"""What makes one draw differ from another."""

from datetime import date

import numpy as np
import pytest
import xarray as xr
from builders_model import assumptions, england, worcestershire_drivers
from scipy import stats

from forecast.inputs.assumptions import Assumption
from forecast.model.growth import ENGLAND, TARGETS
from forecast.model.spread import FARTHEST, FREEDOM, assumed, mirrored, shocks

YEARS = list(range(2026, 2036))
MANY = 20_000
OWN = "885"
UNKNOWN = "none"
LARGEST = stats.t.ppf(FARTHEST, FREEDOM)
CUT = stats.t.expect(np.square, (FREEDOM,), lb=-LARGEST, ub=LARGEST) + 2 * (1 - FARTHEST) * LARGEST**2
"""Variance of a Student's t whose farthest hundredths are brought to its 1st and 99th."""


def level(plans=7000.0, special=1900.0, non_maintained=16.0, independent=500.0, base=150.0, alternative=50.0):
    """Children in each target."""
    values = [plans, special, non_maintained, independent, base, alternative]
    return xr.DataArray(values, coords={"target": list(TARGETS)}, dims="target")


def drawn(draws, seed=1, code=OWN, model=None, now=None, years=YEARS):
    return shocks(england() if model is None else model, code, level() if now is None else now, years, draws, seed)


def scales(code=OWN):
    """Scales shared and own, held after the fifth year: (year, target) each."""
    at = xr.DataArray(np.minimum(np.arange(1, len(YEARS) + 1), 5), dims="year")
    own = england()["own_scale"].sel(la_code=code).sel(horizon=at)
    return [scale.transpose("year", "target").to_numpy() for scale in (england()["common_scale"].sel(horizon=at), own)]


def assumption(value, low, high):
    return Assumption(says="", value=value, low=low, high=high, owner="", source="", review=date(2027, 6, 30))


@pytest.mark.parametrize(("value", "low", "high"), [(0.18, 0.13, 0.25), (0.85, 0.75, 0.92), (0.5, 0.5, 0.5)])
def test_a_tenth_of_draws_lie_below_the_low_value_a_tenth_above_the_high_one_and_half_below_the_value(value, low, high):
    found = np.quantile(assumed(assumption(value, low, high), MANY, 1, 0), [0.1, 0.5, 0.9])
    np.testing.assert_allclose(found, [low, value, high], atol=0.02 * max(high - low, 1e-9))


def test_no_draw_of_an_assumption_goes_past_twice_its_range():
    found = assumed(assumption(0.18, 0.13, 0.25), MANY, 1, 0)
    assert found.min() == pytest.approx(0.18 - 2 * 0.05)
    assert found.max() == pytest.approx(0.18 + 2 * 0.07)


def test_each_assumption_and_each_seed_has_numbers_of_its_own():
    one = assumption(0.0, -1.0, 1.0)
    found = [assumed(one, 2000, seed, at) for seed, at in ((1, 0), (1, 1), (2, 0))]
    assert np.abs(np.corrcoef(found) - np.eye(3)).max() < 0.1
    assert (assumed(one, 2000, 1, 0) == found[0]).all()


def test_the_first_draws_of_an_assumption_are_the_same_however_many_there_are():
    one = assumptions()["ceiling"]
    assert (assumed(one, 200, 1, 0)[:50] == assumed(one, 50, 1, 0)).all()


@pytest.mark.parametrize("draws", [0, 1, 2, 3, 40, 201])
def test_half_the_deviates_are_the_others_turned_round_so_that_their_median_is_nothing(draws):
    found, half = mirrored(draws, 1, "any"), draws // 2
    assert len(found) == draws
    np.testing.assert_array_equal(found[:half], -found[draws - half :])
    assert (found[half : draws - half] == 0).all()


def test_deviates_are_spread_as_a_students_t_but_for_the_farthest():
    found = mirrored(MANY, 1, "any")
    shares = np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98])
    np.testing.assert_allclose(np.quantile(found, shares), stats.t.ppf(shares, FREEDOM), atol=2e-3)
    assert np.abs(found).max() == pytest.approx(LARGEST)
    assert found.var() == pytest.approx(CUT, rel=1e-3)


def test_each_name_and_each_seed_has_deviates_of_its_own_in_an_order_of_its_own():
    found = [mirrored(MANY, seed, name) for seed, name in ((1, "885 plans"), (1, "888 plans"), (2, "885 plans"))]
    assert np.abs(np.corrcoef(found) - np.eye(3)).max() < 4 / np.sqrt(MANY / 2)
    np.testing.assert_array_equal(found[0], mirrored(MANY, 1, "885 plans"))
    assert np.abs(np.corrcoef(found[0][:100], np.arange(100))[0, 1]) < 0.4


def test_the_same_seed_gives_the_same_shocks_and_another_seed_others():
    xr.testing.assert_identical(drawn(50), drawn(50))
    assert (drawn(50) != drawn(50, seed=2)).mean() > 0.9


def test_the_first_years_of_a_shock_are_the_same_however_many_there_are():
    np.testing.assert_array_equal(drawn(50)[:, :5], drawn(50, years=YEARS[:5]))


@pytest.mark.parametrize("draws", [40, 41])
def test_the_median_draw_of_every_target_is_the_forecast_itself(draws):
    np.testing.assert_allclose(drawn(draws).median("draw"), 0, atol=1e-15)
    np.testing.assert_allclose(drawn(draws).mean("draw"), 0, atol=1e-14)


@pytest.mark.parametrize("code", [OWN, "888", "330"])
def test_shocks_are_as_large_as_the_errors_of_the_past(code):
    asked = np.hypot(*scales(code)) * np.sqrt(CUT)
    np.testing.assert_allclose(drawn(MANY, code=code).std("draw"), asked, rtol=0.03)


def test_a_draw_keeps_to_one_side_of_the_forecast():
    found = drawn(2000).sel(target="plans").to_numpy()
    assert np.corrcoef(found.T).min() > 0.9
    assert (found[:, 4:] == found[:, [4]]).all()


def test_targets_move_with_all_plans_as_much_as_they_have():
    """Shared and own shocks each do; where one counts for more in a target than in plans, together a little less."""
    common, own = (scale[4] for scale in scales())
    alike = (common * common[0] + own * own[0]) / (np.hypot(common, own) * np.hypot(common[0], own[0]))
    found = np.corrcoef(drawn(MANY).sel(year=2030).to_numpy().T)[0]
    np.testing.assert_allclose(found, england()["with_plans"] * alike, atol=4 / np.sqrt(MANY / 2))


def test_england_has_no_shock_of_its_own_and_meets_the_one_that_all_share():
    nation = drawn(200, code=ENGLAND)
    shared = nation / scales()[0]
    np.testing.assert_allclose(shared, shared.isel(year=[0] * len(YEARS)), rtol=1e-12)
    sure = england().assign(own_scale=0 * england()["own_scale"].fillna(0.0))
    np.testing.assert_array_equal(drawn(200, model=sure), nation)


def test_what_an_authority_has_of_its_own_is_not_what_all_share_nor_anothers():
    nation, here, there = (drawn(MANY, code=code).sel(year=2030) for code in (ENGLAND, OWN, "888"))
    for target in TARGETS:
        three = [part.sel(target=target) for part in (nation, here - nation, there - nation)]
        assert np.abs(np.corrcoef(three) - np.eye(3)).max() < 5 / np.sqrt(MANY / 2), target


def test_another_authority_in_the_model_moves_no_others_draws():
    known = england()[["own_scale"]]
    added = known.isel(la_code=[0]).assign_coords(la_code=["001"]) * 3
    more = england().drop_dims("la_code").merge(xr.concat([added, known], "la_code", join="exact"))
    for code in (OWN, ENGLAND, UNKNOWN):
        xr.testing.assert_identical(drawn(50, code=code, model=more), drawn(50, code=code))


def test_an_authority_without_errors_of_its_own_is_as_uncertain_as_others_of_its_size():
    terms = england()["local_spread"]
    by_size = np.exp(terms.sel(term="intercept") + terms.sel(term="slope") * np.log(level()))
    own = (drawn(200, code=UNKNOWN) - drawn(200, code=ENGLAND)).std("draw").transpose("target", "year").to_numpy()
    asked = by_size.transpose("target", "horizon").to_numpy()[:, [0, 1, 2, 3, 4, 4, 4, 4, 4, 4]]
    ratio = own / asked
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape), rtol=1e-9)
    np.testing.assert_allclose(ratio, np.sqrt(CUT), rtol=0.2)


def test_a_target_without_errors_of_its_own_is_as_uncertain_as_others_of_its_size():
    known = england()["own_scale"].copy()
    known.loc[{"la_code": OWN, "target": "base"}] = np.nan
    found, sized = drawn(50, model=england().assign(own_scale=known)), drawn(50)
    by_size = england()["local_spread"].sel(target="base")
    asked = np.exp(by_size.sel(term="intercept") + by_size.sel(term="slope") * np.log(150.0)).to_numpy()
    ratio = (found - drawn(50, code=ENGLAND)).std("draw").sel(target="base").to_numpy()[:5] / asked
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
    xr.testing.assert_identical(found.drop_sel(target="base"), sized.drop_sel(target="base"))


def test_a_smaller_area_that_england_does_not_know_is_less_certain():
    large, small = (drawn(2000, code=UNKNOWN, now=level() / size).std("draw") for size in (1, 10))
    assert (small >= large - 1e-12).all()
    assert (small > large).any()


def test_an_area_with_nobody_in_a_target_has_a_spread_that_is_a_number():
    assert np.isfinite(drawn(50, code=UNKNOWN, now=level(alternative=0.0))).all()


def test_draws_of_the_bundled_area_differ_in_their_assumptions():
    drivers = worcestershire_drivers()
    assert drivers["ceiling"].std() > 0
    assert drivers["start_rate"].isel(year=0).std("draw").max() > 0
