"""What a lever of the page "What if?" rests on: said in words and by a shape, and added to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from forecast.views.plain import bullets
from forecast.views.what_if_state import Draft

NOTHING: Final = "■ Unsupported: nobody has said what this rests on"
JUDGEMENT: Final = "▲ Judgement only: no evidence stands behind it"
SUPPORTED: Final = "● Evidence is given"
IN_PART: Final = "◐ Evidence is given for part of it; the rest is judgement"
"""A shape and words, so that colour is never the only sign."""
MOST: Final = 1000
"""Characters of what was found."""


def standing(evidence: Sequence[Mapping[str, Any]]) -> str:
    """How well a lever is supported."""
    if not evidence:
        return NOTHING
    held = [each.get("supported", True) for each in evidence]
    return SUPPORTED if all(held) else IN_PART if any(held) else JUDGEMENT


def evidence_part(draft: Draft) -> Draft:
    """Show what a lever rests on, and give it back with what is added."""
    evidence = list(draft.written.get("evidence", []))
    with st.expander(standing(evidence), key=f"lever {draft.number} evidence"):
        bullets(_said(each) for each in evidence)
        key = f"lever {draft.number} proof"
        with st.form(key, clear_on_submit=True, border=False):
            says = st.text_input("What was found, with its figure and unit", max_chars=MOST, key=f"{key} says")
            source = st.text_input("Who says so, and where", max_chars=MOST, key=f"{key} source")
            held = st.checkbox("More than judgement stands behind it", key=f"{key} held")
            asked = st.form_submit_button("Add this evidence")
        if asked and not (says.strip() and source.strip()):
            st.error("Evidence needs both what was found and who says so; write both.")
        elif asked:
            evidence.append({"says": says.strip(), "source": source.strip(), "supported": held})
            st.markdown("Added.")
        if evidence and st.button("Take all of its evidence out", key=f"{key} out"):
            evidence = []
    written = {name: setting for name, setting in draft.written.items() if name != "evidence"}
    return replace(draft, written=written | ({"evidence": evidence} if evidence else {}))


def _said(each: Mapping[str, Any]) -> str:
    """One piece of evidence in a sentence."""
    dated = f", {each['dated']}" if each.get("dated") else ""
    shape = "●" if each.get("supported", True) else "▲ judgement or not checked"
    return f"{shape} {each['says'].rstrip('.')}. {each['source'].rstrip('.')}{dated}."
