"""The page on size, driven as a person would, says what the library says."""

import html
import sys

import pytest
from streamlit.testing.v1 import AppTest

from forecast.decide.ask import Ask
from forecast.decide.occupancy import by_size
from forecast.decide.size import size_school
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.report.phrases import chances_in_brief
from forecast.report.size_show import parts
from forecast.report.size_tables import EMPTY, FULL
from forecast.report.size_words import answer
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

DRAWS, NOW = 12, 2027


def script(folder, draws):
    from datetime import date  # noqa: PLC0415 - a script of its own

    import app  # noqa: PLC0415 - as above

    class Today(date):
        @classmethod
        def today(cls):
            return cls(2026, 11, 22)

    app.date = Today
    app.how_big(folder, "baseline", draws)


@pytest.fixture
def opened(monkeypatch):
    monkeypatch.syspath_prepend(str(bundled("app.py").parent))
    monkeypatch.setattr(sys, "argv", [str(bundled("app.py"))])

    def open_at(name):
        folder = str(bundled("data", name))
        return AppTest.from_function(script, default_timeout=120, args=(folder, DRAWS)).run()

    return open_at


def said(app):
    assert not app.exception
    texts = [element.value for kind in ("title", "header", "markdown", "error") for element in app.get(kind)]
    texts += [html.unescape(element.proto.body) for element in app.get("html")]
    texts += [table.value.to_csv() for table in app.table]
    return "\n".join(texts).replace("\\", "")


def library(name, **asked):
    ask = Ask(**{"needs": ("ASD",), "opens": "2027-09"} | asked)
    settings = Settings(draws=DRAWS, current_year=NOW)
    return size_school(read_area(name), ask, settings, read_scenario("baseline"))


@pytest.mark.parametrize(("name", "district"), [("worcestershire", "Malvern Hills"), ("exampleshire", "Exampleton")])
def test_the_page_says_and_shows_what_the_library_does(opened, name, district):
    app = opened(name)
    app.multiselect(key="districts").set_value([district]).run()
    sized = library(name, districts=(district,))
    page = said(app)
    for sentence in answer(sized):
        assert sentence in page
    for title, sentences, table in parts(sized):
        if title in {FULL, EMPTY}:
            continue
        assert all(sentence in page for sentence in sentences)
        if not table.empty:
            assert str(table.iloc[-1, 0]) in page
    assert "Replay from January 20" in page
    assert f"Worked out from {DRAWS} possible futures: a quick look" in page

    size = 21
    app.slider(key="places").set_value(size).run()
    case = sized.case
    rows = by_size(case.wanted, [size], case.open_share, case.years).set_index("year")
    shown = next(table.value for table in app.table if FULL in table.value.columns)
    assert shown.loc["2032/33", FULL] == chances_in_brief(rows.loc[2033, "full"])
    assert shown.loc["2032/33", EMPTY] == chances_in_brief(rows.loc[2033, "tenth_empty"])
    assert f"all places of a school of {size} places that are open by then would be taken" in said(app)


def test_moving_the_slider_works_out_no_new_futures(opened, monkeypatch):
    app = opened("worcestershire")
    monkeypatch.setattr("forecast.decide.futures.project", None)
    monkeypatch.setattr("forecast.decide.size.sized", None)
    moved = app.slider(key="places").set_value(16).run()
    assert "all places of a school of 16 places that are open by then would be taken" in said(moved)


def test_year_groups_upside_down_cannot_be_asked_and_other_faults_are_sentences(opened):
    app = opened("worcestershire")
    assert app.select_slider(key="ages").value == (-1, 14)
    assert app.selectbox(key="opens").options[0] == "September 2027"
    app.checkbox(key="freeing").check().run()
    assert "so nobody is known to be short of one" in said(app)
    kinds = [*app.selectbox(key="built").options]
    assert kinds[:2] == ["State special school", "Base (SEN unit or resourced provision)"]
    assert kinds[2:] == ["Alternative provision"]
