"""What one cell of a table may say, and how a value is written back into one.

A reader takes the text of a cell, without blanks around it and never empty, and raises `ValueError` with
what is wrong: "is not a whole number". Text that begins like a formula is kept from spreadsheets by an
apostrophe, which reading takes off again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import pandas as pd

from forecast.domain import ALL, NC_YEARS

NAN: Final = float("nan")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)")
_YEAR_GROUPS: Final = re.compile(r"(-?[0-9]{1,2})\.\.(-?[0-9]{1,2})")
_COUNTS: Final = re.compile(r"([0-9]{1,15})\.\.([0-9]{1,15})")
_MONTH: Final = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")
_YES_NO: Final = {"yes": True, "no": False}


@dataclass(frozen=True)
class Cell:
    """How a column is written in its file."""

    parse: Callable[[str], object]
    """From a text that is not blank; raises `ValueError` with what is wrong."""
    write: str
    """What to write there: the remedy for any fault."""
    blank: object = None
    """What a blank cell means; None where it must not be blank."""
    column: str = ""
    """The file's column, where it has another name."""
    labels: str = ""
    """Kind of label that it holds: district, need, provision or flow."""
    also: tuple[str, ...] = ()
    """Labels allowed besides those of area.toml."""
    optional: bool = False
    """Whether a file may lack the column; its cells then read as blank."""


def whole(cell: str) -> int:
    """Read a whole number: `12`, `-3` or `12.0`."""
    if not _WHOLE.fullmatch(cell):
        raise ValueError("is not a whole number")
    return int(cell.partition(".")[0])


def number(cell: str) -> float:
    """Read a number written with a decimal point, if any."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError("is not a number")
    return float(cell)


def yes_no(cell: str) -> bool:
    """Read `yes` or `no`."""
    if cell.casefold() not in _YES_NO:
        raise ValueError("is neither yes nor no")
    return _YES_NO[cell.casefold()]


def month(cell: str) -> str:
    """Read a month such as `2027-09`, which stays a text: months in that form sort as they follow."""
    if not _MONTH.fullmatch(cell):
        raise ValueError("is not a month")
    return cell


def year_groups(cell: str) -> tuple[int, int]:
    """Read the first and last year group: `7` is 7 to 7, `-4..-2` a range, `all` every one there is."""
    if cell == ALL:
        return NC_YEARS[0], NC_YEARS[-1]
    if found := _YEAR_GROUPS.fullmatch(cell):
        return int(found[1]), int(found[2])
    if not _WHOLE.fullmatch(cell):
        raise ValueError("is not a year group")
    return whole(cell), whole(cell)


def first_year_group(cell: str) -> int:
    """Read the youngest of the year groups that a cell names."""
    return year_groups(cell)[0]


def last_year_group(cell: str) -> int:
    """Read the oldest of the year groups that a cell names."""
    return year_groups(cell)[1]


def count(cell: str) -> float:
    """Read a count; NaN for a range such as `1..4`, which is a suppressed one."""
    return NAN if _COUNTS.fullmatch(cell) else float(whole(cell))


def least_count(cell: str) -> float:
    """Read the least that a count may be: itself, or the lower end of its range."""
    found = _COUNTS.fullmatch(cell)
    return float(found[1]) if found else float(whole(cell))


def most_count(cell: str) -> float:
    """Read the most that a count may be: itself, or the upper end of its range."""
    found = _COUNTS.fullmatch(cell)
    return float(found[2]) if found else float(whole(cell))


def text(cell: str) -> str:
    """Read a text, without the apostrophe that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def listed(cell: str) -> str:
    """Read labels parted by `;`, with no blanks between."""
    return ";".join(_parts(text(cell)))


def shares(cell: str) -> str:
    """Read shares parted by `;`, each from 0 to 1."""
    parts = _parts(cell)
    if not all(0 <= number(part) <= 1 for part in parts):
        raise ValueError("has a share that is not from 0 to 1")
    return ";".join(parts)


def written(value: object) -> str:
    """Write a value as a cell: whole numbers without a point, NaN as a blank, text made safe."""
    if isinstance(value, str):
        return _guarded(value)
    if pd.isna(cast("float", value)):
        return ""
    if str(value) in {"True", "False"}:
        return "yes" if value else "no"
    return str(value).removesuffix(".0")


def written_count(children: float, least: float, most: float) -> str:
    """Write a count as `count`, `least_count` and `most_count` read it."""
    return written(children) if pd.isna(least) or not pd.isna(children) else f"{least:.0f}..{most:.0f}"


def written_year_groups(first: int, last: int) -> str:
    """Write year groups as `year_groups` reads them."""
    if (first, last) == (NC_YEARS[0], NC_YEARS[-1]):
        return ALL
    return str(first) if first == last else f"{first}..{last}"


def _guarded(value: str) -> str:
    plain = _NUMBER.fullmatch(value) or _YEAR_GROUPS.fullmatch(value)
    return f"'{value}" if _FORMULA.match(value) and not plain else value


def _parts(cell: str) -> list[str]:
    parts = [part.strip() for part in cell.split(";")]
    if not all(parts):
        raise ValueError("has nothing between two semicolons")
    return parts
