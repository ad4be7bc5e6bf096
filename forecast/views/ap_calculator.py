"""The calculator of the page on alternative provision: arrivals, stays, and the places that they fill.

It is the sum of expected values and no new forecast, so that it moves at once; the page "What if?" has the ranges.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from forecast.ap.forecast import ApForecast
from forecast.ap.little import DAYS
from forecast.domain import ALL, ApSetting, academic_year
from forecast.projection import Projection
from forecast.report.ap_where import sent_by_schools
from forecast.report.phrases import FEW, count, uncapped
from forecast.views.ap_drawings import bars_and_marks
from forecast.views.ap_reasons import TIMES, reason_words
from forecast.views.ap_sums import Sum, Who, changed, sum_of, worth_a_sum
from forecast.views.ap_tables import stage_words, years_shown
from forecast.views.plain import plain

TryOut: TypeAlias = Callable[[Projection, Who, int, int], None]
"""Shows the way to the page "What if?" for some children, with changes in arrivals and in stays, in hundredths."""
MOST: Final = 50
"""Hundredths by which arrivals and stays can be moved either way."""
STEP: Final = 5
NOW, THEN = "As forecast", "With your changes"
WHAT_IT_IS: Final = (
    "This is the middle of the forecast's futures, rounded and multiplied: no new forecast, and no range. Middles do "
    "not quite multiply or add up, and where something changes, those who came before stay on for a time: one step "
    "makes up for both. A change counts in full once it has gone on for longer than a stay lasts."
)


@st.fragment
def calculator(ap: ApForecast, projection: Projection, setting: str, try_out: TryOut) -> None:
    """Sliders, and at once the places that arrivals and stays make.

    Parameters
    ----------
    setting : who arranges the places, a label of `setting`
    try_out : shows the way to the page "What if?"
    """
    who = _who(ap, projection, setting)
    if who is None:
        st.markdown(f"Fewer than {FEW} children come in a year: too few for a sum.")
        return
    left, right = st.columns(2)
    arrivals = _slider(left, "Arrivals: fewer or more", "ap arrivals")
    stay = _slider(right, "Stays: shorter or longer", "ap stays")
    before = sum_of(ap, who)
    after = changed(before, arrivals, stay)
    reading = reading_of(before, after, arrivals, stay)
    st.markdown(f"**{plain(reading)}**")
    st.altair_chart(bars_and_marks(_bars(before, after)), theme=None, alt=reading, key="drawing of the sum")
    st.markdown(f"Bar: {uncapped(THEN)}. Mark across it: {uncapped(NOW)}. Children without a plan only.")
    st.table(steps(before, after), alt="The sum, step by step")
    st.markdown(plain(f"{WHAT_IT_IS} {_left_out(ap, who)}".strip()))
    try_out(projection, who, arrivals, stay)


def reading_of(before: Sum, after: Sum, arrivals: int, stay: int) -> str:
    """What the changes do to the places wanted.

    Parameters
    ----------
    arrivals, stay : changes in hundredths
    """
    if not arrivals and not stay:
        return f"As forecast, {_wanted(before)} places would be filled in the fullest month{_free(before)}."
    moved = [
        f"{abs(by)}% {less if by < 0 else more}"
        for by, less, more in (
            (arrivals, "fewer arrivals", "more arrivals"),
            (stay, "shorter stays", "longer stays"),
        )
        if by
    ]
    fewer = before.whole - after.whole
    number = count(abs(fewer)) if abs(fewer) >= FEW else "a few"
    change = f"{number} {'fewer' if fewer > 0 else 'more'}" if fewer else "as many"
    return (
        f"With {' and '.join(moved)}, {_wanted(after)} places would be filled in the fullest month{_free(after)}, in "
        f"place of {_wanted(before)}: {change}."
    )


def _free(one: Sum) -> str:
    return f", with {one.headroom:.0%} kept free" if one.headroom else ""


def steps(before: Sum, after: Sum) -> pd.DataFrame:
    """The sum, a row a step, as things are and with the changes."""
    columns = {NOW: _cells(before), THEN: _cells(after)}
    return pd.DataFrame({plain(name): {plain(step): cell for step, cell in of.items()} for name, of in columns.items()})


def _cells(one: Sum) -> dict[str, str]:
    part_week = {f"{TIMES} {one.week:.2f} of a full week = full-time places": count(round(one.average))}
    evened = {f"{TIMES} {one.evened:.3f} = as the tables have it": count(round(one.fullest))}
    return {
        "Children who come in a year": count(one.arrivals),
        f"{TIMES} days that each stays, on average": f"{one.days:,}",
        f"÷ {DAYS} days = children on an average day": count(round(one.on_roll)),
        **(part_week if one.week != 1 else {}),
        f"{TIMES} {one.peak:.2f} = places filled in the fullest month": count(round(one.own)),
        **_cells_of_sent(one),
        **(evened if one.evened != 1 else {}),
        f"+ {one.headroom:.0%}, kept free = places": _wanted(one),
    }


def _cells_of_sent(one: Sum) -> dict[str, str]:
    """Places of children whom their schools send for part of the week, which no slider moves; none where none are."""
    if not one.sent:
        return {}
    words = "+ places of those whom schools send part-week" if one.sent > 0 else "- places of theirs in AP schools"
    return {words: count(abs(one.sent))}


def _left_out(ap: ApForecast, who: Who) -> str:
    """That those whom schools send are not in a sum of one reason; empty where they are, or where there are none."""
    told = who.setting != ApSetting.LA_FUNDED and sent_by_schools(ap) is not None and who.reason != ALL
    return (
        "Children sent to AP schools for part of the week are not told by reason: they are not in it." if told else ""
    )


def _bars(before: Sum, after: Sum) -> pd.DataFrame:
    levels = {
        "Full-time places filled on an average day": (before.average, after.average),
        "Filled in the fullest month": (before.fullest, after.fullest),
        f"Places, with {before.headroom:.0%} kept free": (before.whole, after.whole),
    }
    rows = [
        {"line": line, "bar": new, "mark": old, "said": f"{count(round(new))} (as forecast: {count(round(old))})"}
        for line, (old, new) in levels.items()
    ]
    return pd.DataFrame(rows)


def _wanted(one: Sum) -> str:
    return count(one.whole)


def _who(ap: ApForecast, projection: Projection, setting: str) -> Who | None:
    """Children whom the user chooses; None where too few come for a sum."""
    left, middle, right = st.columns(3)
    year = left.selectbox("School year", list(years_shown(projection)), format_func=academic_year, key="ap year")
    who = Who(setting, year)
    stages = worth_a_sum(ap, who, "key_stage")
    if not stages:
        return None
    stage = middle.selectbox("Key stage", [ALL, *stages], format_func=stage_words, key="ap key stage")
    who = replace(who, key_stage=stage)
    reasons = [ALL, *worth_a_sum(ap, who, "reason")]
    return replace(who, reason=right.selectbox("Why they come", reasons, format_func=reason_words, key="ap reason"))


def _slider(column: DeltaGenerator, label: str, key: str) -> int:
    return int(column.slider(label, -MOST, MOST, 0, STEP, format="%d%%", key=key))
