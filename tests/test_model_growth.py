"""Growth of the published series: what is pooled, what is damped, and where an area's series go from its level."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import england

from forecast.inputs.bundled import bundled
from forecast.model.growth import ENGLAND, TARGETS, damped, pooled_growth, series_path

YEARS = list(range(2026, 2036))
WORCESTERSHIRE = "885"


def level(plans=7000.0, special=1900.0, non_maintained=16.0, independent=500.0, base=150.0, alternative=50.0):
    """Children in each target."""
    values = [plans, special, non_maintained, independent, base, alternative]
    return xr.DataArray(values, coords={"target": list(TARGETS)}, dims="target")


def written(code):
    """Log growth as the file of the model that ships has it: index ahead, a column a target."""
    table = pd.read_csv(bundled("models", "england") / "log_growth.csv", dtype={"la_code": str})
    return table[table["la_code"] == code].pivot_table(index="ahead", columns="target", values="value")[list(TARGETS)]


def nation(known=("101", "102"), year=2025, ahead=6):
    """Authorities that grow in every target, each at a pace of its own, and England that grows fastest."""
    codes = [*known, ENGLAND]
    pace = 0.01 * np.arange(1, len(codes) + 1)[:, None, None] * np.arange(1, len(TARGETS) + 1)[:, None]
    axes = {"la_code": codes, "target": list(TARGETS), "ahead": list(range(1, ahead + 1))}
    grown = xr.DataArray(pace * np.arange(1, ahead + 1) ** 0.9, coords=axes, dims=list(axes))
    return xr.Dataset({"log_growth": grown}, attrs={"year": year})


def grown(model, code):
    return model["log_growth"].sel(la_code=code).transpose("ahead", "target").to_numpy()


def test_damped_growth_is_the_sum_of_what_is_left_each_year():
    path = damped(0.1, 0.8, 4)
    assert path.tolist() == pytest.approx([0.08, 0.08 + 0.064, 0.144 + 0.0512, 0.1952 + 0.04096])
    assert damped(0.1, np.array([0.8, 1.0]), 4)[1].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_pooled_growth_is_that_of_the_sum_of_authorities_known_at_both_ends():
    size = np.geomspace(50, 5000, 120)
    table = pd.DataFrame(size * np.exp(0.05 * np.arange(16))[:, None], index=range(2010, 2026))
    table.loc[2020, 119] = np.nan
    table.loc[2025, 119] *= 10
    assert pooled_growth(table, 2025, 3) > 0.05
    assert pooled_growth(table, 2025, 5) == pytest.approx(0.05)


@pytest.mark.parametrize("code", [WORCESTERSHIRE, ENGLAND])
def test_the_path_of_an_area_is_its_level_along_the_growth_that_the_model_has_for_it(code):
    found = series_path(england(), code, level(), YEARS)
    assert found.dims == ("year", "target")
    by_hand = level().to_numpy() * np.exp(written(code).loc[1 : len(YEARS)].to_numpy())
    np.testing.assert_allclose(found, by_hand, rtol=1e-6)  # seven digits are written


def test_the_bundled_area_does_not_grow_as_england_does():
    paths = [series_path(england(), code, level(), YEARS).sel(year=2030) for code in (WORCESTERSHIRE, ENGLAND)]
    assert (abs(paths[0] / paths[1] - 1) > 0.005).drop_sel(target=["base", "special_nonmaintained"]).all()


@pytest.mark.parametrize("code", ["", "999"])
def test_an_area_without_a_code_that_england_knows_grows_as_england_does(code):
    found = series_path(england(), code, level(), YEARS)
    np.testing.assert_array_equal(found, series_path(england(), ENGLAND, level(), YEARS))


def test_a_target_that_has_no_forecast_of_its_own_grows_as_englands_does():
    model = nation()
    model["log_growth"].loc[{"la_code": "101", "target": "base"}] = np.nan
    found = np.log(series_path(model, "101", level(), YEARS[:6]) / level())
    np.testing.assert_allclose(
        found.sel(target="base"), grown(model, ENGLAND)[:, list(TARGETS).index("base")], rtol=1e-12
    )
    np.testing.assert_allclose(found.sel(target="plans"), grown(model, "101")[:, 0], rtol=1e-12)


def test_a_level_newer_than_england_takes_the_growth_from_there_on():
    model = nation(ahead=12)
    found = np.log(series_path(model, "101", level(), [2028, 2029, 2030]) / level())
    own = grown(model, "101")
    np.testing.assert_allclose(found, own[2:5] - own[1], rtol=1e-12)


def test_after_the_last_year_of_growth_a_series_stays_where_it_is():
    path = series_path(nation(ahead=6), "102", level(), YEARS)
    assert (path.sel(year=[2032, 2035]) == path.sel(year=2031, drop=True)).all()
    assert (path.sel(year=2031) > path.sel(year=2030)).all()


def test_another_authority_in_the_model_moves_no_others_path():
    few = nation(("101",))
    added = nation(("100", "101"))["log_growth"].sel(la_code=["100"]) * 7
    more = xr.Dataset({"log_growth": xr.concat([added, few["log_growth"]], "la_code", join="exact")}, attrs=few.attrs)
    for code in ("101", ENGLAND):
        xr.testing.assert_identical(*(series_path(model, code, level(), YEARS) for model in (few, more)))


def test_the_targets_of_a_path_are_in_their_order_whatever_that_of_the_model():
    turned = nation().isel(target=slice(None, None, -1))
    xr.testing.assert_identical(*(series_path(model, "101", level(), YEARS) for model in (nation(), turned)))
