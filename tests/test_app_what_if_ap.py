"""The page "What if?" asks about alternative provision without a plan, and answers with its places."""

import shutil
import sys

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from forecast.inputs.bundled import bundled
from forecast.scenario.lever_names import name_of
from forecast.scenario.scenario import Scenario
from forecast.views.what_if_reach import OF_AP

GROUP = "Alternative provision (AP) without a plan"


def script(folder):
    import app  # noqa: PLC0415 - a script of its own

    app.suppose(folder, "baseline", 6)


@pytest.fixture
def opened(monkeypatch):
    monkeypatch.syspath_prepend(str(bundled("app.py").parent))
    monkeypatch.setattr(sys, "argv", [str(bundled("app.py"))])
    return lambda folder: AppTest.from_function(script, default_timeout=120, args=(str(folder),)).run()


def said(app):
    assert not app.exception
    texts = [element.value for kind in ("subheader", "markdown", "error", "info") for element in app.get(kind)]
    return "\n".join([*texts, *(element.proto.body for element in app.get("html"))]).replace("\\", "")


def control(app, kind, ending):
    return next(found for found in app.get(kind) if str(found.key).endswith(ending))


def test_fewer_who_come_are_answered_with_places_in_ap_schools_first(opened):
    app = opened(bundled("data", "worcestershire"))
    app.selectbox(key="what if group").select(GROUP).run()
    kinds = app.selectbox(key=f"what if lever in {GROUP}")
    assert set(kinds.options) == {name_of(kind) for kind in OF_AP}
    kinds.select("ap_scale_arrivals").run()
    app.button(key="what if add").click().run()
    control(app, "slider", " factor").set_value(50)
    control(app, "multiselect", " reason").select("exclusion").run()
    page = said(app)
    headline = next(element.proto.body for element in app.get("html") if "In the fullest month" in element.proto.body)
    assert "fewer" in headline
    assert page.index("How many places in alternative provision?") < page.index("What would it cost")
    assert "How large is the difference, and how sure?" not in page, "nobody with a plan is moved"
    assert "Permanent exclusions are, but do not ship with this program" in page
    (change,) = Scenario.model_validate(yaml.safe_load(app.session_state["what if: laid out"].text)).changes
    assert (change.factor.value, change.reason) == (0.5, ("exclusion",))


def test_choices_are_words_that_a_head_teacher_knows(opened):
    app = opened(bundled("data", "worcestershire"))
    app.selectbox(key="what if group").select(GROUP).run()
    app.button(key="what if add").click().run()
    offered = control(app, "multiselect", " key_stage").options
    assert offered == ["Reception to Year 2", "Years 3 to 6", "Years 7 to 9", "Years 10 and 11", "Years 12 to 14"]
    assert "Permanent exclusion" in control(app, "multiselect", " reason").options
    assert any(name.startswith("State-funded AP school") for name in control(app, "multiselect", " setting").options)
    assert control(app, "selectbox", " payer").options == ["High needs block", "General fund"]


def test_an_area_without_figures_on_alternative_provision_is_offered_no_lever_on_it(opened, tmp_path):
    ours = tmp_path / "ours"
    shutil.copytree(bundled("data", "worcestershire"), ours)
    for path in ours.glob("ap*.csv"):
        path.unlink()
    app = opened(ours)
    assert GROUP not in app.selectbox(key="what if group").options
    assert not app.exception


def headline(app):
    return next(element.proto.body for element in app.get("html") if element.proto.body.startswith("<p "))


def with_lever(opened, area, kind):
    app = opened(bundled("data", area))
    app.selectbox(key="what if group").select(GROUP).run()
    app.selectbox(key=f"what if lever in {GROUP}").select(kind).run()
    app.button(key="what if add").click().run()
    return app


@pytest.mark.parametrize("area", ["worcestershire", "exampleshire"])
@pytest.mark.parametrize("kind", sorted(OF_AP))
def test_levers_on_alternative_provision_alone_lead_with_its_places(opened, area, kind):
    app = with_lever(opened, area, kind)
    page = said(app)
    assert "In the fullest month of" in headline(app)
    assert "How many places in alternative provision?" in page
    assert "How large is the difference, and how sure?" not in page
    assert "AP school place" in page
    assert "specialist place" not in page.split("How many would be without a place?")[-1].split("What would it cost")[0]


def test_more_who_return_are_told_and_never_called_no_change(opened):
    app = with_lever(opened, "worcestershire", "ap_return")
    page = said(app)
    assert "have as many children without a plan" in headline(app)
    assert "every figure is the same" not in page
    [told] = [line for line in page.splitlines() if "go back to a mainstream school in" in line]
    assert " more (8 chances in 10: " in told


def test_fewer_who_come_elsewhere_are_told_where_ap_schools_have_as_many(opened):
    app = with_lever(opened, "exampleshire", "ap_scale_arrivals")
    control(app, "slider", " factor").set_value(50)
    control(app, "multiselect", " setting").select("la_funded").run()
    assert "have as many children without a plan" in headline(app)
    [told] = [
        line for line in said(app).splitlines() if "elsewhere that the council pays for" in line and "fill" in line
    ]
    assert " fewer (8 chances in 10: " in told


def test_places_opened_in_alternative_provision_alone_lead_with_its_places(opened):
    text = yaml.safe_dump({
        "name": "A unit", "why": "More room.",
        "changes": [{"kind": "open_places", "from": "2027/28", "school": "Unit", "district": "Exampleton",
                     "provision": "alternative", "places": 40, "delay": 0}],
    })  # fmt: skip
    app = opened(bundled("data", "exampleshire"))
    app.file_uploader(key="what if file").upload("unit.yaml", text.encode(), "application/yaml").run()
    page = said(app)
    assert "In the fullest month of" in headline(app)
    assert "AP schools have 40 more places in" in page
    assert "Children with or without a plan who have no AP school place in" in page
