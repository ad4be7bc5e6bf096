"""The plots of the card draw their tables, and can be read without being seen."""

import json
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from builders_card import our_error, small_tables

from forecast.backtest.cells import OURS
from forecast.report.card_charts import card_figures, drawing, england_figure, error_figure
from forecast.report.card_words import means, percent
from forecast.series.targets import HORIZONS, PLANS, SPECIAL_STATE, TARGETS

PALETTE = {"#12436D", "#F46A25", "#3D3D3D", "#E5E5E5"}


@pytest.fixture(scope="module")
def tables():
    return small_tables()


@pytest.fixture(scope="module")
def drawn(tables):
    return card_figures(tables)


def test_each_plot_has_a_message_a_reading_and_a_text_alternative(drawn):
    names = ["error_by_years_ahead", "outcomes_in_range", "england_plans", "england_special_state"]
    assert [figure.name for figure in drawn] == names
    for figure in drawn:
        spec = figure.chart.to_dict()
        assert spec["description"] == f"{figure.title}. {figure.reading}"
        assert figure.reading.endswith(".")
        assert " ".join(spec["title"]["text"]) == figure.title


def test_a_plot_fetches_nothing_and_keeps_to_the_palette(drawn):
    for figure in drawn:
        spec = figure.chart.to_dict()
        del spec["$schema"]
        assert not re.search(r"https?:|//", json.dumps(spec))
        assert set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(spec))) <= PALETTE


def test_a_drawing_holds_its_text_alternative(drawn):
    for figure in drawn:
        root = ET.fromstring(drawing(figure))  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.get("aria-label") == f"{figure.title}. {figure.reading}"


def test_the_errors_drawn_are_those_of_the_table(tables):
    figure = error_figure(tables.scores)
    errors = means(tables.scores, "wape")
    for row in figure.table.to_dict("records"):
        assert row["error"] == errors.loc[(row["target"], row["method"]), row["ahead"]]
    assert f"were out by {percent(our_error())};" in figure.title
    (rows,) = figure.chart.to_dict()["datasets"].values()
    assert len(rows) == len(figure.table) == 2 * 5 * len(HORIZONS)


def test_names_of_lines_stand_apart_and_in_the_order_of_their_ends(tables):
    ends = error_figure(tables.scores).table.query("ahead == 5")
    for target in (PLANS, SPECIAL_STATE):
        panel = ends[ends["target"].eq(target)].sort_values("error")
        steps = panel["label_at"].diff().dropna()
        assert (steps >= 0.065 * panel["error"].max() - 1e-9).all()


def test_what_cannot_be_made_from_every_january_is_not_drawn(tables):
    assert "damped ETS" not in set(error_figure(tables.scores).table["method"])


def test_the_shares_drawn_are_those_of_the_table(tables, drawn):
    held = means(tables.scores, "coverage_80")
    table = drawn[1].table
    assert len(table) == len(TARGETS) * len(HORIZONS)
    for row in table.to_dict("records"):
        assert row["held"] == held.loc[(row["target"], OURS), row["ahead"]]
        assert row["number"] == f"{row['held'] * 100:.0f}"
        assert (row["number_at"] > row["held"]) == (row["held"] >= 0.8)


@pytest.mark.parametrize("target", [PLANS, SPECIAL_STATE])
def test_englands_plot_counts_the_times_that_the_range_held(tables, target):
    figure = england_figure(tables.england_and_regions, target)
    rows = tables.england_and_regions.query("region == 'England' and target == @target")
    inside = (rows["p10"] <= rows["actual"]) & (rows["actual"] <= rows["p90"])
    assert figure.title.endswith(f"{inside.sum()} times of {len(rows)}")
    assert 0 < inside.sum() < len(rows)
    assert (figure.table["january"] == figure.table["origin"] + figure.table["ahead"]).all()
    pd.testing.assert_series_equal(figure.table["actual"], rows["actual"])


def test_the_reading_names_the_forecast_that_was_furthest_out(tables):
    reading = england_figure(tables.england_and_regions, PLANS).reading
    row = tables.england_and_regions.query("region == 'England' and target == @PLANS and origin == 2016 and ahead == 5")
    assert reading == (
        f"Furthest out from January 2016, five years ahead: {row['forecast'].item():,.0f} forecast, "
        f"{row['actual'].item():,.0f} came."
    )
