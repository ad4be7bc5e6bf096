"""What is wrong between the rows of one child: two that cannot both be right."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecast.records.ap.ages import YEARS
from forecast.records.ap.dates import academic_years
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.words import MEANINGS

_STAGES = MEANINGS["key_stage"]


def contradictions(stays: pd.DataFrame, sole: str) -> Iterator[Flaw]:
    """Stays that cannot be beside others of the same child.

    Parameters
    ----------
    stays : as `typed.Stays.table`, those without a flaw
    sole : registration of which a child has one at a time, which is judged elsewhere
    """
    births = _births(stays)
    yield from births
    yield from _alike(stays, sole)
    yield from _jumps(stays.drop(index=[flaw.at for flaw in births]))
    yield from _falls(stays)
    yield from _districts(stays)


def _alike(stays: pd.DataFrame, sole: str) -> list[Flaw]:
    """Stays that are one with another, but for what is said of them."""
    key = ["child", "start", "setting", "registration", "half_days", "apart"]
    again = stays.duplicated(key) & stays["registration"].ne(sole)
    remedy = "keep the row that is right, or tell two providers apart in a column of their names"
    what = "is that of another stay of the child, of the same setting and days, but the rows differ"
    return flawed(stays.index[again], "start", what, remedy)


def _off(values: "pd.Series[float]", child: "pd.Series[int]", apart: float) -> "pd.Index[int]":
    """Rows that are more than `apart` from where most rows of their child are."""
    spread = values.groupby(child).agg(["min", "max"])
    some = child.isin(spread.index[spread["max"] - spread["min"] > apart])
    if not some.any():
        return values.index[:0]
    most = values[some].groupby(child[some]).agg(lambda own: own.value_counts().index[0])
    off = (values[some] - child[some].map(most)).abs() > apart
    return off.index[off]


def _births(stays: pd.DataFrame) -> list[Flaw]:
    """Days of birth that are not those of the child's other stays."""
    known = stays[stays["birth"].notna()]
    what = "is another day than in the child's other stays"
    remedy = "see which day is right, and that both are of one child"
    return flawed(_off(known["birth"], known["child"], 0), "birth", what, remedy)


def _jumps(stays: pd.DataFrame) -> list[Flaw]:
    """Year groups that are more than one from where the child's others put it."""
    known = stays[stays["nc_year"].between(*YEARS)]
    cohort = academic_years(known["start"].to_numpy()) - known["nc_year"]
    remedy = "give the year group of the day on which each stay began, or the date of birth"
    off = _off(cohort, known["child"], 1)
    return flawed(off, "nc_year", "jumps from that of the child's other stays", remedy)


def _falls(stays: pd.DataFrame) -> list[Flaw]:
    """Key stages below one that the child was in before."""
    told = stays[stays["nc_year"].isna()].sort_values(["child", "start"], kind="stable")
    stage = told["key_stage"].map(_STAGES.index).astype("int64")
    below = stage < stage.groupby(told["child"]).cummax()
    remedy = "give the key stage of the day on which each stay began"
    return flawed(told.index[below], "key_stage", "is below one that the child was in before", remedy)


def _districts(stays: pd.DataFrame) -> list[Flaw]:
    """Stays in another district than one of the same child that goes on."""
    several = stays.groupby("child")["district"].transform("nunique").gt(1)
    table = stays[several].sort_values(["child", "start"], kind="stable")
    off: list[int] = []
    for _, rows in table.assign(end=table["end"].fillna(np.inf)).groupby("child"):
        there: list[tuple[float, str]] = []
        for at, start, end, district in rows[["start", "end", "district"]].itertuples():
            if any(last >= start and other != district for last, other in there):
                off.append(at)
            else:
                there.append((end, district))
    what = "is another than that of a stay of the child on the same days"
    return flawed(off, "district", what, "write the district where the child lives in both rows")
