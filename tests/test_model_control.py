"""Control: flows bent so that the totals come out where the series say, every child still somewhere."""

import numpy as np
import pytest
import xarray as xr
from builders_model import NO_CEILING, assumptions, busy, expected, starts, unlimited
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.model.control import BOUNDS, cohort_weight, control, of_whole_area

TARGETS = ("plans", "special", "base")
POSITIONS = {"special": (0,), "base": (1,)}
quick = settings(deadline=None, max_examples=10)


def steerable(draws=3, seed=5, years=range(2026, 2030)):
    """Draws alike, nothing steered yet and no bound near: few move, and mainstream schools have many to give."""
    drivers = busy(1, years, seed).sel(draw=np.zeros(draws, dtype=int)).assign_coords(draw=np.arange(draws))
    stay = xr.zeros_like(drivers["move"].isel(need=0, nc_year=0)) + np.eye(3)
    mainstream = (drivers["provision"] == "mainstream").astype(float)
    return unlimited(
        drivers.assign(
            move=0.8 * stay + 0.1 * mainstream.rename(provision="to") + 0.1 * drivers["move"],
            start_mix=0.5 * mainstream + 0.5 * drivers["start_mix"],
            stock=drivers["stock"] * (0.5 + 3 * mainstream),
            entrants=xr.ones_like(drivers["entrants"]),
        )
    )


def totals(drivers):
    """The roll's plans, special and base: (draw, year, target)."""
    by_place = expected(drivers).sum(axis=(2, 3, 4))
    return np.stack([by_place.sum(axis=2), by_place[..., 1], by_place[..., 2]], axis=2)


def path(drivers, values):
    """Values as a series: (year, target)."""
    coords = {"year": drivers["year"], "target": list(TARGETS)}
    return xr.DataArray(values, dims=("year", "target"), coords=coords)


def no_shock(drivers):
    axes = {"draw": drivers["draw"], "year": drivers["year"], "target": list(TARGETS)}
    return xr.DataArray(np.zeros([len(labels) for labels in axes.values()]), dims=list(axes), coords=axes)


def steered_by(drivers, found):
    return drivers.assign(start_rate=drivers["start_rate"] * found.starts, entrants=found.entrants)


@quick
@given(
    seed=st.integers(0, 500),
    pull=st.tuples(st.floats(-0.03, 0.03), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)),
)
def test_targets_are_met_while_no_bound_binds(seed, pull):
    drivers = steerable(seed=seed)
    own = totals(drivers)
    ahead = np.arange(1, drivers.sizes["year"] + 1)[:, None] ** 0.5
    series = own.mean(axis=0) * np.exp(ahead * np.array(pull))
    shocks = no_shock(drivers) + 0.01 * np.array([1.0, -1.0, 0.0])[:, None, None]
    found = control(drivers, path(drivers, series), shocks, POSITIONS, 0.0)
    wanted = series * np.exp(shocks.to_numpy())
    got = totals(steered_by(drivers, found))
    for values in (found.starts, found.entrants):
        assert BOUNDS[0] < values.min()
        assert values.max() < BOUNDS[1]
    np.testing.assert_allclose(got, wanted, rtol=1e-3)
    np.testing.assert_allclose(found.unmet, got / wanted - 1, atol=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_a_forecast_that_agrees_with_its_target_is_left_alone(weight):
    drivers = steerable(draws=1, years=range(2026, 2034))
    found = control(drivers, path(drivers, totals(drivers)[0]), no_shock(drivers), POSITIONS, weight)
    np.testing.assert_allclose(found.starts, 1, rtol=1e-6)
    np.testing.assert_allclose(found.entrants, 1, rtol=1e-5)
    leads = found.unmet.notnull()
    np.testing.assert_allclose(found.unmet.where(leads, 0), 0, atol=1e-6)
    assert leads.sel(target="base").all()
    assert (leads.sel(target="plans") == ((weight == 0) & (found.unmet["year"] <= 2030))).all()


def test_a_factor_goes_as_much_of_the_way_as_the_weight_of_the_series():
    drivers = steerable()
    pull = path(drivers, totals(drivers)[0] * [1.03, 1.0, 1.0])
    whole, half = (control(drivers, pull, no_shock(drivers), POSITIONS, weight) for weight in (0.0, 0.5))
    first = {"year": 0}
    assert abs(whole.starts[first] - 1).min() > 0.01
    np.testing.assert_allclose(half.starts[first], np.sqrt(whole.starts[first]), rtol=1e-9)


def later(pull, years=14):
    """Factors of a series that goes its own way, and the last year's."""
    drivers = steerable(years=range(2026, 2026 + years))
    ahead = np.arange(1, years + 1)[:, None] ** 0.5
    series = path(drivers, totals(drivers)[0] * np.exp(ahead * np.array(pull)))
    return control(drivers, series, no_shock(drivers), POSITIONS, 0.0)


def test_from_the_tenth_year_on_factors_are_the_mean_of_those_of_the_third_to_the_fifth():
    found = later((0.02, -0.015, 0.01))
    for factors in (found.starts, found.entrants.sel(to="special", drop=True)):
        kept = np.exp(np.log(factors.sel(year=slice(2028, 2030))).mean("year"))
        assert (abs(kept - 1) > 1e-3).all()
        np.testing.assert_allclose(
            factors.sel(year=slice(2035, None)), kept.broadcast_like(factors.sel(year=slice(2035, None))), rtol=1e-9
        )


def test_after_the_fifth_year_plans_and_special_schools_leave_their_series_and_bases_do_not():
    found = later((0.02, -0.015, 0.01))
    leads = found.unmet.notnull().all("draw")
    for target in ("plans", "special"):
        assert found.unmet["year"].where(leads.sel(target=target), drop=True).to_numpy().tolist() == list(
            range(2026, 2031)
        )
    assert abs(found.unmet.sel(target="base")).max() < 1e-6


def test_factors_stay_within_their_bounds_however_far_the_series():
    for pull in ((0.3, 0.4, -0.5), (-0.2, -0.3, 0.5)):
        found = later(pull)
        for factors in (found.starts, found.entrants):
            assert BOUNDS[0] - 1e-12 <= factors.min()
            assert factors.max() <= BOUNDS[1] + 1e-12
        assert (found.entrants.sel(to="mainstream") == 1).all()


def test_a_forecast_of_children_alone_is_left_alone_by_any_series_but_for_bases():
    drivers = steerable()
    series = path(drivers, totals(drivers)[0] * 1.3)
    found = control(drivers, series, no_shock(drivers), {"special": (0,)}, 1.0)
    np.testing.assert_allclose(found.starts, 1, rtol=1e-6)
    np.testing.assert_allclose(found.entrants, 1, rtol=1e-5)


def test_entrants_are_bent_only_into_the_provisions_that_are_steered():
    drivers = steerable()
    found = control(drivers, path(drivers, totals(drivers)[0] * 1.02), no_shock(drivers), POSITIONS, 0.0)
    assert (found.entrants.sel(to="mainstream") == 1).all()
    only_special = control(drivers, path(drivers, totals(drivers)[0] * 1.02), no_shock(drivers), {"special": (0,)}, 0.0)
    assert (only_special.entrants.sel(to="base") == 1).all()
    assert only_special.unmet["target"].to_numpy().tolist() == ["plans", "special"]


def test_control_loses_and_invents_nobody():
    drivers = steerable()
    pull = path(drivers, totals(drivers)[0] * [1.05, 1.2, 0.8])
    steered = steered_by(drivers, control(drivers, pull, no_shock(drivers), POSITIONS, 0.0))
    stock, began = expected(steered), starts(steered)
    before = np.broadcast_to(drivers["stock"].to_numpy(), stock[:, 0].shape)
    for at in range(drivers.sizes["year"]):
        kept = (before * (1 - drivers["leave"].to_numpy())).sum(axis=(1, 2, 3, 4))
        came = began[:, at].sum(axis=(1, 2, 3)) + drivers["arrive"].isel(year=at).sum().item()
        np.testing.assert_allclose(stock[:, at].sum(axis=(1, 2, 3, 4)), kept + came, rtol=1e-12)
        before = stock[:, at]
    assert stock.min() >= 0


def test_a_target_out_of_reach_is_missed_by_as_much_as_is_said():
    drivers = steerable()
    far = path(drivers, totals(drivers)[0] * [1.0, 4.0, 0.2])
    found = control(drivers, far, no_shock(drivers), POSITIONS, 0.0)
    assert found.entrants.max().item() == pytest.approx(BOUNDS[1])
    assert found.entrants.min().item() == pytest.approx(BOUNDS[0])
    got = totals(steered_by(drivers, found))
    np.testing.assert_allclose(found.unmet, got / far.to_numpy() - 1, atol=1e-6)
    assert (found.unmet.sel(target="special") < -0.1).all()
    assert (found.unmet.sel(target="base") > 0.1).all()


def test_the_drivers_give_what_control_said_even_where_everybody_with_room_starts():
    drivers = steerable().isel(district=[0])
    rate = drivers["start_rate"] * NO_CEILING / 0.2
    drivers = drivers.assign(
        start_rate=rate.where(rate["nc_year"] != 5, 0.75), ceiling=xr.full_like(drivers["ceiling"], 0.9)
    )
    pull = path(drivers, totals(drivers)[0] * [0.9, 1.0, 1.0])
    found = control(drivers, pull, no_shock(drivers), POSITIONS, 0.0)
    got = totals(steered_by(drivers, found))
    np.testing.assert_allclose(found.unmet, got / pull.to_numpy() - 1, atol=1e-6)


def test_districts_added_up_are_controlled_as_districts_apart():
    drivers = steerable()
    pull = path(drivers, totals(drivers)[0] * [1.02, 1.03, 0.98])
    apart = drivers.assign(leave=drivers["leave"].expand_dims(district=drivers["district"]))
    assert "district" in of_whole_area(apart)["stock"].dims
    assert "district" not in of_whole_area(drivers)["stock"].dims
    one, other = (control(area, pull, no_shock(drivers), POSITIONS, 0.5) for area in (drivers, apart))
    for name in ("starts", "entrants", "unmet"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-8, atol=1e-9)


def test_the_whole_area_has_the_children_of_its_districts():
    drivers = unlimited(busy())
    summed = of_whole_area(drivers)
    names = ["stock", "population", "arrive"]
    whole = summed.drop_vars(names).assign_coords(district=["All"])
    whole = whole.assign({name: summed[name].expand_dims(district=["All"]) for name in names})
    np.testing.assert_allclose(expected(whole)[:, :, 0], expected(drivers).sum(axis=2), rtol=1e-8)


@pytest.mark.parametrize(
    ("target", "ahead", "share"),
    [
        ("plans", 1, 0.5), ("plans", 5, 0.5), ("plans", 7, 0.7), ("special", 10, 1.0), ("special", 15, 1.0),
        ("base", 1, 0.0), ("base", 15, 0.0), ("alternative", 8, 0.0),
    ],
)  # fmt: skip
def test_the_model_of_children_stands_alone_after_ten_years_but_never_for_bases(target, ahead, share):
    assert cohort_weight(target, ahead, 0.5) == pytest.approx(share)


@pytest.mark.parametrize(("ahead", "share"), [(1, 0.0), (5, 0.0), (6, 0.2), (8, 0.6), (10, 1.0), (11, 1.0)])
def test_with_the_weight_that_ships_the_series_lead_for_five_years(ahead, share):
    weight = assumptions()["cohort_weight"].value
    assert [cohort_weight(target, ahead, weight) for target in ("plans", "base")] == pytest.approx([share, 0.0])


def test_control_of_a_draw_does_not_depend_on_the_others():
    drivers = steerable(draws=30)
    shocks = no_shock(drivers) + 0.02 * xr.DataArray(
        np.linspace(-1, 1, 30), dims="draw", coords={"draw": drivers["draw"]}
    )
    pull = path(drivers, totals(drivers)[0] * 1.01)
    together = control(drivers, pull, shocks, POSITIONS, 0.5)
    some = [3, 17, 28]
    alone = control(drivers.isel(draw=some), pull, shocks.isel(draw=some), POSITIONS, 0.5)
    np.testing.assert_allclose(together.starts.isel(draw=some), alone.starts, rtol=1e-9)
    np.testing.assert_allclose(together.entrants.isel(draw=some), alone.entrants, rtol=1e-9)
