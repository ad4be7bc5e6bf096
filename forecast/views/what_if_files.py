"""Scenarios of the page "What if?" as files: to start from, to load, to save, to compare."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.yaml_text import LARGEST
from forecast.report.run_folder import slug
from forecast.scenario.scenario import Scenario
from forecast.views.plain import plain, say
from forecast.views.what_if_state import MOST_KEPT, Sheet, drop, keep, kept, lay_scenario

MEGABYTE: Final = 1
"""The largest file that the page takes."""
_SAID: Final = "what if: said of a file"


def files_part(laid: Sheet, worked: Mapping[str, Scenario], read: Callable[[bytes], Scenario]) -> None:
    """Start from a scenario that ships, load one, save this one, and put it aside to compare.

    Parameters
    ----------
    worked : name of a file -> a scenario that ships and fits the area
    read : reads a scenario file
    """
    with st.expander("Start from a worked scenario, load or save", key="what if files"):
        if worked:
            said = {stem: scenario.name for stem, scenario in worked.items()}
            name = st.selectbox("Worked scenario", list(said), format_func=said.__getitem__, key="what if worked")
            st.markdown(plain(worked[name].why))
            st.button("Start from it", on_click=lambda: lay_scenario(worked[name]), key="what if use")
        st.file_uploader(
            "Load a scenario file (YAML, up to 1 MB)",
            ["yaml", "yml"],
            key="what if file",
            max_upload_size=MEGABYTE,
            on_change=lambda: _load(read),
        )
        if error := st.session_state.get(_SAID):
            say(error, "The file is not loaded. Mend this, then load it again:")
        st.download_button(
            "Save this scenario",
            laid.text,
            file_name=f"{slug(laid.name) or 'scenario'}.yaml",
            mime="application/yaml",
            on_click="ignore",
            key="what if save",
        )
        st.markdown("The file holds the levers and what they rest on, and no figure of any child.")
    _kept(laid)


def _kept(laid: Sheet) -> None:
    """Put this scenario aside to compare, and those that are there."""
    others = [each for each in kept() if each.name != laid.name]
    full = len(others) >= MOST_KEPT
    st.button(
        "Keep this one to compare",
        on_click=lambda: keep(laid),
        key="what if keep",
        disabled=full or not laid.drafts,
        help=plain(f"Up to {MOST_KEPT}; one of the same name is replaced." if not full else "Take one out first."),
    )
    for each in kept():
        st.button(f"Compare no longer: {plain(each.name)}", on_click=drop, args=(each.name,), key=f"drop {each.name}")


def _load(read: Callable[[bytes], Scenario]) -> None:
    """Lay out the scenario of the file that was given, or keep what is wrong with it."""
    st.session_state[_SAID] = None
    file = st.session_state["what if file"]
    if file is None:
        return
    try:
        if file.size > LARGEST:
            what = "it is larger than 1 MB"
            raise InputFaults([Fault("the file", 0, "", what, "take out what is not the scenario's")])
        lay_scenario(read(file.getvalue()))
    except ForecastError as error:
        st.session_state[_SAID] = error
