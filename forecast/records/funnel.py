"""From a request to a plan: what was asked, refused, assessed and planned in a year, and what is still open.

Outcomes: Y yes, N no, A not yet decided, W withdrawn, H decided before the return's period (sen2_codes.csv,
request_outcome and assessment_outcome). An assessment is open until it ends without a plan, or the plan starts.
Requests under which a plan came from another authority were made there.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from forecast.inputs.tables import STEPS
from forecast.records.linked import Linked

_UNDECIDED: Final = ("", "A")
_ENDED: Final = ("N", "W", "H")
_GOES_ON: Final = ("A", "Y")


def funnel(linked: Linked, districts: Sequence[str], before: pd.Timestamp, day: pd.Timestamp) -> pd.DataFrame:
    """Requests at each step in the year that ends on census day.

    Parameters
    ----------
    districts : labels, all of which get a row a step
    before, day : the January census before, and this one: a date counts if it is after the first, up to the second

    Returns
    -------
    year, district, step, children
    """
    requests = linked.requests
    own = linked.plans[~linked.plans["transferred"]]
    planned = requests["request"].map(own.groupby("request")["start"].min())
    moved_in = requests["request"].isin(linked.plans.loc[linked.plans["transferred"], "request"])
    district = requests["child"].map(linked.children["district"])
    counts = {
        step: district[rows & ~moved_in].value_counts().reindex(list(districts), fill_value=0)
        for step, rows in _steps(requests, planned, before, day).items()
    }
    table = pd.DataFrame(counts).rename_axis("district")[list(STEPS)]
    long = table.reset_index().melt("district", var_name="step", value_name="children")
    return long.assign(year=linked.census)[["year", "district", "step", "children"]]


def _steps(
    requests: pd.DataFrame, planned: "pd.Series[pd.Timestamp]", before: pd.Timestamp, day: pd.Timestamp
) -> "Mapping[str, pd.Series[bool]]":
    """Which requests are at each step."""
    received, decided, concluded = requests["received"], requests["decided"], requests["concluded"]

    def within(dates: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        return (dates > before) & (dates <= day)

    here = ~(received > day) & ~requests["exported"] & ~(planned <= day)
    undecided = requests["outcome"].isin(_UNDECIDED) | (decided > day)
    long_ago = requests["outcome"].eq("H") & requests["assessed"].isin(_GOES_ON)
    agreed = (requests["outcome"].eq("Y") | long_ago) & ~(decided > day)
    ended = requests["assessed"].isin(_ENDED) & ~(concluded > day)
    return {
        "request": within(received),
        "refused": requests["outcome"].eq("N") & within(decided),
        "assessment": requests["outcome"].eq("Y") & within(decided),
        "no_plan": requests["assessed"].eq("N") & within(concluded),
        "plan": within(planned),
        "plan_of_backlog": within(planned) & (received <= before),
        "open_request": here & undecided,
        "open_assessment": here & agreed & ~ended,
    }
