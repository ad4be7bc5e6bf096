"""Why figures change, as the commands tell it."""

import io
import json

import pytest
from builders_model import worcestershire
from typer.testing import CliRunner

from forecast.cli import app
from forecast.decide.compare import compare
from forecast.decide.measures import Measure
from forecast.decide.why import Of, why_apart, why_changed
from forecast.errors import InputFaults, UnknownLabel
from forecast.inputs.area import read_area
from forecast.report.compare_why import show_why, table
from forecast.report.compare_words import special_label
from forecast.report.size_folder import FolderThere
from forecast.report.terminal import console
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

FEW = Settings(draws=6, current_year=2026, horizon=3)
KEPT = read_scenario("rebalance-at-year-7")


def said(*words):
    return CliRunner().invoke(app, [*words, "--draws", "6", "--now", "2025/26"], catch_exceptions=False)


@pytest.mark.parametrize("of", [Of.SPECIAL, Of.PLANS, Of.POUNDS, Of.TRANSPORT, "base"])
def test_the_causes_make_the_whole_change(of):
    found = why_changed(worcestershire(), KEPT, FEW, 2029, of).waterfall
    assert found.start + sum(bar.effect for bar in found.bars) == pytest.approx(found.end, abs=1e-6)
    assert found.since == 2025


def test_a_scenario_that_is_the_same_has_no_reasons_and_another_has_two():
    renamed = read_scenario("baseline").model_copy(update={"name": "the same"})
    told = [read_scenario("baseline"), renamed, KEPT]
    found = compare(worcestershire(), told, FEW)
    [why] = why_apart(found, worcestershire(), 2029)
    assert why.name == KEPT.name
    children, pounds = why.waterfalls
    assert children.end < children.start
    assert pounds.outcome.pounds
    assert set(table([why])["scenario"]) == {KEPT.name}


def test_causes_explain_the_figure_that_the_comparison_begins_with():
    found = compare(worcestershire(), [read_scenario("baseline"), KEPT], FEW)
    [why] = why_apart(found, worcestershire(), 2029)
    children = why.waterfalls[0]
    told = found.difference(1, Measure.CHILDREN).sel(year=2029, of=special_label(found)).mean("draw")
    assert children.futures == pytest.approx(float(told))
    assert children.outcome.words == "children in state special schools"


def test_where_places_are_listed_pounds_are_not_shared_out_and_a_sentence_says_why():
    area = read_area("exampleshire")
    found = compare(area, [read_scenario("baseline"), KEPT], FEW)
    assert found.first.register is not None
    [why] = why_apart(found, area, 2029)
    assert not any(waterfall.outcome.pounds for waterfall in why.waterfalls)
    assert len(why.waterfalls) == 1
    text = io.StringIO()
    show_why([why], console(text))
    assert "independent places bought for want of a state special school place" in " ".join(text.getvalue().split())


def test_what_cannot_be_shared_out_is_said_in_the_place_of_the_shares():
    found = compare(worcestershire(), [read_scenario("baseline"), KEPT], FEW)
    [why] = why_apart(found, worcestershire(), 2099)
    assert not why.waterfalls
    assert "January 2099" in why.refused
    assert table([why]).empty


def test_what_nobody_counts_is_refused_with_what_there_is():
    with pytest.raises(UnknownLabel, match="No kind of place called 'speciall'; did you mean 'special'"):
        why_changed(worcestershire(), KEPT, FEW, 2029, "speciall")


def test_the_command_tells_writes_and_repeats_the_same_figures(tmp_path):
    read = json.loads(said("waterfall", "--year", "2028/29", "--json").output)
    steps = read["tables"]["waterfall"]
    change = steps[-3]["to"] - steps[0]["to"]
    assert sum(row["effect"] for row in steps if row["step"] == "cause") == change
    shown = said("waterfall", "--year", "2028/29", "--to", str(tmp_path / "answer"))
    assert shown.exit_code == 0
    assert read["answer"][0] in " ".join(shown.output.split())
    names = sorted(path.name for path in (tmp_path / "answer").iterdir())
    answer = ["answer.json", "answer.txt", "record.json", "register.csv"]
    assert names == [*answer, "waterfall.csv", "waterfall.png", "waterfall.svg"]
    record = json.loads((tmp_path / "answer" / "record.json").read_text(encoding="utf-8"))
    assert (record["settings"]["seed"], record["settings"]["draws"]) == (1, 6)
    assert record["inputs_sha256"]
    assert record["files_sha256"].keys() == set(names) - {"record.json"}
    for note in ("modelled, not published", "Places are taken to be those"):
        assert any(note in said for said in read["rests_on"])
        assert note in " ".join(shown.output.split())
    with pytest.raises(FolderThere):
        said("waterfall", "--to", str(tmp_path / "answer"))


def test_a_comparison_says_why_on_the_screen_and_in_its_folder(tmp_path):
    shown = said("compare", "rebalance-at-year-7", "--year", "2028/29", "--to", str(tmp_path / "answer"))
    assert shown.exit_code == 0
    assert "Why More stay in mainstream at Year 7 differs" in shown.output
    assert (tmp_path / "answer" / "waterfall.csv").is_file()
    assert (tmp_path / "answer" / "charts" / "waterfall_1_children.svg").is_file()


@pytest.mark.parametrize("command", [["waterfall"], ["compare", "rebalance-at-year-7"]])
@pytest.mark.parametrize(("year", "remedy"), [("2031/33", "write it as 2031/32"), ("2099/00", "choose from 2025/26")])
def test_a_year_that_is_not_forecast_is_a_fault_of_the_question_in_every_command(command, year, remedy):
    with pytest.raises(InputFaults, match=remedy):
        said(*command, "--year", year)
