"""The page "Alternative provision": children with a plan and without, the places that they take, and what drives them.

Each part shows a sentence, a drawing and a table of the same figures, all from `report.ap_tables` and `ap_words`.
"""

from collections.abc import Callable
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from forecast.ap.forecast import ApForecast
from forecast.domain import ApSetting, Provision, academic_year
from forecast.projection import Projection
from forecast.report.ap_card_numbers import ApCard
from forecast.report.ap_middle import drawn, hardly_moves, in_brackets, shown, widens
from forecast.report.ap_tables import ap_table, counted_settings, everyone_table
from forecast.report.ap_words import ap_basis, ap_reading
from forecast.report.phrases import FEW, MARKING, RANGE, area_name, condition, count
from forecast.report.tables import year_ahead
from forecast.views import ap_reasons as reasons
from forecast.views import ap_tables as tables
from forecast.views import drawings
from forecast.views.ap_calculator import TryOut, calculator
from forecast.views.ap_drawings import bars_and_marks
from forecast.views.ap_past import past_part
from forecast.views.enough import enough_part
from forecast.views.places import HEADLINE, TO_QUOTE
from forecast.views.plain import bullets, plain

TITLE: Final = "Alternative provision"
BESIDE: Final = "Children without a plan fill these too"
"""What the way to the page is called beside figures of children with a plan."""
ADD_FILES: Final = (
    "Nothing is known of this area's alternative provision for children without a plan: add ap_rolls.csv (children on "
    "roll each January) or, from the council's own records, ap_arrivals.csv and ap_stays.csv to its folder, then "
    "reload the page."
)
WHAT_IT_IS: Final = (
    "Alternative provision (AP) is schooling for children who cannot be in a mainstream or special school for a time: "
    "after an exclusion, to prevent one, when ill, or while they wait for a place. Most have no education, health and "
    "care plan."
)
WORKED_BACK: Final = (
    "Only January rolls are published. Who comes and why is worked back from them with stays and reasons that are "
    "assumed, so the places rest on counts, but how they come about does not."
)
ASSUMED: Final = (
    "How many places there are is not in this area's files: those listed are the ones that children fill. So nothing "
    "here says that there are too few. Add AP schools with their places to places.csv, and this page will."
)
ON_A_PHONE: Final = (
    "<style>.ap-narrow {display: none} @media (max-width: 640px) {.ap-narrow {display: block}}</style>"
    '<p class="ap-narrow">Tables of this page are wider than this screen: move them sideways for later years.</p>'
)
"""What is said where tables do not fit; nothing on a wider screen."""


def ap_page(projection: Projection, try_out: TryOut, trusted: Callable[[], None], past: Callable[[], ApCard]) -> None:
    """Children in alternative provision, now and ahead, the places that takes, and a sum that anyone can follow.

    Parameters
    ----------
    try_out : shows a way to the page "What if?", as for `calculator`
    trusted : shows a way to the page on trust
    past : reads what past forecasts came to
    """
    st.title(TITLE, anchor=False)
    if projection.about.confidential:
        st.error(plain(MARKING))
    ap = projection.ap
    if ap is None:
        st.markdown(plain(ADD_FILES))
        return
    first, *rest = ap_reading(projection)
    st.html(f'<p style="{HEADLINE}">{escape(first)}</p>')
    st.markdown(plain(f"{WHAT_IT_IS} {_basis(projection)}"))
    bullets(rest)
    table, everyone = ap_table(projection, ap), everyone_table(projection, ap)
    _children(projection, everyone)
    setting = _chosen(ap)
    _places(projection, table, everyone, setting)
    _enough(projection, everyone, setting)
    _drivers(projection, ap, table, setting)
    st.header("What if fewer came, or stayed for less time?", anchor=False)
    calculator(ap, projection, setting, try_out)
    past_part(past)
    st.header("What do these figures rest on?", anchor=False)
    bullets(ap_basis(projection))
    trusted()


def _basis(projection: Projection) -> str:
    """Which area it is, what is assumed, and how many futures stand behind the figures."""
    draws = projection.settings.draws
    quick = "" if draws >= TO_QUOTE else f": a quick look; figures to quote need {TO_QUOTE}"
    return (
        f"This page is on {area_name(projection.about)}. Scenario {projection.scenario}: {projection.scenario_why} "
        f"Worked out from {draws} possible futures{quick}."
    )


def _children(projection: Projection, everyone: pd.DataFrame) -> None:
    """Who is where, with a plan and without."""
    now, then = (academic_year(year) for year in (tables.this_year(projection), year_ahead(projection)))
    st.header("How many children are in alternative provision?", anchor=False)
    rows = tables.compared(projection, everyone)
    most = max(rows.to_dict("records"), key=lambda row: float(row["bar"]))
    reading = (
        f"Children on an average day, by who arranges their place. The most: {most['line']}, with {count(most['bar'])} "
        f"in {then} and {count(most['mark'])} in {now}."
    )
    st.markdown(plain(reading))
    st.altair_chart(bars_and_marks(rows), theme=None, alt=reading, key="drawing of children")
    st.markdown(
        f"Bar: {then}, in the middle of the futures, with {RANGE} that it is within the range in brackets. Mark across "
        f"it: {now}."
    )
    st.html(ON_A_PHONE)
    st.table(tables.who_is_where(projection, everyone), alt="Children in alternative provision, by school year")
    st.markdown(
        "Under each number, its range. AP schools are pupil referral units, AP academies and AP free schools. "
        "Paid for elsewhere: independent schools, tutors and other providers. Children with a plan whom those teach "
        "are among the other kinds of place, on the first page."
    )


def _chosen(ap: ApForecast) -> str:
    """Who arranges the places that are told; nothing to choose where one count is all that is known."""
    st.header("How many places does that take?", anchor=False)
    known = counted_settings(ap)
    return st.selectbox("Who arranges the places", known, format_func=tables.NAMES.__getitem__, key="ap setting")


def _places(projection: Projection, table: pd.DataFrame, everyone: pd.DataFrame, setting: str) -> None:
    """Average, fullest month and headroom, by school year and by key stage."""
    name, now, then = tables.NAMES[setting], tables.this_year(projection), year_ahead(projection)
    rows = tables.wanted_by_year(everyone, setting)
    ahead, listed = drawn(rows[rows["year"] >= now]), tables.listed(projection, setting)
    reading = _reading(projection, rows, name)
    st.markdown(plain(reading))
    if listed:
        ahead = ahead.assign(places=ahead["year"].map(listed))
    st.altair_chart(drawings.line_with_range(ahead, then), theme=None, alt=reading, key="drawing of places")
    dashed = " Dashed line: places that there are." if listed else ""
    st.markdown(
        f"First dot: {academic_year(now)}. Line: the middle of the futures. Shaded: {RANGE} that the number lies "
        f"within.{dashed}"
    )
    shown = tables.places_by_year(projection, table, everyone, setting, listed)
    st.table(shown, alt=f"{name}: places, by school year")
    st.markdown(
        "Places are full-time: two children who come for half of the week fill one. On average is over the school "
        "year; the fullest month is what has to be there; some are kept free above it, so that a child who must be "
        "taken can be."
    )
    stages = tables.by_key_stage(projection, table, setting)
    if not stages.empty:
        st.subheader(f"{plain(name)}: places for children without a plan, by key stage", anchor=False)
        st.table(stages, alt=f"{name}: places for children without a plan, by key stage")
        st.markdown(f"Key stages that stay under {FEW} places are left out.")


def _reading(projection: Projection, rows: pd.DataFrame, name: str) -> str:
    """What the drawing of places shows."""
    now, then = tables.this_year(projection), year_ahead(projection)
    at, if_so = tables.yearly(rows), condition(projection, then)
    row = at[then]
    middle = "the middle hardly changes while the range widens"
    more = (
        middle if hardly_moves(at[now], row) and widens(at[now], row) else f"{shown(at[now])} in {academic_year(now)}"
    )
    return (
        f"{name}: {if_so}{', ' if if_so else ''}{shown(row)} places would be filled or kept free in the fullest month "
        f"of {academic_year(then)}{in_brackets(row)}; {more}."
    )


def _enough(projection: Projection, everyone: pd.DataFrame, setting: str) -> None:
    """Whether that is more than there are; where places are assumed, how many more than now."""
    if setting != ApSetting.AP_SCHOOL:
        return
    labels = projection.about.means(Provision.ALTERNATIVE)
    st.header("Is that more than there are?", anchor=False)
    if projection.places_assumed or not tables.listed(projection, setting):
        st.markdown(plain(ASSUMED))
        return
    st.markdown(plain(_against(projection, everyone, setting)))
    for label in labels:
        enough_part(projection, label)


def _against(projection: Projection, everyone: pd.DataFrame, setting: str) -> str:
    """Places wanted against those that there are, in the year that headlines speak of."""
    then = year_ahead(projection)
    wanted = tables.yearly(tables.wanted_by_year(everyone, setting))[then]
    return (
        f"In {academic_year(then)} AP schools will have {count(tables.listed(projection, setting)[then])} places; "
        f"{shown(wanted)} would be filled in the fullest month or kept free, in the middle of the futures."
    )


def _drivers(projection: Projection, ap: ApForecast, table: pd.DataFrame, setting: str) -> None:
    """Arrivals by reason times stay."""
    now = academic_year(tables.this_year(projection))
    found = reasons.reasons(projection, table, setting)
    if found.empty:
        return
    st.header("What drives it?", anchor=False)
    name, most = tables.NAMES[setting], str(found.index[0])
    reading = (
        f"{name}, children without a plan, {now}: places follow from how many come and how long they stay. Most places "
        f"go to those who come for this reason: {reasons.reason_words(most).lower()}."
    )
    st.markdown(plain(reading))
    if ap.basis != "records":
        st.markdown(plain(WORKED_BACK))
    st.altair_chart(bars_and_marks(reasons.multiplied(found)), theme=None, alt=reading, key="drawing of reasons")
    st.markdown(
        "Bar: children on an average day. Places follow from children who come times days ÷ 365; each figure here is "
        "the middle of its own futures, so the sum may come out a little otherwise."
    )
    st.table(reasons.by_reason(found), alt=f"{name}: arrivals and stays by reason, {now}")
