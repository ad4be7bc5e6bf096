"""Counts of new files beside those that an area's folder holds: years added or counted anew, stays followed on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.count_said import numbered
from forecast.records.ap.counted import Counts
from forecast.records.ap.dates import first_day
from forecast.records.ap.said import month_named

BY_YEAR: Final = ("ap_arrivals", "ap_rolls")
"""Tables with a row for each academic year; `ap_stays` pools them."""
STAYS: Final = "ap_stays"
ALIKE: Final = 1 / 10
"""How far stays that went on and stays that are followed on may differ in number, as a share of the first. Judgement:
dates that were put right since."""
_BANDS: Final = ["setting", "reason", "key_stage", "tier", "plan", "days_from", "days_to"]
_COUNTS: Final = ["ended", "returned", "ongoing"]
_ANEW: Final = "leave those years out with --since, or add --replace to count them anew"
_MONTHS: Final = re.compile(r"([A-Z][a-z]+ [0-9]{4}) to ([A-Z][a-z]+ [0-9]{4})$")


@dataclass(frozen=True)
class Before:
    """The months from which stays were counted before."""

    first: int
    """As `dates.months` counts them."""
    last: int

    @property
    def since(self) -> int:
        """First day, since 1 January 1970."""
        return first_day(self.first)

    def reaches(self, since: int) -> bool:
        """Whether these months end on the day before `since`, or in the month of that day."""
        return first_day(self.last) < since <= first_day(self.last + 1)


def counted_before(about: About) -> Before | None:
    """The months of the stays in an area's folder; None where it has none, or does not say."""
    for source in about.sources:
        if source.table == f"{STAYS}.csv" and (found := _MONTHS.search(source.source)):
            first, last = month_named(found[1]), month_named(found[2])
            return Before(first, last) if first is not None and last is not None else None
    return None


def joined(
    onto: Area, counts: Counts, before: Before | None, *, replace: bool
) -> tuple[Mapping[str, pd.DataFrame], tuple[str, ...]]:
    """The tables with the years of both, and what became of each year and of stays that went on.

    Raises
    ------
    InputFaults
        A year is there already, and is not to be replaced.
    """
    years = sorted({int(year) for name in BY_YEAR for year in counts.tables[name]["year"].unique()})
    have = {int(year) for name in BY_YEAR for year in onto.tables[name]["year"].unique()}
    again = [year for year in years if year in have]
    if again and not replace:
        what = f"{_named(again)} {'is' if len(again) == 1 else 'are'} there already"
        raise InputFaults([Fault(onto.folder.name, 0, "year", what, _ANEW)])
    tables = {name: _beside(onto.tables[name], counts.tables[name], years) for name in BY_YEAR}
    added = [year for year in years if year not in have]
    became = [f"Added: {_named(added)}."] if added else []
    if again:
        became.append(f"Counted anew: {_named(again)}. Lengths of stay rest on these files alone.")
        tables[STAYS] = counts.tables[STAYS]
    else:
        tables[STAYS], of_stays = _followed(onto.tables[STAYS], counts, before)
        became += of_stays
    return tables, tuple(became)


def _followed(old: pd.DataFrame, counts: Counts, before: Before | None) -> tuple[pd.DataFrame, list[str]]:
    """Bands of all stays; those that went on when the old ones were counted, as the new files tell their end."""
    new, later = counts.tables[STAYS], counts.begun_before
    if old.empty:
        return new, []
    ongoing, told = int(old["ongoing"].sum()), int(later[["ended", "ongoing"]].to_numpy().sum())
    reached = before is not None and before.reaches(counts.window.since)
    if reached and told and abs(told - ongoing) <= max(1, ALIKE * ongoing):
        said = f"{numbered(ongoing, 'stay', 'stays')} that went on in the files counted before: followed on in these."
        return _added([new, later, old.assign(ongoing=0)]), [said]
    said = (
        f"WARNING: {numbered(ongoing, 'stay', 'stays')} went on when the files counted before ended, and these files "
        f"follow on {told:,} of that time. Counted file by file, no stay can last longer than the months of its own "
        "file: give one file of all years, with --replace."
    )
    return _added([new, old]), [said]


def _beside(old: pd.DataFrame, new: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Rows of both, without those of `old` in `years`."""
    rest = old[~old["year"].isin(years)]
    parts = [table for table in (rest, new) if len(table)]
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True) if parts else new


def _added(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Bands of stays that began at different times, added up; those of no stay left out."""
    parts = [table for table in tables if len(table)]
    if not parts:
        return tables[0]
    sums = pd.concat(parts).groupby(_BANDS, dropna=False)[_COUNTS].sum().reset_index()
    return sums[sums[_COUNTS].sum(axis=1).gt(0)].reset_index(drop=True)


def _named(years: Sequence[int]) -> str:
    return ", ".join(f"{year - 1}/{year % 100:02d}" for year in years)
