"""The central path: one future whose children are the mean of all futures' children."""

import numpy as np
import pytest
import xarray as xr
from builders_model import busy, expected, leaving_by_draw, unlimited, worcestershire_drivers
from builders_waterfall import named, roomy

from forecast.decide.central import central
from forecast.decide.certain import certain
from forecast.decide.follow import followed
from forecast.model.control import of_whole_area
from forecast.scenario.changes import HoldStarts, ScaleStarts
from forecast.scenario.dated import drawn


def by_district(drivers, seed=2):
    """`drivers` whose chances of a first plan and of leaving differ between districts."""
    rng = np.random.default_rng(seed)
    part = xr.DataArray(rng.uniform(0.3, 1, drivers.sizes["district"]), dims="district",
                        coords={"district": drivers["district"]})  # fmt: skip
    rate = (drivers["start_rate"] * part).transpose("draw", "year", "district", "need", "nc_year")
    leave = (drivers["leave"] * part).where(drivers["nc_year"] < 20, 1.0)
    return drivers.assign(start_rate=rate, leave=leave.transpose("district", "need", "nc_year", "provision"))


@pytest.mark.parametrize(
    "drivers",
    [
        roomy(draws=4),
        leaving_by_draw(roomy(draws=3)),
        by_district(roomy(draws=3)),
        by_district(named(unlimited(busy(draws=12, years=(2026, 2027), seed=8)))),
    ],
    ids=["everything at once", "leaving by draw", "by district", "more draws than a chunk"],
)
def test_children_of_the_central_path_are_the_mean_of_all_futures_cell_by_cell(drivers):
    mean = expected(drivers).mean(axis=0)
    one = expected(central(drivers))[0]
    np.testing.assert_allclose(one.sum(axis=1), mean.sum(axis=1), rtol=1e-9, atol=1e-9)


def test_where_the_ceiling_crowds_children_out_the_central_path_is_near_the_mean_of_all_futures():
    drivers = named(busy(draws=5, seed=5))
    few = drivers.assign(ceiling=drivers["ceiling"] / 4)  # at most ages more hold a plan than ever could
    mean = expected(few).mean(axis=0).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(expected(central(few))[0].sum(axis=(1, 2, 3)), mean, rtol=0.01)


def test_on_a_real_area_the_central_path_is_the_mean_of_all_futures_though_a_mean_of_chances_is_not():
    drivers = worcestershire_drivers(draws=40, horizon=4)
    whole = of_whole_area(drivers)
    mean = followed(whole).children.mean(axis=0)
    np.testing.assert_allclose(followed(of_whole_area(central(drivers))).children[0], mean, rtol=1e-6, atol=1e-6)
    naive = whole.isel(draw=[0]).assign(
        {name: array.mean("draw").expand_dims(draw=[0]).transpose(*array.dims)
         for name, array in whole.items() if "draw" in array.dims}
    )  # fmt: skip
    assert followed(naive).children[0, -1].sum() > 1.02 * mean[-1].sum()


def test_chances_of_the_central_path_are_chances():
    one = central(worcestershire_drivers(draws=40, horizon=4))
    np.testing.assert_allclose(one["move"].sum("to"), 1, rtol=1e-6)  # as near as those of the England model's file
    np.testing.assert_allclose(one["start_mix"].sum("provision"), 1)
    for name in ("leave", "move", "start_mix"):
        assert float(one[name].min()) > -1e-9
        assert float(one[name].max()) < 1 + 1e-9
    assert float(one["start_rate"].min()) >= 0
    assert (one["entrants"] == 1).all()


def test_a_lever_without_its_range_stands_at_the_mean_of_what_the_futures_have():
    drivers = worcestershire_drivers(draws=40, horizon=4)
    lever = ScaleStarts.model_validate({"from": "2027/28", "factor": {"value": 0.8, "low": 0.7, "high": 1.2}})
    sure = certain(lever, drivers)
    assert sure.factor.low == sure.factor.value == sure.factor.high
    assert sure.factor.value == pytest.approx(float(drawn(lever.factor, drivers, lever.kind).mean()))
    assert sure.factor.value > 0.8  # the range is longer upwards


@pytest.mark.parametrize("lever", [HoldStarts(from_year=2028), ScaleStarts(from_year=2028, factor=0.9)])
def test_a_lever_that_is_certain_stays_the_very_same(lever):
    assert certain(lever, worcestershire_drivers(draws=40, horizon=4)) is lever
