"""The page "What if?", driven as a person would, says what the library says."""

import html
import shutil
import sys

import pytest
from streamlit.testing.v1 import AppTest

from forecast.decide.compare import compare
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.report.compare_tables import tables_of
from forecast.report.compare_words import sentences
from forecast.report.phrases import MARKING
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings
from forecast.views.what_if_evidence import IN_PART, JUDGEMENT, NOTHING

DRAWS, NOW, YEAR = 6, 2027, 2032


def script(folder, draws):
    from datetime import date  # noqa: PLC0415 - a script of its own

    import app  # noqa: PLC0415 - as above

    class Today(date):
        @classmethod
        def today(cls):
            return cls(2026, 11, 22)

    app.date = Today
    app.suppose(folder, "baseline", draws)


@pytest.fixture
def opened(monkeypatch):
    monkeypatch.syspath_prepend(str(bundled("app.py").parent))
    monkeypatch.setattr(sys, "argv", [str(bundled("app.py"))])

    def open_at(name, start=""):
        folder = bundled("data", name) if isinstance(name, str) else name
        app = AppTest.from_function(script, default_timeout=120, args=(str(folder), DRAWS))
        if start:
            app.query_params["start"] = start
        return app.run()

    return open_at


def said(app):
    assert not app.exception
    kinds = ("title", "header", "subheader", "markdown", "error", "info")
    texts = [element.value for kind in kinds for element in app.get(kind)]
    texts += [html.unescape(element.proto.body) for element in app.get("html")]
    texts += [table.value.to_csv() for table in app.table]
    texts += [expander.label for expander in app.expander]
    texts += [element.proto.alt for element in app.get("vega_lite_chart")]
    return "\n".join(texts).replace("\\", "")


def library(area, *scenarios):
    """What `forecast compare` says of scenarios against the trend."""
    settings = Settings(draws=DRAWS, current_year=NOW)
    found = compare(read_area(area), [read_scenario("baseline"), *scenarios], settings)
    return sentences(found, tables_of(found), YEAR)


def twice_as_many(scenario):
    """A scenario whose first lever sends 40%, its range as wide as it was, by another name."""
    first, *rest = scenario.changes
    sends = first.sends.model_copy(update={"value": 0.4, "low": 0.3, "high": 0.5})
    changes = (first.model_copy(update={"sends": sends}), *rest)
    return scenario.model_copy(update={"name": "Twice as many", "changes": changes})


def control(app, kind, ending):
    """The control whose key ends so."""
    return next(found for found in app.get(kind) if str(found.key).endswith(ending))


def test_one_click_from_the_first_page_a_lever_is_set_and_moved_and_told_as_the_library_tells_it(opened):
    app = opened("worcestershire", "rebalance")
    page, worked = said(app), read_scenario("rebalance-at-year-7")
    told = library("worcestershire", worked, twice_as_many(worked))
    at = next(at for at, sentence in enumerate(told) if sentence.startswith('Under "Twice as many"'))
    assert at
    for sentence in told[:at]:
        assert sentence in page
    assert "Worcestershire, modelled from published figures." in page
    assert f"Worked out from {DRAWS} possible futures, the same in both: a quick look" in page
    assert "start" not in app.query_params
    assert "Scenarios side by side" not in page

    app.button(key="what if keep").click().run()
    control(app, "text_input", " name").input("Twice as many")
    slider = control(app, "slider", " share")
    assert slider.value == 20
    page = said(slider.set_value(40).run())
    for sentence in told:
        assert sentence in page
    assert "Scenarios side by side" in page
    columns = [list(table.value.columns) for table in app.table]
    assert ["The trend", "More stay in mainstream at Year 7", "Twice as many"] in columns
    app.button(key="drop More stay in mainstream at Year 7").click().run()
    assert "Scenarios side by side" not in said(app)


def test_a_hub_on_the_councils_own_list_is_saved_as_the_worked_one_and_tells_evidence_apart_from_judgement(opened):
    import app as program  # noqa: PLC0415 - beside the program, as `opened` arranges

    app = opened("exampleshire", "hub_and_spoke")
    page = said(app)
    worked = read_scenario("exampleshire-hub-and-spoke")
    assert library("exampleshire", worked)[0] in page
    assert "Exampleshire (synthetic), from the area's own counts." in page
    assert IN_PART in page
    assert "Derby City Council" in page
    assert "▲ judgement or not checked" in page
    assert "How many would be without a place?" in page
    assert program.read_text(app.session_state["what if: laid out"].text.encode()).model_dump() == worked.model_dump()


def test_a_councils_own_counts_carry_their_marking(opened, tmp_path):
    ours = tmp_path / "ours"
    shutil.copytree(bundled("data", "exampleshire"), ours)
    about = (ours / "area.toml").read_text(encoding="utf-8")
    (ours / "area.toml").write_text(about.replace("synthetic = true", "synthetic = false"), encoding="utf-8")
    assert MARKING in said(opened(ours))
    assert MARKING not in said(opened("exampleshire"))


def test_a_lever_is_added_and_unsupported_until_evidence_is_given_and_a_second_that_contradicts_it_is_named(opened):
    app = opened("worcestershire")
    assert "Nothing is changed yet" in said(app)
    app.selectbox(key="what if group").select("How many plans").run()
    app.button(key="what if add").click().run()
    assert app.subheader[0].value == "1. More or fewer new plans"
    assert NOTHING in said(app)
    app.button(key="what if add").click().run()
    page = said(app)
    assert "Nothing is worked out until this is mended" in page
    assert "Lever 2, More or fewer new plans: scale_starts acts once more on what scale_starts (lever 1" in page
    second = [button for button in app.button if str(button.key).endswith(" out") and button.label == "Take this out"][
        1
    ]
    second.click().run()
    assert "Nothing is worked out" not in said(app)
    assert [part.value for part in app.subheader if part.value[0].isdigit()] == ["1. More or fewer new plans"]
    control(app, "text_input", "proof says").input("One in ten fewer in two pilots")
    control(app, "text_input", "proof source").input("Nobody but us")
    next(button for button in app.button if button.label == "Add this evidence").click().run()
    page = said(app)
    assert JUDGEMENT in page
    assert NOTHING not in page
    assert "One in ten fewer in two pilots. Nobody but us." in page


def test_a_lever_of_another_area_is_refused_with_its_sentence_and_not_dropped(opened):
    app = opened("worcestershire")
    text = bundled("data", "scenarios", "exampleshire-school-closes.yaml").read_bytes()
    app.file_uploader(key="what if file").upload("closes.yaml", text, "application/yaml").run()
    page = said(app)
    assert "Lever 1, Close a school (school): the area lists no schools of its own, so there is none called" in page
    assert "1. Close a school" in page


def test_a_file_that_is_no_scenario_is_told_in_sentences_and_nothing_is_laid_out(opened):
    app = opened("worcestershire")
    for text in (
        b"name: x\nwhy: y\nchanges:\n  - {kind: rebalanse, from: 2027/28}\n",
        b"\xff\xfe",
        b"- [",
        b"a: &a [*a]",
    ):
        app.file_uploader(key="what if file").upload("x.yaml", text, "application/yaml").run()
        page = said(app)
        assert "The file is not loaded. Mend this, then load it again" in page
        assert "Nothing is changed yet" in page
    assert "it is larger than 1 MB" in said(
        app.file_uploader(key="what if file").upload("x.yaml", b"#" * (2**20 + 1), "application/yaml").run()
    )


def test_the_share_of_each_lever_is_worked_out_once_it_is_asked_for(opened):
    app = opened("worcestershire", "rebalance")
    assert "Of the change" not in said(app)
    app.checkbox(key="what if why").check().run()
    page = said(app)
    assert "on the central path" in page
    [shares, *_] = [table.value for table in app.table if list(table.value.columns) == ["Adds", "Makes"]]
    start, cause, end = (row.replace("\\,", "") for row in shares["Makes"])
    assert shares["Adds"].to_list()[::2] == ["", ""]
    assert int(end) - int(start) == -int(shares["Adds"].iloc[1].removeprefix("\N{MINUS SIGN}"))
    assert cause == end
