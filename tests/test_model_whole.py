"""Whole children out of an expected stock."""

import numpy as np
import pytest
from builders_model import fitted_worcestershire
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from forecast.model.whole import whole

stocks = array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=5).flatmap(
    lambda shape: arrays(float, shape, elements=st.floats(0, 20).map(lambda value: round(value, 3)))
)


@settings(deadline=None, max_examples=60)
@given(stock=stocks)
def test_the_total_is_kept_to_the_nearest_child_and_every_cell_within_one(stock):
    found = whole(stock)
    assert abs(found.sum() - stock.sum()) <= 0.5 + 1e-6
    assert np.abs(found - stock).max() < 1 + 1e-6
    assert found.min() >= 0


def one_way(table):
    """Totals by each axis."""
    return [table.sum(axis=tuple(set(range(table.ndim)) - {axis})) for axis in range(table.ndim)]


def test_one_way_totals_of_the_bundled_area_are_kept_within_one_child():
    stock = fitted_worcestershire()["stock"].to_numpy()
    found = whole(stock)
    assert found.sum() == round(stock.sum())
    for whole_total, total in zip(one_way(found), one_way(stock), strict=True):
        assert np.abs(whole_total - total).max() < 1 + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_one_way_totals_of_small_stocks_are_kept_within_one_child(seed):
    rng = np.random.default_rng(seed)
    stock = rng.gamma(0.4, 2, (3, 6, 10, 4)) * (rng.uniform(size=(3, 6, 10, 4)) < 0.7)
    found = whole(stock)
    for whole_total, total in zip(one_way(found), one_way(stock), strict=True):
        assert np.abs(whole_total - total).max() < 1 + 1e-6


def test_whole_children_are_left_as_they_are():
    stock = np.random.default_rng(1).integers(0, 5, (4, 5, 6)).astype(float)
    assert (whole(stock) == stock).all()


def test_a_whole_number_that_arithmetic_left_a_hair_short_is_still_that_number():
    assert whole(np.array([[3 - 1e-12, 2.0], [0.0, 1 - 1e-12]])).tolist() == [[3, 2], [0, 1]]


def test_where_there_is_nobody_nobody_is_made_up():
    stock = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 0.0]])
    found = whole(stock)
    assert found.sum() == 1
    assert (found[stock == 0] == 0).all()


def test_of_equal_cells_as_many_are_rounded_up_in_each_row_and_column():
    found = whole(np.full((4, 4), 0.5))
    assert found.sum(axis=0).tolist() == found.sum(axis=1).tolist() == [2, 2, 2, 2]
