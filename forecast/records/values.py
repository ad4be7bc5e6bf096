"""From what a cell says to what it means: dates, yes or no, whole numbers, in every form that returns use.

Each distinct text is read once, so that a column of 100,000 cells takes milliseconds. What cannot be read
counts as blank and is named by row and field, never quoted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from forecast.errors import Fault

Column = ExtensionArray
Flags = NDArray[np.bool_]

MONTHS: Final = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
FLAGS: Final = {
    word: truth
    for truth, words in ((True, "1 1.0 true t yes y"), (False, "0 0.0 false f no n"))
    for word in words.split()
}
"""COLLECT's CSV says true and false, XML and workbooks 1 and 0."""
WIDTHS: Final[Mapping[str, int]] = {"lea": 3, "transfer_la": 3, "urn": 6, "ukprn": 8, "uln": 10}
"""Digits of codes of one length, whose leading zeros a spreadsheet may have taken off."""
MOST: Final = 1_000
"""Cells of one field that are named one by one: checks count them by row."""
FIRST_YEAR, LAST_YEAR = 1800, 2200
FIRST_SERIAL, LAST_SERIAL = 3_653, 109_574
"""Days of Excel that count as dates: 1910-01-01 to 2199-12-31."""
_EXCEL_ZERO: Final = date(1899, 12, 30)
_TIME: Final = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_YEAR_FIRST: Final = re.compile(rf"([0-9]{{4}})[-/]([0-9]{{1,2}}|[a-z]{{3}})[-/]([0-9]{{1,2}}){_TIME}", re.IGNORECASE)
_DAY_FIRST: Final = re.compile(rf"([0-9]{{1,2}})[-/ ]([0-9]{{1,2}}|[a-z]{{3}})[-/ ]([0-9]{{4}}){_TIME}", re.IGNORECASE)
_SERIAL: Final = re.compile(r"([0-9]{4,6})(?:\.[0-9]+)?")
_MONTHS: Final = 12
_WHOLE: Final = re.compile(r"([+-]?[0-9]{1,9})(?:\.0*)?")
_ERROR_CELL: Final = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
_REMEDIES: Final = {
    "date": ("is not a date", "write it as 2024-09-28"),
    "flag": ("is neither true nor false", "write true or false"),
    "whole": ("is not a whole number", "write a whole number"),
    "text": ("is an error of the spreadsheet", "write the value, or leave it blank"),
}


def day(text: str) -> date | None:
    """Read a date: `2022-Sep-28 00:00:00`, `2022-09-28`, `28/09/2022` or Excel's 44832; None for anything else."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, number = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        number, month, year = found.groups()
    elif found := _SERIAL.fullmatch(text):
        serial = int(found[1])
        return _EXCEL_ZERO + timedelta(days=serial) if FIRST_SERIAL <= serial <= LAST_SERIAL else None
    else:
        return None
    months = MONTHS.get(month.casefold()) if month.isalpha() else int(month)
    try:
        read = date(int(year), months or 0, int(number))
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def month_first(text: str) -> bool:
    """Whether a text is a date only if the month comes first: 09/28/2024."""
    found = _DAY_FIRST.fullmatch(text)
    if found is None or not found[2].isdigit():
        return False
    first, second, year = found.groups()
    return int(second) > _MONTHS and day(f"{year}-{first}-{second}") is not None


def flag(text: str) -> bool | None:
    """Read a yes or no, whatever its capitals; None for anything else."""
    return FLAGS.get(text.casefold())


def whole(text: str) -> int | None:
    """Read a whole number, `12` or `12.0`; None for anything else."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None


def _text(text: str) -> str | None:
    return None if _ERROR_CELL.fullmatch(text) else text


def typed(kind: str, texts: Sequence[str] | pd.Series, width: int = 0) -> tuple[Column, Flags]:
    """A column read by its kind, and which of its cells could not be.

    Parameters
    ----------
    kind : of `layout.Field`
    texts : cells as written, "" where blank
    width : digits that a code is filled up to with zeros; 0 for none
    """
    parse, dtype, empty = _KINDS.get(kind, (_text, "str", ""))
    which, distinct = pd.factorize(np.asarray(texts, dtype=object))
    plain = [text.strip() for text in distinct]
    if not any(plain):
        return blank(kind, len(which))
    read = [parse(text) if text else empty for text in plain]
    flawed = np.array([text != "" and value is None for text, value in zip(plain, read, strict=True)], dtype=bool)
    values = [empty if value is None else value for value in read]
    if width:
        values = [text.zfill(width) if text.isdecimal() else text for text in values]
    return pd.Series(values, dtype=dtype).array.take(which), flawed.take(which)


def blank(kind: str, rows: int) -> tuple[Column, Flags]:
    """A column of a kind that is blank in each of `rows`, none of them for being unreadable."""
    return _one_blank(kind).take(np.zeros(rows, dtype=np.intp)), np.zeros(rows, dtype=np.bool_)


@cache
def _one_blank(kind: str) -> Column:
    _, dtype, empty = _KINDS.get(kind, (_text, "str", ""))
    return pd.Series([empty], dtype=dtype).array


def unreadable(file: str, name: str, kind: str, rows: Sequence[int]) -> list[Fault]:
    """One fault for each cell that could not be read, the first few; then one that counts the rest."""
    what, remedy = _REMEDIES.get(kind, _REMEDIES["text"])
    faults = [Fault(file, row, name, what, remedy) for row in rows[:MOST]]
    if more := len(rows) - len(faults):
        faults.append(Fault(file, rows[MOST], name, f"and {more} more like this", remedy))
    return faults


_KINDS: Final[Mapping[str, tuple[Callable[[str], Any], str, Any]]] = {
    "date": (day, "datetime64[us]", None),
    "flag": (flag, "boolean", None),
    "whole": (whole, "Int64", None),
}
