"""Every authority's forecast: the same from any workers, whole, and with what could not be used named."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import BY_AGE, CODES, world

from forecast.domain import NOT_RECORDED
from forecast.series import england
from forecast.series.build import build
from forecast.series.england import COLUMNS, Wanted, forecast_england
from forecast.series.medians import medians
from forecast.series.panel import NothingKnown
from forecast.series.targets import (
    BASE,
    MAINSTREAM,
    PLANS,
    PLANS_5_15,
    SPECIAL_ALL,
    SPECIAL_STATE,
    TARGETS,
)
from forecast.workers import processes

ORIGIN, TO = 2014, 2018
WANTED = Wanted(ORIGIN, TO, 20, 1)


@pytest.fixture(scope="module")
def figures():
    return world()


@pytest.fixture(scope="module")
def found(figures):
    return forecast_england(*figures, WANTED)


def of(one, code, target):
    rows = one.table[one.table["la_code"].eq(code) & one.table["target"].eq(target)]
    return rows.set_index("year")[["p10", "p50", "p90"]]


def csv(one):
    return one.table.to_csv(index=False), one.left_out.to_csv(index=False)


@pytest.mark.parametrize(
    "opener", [processes(1), processes(2), lambda: ThreadPoolExecutor(3)], ids=["one", "two", "threads"]
)
def test_the_forecast_is_the_same_to_the_last_digit_whoever_works_on_it(figures, found, opener, monkeypatch):
    monkeypatch.setattr(england, "CHUNK", 3)
    shared_out = forecast_england(*figures, WANTED, opener)
    assert csv(shared_out) == csv(found)
    pd.testing.assert_frame_equal(shared_out.table, found.table, check_exact=True)


def test_progress_tells_of_every_origin_and_every_part_of_the_authorities(figures, monkeypatch):
    monkeypatch.setattr(england, "CHUNK", 7)
    told = []
    forecast_england(*figures, WANTED, None, lambda done, of: told.append((done, of)))
    parts = 3 + 3  # 2012 to 2014, and 20 authorities by sevens
    assert told == [(done, parts) for done in range(1, parts + 1)]


def test_a_row_is_an_authority_a_series_and_a_year_in_that_order(found):
    table = found.table
    assert tuple(table.columns) == COLUMNS
    keys = list(table[["la_code", "target", "year"]].itertuples(index=False, name=None))
    assert keys == [(code, target, year) for code in CODES for target in TARGETS for year in range(ORIGIN + 1, TO + 1)]
    assert (table["la_name"] == "Authority " + table["la_code"]).all()


def test_every_low_end_is_below_its_high_end_and_no_figure_is_below_none(found):
    table = found.table
    assert (table["p10"] <= table["p90"]).all()
    assert (table[["mean", "p10", "p50", "p90"]] >= 0).all(axis=None)


def test_the_middle_is_the_central_forecast(figures, found):
    """Between two draws that mirror each other, so a little above it."""
    central = medians(build(*figures).as_known(ORIGIN), TO - ORIGIN)
    for target in TARGETS:
        middle = found.table[found.table["target"].eq(target)].pivot_table(
            index="la_code", columns="year", values="p50"
        )
        np.testing.assert_allclose(middle, central[target], rtol=0.01)


def test_middles_of_authorities_add_up_to_englands_path(figures, found):
    known = build(*figures).as_known(ORIGIN)
    for target in (PLANS, SPECIAL_ALL):
        rows = found.table[found.table["target"].eq(target)]
        sums = rows.groupby("year")["p50"].sum()
        np.testing.assert_allclose(sums, medians(known, TO - ORIGIN)[target].sum(), rtol=0.005)


def test_another_seed_moves_draws_and_not_the_middle(figures, found):
    other = forecast_england(*figures, replace(WANTED, seed=2)).table
    assert not np.allclose(other["p90"], found.table["p90"])
    np.testing.assert_allclose(other["p50"], found.table["p50"], rtol=0.01)


def test_nothing_is_left_out_where_everything_is_published(found):
    assert found.left_out.empty
    assert list(found.left_out.columns) == ["la_code", "la_name", "target", "year", "reason"]


def without(release, code, years, provision):
    rows = release.placements
    gone = rows["la_code"].eq(code) & rows["year"].isin(list(years)) & rows["provision"].isin(provision)
    return replace(release, placements=rows[~gone])


def placed(release):
    return set(release.placements["provision"]) - {"all"}


def test_an_authority_without_placements_for_three_years_has_no_forecast_of_them_and_is_named(figures):
    release, beside = figures
    years = (2012, 2013, 2014)
    silent = without(release, "801", years, placed(release))
    one = forecast_england(silent, beside, WANTED)
    mine = one.table[one.table["la_code"].eq("801")]
    assert set(mine["target"]) == {PLANS, PLANS_5_15}
    named = one.left_out
    assert set(named["la_code"]) == {"801"}
    assert set(named["la_name"]) == {"Authority 801"}
    unpublished = named[named["reason"].eq("placements not published")]
    assert unpublished["year"].tolist() == list(years)
    refused = named[named["reason"].eq("no forecast: too little published in the last years")]
    assert set(refused["target"]) == {TARGETS[name] for name in set(TARGETS) - {PLANS, PLANS_5_15}}
    assert set(refused["year"]) == {ORIGIN}


def test_a_census_with_more_than_a_tenth_of_placements_unknown_is_left_out_and_named(figures):
    release, beside = figures
    rows = release.placements
    blurred = rows["la_code"].eq("801") & rows["year"].eq(2014)
    special = rows[blurred & rows["provision"].eq("special")]["children"].item()
    moved = rows["children"] + special * (blurred & rows["provision"].eq(NOT_RECORDED))
    unknown = replace(
        release, placements=rows.assign(children=moved.mask(blurred & rows["provision"].eq("special"), 0.0))
    )
    panel = build(unknown, beside)
    assert np.isnan(panel.at(BASE, 2014)["801"])
    assert panel.at(PLANS, 2014)["801"] > 0
    assert panel.left_out.to_numpy().tolist() == [
        ["801", "every placement", 2014, "more than a tenth of placements unknown"]
    ]
    assert build(unknown, beside, most_not_recorded=1.0).left_out.empty


def test_placements_that_are_not_recorded_are_shared_out_by_the_authoritys_own_mix(figures):
    release, beside = figures
    rows = release.placements[release.placements["year"].eq(2014)]
    table = rows.pivot_table(index="la_code", columns="provision", values="children", aggfunc="sum")
    assert table[NOT_RECORDED].min() > 0
    panel = build(release, beside)
    by_hand = table["base"] / (table["all"] - table[NOT_RECORDED]) * table["all"]
    np.testing.assert_allclose(panel.at(BASE, 2014), by_hand)
    in_mainstream = table[["mainstream", "base", "independent_mainstream"]].sum(axis=1)
    np.testing.assert_allclose(panel.at(MAINSTREAM, 2014) / panel.at(BASE, 2014), in_mainstream / table["base"])
    assert panel.at(PLANS_5_15, 2014).sum() == pytest.approx(panel.at(PLANS, 2014).sum() * sum(BY_AGE[1:3]), rel=0.01)


def test_an_authority_whose_last_figure_is_not_believed_is_forecast_from_before_and_named(figures):
    release, beside = figures
    rows = release.placements
    last = rows["la_code"].eq("801") & rows["year"].eq(ORIGIN)
    gone = 0.3 * rows[last & rows["provision"].eq("special")]["children"].item()
    moved = gone * (rows["provision"].eq("mainstream").astype(float) - rows["provision"].eq("special")) * last
    broken = replace(release, placements=rows.assign(children=rows["children"] + moved))
    one = forecast_england(broken, beside, Wanted(ORIGIN, ORIGIN + 1, 20, 1))
    named = one.left_out[one.left_out["target"].eq(TARGETS[SPECIAL_STATE])]
    assert named[["la_code", "year"]].to_numpy().tolist() == [["801", ORIGIN]]
    assert named["reason"].item().startswith("break in series: so great a fall is not believed")
    fallen = build(broken, beside).at(SPECIAL_STATE, ORIGIN)["801"]
    assert of(one, "801", SPECIAL_STATE)["p50"].item() > 1.2 * fallen


def refusal(*asked):
    """What is said where nothing can be forecast; nothing, where it can."""
    try:
        forecast_england(*asked)
    except NothingKnown as refused:
        return str(refused)
    return ""


def test_the_refusal_of_a_january_does_not_offer_that_january():
    """A release that begins in 2016, as that of 2025 alone begins in 2019."""
    assert "choose an --origin from 2019 to 2025" not in refusal(*world(first=2016), Wanted(2025, 2026, 4, 1))
