"""The workbook filled in before the return is submitted: a sheet for each module, or all of them on one sheet.

Both kinds are known: the pre-submission workbook, with a sheet for each module, and the template for data entry,
where a line such as `Person Record` stands above each module's table. Neither has an id for every record: there,
records name their request, and `linked` makes the rest.
"""

import datetime as dt
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import CellCoordinatesException, InvalidFileException

from forecast.errors import Fault, InputFaults
from forecast.inputs.safe_files import MEGABYTE, is_archive, sound_archive
from forecast.records.layout import WORKBOOK, Module, layout, plain
from forecast.records.sources import DAMAGE, Part, whole
from forecast.records.written import (
    MOST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Room,
    Written,
    gather,
    heading,
    heading_faults,
)

MOST_UNPACKED: Final = 256 * MEGABYTE
"""Bytes of a workbook unpacked: five times those of the largest authority's."""
MOST_ABOVE: Final = 20
"""Lines that may stand above the names of the columns."""
_FEWEST_NAMES: Final = 2
"""Names of known columns that make a line the names of the columns."""
_TITLE: Final = "record"
_FLAWED: Final = (
    *(*DAMAGE, ValueError, LookupError, TypeError, AttributeError, AssertionError, ParseError),
    *(CellCoordinatesException, InvalidFileException),
)
"""What openpyxl raises for a workbook whose parts do not fit together."""
_SAVE: Final = "open it in Excel and save it anew as .xlsx"


@dataclass
class _Table:
    """A module's table as it is met: lines above it, the names of its columns, then its rows."""

    module: Module
    sheet: str
    room: Room
    above: list[tuple[int, Sequence[str]]] = field(default_factory=list)
    names: tuple[int, Sequence[str]] | None = None
    known: list[str] = field(default_factory=list)
    """Of each column, its name where it is one of the return, else ""."""
    rows: list[tuple[int, Sequence[str]]] = field(default_factory=list)

    def add(self, line: int, texts: list[str]) -> None:
        """Take a line that is not blank: the names of the columns if they are not known yet, else a row."""
        if self.names is not None:
            self.room.take(line, self.known, texts)
            self.rows.append((line, texts))
        elif len(places := set(heading(self.module, WORKBOOK, texts).places.values())) >= _FEWEST_NAMES:
            last = max(place for place, text in enumerate(texts) if text)
            self.names = line, texts[: last + 1]
            self.known = [text if place in places else "" for place, text in enumerate(self.names[1])]
        elif len(self.above) < MOST_ABOVE:
            self.above.append((line, texts))


def read_workbook(part: Part, district: str | None = None) -> dict[str, Written]:
    """Every module that the workbook has, as written.

    Raises
    ------
    InputFaults
        It is damaged or would unpack to too much; a module is there twice; what is wrong with any table's form.
    """
    with whole(part.name), part.open() as file:
        content = file.read()
    if not is_archive(content):
        raise InputFaults([Fault(part.name, 0, "", "is not a workbook in spite of its name", _SAVE)])
    sound_archive(part.name, content, MOST_UNPACKED).close()
    tables: dict[str, _Table] = {}
    for sheet, rows in _sheets(part.name, content):
        _collect(part.name, sheet, rows, tables)
    if not tables:
        what = "has no sheet of the return"
        raise InputFaults([Fault(part.name, 0, "", what, "give the pre-submission workbook, with its own sheet names")])
    written: dict[str, Written] = {}
    faults: list[Fault] = []
    for name, table in tables.items():
        try:
            written[name] = _written(f"{part.name}, sheet {table.sheet}", table, district)
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    return written


def _sheets(file: str, content: bytes) -> Iterator[tuple[str, Iterator[tuple[int, tuple[Any, ...]]]]]:
    """Each sheet's name, and its rows by line; warnings are left unsaid, as they may quote cells."""
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
    except _FLAWED:
        raise _damaged(file) from None
    for sheet in sheets:
        yield str(sheet.title), _rows(file, sheet)


def _rows(file: str, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401 - openpyxl ships no types
    try:
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong, and would lose rows
        rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True), start=1)
    except _FLAWED:
        raise _damaged(file) from None
    while True:
        try:
            with warnings.catch_warnings(action="ignore"):
                row = next(rows, None)
        except _FLAWED:
            raise _damaged(file) from None
        if row is None:
            return
        yield row


def _collect(file: str, sheet: str, rows: Iterator[tuple[int, tuple[Any, ...]]], tables: dict[str, _Table]) -> None:
    """Put the rows of a sheet into the tables of the modules that it holds."""
    titles = {plain(name): module for module in layout().values() for name in module.names[WORKBOOK]}
    table = _opened(file, sheet, titles.get(plain(sheet)), tables)
    for line, cells in rows:
        width = len(table.names[1]) if table is not None and table.names is not None else None
        texts = [_text(cell) for cell in cells[:width]]
        if not any(texts):
            continue
        title = titles.get(plain(texts[0])) if _TITLE in plain(texts[0]) and not any(texts[1:]) else None
        if title is not None and (table is None or table.names is not None or table.module is not title):
            table = _opened(file, sheet, title, tables)
        elif table is not None:
            table.add(line, texts)


def _opened(file: str, sheet: str, module: Module | None, tables: dict[str, _Table]) -> _Table | None:
    if module is None:
        return None
    if module.name in tables:
        what = f"holds the same module as sheet {tables[module.name].sheet}"
        raise InputFaults([Fault(f"{file}, sheet {sheet}", 0, "", what, "keep one of the two")])
    return tables.setdefault(module.name, _Table(module, sheet, Room(f"{file}, sheet {sheet}")))


def _written(file: str, table: _Table, district: str | None) -> Written:
    line, names = table.names or next(iter(table.above), (0, []))
    found = heading(table.module, WORKBOOK, names, district)
    if faults := heading_faults(file, line, table.module, WORKBOOK, names, found):
        raise InputFaults(faults)
    return Written(file, gather(file, table.rows, found), found.names)


def _text(cell: object) -> str:
    """Write a cell as a CSV would have it: whole numbers without a point, dates year first; too long a text, cut."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    text = str(cell)  # many cells may share one long text: a copy of each would fill memory
    return text.strip() if len(text) <= MOST_CELL else text[: MOST_CELL + 1]


def _damaged(file: str) -> InputFaults:
    return InputFaults([Fault(file, 0, "", "is damaged: its sheets cannot be read", _SAVE)])
