"""A CSV file as it was written: every cell a text, every row known by its line, every flaw of form named."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.faults import capped, nearest, shown

_OTHER_FORMATS: Final = {
    b"\xff\xfe": "is in UTF-16",
    b"\xfe\xff": "is in UTF-16",
    b"PK\x03\x04": "is a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "is a workbook of an old kind",
}
_SAVE_AS: Final = "save it as CSV UTF-8 (in Excel: Save As, CSV UTF-8, comma delimited)"
_ENDING: Final = "export it again; or, if the last row is whole, press Enter at its end and save"


@dataclass(frozen=True)
class Sheet:
    """Cells of a CSV file that could be told apart, and what is wrong with its form."""

    file: str
    cells: pd.DataFrame
    """Texts, indexed by line; only columns that were asked for."""
    faults: tuple[Fault, ...]


def plain_text(file: str, content: bytes, save_as: str = _SAVE_AS) -> str:
    """Decode a file written in UTF-8, with or without a byte order mark.

    Raises
    ------
    InputFaults
        It is in another encoding or holds NUL bytes.
    """
    for start, what in _OTHER_FORMATS.items():
        if content.startswith(start):
            raise InputFaults([Fault(file, 0, "", what, save_as)])
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content:
        line = _line(content, content.index(b"\0"))
        raise InputFaults([Fault(file, line, "", "holds a NUL byte, so it is damaged or in UTF-16", save_as)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        raise InputFaults([Fault(file, line, "", "is not in UTF-8", save_as)]) from error


def read_sheet(file: str, content: bytes, columns: Sequence[str], optional: Collection[str] = ()) -> Sheet:
    """Take a CSV file apart, keeping those of `columns` that it has and every row of the right length.

    Parameters
    ----------
    optional : those of `columns` that the file may lack
    """
    try:
        text = plain_text(file, content)
    except InputFaults as error:
        return Sheet(file, pd.DataFrame(), error.faults)
    if (plain := _plain_columns(text)) is not None:
        header = [column[0].strip() for column in plain]
        cells = _frame(header, [column[1:] for column in plain], pd.RangeIndex(2, len(plain[0]) + 1), columns)
        return Sheet(file, cells, tuple(_header_faults(file, 1, header, columns, optional)))
    rows, faults = _rows(file, text)
    if not rows:
        what, remedy = "is empty", f"begin it with the line {','.join(columns)}"
        return Sheet(file, pd.DataFrame(), (*faults, Fault(file, 0, "", what, remedy)))
    top = min(rows)
    header = [name.strip() for name in rows.pop(top)]
    faults += _header_faults(file, top, header, columns, optional)
    if not text.endswith(("\n", "\r")):
        last = max(rows, default=top)
        rows.pop(last, None)
        what = "the file ends in the middle of a line, so it may be cut off"
        faults.append(Fault(file, last, "", what, _ENDING))
    faults += _ragged(file, rows, len(header))
    whole = {line: row for line, row in rows.items() if len(row) == len(header)}
    by_column = list(zip(*whole.values(), strict=True)) or [()] * len(header)
    return Sheet(file, _frame(header, by_column, pd.Index(list(whole), dtype="int64"), columns), tuple(faults))


def _plain_columns(text: str) -> list[list[str]] | None:
    """Columns of a file that needs no care: no quotes, no blank line, as many commas in each line.

    Large files of counts are such, and are split in a tenth of the time; None for any other file.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if '"' in plain or not plain.endswith("\n"):
        return None
    plain = plain[:-1]
    widths = {line.count(",") + 1 for line in plain.split("\n")}
    if len(widths) > 1:
        return None
    width = widths.pop()
    cells = plain.replace("\n", ",").split(",")
    columns = [cells[place::width] for place in range(width)]
    return columns if all(map(str.strip, columns[0])) else None


def _rows(file: str, text: str) -> tuple[dict[int, list[str]], list[Fault]]:
    """Rows by their first line, leaving out those with nothing in them; a flaw of quoting ends them."""
    rows: dict[int, list[str]] = {}
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if "".join(row).strip():
                rows[line] = row
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = 'close every quote, and write a quote inside a quoted text twice: ""'
        return rows, [Fault(file, line, "", f"cannot be split into columns from here on ({error})", remedy)]
    return rows, []


def _frame(
    header: list[str], by_column: Sequence[Sequence[str]], lines: "pd.Index[int]", columns: Sequence[str]
) -> pd.DataFrame:
    """The columns asked for; the first of two that have one name."""
    kept = {name: by_column[header.index(name)] for name in columns if name in header}
    return pd.DataFrame(kept, index=lines, dtype=object)


def _header_faults(
    file: str, line: int, header: list[str], columns: Sequence[str], optional: Collection[str]
) -> list[Fault]:
    missing = [name for name in columns if name not in header]
    if missing == list(columns):
        return [_no_header(file, line, header, columns)]
    meant = {name: nearest(name, missing) for name in header if name not in columns}
    twice = [name for name, times in Counter(header).items() if times > 1 and name in columns]

    def unknown(name: str) -> Fault:
        near = meant[name]
        remedy = f"did you mean {near!r}? Rename the column" if near else "remove the column"
        return Fault(
            file,
            line,
            "",
            f"no column called {shown(name)} is known" if name else "a column has no name",
            remedy,
        )

    return [
        *capped(list(meant), unknown),
        *(Fault(file, line, name, "the column is there twice", "remove one of the two") for name in twice),
        *(
            Fault(file, line, name, "the column is missing", "add it, with its name in the first line")
            for name in missing
            if name not in meant.values() and name not in optional
        ),
    ]


def _no_header(file: str, line: int, header: list[str], columns: Sequence[str]) -> Fault:
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            return Fault(file, line, "", f"its columns are parted by {word}", _SAVE_AS)
    return Fault(file, line, "", "the first line does not name the columns", f"begin with {','.join(columns)}")


def _ragged(file: str, rows: dict[int, list[str]], width: int) -> list[Fault]:
    remedy = "look for a comma too many or too few, and put quotes around a text that holds a comma"
    ragged = [line for line, row in rows.items() if len(row) != width]
    return capped(ragged, lambda line: Fault(file, line, "", f"has {len(rows[line])} columns, not {width}", remedy))


def _line(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
