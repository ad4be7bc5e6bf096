"""Counts with the labels of another: columns that mean the same are added up, rows are not."""

from typing import Final

import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault
from forecast.inputs.faults import capped

KEY: Final = ["year", "district", "need", "nc_from", "nc_to", "provision"]
"""What tells one count from another."""
BOUNDS: Final = ["children", "least", "most"]
"""A count, and the fewest and the most that it may be."""


def added_up(table: pd.DataFrame, wide: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Add up the columns of a wide table that mean the same; those of one January or that are sums stay as they are.

    Parameters
    ----------
    table : `line`, `heading` (of the column), `KEY` and `BOUNDS`
    wide : axis that has a column for each label; blank if the table has a row for each count

    Returns
    -------
    table : without `heading`; a count is hidden or unknown if any of those added up is
    said : a sentence for each label of several columns, which names their headings
    """
    label = {"nc_year": "nc_from"}.get(wide, wide)
    if wide in {"", "year"}:
        return table.drop(columns="heading"), ()
    same = table.duplicated(["line", *KEY], keep=False) & table[label].ne(ALL)
    if not same.any():
        return table.drop(columns="heading"), ()
    sums = table[same].groupby(["line", *KEY], sort=False)[BOUNDS].sum(skipna=False).reset_index()
    rest = table[~same].drop(columns="heading")
    found = pd.concat([rest, sums], ignore_index=True).astype(rest.dtypes)
    span = ["nc_from", "nc_to"] if wide == "nc_year" else [label]
    groups = table[same].groupby(span, sort=False)["heading"]
    said = tuple(
        f"Columns that mean the same are added up: {', '.join(map(repr, part.unique()))}." for _, part in groups
    )
    return found, said


def said_twice(file: str, table: pd.DataFrame) -> list[Fault]:
    """Counts with the labels of an earlier one: they are not added up, as either may be the right one."""
    first = table["line"].groupby([table[name] for name in KEY]).transform("min")
    lines = table.loc[table.duplicated(KEY), "line"].tolist()
    of = dict(zip(table["line"], first, strict=True))
    inside = sorted({line for line in lines if of[line] == line})
    if inside:
        what = "two columns are of the same January, or both are sums"
        return capped(inside[:1], lambda line: Fault(file, int(line), "", what, "keep one of the two columns"))
    what = "is of the same year, district, need, year group and kind of place as row {}"
    remedy = "keep one of the two, or one row with both added up"
    return capped(lines, lambda line: Fault(file, int(line), "", what.format(int(of[line])), remedy))
