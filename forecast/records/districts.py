"""Which district a child lives in, by a lookup that the user gives: by postcode, or by the child's own number.

A lookup is a CSV with a column that says who, and one that says where. Postcodes are in a column `postcode`, or as the
Office for National Statistics calls them in its postcode directory and lookups: `pcds`, `pcd`, `pcd2`, `pcd7`, `pcd8`;
districts likewise: `oslaua`, `laua`, `ladcd`, `ladnm`, `lad25cd` and other years. (So the header lines of those files,
`pcd,pcd2,pcds,dointr,doterm,...,oslaua` and `pcd7,pcd8,pcds,...,lad25cd`, as many public readers of them quote them.) A
council's own list may have `upn` and `district` instead. A return read with a district column needs no lookup.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.inputs.safe_files import MEGABYTE
from forecast.records.collect_csv import encoding_of
from forecast.records.layout import CSV
from forecast.records.sources import Part
from forecast.records.written import MARKS

MOST: Final = 4096 * MEGABYTE
"""Bytes of a lookup: the whole postcode directory has some 1,300 MB. It is read a piece at a time."""
MOST_ROWS: Final = 10_000_000
"""Rows of a lookup: several times the postcodes that there are, those out of use among them."""
_POSTCODES: Final = re.compile(r"postcode|post code|pcds?|pcd[278]", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"upn|uniquepupilnumber", re.IGNORECASE)
_WHERE: Final = re.compile(
    r"district|district (code|name)|(os)?laua|lad([0-9]{2})?(cd|nm)|ltla([0-9]{2})?(cd|nm)", re.IGNORECASE
)
_COLUMNS: Final = (
    "name its columns postcode and district, or use the postcode directory of the Office for National Statistics"
)
DISTRICT: Final = "district"
"""Field of a person that a return has if it was read with a column for it."""
_PLAIN: Final = r"[^0-9A-Z]"


@dataclass(frozen=True, eq=False)
class Lookup:
    """Where people live. Lives in memory only: a small area's postcodes can point at a family."""

    by: str
    """Field of a person that says who: `postcode` or `upn`."""
    districts: "pd.Series[str]"
    """District by postcode or number, capitals and digits only: those in the area and no others."""
    outside: NDArray[np.uint64]
    """Of those that the lookup places outside the area, hashes in rising order and nothing else."""

    def find(self, texts: "pd.Series[str]") -> "pd.Series[str]":
        """District of each postcode or number: "" where it is outside the area, missing where it is not known."""
        keys = plain(texts)
        found = keys.map(self.districts).astype("str")
        return found.mask(found.isna() & np.isin(_hashed(keys), self.outside), "")


def read_lookup(path: Path, about: About) -> Lookup:
    """Read a lookup a piece at a time, keeping no more than who lives in which of the area's districts.

    Parameters
    ----------
    about : the districts, by name and ONS code

    Raises
    ------
    InputFaults
        The file cannot be read, lacks a column, or knows none of the districts.
    """
    who, where, encoding = _columns(path)
    labels = _labels(about)
    inside, outside = [pd.Series(dtype="str")], [np.empty(0, dtype=np.uint64)]
    rows = 0
    for batch in _batches(path, (who, where), encoding):
        table = batch.to_pandas().astype("str")
        rows += len(table)
        if rows > MOST_ROWS:
            what = f"has more than {MOST_ROWS:,} rows"
            raise InputFaults([Fault(path.name, 0, "", what, "give the rows of this area only")])
        keys = plain(table[who]).fillna("")
        districts = table[where].str.strip().str.casefold().map(labels).astype("str")
        here, said = districts.notna(), keys.ne("")
        inside.append(districts[here & said].set_axis(keys[here & said]))
        outside.append(_hashed(keys[~here & said]))
    found = pd.concat(inside)
    found = found[~found.index.duplicated()]
    if found.empty:
        names = ", ".join(about.district_names)
        what = f"names none of the districts {names}"
        raise InputFaults([Fault(path.name, 0, where, what, "give the districts of area.toml, by name or ONS code")])
    by = "upn" if _NUMBERS.fullmatch(who.strip()) else "postcode"
    return Lookup(by, found, np.unique(np.concatenate(outside)))


def plain(texts: "pd.Series[str]") -> "pd.Series[str]":
    """Postcodes or numbers without blanks, in capitals."""
    return texts.str.upper().str.replace(_PLAIN, "", regex=True)


def _hashed(texts: "pd.Series[str]") -> NDArray[np.uint64]:
    """Hashes of texts; that any two of a lookup's share one has a chance of less than 1 in 100,000."""
    return pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)


def located(person: pd.DataFrame, lookup: Lookup | None, about: About) -> pd.DataFrame:
    """District of each record of `person`, and whether it is said to lie outside the area.

    By the return's own column `district`, where it was read with one; else by the lookup; without either, everyone
    lives in the one district that the area then has.

    Returns
    -------
    Indexed as `person`: district ("" where not known), outside
    """
    if DISTRICT in person:
        said = person[DISTRICT].str.strip()
        found = said.str.casefold().map(_labels(about)).astype("str").fillna("").mask(said.eq(""))
    elif lookup is not None:
        found = lookup.find(person[lookup.by])
    else:
        return pd.DataFrame({"district": about.district_names[0], "outside": False}, index=person.index)
    return pd.DataFrame({"district": found.fillna(""), "outside": found.eq("").fillna(False)})  # noqa: FBT003


def _labels(about: About) -> dict[str, str]:
    """District by name and by ONS code, whatever their capitals."""
    labels = {name.casefold(): name for name in about.district_names}
    return labels | {district.code.casefold(): district.name for district in about.districts if district.code}


def _columns(path: Path) -> tuple[str, str, str]:
    """Names of the columns that say who and where, the first of each kind, and the file's encoding."""
    try:
        _refuse_none(path)
        if path.stat().st_size > MOST:
            what = f"is larger than {MOST // MEGABYTE:,} MB"
            raise InputFaults([Fault(path.name, 0, "", what, "give the rows of this area only")])
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as file:
            line = file.readline(100_000)
    except (OSError, UnicodeDecodeError) as error:
        remedy = "give a CSV file that you may read"
        raise InputFaults([Fault(path.name, 0, "", "cannot be read", remedy)]) from error
    _refuse_other_marks(path.name, line)
    header = [name.strip().strip('"') for name in line.split(",")]
    who = _first(header, _POSTCODES) or _first(header, _NUMBERS)
    where = _first(header, _WHERE)
    if who is None or where is None:
        lacks = "postcode" if who is None else "district"
        raise InputFaults([Fault(path.name, 1, lacks, "the column is missing", _COLUMNS)])
    return who, where, encoding


def _refuse_none(path: Path) -> None:
    """Refuse what is not there or has nothing in it."""
    if not path.exists():
        raise InputFaults([Fault(path.name, 0, "", "there is no such file", "check the path")])
    if not path.is_file():
        raise InputFaults([Fault(path.name, 0, "", "is not a file", "name the file itself")])
    if not path.stat().st_size:
        raise InputFaults([Fault(path.name, 0, "", "is empty", "save it again")])


def _encoding(path: Path) -> str:
    """UTF-8, UTF-16 by its mark, or Windows-1252, as the modules of a return may be."""
    return encoding_of(Part(path.name, CSV, path.stat().st_size, lambda: path.open("rb")))


def _refuse_other_marks(file: str, line: str) -> None:
    """Refuse columns that are not parted by commas."""
    for mark, word in MARKS.items():
        if mark in line and "," not in line:
            what = f"its columns are parted by {word}"
            raise InputFaults([Fault(file, 1, "", what, "save it with commas, as CSV UTF-8")])


def _first(names: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in names if pattern.fullmatch(name)), None)


def _batches(path: Path, columns: tuple[str, str], encoding: str) -> "csv.CSVStreamingReader":
    """Two columns of a file, a piece at a time."""
    options = csv.ConvertOptions(include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()))
    read = csv.ReadOptions(encoding="utf8" if encoding.startswith("utf-8") else encoding)
    try:
        yield from csv.open_csv(path, read_options=read, convert_options=options)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        what = "cannot be split into columns"
        raise InputFaults([Fault(path.name, 0, "", what, "save it as CSV UTF-8, columns parted by commas")]) from error
