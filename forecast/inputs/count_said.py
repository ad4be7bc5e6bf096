"""What an import of counts says: what the sheet lacked, what was taken for granted, and what looks wrong."""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from forecast.domain import ALL, NC_YEARS
from forecast.inputs.append import by_provision
from forecast.inputs.count_rows import Rows
from forecast.inputs.count_sheet import Laid
from forecast.inputs.count_totals import Reckoned
from forecast.inputs.rows import every_age

ABSENT: Final = {
    "district": "The counts do not say in which district the children live.",
    "need": "The counts are not by need.",
    "nc_year": "The counts are not by year group.",
    "provision": "The counts do not say where the children are taught.",
}
"""Axis -> what every output says of counts that are not by it."""
APART: Final = 0.1
"""Share by which a January's children may differ from what the base has, before that is said. Judgement: an
authority's plans grow by about a tenth a year, so more than that is another year's table, or part of one."""
_SCHOOL: Final = (0, 11)
"""Year groups that every authority has children of: Reception to year 11."""


def numbered(number: int, one: str, many: str = "") -> str:
    """A number with its noun, and whatever else follows it: `1 count is`, `1,980 counts are`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def of_sheet(laid: Laid, rows: Rows) -> Iterator[str]:
    """Sentences on what the sheet lacked, what was filled or added up, and what was left out."""
    if laid.ignored:
        yield f"Columns that are not read: {', '.join(laid.ignored)}."
    axes = {"nc_year" if axis == "age" else axis for axis in laid.cells}
    yield from (sentence for axis, sentence in ABSENT.items() if axis not in axes)
    for axis, cells in laid.filled.items():
        blanks = numbered(cells, "blank cell was", "blank cells were")
        yield f"{blanks} filled with the {_WORDS[axis]} above, as merged cells are: see that it is right."
    yield from rows.added
    if "age" in laid.cells:
        yield "Ages are taken as those at 31 August before the census."
    if rows.dated:
        yield f"In {numbered(rows.dated, 'cell')} a date was read back as the numbers that were typed, such as 7-8."
    if rows.over_years:
        yield f"{numbered(rows.over_years, 'row that adds', 'rows that add')} up several Januaries: left out."
    if rows.never:
        yield f"{numbered(rows.never, 'row is', 'rows are')} marked as not applicable: left out."


_WORDS: Final = {
    "year": "January", "district": "district", "need": "need", "nc_year": "year group", "age": "age",
    "provision": "kind of place",
}  # fmt: skip


def of_totals(reckoned: Reckoned) -> Iterator[str]:
    """Sentences on rows that are sums of others, and on what they tell."""
    if reckoned.totals == 1:
        yield "1 row is a sum of others: it agrees, and is not counted again."
    elif reckoned.totals:
        yield f"{reckoned.totals:,} rows are sums of others: they agree, and are not counted again."
    if reckoned.narrowed:
        yield f"Totals narrow {numbered(reckoned.narrowed, 'hidden count')}."


def of_hidden(hidden: int, unknown: int) -> Iterator[str]:
    """What every output must say of counts that were hidden or not known."""
    if hidden == 1:
        yield "1 small count was hidden when it was given: it is a range, not zero."
    elif hidden:
        yield f"{hidden:,} small counts were hidden when they were given: they are ranges, not zeros."
    if unknown:
        were = "was not known when it was" if unknown == 1 else "were not known when they were"
        yield f"{numbered(unknown, 'count')} {were} given."


def doubts(parts: pd.DataFrame, placements: pd.DataFrame) -> Iterator[str]:
    """Sentences on what is possible, but unlikely.

    Parameters
    ----------
    parts : year, nc_from, nc_to, least and most of rows that hold every child of each January once
    placements : what the base has
    """
    there = _children(placements)
    for at, rows in parts.groupby("year"):
        year = int(str(at))
        if absent := _absent(rows):
            have, they = ("has", "it") if len(absent) == 1 else ("have", "they")
            groups = f"year group{'' if len(absent) == 1 else 's'} {', '.join(absent)}"
            yield f"January {year}: {groups} {have} no row, though others have: see whether {they} should."
        if year in there and (told := _far_apart(rows, there[year])):
            yield f"January {year}: {told} children, but {there[year]:,.0f} in the base: see whether all are there."


def _absent(rows: pd.DataFrame) -> list[str]:
    """School years that no row is of, where rows are by year group."""
    named = rows[~every_age(rows)]
    if len(named) < len(rows) or named.empty:
        return []
    first, last = named["nc_from"].to_numpy(), named["nc_to"].to_numpy()
    school = [nc_year for nc_year in NC_YEARS if _SCHOOL[0] <= nc_year <= _SCHOOL[1]]
    return [str(nc_year) for nc_year in school if not ((first <= nc_year) & (nc_year <= last)).any()]


def _far_apart(rows: pd.DataFrame, there: float) -> str:
    """The children of a January, if they cannot be within `APART` of what is there; blank if they can."""
    least = float(rows["least"].sum())
    most = float(rows["most"].sum()) if rows["most"].notna().all() else float("inf")
    if (1 - APART) * there <= most and least <= (1 + APART) * there:
        return ""
    return f"{least:,.0f}" if least == most else f"at least {least:,.0f}" if least > there else f"at most {most:,.0f}"


def _children(placements: pd.DataFrame) -> Mapping[int, float]:
    """January -> children that the base has: its total, or else the sum over kinds of place if all are known."""
    summed = [placements[axis].eq(ALL) for axis in ("district", "need", "provision")]
    whole = placements[summed[0] & summed[1] & summed[2] & every_age(placements)]
    totals = whole.groupby("year")["children"].sum(min_count=1)
    known = placements.groupby("year")["children"].transform(lambda column: column.notna().all()).astype(bool)
    sums = by_provision(placements[known]).groupby(level="year").sum(min_count=1)
    both = totals.combine_first(sums).dropna()
    return {int(str(year)): float(children) for year, children in both.items() if children > 0}
