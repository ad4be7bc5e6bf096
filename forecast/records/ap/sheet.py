"""Records of alternative provision as they were written: columns found by their headings, cells as texts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.count_said import numbered
from forecast.inputs.count_words import plain
from forecast.inputs.grid import Grid, read_grid
from forecast.records.ap.headings import OTHER_SHEET, ROWS, Headed, headed
from forecast.records.ap.words import Words
from forecast.records.ap.workbook import on_other_sheets, without_results

NEEDED: Final = ("child", "start", "end", "reason", "setting", "plan", "returned")
"""Columns that every file has, and the district where the area has more than one."""
FILE, LINE, UNREAD = "file", "line", "unread"


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
    needed : columns that must be there, beside one of `headings.AGES`
    sheet : name of the sheet in each workbook; blank for the first

    Raises
    ------
    InputFaults
        Every file that cannot be read, every column that is missing, there twice or of formulas without results,
        and every workbook with stays on several sheets.
    """
    twice = [name for name, times in Counter(path.resolve() for path in paths).items() if times > 1]
    faults = [Fault(path.name, 0, "", "is given twice", "give each file once") for path in twice]
    found: list[Headed] = []
    for path in paths:
        try:
            one = headed(_grid(path, sheet), words, needed)
        except InputFaults as error:
            faults += error.faults
            continue
        found.append(one)
        faults += [*([] if sheet else on_other_sheets(path, one, words)), *without_results(path, one, sheet)]
    if faults:
        raise InputFaults(faults)
    cells = pd.concat([_frame(one) for one in found], ignore_index=True).fillna("")
    ignored = tuple((one.grid.file, letter) for one in found for letter in one.ignored)
    return Written(cells, ignored, tuple(f"{one.grid.file}: {said}" for one in found for said in _said(one)))


def _said(found: Headed) -> Iterator[str]:
    """What had to be mended, and what was passed over."""
    yield from found.grid.mended
    if found.above:
        rows = numbered(found.above, "row", "rows")
        yield f"{rows} above the headings with more than a title: not read."
    if found.again:
        yield f"{numbered(len(found.again), 'row repeats', 'rows repeat')} the headings: not read."
    if found.grid.sheets:
        others = numbered(len(found.grid.sheets), "other sheet", "other sheets")
        yield f"{others} not read: name the one that is meant with --sheet."


def _grid(path: Path, sheet: str) -> Grid:
    """Cells of a file; whatever stops the reading is said in words for a list of stays, and no sheet is named."""
    try:
        return read_grid(path, sheet or None)
    except InputFaults as error:
        raise InputFaults(
            [replace(fault, remedy=_remedy(fault)) if "count" in fault.remedy else fault for fault in error.faults]
        ) from None
    except UnknownLabel:
        what = "has no sheet of the name that --sheet gives"
        raise InputFaults([Fault(path.name, 0, "", what, "look at the names of its sheets")]) from None


def _remedy(fault: Fault) -> str:
    return f"{ROWS}; {OTHER_SHEET}" if "--sheet" in fault.remedy else ROWS


def _frame(found: Headed) -> pd.DataFrame:
    """Rows below the headings, every cell a text."""
    grid, top, columns, lines = found.grid, found.line, found.columns, found.lines
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
