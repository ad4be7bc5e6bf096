"""Luck belongs to a child: the same in any company, evenly spread, and never turned by more children."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.model.luck import Picks, key, picked, poisson, running, scramble, uniform

MANY = 200_000
LAST = 1 - 2.0**-53
"""The largest number that a uniform can be."""
words = st.integers(0, 2**63 - 1)


def children(count=MANY, seed=1, draw=0):
    return key(seed, draw, np.arange(count))


def correlation(one, other):
    return abs(np.corrcoef(one, other)[0, 1])


def test_luck_is_spread_evenly_from_0_to_1():
    luck = uniform(children(), 2026)
    assert luck.min() >= 0
    assert luck.max() < 1
    assert luck.mean() == pytest.approx(1 / 2, abs=4 * np.sqrt(1 / 12 / MANY))
    assert luck.var() == pytest.approx(1 / 12, abs=4 * np.sqrt(1 / 180 / MANY))
    assert stats.kstest(luck, "uniform").pvalue > 0.001


@pytest.mark.parametrize("bits", [4, 12])
def test_every_hundredth_of_luck_is_as_likely_in_its_first_and_later_digits(bits):
    digits = (uniform(children(), 2026) * 2**bits % 1 * 100).astype(int)
    assert stats.chisquare(np.bincount(digits, minlength=100)).pvalue > 0.001


def test_one_years_luck_says_nothing_of_the_next_years():
    luck = np.array([uniform(children(), year) for year in range(2026, 2036)])
    between = np.corrcoef(luck) - np.eye(len(luck))
    assert np.abs(between).max() < 4.5 / np.sqrt(MANY)


def test_one_childs_luck_says_nothing_of_the_next_childs():
    luck = uniform(children(), 2026)
    for apart in (1, 2, 25, 250):
        assert correlation(luck[:-apart], luck[apart:]) < 4.5 / np.sqrt(MANY)


def test_one_draws_luck_says_nothing_of_the_next_draws_nor_one_seeds_of_another():
    first = uniform(children(), 2026)
    for other in (children(draw=1), children(seed=2), children(draw=200)):
        assert correlation(first, uniform(other, 2026)) < 4.5 / np.sqrt(MANY)


def test_no_two_children_have_the_same_luck():
    seeds = key(np.arange(20)[:, None], np.arange(10_000)[None, :])
    assert len(np.unique(seeds)) == seeds.size


def test_scrambling_loses_nothing():
    assert len(np.unique(scramble(np.arange(MANY, dtype=np.uint64)))) == MANY


@given(parts=st.lists(words, min_size=1, max_size=4))
def test_a_key_is_made_from_one_child_as_from_many(parts):
    alone = key(*parts)
    among = key(*parts[:-1], np.array([5, parts[-1], 7]))
    assert among[1] == alone[0]


@given(one=words, other=words)
def test_the_order_of_a_key_matters(one, other):
    assert (key(one, other) == key(other, one)).all() == (one == other)


def test_luck_does_not_depend_on_who_else_is_there():
    everyone = children(1000)
    luck = uniform(everyone, 2030)
    some = np.random.default_rng(3).permutation(1000)[:70]
    assert (uniform(everyone[some], 2030) == luck[some]).all()


def test_the_poisson_count_is_the_inverse_of_its_distribution_function():
    rng = np.random.default_rng(8)
    mean = np.concatenate([np.geomspace(0.01, 2000, 400), [499.9, 500.0, 500.1]])
    luck = np.concatenate([rng.uniform(size=(60, mean.size)), np.tile([[1e-12], [0.5], [1 - 1e-9]], mean.size)])
    means = np.broadcast_to(mean, luck.shape)
    assert (poisson(means, luck) == stats.poisson.ppf(luck, means)).all()


def test_where_nobody_is_expected_nobody_starts_even_with_the_most_luck():
    assert poisson(np.zeros(3), np.array([0.0, 0.5, LAST])).tolist() == [0, 0, 0]


def test_the_least_luck_is_no_start_at_any_mean():
    assert poisson(np.array([0.01, 5, 300]), np.zeros(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("mean", [0.01, 1.0, 30.0, 499.0, 501.0, 2000.0])
def test_the_most_luck_is_still_a_count(mean):
    most = poisson(np.array([mean]), np.array([LAST]))[0]
    assert mean < most < mean + 12 * np.sqrt(mean) + 20


@given(mean=st.floats(0, 700), more=st.floats(1, 3), luck=st.floats(0, 0.999999))
@settings(deadline=None, max_examples=300)
def test_a_higher_mean_never_gives_fewer_starts(mean, more, luck):
    assert poisson(np.array([mean * more]), np.array([luck])) >= poisson(np.array([mean]), np.array([luck]))


def test_counts_have_the_mean_and_variance_of_a_poisson_distribution():
    for mean in (0.05, 3.0, 600.0):
        count = poisson(np.full(20_000, mean), uniform(children(20_000), 2026))
        assert count.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / 20_000))
        assert count.var() == pytest.approx(mean, abs=4 * mean * np.sqrt((2 + 1 / mean) / 20_000))


def test_counts_keep_the_shape_of_their_means():
    assert poisson(np.ones((2, 3, 4)), np.full((2, 3, 4), 0.5)).tolist() == np.ones((2, 3, 4)).tolist()


def test_each_entry_is_picked_as_often_as_its_share_says():
    shares = np.array([[0.2, 0.0, 0.5, 0.3], [0.0, 0.0, 1.0, 0.0], [0.25, 0.25, 0.25, 0.25]])
    luck = uniform(children(90_000), 2026)
    row = np.arange(90_000) % 3
    for entry in (Picks(shares).pick(row, luck), picked(shares[row], luck)):
        counts = np.array([np.bincount(entry[row == at], minlength=4) for at in range(3)])
        np.testing.assert_allclose(counts / 30_000, shares, atol=4 * np.sqrt(0.25 / 30_000))
        assert (counts[shares == 0] == 0).all()


@given(
    rows=st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=6),
    luck=st.one_of(st.sampled_from([0.0, LAST]), st.floats(0, LAST)),
)
def test_an_entry_without_a_share_is_never_picked(rows, luck):
    shares = np.array(rows)
    shares = shares[shares.sum(axis=1) > 1e-9]
    at = np.arange(len(shares))
    lucks = np.full(len(shares), luck)
    for entry in (Picks(shares).pick(at, lucks), picked(shares, lucks)) if len(shares) else ():
        assert ((entry >= 0) & (entry < 4)).all()
        assert (shares[at, entry] > 0).all()


def test_a_row_is_picked_from_the_same_way_wherever_it_stands():
    rng = np.random.default_rng(4)
    shares, luck = rng.dirichlet(np.ones(10), 5000), rng.uniform(size=5000)
    among = Picks(shares).pick(np.arange(5000), luck)
    alone = [Picks(shares[[at]]).pick(np.zeros(1, dtype=int), luck[[at]])[0] for at in range(0, 5000, 25)]
    assert among[::25].tolist() == alone


def test_a_row_of_ones_own_is_picked_from_as_one_that_is_shared():
    rng = np.random.default_rng(5)
    shares, luck, row = rng.dirichlet(np.ones(10), 50), rng.uniform(size=5000), rng.integers(0, 50, 5000)
    assert picked(shares[row], luck).tolist() == Picks(shares).pick(row, luck).tolist()


def test_where_nothing_has_a_share_the_first_entry_is_picked():
    assert picked(np.zeros((2, 3)), np.array([0.0, 0.9])).tolist() == [0, 0]
    assert Picks(np.zeros((2, 3))).pick(np.arange(2), np.array([0.0, 0.9])).tolist() == [0, 0]


def test_running_sums_are_to_the_last_digit_those_of_numpy():
    shares = np.random.default_rng(6).uniform(size=(7, 100))
    assert (running(shares.copy()) == np.cumsum(shares, axis=0)).all()
