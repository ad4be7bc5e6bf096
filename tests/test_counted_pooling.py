"""Counts that lean on broader groups: on them wholly without children, not at all with very many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forecast.domain import NC_YEARS
from forecast.model.pooling import Grouping, doubt, doubt_of_shares, pooled_rates, pooled_rows

AGES = tuple(range(len(NC_YEARS)))
BY_AGE = Grouping(ages=AGES)
BY_DISTRICT = Grouping(district=True)
CELL = Grouping(district=True, need=True, ages=AGES)
CHAIN = (Grouping(), BY_AGE, BY_DISTRICT, CELL)


def some(size=1.0, seed=1, districts=3, outcomes=4):
    """Counts by (district, need, nc_year, provision, outcome), and rows that they lean on."""
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.ones(outcomes), (1, 2, len(AGES), 1))
    true = rng.dirichlet(np.full(outcomes, 3.0), (districts, 2, len(AGES), 1))
    return true * size * rng.uniform(5, 50, (districts, 2, len(AGES), 1, 1)), rows, true


def test_very_many_children_have_their_own_shares():
    counts, rows, true = some(size=1e9)
    np.testing.assert_allclose(pooled_rows(counts, rows, CHAIN), true, rtol=1e-4)


def test_very_many_heads_have_their_own_rate():
    rng = np.random.default_rng(2)
    heads, true = rng.uniform(1e9, 2e9, (3, 1, len(AGES), 1)), rng.uniform(0.001, 0.1, (3, 2, len(AGES), 1))
    found = pooled_rates(heads * true, heads, np.full((1, 2, len(AGES), 1), 0.02), CHAIN)
    np.testing.assert_allclose(found, true, rtol=1e-4)


def test_nobody_counted_leaves_what_was_believed():
    counts, rows, _ = some()
    found = pooled_rows(counts * 0, rows, CHAIN)
    np.testing.assert_allclose(found, np.broadcast_to(rows, counts.shape), atol=1e-5)
    rates = np.full((1, 2, len(AGES), 1), 0.02)
    np.testing.assert_allclose(pooled_rates(counts[..., 0] * 0, np.zeros((3, 1, len(AGES), 1)), rates, CHAIN), 0.02)


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 30))
def test_shares_stay_shares_and_lie_between_what_was_seen_and_what_was_believed(seed, size):
    counts, rows, _ = some(size, seed, outcomes=2)
    one = (Grouping(district=True, need=True, ages=AGES),)
    found = pooled_rows(counts, rows, one)
    np.testing.assert_allclose(found.sum(axis=-1), 1)
    seen = counts.sum(axis=-1, keepdims=True)
    own = np.divide(counts, seen, out=np.broadcast_to(rows, counts.shape).copy(), where=seen > 0)
    low, high = np.minimum(own, rows) - 1e-5, np.maximum(own, rows) + 1e-5
    assert ((found >= low) & (found <= high)).all()


def test_one_group_is_weighed_as_by_hand():
    """Three of ten children, where one in five is expected: 16 events' worth of belief are 16 / (.2 * .8) children."""
    counts = np.array([3.0, 7.0]).reshape(1, 1, 1, 1, 2)
    found = pooled_rows(counts, np.array([0.2, 0.8]).reshape(counts.shape), (Grouping(weight=16.0),))
    assert found.ravel()[0] == pytest.approx((3 + 100 * 0.2) / (10 + 100), rel=1e-5)
    rate = pooled_rates(
        counts[..., 0], np.full((1, 1, 1, 1), 10.0), np.full((1, 1, 1, 1), 0.2), (Grouping(weight=16.0),)
    )
    assert rate.item() == pytest.approx(0.2 * (3 + 16) / (2 + 16))


def districts_that_differ(by, seed=3, districts=30, heads=4000):
    """Counts of districts whose rates differ from .02 by a standard deviation of `by`, and the true rates."""
    rng = np.random.default_rng(seed)
    true = 0.02 * np.exp(rng.normal(0, by, districts))
    return rng.poisson(true * heads).astype(float), true, heads


def leaning(by):
    """How far districts lean on what all have: 0 not at all, 1 wholly."""
    counts, _, heads = districts_that_differ(by)
    expected = np.full((len(counts), 1), 0.02 * heads)
    return doubt(counts[:, None], expected, expected, 25.0).lean.mean()


def test_districts_that_differ_lean_less_on_the_area_than_districts_alike():
    alike, a_little, much = leaning(0.0), leaning(0.15), leaning(0.6)
    assert alike > 0.6 > a_little > much
    assert much < 0.15


def test_pooled_districts_are_nearer_the_truth_than_their_own_counts_and_than_the_area():
    counts, true, heads = districts_that_differ(0.15)
    cells = counts.reshape(-1, 1, 1, 1)
    pooled = pooled_rates(
        cells, np.full((len(counts), 1, 1, 1), float(heads)), np.full((1, 1, 1, 1), 0.02), (BY_DISTRICT,)
    )
    errors = [np.abs(rate - true).mean() for rate in (pooled.ravel(), counts / heads, 0.02)]
    assert errors[0] < min(errors[1:])


def test_more_children_leave_less_doubt():
    def of(children):
        expected = np.full((6, 1), float(children))
        whole = doubt(expected, expected, expected, 25.0)
        shares = np.stack([expected, 9 * expected], axis=-1)
        return whole.own.mean(), whole.area.mean(), doubt_of_shares(shares, shares, shares, 25.0).own.mean()

    assert all(few > many for few, many in zip(of(5), of(500), strict=True))


def test_a_single_district_is_the_area_and_has_its_doubt_alone():
    found = doubt(np.full((1, 2), 30.0), np.full((1, 2), 30.0), np.full((1, 2), 20.0), 25.0)
    assert (found.own == 0).all()
    assert (found.lean == 1).all()
    np.testing.assert_allclose(found.area, 1 / np.sqrt(55), rtol=0.02)
