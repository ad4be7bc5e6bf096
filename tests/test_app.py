"""The page, driven as a person would, says what the library says."""

import html
import json
import shutil
import sys
from datetime import date
from functools import cache

import pyarrow as pa
import pytest
from builders import put, small_area, with_text
from streamlit.testing.v1 import AppTest
from test_words import CALLED_SHORT

from forecast.domain import SPECIALIST, academic_year
from forecast.inputs.area import bundled_areas, read_area
from forecast.inputs.bundled import bundled
from forecast.pipeline import forecast_area
from forecast.report.phrases import capped, count, count_range, provision_words, signed
from forecast.report.tables import TOTALS, needs_that_grow_most, places_table, special_rates_table, year_ahead
from forecast.report.words import headline, notes, rates_reading
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

APP = bundled("app.py")
QUICK = 50
TODAY = date.today()  # noqa: DTZ011 - an academic year knows no time zone
NOW = TODAY.year + (TODAY.month >= 9)
EVERY_AREA = pytest.mark.parametrize("name", bundled_areas())
PUBLISHED_AREAS = pytest.mark.parametrize("name", ["lancashire", "worcestershire"])


@cache
def from_the_library(name, draws=QUICK):
    area = read_area(name)
    projection = forecast_area(area, read_scenario("baseline"), Settings(draws=draws, current_year=NOW))
    return area, projection


@pytest.fixture
def opened(monkeypatch):
    """The app as it opens on an area."""

    def open_at(area):
        monkeypatch.setattr(sys, "argv", [str(APP), str(area)])
        return AppTest.from_file(APP, default_timeout=120).run()

    return open_at


def said(app):
    """Everything a reader could read on the page."""
    assert not app.exception
    texts = [element.value for kind in ("title", "header", "subheader", "markdown") for element in app.get(kind)]
    texts += [html.unescape(element.proto.body) for element in app.get("html")]
    texts += [table.value.to_csv() for table in app.table]
    drawings = [element.proto for element in app.get("vega_lite_chart")]
    texts += [part for drawing in drawings for part in (drawing.spec, drawing.alt)]
    return "\n".join(texts).replace("\\", "")


def table_of(app, *columns):
    """The first table that has these columns."""
    return next(table.value for table in app.table if set(columns) <= set(table.value.columns))


def line(app):
    """School year -> number, as the first drawing has them."""
    drawing = app.get("vega_lite_chart")[0].proto
    rows = pa.ipc.open_stream(drawing.datasets[0].data.data).read_all().to_pylist()
    return {row["academic_year"]: row["number"] for row in rows}


def expected(projection, kind, year, phase=TOTALS["phase"], measure="children"):
    table = places_table(projection).set_index(["provision", "phase", "measure", "year"])
    return table.loc[(kind, phase, measure, year)]


def special_places(folder, *, assumed):
    """The smaller area, with its places the council's own or assumed."""
    shutil.copytree(bundled("data", "worcestershire"), folder)
    register = (folder / "places.csv").read_text(encoding="utf-8")
    (folder / "places.csv").write_text(register if assumed else register.replace(",yes,", ",no,"), encoding="utf-8")
    return folder


@EVERY_AREA
def test_the_page_opens_with_the_headline_of_the_library(opened, name):
    _, projection = from_the_library(name)
    page = said(opened(name))
    assert headline(projection) in page
    assert "Everything is compared with the census of January 2025" in page
    assert f"Worked out from {QUICK} possible futures: a quick look" in page


@EVERY_AREA
def test_every_year_of_the_table_is_the_librarys(opened, name):
    _, projection = from_the_library(name)
    app = opened(name)
    table = table_of(app, "Expected")
    drawn = line(app)
    assert len(table) == len(projection.table_years)
    for (heading, row), year in zip(table.iterrows(), projection.table_years.values(), strict=True):
        children, more = (
            expected(projection, "special", year, measure=measure) for measure in ("children", "more than now")
        )
        assert row["Expected"] == count(children["mean"])
        assert row["More than in January 2025"] in {signed(more["mean"]), "0"}
        assert drawn[academic_year(year)] == row["Expected"]
        if year == projection.base:
            assert heading == "January 2025, start"
        else:
            assert row["Range (8 chances in 10)"] == count_range(children["p10"], children["p90"])
            assert academic_year(year) in heading


@EVERY_AREA
def test_another_kind_of_place_shows_its_own_figures(opened, name):
    _, projection = from_the_library(name)
    app = opened(name)
    year = year_ahead(projection)
    for kind in (*projection.about.means("base", "independent"), TOTALS["provision"]):
        app.selectbox(key="kind").select(kind).run()
        table = table_of(app, "Expected")
        assert table["Expected"].iloc[4] == count(expected(projection, kind, year)["mean"])
        by_phase = next(table.value for table in app.table if "Secondary" in table.value.index)
        cell = expected(projection, kind, year, phase="secondary")
        assert by_phase.loc["Secondary"].iloc[4].split() == [
            *count(cell["mean"]).split(),
            *count_range(cell["p10"], cell["p90"]).split(),
        ]
    kinds = [provision_words(projection.about, kind) for kind in projection.about.planned]
    assert app.selectbox(key="kind").options[:-1] == kinds


@EVERY_AREA
def test_district_figures_are_the_librarys_and_carry_their_words(opened, name):
    _, projection = from_the_library(name)
    app = opened(name)
    published = f"{projection.about.name}'s rate applied to this district's children"
    assert (published in said(app)) is (projection.about.kind == "published")
    year, since = year_ahead(projection), "More than in January 2025"
    library = places_table(projection, by=("provision", "district")).set_index(
        ["provision", "district", "measure", "year"]
    )
    shown = next(table.value for table in app.table if "All districts" in table.value.index)
    assert [*shown.index] == [*projection.about.district_names, "All districts"]
    for district in projection.about.district_names:
        assert shown.loc[district, since] == signed(library.loc[("special", district, "more than now", year), "mean"])
    [drawing] = [e.proto for e in app.get("vega_lite_chart") if "geoshape" in e.proto.spec]
    drawn = {feature["name"]: feature["number"] for feature in features(json.loads(drawing.spec))}
    assert drawn == shown[since].drop("All districts").to_dict()
    assert ("this district's children" in drawing.alt) is (projection.about.kind == "published")


def features(spec):
    return spec["layer"][0]["data"]["values"]


@EVERY_AREA
def test_needs_and_rates_are_the_librarys(opened, name):
    area, projection = from_the_library(name)
    app = opened(name)
    grown = needs_that_grow_most(projection, year_ahead(projection))
    [needs] = [table.value for table in app.table if "Autistic spectrum disorder" in table.value.index]
    assert [*needs["More than in January 2025"]] == [signed(more) for more in grown["mean"]]
    for sentence in rates_reading(projection, special_rates_table(projection, area.special_rates)):
        assert sentence in said(app)
    for sentence in notes(projection):
        assert sentence in said(app)


@PUBLISHED_AREAS
def test_where_places_are_assumed_no_page_calls_anything_short(opened, name):
    _, projection = from_the_library(name)
    assert projection.places_assumed
    app = opened(name)
    for kind in (*projection.about.means(*SPECIALIST), TOTALS["provision"]):
        page = said(app.selectbox(key="kind").select(kind).run())
        words = capped(kind) if kind == TOTALS["provision"] else provision_words(projection.about, kind)
        assert f"{words}: if the trend continues, about" in page
        assert CALLED_SHORT.findall(page) == []


def test_where_places_are_the_councils_own_the_table_says_how_many_are_missing(opened, tmp_path):
    app = opened(special_places(tmp_path / "ours", assumed=False))
    table = table_of(app, "Places", "Short by", "Chance of being short")
    places = read_area("worcestershire").places.set_index("provision")["places"]
    assert table["Places"].iloc[0] == count(places["special"])
    assert "Dashed line: places." in said(app)


def test_all_futures_are_a_choice_and_the_page_says_which_it_shows(opened):
    app = opened("worcestershire")
    app.radio(key="futures").set_value(200).run()
    assert "Worked out from 200 possible futures." in said(app)
    assert headline(from_the_library("worcestershire", draws=200)[1]) in said(app)


def test_the_choice_of_area_changes_the_page_and_keeps_the_kind_of_place(opened):
    app = opened("worcestershire")
    app.selectbox(key="kind").select("base").run()
    app.selectbox(key="area").set_value(str(bundled("data", "lancashire"))).run()
    assert "Lancashire's children" in said(app)
    assert app.selectbox(key="kind").value == "base"


def test_a_folder_of_ones_own_is_offered_beside_the_areas_that_ship(opened, tmp_path):
    app = opened(special_places(tmp_path / "our-county", assumed=True))
    first, *rest = app.selectbox(key="area").options
    assert first == "our-county (your own folder)"
    assert rest == ["Exampleshire", "Lancashire", "Worcestershire"]


def test_a_file_that_changes_makes_a_new_forecast(opened, tmp_path):
    folder = special_places(tmp_path / "ours", assumed=True)
    app = opened(folder)
    about = folder / "area.toml"
    about.write_text(about.read_text(encoding="utf-8").replace('"Worcestershire"', '"Mercia"'), encoding="utf-8")
    assert "Mercia's children" in said(app.run())


def test_an_area_that_cannot_be_read_gives_its_faults_in_sentences(opened, tmp_path):
    files = with_text(small_area(), "area.toml", 'kind = "published"', 'kind = "guessed"')
    files = with_text(files, "area.toml", "latest_census = 2025", "latest_census = 1066")
    app = opened(put(files, tmp_path / "broken"))
    [fault] = app.error
    words = fault.value.replace("\\", "")
    assert "area.toml, row 4, kind: 'guessed' is not allowed" in words
    assert "latest_census" in words
    assert "Traceback" not in words
    assert not app.exception
    assert app.title[0].value == "Are there enough places?"


def test_an_area_that_is_not_there_gives_a_sentence(opened):
    app = opened("worcestershre")
    assert "did you mean 'worcestershire'?" in app.error[0].value.replace("\\", "")
    assert not app.exception


def test_the_arguments_of_another_program_are_no_area(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/server", "--workers", "4"])
    app = AppTest.from_file(APP, default_timeout=120).run()
    assert "Worcestershire's children" in said(app)
