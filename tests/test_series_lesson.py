"""What the series teach the England model: growth and its uncertainty, of authorities and areas without one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import CODES, reorganised, world

from forecast.model.growth import ENGLAND, TARGETS
from forecast.series.between import between
from forecast.series.build import build
from forecast.series.lesson import YEARS_AHEAD, lesson
from forecast.series.medians import england_path
from forecast.series.outlook import central_of, described, outlook
from forecast.series.targets import BASE, LONGEST, PLANS
from forecast.series.targets import TARGETS as PRINTED

COUNTY = ("802", "803")
LAST = 2015


@pytest.fixture(scope="module")
def figures():
    """Two of the authorities were one county before 2013; one has no bases in the last census."""
    release, beside = reorganised(*world(last=LAST), COUNTY, 2013)
    rows = release.placements
    none = rows["la_code"].eq("801") & rows["year"].eq(LAST) & rows["provision"].eq("base")
    return replace(release, placements=rows.assign(children=rows["children"].mask(none, 0.0))), beside


@pytest.fixture(scope="module")
def panel(figures):
    return build(*figures)


@pytest.fixture(scope="module")
def made(panel):
    found = {year: central_of(panel, LAST, YEARS_AHEAD, year) for year in range(2012, LAST + 1)}
    return outlook(panel, LAST, found)


@pytest.fixture(scope="module")
def taught(panel, made, figures):
    return lesson(panel, made, figures[1].units)


def test_authorities_are_named_by_their_codes_past_and_present_and_england_comes_last(taught):
    assert taught["la_code"].to_numpy().tolist() == [*sorted({*CODES, "999"}), ENGLAND]


@pytest.mark.parametrize("variable", ["log_growth", "own_scale"])
def test_authorities_that_are_followed_as_one_grow_and_spread_as_one(taught, variable):
    table = taught[variable].sel(la_code=["802", "803", "999"]).to_numpy()
    assert np.isfinite(table).all()
    np.testing.assert_array_equal(table, np.broadcast_to(table[:1], table.shape))


def test_growth_takes_the_last_figure_to_the_forecast(taught, panel, made):
    for target in TARGETS:
        now = panel.at(target, LAST)["804"]
        grown = now * np.exp(taught["log_growth"].sel(la_code="804", target=target))
        np.testing.assert_allclose(grown, made.median[target].loc["804"], rtol=1e-9)


def test_an_authority_that_stands_at_none_grows_with_england(taught, panel):
    """From the half child that a series at none is thought to start from."""
    assert panel.at(BASE, LAST)["801"] == 0
    own = taught["log_growth"].sel(la_code="801", target=BASE)
    assert np.isfinite(own).all()
    england = taught["log_growth"].sel(la_code=ENGLAND, target=BASE)
    np.testing.assert_allclose(own - england, 0.0, atol=1e-9)


def test_england_grows_along_its_path_and_has_no_error_of_its_own(taught, panel):
    england = taught.sel(la_code=ENGLAND)
    np.testing.assert_allclose(england["log_growth"], england_path(panel, YEARS_AHEAD).loc[list(TARGETS)])
    assert np.isnan(england["own_scale"]).all()


def test_scales_are_those_of_the_ranges(taught, made):
    for target in TARGETS:
        spread = made.spread[target]
        np.testing.assert_array_equal(taught["common_scale"].sel(target=target), spread.common.loc[:LONGEST])
        own = taught["own_scale"].sel(target=target, la_code="805")
        np.testing.assert_array_equal(own, spread.own.loc["805", range(1, LONGEST + 1)])


def test_an_area_without_an_authority_spreads_as_authorities_of_its_size(taught, panel, made):
    """The line through their scales leaves as much above it as below."""
    for target in (PLANS, BASE):
        size = np.log(panel.at(target, LAST).clip(lower=1.0))
        for horizon in (1, LONGEST):
            terms = taught["local_spread"].sel(target=target, horizon=horizon)
            line = float(terms.sel(term="intercept")) + float(terms.sel(term="slope")) * size
            miss = np.log(made.spread[target].own[horizon]) - line
            assert miss.mean() == pytest.approx(0, abs=1e-9)
            assert (miss * size).mean() == pytest.approx(0, abs=1e-7)


def test_errors_of_all_plans_go_wholly_along_with_themselves_and_none_goes_further(taught):
    along = taught["with_plans"].to_series()
    assert along[PLANS] == pytest.approx(1)
    assert along.between(-1, 1).all()
    assert list(along.index) == list(TARGETS)


@pytest.mark.parametrize("target", [PLANS, BASE])
def test_means_of_authorities_add_up_to_their_forecasts_though_each_is_skewed(made, target):
    """But for the shared error, which does not even out."""
    spread = made.spread[target]
    unshared = replace(made, spread={**made.spread, target: replace(spread, common=spread.common * 0)})
    share = dict.fromkeys(PRINTED, 1.0)
    tables = [described(unshared, unit, share, 400, 1) for unit in made.median[target].index]
    means = sum(table[table["target"].eq(target)]["mean"].to_numpy() for table in tables)
    np.testing.assert_allclose(means, made.median[target].sum(), rtol=1e-9)


NEEDS = ["ASD", "SEMH"]


def by_need(release, apart):
    """The release with plans by need: authorities differ in autism's share by so much, on the log scale."""
    whole = release.placements[release.placements["provision"].eq("all")]
    normal = np.linspace(-1.6, 1.6, len(CODES))
    odds = dict(zip(CODES, apart * normal, strict=True))
    tables = [release.placements]
    for need, sign in (("ASD", 0.5), ("SEMH", -0.5)):
        factor = np.exp(sign * whole["la_code"].map(odds).fillna(0.0))
        tables.append(whole.assign(need=need, children=whole["children"] * 1000 * factor))
    return replace(release, placements=pd.concat(tables, ignore_index=True))


@pytest.fixture(scope="module")
def whole():
    return world()


def test_a_need_whose_share_is_the_same_everywhere_has_no_spread(whole):
    release, beside = whole
    found = between(build(release, beside), by_need(release, 0.0), beside, NEEDS)
    np.testing.assert_allclose(found["need_spread"], 0.0, atol=1e-3)


def test_a_need_spreads_as_authorities_differ(whole):
    release, beside = whole
    spreads = [
        between(build(release, beside), by_need(release, apart), beside, NEEDS)["need_spread"].to_numpy()
        for apart in (0.2, 0.4)
    ]
    assert (spreads[0] > 0.05).all()
    np.testing.assert_allclose(spreads[1], 2 * spreads[0], rtol=0.05)


def test_what_chance_gives_small_counts_is_no_spread(whole):
    release, beside = whole
    rows, rng = release.placements[release.placements["provision"].eq("all")], np.random.default_rng(1)
    tables = [rows.assign(need=need, children=rng.poisson(15, len(rows)).astype(float)) for need in NEEDS]
    by_chance = replace(release, placements=pd.concat([release.placements, *tables], ignore_index=True))
    found = between(build(release, beside), by_chance, beside, NEEDS)["need_spread"]
    assert (found < 0.5 * np.sqrt(1 / 15)).all()


def test_the_make_up_by_age_of_authorities_that_change_alike_has_no_spread(whole):
    release, beside = whole
    young = release.bands["age_from"].eq(5) & release.bands["year"].eq(2025) & release.bands["kind"].eq("plans")
    figures = release.bands["children"]
    grown = replace(release, bands=release.bands.assign(children=figures.mask(young, figures * 1.5)))
    rare = replace(
        release, bands=release.bands.assign(children=figures * (1 + young * (release.bands["la_code"] > "808")))
    )
    panel = build(release, beside)
    alike, apart = (between(panel, by_need(one, 0.1), beside, NEEDS)["phase_spread"] for one in (grown, rare))
    assert float(alike.sel(phase="primary")) < 0.03
    assert float(apart.sel(phase="primary")) > 0.1


def test_every_spread_between_authorities_is_more_than_none_and_labelled(whole):
    release, beside = whole
    found = between(build(release, beside), by_need(release, 0.2), beside, NEEDS)
    assert found["between"].dims == ("target",)
    assert (found["between"] > 0).all()
    assert found["need"].to_numpy().tolist() == NEEDS
    assert found["phase"].to_numpy().tolist() == ["early years", "primary", "secondary", "16-19", "19-25"]
