"""The rivals: what each says of a series by hand, and what they erred on the published panel.

Figures of METHOD were measured before this project, by other programs, so they are met within a few per cent.
"""

import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from conftest import SHARED

from forecast.backtest.markov import BANDS, cohort, ending, step
from forecast.backtest.rivals import RIVALS, SAYS, RivalMissing, damped_holt, drift, naive, own_growth, rivals
from forecast.backtest.scores import bias, wape
from forecast.errors import LabelMismatch, UnknownLabel

WHOLE = {code: broken[0] for broken in (range(835, 840), (909, 942, 943), (928, 940, 941)) for code in broken}
"""Codes of Dorset, Cumbria and Northamptonshire, old and new -> one code for all of their past."""
OPTIONAL = ("damped ETS", "AutoARIMA", "Theta")


def past(first=2010, **series):
    table = pd.DataFrame(series, dtype=float).rename_axis(index="year", columns="la_code")
    return table.set_axis(table.index + first)


def rival(name, target="plans"):
    if name in OPTIONAL:
        pytest.importorskip("statsforecast", reason="the extra `rivals` is not installed")
    return rivals(target)[name]


def test_every_rival_is_explained():
    assert set(SAYS) == {*rivals("plans"), "constant-rate cohort"}


@pytest.mark.parametrize(
    ("forecast", "series", "one", "five"),
    [
        (naive, [9, 5, 7], 7, 7),
        (drift, [999, 100, 0, 0, 0, 0, 150], 160, 200),
        (own_growth, [999, 100, 0, 0, 133.1], 146.41, 133.1 * 1.1**5),
        (own_growth, [0, 1, 1, 1], 1, 1),  # growth from nothing has no rate
    ],
)
def test_the_simplest_rivals_are_those_worked_by_hand(forecast, series, one, five):
    assert forecast(past(a=series), [1, 5]).loc["a"].tolist() == pytest.approx([one, five], nan_ok=True)


def test_pooled_growth_is_that_of_the_sum_of_those_known_at_both_ends_and_dies_away():
    table = past(a=[100, 1, 1, 200], b=[300, 1, 1, 600], c=[np.nan, 1, 1, 50], d=[70, 1, 1, np.nan])
    made = rivals("special_state")["pooled growth"](table, [1, 2])
    assert made.loc["a"].tolist() == pytest.approx([200 * 2 ** (0.93 / 3), 200 * 2 ** (0.93 * 1.93 / 3)])
    assert made.loc["c", 1] == pytest.approx(50 * 2 ** (0.93 / 3))
    assert made.loc["d"].isna().all()


def test_pooled_growth_needs_a_known_target_and_three_years():
    with pytest.raises(UnknownLabel, match="did you mean 'plans'"):
        rivals("plan")["pooled growth"](past(a=[1, 2, 3, 4]), [1])
    assert rivals("plans")["pooled growth"](past(a=[1, 2, 3]), [1, 2]).isna().all(axis=None)


@pytest.mark.parametrize("name", rivals("plans"))
def test_every_rival_gives_a_row_an_authority_and_a_column_a_horizon_and_nothing_without_a_last_census(name):
    table = past(a=np.arange(100, 110) ** 1.5, b=np.arange(50, 40, -1), gone=[*range(9), np.nan])
    made = rival(name)(table, [5, 1])
    assert (made.index.tolist(), made.columns.tolist()) == (["a", "b", "gone"], [5, 1])
    assert (made.index.name, made.columns.name) == ("la_code", "horizon")
    assert np.isfinite(made.loc[["a", "b"]].to_numpy()).all()
    assert made.loc["gone"].isna().all()


@pytest.mark.parametrize("name", rivals("plans"))
def test_a_series_that_never_moved_stays(name):
    made = rival(name)(past(a=[80] * 10, nobody=[np.nan] * 3 + [0] * 7), [1, 5])
    assert made.loc["a"].tolist() == pytest.approx([80, 80], rel=1e-3)
    assert made.loc["nobody"].fillna(0).tolist() == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize("name", rivals("plans"))
def test_no_rival_falls_below_nobody(name):
    made = rival(name)(past(a=[900, 800, 700, 600, 500, 400, 300, 200, 100, 4], b=[9] * 10), [1, 5])
    assert (made >= 0).all(axis=None)


@pytest.mark.parametrize("name", ["damped Holt", *OPTIONAL])
def test_a_fitted_rival_leaves_out_a_gap_at_the_start_and_fills_one_later_with_the_year_before(name):
    values = [100, 130, 150, 190, 200, 260, 270, 300, 310, 350, 380, 390]
    gaps = past(a=[np.nan, *values[:3], np.nan, *values[4:]])
    filled = past(2011, a=[*values[:3], values[2], *values[4:]])
    pd.testing.assert_frame_equal(rival(name)(gaps, [1, 3]), rival(name)(filled, [1, 3]))


@pytest.mark.parametrize(("name", "fewest"), [("damped Holt", 4), ("AutoARIMA", 4), ("Theta", 4), ("damped ETS", 10)])
def test_a_fitted_rival_needs_so_many_januaries(name, fewest):
    enough = np.arange(fewest) ** 1.2 + 10
    made = rival(name)(past(fewer=[np.nan, *enough[1:]], enough=enough), [1])
    assert made[1].isna().tolist() == [True, False]


def test_damped_holt_finds_the_trend_that_made_the_series():
    series = 1000 + 80 * np.cumsum(0.9 ** np.arange(1, 26))
    made = damped_holt(past(a=series[:20]), [1, 3, 5]).loc["a"]
    np.testing.assert_allclose(made, series[[20, 22, 24]], rtol=1e-3)


@pytest.mark.parametrize("name", OPTIONAL)
def test_a_rival_that_is_not_installed_says_how_to_install_it(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    with pytest.raises(RivalMissing, match=r"install it, .*: pip install .statsforecast>=2"):
        RIVALS[name](past(a=[1, 2, 3, 4]), [1])


WIDTH = np.array(list(BANDS.values()))


def bands(year, table):
    """Rows of one January: (band, authority) with the names of `BANDS`."""
    index = pd.MultiIndex.from_product([[year], list(BANDS)], names=["year", "band"])
    return pd.DataFrame(table, index=index, columns=[str(code) for code in range(np.shape(table)[1])], dtype=float)


def two_years(ends=(0.05, 0.02, -0.04, 0.1, 0.3)):
    """Stock of two Januaries and starts, where every authority lost the shares `ends`."""
    rng = np.random.default_rng(1)
    before, starts = rng.uniform(50, 900, (5, 4)), rng.uniform(5, 90, (5, 4))
    now = step(before, starts, np.array(ends), WIDTH)
    return pd.concat([bands(2021, before), bands(2022, now)]), bands(2022, starts)


def test_the_rates_that_made_a_year_are_found_again():
    stock, starts = two_years(ends := (0.05, 0.02, -0.04, 0.1, 0.3))
    tables = (table.to_numpy() for table in (stock.loc[2021], stock.loc[2022], starts))
    assert ending(*tables, WIDTH) == pytest.approx(ends)


def test_no_more_end_than_do_not_move_up():
    before, now = np.full((5, 1), 90.0), np.zeros((5, 1))
    assert ending(before, now, 50 + now, WIDTH) == pytest.approx(1 - 1 / WIDTH)


@pytest.mark.parametrize(("target", "kept"), [("plans", slice(None)), ("plans_5_15", slice(1, 3))])
def test_the_cohort_goes_on_as_it_went(target, kept):
    stock, starts = two_years(ends := np.array([0.05, 0.02, -0.04, 0.1, 0.3]))
    now = stock.loc[2022].to_numpy()
    up = np.diag(1 - 1 / WIDTH - ends) + np.diag(1 / WIDTH[:-1], k=-1)
    later = up @ (up @ now + starts.to_numpy()) + starts.to_numpy()
    np.testing.assert_allclose(cohort(stock, starts, [2], target)[2], later[kept].sum(axis=0))


def test_an_authority_without_its_starts_has_no_cohort_and_leaves_the_rates_alone():
    stock, starts = two_years()
    less = starts.assign(**{"1": np.nan})
    made, whole = cohort(stock, less, [3], "plans"), cohort(stock, starts, [3], "plans")
    assert made[3].isna().tolist() == [False, True, False, False]
    pd.testing.assert_frame_equal(made.drop("1"), whole.drop("1"))


def test_ages_5_to_15_need_no_figures_of_older_ones():
    stock, starts = two_years()
    young = [table[table.index.get_level_values("band").isin(list(BANDS)[:3])] for table in (stock, starts)]
    pd.testing.assert_frame_equal(cohort(*young, [5], "plans_5_15"), cohort(stock, starts, [5], "plans_5_15"))
    with pytest.raises(LabelMismatch, match="20-25"):
        cohort(*young, [5], "plans")
    with pytest.raises(UnknownLabel, match="did you mean 'plans_5_15'"):
        cohort(stock, starts, [5], "plans_5-15")


METHOD_1 = {
    "naive": ((0.095, 0.253, 0.388), (0.064, 0.152, 0.242)),
    "drift": ((0.043, 0.104, 0.181), (0.042, 0.071, 0.104)),
    "own growth": ((0.041, 0.104, 0.168), (0.046, 0.096, 0.186)),
    "damped ETS": ((0.064, 0.156, 0.262), (0.057, 0.099, 0.156)),
    "Theta": ((0.056, 0.144, 0.245), (0.055, 0.103, 0.167)),
    "pooled growth": ((0.038, 0.079, 0.108), (0.041, 0.067, 0.096)),
}
"""WAPE of plans and of special_state at 1, 3 and 5 years, origins 2019 on: unbroken authorities, blank as nobody."""
CHECKED = {"special_state": (0.037, 0.053, 0.066, 0.095), "special_all": (0.040, 0.059, 0.074, 0.111)}
"""Pooled growth at 1, 2, 3 and 5 years, origins 2018 on: broken authorities made whole, blank as missing."""


@cache
def panel():
    table = pd.read_csv(next((SHARED / "panel").glob("*.csv")))
    special = table[["special_la_maintained", "special_academy_free"]].sum(axis=1, min_count=1)
    names = {"ehc_total": "plans", "special_total": "special_all"}
    return table.assign(special_state=special, unit=table["la_id"].replace(WHOLE)).rename(columns=names)


def by_unit(target, rows, least=0):
    return rows.groupby(["year", "unit"])[target].sum(min_count=least).unstack().rename_axis(columns="la_code")


def scored(forecast, table, first, horizons, score=wape):
    """Mean score over the origins from `first` whose outcome is published, by horizon."""
    made = {at: forecast(table.loc[:at], list(horizons)) for at in range(first, table.index[-1])}
    found = {horizon: [] for horizon in horizons}
    for horizon, at in ((horizon, at) for horizon in horizons for at in made if at + horizon in table.index):
        cells = pd.concat([made[at][horizon], table.loc[at + horizon]], axis=1).dropna().to_numpy()
        found[horizon].append(score(*cells.T))
    return [np.mean(scores) for scores in found.values()]


@pytest.mark.needs_shared_data
@pytest.mark.parametrize("name", METHOD_1)
def test_a_rival_errs_on_the_published_panel_as_was_measured_before(name):
    rows = panel()[panel()["full_series_2010_2025"]]
    for target, measured in zip(("plans", "special_state"), METHOD_1[name], strict=True):
        found = scored(rival(name, target), by_unit(target, rows), 2019, (1, 3, 5))
        assert found == pytest.approx(measured, rel=0.04)


@pytest.mark.needs_shared_data
@pytest.mark.parametrize("target", CHECKED)
def test_the_benchmark_is_that_of_the_gates(target):
    found = scored(rivals(target)["pooled growth"], by_unit(target, panel(), least=1), 2018, (1, 2, 3, 5))
    assert found == pytest.approx(CHECKED[target], abs=6e-4)


@pytest.mark.needs_shared_data
def test_a_shorter_search_for_an_arima_ends_where_the_whole_one_does():
    models = pytest.importorskip("statsforecast.models", reason="the extra `rivals` is not installed")
    table = by_unit("special_state", panel(), least=1).loc[:2021].iloc[:, 3::15].dropna(axis=1)
    whole = {code: models.AutoARIMA(season_length=1).forecast(table[code].to_numpy(), 3)["mean"] for code in table}
    np.testing.assert_allclose(rivals("plans")["AutoARIMA"](table, [1, 2, 3]), pd.DataFrame(whole).T)


@pytest.mark.needs_shared_data
def test_the_cohort_errs_on_ages_5_to_15_as_was_measured_before():
    named = dict(zip(["Under 5", "Age 5 to 10", "Age 11 to 15"], BANDS, strict=False))

    def read(file, column, year_on=0):
        rows = pd.read_csv(SHARED / file, dtype=str).query("geographic_level == 'Local authority'")
        rows = rows.assign(year=rows["time_period"].astype(int) + year_on, band=rows["characteristic_age"].map(named))
        rows = rows.assign(la_code=rows["old_la_code"].astype(int).replace(WHOLE), children=rows[column].astype(float))
        return rows.groupby(["year", "band", "la_code"])["children"].sum(min_count=1).unstack()

    starts = read("sen2_2022/sen2_age_new_plans.csv", "Total_new_all", year_on=1)
    stock = read("send_ap_dashboard/ehcp_ageprofile.csv", "num_caseload")
    ages = stock.loc[pd.IndexSlice[:, ["5-10", "11-15"]], :].groupby("year").sum(min_count=2)

    def forecast(known, horizons):
        return cohort(stock.loc[: known.index[-1]], starts.loc[: known.index[-1]], horizons, "plans_5_15")

    assert scored(forecast, ages, 2016, (1, 3, 5)) == pytest.approx([0.039, 0.144, 0.247], rel=0.1)
    assert scored(forecast, ages, 2016, (1, 3), bias) == pytest.approx(np.log([0.98, 0.88]).tolist(), abs=0.01)
