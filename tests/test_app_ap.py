"""The page on alternative provision, driven as a person would, says what the library says and what a hand sum gives."""

import html
import sys
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd
import pytest
from builders_ap_forecast import HEADROOM, counted_with_ap, published_with_ap
from builders_projection import small_projection
from streamlit.testing.v1 import AppTest
from test_words import CALLED_SHORT

from forecast.domain import ApSetting
from forecast.errors import ModelError
from forecast.inputs.bundled import bundled
from forecast.report.ap_card_files import read_ap_card
from forecast.report.ap_card_numbers import SERIES
from forecast.report.ap_words import ap_basis, ap_reading
from forecast.report.phrases import MARKING, area_name, count
from forecast.views.ap import ADD_FILES, ASSUMED, WORKED_BACK
from forecast.views.ap_past import errors
from forecast.views.ap_tables import NAMES

NOW, AHEAD = 2027, 2032
EVERY_SETTING = pytest.mark.parametrize("setting", [each.value for each in ApSetting])


def nothing_known():
    return small_projection()


def too_few():
    return published_with_ap(times=0.02)


def confidential():
    made = counted_with_ap()
    return replace(made, about=made.about.model_copy(update={"synthetic": False}))


@cache
def made(which):
    known = [published_with_ap, counted_with_ap, nothing_known, too_few, confidential]
    return {make.__name__: make for make in known}[which]()


def script(which):
    import streamlit as st  # noqa: PLC0415 - a script of its own
    import test_app_ap as here  # noqa: PLC0415 - as above

    from forecast.views.ap import ap_page  # noqa: PLC0415 - as above
    from forecast.views.ap_try_out import levers_of, next_year  # noqa: PLC0415 - as above

    def try_out(projection, who, arrivals, stay):
        st.markdown(f"WAY: {levers_of(who, arrivals, stay, next_year(projection))}")

    ap_page(here.made(which), try_out, lambda: st.markdown("WAY TO TRUST"), here.past)


def past():
    return read_ap_card(bundled("models", "england"))


def opened(which):
    return AppTest.from_function(script, default_timeout=120, args=(which,)).run()


@dataclass(frozen=True)
class Seen:
    """What a reader finds on the page."""

    said: str
    tables: tuple[pd.DataFrame, ...]
    drawings: tuple[str, ...]


@cache
def seen(which):
    """Who arranges the places -> the page once that is chosen, its sum in the year that headlines speak of."""
    app, found = opened(which), {}
    app.selectbox(key="ap year").select(AHEAD)
    for setting in app.selectbox(key="ap setting").options:
        code = next(code for code, name in NAMES.items() if name == setting)
        found[code] = looked_at(app.selectbox(key="ap setting").select(code).run())
    return found


def as_opened(which):
    """The page as it opens, but for the year of the sum."""
    return seen(which)["ap_school"]


def looked_at(app):
    drawings = tuple(element.proto.alt for element in app.get("vega_lite_chart"))
    return Seen(said(app), tuple(unmarked(table.value) for table in app.table), drawings)


def said(app):
    """Everything a reader could read on the page."""
    assert not app.exception
    kinds = ("title", "header", "subheader", "markdown", "error")
    texts = [element.value for kind in kinds for element in app.get(kind)]
    texts += [html.unescape(element.proto.body) for element in app.get("html")]
    texts += [table.value.to_csv() for table in app.table]
    texts += [element.proto.alt for element in app.get("vega_lite_chart")]
    return "\n".join(texts).replace("\\", "")


def unmarked(table):
    return table.rename(index=lambda name: name.replace("\\", ""), columns=lambda name: name.replace("\\", ""))


def table_of(page, row):
    """The first table that has this row."""
    return next(found for found in page.tables if row in found.index)


def first(cell):
    """The number of a cell whose second line is its range."""
    return int(cell.split()[0].replace(",", ""))


def totals(projection, year, setting):
    """The middle of children, average places and fullest month, each added up from the forecast itself."""
    ap = projection.ap
    return [middle(each.sel(year=year, setting=setting)) for each in (ap.headcount, ap.filled, ap.peak)]


def middle(children):
    """Half of the futures lie above, and half below."""
    return float(children.sum([axis for axis in children.dims if axis != "draw"]).median("draw"))


@pytest.mark.parametrize("which", ["published_with_ap", "counted_with_ap"])
def test_the_page_says_every_sentence_of_the_library_and_marks_what_is_confidential(which):
    page = as_opened(which).said
    for sentence in [*ap_reading(made(which)), *ap_basis(made(which))]:
        assert sentence in page
    assert "WAY TO TRUST" in page
    assert f"This page is on {area_name(made(which).about)}." in page
    assert ("(synthetic)" in page) is made(which).about.synthetic
    assert (WORKED_BACK in page) is (which == "published_with_ap")
    assert MARKING not in page
    assert MARKING in said(opened("confidential"))


@pytest.mark.parametrize("which", ["published_with_ap", "counted_with_ap"])
def test_children_with_a_plan_and_without_stand_side_by_side_and_nobody_is_in_two_lines(which):
    projection, shown = made(which), table_of(as_opened(which), "AP schools, both together")
    for year, column in zip((2027, 2028, 2030, 2032, 2037), shown.columns, strict=True):
        cells = shown[column].map(first)
        plans = projection.demand.sel(year=year, provision="alternative").sum(["district", "need", "phase"])
        every = projection.ap.headcount.sel(year=year).sum(["district", "key_stage", "reason"])
        schools = every.sel(setting="ap_school")
        assert cells["AP schools, with a plan"] == pytest.approx(middle(plans), abs=1)
        assert cells["AP schools, without a plan"] == pytest.approx(middle(schools), abs=1)
        assert cells["AP schools, both together"] == pytest.approx(middle(plans + schools), abs=1)
        assert cells["All of them, without a plan"] == pytest.approx(middle(every), abs=1)
        assert cells["All of them, both together"] == pytest.approx(middle(every.sum("setting") + plans), abs=1)


@EVERY_SETTING
def test_average_fullest_month_and_headroom_are_kept_apart(setting):
    projection = made("counted_with_ap")
    shown = table_of(seen("counted_with_ap")[setting], "Without a plan: fullest month")
    for year, column in ((NOW, shown.columns[0]), (AHEAD, shown.columns[3])):
        _, average, fullest = totals(projection, year, setting)
        cells = shown[column].map(first)
        assert cells["Without a plan: on average"] == pytest.approx(average, abs=0.51)
        assert cells["Without a plan: fullest month"] == pytest.approx(fullest, abs=0.51)
        wanted = cells["Without a plan: some kept free"]
        assert wanted == pytest.approx(fullest * (1 + HEADROOM), abs=0.51)
    assert ("With a plan: one each" in shown.index) is (setting == "ap_school")


def test_key_stages_add_up_to_the_whole():
    page = as_opened("counted_with_ap")
    stages, whole = table_of(page, "Key stage 4 (Years 10 and 11)"), table_of(page, "With a plan: one each")
    fullest = stages.iloc[:, 1].str.replace("fewer than 5", "2").map(first)
    assert fullest.sum() == pytest.approx(first(whole.iloc[2, 0]), abs=8)
    assert fullest["Key stage 4 (Years 10 and 11)"] == fullest.max()


@EVERY_SETTING
def test_where_places_are_assumed_nothing_is_called_short(setting):
    page = seen("published_with_ap")[setting].said
    assert CALLED_SHORT.findall(page) == []
    assert (ASSUMED in page) is (setting == "ap_school")
    assert "Places that there are" not in page


def test_where_places_are_the_councils_own_they_stand_beside_what_is_wanted_with_a_rating():
    projection, page = made("counted_with_ap"), as_opened("counted_with_ap")
    there = table_of(page, "Places that there are").loc["Places that there are"]
    listed = projection.places.sel(provision="alternative")
    assert first(there.iloc[0]) == round(float(listed.sel(year=NOW)))
    assert "Where will places fall short, and when?" in page.said
    assert f"In 2031/32 AP schools will have {count(float(listed.sel(year=AHEAD)))} places" in page.said
    assert "Dashed line: places that there are." in page.said


def test_an_area_without_figures_is_told_in_a_sentence_which_file_to_add():
    app = opened("nothing_known")
    assert ADD_FILES in said(app)
    assert "ap_rolls.csv" in ADD_FILES
    assert len(app.table) == len(app.get("vega_lite_chart")) == len(app.selectbox) == 0


def test_past_forecasts_stand_there_with_how_weak_they_are():
    card = past()
    shown = unmarked(errors(card)).loc["AP schools, all children"]
    assert len(errors(card)) == len(SERIES)
    ours = card.scores.query("series == 'ap_school' and method == 'this model'")
    held = card.coverage.query("series == 'ap_school' and size == 'all' and ahead == 1")[["hits", "outcomes"]].sum()
    three = ours.query("ahead == 3")["wape"].mean()
    assert shown.iloc[0].startswith(f"out by {ours.query('ahead == 1')['wape'].mean():.0%}")
    assert shown.iloc[0].endswith(f"held {held['hits']} of {held['outcomes']}")
    assert shown.iloc[2].startswith(f"out by {three:.0%}")
    page = as_opened("published_with_ap").said
    assert "Six Januaries." in page
    assert f"three years ahead, forecasts were out by {three:.0%}" in page


def test_a_missing_backtest_is_a_sentence_and_the_rest_of_the_page_stands(monkeypatch):
    def gone():
        raise ModelError("No backtest. Make it again with: forecast fit --sen2 FOLDER")

    monkeypatch.setattr(sys.modules[__name__], "past", gone)
    app = opened("published_with_ap")
    page = said(app)
    assert "Make it again with: forecast fit" in page
    assert "What do these figures rest on?" in page


def test_every_drawing_has_words_for_those_who_cannot_see_it():
    page = as_opened("counted_with_ap")
    children, places, reasons, by_hand = page.drawings
    assert "The most: AP schools, with" in children
    assert "places would be filled or kept free in the fullest month of 2031/32" in places
    assert "permanent exclusion" in reasons
    assert "places would be filled in the fullest month, with 10% kept free" in by_hand
    assert all(words in page.said for words in page.drawings)
