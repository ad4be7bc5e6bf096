"""Counts laid out one a row, read into labels, year groups and numbers: every cell that cannot be read is named."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, Literal

import numpy as np
import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault
from forecast.inputs.about import About
from forecast.inputs.count_cells import UNKNOWN, Count, count
from forecast.inputs.count_groups import EVERY, age_groups, january, year_groups
from forecast.inputs.count_private import FEW, looks_private
from forecast.inputs.count_same import BOUNDS, KEY, added_up, said_twice
from forecast.inputs.count_sheet import CHILDREN, Laid
from forecast.inputs.count_words import Labels, district_labels, is_total, need_labels, provision_labels
from forecast.inputs.faults import capped, shown

_LABELS: Final = ("district", "need", "provision")
Reader = Callable[[object], object]
_NUMBER: Final = "write a whole number; <5 or 1-4 if it is hidden; x, or a blank, if it is not known"
_FILL: Final = "fill it in, or write Total if the row is a sum (unmerge merged cells first)"


@dataclass(frozen=True)
class Reading:
    """How to take what a table does not say itself."""

    year: int | None = None
    """January census of a table that names none."""
    blank: Literal["unknown", "zero"] = "unknown"
    """What a blank cell means where a number should be."""
    hides_under: int | None = None
    """A marker such as `c` hides fewer than this; None for the bounds that ship."""


@dataclass(frozen=True)
class Rows:
    """Counts as they were read."""

    table: pd.DataFrame
    """`line`, `KEY` and `BOUNDS`; not to be used if there are faults."""
    faults: tuple[Fault, ...]
    over_years: int
    """Rows left out because they add up several Januaries."""
    never: int
    """Rows left out because there can be no such child."""
    added: tuple[str, ...]
    """Sentences on columns that were added up."""
    dated: int
    """Cells in which a spreadsheet's date was read back as the numbers that were typed."""


def read_rows(file: str, laid: Laid, about: About, how: Reading) -> Rows:
    """Read every count."""
    cells, over_years = _with_totals(laid.cells)
    readers, private = _readers(about), looks_private(cells.drop(columns="line"))
    columns: dict[str, list[object]] = {"line": cells["line"].tolist()}
    faults: list[Fault] = []
    for axis, (reader, remedy) in readers.items():
        if axis in cells:
            columns[axis], wrong = _read(file, axis, cells, reader, remedy, quoted=not private)
            faults += wrong
    columns[CHILDREN], wrong = _read(file, CHILDREN, cells, partial(_count, how=how), _NUMBER, quoted=False)
    faults += wrong
    if "year" not in cells and how.year is None:
        faults.append(Fault(file, 0, "year", "no column says of which January the counts are", _name_it(laid.titled)))
    if not columns["line"]:
        faults.append(Fault(file, 0, "", "has no counts below its headings", "add them"))
    if faults:
        return Rows(pd.DataFrame(), tuple(faults), over_years, 0, (), 0)
    columns["heading"] = cells[laid.wide].tolist() if laid.wide else [""] * len(cells)
    table, never = _typed(columns, how)
    table, added = added_up(table, laid.wide)
    return Rows(table, tuple(said_twice(file, table)), over_years, never, added, _dates(cells))


def _name_it(titled: int | None) -> str:
    """Remedy for a table without a January."""
    if titled is None:
        return "add one with the January of the census, or name it: --year 2025 for January 2025"
    return f"the title names {titled}: if that is the January of the census, add --year {titled}"


def _with_totals(cells: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Blank labels of a row that is a sum stand for all; a sum of several Januaries is left out."""
    axes = [axis for axis in cells if axis not in {"line", CHILDREN}]
    totals = {axis: cells[axis].map(_is_sum).astype(bool) for axis in axes}
    a_sum = pd.Series(np.logical_or.reduce(list(totals.values())), cells.index) if axes else pd.Series(dtype=bool)
    filled = cells.copy()
    for axis in axes:
        if axis != "year":
            filled[axis] = cells[axis].where(~(a_sum & cells[axis].isna()), ALL)
    if "year" not in axes:
        return filled, 0
    over_years = totals["year"] | (a_sum & cells["year"].isna())
    return filled[~over_years].reset_index(drop=True), int(over_years.sum())


def _is_sum(cell: object) -> bool:
    return isinstance(cell, str) and is_total(cell)


def _readers(about: About) -> Mapping[str, tuple[Reader, str]]:
    """Column -> how its cells are read, and the remedy for one that cannot be."""
    groups = "write R, 7, Y7, N1, or a span such as 12..20, the column being formatted as text"
    return {
        "year": (january, "write a January such as 2025, or an academic year such as 2024/25"),
        "district": (partial(_label, "district", district_labels(about)), f"write {_listed(about.district_names)}"),
        "need": (partial(_label, "need", need_labels(about)), "write a code such as ASD, or its words"),
        "nc_year": (year_groups, groups),
        "age": (age_groups, "write an age at 31 August, or a band such as 5-10, the column being formatted as text"),
        "provision": (
            partial(_label, "kind of place", provision_labels(about)),
            "write a label such as special, or its words",
        ),
    }


def _label(kind: str, known: Labels, cell: object) -> str:
    if _is_sum(cell):
        return ALL
    if (label := known.find(str(cell))) is None:
        near = known.near(str(cell))
        raise ValueError(f"is no {kind} that is known" + (f" (did you mean {near!r}?)" if near else ""))
    return label


def _count(cell: object, how: Reading) -> Count:
    if cell is None:
        return UNKNOWN if how.blank == "unknown" else Count(0.0, 0.0, 0.0)
    return count(cell, how.hides_under)


def _read(
    file: str, column: str, cells: pd.DataFrame, reader: Reader, remedy: str, *, quoted: bool
) -> tuple[list[object], list[Fault]]:
    """Values of a column, each distinct cell read once; a fault for each that cannot be, at its first line.

    Cells are quoted only where `quoted`, and where they are few: many may be the names of children.
    """
    keys = [(type(cell), cell) for cell in cells[column].tolist()]
    values: dict[tuple[type, object], object] = {}
    wrong: dict[tuple[type, object], str] = {}
    for key in dict.fromkeys(keys):
        try:
            values[key] = None if key[1] is None and column != CHILDREN else reader(key[1])
        except ValueError as error:
            wrong[key] = str(error)
    lines = dict(zip(keys[::-1], cells["line"].tolist()[::-1], strict=True))
    times = Counter(keys)

    def fault(key: tuple[type, object]) -> Fault:
        more = f", in {times[key]} rows" if times[key] > 1 else ""
        told = quoted and len(wrong) <= FEW and not isinstance(key[1], date)
        what = f"{shown(str(key[1]))} {wrong[key]}" if told else wrong[key]
        return Fault(file, int(lines[key]), column, what + more, remedy)

    faults = capped(list(wrong), fault)
    blanks = [int(line) for line, key in zip(cells["line"], keys, strict=True) if key[1] is None]
    if column != CHILDREN:
        faults += capped(blanks, lambda line: Fault(file, line, column, "is blank", _FILL))
    return [values.get(key) for key in keys], faults


def _typed(columns: Mapping[str, Sequence[object]], how: Reading) -> tuple[pd.DataFrame, int]:
    """Columns as placements.csv reads, without the rows that say nothing; how many those are."""
    size = len(columns["line"])
    counts = [item for item in columns[CHILDREN] if isinstance(item, Count)]
    spans = [item for item in columns.get("nc_year", columns.get("age", [])) if isinstance(item, tuple)]
    table = pd.DataFrame({
        "line": np.array(columns["line"], dtype="int64"),
        "heading": pd.Series(list(map(str, columns["heading"])), dtype="str"),
        "year": np.array(columns.get("year", [how.year] * size), dtype="int64"),
        **{axis: pd.Series(list(map(str, columns.get(axis, [ALL] * size))), dtype="str") for axis in _LABELS},
        "nc_from": np.array([first for first, _ in spans or [EVERY] * size], dtype="int64"),
        "nc_to": np.array([last for _, last in spans or [EVERY] * size], dtype="int64"),
        CHILDREN: [item.children for item in counts],
        "least": [item.least for item in counts],
        "most": [item.most for item in counts],
    })[["line", "heading", *KEY, *BOUNDS]]  # fmt: skip
    never = np.array([item.never for item in counts], dtype=bool)
    unsure = np.array([item.perhaps_none for item in counts], dtype=bool)
    if unsure.any() and _hides_zeros(table):
        table["least"] = table["least"].where(~unsure, 0.0)
    return table[~never].reset_index(drop=True), int(never.sum())


def _hides_zeros(table: pd.DataFrame) -> bool:
    """Whether 0 may be among the hidden numbers: no cell says 0, though there is one for every mix of labels.

    A table that prints zeros, or leaves out the cells that nobody is in, hides none of them.
    """
    sizes = [len(table[axis].drop_duplicates()) for axis in ("year", "district", "need", "provision")]
    spans = len(table[["nc_from", "nc_to"]].drop_duplicates())
    return bool(table[CHILDREN].ne(0).all()) and len(table.drop_duplicates(KEY)) == spans * int(np.prod(sizes))


def _dates(cells: pd.DataFrame) -> int:
    """Cells that are dates where none should be."""
    return sum(
        int(cells[column].map(lambda cell: hasattr(cell, "month")).sum())
        for column in ("nc_year", "age", CHILDREN)
        if column in cells
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
