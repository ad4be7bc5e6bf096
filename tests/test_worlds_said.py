"""Past what data can say, every output names the world that its figures stand in."""

import io
import json
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from builders_projection import small_projection, with_real_places
from streamlit.testing.v1 import AppTest
from test_tables import HISTORY

from forecast.report.charts import figures
from forecast.report.run_folder import write_run
from forecast.report.tables import all_tables, special_rates_table
from forecast.report.terminal import as_json, console, show
from forecast.report.words import headline, notes, rates_reading, summary
from forecast.scenario.worlds import IF, SHIPPED, World

OTHERS = [world for world in World if world is not World.TREND]


def standing_in(world, **changes):
    """The made-up projection, said to be of a world that ships."""
    name = "baseline" if world is World.TREND else world.words.capitalize()
    return replace(small_projection(), scenario=name, world=world, **changes)


def near(projection):
    """`projection` as run in the year of its census, so that its headline is five years from it."""
    settings = projection.settings.model_copy(update={"current_year": 2025})
    years = projection.demand["year"].to_numpy() <= 2030
    return replace(projection, settings=settings, demand=projection.demand[:, years])


def printed(projection):
    paper = io.StringIO()
    show(projection, all_tables(projection, HISTORY), None, console(paper), "somewhere")
    return " ".join(paper.getvalue().split())


@pytest.mark.parametrize("world", list(World))
def test_sentences_and_charts_name_the_world(world):
    projection = standing_in(world)
    assert headline(projection).lower().startswith(IF[world])
    assert IF[world] in rates_reading(projection, special_rates_table(projection, HISTORY))[-1]
    for figure in figures(projection):
        assert IF[world] in figure.reading
        assert f'n the world "{world.words}". ' in " ".join(figure.chart.to_dict()["title"]["subtitle"])


@pytest.mark.parametrize("world", list(World))
def test_the_terminal_names_the_world_over_every_table(world):
    text = printed(standing_in(world))
    tables = text.count("(start)")
    named = f'in the world "{world.words}"'
    named = f"from 2030/31 {named}" if world is World.TREND else named
    assert tables > 1
    assert text.count(f"({named})") == tables
    assert (
        f"World: a named future, for the years that past figures say little about: {', '.join(w.words for w in World)}"
        in text
    )


@pytest.mark.parametrize("world", list(World))
def test_the_json_text_and_every_file_of_a_run_name_the_world(world, tmp_path):
    projection = standing_in(world)
    tables = all_tables(projection, HISTORY)
    assert json.loads(as_json(projection, tables))["world"] == world.words
    folder = write_run(projection, tables, tmp_path)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["world"]["name"] == world.words
    assert world.words in (folder / "summary.txt").read_text(encoding="utf-8")
    for path in folder.rglob("*.csv"):
        assert (pd.read_csv(path)["world"] == world.words).all()
    for path in folder.rglob("*.parquet"):
        assert (pd.read_parquet(path)["world"] == world.words).all()
    for path in folder.rglob("*.svg"):
        assert IF[world] in unescape(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("world", list(World))
def test_every_note_of_a_world_names_the_others(world):
    said = " ".join(notes(standing_in(world)))
    for other in World:
        assert f'"{other.words}"' in said


def test_the_trend_needs_no_name_where_the_data_still_have_their_say():
    projection = near(standing_in(World.TREND))
    assert "trend" not in headline(projection)
    assert projection.in_world == ""
    assert projection.world_of(2030) == ""
    assert projection.world_of(2031) == "trend"


@pytest.mark.parametrize("world", OTHERS)
def test_any_other_world_is_named_in_the_near_years_too(world):
    projection = near(standing_in(world))
    assert headline(projection).lower().startswith(IF[world])
    assert world.words in projection.in_world


@pytest.mark.parametrize("world", OTHERS)
def test_englands_rate_is_said_to_be_the_trends_beside_another_world(world):
    projection = standing_in(world)
    said = rates_reading(projection, special_rates_table(projection, HISTORY))[-1]
    assert "in England if the trend continues:" in said
    assert "England's special school rate is that of the trend, in this world too." in notes(projection)


def test_a_scenario_of_ones_own_is_named_with_its_world():
    projection = replace(small_projection(), scenario="Riverside opens", world=World.SATURATING)
    assert headline(projection).startswith(f'Under the scenario "Riverside opens" and {IF[World.SATURATING]}, ')
    subtitle = " ".join(figures(projection)[0].chart.to_dict()["title"]["subtitle"])
    assert 'Scenario "Riverside opens". In the world "saturating".' in subtitle


def test_a_summary_says_what_a_world_supposes():
    projection = standing_in(World.WHITE_PAPER, scenario_why="Reviews from 2030.")
    said = summary(projection, [])
    assert "Reviews from 2030." in said
    assert 'stand in the world "white paper", a supposition' in said


def test_places_of_a_councils_own_are_told_world_by_world():
    projection = replace(with_real_places(), scenario="Saturating", world=World.SATURATING)
    assert headline(projection).startswith("If plans saturate near a ceiling, ")
    assert "unless more are made than those listed" in headline(projection)


@pytest.mark.parametrize("world", OTHERS)
def test_the_app_offers_every_world_and_shows_the_one_chosen(world):
    app = AppTest.from_file("../app.py", default_timeout=120).run()
    assert {f"World: {each.words}" for each in World} <= set(app.selectbox(key="scenario").options)
    app.selectbox(key="scenario").set_value(SHIPPED[world]).run()
    assert not app.exception
    page = " ".join(str(block.value) for block in app.markdown)
    assert f'In the world \\"{world.words.replace("-", " ")}\\"' in page
    assert IF[world].split("'")[0] in page
