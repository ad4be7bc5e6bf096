"""Shapley shares: against every order by hand, and their laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.decide.shapley import added_last, shapley

NUMBERS = st.floats(-1e3, 1e3, allow_nan=False)


def games(causes):
    return arrays(float, 1 << causes, elements=NUMBERS)


def game(causes, worth):
    """What comes of each set of causes, from a function of the set."""
    return np.array([worth({cause for cause in range(causes) if number >> cause & 1}) for number in range(1 << causes)])


def in_every_order(values, causes):
    """Shares from the definition: switch the causes on in every order, and see what each adds when its turn comes."""
    orders = list(permutations(range(causes)))
    shares = np.zeros(causes)
    for order in orders:
        on = 0
        for cause in order:
            shares[cause] += values[on | 1 << cause] - values[on]
            on |= 1 << cause
    return shares / len(orders)


@given(st.integers(1, 5).flatmap(games))
def test_shares_are_the_mean_over_every_order(values):
    causes = len(values).bit_length() - 1
    assert shapley(values) == pytest.approx(in_every_order(values, causes), abs=1e-9)


@given(games(6))
def test_shares_add_up_to_the_whole_with_nothing_left_over(values):
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games(4), games(4), NUMBERS)
def test_shares_of_two_games_at_once_are_the_sum_of_their_shares(one, other, times):
    assert shapley(one + times * other) == pytest.approx(shapley(one) + times * shapley(other), abs=1e-6)


@given(games(3))
def test_a_cause_that_never_adds_anything_has_no_share_at_all(values):
    with_idler = np.concatenate([values, values])
    assert shapley(with_idler)[3] == 0
    assert shapley(with_idler)[:3] == pytest.approx(shapley(values), abs=1e-9)


def test_causes_that_add_the_same_to_every_set_have_the_same_share():
    left, right, other = shapley(game(3, lambda on: 10.0 * len(on & {0, 1}) ** 2 + 3 * (2 in on) * len(on)))
    assert left == pytest.approx(right)
    assert other != pytest.approx(left)


def test_of_three_gloves_the_only_left_one_is_worth_two_thirds_of_a_pair():
    assert shapley(game(3, lambda on: float(0 in on and len(on) > 1))) == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_a_runway_is_paid_for_by_those_who_need_its_length():
    """Three aircraft that need 1, 2 and 4 lengths: each pays a fair part of every stretch that it uses."""
    need = [1, 2, 4]
    runway = game(3, lambda on: float(max((need[cause] for cause in on), default=0)))
    assert shapley(runway) == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


def test_what_is_added_last_is_what_would_be_gone_without_it():
    product = game(2, lambda on: 100.0 * (0 in on) * (0.9 if 1 in on else 1.0))
    assert added_last(product) == pytest.approx([90, -10])
    assert shapley(product) == pytest.approx([95, -5])


def test_shares_of_many_figures_are_found_at_once():
    values = np.random.default_rng(1).normal(size=(8, 3, 2))
    shares = shapley(values)
    assert shares.shape == added_last(values).shape == (3, 3, 2)
    assert shares[:, 2, 1] == pytest.approx(shapley(values[:, 2, 1]))


def test_without_causes_there_are_no_shares():
    assert shapley(np.array([5.0])).shape == added_last(np.array([5.0])).shape == (0,)


def test_values_of_only_some_sets_are_refused():
    with pytest.raises(ValueError, match="6 values are not those of all coalitions"):
        shapley(np.zeros(6))
