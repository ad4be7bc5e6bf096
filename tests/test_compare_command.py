"""`forecast compare`, as a person runs it: what is said, written and refused."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from forecast.comparing import app
from forecast.errors import ForecastError, InputFaults

FEWER = """\
name: Fewer plans
why: Earlier help in mainstream schools.
changes:
  - {kind: scale_starts, from: 2027/28, factor: {value: 0.9, low: 0.85, high: 0.95}}
"""
CHEAPER = """\
name: Cheaper fees
why: A framework contract.
changes:
  - {kind: set_price, from: 2027/28, item: place, provision: independent, price: 60000}
"""
CEILING = """\
name: Ceiling
why: To be refused beside fewer plans.
changes:
  - {kind: lower_ceiling, from: 2027/28, share: 0.12}
"""
QUICK = ("--draws", "4", "--now", "2026/27")


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / name for name in ("fewer.yaml", "cheaper.yaml", "ceiling.yaml")]
    for path, text in zip(paths, (FEWER, CHEAPER, CEILING), strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def ran(*arguments):
    return CliRunner().invoke(app, ["compare", *map(str, arguments), *QUICK], catch_exceptions=False)


def test_scenarios_are_set_against_the_first_and_the_files_say_what_the_screen_says(files, tmp_path):
    folder = tmp_path / "answer"
    printed = ran("baseline", files[0], "--year", "2030/31", "--to", folder, "--json").stdout
    told = json.loads(printed, parse_constant=pytest.fail)
    assert told["question"] == {"command": "compare", "scenarios": ["baseline", "Fewer plans"], "year": 2031}
    assert told["answer"][0].startswith('Under "Fewer plans", if the trend continues, there would be')
    assert "in 2030/31 than in the trend" in told["answer"][0]
    text = (folder / "answer.txt").read_text(encoding="utf-8")
    for sentence in (*told["answer"], *told["rests_on"]):
        assert sentence in text
    table = pd.read_csv(folder / "differences.csv")
    assert len(table) == len(told["tables"]["differences"])
    assert set(table["scenario"]) == {"Fewer plans"}
    did = pd.read_csv(folder / "changes.csv")
    assert set(did["scenario"]) == {"Fewer plans"}
    assert (did["new"].astype(float) < did["old"].astype(float)).all()
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in record["scenario_records"]] == ["baseline", "Fewer plans"]
    assert record["settings"]["draws"] == 4


def test_one_scenario_is_set_against_the_trend_and_two_with_a_plus_are_one(files):
    out = " ".join(ran("+".join(files[:2])).stdout.split())
    assert out.startswith('Under "Fewer plans + Cheaper fees"')
    assert "than in the trend" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("baseline", "saturating", "--year", "2030"), "'2030' is no school year; choose from 2025/26 to"),
        (("baseline", "saturating", "--year", "2024/25"), "'2024/25' is not forecast; choose from 2025/26 to"),
        (("baseline", "saturating", "--year", "2030/32"), "--year: "),
    ],
)
def test_a_year_that_cannot_be_asked_about_is_refused_before_the_work(arguments, said):
    with pytest.raises(InputFaults, match=said):
        ran(*arguments)


def test_a_scenario_that_there_is_not_is_refused_with_the_nearest_name():
    with pytest.raises(ForecastError, match="No scenario called 'saturatin'; did you mean 'saturating'"):
        ran("baseline", "saturatin")


def test_a_folder_that_is_there_is_refused_before_the_work(tmp_path):
    with pytest.raises(ForecastError, match="is there already"):
        ran("baseline", "saturating", "--to", tmp_path)


def test_every_fault_of_every_scenario_is_told_at_once(files, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(FEWER.replace("scale_starts", "scale_start"), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        ran(broken, "+".join((files[0], files[2])))
    assert {"broken.yaml", "ceiling.yaml"} == {fault.file for fault in caught.value.faults}
