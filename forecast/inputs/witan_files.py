"""The files of a witan.send project: found by `config.edn`, taken apart, every flaw of form named.

Names of files, keys and columns are those of witan.send (github.com/MastodonC/witan.send: `doc/config.md`,
`data/demo/config.edn`, `src/clj/witan/send/schemas.clj`), older ones beside newer ones. Columns that are not
known are left unread. No message repeats a cell of `transitions.csv`: a row of it is a child.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.faults import capped
from forecast.inputs.sheet import read_sheet

CONFIG: Final = "config.edn"
_LARGEST: Final = 200 * 2**20
"""Bytes in a file: far more than any authority's transitions, far less than would exhaust a laptop."""
_SCENARIO: Final = ":transition-parameters"
_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|;[^\n]*|[{}()\[\]]|[^\s,"{}()\[\];]+|"')
"""Texts, comments, brackets and words of EDN; a quote by itself is one that is not closed."""
_CLOSES: Final = {"}": "{", "]": "[", ")": "("}


@dataclass(frozen=True)
class _Wanted:
    """One of a project's files."""

    keys: tuple[str, ...]
    """What `:file-inputs` may call it."""
    names: tuple[str, ...]
    """What it is called where `config.edn` does not say."""
    columns: tuple[str, ...]
    """Those that are read; each must be there."""
    needed: bool


FILES: Final[Mapping[str, _Wanted]] = {
    "transitions": _Wanted(
        ("transitions", "transition-matrix"),
        ("transitions.csv",),
        ("calendar-year", "setting-1", "need-1", "academic-year-1", "setting-2", "need-2", "academic-year-2"),
        needed=True,
    ),
    "population": _Wanted(
        ("population",), ("population.csv",), ("calendar-year", "academic-year", "population"), needed=True
    ),
    "valid-states": _Wanted(
        ("valid-states", "valid-setting-academic-years"),
        ("valid-states.csv", "valid-setting-academic-years.csv"),
        ("setting", "min-academic-year", "max-academic-year", "needs", "setting->setting"),
        needed=False,
    ),
    "costs": _Wanted(
        ("costs", "setting-cost"), ("costs.csv", "need-setting-costs.csv"), ("need", "setting", "cost"), needed=False
    ),
}


@dataclass(frozen=True)
class Table:
    """A file of the project as it was written."""

    file: str
    """Its name inside the project."""
    cells: pd.DataFrame
    """Texts without blanks around them, indexed by line."""

    def texts(self, column: str, faults: list[Fault]) -> "pd.Series[str]":
        """A column of texts; one that is blank is a fault, and missing."""
        blank = self.lines(self.cells[column].eq(""))
        faults += self.faulty(blank, column, "is blank", "fill it in, or take the row out")
        return self.cells[column].where(self.cells[column].ne(""))

    def wholes(self, column: str, first: int, last: int, faults: list[Fault]) -> "pd.Series[float]":
        """A column of whole numbers from `first` to `last`; what is not one is a fault, and missing."""
        distinct = {text: _whole(text) for text in self.cells[column].unique()}
        numbers = self.cells[column].map(distinct)
        remedy = f"write a whole number from {first} to {last}"
        faults += self.faulty(self.lines(numbers.isna()), column, "is not a whole number", remedy)
        outside = numbers.notna() & ~numbers.between(first, last)
        faults += self.faulty(self.lines(outside), column, "is out of range", remedy)
        return numbers.where(numbers.between(first, last))

    def lines(self, where: "pd.Series[bool]") -> list[int]:
        """Lines of the file in which `where` holds."""
        return [int(line) for line in where.index[where]]

    def faulty(self, lines: Sequence[int], field: str, what: str, remedy: str) -> list[Fault]:
        """One kind of fault, line by line."""
        return capped(lines, lambda line: Fault(self.file, line, field, what, remedy))


@dataclass(frozen=True)
class Files:
    """What was found of a project."""

    tables: Mapping[str, Table]
    """Key of `FILES` -> table; a file that need not be there may be absent."""
    unused: tuple[str, ...]
    """Scenario settings of `config.edn` that are set, none of which is taken over."""


def read_files(folder: Path) -> Files:
    """Read a project's files.

    Raises
    ------
    InputFaults
        It is no project, or a file is missing, unreadable, or lacks a column.
    """
    if not folder.is_dir():
        raise InputFaults([Fault(folder.name, 0, "", "is not a folder", f"name the folder that holds {CONFIG}")])
    config = _config(folder)
    named = dict(re.findall(r':([a-z>-]+)\s+"([^"]+)"', _block(config, ":file-inputs")))
    faults: list[Fault] = []
    tables: dict[str, Table] = {}
    for kind, wanted in FILES.items():
        try:
            path = _find(folder, wanted, named)
            if path is not None:
                tables[kind] = _table(path, wanted.columns)
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    settings = re.findall(r":([a-z>?-]+)\s+([^\s:}]+)", _block(config, _SCENARIO))
    return Files(tables, tuple(key for key, value in settings if value != "nil"))


def _config(folder: Path) -> str:
    """Text of `config.edn` without its comments; empty where there is none."""
    path = folder / CONFIG
    if not path.exists():
        return ""
    try:
        tokens = _TOKEN.findall(_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputFaults([Fault(CONFIG, 0, "", "is not in UTF-8", "save it as plain text in UTF-8")]) from error
    config = " ".join(token for token in tokens if not token.startswith(";"))
    otherwise = f"or take {CONFIG} out of the folder, if its files have their usual names"
    if not _closed(tokens):
        what = "has a bracket or a quote that is not closed"
        raise InputFaults([Fault(CONFIG, 0, "", what, f"close it, {otherwise}")])
    if not re.search(r':[a-z>-]+ "', _block(config, ":file-inputs")):
        remedy = f"name them there, {otherwise}"
        raise InputFaults([Fault(CONFIG, 0, ":file-inputs", "names no file", remedy)])
    return config


def _closed(tokens: Sequence[str]) -> bool:
    """Whether every bracket that is opened is closed by its like."""
    still_open: list[str] = []
    for mark in tokens:
        if mark == '"':
            return False
        if mark in _CLOSES.values():
            still_open.append(mark)
        elif mark in _CLOSES and (not still_open or still_open.pop() != _CLOSES[mark]):
            return False
    return not still_open


def _block(config: str, key: str) -> str:
    """What stands between the braces after `key`."""
    found = re.search(rf"{re.escape(key)}\s*\{{([^}}]*)\}}", config)
    return found[1] if found else ""


def _find(folder: Path, wanted: _Wanted, named: Mapping[str, str]) -> Path | None:
    """Where a file is: as `config.edn` says, or of that name beside it; None for one that need not be there."""
    said = [named[key] for key in wanted.keys if key in named]
    home = folder.resolve()
    for name in (*said, *(Path(name).name for name in said), *(wanted.names if not said else ())):
        path = (folder / name).resolve()
        if path.is_relative_to(home) and path.is_file():
            return path
    if not wanted.needed and not said:
        return None
    remedy = f"put it into {folder.name}, and name it in {CONFIG}"
    raise InputFaults([Fault(Path((said or wanted.names)[0]).name, 0, "", "is not in the project's folder", remedy)])


def _table(path: Path, columns: Sequence[str]) -> Table:
    content = _bytes(path)
    if not content.endswith((b"\n", b"\r")):
        content += b"\n"  # as in the project's own demonstration; a row that was cut short has too few columns
    first = content.partition(b"\n")[0].decode("utf-8", "replace")
    header = [name.strip("\ufeff\r \t") for name in first.split(",")]
    if not set(header) & set(columns):
        remedy = f"begin it with the line {','.join(columns)}"
        raise InputFaults([Fault(path.name, 1, "", "the first line does not name the columns", remedy)])
    rest = [name for name in header if name and name not in columns]
    sheet = read_sheet(path.name, content, [*columns, *dict.fromkeys(rest)])
    if sheet.faults:
        raise InputFaults(sheet.faults)
    if sheet.cells.empty:
        raise InputFaults([Fault(path.name, 0, "", "has no rows", "add them below the header")])
    texts = sheet.cells[list(columns)]
    return Table(path.name, texts.apply(lambda column: column.str.strip()).astype("str"))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputFaults([Fault(path.name, 0, "", "is larger than 200 MB", "take out what is not the project's")])
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise InputFaults([Fault(path.name, 0, "", what, "see that it is a file you may read")]) from error


def _whole(text: str) -> float:
    try:
        return float(cells.whole(text))
    except ValueError:
        return cells.NAN
