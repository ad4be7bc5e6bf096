"""What a critic would ask: claims that nothing carries out, levers that rest on nothing, and changes to no effect."""

import json
import re

import pytest
from builders_tornado import FEWER, FOUND, REBALANCE, SETTINGS, YEAR, area, scenario
from pydantic import ValidationError
from typer.testing import CliRunner

from forecast.decide.challenges import Kind, challenged, challenges_table
from forecast.defending import app
from forecast.pipeline import forecast_area
from forecast.report.challenge_words import challenge_sentences
from forecast.scenario.stack import stacked

NULL = {"kind": "scale_starts", "from": "2028/29", "factor": 1, "need": "MLD", "evidence": [FOUND]}
JUDGED = {**FEWER, "need": "ASD", "evidence": [{**FOUND, "supported": False}]}
QUICK = ("--draws", "2", "--now", "2026/27", "--year", "2028/29")


def asked(found, kind):
    return [each.about for each in found.challenges if each.kind is kind]


@pytest.fixture(scope="module")
def found():
    claims = [{"says": "40 fewer in special schools.", "change": 1}, {"says": "Parents are happier."}]
    return challenged(area(), scenario(REBALANCE, JUDGED, NULL, FEWER | {"need": "SEMH"}, claims=claims), SETTINGS)


def test_a_claim_that_no_change_is_to_bring_about_is_asked_after_and_one_that_has_a_lever_is_not(found):
    assert asked(found, Kind.CLAIM) == ["Parents are happier."]


def test_a_lever_without_evidence_or_on_judgement_alone_is_asked_after(found):
    assert asked(found, Kind.EVIDENCE) == ["2 scale_starts", "4 scale_starts"]
    why = challenges_table(found.challenges).set_index("about")["why"]
    assert why["2 scale_starts"] == "Its evidence is judgement, in whole or in part."
    assert why["4 scale_starts"] == "It has no evidence."


def test_a_mitigation_that_changes_nothing_is_asked_after(found):
    assert asked(found, Kind.EFFECT) == ["3 scale_starts"]


def test_the_effect_of_a_change_is_what_the_forecast_loses_without_it(found):
    whole = forecast_area(area(), found.scenario, SETTINGS)
    without = forecast_area(area(), scenario(*found.scenario.changes[1:]), SETTINGS)
    cells = {"year": YEAR, "provision": "special"}
    sums = [each.demand.sel(cells).sum().item() / SETTINGS.draws for each in (whole, without)]
    table = found.effects[0].table.set_index(["measure", "of", "year"])["effect"]
    assert table["children", "special", YEAR] == pytest.approx(sums[0] - sums[1])
    assert table["children", "special", YEAR] < 0


def test_the_effects_and_the_questions_are_told_in_sentences(found):
    said = challenge_sentences(area().about, found, YEAR)
    assert said[0].startswith("Change 1 rebalance brings in 2030/31: ")
    assert "Change 3 scale_starts brings in 2030/31: nothing." in said
    assert 'Claim without a lever: "Parents are happier." No change of the scenario is to bring this about.' in said


def test_money_that_moves_nobody_is_a_mitigation_without_effect_but_for_a_lever_on_prices():
    outreach = {
        "kind": "hub_and_spoke", "from": "2027/28", "hub": "Hub", "district": "Redditch", "places": 0,
        "spokes": [{"site": "A school", "district": "Redditch", "places": 0}], "outreach": 0.0001,
        "outreach_cost": 300_000, "evidence": [FOUND],
    }  # fmt: skip
    cheaper = {"kind": "scale_price", "from": "2027/28", "item": "place", "provision": "independent", "factor": 0.9}
    found = challenged(area(), scenario(outreach, {**cheaper, "evidence": [FOUND]}), SETTINGS)
    (one,) = found.challenges
    assert (one.kind, one.about) == (Kind.EFFECT, "1 hub_and_spoke")
    assert "costs or saves money" in one.why


def test_a_change_that_another_builds_on_says_why_its_own_effect_cannot_be_told():
    opened = {"kind": "open_places", "from": "2027/28", "school": "New", "district": "Redditch",
              "provision": "special", "places": 40, "ramp": [1], "evidence": [FOUND]}  # fmt: skip
    later = {"kind": "expand_school", "from": "2029/30", "school": "New", "places": 20, "evidence": [FOUND]}
    found = challenged(area(), scenario(opened, later), SETTINGS)
    (asked_of,) = [each for each in found.challenges if each.about == "1 open_places"]
    assert asked_of.kind is Kind.EFFECT
    assert "cannot be made without it: " in asked_of.why
    assert "there is none called 'New' to change" in asked_of.why


def test_a_reason_without_any_change_is_a_claim():
    assert asked(challenged(area(), scenario(), SETTINGS), Kind.CLAIM) == ["Made up."]


def test_a_claim_of_a_change_that_is_not_there_is_refused():
    with pytest.raises(ValidationError, match="a claim names change 2 of 1; count `changes` from 1"):
        scenario(FEWER, claims=[{"says": "More.", "change": 2}])


def test_stacked_scenarios_keep_their_claims_each_of_its_own_change():
    claims = [{"says": "Fewer.", "change": 1}]
    both = stacked([scenario(NULL, FEWER), scenario(REBALANCE, name="Stay", claims=claims)])
    assert [(each.says, both.changes[each.change - 1].kind) for each in both.claims] == [("Fewer.", "rebalance")]


def test_the_command_writes_the_register_and_what_is_asked(tmp_path):
    done = CliRunner().invoke(app, ["assumptions", "--to", str(tmp_path / "out"), *QUICK], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"register.csv", "flagged.csv", "challenges.csv", "effects.csv", "answer.json", "record.json"} <= files
    assert "assumptions stand behind these figures" in done.output
    assert re.search(r"ceiling: Largest share .* 18 in 100 +13 to 25 in 100 +judgement +the analyst +2027-06-30",
                     done.output)  # fmt: skip
    assert done.output.index("costs.csv (") < done.output.index("What these figures rest on")
    assert "overflow.csv: " in done.output
    assert "refused special: wait" not in done.output
    whole = CliRunner().invoke(app, ["assumptions", "--all", *QUICK], catch_exceptions=False).output
    assert "refused special: wait" in whole
    assert "more; add --all" not in whole


def test_what_a_critic_asks_comes_after_the_assumptions_and_a_script_is_told_both():
    words = ["assumptions", "-s", "bring-home-and-reuse-fees", *QUICK]
    text = CliRunner().invoke(app, words, catch_exceptions=False).output
    claim = "Claim without a lever"
    assert text.index("scenario (4)") < text.index("What a critical friend would ask") < text.index(claim)
    assert text.count(claim) == 1
    told = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).output)
    assert any(said.startswith(claim) for said in told["answer"])


def test_the_command_tells_what_a_figure_hangs_on_and_its_folder_has_the_chart_and_the_register(tmp_path):
    words = ["sensitivity", "--futures", "0.8", "--json", "--to", str(tmp_path / "out"), *QUICK]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["question"]["futures"], told["question"]["limit"]) == (0.8, None)
    assert {row["name"] for row in told["tables"]["tornado"]} >= {"ceiling", "start_damping"}
    assert "a number that 80% of futures do not exceed" in told["answer"][0]
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"tornado.csv", "tornado.svg", "tornado.png", "register.csv"} <= files
