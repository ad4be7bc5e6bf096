"""Why a scenario of the page "What if?" changes a figure: a bar for each of its levers."""

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from forecast.decide.waterfall import Waterfall
from forecast.decide.why import NO_POUNDS
from forecast.errors import ForecastError
from forecast.report.money import MILLION
from forecast.report.phrases import capped
from forecast.report.waterfall_tables import Step, waterfall_table
from forecast.report.waterfall_words import figure, notes, sentences, signed
from forecast.views import what_if_drawings as drawings
from forecast.views.plain import bullets, plain, say

MINUS: Final = "\u2212"
"""A sign after which no line breaks."""


def why_part(explain: Callable[[], Sequence[Waterfall]]) -> None:
    """The causes of each change, once they are asked for.

    Parameters
    ----------
    explain : works them out
    """
    st.subheader("Which lever does what?", anchor=False)
    if not st.checkbox("Work out each lever's share of the change", key="what if why"):
        return
    try:
        with st.spinner("Working out each lever's share"):
            found = explain()
    except ForecastError as error:
        say(error, "The shares cannot be told:")
        return
    for number, waterfall in enumerate(found):
        st.markdown(f"**{plain(capped(waterfall.outcome.words))}**")
        told = sentences(waterfall)
        bullets(told)
        axis = "million pounds a year" if waterfall.outcome.pounds else ""
        drawing = drawings.steps(bars_of(waterfall), axis)
        st.altair_chart(drawing, theme=None, alt=" ".join(told), key=f"what if why {number}")
        st.table(why_table(waterfall), alt=f"{capped(waterfall.outcome.words)}, lever by lever")
    missing = [] if any(waterfall.outcome.pounds for waterfall in found) else [NO_POUNDS]
    bullets(dict.fromkeys([*missing, *(note for waterfall in found for note in notes(waterfall))]))


def bars_of(waterfall: Waterfall) -> pd.DataFrame:
    """A row a cause, each beginning where the one before ends, and one for the whole change.

    Returns
    -------
    columns line, low, high (from no change; in millions of pounds, or in children), said, level (the whole change)
    """
    table = waterfall_table(waterfall)
    unit = MILLION if waterfall.outcome.pounds else 1
    start, end = (float(table.loc[table["step"] == step, "to"].iloc[0]) for step in (Step.START, Step.END))
    rows = [
        (capped(str(row["cause"])), row["from"] - start, row["to"] - start, row["effect"], False)
        for row in table[table["step"] == Step.CAUSE].to_dict("records")
    ]
    rows.append(("All together", 0.0, end - start, end - start, True))
    drawn = [
        (line, min(at, to) / unit, max(at, to) / unit, signed(waterfall, effect), level)
        for line, at, to, effect, level in rows
    ]
    return pd.DataFrame(drawn, columns=["line", "low", "high", "said", "level"])


def why_table(waterfall: Waterfall) -> pd.DataFrame:
    """A row a step: what it adds, and what that makes."""
    table = waterfall_table(waterfall)
    rows = table[table["step"].isin([Step.START, Step.CAUSE, Step.END])].to_dict("records")
    adds = ["" if pd.isna(row["effect"]) else signed(waterfall, row["effect"]) for row in rows]
    makes = [plain(figure(waterfall, row["to"])) for row in rows]
    names = [plain(capped(str(row["cause"]))) for row in rows]
    return pd.DataFrame({"Adds": [plain(told.replace("-", MINUS, 1)) for told in adds], "Makes": makes}, index=names)
