"""Authorities that were reorganised: followed as one, forecast as one, and given their parts of it."""

from dataclasses import replace

import numpy as np
import pytest
from panels import CODES, reorganised, world

from forecast.series.build import build
from forecast.series.england import Wanted, forecast_england
from forecast.series.medians import medians
from forecast.series.targets import ALTERNATIVE, PLANS, PLANS_5_15, SPECIAL_ALL

ORIGIN, TO = 2014, 2018
WANTED = Wanted(ORIGIN, TO, 20, 1)


@pytest.fixture(scope="module")
def figures():
    return world()


def of(one, code, target):
    rows = one.table[one.table["la_code"].eq(code) & one.table["target"].eq(target)]
    return rows.set_index("year")[["p10", "p50", "p90"]]


COUNTY = ("802", "803")


@pytest.fixture(scope="module")
def divided(figures):
    """Two authorities that were one county, 999, before 2013."""
    changed = reorganised(*figures, COUNTY, 2013)
    return changed, forecast_england(*changed, WANTED)


def test_reorganised_authorities_are_forecast_as_one_and_share_it_by_their_own_latest_figures(figures, divided):
    (release, beside), one = divided
    together = medians(build(release, beside).as_known(ORIGIN), TO - ORIGIN)
    apart = build(*figures).as_known(ORIGIN)
    for target in (PLANS, ALTERNATIVE, SPECIAL_ALL):
        now = apart.at(target, ORIGIN)[list(COUNTY)]
        for code in COUNTY:
            share = now[code] / now.sum()
            np.testing.assert_allclose(of(one, code, target)["p50"], share * together[target].loc["802+803"], rtol=0.01)


def test_reorganised_authorities_are_named_and_the_old_county_is_no_authority_any_more(divided):
    _, one = divided
    assert sorted(one.table["la_code"].unique()) == sorted(CODES)
    named = one.left_out.set_index("la_code")
    assert sorted(named.index) == list(COUNTY)
    assert set(named["reason"]) == {"reorganised: followed as 802+803, and given its share of plans"}
    assert set(named["year"]) == {ORIGIN}


def test_before_it_was_divided_the_county_is_forecast_whole(figures):
    later = reorganised(*figures, COUNTY, 2015)
    whole = forecast_england(*later, Wanted(2014, 2015, 4, 1))
    assert "999" in set(whole.table["la_code"])
    assert not set(COUNTY) & set(whole.table["la_code"])
    named = whole.left_out[whole.left_out["la_code"].eq("999")]
    assert named["la_name"].tolist() == ["The old county"]


def test_a_county_that_was_divided_has_the_sum_of_its_parts_before_and_after(figures, divided):
    (release, beside), _ = divided
    together, apart = build(release, beside), build(*figures)
    for name in (PLANS, PLANS_5_15, "requests", "new_plans"):
        for year in (2012, 2014, 2016):
            parts = apart.at(name, year)[list(COUNTY)].sum(min_count=1)
            assert together.at(name, year)["802+803"] == pytest.approx(parts, nan_ok=True)
    people = {year: table.loc[list(COUNTY)].sum() for year, table in apart.people.items()}
    for year, table in together.people.items():
        assert table.loc["802+803"].tolist() == people[year].tolist()


def test_neighbours_of_either_part_are_neighbours_of_the_whole(divided):
    (release, beside), _ = divided
    near = build(release, beside).neighbours
    assert set(near.columns[near.loc["802+803"] == 1]) == {"804", "805", "806"}
    assert set(near.columns[near.loc["801"] == 1]) == {"802+803", "804"}
    assert near.loc["802+803", "802+803"] == 0


@pytest.mark.parametrize(("table", "name"), [("activity", "requests"), ("placements", PLANS)])
def test_a_unit_of_which_one_authority_has_no_figure_has_none(divided, table, name):
    (release, beside), _ = divided
    rows = getattr(release, table)
    gone = rows["la_code"].eq("803") & rows["year"].eq(2016)
    panel = build(replace(release, **{table: rows[~gone]}), beside)
    assert np.isnan(panel.at(name, 2016)["802+803"])
