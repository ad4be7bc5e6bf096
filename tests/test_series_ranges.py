"""How far the truth may lie from the forecast, and futures drawn from that."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panels import panel
from scipy import stats

from forecast.model.spread import FREEDOM
from forecast.series.outlook import Outlook, described, futures
from forecast.series.ranges import (
    BY_SIZE_ALONE,
    GROWS_AS,
    ORIGINS,
    PRIOR,
    PRIOR_ORIGINS,
    PRIOR_SHARE,
    Spread,
    spread,
)
from forecast.series.targets import BASE, LONGEST, PLANS, SPECIAL_STATE

YEARS = range(2010, 2026)
UNITS = [f"{at:03}" for at in range(300)]
SEEN = 0.05
"""Scale of the errors that were made, each times a Student's t."""


def judged(target=PLANS, scale=SEEN, common=0.0, sizes=1000.0, seed=1):
    """A panel, and forecasts from each January that missed by so much: their own errors, and one they share."""
    rng = np.random.default_rng(seed)
    start = np.broadcast_to(np.asarray(sizes, dtype=float), len(UNITS))
    figures = {unit: np.full(len(YEARS), start[at]) for at, unit in enumerate(UNITS)}
    made = panel(YEARS, **({PLANS: figures} | {target: figures}))
    past = {}
    for origin in range(2012, 2026):
        missed = scale * rng.standard_t(FREEDOM, (len(UNITS), LONGEST)) + common
        past[origin] = {target: pd.DataFrame(start[:, None] / np.exp(missed), UNITS, range(1, LONGEST + 1))}
    return made, past


def found(target=PLANS, longest=LONGEST, **settings):
    made, past = judged(target, **settings)
    central = pd.DataFrame(1000.0, UNITS, range(1, longest + 1))
    return spread(made, target, past, central)


@pytest.mark.parametrize("scale", [0.02, 0.05, 0.2])
def test_the_spread_of_errors_that_are_a_known_t_is_its_scale(scale):
    own = found(scale=scale).own
    np.testing.assert_allclose(own.mean() / scale, 1.0, atol=0.1)


def test_four_fifths_of_new_errors_lie_within_the_range_of_the_old():
    reach = stats.t.ppf(0.9, FREEDOM) * found().own.to_numpy()
    new = SEEN * np.random.default_rng(9).standard_t(FREEDOM, (40, *reach.shape))
    assert (np.abs(new) <= reach).mean() == pytest.approx(0.8, abs=0.02)


def test_authorities_whose_errors_were_smaller_have_the_narrower_range():
    sizes = np.where(np.arange(len(UNITS)) < 150, 100.0, 10_000.0)
    own = found(sizes=sizes, scale=(np.where(sizes > 1000, 0.02, 0.1))[:, None]).own[1]
    small, large = own[sizes < 1000], own[sizes > 1000]
    assert large.max() < small.min()
    assert large.mean() == pytest.approx(0.02, rel=0.35)
    assert small.mean() == pytest.approx(0.1, rel=0.35)


@pytest.mark.parametrize("target", BY_SIZE_ALONE)
def test_a_small_series_spreads_by_its_size_alone(target):
    sizes = np.linspace(5, 500, len(UNITS))
    own = found(target, sizes=sizes).own[1].to_numpy()
    shape = np.sqrt(1 + 40 / sizes)
    np.testing.assert_allclose(own / shape, (own / shape)[0])


@pytest.mark.parametrize("common", [0.0, 0.08])
@pytest.mark.parametrize("target", [PLANS, SPECIAL_STATE])
def test_the_shared_error_is_what_was_thought_and_what_was_seen_by_their_numbers(target, common):
    scale = found(target, common=common, scale=1e-6).common
    for ahead in (1, 3, LONGEST):
        thought = PRIOR_SHARE * PRIOR[target] * ahead**0.9
        variance = (PRIOR_ORIGINS * thought**2 + ORIGINS * common**2) / (PRIOR_ORIGINS + ORIGINS)
        of_t = FREEDOM / (FREEDOM - 2)
        assert scale[ahead] == pytest.approx(np.sqrt(variance / of_t), rel=1e-3)


def test_an_error_that_all_share_does_not_widen_the_range_of_their_own():
    pd.testing.assert_frame_equal(found(common=0.2).own, found(common=0.0).own)


def test_errors_are_only_those_with_an_outcome_by_now():
    made, past = judged()
    central = pd.DataFrame(1000.0, UNITS, range(1, LONGEST + 1))
    known = made.as_known(2020)
    whole = spread(known, PLANS, past, central)
    assert (whole.errors["origin"] + whole.errors["ahead"]).max() <= 2020
    assert whole.errors.groupby("ahead")["origin"].nunique().tolist() == [ORIGINS] * 4 + [4]
    fewer = spread(known, PLANS, {year: table for year, table in past.items() if year < 2020}, central)
    pd.testing.assert_frame_equal(whole.own, fewer.own)
    wrong = {year: table if year < 2020 else {PLANS: table[PLANS] * 100} for year, table in past.items()}
    pd.testing.assert_series_equal(whole.common, spread(known, PLANS, wrong, central).common)


def test_errors_at_a_horizon_that_nobody_has_seen_grow_from_the_longest_that_was():
    made, past = judged()
    central = pd.DataFrame(1000.0, UNITS, range(1, LONGEST + 1))
    early = spread(made.as_known(2014), PLANS, past, central)
    seen = early.errors[early.errors["ahead"].eq(2)].set_index(["unit", "origin"])["error"]
    unseen = early.errors[early.errors["ahead"].eq(4)].set_index(["unit", "origin"])["error"]
    assert set(unseen.index.get_level_values("origin")) == {2012}
    np.testing.assert_allclose(unseen, seen.loc[unseen.index] * 2**GROWS_AS, rtol=1e-9)


def test_after_five_years_both_errors_grow_as_a_power_of_the_horizon():
    far = found(longest=10)
    np.testing.assert_allclose(far.common[10] / far.common[LONGEST], 2**GROWS_AS)
    np.testing.assert_allclose(far.own[10] / far.own[LONGEST], 2**GROWS_AS)


def test_an_authority_that_came_to_none_has_no_error_that_bursts_the_range():
    made, past = judged(BASE)
    made.children[BASE].loc[2025, "000"] = 0.0
    own = spread(made, BASE, past, pd.DataFrame(1000.0, UNITS, range(1, LONGEST + 1))).own
    assert np.isfinite(own).all(axis=None)
    assert own[1]["001"] == pytest.approx(found(BASE).own[1]["001"], rel=0.05)


def outlook(own=0.1, common=0.05):
    """Two authorities forecast three years on."""
    ahead, units = [1, 2, 3], ["301", "302"]
    median = pd.DataFrame([[100.0, 110.0, 120.0], [10.0, 11.0, 12.0]], units, ahead)
    growing = np.array([1.0, 1.5, 2.0])
    scales = Spread(pd.Series(common * growing, ahead), pd.DataFrame([own * growing] * 2, units, ahead), pd.DataFrame())
    return Outlook(2025, {PLANS: median}, {PLANS: scales})


@given(draws=st.integers(1, 50).map(lambda pairs: 2 * pairs), seed=st.integers(0, 1000))
def test_the_median_of_an_even_number_of_draws_is_the_central_forecast(draws, seed):
    """Of mirrored draws the two in the middle are as far above as below, on the log scale."""
    drawn = futures(outlook(), PLANS, "301", draws, seed)
    np.testing.assert_allclose(np.median(np.log(drawn), axis=0), np.log([100, 110, 120]), atol=1e-12)


@given(draws=st.integers(1, 50).map(lambda pairs: 2 * pairs), seed=st.integers(0, 1000))
def test_every_future_has_its_mirror(draws, seed):
    apart = np.log(futures(outlook(), PLANS, "301", draws, seed) / [100, 110, 120])
    np.testing.assert_allclose(np.sort(apart, axis=0), np.sort(-apart, axis=0), atol=1e-12)


def test_more_draws_do_not_move_the_middle_and_hardly_the_range():
    few, many = (described(outlook(), "301", {PLANS: 1.0}, draws, 1) for draws in (200, 4000))
    np.testing.assert_allclose(few["p50"], many["p50"], rtol=2e-3)
    np.testing.assert_allclose(few[["mean", "p10", "p90"]], many[["mean", "p10", "p90"]], rtol=0.05)


def test_the_range_is_that_of_the_sum_of_both_errors():
    table = described(outlook(own=0.1, common=0.05), "301", {PLANS: 1.0}, 10_000, 1)
    rng = np.random.default_rng(1)
    both = 0.1 * rng.standard_t(FREEDOM, 10**6) + 0.05 * rng.standard_t(FREEDOM, 10**6)
    low, high = np.quantile(both, [0.1, 0.9])
    assert np.log(table["p10"][0] / 100) == pytest.approx(low, rel=0.05)
    assert np.log(table["p90"][0] / 100) == pytest.approx(high, rel=0.05)


@given(draws=st.integers(2, 60), seed=st.integers(0, 1000), own=st.floats(0, 0.5), common=st.floats(0, 0.5))
def test_the_low_end_is_below_the_middle_and_that_below_the_high_end(draws, seed, own, common):
    table = described(outlook(own, common), "301", {PLANS: 1.0}, draws, seed)
    assert (table["p10"] <= table["p50"]).all()
    assert (table["p50"] <= table["p90"]).all()
    assert (table["p10"] > 0).all()


@pytest.mark.parametrize("central", [3.0, 30.0, 3000.0])
def test_the_ends_of_a_range_of_some_width_lie_on_either_side_of_the_middle(central):
    made = outlook(own=0.5)
    made.median[PLANS].loc["301"] = central
    table = described(made, "301", {PLANS: 1.0}, 100, 1)
    assert (table["p10"] < table["p50"]).all()
    assert (table["p50"] < table["p90"]).all()


def test_the_shared_error_is_the_same_in_every_authority_and_the_own_ones_are_not():
    shared = outlook(own=0.0)
    one, other = (np.log(futures(shared, PLANS, unit, 100, 1)[:, 0]) for unit in ("301", "302"))
    np.testing.assert_allclose(one - np.log(100), other - np.log(10), atol=1e-12)
    own = outlook(common=0.0)
    one, other = (np.log(futures(own, PLANS, unit, 1000, 1)[:, 0]) for unit in ("301", "302"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1


def test_a_future_keeps_its_place_from_year_to_year():
    ranks = futures(outlook(), PLANS, "301", 101, 1).argsort(axis=0).argsort(axis=0)
    assert (ranks == ranks[:, :1]).all()


def test_an_authoritys_part_of_its_unit_has_that_part_of_every_future():
    whole, part = (futures(outlook(), PLANS, "301", 10, 1, share) for share in (1.0, 0.3))
    np.testing.assert_allclose(part, 0.3 * whole)
