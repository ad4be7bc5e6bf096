"""Children on roll on a fixed day of each month, and the half-days that they attend a week: `ap_rolls.csv`.

The day is the third Thursday, which in January is that of the census.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ALL, Tier
from forecast.inputs.schemas_ap import FULL_WEEK
from forecast.records.ap.dates import calendar_month, first_day
from forecast.records.ap.once import Once
from forecast.records.ap.tables import stages_on
from forecast.records.ap.window import Window

_THURSDAY: Final = 3
_MONDAY_ONE: Final = 4
"""1 January 1970, day 0, was a Thursday: day 4 is a Monday."""
_MARGINS: Final = ("district", "key_stage", "reason")
"""What children are told apart by, beside setting and plan, one margin after another."""
_JANUARY: Final = 1
_ORDER: Final = [
    "year",
    "month",
    "district",
    "setting",
    "plan",
    "reason",
    "key_stage",
    "children",
    "sessions",
    "source",
]


def roll_day(month: int) -> int:
    """Third Thursday of a month, in days since 1 January 1970; months as `dates.months` counts."""
    first = first_day(month)
    weekday = (first - _MONDAY_ONE) % 7
    return first + (_THURSDAY - weekday) % 7 + 14


def rolls(stays: pd.DataFrame, each: Once, window: Window, source: str) -> pd.DataFrame:
    """Children and half-days by month: by district, by key stage and, each January, by reason.

    A cell of children that is filled in any month has a row in every one, with 0 where nobody is there.
    """
    touched = range(window.first_month - 1, window.last_month + 2)
    months = [month for month in touched if window.since <= roll_day(month) <= window.seen]
    if not months:
        return pd.DataFrame(columns=_ORDER)
    placed = stays[stays["tier"].ne(Tier.OUTREACH)].assign(end=stays["end"].fillna(window.seen))
    table = _there(placed, each.pieces, months)
    table = table.assign(key_stage=stages_on(table, table["day"].to_numpy(dtype=float)))
    counts = pd.concat([_margin(table, margin) for margin in _MARGINS])
    return _with_none(counts, months).assign(source=source)[_ORDER]


def _there(placed: pd.DataFrame, pieces: pd.DataFrame, months: Sequence[int]) -> pd.DataFrame:
    """Main stays of the children on roll in each month; a child's half-days, wherever attended, are with that stay."""
    start, end, child = (placed[name].to_numpy() for name in ("start", "end", "child"))
    half_days = placed["half_days"].to_numpy(dtype=float)
    first, last = (pieces[name].to_numpy() for name in ("first", "last"))
    stay = placed.index.get_indexer(pd.Index(pieces["stay"]))
    mains, weeks = [], []
    for month in months:
        day = roll_day(month)
        live = (start <= day) & (end >= day)
        week = np.bincount(child[live], weights=half_days[live], minlength=1)
        main = stay[(first <= day) & (last >= day) & (stay >= 0)]
        mains.append(main)
        weeks.append(week[child[main]].clip(max=FULL_WEEK))
    times = [len(main) for main in mains]
    return placed.iloc[np.concatenate(mains)].assign(
        at=np.repeat(np.array(months, dtype=np.int64), times),
        day=np.repeat([roll_day(month) for month in months], times),
        children=1,
        sessions=np.concatenate(weeks).astype(np.int64),
    )


def _margin(table: pd.DataFrame, margin: str) -> pd.DataFrame:
    """Children and half-days by month, setting, plan and one thing more; reasons in January alone."""
    if margin == "reason":
        table = table[table["at"].map(calendar_month).eq(_JANUARY)]
    sums = table.groupby(["at", "setting", "plan", margin])[["children", "sessions"]].sum().reset_index()
    return sums.assign(**dict.fromkeys({*_MARGINS} - {margin}, ALL))


def _with_none(counts: pd.DataFrame, months: Sequence[int]) -> pd.DataFrame:
    """A row for every cell and month, of nobody where none is there."""
    cells = counts[["reason", "key_stage", "district", "setting", "plan"]].drop_duplicates()
    month = pd.DataFrame({"at": months})
    month = month.assign(month=month["at"].map(calendar_month), year=month["at"] // 12 + 1970)
    every = month.merge(cells, how="cross")
    every = every[every["reason"].eq(ALL) | every["month"].eq(_JANUARY)]
    whole = every.merge(counts, how="left")
    whole[["children", "sessions"]] = whole[["children", "sessions"]].fillna(0).astype("int64")
    return whole.sort_values(["at", *cells.columns], ignore_index=True)
