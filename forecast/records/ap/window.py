"""From when to when the records are complete, and which months of which academic years that covers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.records.ap.dates import first_day, months, number

FIRST: Final = int(np.datetime64("2009-09-01").astype("datetime64[D]").astype(np.int64))
"""First day of the first academic year that an area may hold."""


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

    The last day known is then the latest in the files that has come. The first is that of the month after the earliest
    end: an extract of stays that went on at any time since some day has no earlier end.

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
    days = stays[["start", "end"]].to_numpy(dtype=float)
    return int(np.max(days[days <= now], initial=-np.inf)) if (days <= now).any() else now


def _from_ends(stays: pd.DataFrame, last: int) -> int:
    """First day of the month after the earliest end; of the last month where no stay has ended."""
    ends = stays.loc[stays["end"].ge(stays["start"]) & stays["end"].le(last), "end"]
    month = _month(last)
    return max(first_day(min(_month(int(ends.min())) + 1, month) if len(ends) else month), FIRST)
