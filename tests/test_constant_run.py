"""A run of constant rates: the ordinary tables, charts and words for an area whose labels are its own."""

import csv
import io
import json
import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders_projection import small_projection
from builders_witan import made

from forecast.inputs.bundled import bundled
from forecast.model.constant import expected
from forecast.model.people import residents
from forecast.pipeline_constant import area_seen, constant_projection, tried
from forecast.report import tables, terminal
from forecast.report.constant_record import constant_record_tables
from forecast.report.run_folder import write_run
from forecast.report.run_read import read_run
from forecast.report.words import headline
from forecast.settings import Settings

SETTINGS = Settings(draws=60, seed=3, current_year=2018, horizon=5)


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    return made(tmp_path_factory.mktemp("witan"))


@pytest.fixture(scope="module")
def own(area):
    """The same area with no label that stands for a standard one."""
    about = area.about.model_copy(update={"provisions": dict.fromkeys(area.about.provisions, "own")})
    return replace(area, about=about)


@pytest.fixture(scope="module")
def projection(own):
    return constant_projection(own, SETTINGS)


def shown(projection, area):
    """What the terminal shows, as one line."""
    screen = io.StringIO()
    every = {**tables.all_tables(projection, area.special_rates), **constant_record_tables(area)}
    terminal.show(projection, every, None, terminal.console(screen), "somewhere")
    return " ".join(screen.getvalue().split())


def test_a_projection_starts_from_the_census_and_goes_to_the_horizon(own, projection):
    now = own.placements[own.placements["year"].eq(2017)].groupby("provision")["children"].sum()
    start = projection.total("district", "need", "phase").sel(year=2017)
    assert projection.demand["year"].to_numpy().tolist() == list(range(2017, 2024))
    assert (start == now[start["provision"].to_numpy()].to_numpy()).all()
    assert (projection.expected.sel(year=2017).sum() == now.sum()).all()


def test_needs_and_kinds_of_place_stand_under_their_own_labels(own, projection):
    people = residents(own.population, own.about.district_names, range(2018, 2024)).to_numpy()
    mean = expected(area_seen(own), people)[:, 0]
    needs, kinds = list(own.about.needs), list(own.about.provisions)
    for state, (need, kind) in enumerate((need, kind) for need in needs for kind in kinds):
        found = projection.expected.sel(need=need, provision=kind).isel(district=0)
        assert found.dims == ("year", "nc_year")
        assert np.allclose(found, mean[:, state])
    drawn = projection.demand.sel(need="Q", provision="MAIN").mean("draw").sum(["district", "phase"])
    assert np.allclose(
        drawn, projection.expected.sel(need="Q", provision="MAIN").sum(["district", "nc_year"]), rtol=0.1
    )


def test_nothing_of_englands_is_in_it(projection):
    assert projection.england_special_rate.isnull().all()
    assert "england" not in projection.digests
    assert projection.scenario_why == (
        "The shares of children who joined, left and moved in the years to January 2015 to 2017 stay for ever as they "
        "were counted."
    )
    assert projection.unmet == {}
    assert projection.district_factors is None


def test_rates_of_each_future_its_own_widen_the_range(own):
    fixed = constant_projection(own, SETTINGS.model_copy(update={"draws": 400}), uncertain_rates=False)
    free = constant_projection(own, SETTINGS.model_copy(update={"draws": 400}))
    spread = [made.total("district", "need", "phase", "provision").sel(year=2023).std("draw") for made in (fixed, free)]
    assert spread[1] > 1.2 * spread[0]


def test_without_a_specialist_label_every_kind_of_place_is_told(own, projection):
    table = tables.places_table(projection)
    everyone = table[table["provision"].eq("all specialist places") & table["phase"].eq("all phases")]
    start = everyone[everyone["year"].eq(2017) & everyone["measure"].eq("children")]["mean"].item()
    assert start == own.placements.query("year == 2017")["children"].sum()
    assert set(table["provision"]) == {*own.about.provisions, "all specialist places"}
    assert "more school places" in headline(projection) or "fewer school places" in headline(projection)


def test_with_a_specialist_label_only_that_is_told(area):
    table = tables.places_table(constant_projection(area, SETTINGS))
    assert set(table["provision"]) == {"special", "all specialist places"}


def test_a_special_school_rate_is_not_made_up_for_labels_that_do_not_say(own, projection):
    rates = tables.special_rates_table(projection, own.special_rates)
    assert rates[["rate", "rate_p10", "england_rate", "children"]].isna().all(axis=None)
    assert "are special schools is not said" in shown(projection, own)


def test_the_terminal_says_that_rates_are_held_and_how_far_out_that_was(own, projection):
    words = shown(projection, own)
    assert "Rates are held for ever: the shares of children who joined, left and moved in the years to January" in words
    assert tried() in words
    assert "The children are invented" in words
    assert "named worlds are not in these figures" in words
    assert 'specialist places" are all that the area has' in words
    assert "Residents are given up to January 2020; later ones are aged on" in words


def test_how_far_out_it_was_is_what_the_backtest_found():
    found = defaultdict(list)
    with (bundled("models", "england") / "backtest" / "scores.csv").open() as file:
        for row in csv.DictReader(file):
            if row["method"] == "constant-rate cohort" and row["target"] == "plans_5_15":
                found[int(row["ahead"])].append((float(row["wape"]), float(row["bias"])))
    out, low = [], []
    for ahead in (1, 3, 5):
        wape, bias = (sum(part) / len(part) for part in zip(*found[ahead], strict=True))
        out.append(f"{100 * wape:.0f}%")
        low.append(f"{100 * (1 - math.exp(bias)):.0f}%")
    assert f"out by {', '.join(out)} at 1, 3, 5 years on, and too low by {', '.join(low)}" in tried()


def test_a_run_folder_is_written_and_reads_back(own, projection, tmp_path):
    every = {**tables.all_tables(projection, own.special_rates), **constant_record_tables(own)}
    run, faults = read_run(write_run(projection, every, tmp_path))
    assert faults == []
    assert run.manifest.scenario["model"] == "constant"
    assert run.manifest.scenario["years_counted"] == [2015, 2016, 2017]
    assert run.manifest.inputs_sha256 == {"area": own.digest}
    assert len(list((run.folder / "charts").glob("*.svg"))) == 2
    assert json.loads(terminal.as_json(projection, every))["scenario"] == "constant rates"


def test_the_rates_of_a_run_are_shares_of_what_was_counted(own):
    found = constant_record_tables(own)["rates"].set_index(["rate", "of"])["value"]
    flows, moves = own.flows, own.moves
    ceased = flows[flows["flow"].eq("cease")].groupby("provision")["children"].sum()
    kept = moves.groupby("provision")["children"].sum()
    changed = moves[moves["provision"].ne(moves["to"])].groupby("provision")["children"].sum()
    starts = flows[flows["flow"].eq("start")].groupby("provision")["children"].sum()
    for kind in own.about.provisions:
        gone = ceased.get(kind, 0)
        assert found["plans that cease in a year, by kind of place", kind] == pytest.approx(
            100 * gone / (gone + kept[kind])
        )
        assert found["moves to another kind of place in a year", kind] == pytest.approx(
            100 * changed.get(kind, 0) / kept[kind]
        )
        assert found["placement of new plans", kind] == pytest.approx(100 * starts.get(kind, 0) / starts.sum())
    people = own.population[own.population["mid_year"].isin([2014, 2015, 2016])]["people"].sum()
    assert found["new plans a year", "all phases"] == pytest.approx(1000 * starts.sum() / people)


def test_published_words_are_as_they_were():
    projection = small_projection()
    assert projection.about.planned == [
        "special", "base", "alternative", "independent", "special_nonmaintained"
    ]  # fmt: skip
    assert "state special school places" in headline(projection)
    assert isinstance(tables.special_rates_table(projection, None), pd.DataFrame)
    assert tables.special_rates_table(projection, None)["rate"].notna().all()
