import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from builders_projection import small_projection, with_real_places

from forecast.report.charts import figures, needs_figure, phase_figure, save_chart, specialist_figure
from forecast.report.tables import CHILDREN

PALETTE = {"#12436D", "#F46A25", "#3D3D3D", "#E5E5E5"}


@pytest.fixture(scope="module")
def drawn():
    return figures(small_projection())


def values_within(spec):
    (rows,) = spec["datasets"].values()
    return rows


def test_there_are_three_charts_and_each_has_a_table_a_reading_and_a_text_alternative(drawn):
    assert [figure.name for figure in drawn] == [
        *("specialist_places", "needs_that_grow_most", "special_schools_by_phase")
    ]
    for figure in drawn:
        spec = figure.chart.to_dict()
        assert spec["description"] == f"{figure.title}. {figure.reading}"
        assert figure.reading.endswith(".")
        assert len(figure.table) > 5
        assert " ".join(spec["title"]["text"]) == figure.title


def test_a_chart_fetches_nothing(drawn):
    for figure in drawn:
        spec = figure.chart.to_dict()
        del spec["$schema"]
        assert not re.search(r"https?:|//", json.dumps(spec))


def test_a_chart_names_its_area_its_census_and_its_range(drawn):
    for figure in drawn:
        said = " ".join(figure.chart.to_dict()["title"]["subtitle"])
        assert said.startswith("Worcestershire. ")
        assert "January 2025" in said
        assert "8 chances in 10" in said


def test_words_in_charts_are_level_in_one_typeface_and_few_colours(drawn):
    for figure in drawn:
        spec = figure.chart.to_dict()
        assert spec["config"]["axis"]["labelAngle"] == 0
        assert spec["config"]["font"] == "Liberation Sans"
        assert set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(spec))) <= PALETTE


def test_a_panel_draws_the_numbers_of_its_table():
    figure = specialist_figure(with_real_places())
    drawn = {(row["provision"], row["year"]): row for row in values_within(figure.chart.to_dict())}
    rows = figure.table[figure.table["measure"] == CHILDREN].to_dict("records")
    told = [row for row in rows if (row["provision"], row["year"]) in drawn]
    assert len(told) == len(drawn)
    for row in told:
        assert drawn[row["provision"], row["year"]]["p90"] == row["p90"]


def test_lines_of_few_children_are_left_out_and_the_chart_says_so():
    few = small_projection(districts=1)
    few = replace(few, demand=few.demand.where(few.demand["phase"] != "early years", 0))
    spec = phase_figure(few).chart.to_dict()
    assert {row["phase"] for row in values_within(spec)} == {"primary", "secondary", "16-19", "19-25"}
    assert "Left out: those that stay under 10 children." in " ".join(spec["title"]["subtitle"])


def test_bars_come_in_order_of_growth_and_the_table_has_every_need():
    figure = needs_figure(small_projection())
    bars = [row["mean"] for row in values_within(figure.chart.to_dict())]
    assert bars == sorted(bars, reverse=True)
    assert len(figure.table) == len(small_projection().about.needs)
    assert bars == figure.table["mean"].tolist()[: len(bars)]


def test_an_area_without_state_special_schools_has_no_chart_of_them():
    projection = small_projection()
    provisions = projection.about.provisions | {"special": "own"}
    about = projection.about.model_copy(update={"provisions": provisions})
    drawn = figures(replace(projection, about=about))
    assert [figure.name for figure in drawn] == ["specialist_places", "needs_that_grow_most"]


def test_saved_charts_can_be_opened_and_carry_their_text_alternative(drawn, tmp_path):
    for figure in drawn:
        drawing, picture = save_chart(figure.chart, tmp_path, figure.name)
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size > 20_000
        root = ET.fromstring(drawing.read_text(encoding="utf-8"))  # noqa: S314  (our own file)
        assert root.get("role") == "img"
        assert root.get("aria-label") == figure.chart.to_dict()["description"]
        assert "href" not in drawing.read_text(encoding="utf-8")


def test_the_same_forecast_draws_the_same_picture(drawn, tmp_path):
    again = figures(small_projection())
    for first, second in zip(drawn, again, strict=True):
        one, _ = save_chart(first.chart, tmp_path, "one")
        two, _ = save_chart(second.chart, tmp_path, "two")
        assert one.read_text(encoding="utf-8") == two.read_text(encoding="utf-8")
