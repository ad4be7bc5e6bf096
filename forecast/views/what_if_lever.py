"""One lever on the page "What if?": what it does, its settings, and what they rest on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from forecast.domain import academic_year
from forecast.scenario.lever_names import name_of
from forecast.views.plain import plain
from forecast.views.what_if_controls import Asked, spread
from forecast.views.what_if_evidence import evidence_part
from forecast.views.what_if_fields import control_of, default_in, more_of, most_of, when_and_whom
from forecast.views.what_if_levers import Setting, does, fields_of, main_of
from forecast.views.what_if_reach import Reach
from forecast.views.what_if_settings import setting
from forecast.views.what_if_state import Draft


def lever_part(
    draft: Draft, place: int, reach: Reach, take_out: Callable[[int], None], tell: Callable[[Draft], None]
) -> Draft:
    """Show a lever, and give it back with the settings that are chosen.

    Parameters
    ----------
    place : its place among the levers, from 1
    take_out : called with its number when it is taken out
    tell : shows what stands beside it: what the area and others have done
    """
    with st.container(border=True):
        st.subheader(f"{place}. {name_of(draft.kind)}", anchor=False)
        st.markdown(plain(does(draft.kind)))
        written = _asked(draft, (*main_of(draft.kind), "from"), reach)
        with st.expander("How sure is it?", key=f"lever {draft.number} sure"):
            written = _ranges(replace(draft, written=written))
        with st.expander("When and for whom", key=f"lever {draft.number} whom"):
            written = _asked(replace(draft, written=written), when_and_whom(draft.kind), reach)
        if more_of(draft.kind):
            with st.expander("More settings", key=f"lever {draft.number} more"):
                written = _asked(replace(draft, written=written), more_of(draft.kind), reach)
        edited = replace(draft, written=written)
        tell(edited)
        edited = evidence_part(edited)
        st.button("Take this out", on_click=take_out, args=(draft.number,), key=f"lever {draft.number} out")
    return edited


def first_setting(kind: str, start: Setting, reach: Reach) -> dict[str, Any]:
    """A lever as it is first laid out: from the next school year on, in the first of the area's districts or schools.

    Parameters
    ----------
    start : its settings to start from
    """
    written: dict[str, Any] = {"kind": kind, "from": academic_year(reach.next_year)}
    districts = reach.known["district"]
    if kind in {"open_places", "hub_and_spoke"}:
        written["district"] = districts[0]
    if kind == "new_homes":
        written["district"] = [districts[0]]
    if kind == "hub_and_spoke":
        written["spokes"] = [{"site": "First spoke", "district": districts[-1], "classes": 2}]
    if kind == "expand_school":
        written |= reach.first_school
    if kind in {"delay_school", "close_school"}:
        written |= reach.first_planned if kind == "delay_school" else dict([*reach.first_school.items()][:1])
    if kind == "review_plans":
        written["until"] = written["from"]
    return written | dict(start)


def _asked(draft: Draft, names: tuple[str, ...], reach: Reach) -> dict[str, Any]:
    """A lever with the settings of some fields that are chosen."""
    written = dict(draft.written)
    for name in names:
        default = default_in(draft.kind, name)
        before = written.get(name, default)
        after = setting(draft, name, before, reach)
        if after == before:
            continue
        if after in (None, "") or after == default:
            written.pop(name, None)
        else:
            written[name] = after
    return written


def _ranges(draft: Draft) -> dict[str, Any]:
    """A lever with the ranges that are chosen."""
    written = dict(draft.written)
    ranged = [name for name in fields_of(draft.kind) if most_of(draft.kind, name) is not None]
    told = [name for name in ranged if written.get(name, default_in(draft.kind, name)) is not None]
    st.markdown(
        "With 8 chances in 10 it turns out between these; with 1 chance in 10 it is lower still, and with 1 higher. "
        "Nothing written: it is taken to be certain."
        if told
        else "Nothing here has a range: its settings are taken to be certain."
    )
    for name in told:
        control, before = control_of(draft.kind, name), written.get(name, default_in(draft.kind, name))
        asked = Asked(control.label, "", f"lever {draft.number} {name} range", before, most=most_of(draft.kind, name))
        written[name] = spread(asked, control.sort)
        if written[name] == default_in(draft.kind, name):
            del written[name]
    return written
