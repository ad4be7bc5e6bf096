import re
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_projection import small_projection, with_places, with_real_places
from test_tables import HISTORY

from forecast.report.charts import figures
from forecast.report.glossary import EXPLAINED
from forecast.report.phrases import about_more, between, chances, chances_in_brief, change_words, count
from forecast.report.tables import special_rates_table
from forecast.report.words import headline, next_steps, notes, rates_reading, summary

CALLED_SHORT = re.compile(r"\b(short|shorts|shortage|shortfall|red|amber|green|RAG)\b", re.IGNORECASE)


def with_more_special(change, make=small_projection, **changes):
    """As at the census for ever, but for `change` (a number a draw) in state special schools from 2029."""
    made = make(draws=len(change))
    demand = made.demand.copy()
    demand[:] = made.demand.isel(year=0, drop=True).expand_dims(year=made.demand["year"]).transpose(*demand.dims)
    cell = {"district": "Northvale", "need": "ASD", "phase": "secondary", "provision": "special"}
    later = {**cell, "year": slice(2029, None)}
    demand.loc[later] = demand.loc[later] + xr.DataArray(change, dims="draw")
    changed = replace(made, demand=demand, **changes)
    return changed if changed.register is None else with_places(changed, changed.places)


def everything_said(projection):
    drawn = figures(projection)
    readings = [figure.reading for figure in drawn]
    readings += rates_reading(projection, special_rates_table(projection, HISTORY))
    titles = " ".join(figure.title for figure in drawn)
    return "\n".join([summary(projection, readings), titles, *next_steps(projection, "somewhere", None)])


def test_the_headline_says_how_many_more_than_at_the_census_with_its_range():
    assert headline(with_more_special(252 + 7 * np.arange(51))) == (
        "If the trend continues, Worcestershire's children are expected to need about 430 more state special "
        "school places in 2031/32 than in January 2025 (8 chances in 10 that it is between 290 and 570 more)."
    )


def test_a_fall_is_said_as_fewer():
    said = headline(with_more_special(-252 - 7 * np.arange(51)))
    assert "need about 430 fewer state special school places" in said
    assert "between 290 and 570 fewer" in said


def test_no_change_is_said_as_about_as_many():
    said = headline(with_more_special(np.arange(-50, 51)))
    assert "need about as many state special school places in 2031/32 as in January 2025" in said
    assert "between 40 fewer and 40 more" in said


def test_where_places_are_the_councils_own_the_headline_says_whether_there_will_be_enough():
    said = headline(with_more_special(1_000 + np.arange(51), make=with_real_places))
    places = with_real_places(draws=51).places.sel(year=2032, provision="special").item()
    now = with_real_places(draws=51).demand.sel(year=2025, draw=0, provision="special").sum().item()
    without = round((now + 1_025 - places) / 10) * 10
    assert f"about {without} of Exampleshire's children are expected to be without a state special school pl" in said
    assert "unless more are made than those listed. They need about 1,020 more" in said
    enough = headline(with_more_special(np.full(51, -400), make=with_real_places))
    assert "the state special school places listed are expected to be enough for Exampleshire's children" in enough


def test_where_places_are_assumed_nothing_is_called_short():
    assert CALLED_SHORT.findall(everything_said(small_projection())) == []
    assert CALLED_SHORT.findall(everything_said(with_real_places())) != []


def test_a_forecast_past_five_years_says_that_it_rests_on_the_trend():
    projection = small_projection()
    assert "f the trend continues" in headline(projection)
    near = replace(projection, settings=projection.settings.model_copy(update={"current_year": 2025}))
    assert "trend" not in headline(near)
    assert "2029/30" in headline(near)
    for projection_ in (projection, near):
        assert any("rests on the trend continuing" in note for note in notes(projection_))


def test_a_scenario_is_named_wherever_its_figures_are():
    projection = replace(small_projection(), scenario="new school")
    assert headline(projection).startswith('Under the scenario "new school" and if the trend continues, ')
    for figure in figures(projection):
        assert 'under the scenario "new school"' in figure.reading
        assert 'Scenario "new school"' in " ".join(figure.chart.to_dict()["title"]["subtitle"])


def test_an_invented_area_says_so_in_every_sentence_that_may_be_quoted():
    projection = with_real_places(synthetic=True)
    assert "Exampleshire's synthetic children" in headline(projection)
    assert notes(projection)[0].startswith("The children are invented")
    for sentence in rates_reading(projection, special_rates_table(projection, HISTORY)):
        assert "Exampleshire (synthetic)" in sentence


@pytest.mark.parametrize(("kind", "synthetic", "marked"), [("records", False, True), ("records", True, False)])
def test_a_councils_own_counts_are_marked_first_of_all(kind, synthetic, marked):
    assert notes(small_projection(kind=kind, synthetic=synthetic))[0].startswith("OFFICIAL-SENSITIVE") is marked
    assert not any(note.startswith("OFFICIAL-SENSITIVE") for note in notes(small_projection()))


def test_what_is_modelled_or_assumed_is_told_with_the_areas_own_notes():
    said = " ".join(notes(small_projection()))
    assert "Every figure after January 2025 is a forecast" in said
    assert "the county's rate applied to this district's children: modelled, not published" in said
    whole = summary(small_projection(), [])
    assert "placements.csv, 2025 by need: inferred. national pattern by age." in whole
    assert "Places taken by children of other areas are left out." in said
    assert "those that the area's children filled in January 2025" in said


def test_the_special_school_rate_is_read_against_englands():
    schools, now, ahead = rates_reading(small_projection(), special_rates_table(small_projection(), HISTORY))
    assert schools == (
        "Of each 100 pupils at schools in Worcestershire in 2022/23, 1.9 were at special schools, against "
        "1.6 in England: about 190 more children than at England's rate."
    )
    assert now.startswith("In January 2025, Worcestershire had 2.")
    assert "for each 100 residents aged 4 to 17, against 2.1 in England" in now
    assert ahead.startswith("In 2031/32, Worcestershire is expected to have ")


def test_every_acronym_that_is_used_is_explained():
    said = everything_said(small_projection())
    sources = [source.source for source in small_projection().about.sources]
    for source in sources:
        said = said.replace(source, "")
    acronyms = set(re.findall(r"\b[A-Z]{2,}\b", said)) - {"SCENARIO"}
    assert acronyms <= {word for word in EXPLAINED if word.isupper()} | {"ONS"}
    assert "Office for National Statistics, ONS" in said


@pytest.mark.parametrize(
    ("children", "words"), [(0, "0"), (0.4, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1234.6, "1,235")]
)
def test_a_small_number_of_children_is_never_given_as_a_number(children, words):
    assert count(children) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [(412, "about 410 more"), (-118, "about 120 fewer"), (43, "about 45 more"), (3, "about as many")],
)
def test_a_change_is_rounded_and_has_its_direction(change, words):
    assert about_more(change) == words


@pytest.mark.parametrize(
    ("low", "high", "words", "brief"),
    [
        (250, 590, "between 250 and 590 more", "250 to 590"),
        (-250, -120, "between 120 and 250 fewer", "120 to 250 fewer"),
        (-22, 31, "between 20 fewer and 30 more", "20 fewer to 30 more"),
    ],
)
def test_a_range_has_its_direction(low, high, words, brief):
    assert between(low, high) == words
    assert change_words({"mean": (low + high) / 2, "p10": low, "p90": high}).endswith(f"({brief})")


@pytest.mark.parametrize(
    ("share", "words", "brief"),
    [
        (0, "less than 1 chance in 20", "under 1 in 20"),
        (0.06, "1 chance in 10", "1 in 10"),
        (0.74, "7 chances in 10", "7 in 10"),
        (0.95, "9 chances in 10", "9 in 10"),
        (1, "more than 19 chances in 20", "over 19 in 20"),
    ],
)
def test_a_chance_is_never_certain(share, words, brief):
    assert chances(share) == words
    assert chances_in_brief(share) == brief
