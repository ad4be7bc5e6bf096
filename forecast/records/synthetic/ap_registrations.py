"""How children in alternative provision are registered there, and how many days a week they attend."""

from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ApSetting, Tier
from forecast.records.synthetic.days import Array

DUAL: Final = {"exclusion": 0.0, "time_limited": 0.7, "medical": 0.5, "awaiting": 0.0, "other": 0.3}
"""Share of an AP school's children without a plan who are on a mainstream school's roll too, by reason: judgement."""
DAYS: Final[dict[str, dict[float, float]]] = {
    "sole": {5.0: 1.0},
    "dual_main": {3.0: 0.3, 4.0: 0.3, 5.0: 0.4},
    "la_funded": {1.0: 0.1, 2.0: 0.2, 3.0: 0.2, 4.0: 0.1, 5.0: 0.4},
    "school_arranged": {1.0: 0.5, 1.5: 0.1, 2.0: 0.2, 3.0: 0.15, 5.0: 0.05},
    "outreach": {0.5: 0.6, 1.0: 0.4},
}
"""Registration or setting -> days a week and their shares, whose means are near those of data/reference/ap.csv:
judgement."""


def registrations(table: pd.DataFrame, hosted: float, luck: Array) -> Array:
    """How each child is registered where the stay is: sole, dual_main, dual_subsidiary or none.

    Parameters
    ----------
    table : reason, setting and tier of each stay; who arranges it is the setting here
    hosted : share of placements arranged by a school that are a subsidiary registration at an AP school
    luck : (stays) from 0 up to 1
    """
    dual = table["reason"].map(DUAL).to_numpy(dtype=float)
    at_ap = np.where(luck < dual, "dual_main", "sole")
    by_school = np.where(luck < hosted, "dual_subsidiary", "none")
    there = table["setting"].to_numpy(dtype=object)
    placed = np.where(there == ApSetting.SCHOOL_ARRANGED, by_school, "none")
    taken = (there == ApSetting.AP_SCHOOL) & table["tier"].ne(Tier.OUTREACH).to_numpy()
    return np.where(taken, at_ap, placed)


def days_a_week(table: pd.DataFrame, registration: Array, luck: Array) -> Array:
    """Days a week of each stay.

    Parameters
    ----------
    table : setting and tier of each stay
    registration : as `registrations` gives it
    luck : (stays) from 0 up to 1
    """
    at_ap = np.isin(registration, ["sole", "dual_main"])
    kind = np.where(at_ap, registration, table["setting"].to_numpy(dtype=object))
    kind = np.where(table["tier"].eq(Tier.OUTREACH), "outreach", kind)
    days = np.zeros(len(table))
    for name, shares in DAYS.items():
        here = kind == name
        at = np.searchsorted(np.cumsum(list(shares.values())), luck[here], side="right")
        days[here] = np.array(list(shares))[np.minimum(at, len(shares) - 1)]
    return days
