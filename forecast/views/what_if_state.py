"""What a user has laid out on the page "What if?", as it is kept in the session and as it is saved to a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import streamlit as st

from forecast.scenario.scenario import Scenario
from forecast.scenario.scenario_file import text_of, written_scenario
from forecast.scenario.worlds import World
from forecast.views.what_if_levers import Setting

_LAID, _KEPT, _COUNTED = "what if: laid out", "what if: kept", "what if: counted"
MOST_KEPT: Final = 3
"""Scenarios that are kept to be compared."""


@dataclass(frozen=True)
class Draft:
    """A lever on the page."""

    number: int
    """Its own in the session, of which the keys of its controls are made."""
    written: Setting
    """As a scenario file holds it, `kind` among it."""

    @property
    def kind(self) -> str:
        """Which lever it is."""
        return str(self.written["kind"])


@dataclass(frozen=True)
class Sheet:
    """A scenario on the page."""

    number: int
    """Its own in the session: another one's controls have other keys."""
    name: str = "What if"
    why: str = "Laid out on the page What if?"
    world: str = World.TREND.value
    pass_through: Any = 1
    """As a scenario file holds it."""
    drafts: tuple[Draft, ...] = ()
    claims: tuple[Mapping[str, Any], ...] = ()
    """What it claims to bring about, as a scenario file holds it; `change` is the place of a lever, from 1."""

    @property
    def text(self) -> str:
        """The scenario file that says the same."""
        held: dict[str, object] = {"name": self.name, "why": self.why, "world": self.world}
        if self.pass_through != 1:
            held["pass_through"] = self.pass_through
        held["changes"] = [dict(draft.written) for draft in self.drafts]
        if self.claims:
            held["claims"] = [dict(claim) for claim in self.claims]
        return text_of(held)


@dataclass(frozen=True)
class Kept:
    """A scenario put aside to be compared."""

    name: str
    text: str
    """Its file."""


def sheet(world: str) -> Sheet:
    """What is laid out; an empty one where nothing is.

    Parameters
    ----------
    world : in which an empty one stands
    """
    if _LAID not in st.session_state:
        lay(Sheet(_count(), world=world))
    return cast("Sheet", st.session_state[_LAID])


def lay(laid: Sheet) -> None:
    """Keep what is laid out."""
    st.session_state[_LAID] = laid


def add(laid: Sheet, written: Setting) -> None:
    """Lay out one lever more."""
    lay(replace(laid, drafts=(*laid.drafts, Draft(_count(), written))))


def take_out(laid: Sheet, number: int) -> None:
    """Lay out all but one lever; what is claimed of it is claimed of none."""
    place = [draft.number for draft in laid.drafts].index(number) + 1
    drafts = tuple(draft for draft in laid.drafts if draft.number != number)
    lay(replace(laid, drafts=drafts, claims=tuple(_without(claim, place) for claim in laid.claims)))


def _without(claim: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """A claim once the lever at a place is out."""
    change = claim.get("change")
    if change is None or change < place:
        return claim
    rest = {name: held for name, held in claim.items() if name != "change"}
    return rest if change == place else {**rest, "change": change - 1}


def begin(world: str, *written: Setting) -> None:
    """Lay out these levers and nothing else."""
    lay(Sheet(_count(), world=world, drafts=tuple(Draft(_count(), each) for each in written)))


def lay_scenario(scenario: Scenario) -> None:
    """Lay out a scenario that was read."""
    held = written_scenario(scenario)
    drafts = tuple(Draft(_count(), change) for change in held["changes"])
    reach, claims = held.get("pass_through", 1), tuple(held.get("claims", ()))
    lay(Sheet(_count(), held["name"], held["why"], held["world"], reach, drafts, claims))


def kept() -> tuple[Kept, ...]:
    """Scenarios put aside, the oldest first."""
    return cast("tuple[Kept, ...]", st.session_state.get(_KEPT, ()))


def keep(laid: Sheet) -> None:
    """Put a scenario aside, in the place of one of its name; the caller sees that there is room."""
    others = tuple(each for each in kept() if each.name != laid.name)
    st.session_state[_KEPT] = (*others, Kept(laid.name, laid.text))


def drop(name: str) -> None:
    """Put a scenario aside no longer."""
    st.session_state[_KEPT] = tuple(each for each in kept() if each.name != name)


def _count() -> int:
    """A number that this session has not had before."""
    st.session_state[_COUNTED] = number = int(st.session_state.get(_COUNTED, 0)) + 1
    return number
