"""What makes one draw differ from another."""

from datetime import date

import numpy as np
import pytest
import xarray as xr
from builders_model import assumptions, england, worcestershire_drivers

from forecast.inputs.assumptions import Assumption
from forecast.model.growth import (
    COMMON_SD,
    DAMPING,
    HORIZONS,
    TARGETS,
    common_sd,
    damped,
    local_spread,
    pooled_errors,
    pooled_growth,
)
from forecast.model.spread import assumed, shocks

YEARS = list(range(2026, 2036))
MANY = 20_000


def level(plans=7000.0, special=1900.0, independent=500.0, base=150.0, alternative=50.0):
    """Children in each target."""
    values = [plans, special, independent, base, alternative]
    return xr.DataArray(values, coords={"target": list(TARGETS)}, dims="target")


def assumption(value, low, high):
    return Assumption(says="", value=value, low=low, high=high, owner="", source="", review=date(2027, 6, 30))


@pytest.mark.parametrize(("value", "low", "high"), [(0.18, 0.13, 0.25), (0.85, 0.75, 0.92), (0.5, 0.5, 0.5)])
def test_a_tenth_of_draws_lie_below_the_low_value_a_tenth_above_the_high_one_and_half_below_the_value(value, low, high):
    drawn = assumed(assumption(value, low, high), MANY, 1, 0)
    found = np.quantile(drawn, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(found, [low, value, high], atol=0.02 * max(high - low, 1e-9))


def test_no_draw_of_an_assumption_goes_past_twice_its_range():
    drawn = assumed(assumption(0.18, 0.13, 0.25), MANY, 1, 0)
    assert drawn.min() == pytest.approx(0.18 - 2 * 0.05)
    assert drawn.max() == pytest.approx(0.18 + 2 * 0.07)


def test_each_assumption_and_each_seed_has_numbers_of_its_own():
    one = assumption(0.0, -1.0, 1.0)
    drawn = [assumed(one, 2000, seed, at) for seed, at in ((1, 0), (1, 1), (2, 0))]
    assert np.abs(np.corrcoef(drawn) - np.eye(3)).max() < 0.1
    assert (assumed(one, 2000, 1, 0) == drawn[0]).all()


def test_the_first_draws_of_an_assumption_are_the_same_however_many_there_are():
    one = assumptions()["ceiling"]
    assert (assumed(one, 200, 1, 0)[:50] == assumed(one, 50, 1, 0)).all()


def test_the_first_draws_of_a_shock_are_the_same_however_many_there_are():
    many, few = (shocks(england(), level(), YEARS, draws, 1) for draws in (200, 50))
    np.testing.assert_array_equal(many[:50], few)


def test_the_first_years_of_a_shock_are_the_same_however_many_there_are():
    long, short = (shocks(england(), level(), YEARS[:years], 50, 1) for years in (10, 5))
    np.testing.assert_array_equal(long[:, :5], short)


def sd_asked(target, ahead):
    """Standard deviation shared and local, between the horizons that were measured and held after the last."""
    nation = england().sel(target=target)
    at = min(ahead, HORIZONS[-1])
    local = np.exp(
        nation["local_spread"].sel(term="intercept")
        + nation["local_spread"].sel(term="slope") * np.log(level().sel(target=target))
    )
    pair = [np.interp(at, HORIZONS, sd.to_numpy()) for sd in (nation["common_sd"], local)]
    return float(np.hypot(*pair))


@pytest.mark.parametrize("target", list(TARGETS))
def test_shocks_have_the_standard_deviation_asked_for_and_no_bias(target):
    drawn = shocks(england(), level(), YEARS, MANY, 1).sel(target=target)
    asked = np.array([sd_asked(target, ahead) for ahead in range(1, 11)])
    np.testing.assert_allclose(drawn.std("draw"), asked, rtol=0.05)
    assert np.abs(drawn.mean("draw") / asked).max() < 4 / np.sqrt(MANY)


def test_a_draw_keeps_to_one_side_of_the_forecast():
    drawn = shocks(england(), level(), YEARS, 2000, 1).sel(target="plans").to_numpy()
    assert np.corrcoef(drawn.T).min() > 0.9


def test_a_smaller_area_is_less_certain():
    large = shocks(england(), level(), YEARS, 2000, 1).std("draw")
    small = shocks(england(), level() / 10, YEARS, 2000, 1).std("draw")
    assert (small >= large - 1e-12).all()
    assert (small > large).any()


def test_targets_move_with_all_plans_as_much_as_they_have():
    drawn = shocks(england(), level(), YEARS, MANY, 1).sel(year=2030)
    found = np.corrcoef(drawn.to_numpy().T)[list(TARGETS).index("plans")]
    np.testing.assert_allclose(found, england()["with_plans"], atol=0.05)


def test_draws_of_the_bundled_area_differ_in_their_assumptions():
    drivers = worcestershire_drivers()
    assert drivers["ceiling"].std() > 0
    assert drivers["start_rate"].isel(year=0).std("draw").max() > 0


def test_damped_growth_is_the_sum_of_what_is_left_each_year():
    path = damped(0.1, 0.8, 4)
    assert path.tolist() == pytest.approx([0.08, 0.08 + 0.064, 0.144 + 0.0512, 0.1952 + 0.04096])
    assert damped(0.1, np.array([0.8, 1.0]), 4)[1].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def panel(growth=0.05, authorities=120, years=range(2010, 2026), noise=0.1, seed=2):
    """Authorities whose children grow alike but for luck of their own, smaller ones having more of it."""
    import pandas as pd  # noqa: PLC0415

    rng = np.random.default_rng(seed)
    size = np.geomspace(50, 5000, authorities)
    log = np.log(size) + growth * np.arange(len(years))[:, None]
    luck = rng.normal(size=log.shape).cumsum(axis=0) * noise * np.sqrt(50 / size)
    return pd.DataFrame(np.exp(log + luck), index=list(years), columns=[str(at) for at in range(authorities)])


def test_pooled_growth_is_that_of_the_sum_of_authorities_known_at_both_ends():
    table = panel(noise=0)
    table.loc[2020, "119"] = np.nan
    table.loc[2025, "119"] *= 10
    assert pooled_growth(table, 2025, 3) > 0.05
    assert pooled_growth(table, 2025, 5) == pytest.approx(0.05)


def test_the_local_spread_finds_eight_errors_in_ten_within_its_eighty_per_cent_range():
    table = panel()
    found = local_spread(table, DAMPING["plans"], 2025)
    assert (found["slope"] < -0.2).all()
    growth = pooled_growth(table, 2022, 3)
    forecast = table.loc[2022] * np.exp(damped(growth, DAMPING["plans"], 3)[-1])
    error = np.log(table.loc[2025] / forecast)
    sd = np.exp(found.loc[3, "intercept"] + found.loc[3, "slope"] * np.log(table.loc[2022]))
    within = ((error - error.median()).abs() < 1.2816 * sd).mean()
    assert within == pytest.approx(0.8, abs=0.1)


def test_a_nation_that_never_surprised_is_still_not_certain():
    calm = common_sd(panel(noise=0, growth=0.0), "plans", 2025)
    prior = [0.6 * COMMON_SD["plans"] * horizon**0.9 for horizon in HORIZONS]
    np.testing.assert_allclose(calm, np.array(prior) * np.sqrt(4 / 8), rtol=1e-6)


def test_a_fiftieth_of_a_shock_is_fresh_each_year():
    """From the fifth year on its size is held, so that only what is fresh tells two years apart."""
    drawn = shocks(england(), level(), YEARS, MANY, 1).sel(year=[2031, 2032]).to_numpy()
    for target in range(len(TARGETS)):
        assert np.corrcoef(drawn[:, :, target].T)[0, 1] == pytest.approx(0.98, abs=0.003)


def test_where_all_grow_alike_and_nothing_is_damped_there_is_no_error():
    errors = pooled_errors(panel(noise=0), 1.0, 2020, 5)
    np.testing.assert_allclose(errors, 0, atol=1e-9)
    too_low = pooled_errors(panel(noise=0), 0.8, 2020, 2)
    np.testing.assert_allclose(too_low, 0.05 * (2 - 0.8 - 0.64), rtol=1e-9)
