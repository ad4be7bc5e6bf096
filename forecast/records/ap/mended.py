"""What is safely mended in the records, each mend counted; what is not is a flaw of its row."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.inputs.count_said import numbered
from forecast.records.ap.ages import YEARS
from forecast.records.ap.dates import FIRST_DAY, academic_years
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.sheet import FILE, LINE
from forecast.records.ap.window import Window
from forecast.records.ap.words import MEANINGS

_SOLE = "sole"
_STAGES = MEANINGS["key_stage"]


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
    flaws = [*_impossible(stays, window)]
    sound = stays.drop(index=list({flaw.at for flaw in flaws}))
    ended, of_soles = _one_sole(sound)
    stays.loc[list(ended), "end"] = list(ended.values())
    flaws += [*of_soles, *_alike(sound), *_jumps(sound), *_falls(sound)]
    return Mended(stays, tuple(flaws), tuple(_said(int(planned.sum()), len(ended))))


def _said(planned: int, ended: int) -> Iterator[str]:
    if planned:
        stays = numbered(planned, "stay has an end", "stays have ends")
        yield f"{stays} after the day on which the file was made: taken as planned, so going on."
    if ended:
        stays = numbered(ended, "sole registration", "sole registrations")
        yield f"{stays} went on when the next of the same child began: ended the day before."


def _impossible(stays: pd.DataFrame, window: Window) -> list[Flaw]:
    """Stays whose days cannot be."""
    early, late = stays["start"].lt(FIRST_DAY), stays["start"].gt(window.seen)
    before = stays["end"].lt(stays["start"]) & ~late & ~early
    seen = "leave out stays that are only planned, or say with --seen when the file was made"
    return [
        *flawed(stays.index[before], "end", "is before the stay starts", "see which of the two days is right"),
        *flawed(stays.index[early], "start", "is before 1990", "write the day on which the stay began"),
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


def _alike(stays: pd.DataFrame) -> list[Flaw]:
    """Stays that are one with another, but for what is said of them."""
    key = ["child", "start", "setting", "registration", "half_days", "apart"]
    again = stays.duplicated(key) & stays["registration"].ne(_SOLE)
    remedy = "keep the row that is right, or tell two providers apart in a column of their names"
    what = "is that of another stay of the child, of the same setting and days, but the rows differ"
    return flawed(stays.index[again], "start", what, remedy)


def _jumps(stays: pd.DataFrame) -> list[Flaw]:
    """Year groups that are more than one from where the child's others put it."""
    known = stays[stays["nc_year"].between(*YEARS)]
    cohort = academic_years(known["start"].to_numpy()) - known["nc_year"]
    spread = cohort.groupby(known["child"]).agg(["min", "max"])
    children = spread.index[spread["max"] - spread["min"] > 1]
    some = known["child"].isin(children)
    if not some.any():
        return []
    most = cohort[some].groupby(known.loc[some, "child"]).agg(lambda years: years.value_counts().index[0])
    off = (cohort[some] - known.loc[some, "child"].map(most)).abs() > 1
    remedy = "give the year group of the day on which each stay began, or the date of birth"
    return flawed(off.index[off], "nc_year", "jumps from that of the child's other stays", remedy)


def _falls(stays: pd.DataFrame) -> list[Flaw]:
    """Key stages below one that the child was in before."""
    told = stays[stays["nc_year"].isna()].sort_values(["child", "start"], kind="stable")
    stage = told["key_stage"].map(_STAGES.index).astype("int64")
    below = stage < stage.groupby(told["child"]).cummax()
    remedy = "give the key stage of the day on which each stay began"
    return flawed(told.index[below], "key_stage", "is below one that the child was in before", remedy)
