"""A module as a file writes it: which column is which field, and its rows as texts, whatever the form."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.faults import capped
from forecast.records.layout import Field, Module, plain

MOST_ROWS: Final = 1_000_000
"""Rows of one module: the largest authority has about 100,000."""
MOST_COLUMNS: Final = 200
"""Columns of one module: COLLECT's widest has 17."""
MOST_CELL: Final = 1_000
"""Characters of one cell: the longest of a return is a name or a few words on a setting."""
MOST_CHARACTERS: Final = 100_000_000
"""Characters of all cells of one module: the widest of the largest authority has some 20 million."""
DISTRICT: Final = "district"
"""Column of `person` that holds what the user's own column of districts says."""
MARKS: Final[Mapping[str, str]] = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""Marks, other than commas, that columns may be parted by, and what messages call them."""
_BLOCK: Final = 20_000
"""Rows that are held as Python texts at a time."""
_EXPORT: Final = "export all columns, with their names in the first line"


@dataclass(frozen=True, eq=False)
class Written:
    """A module as it was written: every cell a text."""

    file: str
    """What messages call the file, sheet or element that it came from."""
    cells: pd.DataFrame
    """Indexed by row; a column for each field that was found."""
    names: Mapping[str, str]
    """Field -> what the file calls it."""
    read_as: str = ""
    """What had to be assumed to read it."""

    @property
    def called(self) -> str:
        """What messages about its cells call it."""
        return f"{self.file} ({self.read_as})" if self.read_as else self.file


@dataclass(frozen=True)
class Heading:
    """Which column of a table is which field."""

    places: Mapping[str, int]
    """Field -> position of its column."""
    names: Mapping[str, str]
    """Field -> what the file calls it, without blanks and capitals."""
    width: int
    """Cells that a row has."""


@dataclass
class Room:
    """What the cells of one module may still take, so that no file fills memory, however small it is stored."""

    file: str
    """What messages call the file, sheet or element."""
    left: int = MOST_CHARACTERS

    def take(self, line: int, names: Iterable[str], cells: Iterable[str]) -> None:
        """Make room for some cells of a row; raises InputFaults where one is too long, or all of them together are."""
        for name, cell in zip(names, cells, strict=False):
            if len(cell) > MOST_CELL:
                what = f"holds a text of more than {MOST_CELL:,} characters"
                raise InputFaults([Fault(self.file, line, name, what, "shorten it, or leave it blank")])
            self.left -= len(cell)
        if self.left < 0:
            what = f"its cells hold more than {MOST_CHARACTERS // 1_000_000} million characters together"
            raise InputFaults([Fault(self.file, 0, "", what, "give the return of one authority and census")])


def heading(module: Module, form: str, cells: Sequence[str], district: str | None = None) -> Heading:
    """Find the fields of a module among the names of its columns; columns of any other name are left behind.

    Parameters
    ----------
    district : name of a further column of `person`, which becomes the field `DISTRICT`
    """
    called = module.called(form)
    found = [(field.name, place, name) for place, name in enumerate(map(plain, cells)) if (field := called.get(name))]
    if district is not None and module.name == "person":
        found += [(DISTRICT, place, name) for place, name in enumerate(map(plain, cells)) if name == plain(district)]
    return Heading(
        {field: place for field, place, _ in reversed(found)},
        {field: name for field, _, name in reversed(found)},
        len(cells),
    )


def heading_faults(file: str, row: int, module: Module, form: str, cells: Sequence[str], found: Heading) -> list[Fault]:
    """What is wrong with the names of a module's columns: none known, one twice, one that is needed not there."""
    if len(cells) > MOST_COLUMNS:
        what = f"has {len(cells):,} columns, more than {MOST_COLUMNS}"
        return [Fault(file, row, "", what, "remove those that are not of the return")]
    if not found.places:
        return [_no_names(file, row, cells)]
    times = Counter(plain(name) for name in cells)
    twice = [name for name in found.names.values() if times[name] > 1]
    missing = [field for field in needed_columns(module, form) if field.name not in found.places]
    return [
        *(Fault(file, row, name, "the column is there twice", "remove one of the two") for name in twice),
        *(Fault(file, row, field.names[form][0], "the column is missing", _EXPORT) for field in missing),
    ]


def needed_columns(module: Module, form: str) -> list[Field]:
    """Fields without which a module cannot be counted, and which this form of it has."""
    return [field for field in module.fields.values() if field.needed != "no" and field.names[form]]


def gather(file: str, rows: Iterable[tuple[int, Sequence[str]]], found: Heading) -> pd.DataFrame:
    """Take the known columns out of rows of texts, a block at a time, leaving out rows with nothing in them.

    Raises
    ------
    InputFaults
        A row has too few or too many cells; there are too many rows; a cell, or all together, are too long.
    """
    fields, room = list(found.places), Room(file)
    names = [found.names[field] for field in fields]
    take = itemgetter(*found.places.values(), 0)  # never of one place alone, so that it always gives a tuple
    blocks: list[pd.DataFrame] = []
    lines: list[int] = []
    block: list[tuple[str, ...]] = []
    ragged: list[tuple[int, int]] = []
    for line, row in rows:
        if not any(map(str.strip, row)):
            continue
        if len(row) != found.width:
            ragged.append((line, len(row)))  # even with blanks at its end: a comma in a text may have moved them
            continue
        cells = take(row)
        room.take(line, names, cells)
        lines.append(line)
        block.append(cells)
        if len(block) == _BLOCK:
            blocks.append(_frame(fields, block, lines))
            block, lines = [], []
            _check_length(file, len(blocks) * _BLOCK)
    if ragged:
        raise InputFaults(capped(ragged, lambda row: _ragged(file, *row, found.width)))
    return pd.concat([*blocks, _frame(fields, block, lines)]) if blocks else _frame(fields, block, lines)


def _frame(fields: Sequence[str], block: Sequence[tuple[str, ...]], lines: list[int]) -> pd.DataFrame:
    columns = list(zip(*block, strict=True)) or [()] * (len(fields) + 1)
    index = pd.Index(np.array(lines, dtype=np.int64), name="row")
    return pd.DataFrame(dict(zip(fields, columns[:-1], strict=True)), index=index, dtype="str")


def _check_length(file: str, rows: int) -> None:
    if rows > MOST_ROWS:
        what = f"has more than {MOST_ROWS:,} rows"
        raise InputFaults([Fault(file, 0, "", what, "give the return of one authority and census")])


def _ragged(file: str, line: int, cells: int, width: int) -> Fault:
    remedy = "put quotes around a text that has a comma in it, or export the file again"
    return Fault(file, line, "", f"has {cells} cells where the first line has {width}", remedy)


def _no_names(file: str, row: int, cells: Sequence[str]) -> Fault:
    for mark, word in MARKS.items():
        if len(cells) == 1 and mark in cells[0]:
            return Fault(file, row, "", f"its columns are parted by {word}", "save it with commas, as CSV UTF-8")
    return Fault(file, row, "", "its first line names no column of this module", _EXPORT)
