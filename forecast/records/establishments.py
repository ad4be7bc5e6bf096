"""Schools and colleges of the user's extract from Get Information about Schools, and what kind of place each is.

Column names as in the extract that the service offers for download ("Establishment fields CSV"); they, and the types
of `data/reference/gias_types.csv`, are as found in public readers of it (MastodonC/witan.gias; the schools data of
DFE-Digital/register-trainee-teachers). Capitals do not matter, and columns besides are not read.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import NOT_RECORDED
from forecast.errors import Fault, InputFaults
from forecast.inputs.bundled import bundled
from forecast.inputs.safe_files import MOST_EXTRACT, decoded, file_bytes

COLUMNS: Final[Mapping[str, str]] = {
    "urn": "URN",
    "ukprn": "UKPRN",
    "name": "EstablishmentName",
    "la_code": "LA (code)",
    "type": "TypeOfEstablishment (code)",
    "status": "EstablishmentStatus (name)",
    "bases": "TypeOfResourcedProvision (name)",
    "unit_places": "SenUnitCapacity",
    "resourced_places": "ResourcedProvisionCapacity",
}
"""What a column is called here -> in the extract."""
NEEDED: Final = ("urn", "type")
"""Columns that the extract must have."""
_DOWNLOAD: Final = "give the CSV of establishment fields as downloaded from Get Information about Schools"
_OPEN: Final = "open"


@dataclass(frozen=True, eq=False)
class Establishments:
    """Every establishment of an extract."""

    schools: pd.DataFrame
    """One row each: urn, ukprn, name, la_code (texts, "" where blank), provision (a `Provision`, or `not_recorded`
    where its type is not in gias_types.csv), open, unit and resourced (boolean; missing where the extract does not
    say), unit_places and resourced_places (places; NaN where blank)."""
    file: str
    """What messages call the extract."""

    def at(self, placements: pd.DataFrame) -> pd.DataFrame:
        """The establishment of each placement: by URN or, where that is blank or unknown, by UKPRN.

        Returns
        -------
        Indexed as `placements`: known, and the columns of `schools`, missing where it is not known.
        """
        found = _positions(self.schools["urn"], placements["urn"])
        by_ukprn = _positions(self.schools["ukprn"], placements["ukprn"])
        found = np.where(found < 0, by_ukprn, found)
        rows = self.schools.reindex(found).set_axis(placements.index)
        return rows.assign(known=found >= 0)


def read_establishments(path: Path) -> Establishments:
    """Read an extract; of two rows with one number the open one counts.

    Raises
    ------
    InputFaults
        The file cannot be read, or lacks a column of `NEEDED`.
    """
    text, _ = decoded(path.name, file_bytes(path, MOST_EXTRACT))
    wanted = {name.casefold(): column for column, name in COLUMNS.items()}
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, usecols=_known_to(wanted))
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise InputFaults([Fault(path.name, 0, "", "is not the CSV of an extract", _DOWNLOAD)]) from error
    table = table.rename(columns=lambda name: wanted[name.strip().casefold()])
    table = table.loc[:, ~table.columns.duplicated()]
    if lacking := [COLUMNS[column] for column in NEEDED if column not in table]:
        raise InputFaults([Fault(path.name, 1, name, "the column is missing", _DOWNLOAD) for name in lacking])
    return Establishments(_schools(table.apply(lambda column: column.str.strip())), path.name)


@cache
def provision_by_type() -> Mapping[str, str]:
    """Code of a type of establishment, without leading zeros -> provision."""
    return _reference("gias_types.csv")


@cache
def provision_by_setting() -> Mapping[str, str]:
    """Code of a setting where there is no establishment -> provision."""
    return _reference("sen2_settings.csv")


def _reference(name: str) -> Mapping[str, str]:
    table = pd.read_csv(bundled("data", "reference", name), dtype=str)
    return dict(zip(table["code"], table["provision"], strict=True))


def _known_to(wanted: Mapping[str, str]) -> "_Usable":
    return _Usable(frozenset(wanted))


@dataclass(frozen=True)
class _Usable:
    """Whether a column of the file is one that is read, whatever its capitals."""

    names: frozenset[str]

    def __call__(self, name: object) -> bool:
        return str(name).strip().casefold() in self.names


def _schools(table: pd.DataFrame) -> pd.DataFrame:
    """Establishments with their provision, the open ones first."""
    blank = pd.Series("", index=table.index, dtype="str")
    texts = {name: table.get(name, blank) for name in ("urn", "ukprn", "name", "la_code")}
    status = table.get("status", blank).str.casefold()
    bases = table["bases"].str.casefold() if "bases" in table else None
    schools = pd.DataFrame(
        {
            **texts,
            "provision": table["type"].str.lstrip("0").map(provision_by_type()).fillna(NOT_RECORDED),
            "open": status.str.startswith(_OPEN).astype("boolean").mask(status.eq("")),
            "unit": _has(bases, "sen unit", table.index),
            "resourced": _has(bases, "resourced provision", table.index),
            "unit_places": pd.to_numeric(table.get("unit_places", blank), errors="coerce"),
            "resourced_places": pd.to_numeric(table.get("resourced_places", blank), errors="coerce"),
        }
    )
    closed = ~schools["open"].fillna(True)  # noqa: FBT003 - one whose status is not said counts as open
    return schools.iloc[np.argsort(closed.to_numpy(bool), kind="stable")].reset_index(drop=True)


def _has(bases: "pd.Series[str] | None", words: str, rows: "pd.Index[int]") -> "pd.Series[bool]":
    """Whether the extract names a base of that kind; missing where it has no such column."""
    if bases is None:
        return pd.Series(pd.NA, index=rows, dtype="boolean")
    return bases.str.contains(words, regex=False).astype("boolean")


def _positions(numbers: "pd.Series[str]", wanted: "pd.Series[str]") -> np.ndarray:
    """Row of the first establishment with each number; -1 where the number is blank or nobody's."""
    own = numbers[numbers.ne("") & ~numbers.duplicated()]
    found = pd.Index(own).get_indexer(pd.Index(wanted.str.strip()))
    return np.where(found >= 0, own.index.to_numpy()[found], -1) if len(own) else found
