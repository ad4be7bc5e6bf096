"""`forecast site`, `portfolio` and `late`, as a person runs them: what is said, written and refused."""

import json
import shutil
import sys
from hashlib import sha256

import pandas as pd
import pytest
from builders_building import candidates, failed, no_nan, ran, travel

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.report.phrases import MARKING
from forecast.report.purge import confidential_paths

MILL = "Mill,Testwick,54.41,2.2,special,all,0,14,60;90,,2028-09,Invented"
MALVERN = "Link,Malvern Hills,52.125,-2.315,special,ASD,0,14,40;60,,2028-09,Invented"
PLANNED = "Synthetic Free Special School (planned)"


@pytest.mark.parametrize(
    ("command", "tables"),
    [("site", {"sites", "journeys", "site_costs"}), ("portfolio", {"frontier"}), ("late", {"late"})],
)
def test_the_figures_for_a_script_are_those_of_the_folder(tmp_path, command, tables):
    folder = tmp_path / "answer"
    asked = (PLANNED,) if command == "late" else ("exampleshire", "--candidates", candidates(tmp_path, MILL))
    told = json.loads(ran(command, *asked, "--to", folder, "--json"), parse_constant=no_nan)
    assert (told["synthetic"], told["marking"], told["settings"]["draws"]) == (True, None, 4)
    assert set(told["tables"]) == tables
    files = {"answer.txt", "answer.json", "register.csv", *(f"{name}.csv" for name in tables)}
    assert {path.name for path in folder.iterdir()} == {*files, "record.json"}
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"), parse_constant=no_nan)
    assert record["files_sha256"] == {name: sha256((folder / name).read_bytes()).hexdigest() for name in files}
    assert (record["question"]["command"], record["settings"]["seed"], record["world"]) == (command, 1, "trend")
    assert record["inputs_sha256"]["area"] == read_area("exampleshire").digest
    assert ("candidates" in record["inputs_sha256"]) is (command != "late")
    assert record["scenario_record"]["name"] == "baseline"
    assert record["program"]["specialist-places"]
    assert json.loads((folder / "answer.json").read_text(encoding="utf-8"), parse_constant=no_nan) == told
    for name, rows in told["tables"].items():
        written = pd.read_csv(folder / f"{name}.csv")
        assert len(written) == len(rows) > 0
        assert set(written["area"]) == {"Exampleshire (synthetic)"}
        assert (set(written["world"]), "marking" in written) == ({"trend"}, False)
    text = (folder / "answer.txt").read_text(encoding="utf-8")
    for sentence in (*told["answer"], *told["rests_on"]):
        assert sentence in text
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_school_in_malvern_hills_takes_those_more_than_now_and_nobody_is_called_short(tmp_path):
    file = candidates(tmp_path, MALVERN)
    for command in ("site", "portfolio"):
        said = " ".join(ran(command, "worcestershire", "--candidates", file).split())
        assert "more than in January 2025" in said
        assert "are without a place" not in said
        assert "would be without a place" not in said


def test_without_candidates_those_in_the_areas_folder_are_meant(tmp_path):
    own = shutil.copytree(bundled("data", "exampleshire"), tmp_path / "own")
    candidates(own, MILL.replace("Mill", "Kept Mill"))
    assert "Kept Mill" in " ".join(ran("portfolio", own).split())


@pytest.mark.parametrize("command", ["site", "portfolio"])
def test_an_area_that_keeps_no_candidates_says_how_to_give_some(capsys, monkeypatch, command):
    code, said = failed(capsys, monkeypatch, command, "worcestershire")
    assert code == 1
    assert "has no candidates.csv, so no site is known to choose from; name a file with --candidates" in said
    assert len(said.strip().splitlines()) == 1


def test_the_record_of_an_answer_is_enough_to_repeat_it_to_the_last_digit(tmp_path):
    file, folders = candidates(tmp_path, MILL), [tmp_path / "first", tmp_path / "again"]
    ran("portfolio", "exampleshire", "--candidates", file, "--budget", 5e6, "--to", folders[0], "--seed", 7)
    record = json.loads((folders[0] / "record.json").read_text(encoding="utf-8"))
    asked, year = record["question"], record["question"]["year"]
    again = (asked["command"], "exampleshire", "--candidates", file, "--budget", asked["budget"])
    ran(*again, "--year", f"{year - 1}/{year % 100}", "--seed", record["settings"]["seed"], "--to", folders[1])
    repeated = json.loads((folders[1] / "record.json").read_text(encoding="utf-8"))
    assert {**record, "created": ""} == {**repeated, "created": ""}


def test_a_folder_that_is_there_is_left_alone_and_refused_before_the_work(tmp_path, capsys, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kept.txt").write_text("kept", encoding="utf-8")
    for words in (("late", PLANNED), ("site", "--candidates", candidates(tmp_path, MILL))):
        code, said = failed(capsys, monkeypatch, *words, "--to", tmp_path / "mine")
        assert code == 1
        assert "is there already; name a folder that is not" in said
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["kept.txt"]


def test_what_is_a_councils_own_is_marked_and_kept_private(tmp_path):
    own = shutil.copytree(bundled("data", "exampleshire"), tmp_path / "own")
    about = (own / "area.toml").read_text(encoding="utf-8")
    (own / "area.toml").write_text(about.replace("synthetic = true\n", ""), encoding="utf-8")
    folder = tmp_path / "runs" / "answer"
    folder.parent.mkdir()
    said = " ".join(ran("portfolio", own, "--candidates", candidates(tmp_path, MILL), "--to", folder).split())
    assert said.startswith(MARKING)
    assert said.count(MARKING) == 1
    assert (folder / "answer.txt").read_text(encoding="utf-8").startswith(MARKING)
    assert json.loads((folder / "answer.json").read_text(encoding="utf-8"))["marking"].startswith("OFFICIAL-SENSITIVE")
    assert set(pd.read_csv(folder / "frontier.csv")["marking"]) == {"OFFICIAL-SENSITIVE"}
    assert (folder / ".gitignore").is_file()
    assert confidential_paths(own, folder.parent)[:1] == [folder]
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


FAULTS = [
    ("Mill,Testwik,54.41,2.2,special,all,0,14,60,,2028-09,", "district: no district is called 'Testwik'; did you"),
    ("Mill,Testwick,54.41,2.2,special,ASF,0,14,60,,2028-09,", "needs: no need is called 'ASF'; did you mean 'ASD'"),
    ('Mill,Testwick,54.41,2.2,special,all,0,14,"60,90",,2028-09,', "several sizes to choose from such as 60;90"),
    ("Mill,Testwick,54.41,2.2,special,all,0,14,60,-5,2028-09,", "capital: '-5' is not above 0; write pounds"),
    ("Mill,Testwick,54.41,2.2,special,all,0,14,60,,2025-09,", "opens: is past in 2026/27"),
    ("Mill,Testwick,54.41,2.2,special,all,0,14,60,,2026-09,", "opens: is past in 2026/27"),
    ("Mill,Testwick,51.5,-0.1,special,all,0,14,60,,2028-09,", "km outside Testwick; correct them, or the district"),
    ("Mill,Testwick,54.6,1.9,special,all,0,14,60,,2028-09,", "km outside Testwick; correct them, or the district"),
    ("mill,Testwick,54.41,2.2,special,all,0,14,60,,2028-09,", "name: the site has a row already"),
    (f"{PLANNED.upper()},Testwick,54.41,2.2,special,all,0,14,60,,,", "name: a school of places.csv has that name"),
]
"""A row at fault, and what is said of it."""


@pytest.mark.parametrize("command", ["site", "portfolio"])
def test_every_candidate_that_cannot_be_is_one_sentence_with_its_remedy(tmp_path, capsys, monkeypatch, command):
    file = candidates(tmp_path, MILL, *(row.replace("Mill,", f"Site {at},", 1) for at, (row, _) in enumerate(FAULTS)))
    code, message = failed(capsys, monkeypatch, command, "--candidates", file)
    assert code == 1
    told = message.strip().splitlines()
    assert len(told) == len(FAULTS)
    for at, (_, said) in enumerate(FAULTS, 3):
        (line,) = (line for line in told if line.startswith(f"candidates.csv, row {at},"))
        assert said in line
        assert line.endswith(".")
        assert "; " in line


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--budget", "1000"), "pays for none of the candidates; the cheapest is Mill with 60 places"),
        (("--year", "2060/61"), "--year: '2060/61' is not forecast; choose from 2025/26 to 2036/37"),
        (("--year", "2024/25"), "--year: '2024/25' is not forecast; choose from 2025/26 to 2036/37"),
        (("--year", "next"), "--year: 'next' is no school year; choose from 2025/26 to 2036/37"),
        (("--year", "2027/28"), "no candidate opens by January 2028; the first opens in 2028-09"),
        (("-s", "nope"), "No scenario called 'nope'"),
    ],
)
def test_a_question_without_an_answer_is_refused_with_the_remedy(tmp_path, capsys, monkeypatch, options, said):
    code, message = failed(capsys, monkeypatch, "site", "--candidates", candidates(tmp_path, MILL), *options)
    assert code == 1
    assert said in message
    assert len(message.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_named_with_the_folder_where_it_was_looked_for(tmp_path, capsys, monkeypatch):
    code, said = failed(capsys, monkeypatch, "site", "--candidates", tmp_path / "gone.csv")
    assert code == 1
    assert f"gone.csv: cannot be read: there is no such file in {tmp_path}" in said
    assert "name a file that is there" in said


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"drop": 7}, "has no minutes for 7 pairs that children may travel between"),
        ({"names": ("Mil",)}, "no site is called 'Mil'; did you mean 'Mill'? Write it so."),
        ({"minutes": 10_000}, "'10000' is more than 240 minutes; write the minutes one way, from 0 to 240"),
    ],
)
def test_a_matrix_with_holes_or_strange_names_or_minutes_is_refused(tmp_path, capsys, monkeypatch, how, said):
    file = candidates(tmp_path, MILL)
    code, message = failed(capsys, monkeypatch, "site", "--candidates", file, "--travel", travel(tmp_path, **how))
    assert code == 1
    assert said in message
    assert message.startswith("travel.csv")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Free", f"did you mean '{PLANNED}'? Write it so."),
        ("Synthetic Fre Special School (planed)", f"did you mean '{PLANNED}'? Write it so."),
        ("secondary base", "'Synthetic Secondary Base A (planned)' or 'Synthetic Secondary Base B (planned)'?"),
        ("Hogwarts", "choose from those that are planned: Synthetic Secondary Base A (planned);"),
        ("Exampleton Synthetic Special School 1", "is open already, by the census of January 2025"),
    ],
)
def test_a_school_that_cannot_be_late_is_refused_with_those_that_can_and_not_with_all(capsys, monkeypatch, name, said):
    code, message = failed(capsys, monkeypatch, "late", name)
    assert code == 1
    assert said in message
    assert "Pupil Referral Unit" not in message


def test_no_school_is_late_where_all_places_are_assumed(capsys, monkeypatch):
    code, message = failed(capsys, monkeypatch, "late", "Hanbury", "worcestershire")
    assert code == 1
    assert "lists no school of its own, so none can be late; add the schools to places.csv" in message


@pytest.mark.parametrize(
    "words",
    [
        ("late",),
        ("late", PLANNED, "--months", "0"),
        ("late", PLANNED, "--months", "x"),
        ("site", "--budget", "-1"),
        ("site", "--most", "0"),
        ("portfolio", "--sizes", "60"),
    ],
)
def test_wrong_usage_is_told_as_such(tmp_path, capsys, monkeypatch, words):
    file = str(candidates(tmp_path, MILL))
    code, said = failed(capsys, monkeypatch, *(word.replace("{file}", file) for word in words))
    assert code == 2
    assert "Usage: forecast" in said
