"""The page "What if?": levers on one side, what they change on the other.

What is laid out is read as a scenario file is, so that the page and `forecast compare` say the same of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st
import xarray as xr

from forecast.errors import ForecastError
from forecast.inputs.area import Area
from forecast.report.phrases import MARKING
from forecast.scenario.scenario import Scenario
from forecast.scenario.unfit import known
from forecast.settings import Settings
from forecast.views.plain import plain, say
from forecast.views.what_if_beside import Others, beside_part
from forecast.views.what_if_changes import changes_part
from forecast.views.what_if_question import TITLE, question
from forecast.views.what_if_reach import Reach
from forecast.views.what_if_runs import Run
from forecast.views.what_if_state import Draft

__all__ = ["TITLE", "Ground", "what_if_page"]


@dataclass(frozen=True, eq=False)
class Ground:
    """What every scenario of the page starts from."""

    area: Area
    drivers: xr.Dataset
    """Of the area, before any change."""
    settings: Settings
    against: Run
    """The scenario that others are set against, and its forecast."""
    run: Callable[[str], Run]
    """Makes the forecast of a scenario file's text."""
    others: Others
    """Tells what the area, England and other authorities have done."""


def what_if_page(ground: Ground, read: Callable[[bytes], Scenario], worked: Mapping[str, Scenario]) -> None:
    """Levers, and what they change.

    Parameters
    ----------
    read : reads a scenario file
    worked : name of a file -> a scenario that ships
    """
    area, years = ground.area, tuple(ground.drivers["year"].to_numpy().tolist())
    own = area.about, area.places, years
    words, now = known(area.about, area.places), ground.settings.current_year
    reach = Reach(area.about, words, years, now, area.places, ap=area.has_ap)
    st.title(TITLE, anchor=False)
    if area.about.confidential:
        st.error(plain(MARKING))
    levers, changes = st.columns([2, 3], gap="large")
    with levers:
        world = ground.against.scenario.world.defines.value
        fit = {name: each for name, each in worked.items() if not each.faults(*own, ap=area.has_ap)}
        laid = question(reach, world, fit, read, partial(_told_beside, ground))
    with changes:
        changes_part(laid, area, ground.drivers, ground.against, ground.run)


def _told_beside(ground: Ground, draft: Draft) -> None:
    """What the area, England and its neighbours have done, beside a lever."""
    try:
        beside_part(draft, ground.others, ground.area.about)
    except ForecastError as error:
        say(error, "What others have done cannot be told:")
