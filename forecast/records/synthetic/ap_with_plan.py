"""Stays in alternative provision of children with a plan: the very children, and placements, of the returns."""

from typing import Any

import numpy as np
import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, ApSetting, Reason, Tier
from forecast.inputs.schemas_ap import WITH
from forecast.records.synthetic.ap_stays import COLUMNS
from forecast.records.synthetic.days import Array, Days, september
from forecast.records.synthetic.histories import Histories


def stays_with_plan(past: Histories) -> pd.DataFrame:
    """Stays of children with a plan: their placements in alternative provision, as the returns have them.

    A placement that the return dates before the child's first day in Reception begins on that day.

    Parameters
    ----------
    past : of the county

    Returns
    -------
    DataFrame of `COLUMNS`; `end` is no time where the placement goes on after the years lived
    """
    spells = past.spells.sort_values(["child", "entry"], kind="stable")
    follows = spells["child"].shift(-1).eq(spells["child"])
    spells = spells.assign(onward=spells["provision"].shift(-1).where(follows, ""))
    own = spells[spells["provision"].eq("alternative")]
    people = past.people.loc[own["child"]]
    born = people["born"].to_numpy().astype("datetime64[D]")
    reception = september(_academic_year(born) + AGE_AT_RECEPTION)
    start = np.maximum(own["entry"].to_numpy().astype("datetime64[D]"), reception)
    same: dict[str, Any] = {
        "reason": Reason.OTHER.value,
        "setting": ApSetting.AP_SCHOOL.value,
        "plan": WITH,
        "registration": "sole",
        "days": 5.0,
        "tier": Tier.TRANSITION.value,
        "beside": False,
    }
    table = own.assign(
        start=start,
        end=own["leaving"],
        nc_year=_academic_year(start) - _academic_year(born) - AGE_AT_RECEPTION - 1,
        district=people["district"].to_numpy(),
        returned=own["onward"].eq("mainstream"),
        **same,
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def live_on(stays: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """Stays that go on on a day, each with the year group of that day as `nc_now`."""
    there = stays[(stays["start"] <= day) & ~(stays["end"] < day)]
    start = there["start"].to_numpy().astype("datetime64[D]")
    moved = _academic_year(np.full(len(there), day).astype("datetime64[D]")) - _academic_year(start)
    return there.assign(nc_now=there["nc_year"] + moved)


def _academic_year(day: Days) -> Array:
    """January of the academic year, from September, that holds each day."""
    return (day.astype("datetime64[M]").astype(int) + 4) // 12 + 1970
