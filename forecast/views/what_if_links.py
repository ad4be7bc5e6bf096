"""Ways from a page to another: to the page "What if?", one for each lever that is asked about most, and to any page."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from forecast.views.what_if_levers import QUICK
from forecast.views.what_if_question import START


def links(page: StreamlitPage) -> Callable[[], None]:
    """What puts the ways to a page on another."""

    def put() -> None:
        for kind, quick in QUICK.items():
            st.page_link(page, label=quick.words, icon=":material/arrow_forward:", query_params={START: kind})

    return put


def way_to(page: StreamlitPage, words: str) -> Callable[[], None]:
    """What puts the way to a page on another.

    Parameters
    ----------
    words : what it is called there
    """

    def put() -> None:
        st.page_link(page, label=words, icon=":material/arrow_forward:")

    return put
