"""The page on size asks about alternative provision, and answers as `forecast size --provision alternative` does."""

import html
import json

import pytest
from builders_size import DRAWS, NOW
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from forecast.cli import app as command
from forecast.decide.ask import FIRST, LAST
from forecast.domain import KEY_STAGES, KeyStage
from forecast.views import size_ap

KEY_STAGE_3 = ("ks3", "ks3")
AP = "Alternative provision"


def script(name, without_plan):
    from builders_size import NOW, SETTINGS, futures  # noqa: PLC0415 - a script of its own

    from forecast.views import size, size_ap  # noqa: PLC0415 - as above

    made = futures(name)
    years = tuple(range(NOW, NOW + SETTINGS.horizon + 1))
    ask, elsewhere = size.question(made.area.about, years, without_plan=without_plan)
    size.size_page(*size_ap.answered(made, ask, SETTINGS, elsewhere=elsewhere))


def opened(name, without_plan=True):  # noqa: FBT002 - as the script has it
    return AppTest.from_function(script, default_timeout=120, args=(name, without_plan)).run()


def of_ap(name, whose, stages=("ks1", "ks5")):
    page = opened(name)
    page.selectbox(key="built").select("alternative").run()
    page.selectbox(key="whose").select(whose).run()
    page.select_slider(key="stages").set_value(tuple(map(KeyStage, stages))).run()
    return page


def said(page):
    assert not page.exception
    texts = [element.value for kind in ("title", "header", "markdown", "error") for element in page.get(kind)]
    texts += [html.unescape(element.proto.body) for element in page.get("html")]
    texts += [table.value.to_csv() for table in page.table]
    return "\n".join(texts).replace("\\", "")


def on_the_command_line(name, *more):
    asked = ["size", name, "--provision", "alternative", "--draws", str(DRAWS), "--now", f"{NOW - 1}/{NOW % 100}"]
    found = CliRunner().invoke(command, [*asked, *more, "--json"], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize(
    ("name", "whose", "stages", "options"),
    [
        ("lancashire", "Children without a plan", KEY_STAGE_3, ["--ages", "ks3", "--need", "without a plan"]),
        ("exampleshire", "Every child, with a plan or without", ("ks1", "ks5"), []),
        ("exampleshire", "Children with a plan", ("ks3", "ks4"), ["--ages", "7..11", "--need", "with a plan"]),
    ],
)
def test_the_page_says_what_the_command_line_does(name, whose, stages, options):
    told = on_the_command_line(name, *options)
    page = said(of_ap(name, whose, stages))
    assert told["answer"]
    for sentence in [*told["answer"], *told["notes"]]:
        assert sentence in page
    assert "special school" not in " ".join(told["answer"])


def test_whose_places_change_the_answer():
    first = {whose: said(of_ap("lancashire", whose)).split("</p>")[0] for whose in size_ap.WHOSE}
    assert len(set(first.values())) == len(size_ap.WHOSE)


def test_alternative_provision_is_asked_by_key_stage_and_has_no_main_needs():
    page = of_ap("lancashire", "Children without a plan", KEY_STAGE_3)
    assert "needs" not in {element.key for element in page.multiselect}
    assert "ages" not in {element.key for element in page.select_slider}
    assert "elsewhere" not in {element.key for element in page.checkbox}
    assert page.select_slider(key="stages").options[2] == "Years 7 to 9"
    assert page.selectbox(key="built").options[-1] == AP
    shown = said(page)
    assert "(Year 7 to Year 9)" in shown
    assert "Each chance is of the futures in which any of the places are open that January." in shown
    assert "itself a forecast from January 2023" in next(
        column for table in page.table for column in table.value.columns if column.startswith("Still more than in")
    )


def test_a_school_is_asked_about_as_before_once_it_is_chosen_again():
    page = of_ap("lancashire", "Children without a plan")
    page.selectbox(key="built").select("special").run()
    assert page.multiselect(key="needs").value == ["ASD"]
    assert page.select_slider(key="ages").value == (FIRST, LAST)
    assert "of the futures in which the school is open that January" in said(page)


def test_moving_the_slider_says_how_full_so_many_places_would_be():
    page = of_ap("lancashire", "Every child, with a plan or without")
    page.slider(key="places").set_value(9).run()
    assert "of 9 places all that are open by then would be taken" in said(page)


def test_nothing_is_replayed_where_children_without_a_plan_are_asked_about():
    assert "Replay from January" in said(of_ap("exampleshire", "Children with a plan"))
    for whose in ("Children without a plan", "Every child, with a plan or without"):
        assert "Replay from January" not in said(of_ap("exampleshire", whose))


def test_an_area_that_counts_nobody_without_a_plan_is_offered_special_schools_and_bases_only():
    assert AP not in opened("lancashire", without_plan=False).selectbox(key="built").options


@pytest.mark.parametrize("stage", KeyStage)
def test_one_key_stage_is_its_own_year_groups(stage):
    assert size_ap.span(stage, stage) == (KEY_STAGES[stage][0], KEY_STAGES[stage][-1])


def test_all_key_stages_are_every_year_group_that_a_question_means_by_itself():
    assert size_ap.span(KeyStage.KS1, KeyStage.KS5) == (FIRST, LAST)
    assert size_ap.span(KeyStage.KS3, KeyStage.KS4) == (7, 11)
