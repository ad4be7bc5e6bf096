"""A January census, and year groups, as councils write them. A reader raises `ValueError` with what is wrong."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.inputs.count_dates import typed_numbers
from forecast.inputs.count_words import is_total, plain, words

EVERY: Final = (NC_YEARS[0], NC_YEARS[-1])
"""Every year group."""
_OLDEST_AGE: Final = 25
"""Age of the few who turn 25 in the last year of a plan; they are with those of 24."""
_ACADEMIC: Final = re.compile(r"(?:ay )?(20[0-9]{2}) ?[/\-\u2013 ]? ?(?:20)?([0-9]{2})")
_YEAR: Final = re.compile(r"(?:(?:january|jan|census)[ \-]*)*(20[0-9]{2})(?:[ \-]*(?:january|jan|census))*")
_SHORT_JANUARY: Final = re.compile(r"jan(?:uary)?[ \-']*([0-9]{2})")
_BRITISH_DATE: Final = re.compile(r"[0-9]{1,2}[/.\-]([0-9]{1,2})[/.\-](20[0-9]{2})(?: [0-9:.]+)?")
_ISO_DATE: Final = re.compile(r"(20[0-9]{2})-([0-9]{2})-[0-9]{2}(?:[t ][0-9:.]+)?")
_ONE: Final = re.compile(r"(?:nc|ncy|year|yr|y|aged?)? ?(-?[0-9]{1,2})(?: years?)?")
_SPAN: Final = re.compile(r"(.*?[0-9a-z]) ?(?:\.\.|-|\u2013| to ) ?(.+)")
_UNDER: Final = re.compile(r"(?:under|below|<) ?([0-9]{1,2})")
_OVER: Final = re.compile(r"([0-9]{1,2}) ?(?:\+|and over|plus)")


def january(cell: object) -> int:
    """January of a census: from an academic year (2024/25 is 2025), a year, or a date in January."""
    if isinstance(cell, date):
        return _of_date(cell.year, cell.month)
    text = _text(cell)
    if found := _YEAR.fullmatch(text):
        return int(found[1])
    if found := _SHORT_JANUARY.fullmatch(text):
        return 2000 + int(found[1])
    if found := _BRITISH_DATE.fullmatch(text):
        return _of_date(int(found[2]), int(found[1]))
    if found := _ISO_DATE.fullmatch(text):
        return _of_date(int(found[1]), int(found[2]))
    if (found := _ACADEMIC.fullmatch(text)) and int(found[2]) == (int(found[1]) + 1) % 100:
        return int(found[1]) + 1
    raise ValueError("is no January census or academic year")


def year_groups(cell: object) -> tuple[int, int]:
    """Youngest and oldest year group: of `R`, `Year 7`, `N1`, `7-11`, `Secondary`, `all`, or a date that was `7-8`."""
    if is_total(cell):
        return EVERY
    return _sound(*_numbers(cell, words("year_group"), NC_YEARS[-1]))


def age_groups(cell: object) -> tuple[int, int]:
    """Year groups of an age at 31 August, or of a band of ages such as `5-10`, `under 5` or `20-25`."""
    text = _text(cell)
    if is_total(cell):
        return EVERY
    if found := _UNDER.fullmatch(text):
        return _sound(NC_YEARS[0], int(found[1]) - 1 - AGE_AT_RECEPTION)
    if found := _OVER.fullmatch(text):
        return _sound(int(found[1]) - AGE_AT_RECEPTION, NC_YEARS[-1])
    first, last = (_OLDEST_AGE - 1 if age == _OLDEST_AGE else age for age in _numbers(cell, {}, _OLDEST_AGE))
    return _sound(first - AGE_AT_RECEPTION, last - AGE_AT_RECEPTION)


def _numbers(cell: object, named: Mapping[str, str], highest: int) -> tuple[int, int]:
    """First and last number that a cell names, by number or by word."""
    if (typed := typed_numbers(cell, highest)) is not None:
        return typed
    text = _text(cell)
    if found := _ONE.fullmatch(text):
        return int(found[1]), int(found[1])
    if meant := named.get(plain(text)):
        first, _, last = meant.partition("..")
        return int(first), int(last or first)
    if found := _SPAN.fullmatch(text):
        return _numbers(found[1], named, highest)[0], _numbers(found[2], named, highest)[1]
    raise ValueError("is no year group" if named else "is no age at 31 August")


def _sound(first: int, last: int) -> tuple[int, int]:
    if first > last:
        raise ValueError("runs from older to younger")
    if first < NC_YEARS[0] or last > NC_YEARS[-1]:
        raise ValueError("is outside the year groups from -4 to 20, which are ages 0 to 24 at 31 August")
    return first, last


def _of_date(year: int, month: int) -> int:
    if month != 1:
        raise ValueError("is a date that is not in January")
    return year


def _text(cell: object) -> str:
    """Small letters, one blank between words; a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).casefold().split())
