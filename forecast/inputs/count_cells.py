"""One cell of a council's table that holds a number of children, or what stands there where the number is hidden.

`<5`, `1-4` and markers such as `c` are ranges; `x` is not known; `z` says that there can be no such child. None
of them is zero. A reader raises `ValueError` with what is wrong.
"""

import re
from dataclasses import dataclass
from typing import Final

from forecast.inputs.cells import NAN
from forecast.inputs.count_dates import typed_numbers
from forecast.inputs.count_words import markers

MOST_CHILDREN: Final = 1_000_000
"""All England has 640,000 plans (January 2025): a larger number is something else."""
_MOST_HIDDEN: Final = 12
"""The highest number of a hidden range that may have become a date."""
_NEVER_NONE: Final = frozenset({"low", "k"})
"""Markers that by their meaning never stand for 0."""
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]*)?")
_RANGE: Final = re.compile(r"([0-9]{1,4}) ?(?:-|\u2013|\.\.| to ) ?([0-9]{1,4})")
_FEWER: Final = re.compile(r"(<=|<|\u2264|under|fewer than|less than|up to|at most) ?([0-9]{1,4})")
_INCLUSIVE: Final = frozenset({"<=", "\u2264", "up to", "at most"})
_BRACKETS: Final = str.maketrans("", "", "[](){}")


@dataclass(frozen=True)
class Count:
    """What a cell says of a number of children."""

    children: float
    """Their number; NaN where it is hidden or not known."""
    least: float
    """The fewest that there may be; NaN where that is not known."""
    most: float
    """The most."""
    perhaps_none: bool = False
    """Whether a hidden number may be 0 as far as the cell itself goes."""
    never: bool = False
    """Whether there can be no such child, so that the row says nothing."""


UNKNOWN: Final = Count(NAN, NAN, NAN)
"""Nothing is known of the number."""


def count(cell: object, hides_under: int | None = None) -> Count:
    """Read a number of children, or what stands in its place.

    Parameters
    ----------
    hides_under : what a marker such as `c` hides is fewer than this; None for the bounds of `count_markers.csv`
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _known(float(cell))
    if (typed := typed_numbers(cell, _MOST_HIDDEN)) is not None:
        return _hidden(*typed)
    text = " ".join(str(cell).casefold().translate(_BRACKETS).split())
    if _NUMBER.fullmatch(text):
        return _known(float(text.replace(",", "")))
    return _in_place_of_a_number(text, hides_under)


def _in_place_of_a_number(text: str, hides_under: int | None) -> Count:
    if found := _RANGE.fullmatch(text):
        return _hidden(int(found[1]), int(found[2]))
    if found := _FEWER.fullmatch(text):
        return _hidden(1, int(found[2]) - (found[1] not in _INCLUSIVE), perhaps_none=True)
    if (marker := markers().get(text)) is None:
        raise ValueError("is neither a whole number nor a known marker of a hidden one")
    if marker.kind == "none":
        return Count(0.0, 0.0, 0.0, never=True)
    if marker.kind == "unknown":
        return UNKNOWN
    most = int(marker.most) if hides_under is None else hides_under - 1
    return _hidden(int(marker.least), most, perhaps_none=text not in _NEVER_NONE)


def _known(number: float) -> Count:
    if not number.is_integer() or number < 0:
        raise ValueError("is not a whole number of 0 or more")
    if number > MOST_CHILDREN:
        raise ValueError("is more children than England has with a plan")
    return Count(number, number, number)


def _hidden(least: int, most: int, *, perhaps_none: bool = False) -> Count:
    if least > most:
        raise ValueError("is a range that runs downwards")
    return Count(NAN, float(least), float(most), perhaps_none)
