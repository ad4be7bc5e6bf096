"""How wide ranges of alternative provision are."""

from statistics import fmean

import numpy as np
import pytest
from builders_ap_rolls import panel, random_walks, uneven

from forecast.ap.deviates import DEVIATES, SD
from forecast.ap.national import AP_SCHOOL, LA_FUNDED
from forecast.ap.origins import our_cells
from forecast.ap.spreads import Spread, fit_spread, half_width, variance_years
from forecast.backtest.ap import (
    with_ranges,
)
from forecast.inputs.bundled import bundled

FOLDER = bundled("models", "england") / "ap"
MEASURED = {LA_FUNDED: (0.146, 0.221, 0.280), AP_SCHOOL: (0.195, 0.323, 0.324)}
"""Error of England's growth one, two and three years ahead, as measured before this was made."""


def test_spreads_come_back_from_a_world_whose_spread_is_known():
    for luck, low, high in ((0.0, 0.0, 0.5), (4.0, 2.5, 5.5)):
        worlds = [random_walks(seed, luck=luck, authorities=150) for seed in range(4)]
        found = [fit_spread(our_cells(panel(world), AP_SCHOOL)) for world in worlds]
        assert fmean(spread.steady for spread in found) == pytest.approx(0.037, rel=0.1)  # .04 without farthest ends
        assert low <= fmean(spread.luck for spread in found) < high


def test_ranges_of_a_random_world_hold_four_fifths_of_its_outcomes():
    hits = outcomes = 0
    for seed in range(4):
        cells = with_ranges(our_cells(panel(random_walks(seed)), AP_SCHOOL))
        hits += int(cells["actual"].between(cells["p10"], cells["p90"]).sum())
        outcomes += len(cells)
    assert 0.74 < hits / outcomes < 0.88


def test_the_january_that_is_scored_has_no_part_in_its_own_ranges():
    cells = our_cells(panel(uneven()), LA_FUNDED)
    spoilt = cells.assign(actual=cells["actual"].where(cells["origin"] != 2020, cells["actual"] * 3))
    before, after = with_ranges(cells), with_ranges(spoilt)
    same = before["origin"] == 2020
    assert before.loc[same, ["p10", "p90"]].equals(after.loc[same, ["p10", "p90"]])
    assert not before.loc[~same, ["p10", "p90"]].equals(after.loc[~same, ["p10", "p90"]])


def test_ranges_are_wider_for_small_authorities_and_for_later_years():
    spread = fit_spread(our_cells(panel(random_walks(2)), LA_FUNDED))
    sizes = np.array([10.0, 100.0, 1000.0])
    for ahead in (1, 2, 3, 8):
        own = spread.own(ahead, sizes)
        assert own[0] > own[1] > own[2]
        assert (spread.own(ahead + 1, sizes) > own).all()
        assert spread.common(ahead + 1) > spread.common(ahead)


def test_after_three_years_variance_grows_by_four_fifths_of_the_year_before():
    years = [variance_years(ahead) for ahead in range(8)]
    assert years[:4] == [0, 1, 2, 3]
    steps = np.diff(years[3:])
    assert steps == pytest.approx([0.8, 0.64, 0.512, 0.4096])


def test_the_shared_range_is_wider_the_fewer_januaries_stand_behind_it():
    reaches = [Spread(0.1, januaries, 0.01, 1.0).common(1) for januaries in (1, 2, 3, 4, 30)]
    assert reaches == sorted(reaches, reverse=True)
    assert reaches[-1] > 0.1


def test_the_half_width_is_the_quantile_of_both_shocks_drawn_apart():
    rng = np.random.default_rng(0)
    for common, own in ((0.2, 0.3), (0.0, 0.3), (0.3, 0.05)):
        drawn = (rng.choice(DEVIATES, 200_000) * common + rng.choice(DEVIATES, 200_000) * own) / SD
        assert half_width(common, np.array([own]))[0] == pytest.approx(np.quantile(drawn, 0.9), rel=0.03)
