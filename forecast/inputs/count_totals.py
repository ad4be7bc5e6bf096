"""Totals in a table of counts: checked against their parts, used to narrow hidden counts, and never counted twice.

A row is a *total* if other rows of its year say more of the same children: by an axis over which it is `all`, or
by year groups within its own. The rows that nothing says more of are the *parts*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault
from forecast.inputs.cells import NAN
from forecast.inputs.faults import capped
from forecast.inputs.rows import every_age

LABELS: Final = ("district", "need", "provision")
"""Axes whose sum is the label `all`."""
_SPAN: Final = ["nc_from", "nc_to"]
_PASSES: Final = 4
"""Times that totals narrow the parts: each pass may let another total say more."""
_REMEDY: Final = "correct the one that is wrong: give totals that are not rounded, or leave them out"


@dataclass(frozen=True)
class Reckoned:
    """A table of counts once its totals have had their say."""

    rows: pd.DataFrame
    """Parts, and totals of a whole year that still say something of hidden counts: these have `is_total`."""
    faults: tuple[Fault, ...]
    """Totals that their parts cannot add up to."""
    totals: int
    """Rows that were totals."""
    narrowed: int
    """Hidden counts of which a total says more than their own cell."""


@dataclass(frozen=True)
class _Group:
    """Totals of one kind in one year, and the parts that each is the sum of."""

    totals: "pd.Index[int]"
    parts: "pd.Index[int]"
    of: "pd.Series[int]"
    """Part -> its total, by their places in the table."""
    whole: bool
    """Whether every part of the year that names the same axes has its total among these."""


def reckon(file: str, rows: pd.DataFrame) -> Reckoned:
    """Check totals, narrow what is hidden, and leave out the totals that say nothing more.

    Parameters
    ----------
    file : what messages call it
    rows : line, year, district, need, nc_from, nc_to, provision, children, least, most; one row a cell
    """
    table = rows.reset_index(drop=True)
    is_total = _is_total(table)
    groups = list(_groups(table, is_total))
    low, high = table["least"].fillna(0.0).to_numpy(copy=True), table["most"].fillna(np.inf).to_numpy(copy=True)
    faults = list(_faults(file, table, groups, low, high))
    if faults:
        return Reckoned(table, tuple(faults), int(is_total.sum()), 0)
    before = high - low
    for _ in range(_PASSES):
        for group in groups:
            _narrow(group, low, high)
    if (low > high).any():
        return Reckoned(table, tuple(_impossible(file, table, low > high)), int(is_total.sum()), 0)
    narrowed = int(((high - low < before) & ~is_total.to_numpy()).sum())
    kept = ~is_total | _still_say_something(groups, low != high, len(table))
    found = _with_bounds(table.assign(is_total=is_total), low, high)[kept].reset_index(drop=True)
    return Reckoned(found, (), int(is_total.sum()), narrowed)


def _is_total(table: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows other rows of the same year say more of."""
    pattern = _pattern(table)
    coarser = pd.Series(data=False, index=table.index)
    for _, rows in pattern.groupby(table["year"]):
        present = set(rows)
        beneath = {one for one in present for other in present if one != other and one & other == one}
        coarser[rows.index] = rows.isin(beneath)
    cell = table.groupby(["year", *LABELS]).ngroup()
    spans = table[_SPAN].drop_duplicates().to_numpy().tolist()
    for first, last in spans:
        within = table["nc_from"].ge(first) & table["nc_to"].le(last)
        own = table["nc_from"].eq(first) & table["nc_to"].eq(last)
        finer = set(cell[within & ~own])
        coarser |= own & cell.isin(finer)
    return coarser


def _pattern(table: pd.DataFrame) -> "pd.Series[int]":
    """Which axes a row names, a bit each; year groups are named unless it is about every one."""
    bits = [table[axis].ne(ALL) * 2**place for place, axis in enumerate(LABELS)]
    return (bits[0] + bits[1] + bits[2] + ~every_age(table) * 2 ** len(LABELS)).astype(int)


def _groups(table: pd.DataFrame, is_total: "pd.Series[bool]") -> Iterator[_Group]:
    """Totals by what they name and their year groups, with the parts of each; those that parts straddle are left."""
    pattern = _pattern(table) % 2 ** len(LABELS)
    parts = table[~is_total]
    for key, totals in table[is_total].groupby(["year", pattern[is_total], *_SPAN]):
        year, names, first, last = (int(str(value)) for value in key)
        mine = parts[parts["year"].eq(year) & (pattern[parts.index] & names).eq(names)]
        mine = mine[(pattern[mine.index].ne(names)) | mine["nc_from"].ne(first) | mine["nc_to"].ne(last)]
        axes = [axis for place, axis in enumerate(LABELS) if names & 2**place]
        for _, of_kind in mine.groupby(_pattern(mine)):
            yield _group(table, totals, of_kind, axes, (first, last))


def _group(
    table: pd.DataFrame, totals: pd.DataFrame, parts: pd.DataFrame, axes: list[str], span: tuple[int, int]
) -> _Group:
    within = parts["nc_from"].ge(span[0]) & parts["nc_to"].le(span[1])
    apart = parts["nc_from"].gt(span[1]) | parts["nc_to"].lt(span[0])
    key = _key(table, axes)
    straddled = set(key[parts.index[~within & ~apart]])
    sound = totals.index[~key[totals.index].isin(straddled)]
    at = pd.Series(sound, index=key[sound].to_numpy())
    inside = parts.index[within]
    of = key[inside].map(at).dropna().astype(int)
    return _Group(sound, of.index, of, whole=len(of) == len(parts))


def _key(table: pd.DataFrame, axes: list[str]) -> "pd.Series[int]":
    return table.groupby(axes).ngroup() if axes else pd.Series(0, index=table.index)


def _faults(file: str, table: pd.DataFrame, groups: list[_Group], low: np.ndarray, high: np.ndarray) -> Iterator[Fault]:
    """Totals that their parts are too many, or too few, to add up to."""
    found: dict[int, str] = {}
    for group in groups:
        least, most = (_sums(group, bound) for bound in (low, high))
        for total, fewest, most_there in zip(group.totals, least, most, strict=True):
            if fewest > high[total]:
                found[total] = f"says {_said(low[total], high[total])}, but its parts are at least {fewest:,.0f}"
            elif most_there < low[total]:
                found[total] = f"says {_said(low[total], high[total])}, but its parts are at most {most_there:,.0f}"
    lines = table["line"].to_numpy()
    wrong = sorted(found, key=lambda at: int(lines[at]))
    yield from capped(wrong, lambda at: Fault(file, int(lines[at]), "children", found[at], _REMEDY))


def _impossible(file: str, table: pd.DataFrame, crossed: np.ndarray) -> list[Fault]:
    """Rows for which the totals together leave no number."""
    lines = sorted(int(line) for line in table.loc[crossed, "line"])
    return capped(lines, lambda line: Fault(file, line, "children", "no number fits it and every total", _REMEDY))


def _said(low: float, high: float) -> str:
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _sums(group: _Group, bound: np.ndarray) -> np.ndarray:
    """Sum of the parts of each total."""
    sums = pd.Series(bound[group.parts], index=group.of.to_numpy()).groupby(level=0).sum()
    return sums.reindex(group.totals, fill_value=0.0).to_numpy()


def _narrow(group: _Group, low: np.ndarray, high: np.ndarray) -> None:
    """Bring the bounds of each part to what its total and the other parts leave, and those of the total to theirs."""
    parts, of = group.parts.to_numpy(), group.of.to_numpy()
    totals = group.totals.to_numpy()
    low[totals] = np.maximum(low[totals], _sums(group, low))
    high[totals] = np.minimum(high[totals], _sums(group, high))
    fewest = pd.Series(_sums(group, low), index=totals)
    finite = np.where(np.isinf(high), 0.0, high)
    most = pd.Series(_sums(group, finite), index=totals)
    open_ended = pd.Series(_sums(group, np.isinf(high).astype(float)), index=totals)
    others_least = fewest[of].to_numpy() - low[parts]
    others_most = np.where(
        open_ended[of].to_numpy() > np.isinf(high[parts]), np.inf, most[of].to_numpy() - finite[parts]
    )
    low[parts], high[parts] = (
        np.maximum(low[parts], low[of] - others_most),
        np.minimum(high[parts], high[of] - others_least),
    )


def _still_say_something(groups: list[_Group], hidden: np.ndarray, size: int) -> "pd.Series[bool]":
    """Totals kept: those that together hold every part of their year once, some of them hidden still."""
    kept = pd.Series(data=False, index=range(size))
    for group in groups:
        if group.whole and hidden[group.parts].any():
            kept[group.totals] = True
    return kept


def _with_bounds(table: pd.DataFrame, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    """`table` with what is now known; a count of which nothing is known keeps no bounds."""
    known, unknown = low == high, np.isinf(high)
    return table.assign(
        children=np.where(known, low, NAN), least=np.where(unknown, NAN, low), most=np.where(unknown, NAN, high)
    )
