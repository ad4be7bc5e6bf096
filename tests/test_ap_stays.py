"""Mean stays from bands, those that go on among them."""

import numpy as np
import pandas as pd
import pytest

from forecast.ap.stays import LENT, lent, mean_stay

EDGES = np.concatenate([np.arange(0, 365, 7), np.arange(365, 3_000, 28)])


def banded(stays, ended):
    """Counts of stays by band."""
    at = np.searchsorted(EDGES, stays, "right") - 1
    ends = np.append(EDGES[1:].astype(float), np.nan)[at]
    return pd.DataFrame(
        {"days_from": EDGES[at], "days_to": ends, "ended": ended.astype(int), "ongoing": (~ended).astype(int)}
    )


@pytest.mark.parametrize("mean", [40, 200, 450])
def test_stays_cut_off_by_the_day_of_the_file_still_give_the_mean(mean):
    rng = np.random.default_rng(mean)
    stays, known = rng.exponential(mean, 5_000), rng.uniform(0, 1_000, 5_000)
    ended = stays <= known
    found = mean_stay(banded(np.minimum(stays, known), ended))
    assert found == pytest.approx(stays.mean(), rel=0.06)
    assert stays[ended].mean() < stays.mean()


def test_stays_that_have_all_ended_have_their_plain_mean():
    stays = np.random.default_rng(1).gamma(2.0, 60.0, 2_000)
    assert mean_stay(banded(stays, np.full(2_000, fill_value=True))) == pytest.approx(stays.mean(), rel=0.02)


def test_leaving_out_those_who_are_still_there_makes_stays_too_short():
    rng = np.random.default_rng(4)
    stays, known = rng.exponential(300, 3_000), rng.uniform(0, 365, 3_000)
    ended = stays <= known
    assert stays[ended].mean() < 0.5 * 300 < 0.8 * mean_stay(banded(np.minimum(stays, known), ended))


def test_where_no_stay_has_ended_there_is_no_mean():
    assert np.isnan(mean_stay(banded(np.array([30.0, 50.0]), np.array([False, False]))))


def test_a_small_cell_is_drawn_towards_a_wider_group():
    assert lent(float("nan"), 0, 200.0) == 200
    assert lent(100.0, LENT, 200.0) == pytest.approx(150)
    assert lent(100.0, 1e6, 200.0) == pytest.approx(100, abs=0.01)


def test_bands_in_which_nobody_left_may_be_left_out():
    rows = {"days_from": [70, 210], "days_to": [77.0, 217.0], "ended": [1, 1], "ongoing": [0, 0]}
    assert mean_stay(pd.DataFrame(rows)) == pytest.approx((73.5 + 213.5) / 2)
    whole = pd.DataFrame(
        {"days_from": [0, 70, 77, 210], "days_to": [70.0, 77, 210, 217], "ended": [0, 1, 0, 1], "ongoing": 0}
    )
    assert mean_stay(whole) == pytest.approx((73.5 + 213.5) / 2)
