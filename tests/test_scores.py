"""Scores, each by a second route: by hand, by numerical integration, or by what it must be for chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from forecast.backtest.scores import (
    bias,
    coverage,
    coverage_interval,
    crps,
    crps_of_quantiles,
    far_out,
    inside,
    mase,
    pinball,
    shelf_life,
    thirds,
    wape,
    width,
)

FORECAST, ACTUAL = np.array([90.0, 220.0, 300.0]), np.array([100.0, 200.0, 300.0])
children = st.floats(1, 1e4)


def test_wape_is_the_errors_as_a_share_of_the_children():
    assert wape(FORECAST, ACTUAL) == pytest.approx((10 + 20 + 0) / 600)


def test_bias_is_the_log_of_the_two_sums():
    assert bias(FORECAST, ACTUAL) == pytest.approx(np.log(610 / 600))
    assert bias(np.array([98.0]), np.array([100.0])) == pytest.approx(-0.02, abs=3e-4)


@given(high=st.floats(1.01, 3))
def test_bias_is_as_large_for_too_many_as_for_too_few(high):
    assert bias(high * ACTUAL, ACTUAL) == pytest.approx(-bias(ACTUAL / high, ACTUAL))


def test_mase_is_one_where_the_error_is_a_usual_years_change():
    past = np.array([[100.0, 50.0], [110.0, 50.0], [90.0, 56.0]])
    usual = ((10 + 20) / 2 + (0 + 6) / 2) / 2
    assert mase(np.array([usual, -usual]), np.zeros(2), past) == pytest.approx(1)


def test_a_gap_in_the_past_leaves_out_the_changes_beside_it():
    past = np.array([[100.0], [110.0], [np.nan], [500.0], [530.0]])
    assert mase(np.array([40.0]), np.array([0.0]), past) == pytest.approx(40 / 20)


@pytest.mark.parametrize("score", [wape, bias, far_out, lambda f, a: mase(f, a, np.array([[1.0, 1.0], [2.0, 3.0]]))])
def test_a_cell_that_is_missing_makes_the_score_missing(score):
    assert np.isnan(score(np.array([1.0, np.nan]), np.array([1.0, 2.0])))
    assert np.isnan(score(np.array([1.0, 2.0]), np.array([1.0, np.nan])))


def test_pinball_charges_for_each_side_by_the_level():
    low, high = pinball(np.array([90.0, 110.0]), np.array([100.0, 100.0]), 0.9)
    assert (low, high) == (pytest.approx(9), pytest.approx(1))


def test_the_quantile_of_the_truth_has_the_least_pinball_loss():
    truth = np.random.default_rng(1).gamma(2, 50, 20_001)
    tried = np.linspace(1, 400, 400)
    best = tried[np.argmin([pinball(value, truth, 0.8).mean() for value in tried])]
    assert best == pytest.approx(np.quantile(truth, 0.8), abs=1)


@given(
    draws=st.lists(st.lists(children, min_size=2, max_size=2), min_size=1, max_size=12),
    actual=st.lists(children, min_size=2, max_size=2),
)
def test_crps_is_the_mean_distance_from_the_truth_less_half_the_mean_distance_between_draws(draws, actual):
    draws, actual = np.array(draws), np.array(actual)
    pairs = np.abs(draws[:, None] - draws[None]).mean(axis=(0, 1))
    assert crps(draws, actual) == pytest.approx(np.abs(draws - actual).mean(axis=0) - pairs / 2, abs=1e-6)


def test_crps_is_the_squared_gap_between_the_draws_curve_and_the_truths_step():
    draws, actual = np.array([[3.0], [8.0], [4.0], [20.0]]), np.array([6.0])

    def gap(at):
        return ((draws <= at).mean() - (at >= actual[0])) ** 2

    area, _ = integrate.quad(gap, 0, 25, points=[3, 4, 6, 8, 20])
    assert crps(draws, actual) == pytest.approx(area)


def test_crps_of_many_normal_draws_is_that_of_the_normal():
    draws = stats.norm(100, 15).ppf((np.arange(4000) + 0.5) / 4000)[:, None]
    z = (120 - 100) / 15
    exact = 15 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(draws, np.array([120.0])) == pytest.approx(exact, rel=1e-3)


def test_crps_from_quantiles_comes_to_that_from_draws():
    draws = np.random.default_rng(2).gamma(3, 40, (5000, 1))
    levels = (np.arange(200) + 0.5) / 200
    quantiles = np.quantile(draws, levels, axis=0)
    for truth in (20.0, 120.0, 400.0):
        assert crps_of_quantiles(quantiles, np.array([truth]), levels) == pytest.approx(
            crps(draws, np.array([truth])), rel=0.01
        )


def test_a_range_holds_its_own_ends_and_nothing_that_is_missing():
    low, high = np.array([1.0, 1.0, 1.0, np.nan]), np.array([2.0, 2.0, 2.0, 2.0])
    held = inside(low, high, np.array([1.0, 2.0, 2.1, 1.5]))
    assert held.tolist()[:3] == [1, 1, 0]
    assert np.isnan(held[3])
    assert np.isnan(coverage(low, high, np.ones(4)))


def test_an_80_percent_range_holds_80_percent_of_what_it_describes():
    truth = np.random.default_rng(3).normal(100, 15, 40_000)
    low, high = stats.norm(100, 15).interval(0.8)
    assert coverage(np.full_like(truth, low), np.full_like(truth, high), truth) == pytest.approx(0.8, abs=0.01)


def test_width_is_a_share_of_the_children_forecast():
    assert width(np.array([90.0, 0.0]), np.array([110.0, 0.0]), np.array([100.0, 0.0])) == pytest.approx(0.2)


def test_the_interval_of_coverage_is_that_of_whole_origins():
    hits, origin = np.array([1, 1, 1, 1, 0, 0], dtype=float), np.array([2018, 2018, 2018, 2019, 2020, 2020])
    low, high = coverage_interval(hits, origin, seed=1, resamples=20_000)
    kinds = [(3, 3), (1, 1), (0, 2)]
    ways = [(a[0] + b[0] + c[0]) / (a[1] + b[1] + c[1]) for a in kinds for b in kinds for c in kinds]
    assert len(ways) == 27
    exact = np.quantile(ways, [0.025, 0.975], method="inverted_cdf")
    assert (low, high) == pytest.approx(tuple(exact))
    narrow = coverage_interval(hits, origin, seed=1, level=0.6, resamples=20_000)
    assert narrow == pytest.approx(tuple(np.quantile(ways, [0.2, 0.8], method="inverted_cdf")))


def test_origins_that_miss_together_leave_the_coverage_less_certain_than_cells_that_miss_alone():
    origin = np.repeat(np.arange(2016, 2025), 100)
    together, alone = np.repeat([1, 1, 1, 1, 1, 1, 1, 0, 0], 100).astype(float), np.tile([1, 1, 1, 1, 0], 180)
    wide, narrow = (np.diff(coverage_interval(hits.astype(float), origin, seed=1))[0] for hits in (together, alone))
    assert wide > 0.4
    assert narrow < 1e-9


def test_the_interval_of_coverage_is_the_same_for_the_same_seed_and_holds_the_coverage():
    hits = (np.random.default_rng(4).random(900) < 0.8).astype(float)
    origin = np.tile(np.arange(2016, 2025), 100)
    first, again, other = (coverage_interval(hits, origin, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert first[0] < hits.mean() < first[1]


def test_far_out_is_more_than_a_tenth_of_the_truth():
    assert far_out(np.array([109.0, 111.0, 89.0, 0.0]), np.array([100.0, 100.0, 100.0, 0.0])) == 0.5


@pytest.mark.parametrize(
    ("far", "years"),
    [
        ([0.05, 0.15, 0.25, 0.5], 2.5),
        ([0.2, 0.3, 0.4, 0.5], 1),
        ([0.4, 0.1, 0.1, 0.1], 0.5),
        ([0.1, 0.1, 0.1, 0.3], 4),
        ([0.0, 0.1, 0.1, 0.19], np.inf),
    ],
)
def test_shelf_life_is_when_a_fifth_are_first_far_out(far, years):
    assert shelf_life([1, 2, 3, 5], far) == pytest.approx(years)


def test_a_shelf_life_is_not_known_where_a_horizon_is_not():
    assert np.isnan(shelf_life([1, 2], [0.1, np.nan]))


@given(size=st.lists(children, min_size=3, max_size=60))
def test_thirds_are_as_many_each_and_in_order_of_size(size):
    third, size = thirds(np.array(size)), np.array(size)
    counts = [int((third == name).sum()) for name in ("small", "middle", "large")]
    assert max(counts) - min(counts) <= 1
    assert size[third == "small"].max() <= size[third == "middle"].min()
    assert size[third == "middle"].max() <= size[third == "large"].min()
