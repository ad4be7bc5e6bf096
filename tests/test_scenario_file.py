"""A scenario written to a file says the same, in words that a person would have used."""

import pytest
import yaml

from forecast.inputs.bundled import bundled
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.scenario_file import scenario_text

WORKED = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
PATH = {"kind": "share_of_pupils", "from": "2027/28", "path": {"2025/26": 5.8, "2034/35": 4.7}}
SCALED = {
    "kind": "scale_starts",
    "from": "2027/28",
    "until": "2029/30",
    "factor": {"value": 0.9, "low": 0.8, "high": 1},
}


def made(*changes, **other):
    return Scenario.model_validate({"name": "Mine", "why": "A test.", "changes": list(changes), **other})


@pytest.mark.parametrize("name", WORKED)
def test_every_scenario_that_ships_comes_back_as_it_was(name, tmp_path):
    was = read_scenario(name)
    own = was if was.changes else was.model_copy(update={"name": "Mine"})
    path = tmp_path / "again.yaml"
    path.write_text(scenario_text(own), encoding="utf-8")
    assert read_scenario(path).model_dump() == own.model_dump()


def test_years_are_school_years_and_what_is_certain_is_a_bare_number():
    changes = yaml.safe_load(scenario_text(made(PATH, SCALED, {**SCALED, "factor": 0.9, "need": "ASD"})))["changes"]
    assert changes[0] == PATH
    assert changes[1] == SCALED
    assert changes[2]["factor"] == 0.9


def test_what_is_left_at_its_default_is_not_written():
    assert set(yaml.safe_load(scenario_text(made(SCALED)))) == {"name", "why", "world", "changes"}
    told = yaml.safe_load(
        scenario_text(made(SCALED, world="white-paper", pass_through=0.5, claims=[{"says": "Fewer"}]))
    )
    assert (told["world"], told["pass_through"], told["claims"]) == ("white-paper", 0.5, [{"says": "Fewer"}])


def test_a_file_that_was_found_by_a_councils_own_figures_begins_with_its_marking_and_still_reads(tmp_path):
    path = tmp_path / "marked.yaml"
    path.write_text(scenario_text(made(SCALED), "OFFICIAL-SENSITIVE"), encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines()[0] == "# OFFICIAL-SENSITIVE"
    assert read_scenario(path).changes == made(SCALED).changes
