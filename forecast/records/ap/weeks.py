"""Half-days a week, from a column of days or one of half-days."""

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.inputs.schemas_ap import FULL_WEEK
from forecast.records.ap.flaws import Flaw, flawed

_NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
_WRITE: Final = "write days from 0.5 to 5, or leave it blank for a full week"
Texts = NDArray[np.object_]


def half_days_a_week(days: Texts, half_days: Texts) -> tuple[NDArray[np.int64], list[Flaw]]:
    """Half-days a week, the whole week where neither column is filled."""
    by_day = days != ""
    halves = np.where(by_day, _numbers(days) * 2, _numbers(half_days))
    halves[(days == "") & (half_days == "")] = FULL_WEEK
    said: NDArray[Any] = np.where(by_day, "days", "half_days")
    wrong = {
        "is no number": np.isnan(halves),
        "is more than a week has": halves > FULL_WEEK,
        "is less than half a day": halves < 1,
        "is no whole number of half-days": (halves >= 1) & (halves <= FULL_WEEK) & (halves % 1 != 0),
    }
    flaws = [Flaw(int(at), str(said[at]), what, _WRITE) for what, rows in wrong.items() for at in np.flatnonzero(rows)]
    both = by_day & (half_days != "") & ~np.isnan(halves) & (_numbers(half_days) != halves)
    remedy = "keep the one that is right, or head the other with a word that is not read"
    flaws += flawed(np.flatnonzero(both), "half_days", "says otherwise than days", remedy)
    return np.nan_to_num(halves, nan=FULL_WEEK).astype(np.int64), flaws


def _numbers(texts: Texts) -> NDArray[np.float64]:
    """Numbers; not a number where blank or none."""
    codes, distinct = pd.factorize(texts)
    read = np.array([float(text) if _NUMBER.fullmatch(text) else np.nan for text in distinct], dtype=float)
    return read[codes]
