"""Dates of the records as numbers of days, and the academic years and months that they fall in."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.values import month_first, typed

Days = NDArray[np.float64]
FIRST_DAY: Final = int(np.datetime64("1990-01-01").astype("datetime64[D]").astype(np.int64))
"""No stay in a file of today began before 1990: an earlier day stands for one that nobody knew."""
_WRITE: Final = "write dates as 2024-09-28"
_NO_DATE: Final = "is not a date"
_SEPTEMBER: Final = 9
MOST_SLIPS: Final = 1 / 20
"""Dates with the month first, as a share of those that surely have the day first, that are slips. Judgement."""
_DAY_FIRST: Final = r"(?:1[3-9]|2[0-9]|3[01])[-/ ](?:0?[1-9]|1[0-2])[-/ ][0-9]{4}.*"
"""A date that can only have the day first."""


@dataclass(frozen=True, eq=False)
class Read:
    """A column of dates."""

    days: Days
    """Days since 1 January 1970; not a number where blank or unreadable."""
    flaws: tuple[Flaw, ...]


def read_days(cells: pd.DataFrame, name: str) -> Read:
    """Read a column of dates.

    Where some have the month first, nobody knows of the others which number is the month: then none is a day, and the
    flaw is that of all. Dates whose day is past the 12th show the form, and beside many of them a few are slips.
    """
    texts = cells[name]
    values, wrong = typed("date", texts)
    american = [int(at) for at in np.flatnonzero(wrong) if month_first(texts.iloc[at])]
    surely = int(texts.str.fullmatch(_DAY_FIRST).sum()) if american else 0
    if len(american) > surely * MOST_SLIPS:
        what = f"{len(american):,} of its dates have the month before the day, so that none can be trusted"
        others = flawed(set(map(int, np.flatnonzero(wrong))) - set(american), name, _NO_DATE, _WRITE)
        flaw = Flaw(american[0], name, what, "write them as 2024-09-28", of_all=True)
        return Read(np.full(len(cells), np.nan), (flaw, *others))
    return Read(number(values), tuple(flawed(np.flatnonzero(wrong), name, _NO_DATE, _WRITE)))


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
