"""Numbers that a spreadsheet took for a date: `7-8` typed into a cell becomes 7 August, `11-15` November 2015."""

import re
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_AND_MONTH: Final = re.compile(r"([0-9]{1,2})[ \-]([a-z]{3})")
_MONTH_AND_YEAR: Final = re.compile(r"([a-z]{3})[ \-]([0-9]{2})")


def typed_numbers(cell: object, highest: int) -> tuple[int, int] | None:
    """The two rising numbers that were typed, from what the spreadsheet made of them; None if `cell` is no date.

    A date on the 1st may have been a day and a month, or a month and a year: it is read only if the year, in two
    figures, could not have been meant.

    Parameters
    ----------
    cell : a date, or a text such as `07-Aug` or `Nov-15`
    highest : the highest number that may have been meant

    Raises
    ------
    ValueError
        It may be read in two ways.
    """
    if isinstance(cell, date):
        return _from_date(cell, highest)
    text = str(cell).casefold().strip()
    if (found := _DAY_AND_MONTH.fullmatch(text)) and found[2] in _MONTHS:
        return _rising(int(found[1]), _number(found[2]))
    if (found := _MONTH_AND_YEAR.fullmatch(text)) and found[1] in _MONTHS:
        return _number(found[1]), int(found[2])
    return None


def _from_date(cell: date, highest: int) -> tuple[int, int]:
    if cell.day == 1 and cell.month < cell.year % 100 <= highest:
        both = f"1-{cell.month} or {cell.month}-{cell.year % 100:02d}"
        raise ValueError(f"is a date that the spreadsheet made of {both}")
    return _rising(cell.day, cell.month)


def _rising(one: int, other: int) -> tuple[int, int]:
    """In whichever order the country of the spreadsheet puts day and month, a range rises."""
    return min(one, other), max(one, other)


def _number(month: str) -> int:
    return _MONTHS.index(month) + 1
