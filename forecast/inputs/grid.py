"""A spreadsheet or CSV file as somebody else laid it out: rows of cells by their line, nothing taken for granted."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

import openpyxl

from forecast.errors import MOST_NAMED, Fault, ForecastError, InputFaults, UnknownLabel
from forecast.inputs.faults import shown
from forecast.inputs.safe_files import MOST_TABLE, MOST_WORKBOOK, decoded, file_bytes, is_archive, sound_archive

MOST_ROWS: Final = 500_000
"""Rows of a table of counts: ten censuses of 6 districts, 13 needs, 25 year groups and 10 provisions have 195,000."""
MOST_COLUMNS: Final = 200
"""Columns of a table of counts."""
MOST_CELL: Final = 1_000
"""Characters of one cell: a longer text is no label, and may be about a child."""
MOST_CHARACTERS: Final = 50_000_000
"""Characters of all cells, each counting as one more: those of `MOST_ROWS` rows of counts are some 20 million."""
_UNPACKED: Final = 256 * 2**20
"""Bytes of a workbook of counts once unpacked."""
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_PARTED_BY: Final = (",", ";", "\t")
_DAMAGED: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the workbook reader raises for one that is not as it should be; entities in its XML are among them."""


@dataclass(frozen=True)
class Grid:
    """Cells of one sheet, rows without any left out."""

    file: str
    """What messages call it."""
    rows: dict[int, list[object]]
    """Line -> cells: texts, numbers, dates or None; rows may be of different lengths."""
    mended: tuple[str, ...]
    """What had to be mended to read it, in sentences."""
    sheets: tuple[str, ...] = ()
    """Other sheets of the workbook."""

    @property
    def elsewhere(self) -> str:
        """Remedy where the sheet does not hold the counts: the others, if there are any."""
        return _elsewhere(self.sheets)


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """Read one sheet of a workbook (.xlsx), or a CSV file.

    Parameters
    ----------
    sheet : name of the sheet; None for the first

    Raises
    ------
    InputFaults
        The file is missing, too large, damaged or of another kind; or it is larger than any table of counts.
    UnknownLabel
        The workbook has no such sheet.
    """
    workbook = path.suffix.casefold() in {".xlsx", ".xlsm", ".xltx"}
    content = file_bytes(path, MOST_WORKBOOK if workbook else MOST_TABLE)
    if content.startswith(_OLD_WORKBOOK):
        what = "is a workbook of an old kind, or locked with a password"
        raise InputFaults([Fault(path.name, 0, "", what, "save it as .xlsx without a password")])
    if is_archive(content):
        rows, others = _workbook_rows(path.name, content, sheet)
        return Grid(path.name, rows, (), others)
    if workbook:
        what = "is no workbook, whatever its name says"
        raise InputFaults([Fault(path.name, 0, "", what, "save it as .xlsx, or give it the ending .csv")])
    text, as_windows = decoded(path.name, content)
    mended = "It is not in UTF-8 and was read as Windows-1252: look at names with accents or dashes."
    return Grid(path.name, _text_rows(path.name, text), (mended,) if as_windows else ())


def _workbook_rows(file: str, content: bytes, sheet: str | None) -> tuple[dict[int, list[object]], tuple[str, ...]]:
    """Rows of the sheet, and the names of the others."""
    sound_archive(file, content, _UNPACKED).close()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles and rules for input, which counts do not have
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            name = _sheet_name(book.sheetnames, sheet)
            cells = book[name]
            cells.reset_dimensions()  # what the file says of its size may be wrong, or made to exhaust
            others = tuple(other for other in book.sheetnames if other != name)
            rows: Iterator[tuple[int, list[object]]] = (
                (line, list(row)) for line, row in enumerate(cells.iter_rows(values_only=True), 1)
            )
            return _bounded(file, rows, others), others
    except ForecastError:
        raise
    except _DAMAGED as error:
        remedy = "save it as .xlsx from Excel, or as CSV UTF-8"
        raise InputFaults(
            [Fault(file, 0, "", f"cannot be read as a workbook ({type(error).__name__})", remedy)]
        ) from error


def _sheet_name(names: list[str], wanted: str | None) -> str:
    """The sheet wanted, whatever its capitals; the first if none is named."""
    plain = {name.strip().casefold(): name for name in names}
    if wanted is None:
        return names[0]
    if wanted.strip().casefold() not in plain:
        raise UnknownLabel("sheet", wanted, names)
    return plain[wanted.strip().casefold()]


def _text_rows(file: str, text: str) -> dict[int, list[object]]:
    """Rows of a CSV file, whichever mark parts its columns."""
    top = text[:20_000].splitlines()[:50]
    mark = max(_PARTED_BY, key=lambda mark: sum(line.count(mark) for line in top))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        return _bounded(file, _numbered(reader))
    except csv.Error as error:
        what = f"cannot be split into columns from here on ({error})"
        remedy = 'close every quote, and write a quote inside a quoted text twice: ""'
        raise InputFaults([Fault(file, reader.line_num, "", what, remedy)]) from error


def _numbered(reader: "Iterable[list[str]]") -> Iterator[tuple[int, list[object]]]:
    """Rows with the line that each begins on."""
    line = 1
    for row in reader:
        yield line, list(row)
        line = int(getattr(reader, "line_num", line)) + 1


def _bounded(
    file: str, rows: Iterator[tuple[int, list[object]]], others: tuple[str, ...] = ()
) -> dict[int, list[object]]:
    """Rows that hold anything, blanks at their ends off; refused where they are too many or too wide."""
    kept: dict[int, list[object]] = {}
    left = MOST_CHARACTERS
    for line, row in islice(rows, MOST_ROWS + 1):
        left -= _length(file, line, row)
        if left < 0:
            what = f"holds more than {MOST_CHARACTERS // 1_000_000} million characters"
            raise InputFaults([Fault(file, 0, "", what, "give a sheet with the counts alone")])
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row]
        while cells and cells[-1] in {None, ""}:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            what = f"has more than {MOST_COLUMNS} columns"
            raise InputFaults([Fault(file, line, "", what, "give a sheet with the counts alone")])
        if cells:
            kept[line] = [None if cell == "" else cell for cell in cells]
        if line > MOST_ROWS:
            what = f"has more than {MOST_ROWS:,} rows"
            raise InputFaults([Fault(file, 0, "", what, "give a table of counts, not a list of children")])
    if not kept:
        remedy = _elsewhere(others) or "give a table of counts"
        raise InputFaults([Fault(file, 0, "", "has nothing in it", remedy)])
    return kept


def _elsewhere(sheets: tuple[str, ...]) -> str:
    """How to name another sheet; blank where there is none."""
    if not sheets:
        return ""
    more = f" and {len(sheets) - MOST_NAMED} more" if len(sheets) > MOST_NAMED else ""
    named = ", ".join(shown(sheet) for sheet in sheets[:MOST_NAMED])
    return f"if the counts are on another sheet, name it with --sheet; there is {named}{more}"


def _length(file: str, line: int, row: list[object]) -> int:
    """Characters of a row and its cells; refused where one cell holds too long a text."""
    lengths = [len(cell) if isinstance(cell, str) else 0 for cell in row]
    if lengths and max(lengths) > MOST_CELL:
        what = f"holds a text of more than {MOST_CELL:,} characters"
        column = f"column {lengths.index(max(lengths)) + 1}"
        raise InputFaults([Fault(file, line, column, what, "shorten it, or take it out of the table")])
    return sum(lengths) + len(row)
