"""England's path: damped growth of the sum, and plans of school age from what comes in and what goes out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panels import growing, panel

from forecast.series.national import (
    FEWEST_TO_SMOOTH,
    SLOWING,
    SMOOTHED,
    SPANS,
    START_FADING,
    faded,
    growth,
    national_path,
    school_age_path,
    smoothed,
)
from forecast.series.targets import PLANS, PLANS_5_15

YEARS = range(2012, 2026)
AHEAD = list(range(1, 11))


def alike(rate, years=YEARS, units=4):
    """A panel in which every series of every authority grows at one rate."""
    table = {str(300 + at): growing(1000 * (at + 1), rate, years) for at in range(units)}
    return panel(years, **dict.fromkeys((PLANS, *SPANS, PLANS_5_15), table))


def added_up(rate, left):
    """Growth that fades, and after five years slows beside: by year, in a plain loop."""
    total, slowed, sums = 0.0, 1.0, []
    for ahead in AHEAD:
        slowed *= SLOWING if ahead > 5 else 1.0
        total += rate * left**ahead * slowed
        sums.append(total)
    return np.array(sums)


@given(left=st.floats(0.01, 0.99), years=st.integers(1, 30))
def test_what_is_left_of_a_years_growth_adds_up_as_in_a_plain_loop(left, years):
    total, this_year, sums = 0.0, 1.0, []
    for _ in range(years):
        this_year *= left
        total += this_year
        sums.append(total)
    np.testing.assert_allclose(faded(left, range(1, years + 1)), sums, rtol=1e-9)


def test_no_years_on_nothing_has_grown():
    assert faded(0.95, [0]).tolist() == [0.0]


@pytest.mark.parametrize("rate", [-0.05, 0.0, 0.1])
@pytest.mark.parametrize("span", [1, 3, 5])
def test_growth_that_is_the_same_each_year_is_that_growth_over_any_span(rate, span):
    assert growth(alike(rate).children[PLANS], span) == pytest.approx(rate)


def test_an_authority_without_a_figure_at_either_end_is_no_growth():
    table = alike(0.1).children[PLANS].copy()
    table.loc[2025, "300"] = np.nan
    table.loc[2022, "301"] = np.nan
    assert growth(table, 3) == pytest.approx(0.1)


@pytest.mark.parametrize("target", [target for target in SPANS if target not in SMOOTHED])
def test_steady_growth_goes_on_and_fades_as_the_series_is_said_to(target):
    lefts = {left for _, left in SPANS[target]}
    (left,) = lefts
    np.testing.assert_allclose(national_path(alike(0.08), target, AHEAD), added_up(0.08, left))


@pytest.mark.parametrize("target", SMOOTHED)
def test_too_few_censuses_to_smooth_leave_the_damped_members_alone(target):
    few = alike(0.08, range(2026 - FEWEST_TO_SMOOTH + 1, 2026))
    np.testing.assert_allclose(national_path(few, target, AHEAD), added_up(0.08, 0.95))


@pytest.mark.parametrize("target", SMOOTHED)
def test_a_smoothed_path_of_steady_growth_is_steady_growth_fading_or_a_little_more(target):
    path = national_path(alike(0.08), target, AHEAD)
    assert (path >= added_up(0.08, 0.95) * 0.95).all()
    assert (path <= added_up(0.08, 1.0)).all()


@pytest.mark.parametrize("target", [PLANS_5_15, *SPANS])
def test_where_nothing_grows_nothing_is_forecast_to(target):
    np.testing.assert_allclose(national_path(alike(0.0), target, AHEAD), 0.0, atol=1e-4)


PUBLISHED = (228_221, 229_017, 230_156, 233_431, 237_111, 240_183, 256_530, 287_290, 319_819, 353_995, 390_109)
"""Plans in England, January 2010 to 2020."""


@pytest.mark.parametrize("last", [2018, 2020])
def test_smoothing_follows_the_growth_that_began_with_the_reform(last):
    """From statsmodels' own start the search ends on a fall of 7 per cent."""
    log = np.log(PUBLISHED[: last - 2009])
    path = smoothed(log, [1, 2, 3])
    assert path[0] == pytest.approx(log[-1] - log[-2], abs=0.01)
    assert (np.diff(path) > 0.05).all()


def test_the_horizons_asked_for_do_not_change_the_path():
    made = alike(0.08)
    for target in (*SPANS, PLANS_5_15):
        whole = national_path(made, target, AHEAD)
        np.testing.assert_allclose(national_path(made, target, [2, 5]), whole[[1, 4]])


@pytest.mark.parametrize("target", [PLANS, PLANS_5_15, "base"])
def test_from_the_sixth_year_on_growth_slows_beside_its_fading(target):
    made = alike(0.08)
    steps = np.diff(national_path(made, target, AHEAD), prepend=0.0)
    if target == PLANS_5_15:
        plain = np.diff(school_age_path(made, AHEAD), prepend=0.0)
        np.testing.assert_allclose(steps / plain, [1] * 5 + [SLOWING**late for late in range(1, 6)])
    assert (steps > 0).all()
    assert steps[5] < SLOWING * steps[4] * 1.05


def stock_and_flow(stock, new, younger, units=3):
    """A panel of equal authorities with these plans of ages 5 to 15, new plans there, and under 5: by year."""
    years = range(2026 - len(stock), 2026)
    each = [str(300 + at) for at in range(units)]
    flows = {"new_5_15": dict.fromkeys(each, new), "new_under_5": dict.fromkeys(each, younger)}
    return panel(
        years,
        flows=flows,
        **{PLANS: dict.fromkeys(each, [9000.0] * len(stock)), PLANS_5_15: dict.fromkeys(each, stock)},
    )


def test_a_steady_state_of_stock_and_flow_stays_flat():
    steady = stock_and_flow([1000.0] * 4, [100.0] * 4, [40.0] * 4)
    np.testing.assert_allclose(school_age_path(steady, AHEAD), 0.0, atol=1e-12)


def test_a_stock_that_fills_up_grows_towards_what_comes_in_over_the_share_that_leaves():
    """Stock of 1000, of whom a tenth leave, with 200 a year coming: 2000 in the end."""
    stock = [1000.0]
    for _ in range(3):
        stock.append(stock[-1] * 0.9 + 200)
    path = school_age_path(stock_and_flow(stock, [160.0] * 4, [40.0] * 4), list(range(1, 101)))
    assert (np.diff(path) > 0).all()
    assert stock[-1] * np.exp(path[-1]) == pytest.approx(2000, rel=1e-3)
    assert stock[-1] * np.exp(path[0]) == pytest.approx(stock[-1] * 0.9 + 200)


def test_a_growing_inflow_is_followed_as_in_a_plain_loop():
    new, younger, stock = [100.0, 110.0, 130.0, 150.0], [40.0, 44.0, 50.0, 60.0], [1000.0, 1040.0, 1100.0, 1200.0]
    leave = [(stock[at - 1] + new[at] + younger[at - 1] - stock[at]) / stock[at - 1] for at in (2, 3)]
    held, path = stock[-1], []
    coming = {"new": new[-1], "younger": younger[-1]}
    rate = {
        name: 0.5 * np.log(values[-1] / values[-2]) + 0.5 * np.log(values[-1] / values[0]) / 3
        for name, values in (("new", new), ("younger", younger))
    }
    for _ in AHEAD:
        rate = {name: each * START_FADING for name, each in rate.items()}
        of_age = coming["younger"]
        coming = {name: each * np.exp(rate[name]) for name, each in coming.items()}
        held = held * (1 - np.mean(leave)) + coming["new"] + of_age
        path.append(np.log(held / stock[-1]))
    np.testing.assert_allclose(school_age_path(stock_and_flow(stock, new, younger), AHEAD), path)


def test_authorities_without_a_figure_of_stock_or_flow_do_not_bend_the_path():
    steady = stock_and_flow([1000.0] * 4, [100.0] * 4, [40.0] * 4, units=4)
    odd = steady.flows["new_5_15"].assign(**{"300": [5.0, 900.0, np.nan, 3.0]})
    steady.flows["new_5_15"] = pd.DataFrame(odd)
    np.testing.assert_allclose(school_age_path(steady, AHEAD), 0.0, atol=1e-12)
