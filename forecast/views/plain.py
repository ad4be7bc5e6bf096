"""Words for the screen: what a user wrote is shown as it is written, and never as markup."""

import re
from collections.abc import Iterable
from typing import Final

import streamlit as st

from forecast.errors import ForecastError

_MARKUP: Final = re.compile(r"([!-/:-@\[-`{-~])")
"""Every sign that Markdown may read as more than itself."""
LINE_BREAK: Final = "  \n"
"""Starts a new line within a cell or a heading of a table."""


def plain(words: str) -> str:
    """`words` as Markdown that shows them unchanged: no picture, link, formula or colour in a name or a note."""
    return _MARKUP.sub(r"\\\1", words)


def bullets(sentences: Iterable[str]) -> None:
    """Show a list of sentences."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def say(error: ForecastError, what: str) -> None:
    """Show what is wrong with the user's input, a sentence a fault.

    Parameters
    ----------
    what : sentence that says what could not be done.
    """
    faults = [fault for fault in str(error).splitlines() if fault.strip()]
    st.error("\n".join([plain(what), "", *(f"- {plain(fault)}" for fault in faults)]))
