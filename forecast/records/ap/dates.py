"""Dates of the records as numbers of days, and the academic years and months that they fall in."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.errors import Fault, InputFaults
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.values import month_first, typed

Days = NDArray[np.float64]
FIRST_DAY: Final = int(np.datetime64("1990-01-01").astype("datetime64[D]").astype(np.int64))
"""No stay in a file of today began before 1990: an earlier day stands for one that nobody knew."""
_WRITE: Final = "write dates as 2024-09-28"
_SEPTEMBER: Final = 9


@dataclass(frozen=True, eq=False)
class Read:
    """A column of dates."""

    days: Days
    """Days since 1 January 1970; not a number where blank or unreadable."""
    flaws: tuple[Flaw, ...]


def read_days(cells: pd.DataFrame, name: str) -> Read:
    """Read a column of dates.

    Raises
    ------
    InputFaults
        Some have the month first, so that of the others nobody knows which number is the month.
    """
    values, wrong = typed("date", cells[name])
    american = [at for at in np.flatnonzero(wrong) if month_first(cells[name].iloc[at])]
    if american:
        first = cells.iloc[american[0]]
        what = f"{len(american):,} of its dates have the month before the day, so that none can be trusted"
        raise InputFaults([Fault(str(first["file"]), int(first["line"]), name, what, "write them as 2024-09-28")])
    flaws = flawed(np.flatnonzero(wrong), name, "is not a date", _WRITE)
    return Read(number(values), tuple(flaws))


def number(dates: Any) -> Days:  # noqa: ANN401 - any array of dates
    """Days since 1 January 1970; not a number where there is no date."""
    stamps = np.asarray(dates, dtype="datetime64[D]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(float))


def months(days: Days) -> NDArray[np.int64]:
    """Months since September 1969, so that the whole of twelve is an academic year; all days are known."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 12 - _SEPTEMBER + 1)


def academic_years(days: Days) -> NDArray[np.int64]:
    """January of the academic year, from September, that holds each day; all days are known."""
    return months(days) // 12 + 1970


def first_day(month: int) -> int:
    """First day of a month, counted as `months` does."""
    return int(np.datetime64(month - 12 + _SEPTEMBER - 1, "M").astype("datetime64[D]").astype(np.int64))


def calendar_month(month: int) -> int:
    """Number from 1 to 12 of a month, counted as `months` does."""
    return (month + _SEPTEMBER - 1) % 12 + 1
