"""The schema of scenario files: takes what the reader takes, and says what an editor needs."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from forecast import read_area
from forecast.cli import app
from forecast.inputs.bundled import bundled
from forecast.scenario.levers import LEVERS
from forecast.scenario.scenario import read_scenario
from forecast.scenario.schema import scenario_schema, world_schema
from forecast.scenario.unfit import known

SHIPPED = sorted(bundled("data", "scenarios").glob("*.yaml"))


def plain(written):
    """As an editor sees it: dates are text, and all keys are."""
    if isinstance(written, dict):
        return {str(key): plain(value) for key, value in written.items()}
    if isinstance(written, list):
        return [plain(value) for value in written]
    return written.isoformat() if isinstance(written, date) else written


def faults(text, schema):
    held = plain(yaml.safe_load(text))
    return list(jsonschema.Draft202012Validator(schema).iter_errors(held))


def change(text):
    return f"name: Mine\nwhy: As asked.\nchanges:\n  - {text}\n"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_scenario_that_ships_is_as_the_schema_says(path):
    text = path.read_text(encoding="utf-8")
    assert faults(text, world_schema() if "defines:" in text else scenario_schema()) == []


def test_there_are_scenarios_that_ship():
    assert SHIPPED


@pytest.mark.parametrize("schema", [scenario_schema(), world_schema()], ids=["scenario", "world"])
def test_the_schema_is_one(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_lever_and_every_field_of_it_has_its_help():
    parts = scenario_schema()["$defs"]
    for kind, lever in LEVERS.items():
        part = parts[lever.__name__]
        assert part["description"]
        assert part["properties"]["kind"]["const"] == kind
        assert {"kind", "from"} <= set(part["required"])
        silent = [name for name, field in part["properties"].items() if name != "kind" and not field.get("description")]
        assert silent == []


@pytest.mark.parametrize(
    "text",
    [
        "{kind: scale_starts, from: 2027/28, factor: 0.9}",
        "{kind: scale_starts, from: 2027/28, factor: {value: 0.9, low: 0.8, high: 1}, need: SEMH, year_groups: [0, 7]}",
        "{kind: scale_starts, from: 2027/28, factor: 0.9, district: [North, South], year_groups: 7, ramp: [0.5, 1]}",
        "{kind: rebalance, from: 2027/28, share: 0.2, support: 5000, evidence: [{says: a, source: b}]}",
        "{kind: ap_scale_arrivals, from: 2027/28, factor: 0.9, reason: exclusion, key_stage: [ks3, ks4]}",
        "{kind: ap_outreach, from: 2027/28, children: 9, would_come: 1, stays: 0, cost: 9, payer: general fund}",
        "{kind: ap_shorten_stays, from: 2027/28, weeks: {value: 12, low: 10, high: 20}, tier: short}",
    ],
)
def test_what_the_reader_takes_the_schema_takes(text, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(change(text))
    assert read_scenario(path).changes
    assert faults(change(text), scenario_schema()) == []


@pytest.mark.parametrize(
    "text",
    [
        "{kind: scale_start, from: 2027/28, factor: 0.9}",
        "{from: 2027/28, factor: 0.9}",
        "{kind: scale_starts, factor: 0.9}",
        "{kind: scale_starts, from: soon, factor: 0.9}",
        "{kind: scale_starts, from: 2028, factor: 0.9}",
        "{kind: scale_starts, from: 2027/28, factor: 11}",
        "{kind: scale_starts, from: 2027/28, factor: 0.9, nede: SEMH}",
        "{kind: scale_starts, from: 2027/28, factor: 0.9, year_groups: [40]}",
        "{kind: rebalance, from: 2027/28, share: 1.2, support: 5000}",
        "{kind: ap_scale_arrivals, from: 2027/28, factor: 0.9, reason: exclusions}",
        "{kind: ap_scale_arrivals, from: 2027/28, factor: 0.9, key_stage: [ks3, ks9]}",
        "{kind: ap_shorten_stays, from: 2027/28, weeks: 12, tier: outreach}",
        "{kind: ap_outreach, from: 2027/28, children: 9, would_come: 1, stays: 0}",
    ],
)
def test_what_the_reader_refuses_the_schema_marks(text):
    assert faults(change(text), scenario_schema())


def test_a_world_that_is_not_one_is_marked():
    assert faults("name: A\nwhy: B\nworld: white-papr\n", scenario_schema())
    assert faults("name: A\nwhy: B\nworld: white-paper\n", scenario_schema()) == []


def test_the_labels_of_an_area_are_proposed_and_others_marked():
    area = read_area("exampleshire")
    district, school = area.about.district_names[0], area.places["school"].iloc[0]
    schema = scenario_schema(known(area.about, area.places))
    assert schema["x-labels"]["district"] == list(area.about.district_names)
    assert school in schema["x-labels"]["school"]
    right = f"{{kind: scale_starts, from: 2027/28, factor: 0.9, need: SEMH, district: {district}}}"
    assert faults(change(right), schema) == []
    assert faults(change(right.replace("SEMH", "SEHM")), schema)
    assert faults(change(right.replace(district, f"[{district}, Nowhere]")), schema)
    shift = "{kind: shift_placement, from: 2027/28, share: 0.2, instead_of: special, to: {mainstream: 0.5, base: 0.5}}"
    assert faults(change(shift), schema) == []
    assert faults(change(shift.replace("base:", "bose:")), schema)
    delay = f"{{kind: delay_school, from: 2027/28, school: {json.dumps(school)}, months: 6}}"
    assert faults(change(delay), schema) == []
    assert faults(change(delay.replace(school, "One opened by this scenario")), schema) == []


def test_the_command_writes_the_same_to_the_screen_and_to_a_file(tmp_path):
    run, path = CliRunner(), tmp_path / "schema.json"
    shown = run.invoke(app, ["schema"], catch_exceptions=False)
    told = run.invoke(app, ["schema", "--to", str(path)], catch_exceptions=False)
    assert told.exit_code == 0
    assert json.loads(shown.stdout) == json.loads(path.read_text(encoding="utf-8")) == scenario_schema()
    assert [each.name for each in tmp_path.iterdir()] == ["schema.json"]


def test_the_command_writes_over_a_file_only_when_told_to(tmp_path):
    run, path = CliRunner(), tmp_path / "schema.json"
    path.write_text("mine", encoding="utf-8")
    refused = run.invoke(app, ["schema", "--to", str(path)])
    assert refused.exit_code == 1
    assert "there already; write over it with --replace" in str(refused.exception)
    assert path.read_text(encoding="utf-8") == "mine"
    run.invoke(app, ["schema", "--to", str(path), "--replace"], catch_exceptions=False)
    assert json.loads(path.read_text(encoding="utf-8")) == scenario_schema()


def test_the_command_knows_an_area_and_says_where_it_cannot_write(tmp_path):
    run = CliRunner()
    shown = run.invoke(app, ["schema", "exampleshire"], catch_exceptions=False)
    assert "x-labels" in json.loads(shown.stdout)
    refused = run.invoke(app, ["schema", "--to", str(Path(tmp_path))])
    assert "name another file with --to" in str(refused.exception)
