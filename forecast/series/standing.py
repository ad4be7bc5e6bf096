"""Measures worked out for every authority, for England and for an area, from the table of `inputs.measures`.

What is not recorded of placements is shared out by the authority's own mix; where more than a tenth of them is, the
authority has no figure by kind of place that year. England is the sum of the authorities that have both sides of a
measure, so a figure is of as many authorities as have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.series.build import MOST_NOT_RECORDED
from forecast.series.measured import KINDS
from forecast.series.measures import PER_CENT, Measure

ENGLAND: Final = "England"
LEAST: Final = 20
"""Children in the earlier year under which an authority's change is left out: luck alone moves fewer by a fifth."""


@dataclass(frozen=True, eq=False)
class Standing:
    """What an area is held against, and what it has done itself."""

    authorities: pd.DataFrame
    """Every authority: columns of `inputs.measures.Measured`."""
    neighbours: Mapping[str, tuple[str, ...]]
    """Authority -> its statistical neighbours, the nearest first."""
    own: pd.DataFrame | None = None
    """The area's own counts, in the same columns; None where its figures are the published ones."""


def figures(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """A measure of each authority, missing where either side is: index year, a column an authority.

    A growth from fewer than `LEAST` children is missing too: it says nothing but luck.

    Parameters
    ----------
    table : columns of `inputs.measures.Measured`
    """
    part, whole = _sides(table, measure)
    return _worked_out(measure, part, whole.where(whole >= LEAST) if measure.growth else whole)


def england(table: pd.DataFrame, measure: Measure) -> tuple["pd.Series[float]", "pd.Series[int]"]:
    """A measure of England, and how many authorities it is of: index year.

    Parameters
    ----------
    table : every authority
    """
    part, whole = _sides(table, measure)
    both = part.notna() & whole.notna()
    sums = (side.where(both).sum(axis=1, min_count=1).to_frame(ENGLAND) for side in (part, whole))
    return _worked_out(measure, *sums)[ENGLAND], both.sum(axis=1)


def changes(table: pd.DataFrame, measure: Measure, years: int) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Change of a measure over so many years, as a share of what it was, of each authority and of England.

    Of a growth it is the change of the count that grows. Missing where the earlier count is under `LEAST`; England's is
    of the authorities that have both years, small ones too.

    Returns
    -------
    index later year, a column an authority; index later year
    """
    part, whole = _sides(table, measure)
    if measure.growth:
        whole = part.where(part.isna(), 1.0)
    value = part / whole.where(whole > 0)
    both = value.notna() & value.shift(years).notna()
    now, then = (
        side.where(both).sum(axis=1, min_count=1) / _against(measure, below, both)
        for side, below in ((part, whole), (part.shift(years), whole.shift(years)))
    )
    earlier = value.shift(years).where(part.shift(years) >= LEAST)
    return (value / earlier - 1).dropna(how="all"), (now / then - 1).dropna()


def _against(measure: Measure, whole: pd.DataFrame, both: pd.DataFrame) -> "pd.Series[float]":
    """What England's sum is related to: nothing, where it is a count that grows."""
    sums = whole.where(both).sum(axis=1, min_count=1)
    return sums.where(sums.isna(), 1.0) if measure.growth else sums


def _worked_out(measure: Measure, part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """The figure that two sides make: missing where nothing is below the line."""
    ratio = part / whole.where(whole > 0)
    return PER_CENT * (ratio - 1) if measure.growth else measure.times * ratio


def _sides(table: pd.DataFrame, measure: Measure) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is counted and what it is related to: index every year from first to last, a column an authority."""
    part, whole = (_by_year(_shared_out(table), column) for column in (measure.part, measure.whole))
    return part, whole.shift(1) if measure.before else whole


def _by_year(table: pd.DataFrame, column: str) -> pd.DataFrame:
    years = table["year"]
    wide = table.pivot(index="year", columns="la_code", values=column)
    return wide.reindex(np.arange(years.min(), years.max() + 1)).rename_axis("year")


def _shared_out(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with every plan and every new plan in a kind of place, or in none where too few are recorded."""
    scaled: dict[str, pd.Series[float]] = {}
    for prefix, total, placed in (("", "plans", "placed"), ("new_", "new_plans", "new_placed")):
        sound = (table[placed] > 0) & (table[placed] >= (1 - MOST_NOT_RECORDED) * table[total])
        multiple = (table[total] / table[placed].where(sound)).where(sound)
        scaled |= {prefix + kind: table[prefix + kind] * multiple for kind in KINDS}
    return table.assign(**scaled, mainstream_or_base=scaled["mainstream"] + scaled["base"])
