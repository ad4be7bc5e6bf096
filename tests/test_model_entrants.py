"""Multiples of entrants: whatever they are, every child is in one place and in one that its age allows."""

import numpy as np
import pytest
from builders_model import expected, fitted_worcestershire, worcestershire_drivers
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.model.entrants import taken, tilted_starts


def shares(count):
    """Probabilities that sum to 1, some of them perhaps 0."""
    weights = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1)), min_size=count, max_size=count)
    return weights.filter(lambda row: sum(row) > 0).map(lambda row: np.array(row) / sum(row))


factors = st.lists(st.floats(0, 3), min_size=2, max_size=2).map(np.array)


@settings(deadline=None, max_examples=150)
@given(row=shares(5), factors=factors)
def test_placement_of_starts_stays_a_set_of_probabilities_whatever_the_factors(row, factors):
    tilted = tilted_starts(row, (1, 3), factors)
    assert tilted.min() >= 0
    assert tilted.sum() == pytest.approx(1, abs=1e-12)


@settings(deadline=None, max_examples=150)
@given(row=shares(5), factors=factors, origin=st.integers(0, 4))
def test_a_row_of_moves_stays_a_set_of_probabilities_whatever_the_factors(row, factors, origin):
    steered, others = [1, 3], [0, 2, 4]
    entering = np.where(np.array(steered) == origin, 0.0, row[steered])
    share, part = taken(entering[None], row[others].sum()[None], factors)
    act = (factors - 1) * (1 if part is None else part)
    entered = entering * (1 + act)
    rest = row[others] * (1 - share)
    stays = row[origin] if origin in steered else 0.0
    assert min(entered.min(), rest.min()) >= 0
    assert entered.sum() + rest.sum() + stays == pytest.approx(1, abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(row=shares(5), factors=factors)
def test_factors_act_in_full_while_there_are_children_to_take(row, factors):
    entering, room = row[[1, 3]], row[[0, 2, 4]].sum()
    share, part = taken(entering[None], room[None], factors)
    wanted = (entering * (factors - 1)).sum()
    if room > 0 and wanted <= 0.94 * room:
        assert part is None
        assert share[0] == pytest.approx(wanted / room)


def test_nobody_is_placed_where_the_fitted_rates_place_nobody():
    """A college before Year 12, or an early years setting after Year 1."""
    fitted = fitted_worcestershire()
    college, nursery = fitted["start_mix"].sel(provision="post16"), fitted["start_mix"].sel(provision="early_years")
    assert college.where(fitted["nc_year"] < 12, 0).max() == 0
    assert nursery.where(fitted["nc_year"] > 1, 0).max() == 0
    drivers = worcestershire_drivers()
    pupils = expected(drivers)[:, -1].sum(axis=(0, 1, 2))
    names = drivers["provision"].to_numpy().tolist()
    assert pupils[: 12 + 4, names.index("post16")].sum() == 0
    assert pupils[2 + 4 :, names.index("early_years")].sum() == 0
