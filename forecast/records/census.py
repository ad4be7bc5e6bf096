"""Which January a return is of, and whose: from its header, else from the name of its file, else as the user says.

And what holds at a census: its day, how old children are, which plans are in force.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION
from forecast.errors import Fault, InputFaults

FIRST, LAST = 2000, 2100
_THURSDAY: Final = 3
_THIRD: Final = 14
"""Days from the first Thursday to the third."""
_DATES: Final = (
    (re.compile(r"(?<![0-9])([0-9]{1,2})[-_. ]([0-9]{1,2})[-_. ]((?:20)[0-9]{2})(?![0-9])"), (3, 2)),
    (re.compile(r"(?<![0-9])(20[0-9]{2})[-_. ]([0-9]{1,2})[-_. ]([0-9]{1,2})(?![0-9])"), (1, 2)),
)
_YEAR: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_AUGUST: Final = 8
"""Its last day parts year groups; and later in a year, an export may be of next January's census."""
_SAY: Final = "put the year of its January into the name of the file or folder, as in return-2024"
_ONE: Final = "give the return of one authority and census at a time"


def census_day(census: int) -> pd.Timestamp:
    """Day of a January census: the third Thursday."""
    first = pd.Timestamp(census, 1, 1)
    return first + pd.Timedelta(days=(_THURSDAY - first.weekday()) % 7 + _THIRD)


def nc_year(born: "pd.Series[Any]", census: int) -> "pd.Series[float]":
    """Year group of children at a January census: age at 31 August before it, less 4, beyond -4 to 20 if so born.

    Parameters
    ----------
    born : birth dates; missing stays missing
    """
    after_august = born.dt.month.gt(_AUGUST).astype(float)
    return (census - 1 - born.dt.year - after_august - AGE_AT_RECEPTION).astype(float)


def in_force(start: "pd.Series[Any]", cease: "pd.Series[Any]", day: pd.Timestamp) -> "pd.Series[bool]":
    """Which plans are in force on `day`: begun by then, or without a start, and not ceased by then."""
    return ~(start > day) & ~(cease <= day)


def attending(entry: "pd.Series[Any]", leaving: "pd.Series[Any]", day: pd.Timestamp) -> "pd.Series[bool]":
    """Which placements hold on `day`: entered by then, and not left before."""
    return ~(entry > day) & ~(leaving < day)


def census_of(
    path: Path, files: Iterable[str], header: pd.DataFrame, header_file: str, asked: int | None = None
) -> int:
    """January of a return.

    Parameters
    ----------
    files : names of its files, which COLLECT gives the day of the export
    header : table of `sen2`, typed; it may be empty
    asked : what the user says it is

    Raises
    ------
    InputFaults
        Nothing tells it, or what tells it does not agree.
    """
    named = {year for name in files if (year := _year_in(name))}
    if len(named) > 1:
        what = f"its files are of several censuses ({', '.join(map(str, sorted(named)))})"
        raise InputFaults([Fault(path.name, 0, "", what, _ONE)])
    stated = _stated(header, header_file)
    if stated and asked and stated != asked:
        what = f"is of January {stated}, not {asked}"
        raise InputFaults([Fault(header_file, 0, "", what, "leave the census out, or give the return of that January")])
    census = stated or asked or next(iter(named), None) or _year_in(path.name)
    if census is None:
        raise InputFaults([Fault(path.name, 0, "", "nothing in it tells its census", _SAY)])
    if not FIRST <= census <= LAST:
        raise InputFaults([Fault(path.name, 0, "", f"its census is not from {FIRST} to {LAST}", _SAY)])
    return census


def authority_of(header: pd.DataFrame) -> str:
    """DfE's number of the authority that filed a return; "" where its header does not tell."""
    return next((lea for lea in header["lea"] if lea), "")


def _stated(header: pd.DataFrame, file: str) -> int | None:
    """January that the header states: of its year, which its reference date must agree with."""
    faults = []
    if len(set(header["lea"]) - {""}) > 1:
        faults.append(Fault(file, 0, "lea", "is of several authorities", _ONE))
    years = set(header["year"].dropna().tolist())
    januaries = {date.year for date in header["reference_date"].dropna() if date.month == 1}
    if len(years | januaries) > 1:
        faults.append(Fault(file, 0, "year", "its years and reference dates are not of one January", _ONE))
    if faults:
        raise InputFaults(faults)
    return next(iter(years | januaries), None)


def _year_in(name: str) -> int | None:
    """January that the day or year in a file's name tells; None where there is none, or it may be the next."""
    for pattern, (year, month) in _DATES:
        if found := pattern.search(name):
            return int(found[year]) if 1 <= int(found[month]) <= _AUGUST else None
    years = set(_YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None
