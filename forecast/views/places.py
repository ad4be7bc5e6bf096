"""The first page: how many children will need a specialist place, against the census and the places there are.

Each part shows a sentence, a drawing and a table of the same figures, all of them from `report.tables`.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from forecast.domain import Provision, academic_year
from forecast.inputs.area import Area
from forecast.projection import Projection
from forecast.report.glossary import OPEN_LICENCE, STATUS, explained
from forecast.report.phrases import (
    FEW,
    MARKING,
    RANGE,
    Row,
    about_more,
    between,
    capped,
    census,
    condition,
    provision_words,
    rounded,
)
from forecast.report.tables import (
    CHILDREN,
    MORE,
    PLACES,
    RATE_APPLIED,
    TOTALS,
    needs_that_grow_most,
    places_table,
    special_rates_table,
    year_ahead,
)
from forecast.report.waiting import waiting_reading
from forecast.report.words import headline, needs_reading, notes, rates_reading
from forecast.settings import Settings
from forecast.views import drawings, screen_tables
from forecast.views.enough import enough_part
from forecast.views.outlines import Outlines
from forecast.views.plain import bullets, plain

TITLE: Final = "Are there enough places?"
HEADLINE: Final = "font-size: 1.4rem; font-weight: 600; line-height: 1.4; margin: 0"
MOST_BARS: Final = 6
"""Needs that are drawn; the table has them all."""
TO_QUOTE: Final[int] = Settings.model_fields["draws"].default
"""Futures that figures to quote are worked out from."""
RATES: Final = {
    "special_rate_schools": "Pupils at special schools, for each 100 pupils at schools in the area (published)",
    "special_rate_residents": "Plans in state or non-maintained special schools, for each 100 residents aged 4 to 17",
}
"""Definition of a special school rate -> its words."""


def places_page(
    area: Area,
    projection: Projection,
    ways_on: Callable[[], None] = lambda: None,
    without_plan: Callable[[], None] = lambda: None,
) -> None:
    """Places needed, by kind of place, phase, district and need, and what the figures rest on.

    Parameters
    ----------
    area : for its outlines and its published special school rates
    ways_on : shows ways to other pages, under the headline
    without_plan : shows the way to the page on alternative provision, where that is the kind of place
    """
    st.title(TITLE, anchor=False)
    if projection.about.confidential:
        st.error(plain(MARKING))
    st.html(f'<p style="{HEADLINE}">{escape(headline(projection))}</p>')
    st.markdown(plain(_basis(projection)))
    ways_on()
    kind = _chosen_kind(projection)
    _by_year_and_phase(projection, kind)
    if projection.ap is not None and kind in projection.about.means(Provision.ALTERNATIVE):
        without_plan()
    enough_part(projection, kind)
    if len(projection.about.districts) > 1:
        _by_district(projection, kind, area.boundaries)
    _by_need(projection)
    _against_england(projection, area.special_rates)
    if waits := waiting_reading(projection):
        st.header("Who waits for a plan?", anchor=False)
        bullets(waits)
    _sources(projection)


def _basis(projection: Projection) -> str:
    """Which census is compared with, what is assumed, and how many futures stand behind the figures."""
    base, draws = projection.base, projection.settings.draws
    now = max(projection.settings.current_year, base)
    return (
        f"Everything is compared with the census of {census(base)} (school year {academic_year(base)}), the "
        f"latest there is; this school year is {academic_year(now)}. "
        f"{capped(projection.in_world) + '. ' if projection.in_world else ''}Scenario {projection.scenario}: "
        f"{projection.scenario_why} Worked out from {draws} possible futures"
        f"{'' if draws >= TO_QUOTE else f': a quick look; figures to quote need {TO_QUOTE}'}."
    )


def _chosen_kind(projection: Projection) -> str:
    """Label of the kind of place that the user chooses."""
    st.header("How many children will need a place?", anchor=False)
    kinds = [*projection.about.planned, TOTALS["provision"]]
    return st.selectbox("Kind of place", kinds, format_func=lambda label: _words(projection, label), key="kind")


def _words(projection: Projection, kind: str) -> str:
    return capped(kind) if kind == TOTALS["provision"] else provision_words(projection.about, kind)


def _by_year_and_phase(projection: Projection, kind: str) -> None:
    """Sentence, drawing and tables of one kind of place."""
    table = places_table(projection)
    table = table[table["provision"] == kind]
    whole = table[table["phase"] == TOTALS["phase"]]
    lines = {str(measure): rows.set_index("year") for measure, rows in whole.groupby("measure", sort=False)}
    name, year = _words(projection, kind), year_ahead(projection)
    reading = _reading(projection, lines, name)
    st.markdown(plain(reading))
    drawn = lines[CHILDREN].reset_index()
    if PLACES in lines:
        drawn["places"] = drawn["year"].map(lines[PLACES]["mean"])
    st.altair_chart(drawings.line_with_range(drawn, year), theme=None, alt=reading, key="drawing of the kind")
    st.markdown(plain(_marks(projection, places=PLACES in lines)))
    st.table(screen_tables.by_year(projection, lines), alt=f"{name}, by school year")
    st.subheader(f"{plain(name)}, by phase", anchor=False)
    st.table(screen_tables.by_phase(projection, table), alt=f"{name}, by phase and school year")
    st.markdown(f"Under each number, its range: {RANGE}. Phases that stay under {FEW} children are left out.")


def _reading(projection: Projection, lines: Mapping[str, pd.DataFrame], name: str) -> str:
    """What the drawing of one kind of place shows."""
    year = year_ahead(projection)
    start, expected = condition(projection, year), lines[CHILDREN].to_dict("index")[year]["mean"]
    more: Row = lines[MORE].to_dict("index")[year]
    who = f"about {rounded(expected)} children" if expected >= FEW else f"fewer than {FEW} children"
    than = "as" if abs(more["mean"]) < FEW else "than"
    return (
        f"{name}: {start}{', ' if start else ''}{who} are expected to need a place in {academic_year(year)}, "
        f"{about_more(more['mean'])} {than} in {census(projection.base)}, with {RANGE} that it is "
        f"{between(more['p10'], more['p90'])}."
    )


def _marks(projection: Projection, *, places: bool) -> str:
    dashed = " Dashed line: places." if places else ""
    return f"First dot: {census(projection.base)}. Line: expected. Shaded: {RANGE} that the number lies within.{dashed}"


def _bars(projection: Projection) -> str:
    return f"Bar: children more than in {census(projection.base)}. Thin line: {RANGE} that it lies within."


def _by_district(projection: Projection, kind: str, outlines: Outlines | None) -> None:
    """How many more in each district: a map where there are outlines, else bars; with its words and a table."""
    about, year = projection.about, year_ahead(projection)
    table = places_table(projection, by=("provision", "district"))
    table = table[(table["provision"] == kind) & table["measure"].isin([CHILDREN, MORE])]
    table = table.rename(columns={"district": "label"})
    more = table[(table["year"] == year) & (table["measure"] == MORE) & table["label"].isin(about.district_names)]
    name, since = _words(projection, kind), census(projection.base)
    st.header(f"How many more in each district by {academic_year(year)}?", anchor=False)
    said = f"{name}: children more than in {since}, by district{_condition(projection)}. {_rests_on(projection)}"
    st.markdown(plain(said))
    if outlines is None:
        drawn = more.rename(columns={"label": "line"}).sort_values("mean", ascending=False, kind="stable")
        st.altair_chart(drawings.bars_with_range(drawn), theme=None, alt=said, key="bars of districts")
        st.markdown(plain(_bars(projection)))
    else:
        drawing = drawings.district_map(outlines, more.rename(columns={"label": "district"}))
        st.altair_chart(drawing, theme=None, alt=f"Map. {said} The table has the figures.", key="map")
        st.markdown("The darker the district, the more; its number is in it, and in the table.")
    names = {district: district for district in about.district_names}
    names[TOTALS["district"]] = capped(TOTALS["district"])
    st.table(screen_tables.by_label(projection, table, names), alt=f"{name}, by district. {_rests_on(projection)}")


def _condition(projection: Projection) -> str:
    start = condition(projection, year_ahead(projection))
    return f", {start}" if start else ""


def _rests_on(projection: Projection) -> str:
    """What district figures are, which stands wherever they do."""
    if projection.about.kind == "published":
        basis = RATE_APPLIED.replace("the county", projection.about.name)
        return f"Each figure is {basis}: modelled, not published."
    return "Each figure is of the district's own children."


def _by_need(projection: Projection) -> None:
    """Needs that grow most in specialist places."""
    about, year = projection.about, year_ahead(projection)
    grown = needs_that_grow_most(projection, year)
    reading = needs_reading(projection, grown)
    st.header("Which needs grow most?", anchor=False)
    st.markdown(plain(reading))
    drawn = grown.head(MOST_BARS)
    drawn = drawn.assign(line=[capped(about.need_name(need)) for need in drawn["need"]])
    st.altair_chart(drawings.bars_with_range(drawn), theme=None, alt=reading, key="bars of needs")
    st.markdown(plain(_bars(projection)))
    table = places_table(projection, by=("need",)).rename(columns={"need": "label"})
    names = {need: capped(about.need_name(need)) for need in grown["need"]}
    st.table(screen_tables.by_label(projection, table, names), alt="All specialist places, by main need")


def _against_england(projection: Projection, history: pd.DataFrame) -> None:
    """Special school rates against England's."""
    table = special_rates_table(projection, history)
    st.header("How does this compare with England?", anchor=False)
    bullets(rates_reading(projection, table))
    for definition, words in RATES.items():
        rows = table[table["definition"] == definition]
        if definition == "special_rate_residents":
            rows = rows[rows["year"].isin(projection.table_years.values())]
        if not rows.empty:
            st.markdown(f"**{plain(words)}**")
            st.table(screen_tables.of_rates(projection, rows), alt=words)


def _sources(projection: Projection) -> None:
    """What is published, inferred and assumed; and what the words mean."""
    st.header("What do these figures rest on?", anchor=False)
    bullets(notes(projection))
    st.subheader("Sources", anchor=False)
    published = [source for source in projection.about.sources if source.status not in STATUS]
    bullets([*(f"{source.table} ({source.status}): {source.source}" for source in published), OPEN_LICENCE])
    st.subheader("Words", anchor=False)
    st.markdown("\n".join(f"- **{plain(word)}**: {plain(meaning)}" for word, meaning in explained(projection).items()))
