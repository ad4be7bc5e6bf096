import csv
import json
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_door import a_run, two_scenarios
from builders_projection import small_projection, with_real_places

from forecast.report.door import publish_runs
from forecast.report.door_read import read_kept
from forecast.report.door_rules import HIDDEN, STRICT
from forecast.report.tables import CHILDREN, MORE

STATISTICS = ["mean", "p10", "p50", "p80", "p90"]
COUNTS = ["places", "places_by_district", "places_by_need", "plans", "plans_by_need"]
KEPT_BACK = ("5ec7e7", "3.14159")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return two_scenarios(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def released(runs, tmp_path_factory):
    return publish_runs(runs, tmp_path_factory.mktemp("out") / "county")


@pytest.fixture(scope="module")
def tables(released):
    """Scenario -> table -> rows, as texts."""
    folders = sorted(path for path in released.folder.iterdir() if path.is_dir())
    return {path.name: {file.stem: read(file) for file in sorted(path.glob("*.csv"))} for path in folders}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def own(run):
    return {name: pd.read_csv(run / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""]) for name in COUNTS}


def labels_of(table):
    return [column for column in ("provision", "phase", "need", "district") if column in table]


def lines_hidden(table):
    """Lines, by their labels, of which any year of children is hidden; and those of which every year is."""
    children = table[table["measure"] == CHILDREN]
    hidden = (children[STATISTICS] == HIDDEN).to_numpy()
    by = [children[column] for column in labels_of(table)]
    any_ = pd.Series(hidden.any(axis=1), index=children.index).groupby(by).any()
    all_ = pd.Series(hidden.all(axis=1), index=children.index).groupby(by).all()
    return set(any_.index[any_]), set(all_.index[all_])


def test_a_folder_holds_both_scenarios_what_it_is_and_what_was_proved(released, tables):
    assert {path.name for path in released.folder.iterdir()} == {
        "1-baseline",
        "2-early-help",
        "about.txt",
        "audit.json",
    }
    wanted = {*COUNTS, "needs_that_grow_most", "special_rates", "labels"}
    assert all(set(found) == wanted for found in tables.values())


def test_children_are_told_apart_by_year_group_where_they_were_counted_so(runs, tmp_path):
    (counted,), (estimated,) = read_kept(runs[:1]), read_kept([a_run(tmp_path, with_real_places(districts=2, draws=5))])
    assert (counted.census.age, estimated.census.age) == ("nc_year", "phase")
    plans = own(runs[0])["plans"].set_index(["provision", "year", "measure"])["mean"]
    assert counted.census.children.sum() == plans["all plans", 2025, CHILDREN]
    base = counted.census.part({"provision": {"base"}, "phase": {"primary"}})
    places = own(runs[0])["places"].set_index(["provision", "phase", "year", "measure"])["mean"]
    assert counted.census.children[base].sum() == places["base", "primary", 2025, CHILDREN]


def test_no_number_of_children_from_1_to_4_is_shown_and_all_are_multiples_of_5(tables):
    for found in tables.values():
        for name in COUNTS:
            rows = found[name][found[name]["measure"].isin([CHILDREN, MORE, "places", "short"])]
            cells = rows[STATISTICS].to_numpy().ravel()
            numbers = [float(cell) for cell in cells if cell not in {HIDDEN, ""}]
            assert len(numbers) > 100
            assert all(number % 5 == 0 for number in numbers)


def test_what_the_run_says_of_few_children_is_hidden_and_true_zeros_stay(runs, tables):
    for run, found in zip(runs, tables.values(), strict=True):
        for name, table in own(run).items():
            at = (table["measure"] == CHILDREN).to_numpy()
            truth, shown = table.loc[at, STATISTICS].to_numpy(), found[name].loc[at, STATISTICS].to_numpy()
            few = (truth > 0) & (truth < 4.5)
            assert (shown[few] == HIDDEN).all()
            assert set(shown[truth == 0]) <= {"0", HIDDEN}
            assert (np.array(shown[shown != HIDDEN], dtype=float) > 0).sum() == ((shown != HIDDEN) & (truth > 0)).sum()
    zeros = [(found["places"][STATISTICS] == "0").to_numpy().sum() for found in tables.values()]
    assert min(zeros) > 0


def test_the_same_lines_are_hidden_in_every_year_table_and_scenario(tables):
    first, second = tables.values()
    assert lines_hidden(first["places"])[0]
    for name in COUNTS:
        any_year, every_year = lines_hidden(first[name])
        assert any_year == every_year == lines_hidden(second[name])[0]
    by_phase, by_need = lines_hidden(first["places"])[0], lines_hidden(first["places_by_need"])[0]
    assert {p for p, rest in by_phase if rest == "all phases"} == {p for p, rest in by_need if rest == "all needs"}


def test_two_scenarios_show_the_same_census(tables):
    first, second = (found["places"] for found in tables.values())
    census = first["year"] == "2025"
    pd.testing.assert_frame_equal(first.loc[census, STATISTICS], second.loc[census, STATISTICS])


def test_more_than_now_is_the_difference_of_what_is_shown(tables):
    for found in tables.values():
        for name in COUNTS:
            table = found[name].set_index([*labels_of(found[name]), "year"])
            children, more = (table.loc[table["measure"] == measure, "p90"] for measure in (CHILDREN, MORE))
            now = children.xs("2025", level="year").reindex(children.droplevel("year").index).to_numpy()
            for cell, before, change in zip(children, now, more.reindex(children.index), strict=True):
                assert change == HIDDEN if HIDDEN in {cell, before} else float(change) == float(cell) - float(before)


def test_needs_that_grow_most_follow_from_the_table_by_need(tables):
    for found in tables.values():
        by_need = found["places_by_need"].set_index(["provision", "need", "year", "measure"])["mean"]
        for row in found["needs_that_grow_most"].to_dict("records"):
            assert row["mean"] == by_need["all specialist places", row["need"], row["year"], MORE]
            assert row["now"] == by_need["all specialist places", row["need"], "2025", CHILDREN]


def test_a_rate_times_the_residents_is_a_rounded_number_of_children(runs, tables):
    truth = pd.read_csv(runs[0] / "tables" / "special_rates.csv")
    plans = own(runs[0])["plans"]
    special = plans[plans["provision"].isin(["special", "special_nonmaintained"]) & (plans["measure"] == CHILDREN)]
    residents = special.groupby("year")["mean"].sum().to_numpy() / truth["rate"]
    children = tables["1-baseline"]["special_rates"]["rate"].astype(float) * residents
    np.testing.assert_allclose(children, (children / 5).round() * 5, atol=residents.max() * 1e-5)


def test_a_rate_of_few_children_is_hidden(tmp_path):
    projection = with_real_places(districts=2, draws=10)
    special = projection.demand["provision"].isin(["special", "special_nonmaintained"])
    few = special & ((projection.demand["need"] != "ASD") | (projection.demand["phase"] != "primary"))
    few_left = xr.where(few, 0, projection.demand.clip(max=xr.where(special, 1, 10**6)))
    demand = few_left.transpose(*projection.demand.dims)
    out = publish_runs([a_run(tmp_path, replace(projection, demand=demand))], tmp_path / "out")
    rates = read(out.folder / "1-baseline" / "special_rates.csv")
    assert (rates[["rate", "rate_p10", "rate_p90", "children"]] == HIDDEN).all(axis=None)


def test_only_tables_that_can_be_proved_leave(runs, released):
    texts = [path.read_text(encoding="utf-8") for path in released.folder.rglob("*") if path.is_file()]
    for secret in KEPT_BACK:
        assert not any(secret in text for text in texts)
        assert any(secret in path.read_text(encoding="utf-8") for path in runs[0].rglob("*.csv"))
    about = (released.folder / "about.txt").read_text(encoding="utf-8")
    assert "rates.csv" in about
    assert "inputs.csv" in about


def test_what_leaves_has_the_same_line_ends_and_open_doors_on_every_system(released):
    assert not any(b"\r" in path.read_bytes() for path in released.folder.rglob("*") if path.is_file())
    assert not (released.folder / ".gitignore").exists()


def test_the_shorthand_is_explained_in_every_file_and_invented_children_are_said_to_be(released):
    for path in released.folder.rglob("*.csv"):
        table = read(path)
        assert table["profile"].str.contains("[c] is confidential", regex=False).all()
        assert (table["area"] == "Exampleshire (synthetic)").all()
    about = (released.folder / "about.txt").read_text(encoding="utf-8")
    assert "OFFICIAL-SENSITIVE" not in about
    assert "[c] is confidential" in about
    assert "The children are invented" in about


def test_the_audit_tells_counts_only(released, tables):
    told = json.loads((released.folder / "audit.json").read_text(encoding="utf-8"))
    assert told["passed"] is True
    assert told["profile"] == {"name": "publication", "threshold": 4, "base": 5, "watermark": "", "few": 0}
    assert told["audit"]["hidden"] < told["audit"]["cells"]
    assert told["audit"]["januaries"] == 1 + sum(found["places"]["year"].nunique() - 1 for found in tables.values())
    assert told["audit"]["sought"] > 0


def test_text_that_begins_like_a_formula_stays_text(tables):
    assert set(tables["2-early-help"]["plans"]["scenario"]) == {"'=early help"}


def test_a_stricter_profile_hides_more(runs, released, tmp_path):
    strict = publish_runs(runs[:1], tmp_path / "strict", "strict")
    assert strict.profile == STRICT
    assert strict.audit.cells == released.audit.cells
    assert strict.audit.hidden > released.audit.hidden


def test_the_internal_profile_shows_all_and_is_marked(runs, tmp_path):
    out = publish_runs(runs[:1], tmp_path / "out", "internal")
    plans = read(out.folder / "1-baseline" / "plans.csv")
    assert set(plans["marking"]) == {"OFFICIAL-SENSITIVE, not for publication"}
    assert (out.folder / "about.txt").read_text(encoding="utf-8").startswith("OFFICIAL-SENSITIVE")
    np.testing.assert_allclose(plans[STATISTICS].astype(float), own(runs[0])["plans"][STATISTICS])
    told = json.loads((out.folder / "audit.json").read_text(encoding="utf-8"))
    assert told["passed"] is None
    assert "hides nothing" in told["said"]
    assert (out.folder / ".gitignore").read_text().endswith("\n*\n")
    assert os.name != "posix" or all(path.stat().st_mode & 0o077 == 0 for path in [out.folder, *out.folder.rglob("*")])


def test_figures_modelled_from_published_ones_are_whole_and_small_ones_are_words(tmp_path):
    out = publish_runs([a_run(tmp_path, small_projection(districts=2, draws=5))], tmp_path / "out")
    told = json.loads((out.folder / "audit.json").read_text(encoding="utf-8"))
    assert out.audit is None
    assert told["passed"] is None
    assert "published" in told["said"]
    places = read(out.folder / "1-baseline" / "places.csv")
    cells = set(places[STATISTICS].to_numpy().ravel())
    numbers = [float(cell) for cell in cells - {"fewer than 5", ""}]
    assert "fewer than 5" in cells
    assert all(number == 0 or (abs(number) >= 5 and number.is_integer()) for number in numbers)
    assert set(places["figures"]) == {"modelled from published figures"}
