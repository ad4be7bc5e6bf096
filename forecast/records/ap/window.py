"""From when to when the records are complete, and which months of which academic years that covers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.errors import Fault, InputFaults
from forecast.records.ap.dates import academic_years, first_day, months, number

FIRST: Final = int(np.datetime64("2009-09-01").astype("datetime64[D]").astype(np.int64))
"""First day of the first academic year that an area may hold."""
APART: Final = 62
"""Days between one start, or end, and the next: July and August. One that is further off is a slip. Judgement."""
SOON: Final = 31
"""Days after the latest start in which an end still tells until when the files know. Judgement."""
NEARLY_EMPTY: Final = 1 / 10
"""Stays that end in a year, as a share of the middle year's, below which the files hold strays of it. Judgement."""
QUIET: Final = 92
"""Days, three months, in which somebody comes. Judgement."""


@dataclass(frozen=True)
class Window:
    """The days on which every stay that went on is in the files."""

    since: int
    """First of them, in days since 1 January 1970."""
    seen: int
    """Last of them: what happened later is not known."""
    since_told: bool
    """Whether the user said so; else it is taken from the files."""
    seen_told: bool

    @property
    def first_month(self) -> int:
        """First month that is covered from its first day, as `dates.months` counts."""
        month = _month(self.since)
        return month if first_day(month) == self.since else month + 1

    @property
    def last_month(self) -> int:
        """Last month that is covered to its last day."""
        month = _month(self.seen)
        return month if first_day(month + 1) == self.seen + 1 else month - 1

    @property
    def observed(self) -> Mapping[int, int]:
        """January of each academic year -> months of it that are covered whole."""
        whole = np.arange(self.first_month, self.last_month + 1)
        years, counts = np.unique(whole // 12 + 1970, return_counts=True)
        return dict(zip(years.tolist(), counts.tolist(), strict=True))


def _month(day: int) -> int:
    return int(months(np.array([float(day)]))[0])


def window(
    stays: pd.DataFrame, since: np.datetime64 | None, seen: np.datetime64 | None, today: np.datetime64
) -> Window:
    """The window that the user gives or, as far as none is given, that the stays show.

    The last day known is then that of the latest start or, if it is soon after, the latest end. The first is that of
    the month after the earliest end: an extract of stays that went on at any time since some day has no earlier end.
    Neither is judged by a row that is far from all others.

    Parameters
    ----------
    stays : start and end, in days; those not a number are left out

    Raises
    ------
    InputFaults
        The days given are in the wrong order, or have not come yet.
    """
    now = _day(today)
    given = {"--since": since, "--seen": seen}
    days = {name: None if day is None else _day(day) for name, day in given.items()}
    faults = [Fault(name, 0, "", *wrong) for name, day in days.items() for wrong in _impossible(day, now)]
    if faults:
        raise InputFaults(faults)
    last = days["--seen"] if days["--seen"] is not None else _latest(stays, now)
    first = days["--since"] if days["--since"] is not None else _from_ends(stays, last)
    if first > last:
        what = "is later than the last day that the files know"
        raise InputFaults([Fault("--since", 0, "", what, "give the first day on which they are complete")])
    return Window(first, last, since is not None, seen is not None)


def _day(day: np.datetime64) -> int:
    return int(number(np.array([day]))[0])


def _impossible(day: int | None, now: int) -> Iterator[tuple[str, str]]:
    """What is wrong with a day that the user gave, and the remedy."""
    if day is not None and day > now:
        yield "is a day that has not come yet", "give the day on which the file was made"
    if day is not None and day < FIRST:
        yield "is before September 2009", "give a later day: earlier years are not counted"


def _latest(stays: pd.DataFrame, now: int) -> int:
    """Latest start that another came shortly before, or an end soon after it: no row by itself moves the window far."""
    starts = np.sort(stays["start"].to_numpy(dtype=float))
    starts = starts[starts <= now]
    if not len(starts):
        return now
    near = starts[1:][np.diff(starts) <= APART]
    last = near[-1] if len(near) else starts[-1]
    ends = stays["end"].to_numpy(dtype=float)
    soon = ends[(ends > last) & (ends <= min(now, last + SOON))]
    return int(max(last, soon.max(initial=-np.inf)))


def _from_ends(stays: pd.DataFrame, last: int) -> int:
    """First day of the month after the earliest end that stands near another, in a year that is not nearly empty.

    Of the last month, where no stay has ended.
    """
    month = _month(last)
    ends = stays.loc[stays["end"].ge(stays["start"]) & stays["end"].le(last), "end"].sort_values().to_numpy(dtype=float)
    if not len(ends):
        return max(first_day(month), FIRST)
    ends = ends[academic_years(ends) >= _first_full(academic_years(ends))]
    near = ends[:-1][np.diff(ends) <= APART]
    first = near[0] if len(near) else ends[0]
    return max(first_day(min(_month(int(first)) + 1, month)), FIRST)


def _first_full(years: NDArray[np.int64]) -> int:
    """Year since which each but the last has at least `NEARLY_EMPTY` of the ends of the middle one."""
    counts = np.bincount(years - years.min())
    enough = np.median(counts[counts > 0]) * NEARLY_EMPTY
    empty = np.flatnonzero((counts < enough) | (counts == 0))
    return int(years.min() + (empty[empty < len(counts) - 1].max(initial=-1) + 1))
