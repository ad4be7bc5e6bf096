"""`forecast size`, as a person runs it."""

import json
import shutil
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast.cli import app, main
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_places import read_costs
from forecast.places.costs import Costs
from forecast.report.phrases import MARKING
from forecast.report.size_folder import FolderThere

QUICK = ("--now", "2026/27", "--draws", "12")


def ran(*words):
    return CliRunner().invoke(app, ["size", *QUICK, *map(str, words)], catch_exceptions=False)


def failed(capsys, monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["forecast", "size", *QUICK, *map(str, words)])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, capsys.readouterr().err


def test_a_school_for_autism_in_malvern_hills_is_answered_and_written(tmp_path):
    folder = tmp_path / "decision"
    done = ran("worcestershire", "--need", "asd", "--district", "malvern hills", "--replay", "2019", "--to", folder)
    assert done.exit_code == 0
    said = " ".join(done.output.split())
    assert said.startswith("If the trend continues, a state special school for autistic spectrum disorder in Malvern")
    for part in (
        "Chance that all places open by then are taken",
        "When to look again",
        "Regret",
        "Other ways to",
        "Replay from January 2019",
    ):
        assert part in said
    assert {path.name for path in folder.iterdir()} >= {"decision.html", "record.json", "by_year.csv", "replay.csv"}
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert record["question"]["districts"] == ["Malvern Hills"]
    assert record["world"] == "trend"
    assert record["settings"]["draws"] == 12
    by_year = pd.read_csv(folder / "by_year.csv")
    assert (by_year[["mean", "p80"]] % 1 == 0).all().all()
    assert "marking" not in by_year
    with pytest.raises(FolderThere, match="is there already"):
        ran("worcestershire", "--to", folder)


def test_the_figures_for_a_script_are_those_of_the_tables_in_the_year_of_the_census_too():
    done = ran(
        "exampleshire", "--need", "ASD", "--district", "Exampleton", "--places", 60, "--need-based", "--json",
        "--now", "2024/25", "--freeing",
    )  # fmt: skip
    told = json.loads(done.output)
    assert told["latest_census"] == told["settings"]["current_year"] == 2025
    assert told["tables"]["reviews"][0]["year"] == 2026
    assert told["synthetic"]
    assert told["marking"] is None
    assert told["children_without_a_place"]
    assert told["need_based"]
    assert told["question"]["freeing"]
    assert "could relieve about" in " ".join(told["answer"])
    assert {row["size"] for row in told["tables"]["by_size"]} >= {60, 8, 16}
    assert "a school of 60 places" in told["answer"][-1]


def test_every_fault_of_the_question_is_said_at_once(capsys, monkeypatch):
    code, said = failed(
        capsys, monkeypatch, "worcestershire", "--need", "ASF", "--district", "Malvern", "--opens", "2025-01",
        "--ages", "9..3", "--provision", "specal", "--places", "0",
    )  # fmt: skip
    assert code == 1
    assert len(said.strip().splitlines()) == 6
    assert "did you mean 'Malvern Hills'" in said
    assert "Traceback" not in said


def test_a_replay_that_cannot_be_is_refused_with_what_can(capsys, monkeypatch):
    code, said = failed(capsys, monkeypatch, "worcestershire", "--replay", "2030")
    assert code == 1
    assert "choose" in said


def test_a_kind_of_place_that_nothing_prices_is_refused_with_the_row_to_add_before_any_forecast(capsys, monkeypatch):
    costs = read_costs()
    unpriced = Costs(costs[~(costs["item"].eq("capital") & costs["provision"].eq("base"))])
    monkeypatch.setattr("forecast.decide.size.costs_of", lambda _: unpriced)
    monkeypatch.setattr("forecast.decide.size.futures_of", None)
    code, said = failed(capsys, monkeypatch, "exampleshire", "--provision", "base")
    assert code == 1
    assert "No cost says 'capital' for provision 'base'" in said
    assert "add a row to the area's costs.csv" in said


def test_what_is_a_councils_own_is_marked_and_kept_private(tmp_path):
    own = shutil.copytree(bundled("data", "exampleshire"), tmp_path / "own")
    about = (own / "area.toml").read_text(encoding="utf-8")
    (own / "area.toml").write_text(about.replace("synthetic = true\n", ""), encoding="utf-8")
    done = ran(own, "--need", "ASD", "--to", tmp_path / "decision")
    for table in (tmp_path / "decision").glob("*.csv"):
        assert (pd.read_csv(table)["marking"] == "OFFICIAL-SENSITIVE").all()
    assert json.loads((tmp_path / "decision" / "record.json").read_text())["marking"] == "OFFICIAL-SENSITIVE"
    assert MARKING in " ".join(done.output.split())
    assert (tmp_path / "decision" / ".gitignore").is_file()
    if sys.platform != "win32":
        assert (tmp_path / "decision").stat().st_mode & 0o077 == 0
        assert (tmp_path / "decision" / "decision.html").stat().st_mode & 0o077 == 0
    assert "OFFICIAL-SENSITIVE" in (tmp_path / "decision" / "decision.html").read_text(encoding="utf-8")
