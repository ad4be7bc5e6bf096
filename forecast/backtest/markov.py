"""The rival that knows ages: a cohort of age bands with constant rates.

    band     under 5      5-10        11-15       16-19       20-25
    width       5           6           5           4           6       years of age

Each year one child in `width` moves up a band, as many start as started in the last year, and the share of
each band that ended last year in England ends again. That share is what closes the accounts of England's
last year, so it also holds what is wrong with "one in `width`", and is below 0 where more came than left.

An authority's own last year is too noisy a rate: compounded, it runs away. Measured on ages 5 to 15, origins
2016-2022, in `tests/test_rivals.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import LabelMismatch, UnknownLabel
from forecast.model.raking import Array

BANDS: Final[Mapping[str, int]] = {"under 5": 5, "5-10": 6, "11-15": 5, "16-19": 4, "20-25": 6}
"""Bands of age at 31 August, as the releases to 2022 have them -> years that a child is in each."""
TARGETS: Final[Mapping[str, tuple[str, ...]]] = {"plans": tuple(BANDS), "plans_5_15": ("5-10", "11-15")}
"""Series that the cohort forecasts -> bands that they sum."""


def cohort(stock: pd.DataFrame, starts: pd.DataFrame, horizons: Sequence[int], target: str) -> pd.DataFrame:
    """Children of `target` expected by a cohort whose rates stay as they were in the last year.

    Parameters
    ----------
    stock : rows (year, band), columns la_code
        Children with a plan at each January, up to the one forecast from; the last two are used.
    starts : the same axes
        First plans of the year that ends at each January, by the age at which they are in `stock`.
    horizons : years ahead
    target : a name of `TARGETS`

    Returns
    -------
    DataFrame, a row an authority, a column a horizon; missing where one of the bands or starts is, since
    no band's future stands without the one below it. England's rates come from the authorities that have all.

    Raises
    ------
    UnknownLabel
        No target is called so.
    LabelMismatch
        A table has other bands in those Januaries than `BANDS`.
    """
    if target not in TARGETS:
        raise UnknownLabel("target", target, TARGETS)
    at = int(stock.index.get_level_values("year").max())
    bands = list(BANDS)[: max(map(list(BANDS).index, TARGETS[target])) + 1]
    before, now, started = (
        _bands(table, year, bands).reindex(columns=stock.columns)
        for table, year in ((stock, at - 1), (stock, at), (starts, at))
    )
    kept = [bands.index(band) for band in TARGETS[target]]
    width = np.array([BANDS[band] for band in bands])
    ends = ending(before.to_numpy(), now.to_numpy(), started.to_numpy(), width)
    path = [now.to_numpy()]
    for _ in range(max(horizons)):
        path.append(step(path[-1], started.to_numpy(), ends, width))
    children = {horizon: path[horizon][kept].sum(axis=0) for horizon in horizons}
    return pd.DataFrame(children, index=stock.columns).rename_axis(columns="horizon")


def ending(before: Array, now: Array, starts: Array, width: Array) -> Array:
    """Share of each band that ended in the last year, net of arrivals: (band).

    Of all authorities together that have every figure; at most the share that does not move up.

    Parameters
    ----------
    before, now : (band, authority)
        Children at the two Januaries.
    starts : (band, authority)
        First plans between them.
    width : (band)
        Years that a child is in each.
    """
    known = np.isfinite(before + now + starts).all(axis=0)
    lost = (aged(before, width) + starts - now)[:, known].sum(axis=1)
    return np.asarray(np.minimum(lost / before[:, known].sum(axis=1), 1 - 1 / width))


def step(pupils: Array, starts: Array, ends: Array, width: Array) -> Array:
    """Children a year from now: (band, authority)."""
    return aged(pupils, width) + starts - ends[:, None] * pupils


def aged(pupils: Array, width: Array) -> Array:
    """The same children a year older: one in `width` has moved up a band, out of the last one altogether."""
    up = pupils / width[:, None]
    return pupils - up + np.vstack([np.zeros_like(up[:1]), up[:-1]])


def _bands(table: pd.DataFrame, year: int, bands: list[str]) -> pd.DataFrame:
    """Figures of one January, a row a band in the order of `BANDS`."""
    rows = table[table.index.get_level_values("year") == year].droplevel("year")
    if missing := set(bands) - set(rows.index):
        raise LabelMismatch(f"band in January {year}", missing=set(missing), extra=set())
    return rows.loc[bands]
