"""The list of scenarios that ship, as a person chooses from it."""

import json

from typer.testing import CliRunner

from forecast.cli import app
from forecast.inputs.bundled import bundled
from forecast.scenario.scenario import read_scenario

SHIPPED = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))


def said(*options):
    done = CliRunner().invoke(app, ["scenarios", *options], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_every_scenario_that_ships_is_listed_once_the_worlds_first():
    rows = json.loads(said("--json"))
    assert sorted(row["name"] for row in rows) == SHIPPED
    assert [row["name"] for row in rows[:4]] == ["baseline", "starts-held-flat", "saturating", "white-paper"]
    assert all(row["why"] == read_scenario(row["name"]).why for row in rows)


def test_the_list_can_be_read_aloud():
    text = said()
    names = [line.strip() for line in text.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert sorted(names) == SHIPPED
    assert "forecast run -s NAME" in text
    assert all(len(line) <= 105 for line in text.splitlines())
