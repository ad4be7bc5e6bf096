"""The part of the page on alternative provision that says how far out past forecasts were, and how little that is."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from forecast.ap.origins import HORIZONS
from forecast.backtest.ap import NATIONAL, NO_CHANGE
from forecast.backtest.cells import OURS
from forecast.errors import ForecastError
from forecast.report.ap_card_numbers import SERIES, ApCard, hits_of, mean_errors
from forecast.report.ap_card_words import how_weak
from forecast.report.card_words import NUMBERS
from forecast.report.phrases import capped
from forecast.views.plain import LINE_BREAK, bullets, plain, say


def past_part(read: Callable[[], ApCard]) -> None:
    """Errors of past forecasts and the ranges that held, and how weak the evidence is.

    Parameters
    ----------
    read : the tables of the backtest
    """
    st.header("How far out were past forecasts?", anchor=False)
    try:
        card = read()
    except ForecastError as error:
        say(error, "Nothing can be said about past forecasts of alternative provision yet:")
        return
    bullets(readings(card))
    st.table(errors(card), alt="How far out past forecasts were, and how often the range held, by years ahead")
    st.markdown(
        "Out by: add up by how many children each authority's forecast was out, and divide by the children that came. "
        "No change: what anybody could have assumed. England's growth: the last count, grown as all of England had. "
        "Held: outcomes that lay in the range, of which there should be 8 in 10."
    )
    with st.expander("How weak is this evidence?", key="ap weak"):
        for paragraph in how_weak(card.scores, card.settings):
            st.markdown(paragraph)


def readings(card: ApCard) -> list[str]:
    """How far out forecasts of each count were as far ahead as any was tried, in a sentence."""
    means, ahead = mean_errors(card.scores), max(HORIZONS)
    return [
        f"{capped(name)}: {NUMBERS[ahead]} ahead, forecasts were out by {means[series, OURS, ahead]:.0%}; assuming no "
        f"change, by {means[series, NO_CHANGE, ahead]:.0%}."
        for series, name in SERIES.items()
    ]


def errors(card: ApCard) -> pd.DataFrame:
    """A row a count, a column for years ahead: how far out, beside two simple rules, and outcomes in the range."""
    means = mean_errors(card.scores)
    rows = {
        plain(capped(name)): {
            f"{capped(NUMBERS[ahead])} ahead": LINE_BREAK.join(
                [
                    f"out by {means[series, OURS, ahead]:.0%}",
                    f"no change: {means[series, NO_CHANGE, ahead]:.0%}",
                    f"England's growth: {means[series, NATIONAL, ahead]:.0%}",
                    f"held {hits_of(card.coverage, series, ahead)}",
                ]
            )
            for ahead in HORIZONS
        }
        for series, name in SERIES.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
