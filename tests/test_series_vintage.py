"""A forecast from an earlier January knows nothing that is dated after it."""

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from panels import published, reorganised, world

from forecast.report.national import write_england
from forecast.series.build import Beside, build
from forecast.series.england import Wanted, forecast_england
from forecast.series.medians import medians
from forecast.series.outlook import central_of, outlook
from forecast.series.panel import NothingKnown

ORIGIN = 2021
LATER = {"placements": "children", "flows": "children", "activity": "figure", "bands": "children"}
OPENED = []


@contextmanager
def watched():
    """Paths of the files that are opened meanwhile."""
    if not OPENED:
        OPENED.append(None)
        sys.addaudithook(
            lambda event, args: event == "open" and OPENED[0] is not None and OPENED[0].append(str(args[0]))
        )
    OPENED[0] = []
    yield OPENED[0]
    OPENED[0] = None


def nonsense(table, column, late, seed=1):
    """The table with figures of late rows that nobody could forecast."""
    figures = table[column].to_numpy(dtype=float).copy()
    figures[late] = np.random.default_rng(seed).uniform(0, 10**6, int(late.sum())).round()
    return table.assign(**{column: figures.astype(table[column].dtype)})


def planted(release, beside, origin):
    """The same world up to January `origin`, and nonsense after it in every table."""
    tables = {
        name: nonsense(getattr(release, name), column, (getattr(release, name)["year"] > origin).to_numpy())
        for name, column in LATER.items()
    }
    people, by_age = beside.people, beside.plans_by_age
    return replace(release, **tables), replace(
        beside,
        people=nonsense(people, "people", (people["mid_year"] >= origin).to_numpy()),
        plans_by_age=nonsense(by_age, "children", (by_age["year"] > origin).to_numpy()),
    )


def cut(release, beside, origin):
    """The same world as it was published by January `origin`."""
    tables = {name: getattr(release, name)[getattr(release, name)["year"] <= origin] for name in LATER}
    people, by_age = beside.people, beside.plans_by_age
    early = people[people["mid_year"] < max(origin, people["mid_year"].min() + 1)]
    return replace(release, **tables), Beside(early, beside.neighbours, by_age[by_age["year"] <= origin], beside.units)


def written(release, beside, origin, folder):
    """Bytes of both files of `forecast england --origin`."""
    write_england(forecast_england(release, beside, Wanted(origin, origin + 5, 20, 1)), folder / "england.csv")
    return [(folder / name).read_bytes() for name in ("england.csv", "england_left_out.csv")]


def same(found, other):
    for target, table in found.items():
        pd.testing.assert_frame_equal(table, other[target], check_exact=True)


@pytest.fixture(scope="module")
def small():
    """Six authorities, two of them from one county that was divided in 2019."""
    codes = ("201", "202", "801", "802", "803", "804")
    return reorganised(*world(codes), ("803", "804"), 2019)


def test_nonsense_planted_after_the_origin_gives_the_same_bytes(small, tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    changed = planted(*small, ORIGIN)
    true = written(*small, ORIGIN, before)
    assert len(true[0].splitlines()) == 1 + 6 * 7 * 5
    assert written(*changed, ORIGIN, after) == true


@pytest.mark.parametrize("table", [*LATER, "people"])
def test_the_nonsense_would_be_noticed_at_a_later_origin(small, table):
    """Else the test above could not fail."""
    changed, beside = planted(*small, 2024)
    one = replace(small[0], **{table: getattr(changed, table)}) if table in LATER else small[0]
    with_one = build(one, beside if table == "people" else small[1]).as_known(2025)
    true = build(*small)
    figures = [*true.children, *true.flows]
    differs = any(not with_one.at(name, 2025).equals(true.at(name, 2025)) for name in figures)
    assert differs or not with_one.residents(2025).equals(true.residents(2025))


def test_plans_by_age_are_taken_from_beside_the_release_where_it_has_none(small):
    changed = planted(*small, 2022)[1]
    doubled = build(small[0], changed).at("plans_5_15", 2023)
    assert not doubled.equals(build(*small).at("plans_5_15", 2023))


@pytest.mark.parametrize("origin", [2012, 2016, 2018])
def test_what_was_known_is_what_a_panel_holds_that_never_had_later_rows(small, origin):
    same(medians(build(*small).as_known(origin), 2), medians(build(*cut(*small, origin)), 2))


def test_an_authority_that_only_comes_later_changes_no_other():
    """It has residents, and a place on the map, before it has plans."""
    codes = ("201", "202", "801", "802", "803")
    release, beside = world((*codes, "804"))
    tables = {
        name: table[table["la_code"].ne("804") | (table["year"] > 2018)]
        for name in LATER
        for table in [getattr(release, name)]
    }
    late = medians(build(replace(release, **tables), beside).as_known(2018), 2)
    early = {name: table[table["year"] <= 2018] for name, table in tables.items()}
    alone = medians(build(replace(release, **early), beside).as_known(2018), 2)
    for target, table in alone.items():
        pd.testing.assert_frame_equal(late[target].drop("804"), table, rtol=1e-9)


def test_what_is_named_as_left_out_does_not_depend_on_later_figures():
    """An authority without ages in 2017 is named so, though in 2024 it published nothing at all."""
    release, beside = world(("201", "801", "802"))
    gone = release.bands["la_code"].eq("801") & release.bands["year"].eq(2017)
    known = replace(release, bands=release.bands[~gone])
    silent = {
        name: table[table["la_code"].ne("801") | table["year"].ne(2024)]
        for name in LATER
        for table in [getattr(known, name)]
    }
    named = [build(one, beside).as_known(2018).left_out for one in (known, replace(known, **silent))]
    assert named[0].to_numpy().tolist() == [["801", "plans, ages 5 to 15", 2017, "ages not published"]]
    pd.testing.assert_frame_equal(*named)


def test_ranges_are_learned_from_errors_known_by_then(small):
    panel, changed = build(*small), build(*planted(*small, 2016))
    years = range(2012, 2017)
    made = [outlook(one, 2016, {year: central_of(one, 2016, 2, year) for year in years}) for one in (panel, changed)]
    for target, spread in made[0].spread.items():
        pd.testing.assert_frame_equal(spread.own, made[1].spread[target].own, check_exact=True)
        pd.testing.assert_series_equal(spread.common, made[1].spread[target].common, check_exact=True)


def test_nothing_later_is_held_at_all(small):
    known = build(*small).as_known(2019)
    assert {int(table.index[-1]) for table in (*known.children.values(), *known.flows.values())} == {2019}
    assert known.latest == 2019
    assert known.left_out["year"].max() <= 2019 or known.left_out.empty


def test_residents_are_of_the_last_estimate_before_the_census(small):
    panel = build(*small)
    assert max(panel.as_known(2021).people) == 2020
    assert list(panel.as_known(2018).people) == [2017]
    assert list(panel.as_known(2012).people) == [2017]  # the declared exception: the first one that there is


def test_no_fitted_model_is_opened(small):
    with watched() as opened:
        forecast_england(*small, Wanted(2014, 2016, 4, 1))
        Path(__file__).read_bytes()
    assert __file__ in opened
    assert not [path for path in opened if "models" in path]


@pytest.mark.parametrize("origin", [2009, 2012, 2026])
def test_a_january_without_a_census_or_with_too_few_before_it_is_refused_with_those_there_are(small, origin):
    with pytest.raises(NothingKnown) as refused:
        forecast_england(*small, Wanted(origin, origin + 5, 4, 1))
    said = str(refused.value)
    assert f"none to forecast from at January {origin}" in said
    assert "the censuses of January 2010 to 2025" in said
    assert "choose an --origin from 2013 to 2025" in said


@pytest.mark.needs_shared_data
def test_nonsense_planted_after_an_origin_of_the_published_releases_changes_no_median():
    release, beside = published()
    true = medians(build(release, beside).as_known(2019), 3)
    same(true, medians(build(*planted(release, beside, 2019)).as_known(2019), 3))
