"""Each child counted once a day, wherever and however often it is registered.

A child with two stays at once is counted in its main one: a sole registration before a dual main one, that before a
dual subsidiary one, that before none; then the one of more half-days a week, then the one that began first. The days
of a stay are those on which it is the child's main one, so that the days of all stays are those of all children, and
Little's law holds of what is counted. A stay that is never the main one is attendance and no arrival.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import Tier
from forecast.records.ap.words import REGISTRATIONS

_ORDER: Final = {name: place for place, name in enumerate(REGISTRATIONS)}


@dataclass(frozen=True, eq=False)
class Once:
    """Stays by the days on which each is its child's main one."""

    pieces: pd.DataFrame
    """stay (label of its row), first, last: runs of days, both ends in them."""
    stays: pd.DataFrame
    """By the label of its row: first, days: of stays that have any."""
    beside: int
    """Stays that have none."""


def once(stays: pd.DataFrame, seen: int) -> Once:
    """Share out the days of children who have several stays at once.

    Parameters
    ----------
    stays : child, start, end (not a number while it goes on), registration, half_days, tier
    seen : last day known
    """
    table = in_order(stays).assign(end=lambda rows: rows["end"].fillna(seen))
    outreach = table["tier"].eq(Tier.OUTREACH)  # in the child's own school, so beside no place
    shared = table["child"].isin(_several(table[~outreach])) & ~outreach
    alone = table[~shared]
    runs = [(at, float(start), float(end)) for at, start, end in alone[["start", "end"]].itertuples()]
    for _, rows in table[shared].groupby("child", sort=False):
        taken: list[tuple[float, float]] = []
        for at, start, end in rows[["start", "end"]].itertuples():
            free = _without((float(start), float(end)), taken)
            runs += [(at, *run) for run in free]
            taken += free
    pieces = pd.DataFrame(runs, columns=["stay", "first", "last"]).sort_values(["stay", "first"], ignore_index=True)
    days = (pieces["last"] - pieces["first"] + 1).groupby(pieces["stay"]).sum()
    counted = pd.DataFrame({"first": pieces.groupby("stay")["first"].min(), "days": days})
    return Once(pieces, counted, len(stays) - len(counted))


def in_order(stays: pd.DataFrame) -> pd.DataFrame:
    """Stays by child, each child's main one first."""
    place = stays["registration"].map(_ORDER)
    by = pd.DataFrame({"child": stays["child"], "place": place, "less": -stays["half_days"], "start": stays["start"]})
    return stays.loc[by.sort_values(["child", "place", "less", "start"], kind="stable").index]


def _several(stays: pd.DataFrame) -> NDArray[np.int64]:
    """Children who have two stays on one day."""
    table = stays.sort_values(["child", "start"], kind="stable")
    before = table.groupby("child")["end"].cummax().groupby(table["child"]).shift()
    return np.asarray(table.loc[table["start"].le(before), "child"].unique())


def _without(run: tuple[float, float], taken: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Days of `run` that none of `taken` has."""
    free, (start, end) = [], run
    for first, last in sorted(taken):
        if last < start or first > end:
            continue
        if first > start:
            free.append((start, first - 1))
        start = last + 1
    return [*free, (start, end)] if start <= end else free
