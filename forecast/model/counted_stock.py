"""Children with a plan at a census, by district, from whatever table of counts an area has.

A count known stays as it is. A suppressed one is a range, and a cell that is only part of a sum is unknown: such cells
take what England's pattern leads one to expect, within their ranges, so that every sum that is known is met.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from forecast.domain import ALL, NC_YEARS
from forecast.errors import ForecastError
from forecast.inputs.rows import every_age
from forecast.model.counted_tables import Frame, positions, shared_out
from forecast.model.raking import Array

WIDEST: Final = 20
"""Widest range whose counts are weighed one by one; the expectation of a wider one is only kept inside it."""
PASSES: Final = 200
"""Times that the sums are gone through."""
NEAR: Final = 1e-6
"""Children by which a sum may be missed when the passes end early."""
_FAR: Final = 40.0
"""Most that cells are multiplied or divided by to meet a sum, on the log scale."""


class NoStock(ForecastError):
    """A counted area without any count of its latest census."""

    def __init__(self, year: int) -> None:
        super().__init__(f"placements.csv counts nobody in January {year}; add the counts of the area's latest census.")


@dataclass(frozen=True)
class Sums:
    """Rows of one kind, none of which overlap: sums over boxes of cells."""

    group: NDArray[np.integer]
    """Row that each cell counts towards, or -1: the cells' axes."""
    least: Array
    most: Array


def counted_stock(rows: pd.DataFrame, frame: Frame, expected: Array, year: int) -> Array:
    """Children by (district, need, nc_year, provision), *not recorded* shared out.

    Parameters
    ----------
    rows : placements of one census, with `least` and `most` where a count may be a range
    expected : (district, need, nc_year, provision)
        What England's pattern gives the area; only proportions count.
    year : January of the census

    Raises
    ------
    NoStock
        There is no count.
    """
    if rows.empty or _most(rows).sum() == 0:
        raise NoStock(year)
    total = _grand_total(rows)
    tables = [_sums(part, frame) for _, part in rows.groupby(_kind(rows), sort=False)]
    padded = np.pad(expected, ((0, 0), (0, 1), (0, 0), (0, 1)))
    padded[:, -1], padded[..., -1] = padded[:, :-1].mean(axis=1) * NEAR, padded[..., :-1].mean(axis=3) * NEAR
    low, high = np.zeros(padded.shape), np.full(padded.shape, np.inf)
    for flags, part in rows.groupby(_axes_told(rows), sort=False):
        covered = np.zeros(padded.shape, dtype=bool)
        for _, same in part.groupby(_kind(part), sort=False):
            sums = _sums(same, frame)
            covered |= sums.group >= 0
            if flags == "district need nc_year provision":
                low, high = _known(low, sums.least, sums.group), _known(high, sums.most, sums.group)
        if _most(part).sum() >= total:  # a whole table: who is in none of its rows is nowhere
            high = np.where(covered, high, 0.0)
    found = _met(_start(padded, total, low, high), low, high, tables)
    return shared_out(found)


def _least(rows: pd.DataFrame) -> "pd.Series[float]":
    """Fewest children that a row may stand for."""
    low = rows["least"] if "least" in rows else rows["children"]
    return rows["children"].fillna(low).fillna(0.0)


def _most(rows: pd.DataFrame) -> "pd.Series[float]":
    """Most children that a row may stand for."""
    high = rows["most"] if "most" in rows else rows["children"]
    return rows["children"].fillna(high).fillna(np.inf)


def _grand_total(rows: pd.DataFrame) -> float:
    """Children that the census counts for certain: the largest sum of a kind of table."""
    return float(_least(rows).groupby(_axes_told(rows)).sum().max())


def _axes_told(rows: pd.DataFrame) -> "pd.Series[str]":
    """Which axes each row tells apart, as one word a table."""
    told = {axis: rows[axis].ne(ALL) for axis in ("district", "need", "provision")} | {"nc_year": ~every_age(rows)}
    names = [np.where(told[axis], f"{axis} ", "") for axis in ("district", "need", "nc_year", "provision")]
    return pd.Series(["".join(parts).strip() for parts in zip(*names, strict=True)], index=rows.index, dtype=str)


def _kind(rows: pd.DataFrame) -> "pd.Series[str]":
    """Rows alike in what they sum over: no two of one kind overlap."""
    width = rows["nc_to"] - rows["nc_from"] + 1
    return _axes_told(rows) + " " + width.astype(str) + " " + (rows["nc_from"] % width).astype(str)


def _sums(rows: pd.DataFrame, frame: Frame) -> Sums:
    """Sums over boxes of (district, need, nc_year, provision)."""
    axes = {"district": frame.districts, "need": frame.needs, "provision": frame.places}
    at = [positions(rows[axis], labels).tolist() for axis, labels in axes.items()]
    group = np.full((len(frame.districts), len(frame.needs), len(NC_YEARS), len(frame.places)), -1)
    first = rows["nc_from"].to_numpy() - NC_YEARS[0]
    last = rows["nc_to"].to_numpy() - NC_YEARS[0] + 1
    for row, (district, need, provision) in enumerate(zip(*at, strict=True)):
        whole = slice(None)
        box = (whole if district < 0 else district, whole if need < 0 else need, slice(first[row], last[row]))
        group[(*box, whole if provision < 0 else provision)] = row
    return Sums(group, np.array(_least(rows), dtype=np.float64), np.array(_most(rows), dtype=np.float64))


def _known(bound: Array, told: Array, group: NDArray[np.integer]) -> Array:
    return np.where(group >= 0, told[np.maximum(group, 0)], bound)


def _start(expected: Array, total: float, low: Array, high: Array) -> Array:
    """What to begin from: England's pattern at the area's size, within each cell's range."""
    mean = np.maximum(expected * total / max(expected.sum(), NEAR), NEAR * NEAR)
    narrow = (high > low) & (high - low <= WIDEST)
    out = np.clip(mean, low, high)
    out[narrow] = _within(mean[narrow], low[narrow], high[narrow])
    return out


def _within(mean: Array, low: Array, high: Array) -> Array:
    """Mean of a Poisson count known to lie from `low` to `high`."""
    counts = low[:, None] + np.arange(WIDEST + 1)
    log = counts * np.log(mean)[:, None] - gammaln(counts + 1)
    chance = np.where(counts <= high[:, None], np.exp(log - log.max(axis=1, keepdims=True)), 0.0)
    return np.asarray((chance * counts).sum(axis=1) / chance.sum(axis=1))


def _met(table: Array, low: Array, high: Array, sums: list[Sums]) -> Array:
    """`table` with every sum met as far as the cells' ranges let it be, each kind of sum in turn, until all are."""
    loose = [part for part in sums if (np.bincount(part.group[part.group >= 0]) > 1).any()]
    for _ in range(PASSES):
        gap = 0.0
        for part in loose:
            have = np.bincount(part.group[part.group >= 0], table[part.group >= 0], len(part.least))
            wanted = np.clip(have, part.least, part.most)
            gap = max(gap, float(np.abs(wanted - have).max()))
            if gap > NEAR:
                table = _scaled(table, (low, high), part.group, np.asarray(wanted, dtype=np.float64))
        if gap <= NEAR:
            break
    return table


def _scaled(table: Array, ranges: tuple[Array, Array], group: NDArray[np.integer], wanted: Array) -> Array:
    """The cells of each group multiplied by one number, but kept in their ranges, to sum to what is wanted."""
    inside = group >= 0
    cells, floor, ceiling, at = table[inside], ranges[0][inside], ranges[1][inside], group[inside]
    down, up = np.full(len(wanted), -_FAR), np.full(len(wanted), _FAR)
    for _ in range(60):
        middle = (down + up) / 2
        short = np.bincount(at, np.clip(cells * np.exp(middle)[at], floor, ceiling), len(wanted)) < wanted
        down, up = np.where(short, middle, down), np.where(short, up, middle)
    out = table.copy()
    out[inside] = np.clip(cells * np.exp((down + up) / 2)[at], floor, ceiling)
    return out
