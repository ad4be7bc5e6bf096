"""Arrivals by academic year, and stays by their length: `ap_arrivals.csv` and `ap_stays.csv`."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.records.ap.ages import stage_of
from forecast.records.ap.dates import Days, academic_years, months
from forecast.records.ap.once import Once
from forecast.records.ap.window import Window

WEEK_DAYS: Final = 7
"""Days of a band up to a year. Placements are made by the week, and a mean of some hundred days read from the middles
of weeks is out by less than a hundredth, however few the stays: half a week at most for one of them."""
MONTH_DAYS: Final = 28
"""Days of a band after that: four of those before, so that the bands of long stays are few."""
FIRST_MONTH_BAND: Final = 364
"""Days, 52 weeks, from which bands have `MONTH_DAYS`."""
_CELL: Final = ["setting", "reason", "key_stage", "tier", "plan"]


def counted(stays: pd.DataFrame, each: Once) -> pd.DataFrame:
    """Stays that are a child's main one on any day, with the first such day, their number, and the key stage then."""
    table = stays.loc[each.stays.index].assign(first=each.stays["first"], days=each.stays["days"].astype("int64"))
    return table.assign(key_stage=stages_on(table, table["first"].to_numpy()))


def stages_on(stays: pd.DataFrame, days: Days) -> "pd.Series[str]":
    """Key stage of each child on a day: that of the year group it has moved up to, or else as the records say it."""
    up = academic_years(days) - academic_years(stays["start"].to_numpy())
    moved = pd.Series(stage_of(stays["nc_year"].to_numpy() + up), stays.index)
    return moved.where(stays["nc_year"].notna(), stays["key_stage"])


def arrivals(main: pd.DataFrame, window: Window, source: str) -> tuple[pd.DataFrame, int]:
    """Children who came in each academic year, and how many came in months that the files cover in part.

    Parameters
    ----------
    main : as `counted` gives it
    """
    month = months(main["first"].to_numpy())
    inside = (main["first"] >= window.since) & (main["first"] <= window.seen)
    whole = inside & (month >= window.first_month) & (month <= window.last_month)
    table = main[whole].assign(year=(month // 12 + 1970)[whole])
    counts = table.groupby(["year", "district", *_CELL], sort=True).size().rename("children").reset_index()
    counts = counts.assign(months=counts["year"].map(window.observed).astype("int64"), source=source)
    order = ["year", "months", "district", *_CELL, "children", "source"]
    return counts[order], int((inside & ~whole).sum())


def begun_before(main: pd.DataFrame, window: Window, before: int | None) -> pd.DataFrame:
    """As `lengths`, of stays that began from the day `before` on, went on into the window, and are in files before."""
    known = main["end"].isna() | main["end"].ge(window.since)
    earlier = main["first"].lt(window.since) & main["first"].ge(np.inf if before is None else before)
    return _by_band(main[known & earlier])


def lengths(main: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Stays that began while the files are complete, by band of days: ended, of them returned, and going on.

    Those that began before are left out: of these only the long ones are in the files.
    """
    return _by_band(main[(main["first"] >= window.since) & (main["first"] <= window.seen)])


def _by_band(begun: pd.DataFrame) -> pd.DataFrame:
    """Stays by cell and band of days: ended, of them returned, and going on."""
    days_from, days_to = bands(begun["days"].to_numpy())
    ended = begun["end"].notna()
    table = begun.assign(
        days_from=days_from,
        days_to=days_to,
        ended=ended.astype("int64"),
        returned=(ended & begun["returned"].eq("yes")).astype("int64"),
        ongoing=(~ended).astype("int64"),
    )
    sums = table.groupby([*_CELL, "days_from", "days_to"], sort=True)[["ended", "returned", "ongoing"]].sum()
    return sums.reset_index()


def bands(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day from which the band of each length runs, and the day before which it ends."""
    past = days - FIRST_MONTH_BAND
    short, long = days // WEEK_DAYS * WEEK_DAYS, FIRST_MONTH_BAND + past // MONTH_DAYS * MONTH_DAYS
    width = np.where(past < 0, WEEK_DAYS, MONTH_DAYS)
    first = np.where(past < 0, short, long)
    return first, first + width
