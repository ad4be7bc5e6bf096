"""What is safely mended in the records, each mend counted; what is not is a flaw of its row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.inputs.count_said import numbered
from forecast.inputs.schemas_ap import WITH
from forecast.records.ap.ages import YEARS
from forecast.records.ap.beside import contradictions
from forecast.records.ap.dates import academic_years
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.keys import shared_keys
from forecast.records.ap.sheet import FILE, LINE
from forecast.records.ap.window import Window

_SOLE: Final = "sole"
LONGEST: Final = 5
"""Years of a stay that is still going on; a longer one was never closed, unless a plan names the place. Judgement: key
stages 3 and 4 together."""
_CLOSE: Final = "write the last day, or take the row out"


@dataclass(frozen=True, eq=False)
class Mended:
    """Stays that can be counted, if they have no flaw."""

    table: pd.DataFrame
    """As `typed.Stays.table`, without repeated rows."""
    flaws: tuple[Flaw, ...]
    """Those of rows beside others, or of rows that cannot be: the readable ones."""
    said: tuple[str, ...]
    """What was mended, in sentences."""


def repeated(cells: pd.DataFrame) -> "pd.Series[bool]":
    """Rows that say in every cell, read or not, what a row before them says."""
    return cells.drop(columns=[FILE, LINE]).map(str.casefold).duplicated()


def mended(table: pd.DataFrame, window: Window) -> Mended:
    """Mend what is safe to mend, and find what is wrong between rows.

    Parameters
    ----------
    table : rows that could be read, none of them repeated
    """
    planned = table["end"].gt(window.seen) & table["start"].le(window.seen)
    stays = table.assign(end=table["end"].mask(planned), returned=table["returned"].mask(planned, ""))
    flaws = _impossible(stays, window)
    flaws += shared_keys(_without(stays, flaws))
    ended, of_soles = _one_sole(_without(stays, flaws))
    stays.loc[list(ended), "end"] = list(ended.values())
    sound = _without(stays, flaws)
    flaws += [*of_soles, *contradictions(sound, _SOLE), *_never_closed(sound, window)]
    return Mended(stays, tuple(flaws), tuple(_said(int(planned.sum()), len(ended))))


def _without(stays: pd.DataFrame, flaws: list[Flaw]) -> pd.DataFrame:
    return stays.drop(index=list({flaw.at for flaw in flaws}))


def _never_closed(stays: pd.DataFrame, window: Window) -> list[Flaw]:
    """Stays that go on though the child has grown up, or has been there for longer than any stay lasts."""
    there = stays[stays["end"].isna()]
    up = academic_years(np.array([float(window.seen)]))[0] - academic_years(there["start"].to_numpy())
    old = (there["nc_year"] + up).gt(YEARS[1])
    of_a_plan = there["plan"].eq(WITH) & there["nc_year"].notna()
    long = (window.seen - there["start"]).gt(LONGEST * 365.25) & ~old & ~of_a_plan
    return [
        *flawed(there.index[old], "end", "is not there, and the child would be past Year 14 by now", _CLOSE),
        *flawed(there.index[long], "end", f"is not there after more than {LONGEST} years on roll", _CLOSE),
    ]


def _said(planned: int, ended: int) -> Iterator[str]:
    if planned:
        stays = numbered(planned, "stay has an end", "stays have ends")
        yield f"{stays} after the day on which the file was made: taken as planned, so going on."
    if ended:
        stays = numbered(ended, "sole registration", "sole registrations")
        yield f"{stays} went on when the next of the same child began: ended the day before."


def _impossible(stays: pd.DataFrame, window: Window) -> list[Flaw]:
    """Stays whose days cannot be."""
    late = stays["start"].gt(window.seen)
    before = stays["end"].lt(stays["start"]) & ~late
    seen = "leave out stays that are only planned, or say with --seen when the file was made"
    return [
        *flawed(stays.index[before], "end", "is before the stay starts", "see which of the two days is right"),
        *flawed(stays.index[late], "start", "is after the last day that the file knows", seen),
    ]


def _one_sole(stays: pd.DataFrame) -> tuple[dict[int, float], list[Flaw]]:
    """New ends of sole registrations that no one ended when the next began, and those in which a child is twice."""
    soles = stays[stays["registration"].eq(_SOLE)]
    soles = soles[soles["child"].duplicated(keep=False)].sort_values(["child", "start"], kind="stable")
    ends: dict[int, float] = {}
    twice: list[int] = []
    current, child, begun, last = -1, -1, np.nan, np.nan
    for at, who, start, end in soles[["child", "start", "end"]].itertuples():
        there = who == child and (np.isnan(last) or last >= start)
        if there and start > begun and (np.isnan(last) or last == start):
            ends[current] = start - 1
        elif there:
            twice.append(at)
            continue
        current, child, begun, last = at, who, start, end
    remedy = "end the one that came before, or give one of the two as a dual registration"
    return ends, flawed(twice, "registration", "is sole while another sole registration of the child goes on", remedy)
