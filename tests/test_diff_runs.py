"""`forecast diff` on real runs of Worcestershire: against itself, another seed, and the run of a January before."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from test_commands import ran

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.report.run_record import AreaChanged, inputs_table, rates_table, record_tables
from forecast.store import read_model

OPTIONS = ("--draws", 30, "--now", "2026/27")


def the_run(folder, *words):
    ran("run", *words, *OPTIONS, "--out", folder)
    (made,) = folder.iterdir()
    return made


def said(*words):
    return json.loads(ran("diff", *words, "--json").output)


@pytest.fixture(scope="module")
def january_before(tmp_path_factory):
    """Worcestershire as its census of January 2024 left it."""
    area = Path(shutil.copytree(bundled("data", "worcestershire"), tmp_path_factory.mktemp("before") / "area"))
    for name in ("placements.csv", "flows.csv"):
        lines = (area / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (area / name).write_text("".join(line for line in lines if not line.startswith("2025,")), encoding="utf-8")
    about = (area / "area.toml").read_text(encoding="utf-8")
    (area / "area.toml").write_text(about.replace("latest_census = 2025", "latest_census = 2024"), encoding="utf-8")
    return area


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    return the_run(tmp_path_factory.mktemp("new"))


@pytest.fixture(scope="module")
def old(january_before, tmp_path_factory):
    return the_run(tmp_path_factory.mktemp("old"), january_before)


def test_a_run_against_itself_and_against_its_repetition_has_not_moved(new, tmp_path):
    nothing = ["Nothing moved: both runs were given the same, and give the same figures."]
    assert said(new, new)["summary"] == nothing
    assert said(new, the_run(tmp_path))["summary"] == nothing


def test_another_seed_moves_no_input_no_rate_and_no_figure_by_more_than_luck(new, tmp_path):
    told = said(new, the_run(tmp_path, "--seed", 2))
    assert [(row["part"], row["what"], row["old"], row["new"]) for row in told["given"]] == [
        ("setting", "seed", "1", "2")
    ]
    assert told["rates"] == []
    moved = [row for row in told["results"] if row["change"]]
    assert moved
    assert all(row["may_be_luck"] for row in moved)
    assert told["summary"][1] == "No figure of children moved by more than the luck of the draws explains."


def test_a_new_census_is_named_with_the_tables_that_brought_it(old, new):
    told = said(old, new)
    assert {(row["part"], row["what"]) for row in told["given"]} == {
        ("area", "latest census"), ("table", "area.toml"), ("table", "placements.csv"), ("table", "flows.csv")
    }  # fmt: skip


def test_plans_per_resident_and_all_plans_move_as_the_published_tables_do(old, new):
    """By another route: published plans and residents, straight from the files of the area."""
    told, data = said(old, new), bundled("data", "worcestershire")
    placements = pd.read_csv(data / "placements.csv")
    whole = placements[placements[["need", "nc_year", "provision"]].eq("all").all(axis=1)].set_index("year")["children"]
    people = pd.read_csv(data / "population.csv")
    residents = people.groupby("mid_year")["people"].sum()
    (held,) = [row for row in told["rates"] if (row["rate"], row["of"]) == ("children with a plan", "all phases")]
    assert held["old"] == pytest.approx(1000 * whole[2024] / residents[2023], rel=1e-6)
    assert held["new"] == pytest.approx(1000 * whole[2025] / residents[2024], rel=1e-6)
    (plans,) = [row for row in told["outcomes"] if row["provision"] == "all plans"]
    assert plans["census"] == whole[2025]
    forecast = pd.read_csv(old / "tables" / "plans.csv").query("provision == 'all plans' and year == 2025")
    row = forecast[forecast["measure"] == "children"].iloc[0]
    assert (plans["mean"], plans["p10"], plans["p90"]) == (row["mean"], row["p10"], row["p90"])
    assert plans["difference"] == whole[2025] - row["mean"]


def test_the_command_prints_three_sentences_and_writes_the_file_that_is_asked_for(old, new, tmp_path):
    path = tmp_path / "kept" / "moved.csv"
    text = ran("diff", old, new, "--out", path).output
    assert text.startswith("Not the same in the two runs: area.toml, placements.csv, flows.csv and the latest census.")
    assert "In January 2025, 2,599 children needed specialist places; the older run expected" in " ".join(text.split())
    written = pd.read_csv(path)
    assert set(written["part"]) == {"given", "rates", "results", "census against forecast"}


def test_the_rates_of_a_run_are_shares_of_what_they_are_said_to_be():
    area = read_area("worcestershire")
    rates = record_tables(area)["rates"].set_index(["rate", "of"])["value"]
    assert rates["placement of new plans"].sum() == pytest.approx(100)
    for rate in ("plans that cease in a year, by phase", "plans that cease in a year, by kind of place"):
        assert rates[rate].between(0, 100).all()
    assert rates["moves to another kind of place in a year"].between(0, 100).all()
    trend = read_model(bundled("models", "england"))["start_trend"]
    assert rates["England's growth of new plans a year"]["secondary"] == pytest.approx(
        100 * trend.sel(nc_year=9).item()
    )


def test_rates_by_hand():
    """Two year groups, two kinds of place, one need: each rate is worked out below with a pencil."""
    kinds, ages = ["mainstream", "special"], [6, 7]
    by_place = {"need": ["ASD"], "nc_year": ages, "provision": kinds}
    stock = xr.DataArray([[[[60.0, 40.0], [0.0, 100.0]]]], coords={"district": ["North"], **by_place})
    fitted = xr.Dataset(
        {
            "stock": stock,
            "start_rate": xr.DataArray([[0.02, 0.01]], coords={"need": ["ASD"], "nc_year": ages}),
            "start_mix": xr.DataArray([[[0.5, 0.5], [1.0, 0.0]]], coords=by_place),
            "leave": xr.DataArray([[[0.1, 0.0], [0.0, 0.2]]], coords=by_place),
            "move": xr.DataArray(
                [[[[0.75, 0.25], [0.0, 1.0]], [[1.0, 0.0], [0.5, 0.5]]]], coords={**by_place, "to": kinds}
            ),
        }
    )
    people = xr.DataArray([[1000.0, 2000.0]], coords={"district": ["North"], "nc_year": ages})
    england = read_model(bundled("models", "england"))
    table = rates_table(fitted, people, england)
    rates = table[~table["rate"].str.startswith("England")].set_index(["rate", "of"])["value"]
    assert rates.to_dict() == pytest.approx(
        {
            ("children with a plan", "primary"): 100.0,
            ("children with a plan", "secondary"): 50.0,
            ("children with a plan", "all phases"): 200 / 3,
            ("new plans a year", "primary"): 20.0,
            ("new plans a year", "secondary"): 10.0,
            ("new plans a year", "all phases"): 40 / 3,
            ("plans that cease in a year, by phase", "primary"): 6.0,
            ("plans that cease in a year, by phase", "secondary"): 20.0,
            ("plans that cease in a year, by phase", "all phases"): 13.0,
            ("plans that cease in a year, by kind of place", "mainstream"): 10.0,
            ("plans that cease in a year, by kind of place", "special"): 100 * 20 / 140,
            ("placement of new plans", "mainstream"): 75.0,
            ("placement of new plans", "special"): 25.0,
            ("moves to another kind of place in a year", "mainstream"): 25.0,
            ("moves to another kind of place in a year", "special"): 100 * 40 / 120,
        }
    )


def test_the_files_of_an_area_are_listed_with_their_rows_and_years(january_before):
    table = inputs_table(read_area(january_before)).set_index("file")
    assert table.loc["placements.csv", ["first_year", "last_year"]].tolist() == [2010, 2024]
    lines = (january_before / "flows.csv").read_text(encoding="utf-8").count("\n")
    assert table.loc["flows.csv", "rows"] == lines - 1
    assert pd.isna(table.loc["area.toml", "rows"])
    assert table["sha256"].str.fullmatch("[0-9a-f]{64}").all()


def test_a_digest_is_the_same_whatever_the_line_ends(january_before, tmp_path):
    other = Path(shutil.copytree(january_before, tmp_path / "area"))
    path = other / "flows.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(inputs_table(read_area(other)), inputs_table(read_area(january_before)))


def test_an_area_that_changes_while_it_is_forecast_is_not_recorded_as_if_it_had_not(january_before, tmp_path):
    other = Path(shutil.copytree(january_before, tmp_path / "area"))
    area = read_area(other)
    with (other / "flows.csv").open("a", encoding="utf-8") as file:
        file.write("2024,start,all,all,all,all,1\n")
    with pytest.raises(AreaChanged, match="run it again"):
        inputs_table(area)
