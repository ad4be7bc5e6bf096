"""What moved between two runs, on made-up ones whose changes are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders_projection import small_projection, with_real_places

from forecast.domain import SPECIALIST
from forecast.report.differences import differences
from forecast.report.run_folder import write_run
from forecast.report.run_read import read_runs
from forecast.report.tables import TOTALS, all_tables

MADE = {"draws": 40, "districts": 2}
GIVEN = pd.DataFrame(
    {
        "file": ["area.toml", "placements.csv"],
        "rows": pd.array([None, 900], dtype="Int64"),
        "first_year": pd.array([None, 2010], dtype="Int64"),
        "last_year": pd.array([None, 2025], dtype="Int64"),
        "sha256": ["a" * 64, "b" * 64],
    }
)
RATES = pd.DataFrame(
    {
        "rate": ["new plans a year", "placement of new plans", "placement of new plans"],
        "of": ["primary", "special", "base"],
        "unit": ["per 1,000 residents", "per 100 new plans", "per 100 new plans"],
        "value": [16.0, 12.5, 2.0],
    }
)
ASSUMED = {"assumptions": {"ceiling": [0.18, 0.13, 0.25]}}


def written(projection, folder, given=GIVEN, rates=RATES, record=ASSUMED):
    """A run folder of a made-up projection, with the tables of what it was given."""
    tables = {**all_tables(projection), "inputs": given, "rates": rates}
    return write_run(replace(projection, record=record), tables, folder)


def a_year_later(projection, draw):
    """The next January's run, whose census is what draw number `draw` of `projection` foretold."""
    demand = projection.demand.isel(year=slice(1, None)).copy()
    demand[:, 0] = projection.demand.isel(year=1, draw=draw)
    year = demand["year"].to_numpy()
    rest = {name: getattr(projection, name).sel(year=year) for name in ("expected", "places", "population")}
    rate = projection.england_special_rate.sel(year=year)
    about = projection.about.model_copy(update={"latest_census": int(year[0])})
    return replace(projection, about=about, demand=demand, england_special_rate=rate, **rest)


def with_ten_more_special(projection):
    """Ten more children in special schools in every future of January 2032."""
    demand = projection.demand.copy()
    at = {"year": 2032, "provision": "special", "phase": "primary", "need": "ASD", "district": "Northvale"}
    demand.loc[at] = demand.loc[at] + 10
    return replace(projection, demand=demand)


@pytest.fixture(scope="module")
def projection():
    return small_projection(**MADE)


@pytest.fixture(scope="module")
def old(projection, tmp_path_factory):
    return written(projection, tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def later(projection, tmp_path_factory):
    return written(a_year_later(projection, draw=3), tmp_path_factory.mktemp("later"))


def found(first, second):
    return differences(*read_runs(first, second))


def foretold(projection, year, labels, phase=None):
    """Children in the kinds of place `labels`, draw by draw, straight from the simulation."""
    children = projection.demand.sel(year=year, provision=list(labels))
    children = children if phase is None else children.sel(phase=phase)
    return children.sum([axis for axis in children.dims if axis != "draw"])


def test_a_run_against_itself_has_not_moved(old):
    same = found(old, old)
    assert same.given.empty
    assert same.rates.empty
    assert same.outcomes.empty
    assert (same.results["change"] == 0).all()
    assert len(same.results) == 12 * 13, "ten kinds of place, two totals, thirteen Januaries"


def test_every_figure_of_the_results_stands_in_a_table_of_its_run(projection, old, later):
    table = found(old, later).results
    for side, run in (("old", old), ("new", later)):
        written_figures = pd.concat([pd.read_csv(run / "tables" / name) for name in ("places.csv", "plans.csv")])
        children = written_figures[written_figures["measure"] == "children"]
        children = children[children["phase"].isna() | (children["phase"] == TOTALS["phase"])]
        children = children.drop_duplicates(["provision", "year"]).set_index(["provision", "year"])
        for row in table.to_dict("records"):
            there = children.loc[(row["provision"], row["year"])]
            assert (row[side], row[f"{side}_p10"], row[f"{side}_p90"]) == (there["mean"], there["p10"], there["p90"])
    assert set(table["year"]) == set(projection.demand["year"].to_numpy()) - {2025}


def test_ten_more_children_in_every_future_are_a_change_of_ten_and_nothing_else_moves(projection, old, tmp_path):
    table = found(old, written(with_ten_more_special(projection), tmp_path)).results
    moved = table[table["change"] != 0].set_index("provision")
    assert set(moved.index) == {"special", TOTALS["provision"], "all plans"}
    assert (moved["change"] == 10).all()
    assert (moved["year"] == 2032).all()
    assert not moved["may_be_luck"].any(), "both runs drew the same futures"
    for label, kinds in (("special", ["special"]), (TOTALS["provision"], SPECIALIST)):
        before = foretold(projection, 2032, kinds)
        assert moved.loc[label, "change_share"] == pytest.approx(10 / round(before.mean().item()))
        held = round(before.quantile(0.1).item()) <= round(before.mean().item()) + 10 <= before.quantile(0.9).item()
        assert moved.loc[label, "inside_old_range"] == held


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_moves_figures_only_as_far_as_luck_does(projection, old, seed, tmp_path):
    settings = projection.settings.model_copy(update={"seed": 100 + seed})
    chosen = np.random.default_rng(seed).integers(0, MADE["draws"], MADE["draws"])
    drawn = projection.demand.isel(draw=chosen)
    other = found(old, written(replace(projection, settings=settings, demand=drawn), tmp_path))
    assert other.given[["part", "what", "old", "new"]].to_numpy().tolist() == [
        ["setting", "seed", str(projection.settings.seed), str(100 + seed)]
    ]
    assert other.rates.empty
    assert other.results["may_be_luck"].all()
    assert (other.results["change"] != 0).any()


def test_a_change_larger_than_luck_and_outside_the_old_range_is_said_to_be_so(projection, old, tmp_path):
    """In every other future, three times the children: the old mean lies in the new range, not the new in the old."""
    settings = projection.settings.model_copy(update={"seed": 99})
    demand = projection.demand.copy()
    at = {"draw": slice(None, None, 2), "provision": [list(demand["provision"].values).index("special")]}
    demand[at] = demand[at] * 3
    demand[:, 0] = projection.demand[:, 0]
    second = written(replace(projection, settings=settings, demand=demand), tmp_path)
    table = found(old, second).results.query("year == 2032").set_index("provision")
    special = table.loc["special"]
    assert special["new_p10"] < special["old"] < special["new_p90"]
    assert not special["inside_old_range"]
    assert not special["may_be_luck"]
    assert table.loc["base", "may_be_luck"]


def test_rates_that_moved_are_named_with_how_far(projection, old, tmp_path):
    rates = RATES.assign(value=[20.0, 12.5, 1.5])
    record = {"assumptions": {"ceiling": [0.2, 0.13, 0.25], "new": [1.0, 1.0, 1.0]}}
    moved = found(old, written(projection, tmp_path, rates=rates, record=record)).rates
    said = moved.set_index(["rate", "of"])
    assert said.loc[("new plans a year", "primary"), "change"] == 4
    assert said.loc[("new plans a year", "primary"), "change_share"] == pytest.approx(0.25)
    assert said.loc[("placement of new plans", "base"), "change_share"] == pytest.approx(-0.25)
    assert said.loc[("assumption: ceiling", "central"), "change"] == pytest.approx(0.02)
    assert said.loc[("assumption: new", "central"), "old"] != said.loc[("assumption: new", "central"), "old"]
    assert len(moved) == 6, "two rates, one end of an assumption, three of a new one"


def test_changed_inputs_are_named_even_when_rows_and_years_are_the_same(projection, old, tmp_path):
    given = GIVEN.assign(sha256=["a" * 64, "c" * 64])
    again = found(old, written(projection, tmp_path, given=given)).given
    assert again.to_numpy().tolist() == [
        ["table", "placements.csv", "900 rows, 2010 to 2025", "900 rows, 2010 to 2025", "b" * 64, "c" * 64]
    ]


def test_a_world_that_holds_other_levers_under_the_same_name_is_named(projection, old, tmp_path):
    record = ASSUMED | {"world": {"name": "Trend", "changes": [{"kind": "scale_starts", "factor": 0.9}]}}
    told = found(old, written(projection, tmp_path, record=record)).given
    assert told[["part", "what", "old", "new"]].to_numpy().tolist() == [["scenario", "world", "trend", "trend"]]


def test_a_scenario_a_model_and_a_setting_are_named(projection, old, tmp_path):
    other = replace(
        projection,
        scenario="held",
        settings=projection.settings.model_copy(update={"horizon": 9}),
        digests={"area": "z" * 64, "england": "d" * 64},
    )
    record = ASSUMED | {"changes": [{"kind": "scale_starts", "factor": 0.9}]}
    told = found(old, written(other, tmp_path, record=record)).given
    said = {(row["part"], row["what"]): (row["old"], row["new"]) for row in told.to_dict("records")}
    assert said == {
        ("scenario", "name"): ("baseline", "held"),
        ("scenario", "changes"): ("", '[{"kind": "scale_starts", "factor": 0.9}]'),
        ("setting", "horizon"): ("10", "9"),
        ("model", "england"): ("b" * 12, "d" * 12),
    }


def test_a_kind_of_place_that_one_run_lacks_has_no_change(projection, old, tmp_path):
    fewer = projection.demand.sel(
        provision=[label for label in projection.demand["provision"].values if label != "base"]
    )
    provisions = {label: means for label, means in projection.about.provisions.items() if label != "base"}
    kept = list(provisions)
    other = replace(
        projection,
        about=projection.about.model_copy(update={"provisions": provisions}),
        demand=fewer,
        expected=projection.expected.sel(provision=kept),
        places=projection.places.sel(provision=kept),
    )
    table = found(old, written(other, tmp_path)).results
    base = table[table["provision"] == "base"]
    assert len(base) == 13
    assert base[["new", "change", "inside_old_range", "may_be_luck"]].isna().all(axis=None)


def test_a_councils_own_figures_keep_their_decimals(tmp_path):
    projection = with_real_places(**MADE)
    table = found(written(projection, tmp_path), written(with_ten_more_special(projection), tmp_path)).results
    row = table[(table["provision"] == "special") & (table["year"] == 2032)].iloc[0]
    assert row["old"] == pytest.approx(foretold(projection, 2032, ["special"]).mean().item(), abs=1e-6)
    assert row["change"] == pytest.approx(10)


def test_the_years_of_both_runs_are_aligned_by_label(old, later):
    """A join by position would set 2027 beside 2026: but for the census, the shared years are alike."""
    table = found(old, later).results
    assert (table.loc[table["year"] > 2026, "change"] == 0).all()
    assert (table.loc[table["year"] == 2026, "change"] != 0).any()
