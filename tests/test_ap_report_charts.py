"""Charts of alternative provision: one message each, their numbers in a table, their words for those who cannot see."""

import json
import re
from dataclasses import replace

import pytest
from builders_ap_forecast import counted_with_ap, made_up_ap, published_with_ap, with_sent
from builders_projection import small_projection
from test_charts import PALETTE, values_within
from test_words import CALLED_SHORT

from forecast.report.ap_charts import OF_SCHOOLS, PINK, ap_figures
from forecast.report.ap_tables import AP, SENT_BY_SCHOOLS, ap_tables
from forecast.report.charts import save_chart
from forecast.report.run_folder import write_run
from forecast.report.tables import all_tables


@pytest.fixture(scope="module")
def published():
    return published_with_ap()


@pytest.fixture(scope="module")
def drawn(published):
    return {figure.name: figure for figure in ap_figures(published, ap_tables(published))}


@pytest.fixture(scope="module")
def of_county():
    made = counted_with_ap()
    return {figure.name: figure for figure in ap_figures(made, ap_tables(made))}


def every_row(figure):
    """Rows that a chart of several layers holds."""
    return [row for rows in figure.chart.to_dict()["datasets"].values() for row in rows]


def test_each_has_a_title_a_reading_a_table_and_a_text_alternative(drawn):
    assert list(drawn) == ["ap_children", "ap_school_places", "ap_places_by_age"]
    for figure in drawn.values():
        spec = figure.chart.to_dict()
        assert spec["description"] == f"{figure.title}. {figure.reading}"
        assert figure.reading.endswith(".")
        assert len(figure.table) >= 5
        assert " ".join(spec["title"]["text"]) == figure.title


def test_each_says_when_children_were_last_counted_and_what_its_range_is(drawn, of_county):
    for figures, words in ((drawn, "last counted January 2023"), (of_county, "counted up to 2024/25")):
        for figure in figures.values():
            said = " ".join(figure.chart.to_dict()["title"]["subtitle"])
            assert words in said
            assert "8 chances in 10" in said


def test_the_first_year_is_called_a_forecast_where_it_was_not_counted(drawn, of_county):
    said, own = (
        " ".join(figures["ap_children"].chart.to_dict()["title"]["subtitle"]) for figures in (drawn, of_county)
    )
    assert "Dot: 2024/25, itself a forecast." in said
    assert "Dot: 2024/25. Line" in own


def test_they_fetch_nothing_and_keep_to_the_colours_and_typeface_of_the_others(drawn):
    for figure in drawn.values():
        spec = figure.chart.to_dict()
        del spec["$schema"]
        assert not re.search(r"https?:|//", json.dumps(spec))
        assert spec["config"]["font"] == "Liberation Sans"
        assert set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(spec))) <= PALETTE


def test_the_bars_of_ap_schools_are_children_with_a_plan_and_without_and_say_their_sum(published, drawn):
    rows = [row for row in every_row(drawn["ap_school_places"]) if row.get("year") == 2032]
    parts = {row["line"]: row["mean"] for row in rows if "line" in row}
    both = next(row for row in rows if row.get("who") == "with and without a plan")
    assert set(parts) == {"With a plan", "Without a plan"}
    assert sum(parts.values()) == pytest.approx(both["mean"], abs=1)
    assert both["said"] == f"{both['mean']:,.0f}\n({both['p10']:,.0f} to {both['p90']:,.0f})"
    years = set(published.table_years.values()) - {2025}
    assert set(drawn["ap_school_places"].table["year"]) == years


def test_a_line_at_the_places_is_drawn_only_where_the_area_lists_its_own(drawn, of_county):
    listed = [row for row in every_row(of_county["ap_school_places"]) if "places" in row]
    places = counted_with_ap().register.by_provision(["alternative"]).sel(year=2032).mean().item()
    assert next(row["places"] for row in listed if row["academic_year"] == "2031/32") == pytest.approx(places)
    assert not any("places" in row for row in every_row(drawn["ap_school_places"]))
    assert "Dark line" not in " ".join(drawn["ap_school_places"].chart.to_dict()["title"]["subtitle"])


def test_children_are_drawn_by_who_arranges_it_from_the_table(published, drawn):
    table = ap_tables(published)[AP]
    rows = {(row["line"], row["year"]): row for row in values_within(drawn["ap_children"].chart.to_dict())}
    assert rows["AP schools", 2030]["p90"] == (
        table[(table["line"] == "ap_school") & (table["measure"] == "headcount") & (table["year"] == 2030)][
            "p90"
        ].item()
    )
    assert rows["AP schools", 2030]["mean"] == rows["AP schools", 2030]["p50"]
    assert {line for line, _ in rows} == {*("AP schools", "Paid for elsewhere", "Arranged by schools")}


def test_the_title_by_age_names_who_takes_most(drawn):
    top = drawn["ap_places_by_age"].table.nlargest(1, "mean").iloc[0]
    assert top["line"] == "ks4"
    assert drawn["ap_places_by_age"].title.startswith("Years 10 and 11 take most AP school places")


def test_nothing_is_called_short_where_places_are_assumed(drawn):
    assert CALLED_SHORT.findall(" ".join(f"{figure.title} {figure.reading}" for figure in drawn.values())) == []


def test_places_are_not_drawn_where_ap_schools_were_never_counted(published):
    elsewhere = replace(published, ap=made_up_ap(published, counted={"la_funded": 2023}))
    assert [figure.name for figure in ap_figures(elsewhere, ap_tables(elsewhere))] == ["ap_children"]
    assert ap_figures(small_projection(), {}) == ap_figures(published, {}) == ()


def test_an_area_of_few_such_children_still_has_charts_that_can_be_drawn(published, tmp_path):
    few = replace(published, ap=made_up_ap(published, times=0.01))
    for figure in ap_figures(few, ap_tables(few)):
        _, picture = save_chart(figure.chart, tmp_path, figure.name)
        assert picture.stat().st_size > 1_000


def test_a_run_folder_holds_them_beside_the_others(published, tmp_path):
    run = write_run(published, {**all_tables(published), **ap_tables(published)}, tmp_path)
    names = {path.name for path in (run / "charts").iterdir()}
    assert {f"ap_children.{end}" for end in ("csv", "svg", "png")} <= names
    assert "specialist_places.svg" in names
    assert (run / "tables" / "alternative_provision.csv").is_file()


def test_those_whom_schools_send_are_a_part_of_the_bar_that_nobody_is_in_twice(published):
    made = with_sent(published)
    figure = next(figure for figure in ap_figures(made, ap_tables(made)) if figure.name == "ap_school_places")
    rows = [row for row in every_row(figure) if row.get("year") == 2032]
    parts = {row["line"]: row["mean"] for row in rows if "line" in row}
    means = [made.ap.peak.sel(year=2032, setting="ap_school"), made.ap.hosted.sel(year=2032)]
    own, sent = (float(each.sum(["district", "key_stage"]).mean()) for each in means)
    both = next(row for row in rows if row.get("who") == "with and without a plan")
    assert both["mean"] == both["p50"]
    assert sum(parts.values()) == pytest.approx(both["p50"])
    assert parts[OF_SCHOOLS] / parts["Without a plan"] == pytest.approx(sent / own, rel=0.06)
    told = figure.table.query("year == 2032").set_index("who")["p50"]
    assert f"{told[SENT_BY_SCHOOLS]:.0f} of these by children whom their schools send" in figure.reading
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(figure.chart.to_dict())))
    assert colours <= PALETTE | {PINK}


def test_places_that_are_many_times_those_filled_are_still_within_the_chart():
    made = counted_with_ap(times=0.02)
    figure = next(one for one in ap_figures(made, ap_tables(made)) if one.name == "ap_school_places")
    spec = figure.chart.to_dict()
    top = spec["layer"][0]["encoding"]["y"]["scale"]["domainMax"]
    listed = [row["places"] for row in every_row(figure) if "places" in row]
    filled = [row["mean"] for row in every_row(figure) if "said" in row]
    assert listed
    assert top >= max(listed + filled)
