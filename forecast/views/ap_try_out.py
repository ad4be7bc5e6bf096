"""The way from the calculator to the page "What if?": what its sliders say, laid out there as levers."""

from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from forecast.domain import ALL, academic_year
from forecast.projection import Projection
from forecast.views.ap_calculator import TryOut
from forecast.views.ap_sums import Who
from forecast.views.ap_tables import this_year
from forecast.views.what_if_levers import Setting
from forecast.views.what_if_state import begin


def way_to_try(page: StreamlitPage) -> TryOut:
    """What puts the way to the page "What if?" under the calculator."""

    def put(projection: Projection, who: Who, arrivals: int, stay: int) -> None:
        levers = levers_of(who, arrivals, stay, next_year(projection))
        if not levers:
            st.page_link(page, label="All levers, with ranges: What if?", icon=":material/arrow_forward:")
            return
        if st.button("See this with its range in What if?", type="primary", key="ap try out"):
            begin(projection.world.value, *levers)
            st.switch_page(page)
        if stay:
            st.markdown("There, a change in stays is for whoever arranges the place.")

    return put


def next_year(projection: Projection) -> int:
    """January of the first school year in which something can change."""
    return min(this_year(projection) + 1, int(projection.demand["year"].to_numpy()[-1]))


def levers_of(who: Who, arrivals: int, stay: int, first: int) -> list[Setting]:
    """What the sliders say, as a scenario file writes it.

    Parameters
    ----------
    arrivals, stay : changes in hundredths
    first : January of the first school year in which something can change
    """
    whom: dict[str, Any] = {
        field: [label] for field, label in (("key_stage", who.key_stage), ("reason", who.reason)) if label != ALL
    }
    since = {"from": academic_year(first)}
    found: list[Setting] = []
    if arrivals:
        coming = {"kind": "ap_scale_arrivals", **since, "factor": (100 + arrivals) / 100, **whom}
        found.append(coming | {"setting": [who.setting]})
    if stay:
        found.append({"kind": "ap_shorten_stays", **since, "factor": (100 + stay) / 100, **whom})
    return found
