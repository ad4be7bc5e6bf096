"""The lever on leaving: whom it touches, how far, and whom it leaves alone."""

import numpy as np
import pytest
from builders_model import expected, simulated, unlimited, without
from builders_people import area
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forecast.domain import NC_YEARS
from forecast.scenario.leaving import ScaleLeaving


def left(drivers):
    """Children by year group whose plan ends in the first year, nobody starting or coming: (draw, nc_year)."""
    held = drivers["stock"].sum(["district", "need", "provision"]).to_numpy()
    after = expected(without(drivers, "start_rate", "arrive"))[:, 0].sum(axis=(1, 2, 4))
    return held - np.append(after[:, 1:], np.zeros((len(after), 1)), axis=1)


def test_more_leaving_after_16_touches_nobody_under_16_in_the_first_year():
    drivers = area()
    before, after = (left(made) for made in (drivers, ScaleLeaving(from_year=2026, factor=1.2).apply(drivers)))
    old = np.array(NC_YEARS) >= 12
    np.testing.assert_array_equal(after[:, ~old], before[:, ~old])
    np.testing.assert_allclose(after[:, old][:, :-1], 1.2 * before[:, old][:, :-1], rtol=1e-9)


def test_leaving_is_scaled_in_one_kind_of_place_from_its_year_until_its_last():
    drivers = area()
    lever = ScaleLeaving(from_year=2027, until=2027, factor=3, year_groups=(12, 13), provision="special", need="ASD")
    multiple = lever.apply(drivers)["leave_multiple"]
    cell = {"need": "ASD", "nc_year": 12, "provision": "special"}
    assert multiple.isel(draw=0).sel(cell).to_numpy().tolist() == [1, 3, 1]
    assert (multiple > 1).sum() == 2 * drivers.sizes["draw"]
    assert "district" not in multiple.dims


def test_nobody_leaves_more_than_once_however_large_the_multiple():
    drivers = ScaleLeaving(from_year=2026, factor=10, year_groups=tuple(NC_YEARS)).apply(area())
    found = expected(without(drivers, "start_rate", "arrive"))
    assert found.min() >= 0
    assert (found[:, 0].sum(axis=(1, 2, 3, 4)) < area()["stock"].sum().item()).all()


def test_a_doubtful_multiple_of_leaving_differs_between_futures_about_its_value():
    drivers = area(draws=400)
    factor = {"value": 1.2, "low": 1.0, "high": 1.4}
    multiple = ScaleLeaving(from_year=2026, factor=factor).apply(drivers)["leave_multiple"].sel(nc_year=12, year=2026)
    assert np.quantile(multiple, [0.1, 0.5, 0.9]) == pytest.approx([1.0, 1.2, 1.4], abs=0.03)


@hypothesis_settings(deadline=None, max_examples=6)
@given(factor=st.floats(1, 10), seed=st.integers(0, 1000))
def test_more_leaving_never_leaves_more_children_anywhere_without_a_ceiling(factor, seed):
    drivers = unlimited(area(seed=seed))
    sooner = ScaleLeaving(from_year=2026, factor=factor).apply(drivers)
    assert (simulated(sooner, seed) <= simulated(drivers, seed)).all()
