"""The commands, as a person runs them."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecast.cli import app, main
from forecast.inputs.bundled import bundled


def ran(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def failed(capsys, monkeypatch, *words):
    """Exit status and what was said on standard error, as from a shell."""
    monkeypatch.setattr("sys.argv", ["forecast", *map(str, words)])
    monkeypatch.setattr("signal.signal", lambda *_: None)  # the command's way with pipes is not for all of the tests
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, capsys.readouterr().err


@pytest.fixture
def area(tmp_path):
    return Path(shutil.copytree(bundled("data", "worcestershire"), tmp_path / "area"))


def test_check_prints_the_published_figures_of_january_2025_exactly():
    said = " ".join(ran("check", "worcestershire").output.split())
    for figure in (
        "it maintained 6,970 education, health and care plans",
        "51 without one",
        "State special school 1,878 1,891.7",
        "Independent special school 490",
        "Non-maintained special school 16",
        "In special schools of every kind: 2,384 published",
        "All plans 6,970 6,970.0",
    ):
        assert figure in said


@pytest.mark.parametrize("name", ["worcestershire", "lancashire"])
def test_sharing_out_loses_no_plan(name):
    found = json.loads(ran("check", name, "--json").output)
    assert sum(line["starts_from"] for line in found["lines"]) == pytest.approx(found["plans"], abs=1e-6)
    assert sum(line["published"] for line in found["lines"]) + found["not_recorded"] == found["plans"]


def test_every_fault_of_every_file_is_named_at_once_and_nothing_is_written(area, tmp_path, capsys, monkeypatch):
    for file, old, new in (
        ("placements.csv", "2025,all,all,all,special,1878", "2025,all,all,all,specail,-3"),
        ("population.csv", "2023,estimate,Redditch,7,", "2023,estimate,Reditch,7,"),
        ("flows.csv", "year,flow,", "yaer,flow,"),
    ):
        text = (area / file).read_text(encoding="utf-8")
        assert old in text
        (area / file).write_text(text.replace(old, new), encoding="utf-8")
    status, said = failed(capsys, monkeypatch, "run", area, "--out", tmp_path / "runs")
    assert status == 1
    assert not (tmp_path / "runs").exists()
    for fault in ("flows.csv, row 1", "placements.csv, row", "population.csv, row", "did you mean"):
        assert fault in said
    assert "Traceback" not in said


def test_an_unknown_area_is_answered_with_those_that_ship(capsys, monkeypatch):
    status, said = failed(capsys, monkeypatch, "run", "worcestershir")
    assert status == 1
    assert "worcestershire" in said


def test_an_unknown_scenario_is_answered_with_the_nearest(capsys, monkeypatch):
    status, said = failed(capsys, monkeypatch, "run", "--scenario", "baselin")
    assert status == 1
    assert "did you mean 'baseline'?" in said


@pytest.mark.parametrize(
    "words", [["--draws", "1"], ["--now", "2027/29"], ["--now", "banana"], ["--now", "2023/24"], ["--seed", "-1"]]
)
def test_a_setting_out_of_range_is_wrong_usage_and_names_the_option(words, capsys, monkeypatch):
    status, said = failed(capsys, monkeypatch, "run", "worcestershire", *words)
    assert status == 2
    assert words[0] in said
    assert "Traceback" not in said


def test_a_place_that_cannot_be_written_to_is_said_before_the_work(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    status, said = failed(capsys, monkeypatch, "run", "--out", tmp_path / "file")
    assert status == 1
    assert "name another folder" in said


def test_an_unknown_option_is_wrong_usage(capsys, monkeypatch):
    status, _ = failed(capsys, monkeypatch, "run", "--no-such-thing")
    assert status == 2


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(tmp_path):
    said = [
        ran("run", "--json", "--draws", 20, "--seed", seed, "--now", "2026/27", "--out", tmp_path).output
        for seed in (1, 1, 2)
    ]
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_the_run_of_an_area_writes_all_that_its_manifest_lists(tmp_path):
    assert ran("run", "lancashire", "--draws", 20, "--out", tmp_path).exit_code == 0
    (folder,) = tmp_path.iterdir()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files_sha256"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert set(listed) == there
    assert {f"charts/{name}" for name in ("specialist_places.svg", "specialist_places.png")} <= there


def test_a_defect_of_ours_is_a_sentence_and_a_log_of_where_it_was_and_never_what_a_record_said(capsys, monkeypatch):
    def broken(_):
        try:
            float("Zzyzx")
        except ValueError as error:
            msg = "Zzyzx again"
            raise RuntimeError(msg) from error

    monkeypatch.setattr("forecast.inputs.area.read_area", broken)
    status, said = failed(capsys, monkeypatch, "check", "worcestershire")
    assert status == 3
    assert "Traceback" not in said
    log = Path(said.strip().rsplit(" ", 1)[1])
    told = log.read_text(encoding="utf-8")
    assert told.index("ValueError") < told.index("RuntimeError")
    assert "in broken" in told
    assert "Zzyzx again" not in told
    assert "literal: " not in told
    log.unlink()


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="this system has no SIGPIPE")
def test_a_reader_who_stops_early_is_told_of_no_fault():
    shell = f"{sys.executable} -m forecast check worcestershire | head -1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 - our own words
    assert done.stdout.startswith("Worcestershire: no faults found.")
    assert done.stderr == ""
