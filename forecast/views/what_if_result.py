"""What a scenario of the page "What if?" changes: sentences, a drawing a message, a table, and what it rests on."""

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from forecast.decide.compare import Compared, levels
from forecast.decide.measures import ALL_PAYERS, ALL_SPECIALIST, AP_SCHOOLS, Measure
from forecast.domain import academic_year
from forecast.fitted import PUBLISHED
from forecast.report.compare_ap_words import moves_ap, moves_only_ap
from forecast.report.compare_charts import MILLION
from forecast.report.compare_notes import comparison_notes
from forecast.report.compare_phrases import (
    dearer_or_cheaper,
    money_with_span,
    more_or_fewer,
    shown,
    shown_change,
    where,
    with_span,
)
from forecast.report.compare_show import LINES
from forecast.report.compare_tables import Tables, tables_of
from forecast.report.compare_words import kind_words, sentences, special_label
from forecast.report.phrases import BASELINE, MARKING, RANGE, Row, area_name, capped, census, count
from forecast.scenario.spending import Payer
from forecast.views import what_if_drawings as drawings
from forecast.views.places import HEADLINE, TO_QUOTE
from forecast.views.plain import LINE_BREAK, bullets, plain
from forecast.views.what_if_result_ap import ROOM, room_of_ap
from forecast.views.what_if_runs import of_one

AHEAD: Final = 5
"""Years ahead of this school year that are told at first."""


def year_part(found: Compared) -> int:
    """January that is chosen to be told."""
    years = list(found.years[1:])
    now = max(found.first.settings.current_year, found.first.base)
    first = years.index(min(now + AHEAD, years[-1]))
    return int(st.selectbox("School year", years, first, format_func=academic_year, key="what if year"))


def answer(found: Compared, year: int) -> Tables:
    """What the second scenario changes against the first; the first drawing comes before all else is worked out.

    Parameters
    ----------
    year : January that is told

    Returns
    -------
    every table of the comparison
    """
    above = st.container()
    of_ap = moves_only_ap(found)
    (_in_ap if of_ap else _children)(found, year)
    tables = tables_of(found)
    first, *rest = sentences(found, tables, year)
    with above:
        st.html(f'<p style="{HEADLINE}">{escape(first)}</p>')
        st.markdown(plain(basis(found)))
    bullets(rest)
    if not of_ap:
        _difference(found, tables, year)
        if moves_ap(found):
            _in_ap(found, year)
    _room(found, year, of_ap=of_ap)
    _pounds(tables, year)
    st.subheader(f"Figures of {academic_year(year)}", anchor=False)
    table_part(found, tables, year)
    return tables


def rests_on(found: Compared, tables: Tables) -> None:
    """What the figures rest on."""
    with st.expander("What do these figures rest on?", key="what if rests on"):
        bullets(note for note in comparison_notes(found, tables) if note != MARKING)


def basis(found: Compared) -> str:
    """What is compared, on how many futures."""
    draws = found.first.settings.draws
    quick = "" if draws >= TO_QUOTE else f": a quick look; for figures to quote choose {TO_QUOTE} at the side"
    made = "modelled from published figures" if found.about.kind == PUBLISHED else "from the area's own counts"
    return (
        f"{area_name(found.about)}, {made}. Set against the scenario chosen at the side of the page: "
        f"{_called(found.names[0])}. Latest census: {census(found.first.base)}. "
        f"Worked out from {draws} possible futures, the same in both{quick}."
    )


def table_part(found: Compared, tables: Tables, year: int) -> None:
    """A row a figure, a column a scenario: the figure, and under it how far it is from the first, with its range."""
    label = special_label(found)
    named = {(Measure.CHILDREN, label): f"children in {kind_words(found, label)}"} | LINES
    figures = {name: tables.of(name, year) for name in found.names}
    changed = {name: tables.changed(name, year) for name in found.names[1:]}
    rows = {}
    for key, words in named.items():
        if all(key in figures[name] for name in found.names):
            cells = {_heading(name): plain(shown(figures[name][key])) for name in found.names}
            for name in found.names[1:]:
                if key in changed[name]:
                    cells[_heading(name)] += LINE_BREAK + plain(shown_change(changed[name][key]).replace("\n", " "))
            rows[capped(words)] = cells
    st.table(pd.DataFrame.from_dict(rows, orient="index"), alt=f"Scenarios side by side in {academic_year(year)}")
    st.markdown(f"Under a number, how far it is from {plain(_called(found.names[0]))}, with {RANGE}.")


def lines_part(found: Compared, year: int, measure: Measure, label: str, what: str) -> None:
    """A line for each scenario, with its sentence.

    Parameters
    ----------
    what : is counted, for the inside of a sentence
    """
    rows = levels(of_one(found, measure, label)).rename(columns={"scenario": "name"})
    whole = rows["mean"].clip(lower=0).round()
    kept = rows.assign(mean=whole, number=whole.map(count))
    drawn = kept.assign(
        said=[f"{row['number']} in {row['academic_year']}" for row in kept.to_dict("records")],
        words=[capped(_called(name)) for name in kept["name"]],
    )
    then = drawn[drawn["year"] == year].to_dict("records")
    reading = f"{capped(what)} in {academic_year(year)}: {'; '.join(_at(row) for row in then)}."
    st.markdown(plain(reading))
    key = f"what if {measure.name} {len(found.names)}"
    st.altair_chart(drawings.lines(drawn), theme=None, alt=f"{reading} The table has the figures.", key=key)


def _children(found: Compared, year: int) -> None:
    """Children in special schools with and without it."""
    label = special_label(found)
    lines_part(found, year, Measure.CHILDREN, label, f"children in {kind_words(found, label)}")


def _in_ap(found: Compared, year: int) -> None:
    """Places in AP schools with and without it."""
    st.subheader("How many places in alternative provision?", anchor=False)
    what = "full-time places in AP schools with headroom, for children with a plan and without"
    lines_part(found, year, Measure.AP_PLACES, AP_SCHOOLS, what)


def _difference(found: Compared, tables: Tables, year: int) -> None:
    """How many more or fewer, by school year."""
    label = special_label(found)
    st.subheader("How large is the difference, and how sure?", anchor=False)
    rows = _of(tables.differences, Measure.CHILDREN, label)
    drawn = rows.assign(said=rows["mean"].map(more_or_fewer))
    [then] = rows[rows["year"] == year].to_dict("records")
    reading = (
        f"Children in {kind_words(found, label)} in {academic_year(year)}, against {_called(found.names[0])}: "
        f"{with_span(then)}. "
        f"Line: expected. Shaded: {RANGE} that the difference lies within. Dashed: no difference."
    )
    st.markdown(plain(reading))
    drawing = drawings.difference(drawn, year)
    st.altair_chart(drawing, theme=None, alt=reading, key="what if difference")


def _room(found: Compared, year: int, *, of_ap: bool) -> None:
    """Children without a place, or beyond the places filled now: of AP schools where nothing else is asked about."""
    told = found.measured[0]
    if Measure.SHORT in told:
        st.subheader("How many would be without a place?", anchor=False)
        _room_lines(found, year, Measure.SHORT, "children without a specialist place", of_ap=of_ap)
    if Measure.MORE in told:
        st.subheader("How many more than the places filled now?", anchor=False)
        _room_lines(
            found, year, Measure.MORE, "children with a plan beyond the specialist places filled now", of_ap=of_ap
        )
        since = census(found.first.base)
        st.markdown(f"Now is {since}, plus places that a scenario adds. No school is called full: places are assumed.")


def _room_lines(found: Compared, year: int, measure: Measure, what: str, *, of_ap: bool) -> None:
    """A line for each scenario: of every specialist kind of place, or of AP schools where they are told."""
    room = room_of_ap(found) if of_ap else None
    if room is None:
        lines_part(found, year, measure, ALL_SPECIALIST, what)
    else:
        lines_part(found, year, *room, ROOM[room[0]])


def _pounds(tables: Tables, year: int) -> None:
    """What it costs more or less, by who pays."""
    st.subheader("What would it cost, and who would pay?", anchor=False)
    changed = tables.differences
    rows = changed[changed["measure"].eq(Measure.POUNDS.value) & changed["year"].eq(year)]
    by = {row["of"]: row for row in rows.to_dict("records")}
    payers = [by[payer.value] for payer in Payer]
    told = [f"{row['of']}, {dearer_or_cheaper(row['mean'])}" for row in payers]
    reading = f"In {academic_year(year)}, {money_with_span(by[ALL_PAYERS])} in all: {'; '.join(told)}."
    st.markdown(plain(reading))
    drawn = pd.DataFrame(
        {
            "line": [capped(row["of"]) for row in payers],
            "said": [money_with_span(row).replace(f"{RANGE}: ", "") for row in payers],
            **{end: [row[end] / MILLION for row in payers] for end in ("mean", "p10", "p90")},
        }
    )
    chart = drawings.bars(drawn, "million pounds a year")
    st.altair_chart(chart, theme=None, alt=f"{reading} The table has the figures.", key="what if pounds")
    st.markdown(f"Bar: more or less than without it. Thin line, and in brackets: {RANGE} that it lies within.")


def _of(table: pd.DataFrame, measure: Measure, label: str) -> pd.DataFrame:
    return table[table["measure"].eq(measure.value) & table["of"].eq(label)].reset_index(drop=True)


def _called(name: str) -> str:
    """A scenario for the inside of a sentence: the trend by that name."""
    return "the trend" if name == BASELINE else name


def _heading(name: str) -> str:
    return plain(capped(_called(name)))


def _at(row: Row) -> str:
    return f"{row['number']} {where(str(row['name']))}"
