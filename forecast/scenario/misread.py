"""What was written where something else is meant, such as a word for a number: what it is, and how to write it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WHOLE: Final = "a whole number"
_NUMBER: Final = "a number"
_SETTING: Final = "a number or a value with its range"
_MEANT: Final[Mapping[str, str]] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "fields with their values",
    "model_type": "fields with their values",
    "model_attributes_type": "fields with their values",
    "string_type": "a word",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
    "date_from_datetime_inexact": "a date",
}
"""Pydantic's name of a fault -> what is meant there."""
_WRITE: Final[Mapping[str, str]] = {
    _WHOLE: "write a whole number in figures, such as 3",
    _NUMBER: "write a number in figures, such as 0.2",
    _SETTING: "write a number in figures, such as 0.2, or {value: 0.2, low: 0.1, high: 0.3}",
    "a list": "write it in square brackets, such as [a, b]",
    "fields with their values": "write each as a name, a colon and a value, as in the scenarios that ship",
    "a word": "write a word, in quotes where it reads as something else",
    "true or false": "write true or false, without quotes",
    "a date": "write it as 2026-03-31",
}
_READ: Final[Sequence[tuple[type, str]]] = (
    (type(None), "nothing"),
    (bool, "yes or no"),
    (int, "a number"),
    (float, "a number"),
    (str, "a word"),
    (list, "a list"),
    (dict, "fields with their values"),
    (date, "a date"),
)
"""What YAML makes of a text -> what that is called; `bool` before `int`, which it is too."""
_LIMITS: Final[Mapping[str, tuple[str, str, str]]] = {
    "greater_than_equal": ("ge", "below", "write {} or more"),
    "less_than_equal": ("le", "above", "write {} or less"),
    "greater_than": ("gt", "not above", "write more than {}"),
    "less_than": ("lt", "not below", "write less than {}"),
}
"""Pydantic's name of a fault -> its limit's name, on which side of it the number is, how to mend it."""


def misread(said: "ErrorDetails", *, whole: bool) -> tuple[str, str]:
    """What is wrong, and its remedy.

    Parameters
    ----------
    said : a fault, as pydantic tells it
    whole : whether the whole file is meant, and no field of it
    """
    kind, written = said["type"], said["input"]
    if whole and kind == "model_type":
        what = "the file is empty" if written is None else "it is no list of fields"
        return what, "write `name`, `why` and the rest, each with a colon and its value, as in the scenarios that ship"
    if kind in _LIMITS:
        key, side, remedy = _LIMITS[kind]
        limit = f"{said['ctx'][key]:g}"
        return f"it is {side} {limit}", remedy.format(limit)
    if kind in _MEANT:
        setting = kind == "model_type" and said["ctx"]["class_name"] == "Range"
        meant = _SETTING if setting else _MEANT[kind]
        return f"{_read_as(written)}, where {meant} is meant", _number_in(written, meant) or _WRITE[meant]
    msg = said["msg"].removeprefix("Value error, ")
    msg = re.sub(r": (?=did you mean|choose from)", "; ", msg[:1].lower() + msg[1:])
    what, _, remedy = msg.partition("; ") if "; did you mean" in msg or "; choose" in msg else msg.rpartition("; ")
    return (what, remedy) if what and remedy else (what or remedy, "correct it")


def _read_as(written: object) -> str:
    """How YAML reads what is written."""
    return "it reads as " + next((said for kind, said in _READ if isinstance(written, kind)), "something else")


def _number_in(written: object, meant: str) -> str:
    """How to write a number that was written as a person would; empty where there is none."""
    if meant not in {_WHOLE, _NUMBER, _SETTING} or not isinstance(written, str):
        return ""
    found = re.fullmatch(r"\s*£?\s*(\d[\d,]*(?:\.\d+)?)\s*(%?)\s*", written)
    if not found:
        return ""
    number = float(found[1].replace(",", ""))
    return f"write {number / 100 if found[2] else number:.10g}, without signs, commas or quotes"
