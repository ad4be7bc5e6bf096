"""A council's sheet brought to one row a count: its heading found, wide columns stood up, notes and blanks left out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from openpyxl.utils import get_column_letter

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.inputs.count_blocks import filled_down, january_of
from forecast.inputs.count_groups import january, year_groups
from forecast.inputs.count_words import (
    AXES,
    REFUSED,
    column_of,
    is_total,
    need_labels,
    plain,
    provision_labels,
    words,
)
from forecast.inputs.faults import nearest, shown
from forecast.inputs.grid import Grid

CHILDREN: Final = "children"
"""Column that holds the numbers."""
_SEARCHED: Final = 50
"""Rows from the top among which the headings are looked for."""
_LEAST_WIDE: Final = 2
"""Columns of one kind that make a table wide."""


@dataclass(frozen=True)
class Laid:
    """Every count of a sheet, one a row."""

    cells: pd.DataFrame
    """`line`, `children` and the axes that the sheet has, as they are written; year groups by age are `age`."""
    headings: Mapping[str, str]
    """Axis or `children` -> heading of the sheet."""
    ignored: tuple[str, ...]
    """Letters of columns whose headings mean nothing here: a heading may be a child's name."""
    line: int
    """Line of the headings."""
    wide: str
    """Axis that has a column for each of its labels; blank in a table with a row for each count."""
    titled: int | None
    """The one January that the lines above the headings name."""
    filled: Mapping[str, int]
    """Axis -> blank cells that took the label above."""


@dataclass(frozen=True)
class _Columns:
    """What each column of a sheet holds, by its place."""

    axes: dict[int, str]
    counts: int | None
    """Column of the numbers; None in a wide table."""
    wide: dict[int, object]
    """In a wide table, column of numbers -> label that heads it."""
    kind: str
    """Axis of those labels."""


def lay_out(grid: Grid, about: About) -> Laid:
    """Find the headings of a sheet, and take every count by its labels.

    Raises
    ------
    InputFaults
        There are no headings; one is unknown but close to a known one; there is none for the numbers, or two; the
        sheet lists children.
    """
    heads = _heading_kinds(about)
    line = max(list(grid.rows)[:_SEARCHED], key=lambda at: (_score(grid.rows[at], heads), -at))
    headings = grid.rows[line]
    if not any(column_of(heading) for heading in headings):
        remedy = f"head the columns {', '.join([*AXES, CHILDREN])}; those that the counts are not by may be absent"
        remedy += f"; {grid.elsewhere}" if grid.elsewhere else ""
        raise InputFaults([Fault(grid.file, line, "", "no row names the columns", remedy)])
    if faults := _faults(grid.file, line, headings, heads):
        raise InputFaults(faults)
    columns = _columns(grid, line, headings, heads)
    known = {*columns.axes, columns.counts, *columns.wide}
    names = {axis: str(headings[at]) for at, axis in columns.axes.items()}
    if columns.counts is not None:
        names[CHILDREN] = str(headings[columns.counts])
    ignored = [
        get_column_letter(at + 1) for at, heading in enumerate(headings) if at not in known and heading is not None
    ]
    titled = january_of(grid.rows[above] for above in grid.rows if above < line)
    cells, filled = _stood_up(grid, line, columns)
    return Laid(cells, names, tuple(ignored), line, columns.kind, titled, filled)


def _heading_kinds(about: About) -> dict[str, Callable[[object], bool]]:
    """Axis -> whether a heading is one of its labels, for tables with a column for each."""
    needs, provisions = need_labels(about), provision_labels(about)
    return {
        "year": _reads(january),
        "provision": lambda heading: provisions.find(str(heading)) is not None and not is_total(heading),
        "need": lambda heading: needs.find(str(heading)) is not None and not is_total(heading),
        "nc_year": _reads(year_groups),
    }


def _reads(reader: Callable[[object], object]) -> Callable[[object], bool]:
    def can(heading: object) -> bool:
        try:
            reader(heading)
        except ValueError:
            return False
        return not is_total(heading)

    return can


def _score(cells: Sequence[object], heads: Mapping[str, Callable[[object], bool]]) -> int:
    """How much a row looks like headings: the columns that it names, then labels of one kind."""
    named = {column_of(cell) for cell in cells if cell is not None} - {None}
    return 100 * len(named) + len(_wide(cells, heads)[1])


def _wide(headings: Sequence[object], heads: Mapping[str, Callable[[object], bool]]) -> tuple[str, dict[int, object]]:
    """Axis whose labels head the most columns, and those columns."""
    free = {at: cell for at, cell in enumerate(headings) if cell is not None and column_of(cell) is None}
    found = {kind: {at: cell for at, cell in free.items() if heads[kind](cell)} for kind in heads}
    kind = max(found, key=lambda name: len(found[name]))
    return kind, found[kind]


def _faults(
    file: str, line: int, headings: Sequence[object], heads: Mapping[str, Callable[[object], bool]]
) -> list[Fault]:
    """Headings that stop the reading."""
    kinds = [column_of(heading) if heading is not None else None for heading in headings]
    if REFUSED in kinds:
        what = "has columns that only a list of children has"
        remedy = "give counts: a row for each year, district, need, year group and kind of place"
        return [Fault(file, line, "", what, remedy)]
    twice = [kind for kind, times in Counter(kinds).items() if kind is not None and times > 1]
    faults = [
        Fault(file, line, str(kind), f"two columns are headed as {kind}", "keep one of them, or rename the other")
        for kind in twice
    ]
    if "nc_year" in kinds and "age" in kinds:
        what = "has both a year group and an age"
        faults.append(Fault(file, line, "age", what, "keep the year group alone"))
    there = {*kinds, *({"nc_year"} if "age" in kinds else ())}
    absent = [word for word, means in words("column").items() if means not in there]
    wide = _wide(headings, heads)[1]
    for at, heading in enumerate(headings):
        if heading is None or kinds[at] is not None or at in wide or is_total(heading):
            continue
        if near := nearest(plain(heading), absent):
            remedy = f"did you mean {near!r}? Write it so, or remove the column"
            faults.append(Fault(file, line, "", f"no column called {shown(str(heading))} is known", remedy))
    return faults


def _columns(
    grid: Grid, line: int, headings: Sequence[object], heads: Mapping[str, Callable[[object], bool]]
) -> _Columns:
    """What each column holds."""
    axes = {at: kind for at, cell in enumerate(headings) if cell is not None and (kind := column_of(cell))}
    counts = next((at for at, kind in axes.items() if kind == CHILDREN), None)
    totals = {at: cell for at, cell in enumerate(headings) if cell is not None and is_total(cell)}
    kind, wide = _wide(headings, heads)
    axes.pop(counts if counts is not None else -1, None)
    if len(wide) >= _LEAST_WIDE and kind not in axes.values() and counts is None:
        if twice := [str(label) for label, times in Counter(map(plain, wide.values())).items() if times > 1]:
            what = f"two columns are headed {shown(twice[0])}"
            remedy = "a table may have a column for each label of one kind: put the other kind into rows"
            raise InputFaults([Fault(grid.file, line, "", what, remedy)])
        return _Columns(axes, None, {**wide, **totals}, kind)
    if counts is None and len(totals) == 1:
        counts = next(iter(totals))
    if counts is None:
        remedy = f"head it {CHILDREN!r}; or give one column for each year, provision, need or year group"
        remedy += f"; {grid.elsewhere}" if grid.elsewhere else ""
        raise InputFaults([Fault(grid.file, line, CHILDREN, "no column holds the numbers of children", remedy)])
    return _Columns(axes, counts, {}, "")


def _stood_up(grid: Grid, top: int, columns: _Columns) -> tuple[pd.DataFrame, dict[str, int]]:
    """A row for each count below the headings, and the blanks filled; a line with one text alone is a note."""
    lines = [line for line in grid.rows if line > top and not _is_note(grid.rows[line])]
    width = max([len(grid.rows[line]) for line in lines], default=0) + 1
    rows = [grid.rows[line] + [None] * (width - len(grid.rows[line])) for line in lines]
    by_place = list(zip(*rows, strict=True)) or [()] * width

    def cells(at: int) -> Sequence[object]:
        return by_place[at] if at < width else [None] * len(lines)

    written = {"line": lines, **{axis: cells(at) for at, axis in columns.axes.items()}}
    labels, filled = filled_down(pd.DataFrame(written, dtype=object))
    if columns.counts is not None:
        return labels.assign(**{CHILDREN: pd.Series(list(cells(columns.counts)), labels.index, dtype=object)}), filled
    parts = [
        pd.DataFrame({**labels, columns.kind: [label] * len(lines), CHILDREN: cells(at)}, labels.index, dtype=object)
        for at, label in columns.wide.items()
    ]
    return pd.concat(parts, ignore_index=True), filled


def _is_note(cells: Sequence[object]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return len(filled) == 1 and isinstance(filled[0], str)
