"""`forecast goal`, as a person runs it."""

import json
import shutil
import sys

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from forecast import seeking
from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.report.phrases import MARKING
from forecast.report.size_folder import FolderThere
from forecast.scenario.scenario import read_scenario

QUICK = ("--now", "2026/27", "--draws", "8")
SHORT = "short of special at most 150 by 2028/29 in 8 of 10 futures"
LEVER = "scale_starts, factor: 0.2..1"


def ran(*words):
    app = typer.Typer()
    app.add_typer(seeking.app)
    app.command("other")(lambda: None)  # with a second command, the first is called by its name
    return CliRunner().invoke(app, ["goal", *map(str, words), *QUICK], catch_exceptions=False)


def test_what_it_takes_is_answered_and_written_and_its_scenario_runs(tmp_path):
    folder = tmp_path / "goal"
    done = ran(
        "special rate at most England's by 2029/30",
        "--lever",
        "rebalance, share: 0..0.9, support: 4000",
        "--to",
        folder,
    )
    said = " ".join(done.output.split())
    assert said.startswith("Worcestershire: it takes rebalance with share 0.")
    for part in ("A step less", "general fund", "The scenario, to run again", "taken as certain"):
        assert part in said
    scenario = read_scenario(folder / "goal.yaml")
    table = pd.read_csv(folder / "settings.csv")
    assert table["found"].tolist() == [scenario.changes[0].sends.value]
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert record["reached"]
    assert record["files_sha256"].keys() == {path.name for path in folder.iterdir()} - {"record.json"}
    assert "special rate at most england's" in record["question"]["aims"][0]["said"]
    with pytest.raises(FolderThere, match="is there already"):
        ran("special rate at most England's by 2029/30", "--lever", LEVER, "--to", folder)


def test_a_shortage_of_a_council_with_places_of_its_own_is_sought_and_marked(tmp_path):
    own = shutil.copytree(bundled("data", "exampleshire"), tmp_path / "own")
    about = (own / "area.toml").read_text(encoding="utf-8")
    (own / "area.toml").write_text(about.replace("synthetic = true\n", ""), encoding="utf-8")
    done = ran(SHORT, "--lever", LEVER, "--area", own, "--to", tmp_path / "goal")
    assert MARKING in " ".join(done.output.split())
    folder = tmp_path / "goal"
    for table in folder.glob("*.csv"):
        assert (pd.read_csv(table)["marking"] == "OFFICIAL-SENSITIVE").all()
    assert (folder / "goal.yaml").read_text(encoding="utf-8").startswith("# OFFICIAL-SENSITIVE\n")
    assert read_scenario(folder / "goal.yaml").changes
    assert (folder / ".gitignore").is_file()
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o077 == 0
    years = pd.read_csv(folder / "years.csv").set_index(["levers", "year"])["p80"]
    aims = pd.read_csv(folder / "aims.csv")
    assert aims["with"][0] == pytest.approx(years["with", 2029])
    assert aims["without"][0] == pytest.approx(years["without", 2029])
    assert aims["met"][0] == (years["with", 2029] <= 150)


def test_what_cannot_be_reached_is_said_with_what_binds_and_told_to_a_script():
    told = json.loads(
        ran("children in special at most 100 by 2027/28", "--lever", "rebalance, support: 0", "--json").output
    )
    assert not told["reached"]
    assert told["binds"] in {"year", "levers"}
    assert "cannot be reached with share of rebalance from 0 to 1" in told["answer"][0]
    assert told["answer"][1].startswith("The nearest that they come is rebalance with share 1")
    assert told["tables"]["aims"][0]["met"] is False
    assert told["found"]["changes"][0]["share"]["value"] == 1
    years = pd.DataFrame(told["tables"]["years"])
    assert (years[["mean", "p10", "p90"]] % 1 == 0).all(axis=None)


def test_every_fault_of_the_question_is_said_at_once():
    with pytest.raises(InputFaults) as error:
        ran("special rate at most 2 by 2029/30", "--lever", "rebalence", "--lever", "expand_bases")
    assert len(str(error.value).splitlines()) == 3


def test_what_is_wrong_with_the_scenario_beneath_is_said_once_and_of_its_own_file(tmp_path):
    ground = tmp_path / "ground.yaml"
    change = "- {kind: scale_starts, from: 2027/28, factor: 0.9, need: NOPE}"
    ground.write_text(f"name: Ground\nwhy: A test.\nchanges:\n{change}\n", encoding="utf-8")
    lever = "rebalance, share: 0..0.5, support: 1, district: Nowhere"
    with pytest.raises(InputFaults) as error:
        ran("special rate at most 2% by 2029/30", "--lever", lever, "-s", ground)
    beneath, above = sorted(str(error.value).splitlines(), key=lambda line: "Nowhere" in line)
    assert beneath.startswith("ground.yaml, row 4, change 1, need: the area has no need called 'NOPE'")
    assert above.startswith("--lever, rebalance: the area has no district called 'Nowhere'")


def test_a_lever_that_nothing_prices_is_said_to_look_cheaper_than_it_may_be():
    free = ran("special rate at most 2.5% by 2029/30", "--lever", "scale_starts, factor: 0.5..1").output
    paid = ran("special rate at most 2.5% by 2029/30", "--lever", "rebalance, share: 0..1, support: 4000").output
    told = "No price says what brings this about"
    assert told in " ".join(free.split())
    assert told not in " ".join(paid.split())
