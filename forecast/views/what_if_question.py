"""The question of the page "What if?": a scenario laid out lever by lever, and what is wrong with it in sentences."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from forecast.errors import Fault, InputFaults
from forecast.scenario.lever_names import name_of
from forecast.scenario.scenario import Scenario
from forecast.scenario.worlds import World
from forecast.views.plain import bullets
from forecast.views.what_if_controls import Asked, one, percent, sentences, words
from forecast.views.what_if_fields import Sort
from forecast.views.what_if_files import files_part
from forecast.views.what_if_lever import first_setting, lever_part
from forecast.views.what_if_levers import GROUPS, OFFERED, QUICK
from forecast.views.what_if_reach import Reach
from forecast.views.what_if_state import Draft, Sheet, add, begin, lay, lay_scenario, sheet, take_out

TITLE: Final = "What if?"
START: Final = "start"
"""Word of the page's address that says with which lever to begin."""
_OF_CHANGE: Final = re.compile(r"change (\d+)(?:, (.*))?")
_CHANGE: Final = re.compile(r"\bchange (\d+)\b")


def question(
    reach: Reach,
    world: str,
    worked: Mapping[str, Scenario],
    read: Callable[[bytes], Scenario],
    tell: Callable[[Draft], None],
) -> Sheet:
    """Lay out a scenario, and give it back as it is chosen.

    Parameters
    ----------
    world : in which one stands that is begun here
    worked : name of a file -> a scenario that ships and fits the area, to start from
    read : reads a scenario file
    tell : shows what stands beside a lever
    """
    _begun_from_address(reach, world, worked)
    laid = sheet(world)
    _to_add(laid, world, reach)
    laid = _named(laid)
    parts = []
    for place, draft in enumerate(laid.drafts, 1):
        parts.append(lever_part(draft, place, reach, lambda number: take_out(sheet(world), number), tell))
    after = replace(laid, drafts=tuple(parts))
    lay(after)
    if [draft.written.get("evidence") for draft in laid.drafts] != [part.written.get("evidence") for part in parts]:
        st.rerun()
    files_part(after, worked, read)
    return after


def named_faults(error: InputFaults, laid: Sheet) -> list[str]:
    """Faults of what is laid out, a sentence each, that name the lever as the page does."""
    return [_sentence(fault, laid) for fault in error.faults]


def _sentence(fault: Fault, laid: Sheet) -> str:
    """One fault: which lever and field, what is wrong, how to mend it."""
    found = _OF_CHANGE.fullmatch(fault.field)
    where = fault.field
    if found and 0 < (place := int(found[1])) <= len(laid.drafts):
        where = f"Lever {place}, {name_of(laid.drafts[place - 1].kind)}" + (f" ({found[2]})" if found[2] else "")
    what = _CHANGE.sub(r"lever \1", fault.what)
    return f"{where or 'The scenario'}: {what}; {fault.remedy}."


def _begun_from_address(reach: Reach, world: str, worked: Mapping[str, Scenario]) -> None:
    """Begin with the lever that the page's address names, once: as a scenario that ships has it, where that fits."""
    kind = st.query_params.get(START)
    if kind is not None:
        del st.query_params[START]
    if kind not in QUICK:
        return
    quick = QUICK[kind]
    if quick.worked in worked:
        lay_scenario(worked[quick.worked])
    else:
        begin(world, first_setting(kind, OFFERED[kind].start, reach))


def _to_add(laid: Sheet, world: str, reach: Reach) -> None:
    """Choose a lever more: a group, then one of its levers."""
    st.header("What would change?", anchor=False)
    groups = [name for name, levers in GROUPS.items() if any(map(reach.offers, levers))]
    group = st.selectbox("Levers on", groups, key="what if group")
    kinds = {kind: offered for kind, offered in GROUPS[group].items() if reach.offers(kind)}
    kind = st.selectbox("Lever", list(kinds), format_func=name_of, key=f"what if lever in {group}")
    st.button(
        "Add this lever",
        on_click=lambda: add(sheet(world), first_setting(kind, kinds[kind].start, reach)),
        key="what if add",
        type="secondary" if laid.drafts else "primary",
    )


def _named(laid: Sheet) -> Sheet:
    """What the scenario is called, why, and the world that it stands in."""
    key = f"what if {laid.number}"
    name = words(Asked("Call it", "What tables and charts call it", f"{key} name", laid.name))
    with st.expander("Why, and in which world", key=f"{key} more"):
        bullets(_claim(each) for each in laid.claims)
        why = sentences(Asked("Why", "What it assumes, and on what authority", f"{key} why", laid.why))
        about = "The named future that the scenario stands in, once the years run past what data can say"
        asked = Asked("World", about, f"{key} world", laid.world)
        world = one(asked, [world.value for world in World], _world) or laid.world
        reaches = laid.pass_through
        if world != World.TREND:
            asked = Asked("How much of this world reaches the area", "", f"{key} reach", laid.pass_through, most=1.0)
            reaches = percent(asked, Sort.SHARE)
    return replace(laid, name=name, why=why, world=world, pass_through=1 if world == World.TREND else reaches)


def _claim(claim: Mapping[str, Any]) -> str:
    """What the plan claims to bring about, and by which lever."""
    by = f"by lever {claim['change']}" if claim.get("change") else "▲ by no lever here"
    return f"Claim: {claim['says'].rstrip('.')} ({by})."


def _world(label: str) -> str:
    return World(label).words.capitalize() if label in set(World) else label
