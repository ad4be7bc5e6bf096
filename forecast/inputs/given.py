"""A CSV that is given to one command rather than kept in an area's folder: its cells read, every fault named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.domain import ALL
from forecast.errors import MOST_NAMED, Fault, InputFaults
from forecast.inputs.area import digest
from forecast.inputs.cells import Cell, listed
from forecast.inputs.faults import capped, choice, nearest, shown
from forecast.inputs.sheet import Sheet, read_sheet


@dataclass(frozen=True)
class Given:
    """The rows of a file that could be read, and the faults of those that could not."""

    file: str
    rows: pd.DataFrame
    """Rows without a fault, indexed by line; to be used for further checks, and as it is once there are no faults."""
    faults: tuple[Fault, ...]

    def wrong(self, lines: "pd.Series[bool]", field: str, what: str, remedy: str) -> list[Fault]:
        """One kind of fault, at each line where `lines` holds."""
        return self.told(lines, field, lambda _: what, lambda _: remedy)

    def told(
        self, lines: "pd.Series[bool]", field: str, what: Callable[[int], str], remedy: Callable[[int], str]
    ) -> list[Fault]:
        """One kind of fault, at each line where `lines` holds, each with words of its own."""
        found = [int(line) for line in lines.index[lines]]
        return capped(found, lambda line: Fault(self.file, line, field, what(line), remedy(line)))


def read_given(path: Path, columns: Mapping[str, Cell], known: Mapping[str, Sequence[str]] | None = None) -> Given:
    """Read a CSV: every cell by its column's `Cell`, every label checked.

    Parameters
    ----------
    columns : name of each column -> how its cells are written
    known : kind of label, as in `Cell.labels` -> the labels there are

    Raises
    ------
    InputFaults
        The file cannot be opened.
    """
    try:
        sheet = read_sheet(path.name, path.read_bytes(), list(columns))
    except FileNotFoundError as error:
        what = f"cannot be read: there is no such file in {path.resolve().parent}"
        raise InputFaults([Fault(path.name, 0, "", what, "name a file that is there, with its folder")]) from error
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise InputFaults([Fault(path.name, 0, "", what, "see that it is a file you may read")]) from error
    faults, read = list(sheet.faults), {}
    if sheet.cells.empty and not faults:
        faults.append(Fault(sheet.file, 0, "", "has no rows", "add them below the header"))
    for name, cell in columns.items():
        if name in sheet.cells:
            read[name], unread = _column(sheet, name, cell, known or {})
            faults += unread
    if len(read) < len(columns):
        return Given(sheet.file, pd.DataFrame(columns=list(columns)), tuple(faults))
    at_fault = {fault.row for fault in faults}
    rows = pd.DataFrame(read).drop(index=[line for line in sheet.cells.index if line in at_fault])
    return Given(sheet.file, rows.infer_objects(), tuple(faults))


def digest_of(path: Path) -> str:
    """SHA-256 of a file that is given, the same whatever its line ends and its name."""
    return digest({"": path.read_bytes()})


def _column(
    sheet: Sheet, name: str, cell: Cell, known: Mapping[str, Sequence[str]]
) -> tuple["pd.Series[Any]", list[Fault]]:
    """Values of a column, None where a cell could not be read, and a fault for each of those."""
    texts = sheet.cells[name].str.strip()
    labels = [*known[cell.labels], *cell.also] if cell.labels in known else None
    read = {text: _value(text, cell, labels) for text in texts.unique()}
    values = texts.map(lambda text: read[text][0]).astype(object)
    wrong = [line for line in texts.index if read[texts[line]][1]]
    faults = capped(wrong, lambda line: Fault(sheet.file, line, name, *read[texts[line]][1:]))
    return values, faults


def _value(text: str, cell: Cell, labels: Sequence[str] | None) -> tuple[object, str, str]:
    """Value of a cell, what is wrong with it, and the remedy; the last two empty where nothing is."""
    if not text:
        return (None, "is blank", cell.write) if cell.blank is None else (cell.blank, "", "")
    try:
        value = cell.parse(text)
    except ValueError as error:
        return None, f"{shown(text)} {error}", cell.write
    for label in _labels_in(str(value), cell) if labels is not None else ():
        if label not in (labels or ()):
            return None, f"no {cell.labels} is called {shown(label)}", _choice(label, labels or ())
    return value, "", ""


def _choice(name: str, known: Sequence[str]) -> str:
    """Remedy for an unknown name, which lists no more of those known than `errors.UnknownLabel` does."""
    if len(known) <= MOST_NAMED or nearest(name, known):
        return choice(name, known)
    return f"choose from {'; '.join(known[:MOST_NAMED])}; and {len(known) - MOST_NAMED} more"


def _labels_in(value: str, cell: Cell) -> list[str]:
    if cell.parse is not listed:
        return [value]
    return [] if value == ALL else value.split(";")
