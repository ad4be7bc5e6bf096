"""Records of alternative provision as they were written: columns found by their headings, cells as texts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pandas as pd
from openpyxl.utils import get_column_letter

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.count_words import plain
from forecast.inputs.faults import nearest
from forecast.inputs.grid import Grid, read_grid
from forecast.records.ap.words import Words

NEEDED: Final = ("child", "start", "end", "reason", "setting", "plan", "returned")
"""Columns that every file has, and the district where the area has more than one."""
AGES: Final = ("birth", "nc_year", "key_stage")
"""Columns of which it has one at least; where several are filled the first of them is believed."""
FILE, LINE, UNREAD = "file", "line", "unread"
_SEARCHED: Final = 50
"""Rows from the top among which the headings are looked for."""
_LEAST: Final = 3
"""Columns that a row of headings names at least."""
_ROWS: Final = "give the placements alone, a row for each stay, under headings such as child, start and end"


@dataclass(frozen=True, eq=False)
class Written:
    """The rows of all files."""

    cells: pd.DataFrame
    """`file`, `line`, the columns found as stripped texts, "" where blank; and `unread`, all other cells of a row."""
    ignored: tuple[tuple[str, str], ...]
    """File, and letter of a column that is not read: its heading may be a child's name."""
    mended: tuple[str, ...]
    """What had to be mended to read the files, in sentences."""


def read_written(paths: Sequence[Path], words: Words, needed: Sequence[str] = NEEDED, sheet: str = "") -> Written:
    """Read the rows of every file.

    Parameters
    ----------
    paths : CSV files and workbooks (.xlsx)
    needed : columns that must be there, beside one of `AGES`
    sheet : name of the sheet in each workbook; blank for the first

    Raises
    ------
    InputFaults
        Every file that cannot be read, and every column that is missing or there twice.
    """
    faults: list[Fault] = []
    found: list[tuple[Grid, int, dict[int, str]]] = []
    twice = [name for name, times in Counter(path.resolve() for path in paths).items() if times > 1]
    faults += [Fault(path.name, 0, "", "is given twice", "give each file once") for path in twice]
    for path in paths:
        try:
            grid = _grid(path, sheet)
            found.append((grid, *_headings(grid, words, needed)))
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    frames = [_frame(*one) for one in found]
    cells = pd.concat(frames, ignore_index=True).fillna("")
    ignored = tuple((grid.file, letter) for grid, line, columns in found for letter in _ignored(grid, line, columns))
    return Written(cells, ignored, tuple(f"{one[0].file}: {said}" for one in found for said in one[0].mended))


def _grid(path: Path, sheet: str) -> Grid:
    """Cells of a file; whatever stops the reading is said in words for a list of stays, and no sheet is named."""
    try:
        return read_grid(path, sheet or None)
    except InputFaults as error:
        raise InputFaults(
            [replace(fault, remedy=_ROWS) if "count" in fault.remedy else fault for fault in error.faults]
        ) from None
    except UnknownLabel:
        what = "has no sheet of the name that --sheet gives"
        raise InputFaults([Fault(path.name, 0, "", what, "look at the names of its sheets")]) from None


def _headings(grid: Grid, words: Words, needed: Sequence[str]) -> tuple[int, dict[int, str]]:
    """Line of the headings, and what each column holds by its place."""
    named = {line: _columns(grid.rows[line], words) for line in list(grid.rows)[:_SEARCHED]}
    line = max(named, key=lambda at: (len(set(named[at].values())), -at))
    if len(set(named[line].values())) < _LEAST:
        raise InputFaults([Fault(grid.file, line, "", "no row names the columns", _ROWS)])
    faults = list(_wrong(grid, line, named[line], words, needed))
    if line == max(grid.rows):
        faults.append(Fault(grid.file, line, "", "has no rows below its headings", _ROWS))
    if faults:
        raise InputFaults(faults)
    return line, named[line]


def _columns(cells: Sequence[object], words: Words) -> dict[int, str]:
    return {
        at: meant
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and (meant := words.find("column", cell)) is not None
    }


def _wrong(grid: Grid, line: int, columns: dict[int, str], words: Words, needed: Sequence[str]) -> Iterator[Fault]:
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


def _ignored(grid: Grid, line: int, columns: dict[int, str]) -> list[str]:
    return [
        get_column_letter(at + 1) for at, cell in enumerate(grid.rows[line]) if cell is not None and at not in columns
    ]


def _frame(grid: Grid, top: int, columns: dict[int, str]) -> pd.DataFrame:
    """Rows below the headings, every cell a text."""
    lines = [line for line in grid.rows if line > top]
    width = max([len(grid.rows[top]), *(len(grid.rows[line]) for line in lines)])
    rows = [[*map(_text, grid.rows[line]), *[""] * (width - len(grid.rows[line]))] for line in lines]
    by_place = list(zip(*rows, strict=True)) or [()] * width
    known = {name: list(by_place[at]) for at, name in columns.items()}
    heads = [plain(cell) for cell in grid.rows[top]] + [""] * width
    others = [at for at in sorted(range(width), key=lambda at: heads[at]) if at not in columns]
    unread = ["\x1f".join(row).casefold() for row in zip(*(by_place[at] for at in others), strict=True)]
    return pd.DataFrame(
        {FILE: [grid.file] * len(lines), LINE: lines, **known, UNREAD: unread or [""] * len(lines)}, dtype=object
    )


def _text(cell: object) -> str:
    """A cell as a CSV file would have it."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
