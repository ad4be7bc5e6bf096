"""The second stage of a school: when to look, for what number, and what waiting is worth."""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.decide.case import Case
from forecast.decide.kinds import share_open_of
from forecast.decide.occupancy import MONTHS
from forecast.decide.stages import Stages, value_of_waiting, watched
from forecast.decide.trigger import Trigger, reviews, trigger
from forecast.model.raking import Array

EXPANSION: Final = "expansion"


@dataclass(frozen=True, eq=False)
class Second:
    """When to decide on a second stage."""

    look: int
    """January of the last count at which it can be ordered to open when the firm stage would be full grown."""
    by: int
    """First January at which it would then be open."""
    lead: int
    """Years from ordering the second stage to its first January."""
    trigger: Trigger
    """The sign at that January."""
    reviews: pd.DataFrame
    """As `trigger.reviews`, from the coming January on."""
    ever: float
    """Share of futures in which it is ordered, if the count is looked at each January."""
    waiting: pd.DataFrame
    """As `stages.value_of_waiting`, if the count is looked at each January."""


def second_of(case: Case, stages: Stages, cheapest: int) -> Second | None:
    """The second stage of a school, which is built as an expansion is.

    None where there is no second stage, or the forecast ends before it could open.
    """
    lead = ceil(case.setting.kinds[EXPANSION].months / MONTHS)
    years, coming = case.years, case.coming
    last = len(years) - 1 - lead
    if not stages.second or last < coming:
        return None
    at = min(max(case.ready - lead, coming), last)
    every = reviews(case.wanted, stages.firm, lead, years)
    ordered, share = _watched(case, stages, lead, coming)
    return Second(
        look=years[at],
        by=years[at + lead],
        lead=lead,
        trigger=trigger(case.wanted, stages.firm, at, lead),
        reviews=every[every["year"] >= years[coming]].reset_index(drop=True),
        ever=float(ordered.mean()),
        waiting=value_of_waiting(stages, ordered, case.wanted, case.open_share, share, case.prices, cheapest),
    )


def _watched(case: Case, stages: Stages, lead: int, coming: int) -> tuple[NDArray[np.bool_], Array]:
    """Where the second stage is ordered if each count from the coming one on is looked at: (draw); its share open."""
    before = coming - 1

    def second(at: int) -> Array:
        return share_open_of(case.setting, EXPANSION, f"{case.years[before + at] - 1}-09")[:, before:]

    ordered, share = watched(stages, case.wanted[:, before:], lead, second)
    return ordered, np.pad(share, ((0, 0), (before, 0)))
