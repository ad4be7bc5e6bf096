"""The records of one return joined into flat tables: children, their plans, and where they are taught.

    person (child) -- requests -+- assessment -- named_plan          a plan: start, cease
                                +- active_plans -+- placement_detail  where: entry, leaving
                                                 +- sen_need          the need at rank 1

A plan is a record of `named_plan` or, under a request that names none, its `active_plans`. A record whose parent is
not there belongs to nobody and is left out; how many is said. Rows are joined by position, never child by child.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import NOT_RECORDED, Need
from forecast.records.census import nc_year
from forecast.records.filed import Filed

TRANSFERRED_OUT: Final = 5
"""Reason for ceasing: moved to another authority in England (sen2_codes.csv, cease_reason)."""
_NONE: Final = -1
NOT_EXPORTED: Final = ("", "0", "N", "NO", "FALSE")
"""What `exported` says of a child who did not move away; anything else is taken for a move."""


@dataclass(frozen=True, eq=False)
class Linked:
    """One return, flat. Children are whole numbers (`keys.numbered`); no identifier is left."""

    census: int
    """January of the census."""
    children: pd.DataFrame
    """Indexed by child: nc_year (as the function gives it), district ("" where not known), outside
    (whether the lookup places it elsewhere), order (the return's own row id, to settle ties)."""
    plans: pd.DataFrame
    """child, request, start, cease (dates, missing where blank), reason (Int64), transferred (whether the plan came
    from another authority in the year), need (a SEN2 code or `not_recorded`)."""
    placements: pd.DataFrame
    """child, request, rank (Int64), entry, leaving (dates), urn, ukprn, setting (texts), unit, resourced (bool)."""
    requests: pd.DataFrame
    """child, request, received, outcome ("Y", "N", ..., "" where blank), decided (date), assessed (outcome of the
    assessment, likewise), concluded (date), exported (bool)."""
    orphans: int
    """Records of plans, placements and requests that belong to no child."""


def link(filed: Filed, numbers: np.ndarray, located: pd.DataFrame) -> Linked:
    """Join the records of a return.

    Parameters
    ----------
    numbers : (persons), child of each record of `person`, from `keys.numbered`
    located : district and outside, indexed as `person`, from `districts.located`
    """
    tables = filed.tables
    owner = {"requests": above(tables["requests"], tables["person"])}
    request = {"requests": np.arange(len(tables["requests"]))}
    for module, higher in (("assessment", "requests"), ("active_plans", "requests"), ("named_plan", "assessment")):
        request[module] = through(above(tables[module], tables[higher]), request[higher])
    for module in ("placement_detail", "sen_need"):
        request[module] = through(above(tables[module], tables["active_plans"]), request["active_plans"])
    child = through(owner["requests"], numbers)
    plans, lost_plans = _of_children(_plans(tables, request), child)
    placements, lost_placements = _of_children(_placements(tables["placement_detail"], request), child)
    requests, lost_requests = _of_children(_requests(tables, request), child)
    return Linked(
        census=filed.census,
        children=_children(filed, numbers, located),
        plans=plans,
        placements=placements,
        requests=requests,
        orphans=lost_plans + lost_placements + lost_requests,
    )


def above(records: pd.DataFrame, parents: pd.DataFrame) -> np.ndarray:
    """Position of each record's parent; -1 where there is none. Of two parents with one id, the first."""
    ids = parents["id"].reset_index(drop=True)
    ids = ids[ids.ne("") & ~ids.duplicated()]
    found = pd.Index(ids).get_indexer(records["parent"])
    return np.where(found >= 0, ids.index.to_numpy()[found], _NONE) if len(ids) else found


def through(found: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """What holds for the parent at each position; -1 where there is none."""
    if not len(parents):
        return np.full(len(found), _NONE)
    return np.where(found >= 0, parents[found], _NONE)


def _of_children(records: pd.DataFrame, child: np.ndarray) -> tuple[pd.DataFrame, int]:
    """Records with the child of their request, without those of nobody; and how many those are."""
    whose = through(records["request"].to_numpy(), child)
    kept = records.assign(child=whose)[whose != _NONE].reset_index(drop=True)
    return kept, len(records) - len(kept)


def _children(filed: Filed, numbers: np.ndarray, located: pd.DataFrame) -> pd.DataFrame:
    """One row a child; of two records, the first that says a thing."""
    person = filed.tables["person"]
    rows = pd.DataFrame(
        {
            "nc_year": nc_year(person["birth_date"], filed.census),
            "district": located["district"].mask(located["district"].eq("")),
            "outside": located["outside"],
            "order": person["id"],
        }
    )
    children = rows.groupby(numbers).agg({"nc_year": "first", "district": "first", "outside": "max", "order": "min"})
    return children.assign(district=children["district"].fillna("").astype("str")).rename_axis("child")


def _plans(tables: Mapping[str, pd.DataFrame], request: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Plans named and, under requests without one, active plans, whose dates nobody knows."""
    named, active = tables["named_plan"], tables["active_plans"]
    dated = pd.DataFrame(
        {
            "request": request["named_plan"],
            "start": named["start_date"].to_numpy(),
            "cease": named["cease_date"].to_numpy(),
            "reason": named["cease_reason"].array,
        }
    )
    unnamed = ~np.isin(request["active_plans"], request["named_plan"]) | (request["active_plans"] == _NONE)
    rest = pd.DataFrame({"request": request["active_plans"][unnamed]}).drop_duplicates()
    plans = pd.concat([dated, rest.reindex(columns=dated.columns).astype(dated.dtypes)], ignore_index=True)
    moved_in = request["active_plans"][active["transfer_la"].ne("").to_numpy()]
    return plans.assign(
        transferred=plans["request"].isin(moved_in),
        need=plans["request"]
        .map(_first_need(tables["sen_need"], request["sen_need"]))
        .astype("str")
        .fillna(NOT_RECORDED),
    )


def _first_need(needs: pd.DataFrame, request: np.ndarray) -> "pd.Series[str]":
    """Need at rank 1 by request: the first of several, or the only one where it has no rank."""
    code = needs["need"].str.strip().str.upper()
    known = code.where(code.isin([need.value for need in Need]), NOT_RECORDED)
    alone = ~pd.Series(request, index=needs.index).duplicated(keep=False)
    first = needs["rank"].eq(1).fillna(False).astype(bool) | (needs["rank"].isna() & alone)  # noqa: FBT003
    chosen = known[first].set_axis(request[first.to_numpy()])
    return chosen[~chosen.index.duplicated()]


def _placements(details: pd.DataFrame, request: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "request": request["placement_detail"],
            "rank": details["rank"].array,
            "entry": details["entry_date"].to_numpy(),
            "leaving": details["leaving_date"].to_numpy(),
            **{name: details[name].array for name in ("urn", "ukprn", "setting")},
            **{name: details[name].fillna(False).to_numpy(bool) for name in ("unit", "resourced")},  # noqa: FBT003
        }
    )


def _requests(tables: Mapping[str, pd.DataFrame], request: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Requests with the outcome of their assessment, the last of several."""
    asked, assessment = tables["requests"], tables["assessment"]
    last = pd.DataFrame(
        {
            "assessed": assessment["outcome"].str.strip().str.upper().array,
            "concluded": assessment["outcome_date"].to_numpy(),
        },
        index=request["assessment"],
    )
    last = last[~last.index.duplicated(keep="last")].reindex(request["requests"])
    return pd.DataFrame(
        {
            "request": request["requests"],
            "received": asked["received_date"].to_numpy(),
            "outcome": asked["outcome"].str.strip().str.upper().array,
            "decided": asked["outcome_date"].to_numpy(),
            "assessed": last["assessed"].astype("str").fillna("").array,
            "concluded": last["concluded"].to_numpy(),
            "exported": ~asked["exported"].str.strip().str.upper().isin(NOT_EXPORTED).to_numpy(),
        }
    )
