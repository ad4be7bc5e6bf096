"""Requests, assessments, plans and needs as the return has them: rows by child, before they are given row ids."""

from typing import Final

import numpy as np
import pandas as pd

from forecast.records.synthetic.children import ARRIVE
from forecast.records.synthetic.days import NO_DAY
from forecast.records.synthetic.known import Known
from forecast.records.synthetic.rates import NEEDS

FROM: Final = ("885", "888", "893")
"""Authorities from which plans arrive: Worcestershire, Lancashire, Shropshire; no child of theirs is meant."""
SECOND_NEED: Final = 0.3
"""Share of plans with a second need: judgement."""
AMENDED: Final = 0.4
"""Share of reviews that amend the plan: judgement."""
YES, NO, PENDING, HISTORICAL = "Y", "N", "A", "H"
"""Outcomes: see data/reference/sen2_codes.csv."""


def request_rows(known: Known) -> pd.DataFrame:
    """Rows of requests, by child."""
    asked = known.requests
    decided = known.by(asked["decided"])
    return pd.DataFrame(
        {
            "received_date": asked["received"],
            "source": 1 + (known.luck[asked.index] * 97).astype(int) % 2,
            "rya": False,
            "outcome_date": decided,
            "outcome": _outcomes(known, asked, decided, asked["agreed"]),
            "mediation": False,
            "tribunal": False,
            "exported": "",
        },
        index=asked.index,
    )


def assessments(known: Known) -> pd.DataFrame:
    """Rows of assessment, by child: those agreed to by the day."""
    asked = known.requests
    agreed = asked[asked["agreed"] & ~(asked["decided"] > known.day)]
    ended = known.by(agreed["assessed"])
    flags = dict.fromkeys(("mediation", "tribunal", "other_mediation", "other_tribunal", "week20"), False)
    outcome = _outcomes(known, agreed, ended, agreed["made"])
    return pd.DataFrame({"outcome": outcome, "outcome_date": ended, **flags}, index=agreed.index)


def named_plans(known: Known) -> pd.DataFrame:
    """Rows of named_plan, by child."""
    plans = _in_order(known)
    ceased = known.by(plans["cease"])
    return pd.DataFrame(
        {
            "start_date": plans["start"],
            "plan_res": "",
            "plan_wbp": "",
            "pb": False,
            "oa": False,
            "dp": "",
            "cease_date": ceased,
            "cease_reason": plans["reason"].astype("Int64").mask(ceased.isna()),
        },
        index=plans.index,
    )


def active_plans(known: Known) -> pd.DataFrame:
    """Rows of active_plans, by child: a plan older than its child's day for reviews has had one within the year."""
    plans = _in_order(known)
    luck = known.luck[plans.index]
    arrived = (plans["came"] == ARRIVE) & (plans["first"] == known.census)
    days = known.day - 30 - (luck * 330).astype(int)
    reviewed = plans["entered"].to_numpy() < days
    return pd.DataFrame(
        {
            "transfer_la": np.where(arrived, np.array(FROM)[(luck * len(FROM)).astype(int)], ""),
            "review_meeting": np.where(reviewed, days, NO_DAY),
            "review_outcome": np.where(reviewed, np.where(luck < AMENDED, "A", "M"), ""),
            "last_review": np.where(reviewed, days + 21, NO_DAY),
            "res": "",
            "wbp": "",
        },
        index=plans.index,
    )


def needs(known: Known) -> pd.DataFrame:
    """Rows of sen_need, by child: the primary need, and for some a second one."""
    plans = _in_order(known)
    first = pd.DataFrame({"need": plans["need"], "rank": 1}, index=plans.index)
    also = plans.index[known.luck[plans.index] < SECOND_NEED]
    after = (pd.Index(NEEDS).get_indexer(pd.Index(plans["need"].loc[also])) + 1) % len(NEEDS)
    return pd.concat([first, pd.DataFrame({"need": np.array(NEEDS)[after], "rank": 2}, index=also)])


def _in_order(known: Known) -> pd.DataFrame:
    """Plans in the order of their requests."""
    return known.plans.loc[known.requests.index[known.requests.index.isin(known.plans.index)]]


def _outcomes(
    known: Known, asked: pd.DataFrame, decided: "pd.Series[pd.Timestamp]", positive: "pd.Series[bool]"
) -> np.ndarray:
    """Code of each outcome; one before the calendar year of the return, or of another authority, is historical."""
    outcome = np.where(decided.isna(), PENDING, np.where(positive, YES, NO))
    return np.where(asked["received"].isna() | (decided < known.opens), HISTORICAL, outcome)
