"""The row of headings in a file of stays: what each column holds, and which other rows are no stays."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from forecast.errors import Fault, InputFaults
from forecast.inputs.count_words import plain
from forecast.inputs.faults import nearest
from forecast.inputs.grid import Grid
from forecast.records.ap.words import Words

AGES: Final = ("birth", "nc_year", "key_stage")
"""Columns of which a file has one at least; where several are filled the first of them is believed."""
ROWS: Final = "give the placements alone, a row for each stay, under headings such as child, start and end"
OTHER_SHEET: Final = "if they are on another sheet, name it with --sheet"
_SEARCHED: Final = 50
"""Rows from the top among which the headings are looked for."""
_LEAST: Final = 3
"""Columns that a row of headings names at least."""


@dataclass(frozen=True)
class Headed:
    """A sheet whose columns are known."""

    grid: Grid
    line: int
    """Of the headings."""
    columns: Mapping[int, str]
    """Place of a column, from 0 -> what it holds."""
    again: tuple[int, ...]
    """Lines that only repeat the headings."""

    @property
    def lines(self) -> list[int]:
        """Lines of stays."""
        return [line for line in self.grid.rows if line > self.line and line not in self.again]

    @property
    def ignored(self) -> list[str]:
        """Letters of headed columns that are not read."""
        cells = enumerate(self.grid.rows[self.line])
        return [get_column_letter(at + 1) for at, cell in cells if cell is not None and at not in self.columns]

    @property
    def above(self) -> int:
        """Rows above the headings that hold more than a title."""
        return sum(
            sum(cell is not None for cell in row) > 1 for line, row in self.grid.rows.items() if line < self.line
        )


def headed(grid: Grid, words: Words, needed: Sequence[str]) -> Headed:
    """Find the headings of a sheet.

    Raises
    ------
    InputFaults
        No row names the columns; one is missing or there twice; nothing stands below; a second table does.
    """
    line, columns = top(grid, words)
    if len(set(columns.values())) < _LEAST:
        remedy = f"{ROWS}; {OTHER_SHEET}" if grid.sheets else ROWS
        raise InputFaults([Fault(grid.file, line, "", "no row names the columns", remedy)])
    faults = list(_wrong(grid, line, columns, words, needed))
    named = _named_again(grid, line, words)
    again = tuple(at for at, others in named.items() if at > line and others == columns)
    what = "names columns anew, as the headings of a second table do"
    remedy = "give each table as a file of its own, or put all stays under one row of headings"
    faults += [Fault(grid.file, at, "", what, remedy) for at in named if at not in again]
    found = Headed(grid, line, columns, again)
    if not found.lines:
        faults.append(Fault(grid.file, line, "", "has no rows below its headings", ROWS))
    if faults:
        raise InputFaults(faults)
    return found


def top(grid: Grid, words: Words) -> tuple[int, dict[int, str]]:
    """The line near the top that names the most columns, and what it names by their places."""
    named = {line: _columns(grid.rows[line], words) for line in list(grid.rows)[:_SEARCHED]}
    line = max(named, key=lambda at: (len(set(named[at].values())), -at))
    return line, named[line]


def _columns(cells: Sequence[object], words: Words) -> dict[int, str]:
    return {
        at: meant
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and (meant := words.find("column", cell)) is not None
    }


def _named_again(grid: Grid, line: int, words: Words) -> dict[int, dict[int, str]]:
    """Other lines that name columns with most of their cells, and what these name."""
    found: dict[str, bool] = {}
    again = {}
    for at, row in grid.rows.items():
        texts = [cell for cell in row if isinstance(cell, str)]
        for text in texts:
            if text not in found:
                found[text] = words.find("column", text) is not None
        names = sum(found[text] for text in texts)
        if at != line and names >= _LEAST and 2 * names > sum(cell is not None for cell in row):
            columns = _columns(row, words)
            if len(set(columns.values())) >= _LEAST:
                again[at] = columns
    return again


def _wrong(grid: Grid, line: int, columns: Mapping[int, str], words: Words, needed: Sequence[str]) -> Iterator[Fault]:
    """Columns that are there twice or missing; a heading that may be meant for one is told by its letter."""
    for name, times in Counter(columns.values()).items():
        if times > 1:
            remedy = "keep one of them, or head the others with a word that is not read"
            yield Fault(grid.file, line, name, f"{times} columns are headed so", remedy)
    there = set(columns.values())
    missing = [name for name in needed if name not in there]
    if not there & set(AGES):
        missing.append("nc_year")
    near = {word: meant for word, meant in words.means["column"].items() if meant in missing}
    guessed = {
        near[close]: get_column_letter(at + 1)
        for at, cell in enumerate(grid.rows[line])
        if at not in columns and isinstance(cell, str) and (close := nearest(plain(cell), near)) is not None
    }
    for name in missing:
        others = " (or key_stage, or birth for the date of birth)" if name == "nc_year" else ""
        head = f"head column {guessed[name]} so, if that is it" if name in guessed else "add it"
        remedy = f"{head}{others}; or say with --words which heading means it"
        yield Fault(grid.file, line, name, "the column is missing", remedy)
