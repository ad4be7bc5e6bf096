"""Checks of any record: its own id, the record it belongs to, cells that could not be read, dates out of time."""

from typing import Final

import pandas as pd

from forecast.errors import Fault
from forecast.records.checks_named import DATES, LINKS, MISCOUNTED, MISTIMED, Check
from forecast.records.checks_seen import COUNTED, Rows, Seen
from forecast.records.filed import PARENTS, Filed
from forecast.records.values import MOST

LONG_AGO: Final = 40
"""Years before a census in which nothing about a person under 26 can have happened."""
_AHEAD: Final = ("received_date", "outcome_date", "start_date", "entry_date")
"""Dates of what is over when it is filed; leaving and ceasing may be foreseen."""
_BEHIND: Final = (*_AHEAD, "cease_date", "leaving_date", "last_review", "review_meeting")


def _id_twice(seen: Seen, module: str) -> Rows:
    own = seen.table(module)["id"]
    return own.ne("") & own.duplicated()


def _orphan(seen: Seen, module: str) -> Rows:
    above = PARENTS[module]
    if above is None:
        msg = f"{module} has nothing above it"
        raise ValueError(msg)
    return pd.Series(seen.up(module, above) < 0, index=seen.table(module).index)


def unread_in(filed: Filed, fault: Fault, module: str) -> bool:
    """Whether an unreadable cell is one of a module; `Filed.files` may say besides how its file was read."""
    file = filed.files.get(module, "")
    return file == fault.file or file.startswith(f"{fault.file} (")


def _unread(seen: Seen, module: str) -> Rows:
    """Whether a record has a cell that could not be read, as far as those are named one by one."""
    table = seen.table(module)
    rows = [fault.row for fault in seen.filed.unread if unread_in(seen.filed, fault, module)]
    return pd.Series(table.index.isin(rows), index=table.index)


def _after_census(seen: Seen, module: str) -> Rows:
    dates = _dates(seen, module, _AHEAD)
    return (dates > seen.day).any(axis=1)


def _long_ago(seen: Seen, module: str) -> Rows:
    dates = _dates(seen, module, _BEHIND)
    return (dates < pd.Timestamp(seen.filed.census - LONG_AGO, 1, 1)).any(axis=1)


def _dates(seen: Seen, module: str, fields: tuple[str, ...]) -> pd.DataFrame:
    table = seen.table(module)
    return table[[field for field in fields if field in table]]


_DATED: Final = ("requests", "assessment", "named_plan", "placement_detail")

ROWS: Final = (
    Check(
        name="id_twice",
        title="row id used twice",
        meaning="Another record of the module has the same row id, further up.",
        effect="What belongs to the two cannot be told apart; all of it goes to the first.",
        remedy="Export the return again; the ids are made by the system that writes it.",
        harm=MISCOUNTED,
        modules=COUNTED,
        fields=("id",),
        source=LINKS,
        find=_id_twice,
    ),
    Check(
        name="orphan",
        title="record that belongs to nothing",
        meaning="The record above it is not in the return: a plan without its request, a placement without its plan.",
        effect="It is not counted, nor is anything below it.",
        remedy="Export all modules of the return at once, or add the record that is missing.",
        harm=MISCOUNTED,
        modules=COUNTED[1:],
        fields=("parent",),
        source=LINKS,
        find=_orphan,
    ),
    Check(
        name="unreadable_cell",
        title="cell that cannot be read",
        meaning="A date, number or yes-or-no of the record is written in no way that is known; it counts as"
        f" blank. Of each field, the first {MOST:,} are named.",
        effect="As if the cell were blank.",
        remedy="Write dates as 2025-01-31, and yes or no as true or false.",
        harm=MISTIMED,
        modules=COUNTED,
        fields=(),
        source="data/reference/sen2_return.csv, the kind of each field",
        find=_unread,
    ),
    Check(
        name="date_after_census",
        title="date after the census",
        meaning="A request, decision, start or entry is dated after census day.",
        effect="It counts as not yet happened.",
        remedy="Correct the date, or leave the record to the next return.",
        harm=MISTIMED,
        modules=_DATED,
        fields=_AHEAD,
        source=DATES,
        find=_after_census,
    ),
    Check(
        name="date_long_ago",
        title="date in another age",
        meaning=f"A date is more than {LONG_AGO} years before the census; spreadsheets write a nought as January 1900.",
        effect="It counts as long past, so a start or a leaving may be missed.",
        remedy="Correct the date.",
        harm=MISTIMED,
        modules=(*_DATED, "active_plans"),
        fields=_BEHIND,
        source=f"{DATES}; nobody with a plan is over 25",
        find=_long_ago,
    ),
)
"""Checks of records of any kind."""
