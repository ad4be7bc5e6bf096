"""Alternative provision on the page on size: whose places are asked about, and of which key stages."""

from collections.abc import Iterable, Mapping
from typing import Final

import streamlit as st

from forecast.decide.ask import FIRST, LAST, Ask
from forecast.decide.futures import Futures
from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.replayed import longest_replay
from forecast.decide.size import Sized, last_january, sized
from forecast.decide.without_plan import WITH_PLAN, counted
from forecast.domain import KEY_STAGE_NAMES, KEY_STAGES, WITHOUT_PLAN, KeyStage
from forecast.settings import Settings

WHOSE: Final[Mapping[str, tuple[str, ...]]] = {
    "Every child, with a plan or without": (),
    "Children with a plan": (WITH_PLAN,),
    "Children without a plan": (WITHOUT_PLAN,),
}
"""Whose places may be asked about, in words -> the needs of such a question (`ask.Ask.needs`)."""


def told_in(files: Iterable[str]) -> bool:
    """Whether an area's files tell how many children without a plan there are.

    Parameters
    ----------
    files : names
    """
    return not {"ap_rolls.csv", "ap_arrivals.csv"}.isdisjoint(files)


def whose() -> tuple[str, ...]:
    """Whose places are asked about, as the needs of a question."""
    return WHOSE[st.selectbox("Whose places", list(WHOSE), key="whose")]


def ages() -> tuple[int, int]:
    """First and last year group that are asked about: those of whole key stages, and every one where all are chosen."""
    stages = list(KEY_STAGES)
    first, last = st.select_slider(
        "Key stages", stages, (stages[0], stages[-1]), format_func=KEY_STAGE_NAMES.__getitem__, key="stages"
    )
    return span(first, last)


def span(first: KeyStage, last: KeyStage) -> tuple[int, int]:
    """First and last year group of key stages; of all of them every year group, as where none is named."""
    stages = list(KEY_STAGES)
    if (first, last) == (stages[0], stages[-1]):
        return FIRST, LAST
    return KEY_STAGES[first][0], KEY_STAGES[last][-1]


def answered(
    futures: Futures, ask: Ask, settings: Settings, *, elsewhere: bool
) -> tuple[Sized, Replay | CountedReplay | None]:
    """How big a school should be, and what an earlier January would have advised, where that can be said.

    Nothing is replayed where children without a plan are among those asked about: what is replayed are plans.

    Parameters
    ----------
    ask : its year groups among the spans that the futures were made with
    elsewhere : whether to count children in other places too who are taken to need one of this kind

    Raises
    ------
    InputFaults
        Everything that is wrong with the question.
    """
    area = futures.area
    checked = ask.checked_against(area.about, last_january(area, settings), without_plan=counted(area))
    found = sized(futures, checked, need_based=elsewhere)
    return found, None if found.case.setting.without_plan else longest_replay(area, found.case)
