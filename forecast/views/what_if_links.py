"""Ways from the first page to the page "What if?", one for each lever that is asked about most."""

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
