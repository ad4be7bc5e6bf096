"""Run folders read back: whatever is wrong with them is said at once, in sentences, and nobody meets a traceback."""

import json
import shutil

import pytest
from builders_projection import small_projection, with_real_places
from test_commands import failed
from test_diff_tables import written

from forecast.errors import InputFaults
from forecast.report.run_read import READ, read_runs

FEW = {"draws": 5, "districts": 1}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return written(small_projection(**FEW), tmp_path_factory.mktemp("runs"))


@pytest.fixture
def run(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "run")


def faults(old, new):
    with pytest.raises(InputFaults) as stop:
        read_runs(old, new)
    return [str(fault) for fault in stop.value.faults]


def changed(run, **fields):
    """Write the manifest again with other fields; None takes one out."""
    path = run / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8")) | fields
    kept = {name: value for name, value in told.items() if fields.get(name, "") is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")


def test_a_sound_run_comes_back_with_its_tables(sound):
    old, new = read_runs(sound, sound)
    assert set(old.tables) == set(READ)
    assert old.base == new.base == 2025
    assert old.luck == (7, 5)


def test_a_run_moved_elsewhere_is_still_a_run(sound, run):
    assert read_runs(sound, run)[1].folder == run


def test_a_folder_that_is_not_there_a_file_and_a_folder_without_a_manifest_are_no_runs(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert faults(tmp_path / "none", tmp_path / "file") == [
        f"{tmp_path / 'file'}: it is a file, not a run folder; name a folder that forecast run has written.",
        f"{tmp_path / 'none'}: there is no such folder; name a folder that forecast run has written.",
    ]
    assert "it holds no manifest.json, so it is no finished run" in faults(tmp_path / "empty", tmp_path / "empty")[0]


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "7", '{"format": 1', "\x00"])
def test_a_manifest_that_is_no_manifest_is_damaged(sound, run, text):
    (run / "manifest.json").write_text(text, encoding="utf-8")
    (said,) = faults(sound, run)
    assert "it is damaged" in said
    assert said.endswith("make the run again with: forecast run.")


def test_bytes_that_are_no_text_are_damaged(sound, run):
    (run / "manifest.json").write_bytes(b"\xff\xfe\xfa{}")
    assert "it is damaged" in faults(sound, run)[0]


@pytest.mark.parametrize(("there", "said"), [(None, "format none"), (2, "format 2"), ("1", "format 1")])
def test_a_run_of_another_format_names_the_version_that_wrote_it(sound, run, there, said):
    changed(run, format=there, program={"specialist-places": "0.0.9"})
    (fault,) = faults(sound, run)
    assert "it was written by another version of this program (0.0.9)" in fault
    assert said in fault


def test_every_field_that_is_missing_or_wrong_is_named(sound, run):
    changed(run, settings=None, kind="guesses", table_years={"now": 2027}, assumptions={"ceiling": [1]})
    said = " ".join(faults(sound, run))
    for field in ("settings", "kind", "table_years", "assumptions.ceiling"):
        assert f"manifest.json, {field}" in said
    assert "it lacks the year of the latest census" in said


def test_settings_without_a_seed_are_damaged(sound, run):
    changed(run, settings={"draws": 5})
    assert "it lacks a whole number of seed" in faults(sound, run)[0]


@pytest.mark.parametrize("name", sorted(READ))
def test_a_missing_or_altered_table_is_named(sound, run, name):
    path = run / "tables" / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    assert faults(sound, run) == [f"{path}: it is not as the run wrote it; make the run again with: forecast run."]
    path.unlink()
    assert faults(sound, run) == [f"{path}: it is missing; make the run again with: forecast run."]


def test_faults_of_both_runs_are_told_at_once(run, tmp_path):
    other = shutil.copytree(run, tmp_path / "other")
    (run / "tables" / "plans.csv").unlink()
    (run / "tables" / "rates.csv").unlink()
    changed(other, format=9)
    said = faults(run, other)
    assert len(said) == 3
    assert [any(name in line for line in said) for name in ("plans.csv", "rates.csv", "format 9")] == [True] * 3


def test_runs_of_two_areas_are_not_compared(sound, tmp_path):
    other = written(with_real_places(**FEW), tmp_path)
    (said,) = faults(sound, other)
    assert said == (
        f"{other}: it is a run of Exampleshire, and {sound} one of Worcestershire; give two runs of the same area."
    )


def test_the_command_ends_with_status_1_and_a_sentence(sound, tmp_path, capsys, monkeypatch):
    status, said = failed(capsys, monkeypatch, "diff", sound, tmp_path / "none", "--out", tmp_path / "out.csv")
    assert status == 1
    assert "there is no such folder" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_a_sentence_and_leaves_nothing(sound, tmp_path, capsys, monkeypatch):
    status, said = failed(capsys, monkeypatch, "diff", sound, sound, "--out", tmp_path)
    assert status == 1
    assert "name another file with --out" in said
    assert list(tmp_path.iterdir()) == []
    assert [path.name for path in tmp_path.parent.iterdir() if path.name.startswith(f".{tmp_path.name}")] == []
