"""The published releases: errors of the forecast and of the benchmark, as METHOD says that they are."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from panels import published, published_panel

from forecast.series.level import level
from forecast.series.outlook import central_of
from forecast.series.targets import HORIZONS, PLANS, PLANS_5_15, SPECIAL_STATE, TARGETS
from forecast.workers import in_parallel, processes

pytestmark = pytest.mark.needs_shared_data

FIRST, LAST = 2018, 2025
LEFT = {PLANS: 0.95, SPECIAL_STATE: 0.93}
"""Share of a year's growth that the benchmark leaves in the next."""


@pytest.fixture(scope="module")
def panel():
    return published_panel()


@pytest.fixture(scope="module")
def central(panel):
    """January -> the central forecast from it, by what was known then."""
    origins = list(range(FIRST, LAST))
    found = in_parallel(partial(central_of, panel, LAST, max(HORIZONS)), origins, processes(2))
    return dict(zip(origins, found, strict=True))


def by_growth(panel, target, origin, ahead):
    """The benchmark: the last figure, and the pooled growth of three years, fading."""
    table = panel.children[target]
    ends = table.loc[[origin - 3, origin]].dropna(axis=1).sum(axis=1)
    yearly = np.log(ends[origin] / ends[origin - 3]) / 3
    grown = 0.0
    for _ in range(ahead):
        yearly *= LEFT[target]
        grown += yearly
    return table.loc[origin] * np.exp(grown)


def mean_error(panel, target, ahead, forecast):
    """WAPE over authorities with figures at both ends, averaged over origins."""
    errors = []
    for origin in range(FIRST, LAST - ahead + 1):
        now, came = panel.children[target].loc[origin], panel.children[target].loc[origin + ahead]
        both = now.notna() & came.notna()
        made = forecast(origin)[both]
        assert made.notna().all()
        errors.append((made - came[both]).abs().sum() / came[both].sum())
    return float(np.mean(errors))


@pytest.mark.parametrize(("ahead", "known"), [*zip(HORIZONS, (0.038, 0.063, 0.081, 0.113), strict=True)])
def test_the_benchmark_misses_by_what_the_method_says(panel, ahead, known):
    found = mean_error(panel, PLANS, ahead, lambda origin: by_growth(panel, PLANS, origin, ahead))
    assert found == pytest.approx(known, abs=0.0006)


@pytest.mark.parametrize(
    ("target", "ahead", "bar"),
    [
        *((PLANS, ahead, bar) for ahead, bar in zip(HORIZONS, (0.034, 0.055, 0.071, 0.097), strict=True)),
        *((SPECIAL_STATE, ahead, bar) for ahead, bar in zip(HORIZONS, (0.035, 0.051, 0.064, 0.088), strict=True)),
        (PLANS_5_15, 5, 0.125),
    ],
)
def test_the_forecast_misses_by_no_more_than_its_bar(panel, central, target, ahead, bar):
    assert mean_error(panel, target, ahead, lambda origin: central[origin][target][ahead]) <= bar


@pytest.mark.parametrize("target", LEFT)
@pytest.mark.parametrize("ahead", [3, 5])
def test_the_forecast_misses_by_less_than_the_benchmark(panel, central, target, ahead):
    ours = mean_error(panel, target, ahead, lambda origin: central[origin][target][ahead])
    assert ours < 0.95 * mean_error(panel, target, ahead, lambda origin: by_growth(panel, target, origin, ahead))


def test_every_authority_and_county_is_followed_through_all_years(panel):
    units = [unit for unit in panel.units if "+" not in unit]
    assert sorted(set(panel.units) - set(units)) == ["838+839", "940+941", "942+943"]
    assert len(units) == 147
    assert list(panel.children[PLANS].index) == list(range(2010, LAST + 1))
    assert panel.children[PLANS].notna().all(axis=None)


def test_authorities_and_counties_add_up_to_england(panel):
    release, _ = published()
    rows = release.placements
    england = rows[rows["la_code"].eq("ENG") & rows["provision"].eq("all") & rows["need"].eq("all")]
    whole = england[england["nc_from"].eq(-4) & england["nc_to"].eq(20)].set_index("year")["children"]
    pd.testing.assert_series_equal(
        panel.children[PLANS].sum(axis=1), whole.loc[2010:], check_names=False, check_index_type=False
    )


def test_those_whose_placements_were_not_published_are_named(panel):
    """Peterborough and Hackney in 2024; Cambridgeshire and North East Lincolnshire in 2025."""
    lost = panel.left_out[panel.left_out["target"].eq("every placement")]
    of_year = {year: set(rows["unit"]) for year, rows in lost.groupby("year")}
    assert {"874", "204"} <= of_year[2024]
    assert {"873", "812"} <= of_year[2025]
    assert lost["year"].min() >= 2016


def test_an_authority_whose_placements_are_missing_goes_on_from_the_year_before(panel, central):
    now = level(panel, SPECIAL_STATE)
    assert now.replaced["873"]
    before = panel.children[SPECIAL_STATE].loc[LAST - 1, "873"]
    assert now.children["873"] == pytest.approx(before, rel=0.15)
    assert now.children["873"] > before
    assert all(central[2024][target][1].notna().all() for target in TARGETS)
