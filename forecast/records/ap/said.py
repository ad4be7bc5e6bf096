"""What an import of stays says: what was read, taken for granted, mended and left out. Months and numbers, no day."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import Tier
from forecast.inputs.count_said import numbered
from forecast.inputs.schemas_ap import MONTHS_A_YEAR
from forecast.records.ap.dates import months, number
from forecast.records.ap.sheet import Written
from forecast.records.ap.window import QUIET, Window

OF_BLANK: Final = {
    "reason": ("gives no reason", "give no reason", "counted as other, or not recorded"),
    "registration": ("does not say how the child is registered", "do not say how the child is registered",
                     "taken as on no roll"),
    "days": ("does not say the days a week", "do not say the days a week", "taken as a full week"),
    "tier": ("does not say its tier", "do not say their tier",
             "taken as what the reason is mostly for (a judgement, listed in data/reference/ap_words.csv)"),
    "returned": ("ended and does not say whether the child went back",
                 "ended and do not say whether the child went back", "counted as not"),
}  # fmt: skip
"""Column -> what is said where it is blank: of one stay, of several, and what they are taken for."""
_FILLING: Final = 62
"""Days: where nobody had come longer ago than this, the files hold no stays from before. Judgement: July and August."""


def of_files(written: Written, stays: pd.DataFrame) -> Iterator[str]:
    """How much was read, and what was not."""
    children = numbered(int(stays["child"].nunique()), "child", "children")
    yield f"{numbered(len(stays), 'stay')} of {children}."
    yield from written.mended
    for file in dict.fromkeys(file for file, _ in written.ignored):
        letters = ", ".join(letter for name, letter in written.ignored if name == file)
        yield f"{file}: columns that are not read: {letters}."


def of_window(seen: Window, stays: pd.DataFrame) -> Iterator[str]:
    """From when to when the stays are taken as complete, and what makes that doubtful."""
    start, end = month_name(seen.since), month_name(seen.seen)
    yield f"Taken as complete from {start} to {end}: {_months(seen)}."
    if not seen.since_told:
        yield (
            "From when is judged by the stays that ended, from the first year with at least a tenth of those of the "
            "middle year: say it with --since if you know."
        )
    if not seen.seen_told:
        yield (
            "Until when is judged by the latest stay that began not long after another: say with --seen when the files "
            "were made."
        )
    elif not stays["start"].gt(seen.seen - QUIET).any():
        yield (
            f"WARNING: no stay began in the three months before the day that --seen gives, in {end}. If the files were "
            "made earlier, everyone there then is taken to have stayed on: give the day on which they were made."
        )
    there = stays["start"].le(seen.since) & ~stays["end"].lt(seen.since)
    if not (there & stays["start"].lt(seen.since - _FILLING)).any():
        yield (
            f"WARNING: nobody was there in {start} who had come long before. If the files hold only stays that began "
            "later, the first rolls are too low: do not use those of the first year."
        )
    gone = int(stays["end"].lt(seen.since).sum())
    if gone:
        yield f"{numbered(gone, 'stay')} ended before {start}: not counted."


def of_mends(repeated: int, mends: tuple[str, ...]) -> Iterator[str]:
    """What was mended."""
    if repeated:
        yield f"{numbered(repeated, 'row repeats', 'rows repeat')} another in every cell: counted once."
    yield from mends


def of_blanks(blanks: Mapping[str, int]) -> Iterator[str]:
    """What blank cells were taken for."""
    for name, rows in blanks.items():
        if rows:
            one, many, taken = OF_BLANK[name]
            yield f"{numbered(rows, f'stay {one}', f'stays {many}')}: {taken}."


def of_counting(stays: pd.DataFrame, main: pd.DataFrame, seen: Window, part: int) -> Iterator[str]:
    """How children with several stays are counted, who is not on a roll, and what is not among the arrivals."""
    here = stays[~stays["end"].lt(seen.since)]
    alone = int((~here.index.isin(main.index)).sum())
    if alone:
        beside = numbered(alone, "stay runs", "stays run")
        yield (
            f"{beside} wholly beside a child's main one (sole registration, then dual main, then dual subsidiary, then "
            "none): half-days only, the child is counted once."
        )
    elsewhere = int(main["registration"].eq("dual_subsidiary").sum())
    if elsewhere:
        yield (
            f"{numbered(elsewhere, 'stay is', 'stays are')} of children whose main registration is at another school: "
            "counted, as they fill places; published rolls of AP schools leave them out."
        )
    before = int((main["first"].lt(seen.since) & main.index.isin(here.index)).sum())
    if before:
        began = numbered(before, "stay began", "stays began")
        yield f"{began} before {month_name(seen.since)}: on the rolls only, not among arrivals or lengths of stay."
    came = len(main.index.intersection(here.index)) - before - part
    yield f"{numbered(came, 'stay')} among the arrivals."
    if part:
        yield f"{numbered(part, 'child', 'children')} came in months that are covered in part: not among the arrivals."
    outreach = int(stays["tier"].eq(Tier.OUTREACH).sum())
    if outreach:
        yield f"{numbered(outreach, 'stay is', 'stays are')} outreach in the child's own school: on no roll."
    if stays["nc_year"].isna().any() and seen.observed:
        told = int(stays["nc_year"].isna().sum())
        yield f"{numbered(told, 'stay says', 'stays say')} only a key stage: it is kept as long as the stay lasts."


def month_named(text: str) -> int | None:
    """Month, as `dates.months` counts them, of what `month_name` gave; None of anything else."""
    name, _, year = text.partition(" ")
    if name not in _NAMES or not year.isdecimal():
        return None
    return int(months(number(np.array([f"{year}-{_NAMES.index(name) + 1:02d}-01"])))[0])


def month_name(day: int) -> str:
    """Month and year of a day, counted from 1 January 1970."""
    month = str(np.datetime64(day, "D").astype("datetime64[M]"))
    return f"{_NAMES[int(month[5:]) - 1]} {month[:4]}"


_NAMES: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")  # fmt: skip


def _months(seen: Window) -> str:
    """How much of each academic year is covered whole."""
    covered = [
        f"{year - 1}/{year % 100:02d}" + (f" ({numbered(months, 'month')})" if months < MONTHS_A_YEAR else "")
        for year, months in seen.observed.items()
    ]
    return ", ".join(covered) or "no whole month"
