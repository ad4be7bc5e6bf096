"""Records as texts, under the names that the return's version of a year and form of file gives them."""

from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.records.layout import CSV, XML, Field, layout

VERSIONS: Final = {2024: "1.2", 2025: "1.4"}
"""First census of a version of the guide; the one before is 1.1 (titles of the guides, as quoted in
data/reference/sen2_return.csv and its sources). Censuses before 2023, when the return began, are written as 1.1."""
FIRST_VERSION: Final = "1.1"
_DATES: Final = {CSV: "%Y-%b-%d 00:00:00", XML: "%Y-%m-%d"}
_FLAGS: Final = {CSV: ("false", "true"), XML: ("0", "1")}


def version_of(census: int) -> str:
    """Version of the guide for a census."""
    first = [year for year in VERSIONS if year <= census]
    return VERSIONS[max(first)] if first else FIRST_VERSION


def names(module: str, census: int, form: str) -> dict[str, str]:
    """What each field that the version of `census` has is called in `form`: field -> name."""
    version = version_of(census)
    found = {name: _name(field, version, form) for name, field in layout()[module].fields.items()}
    return {field: name for field, name in found.items() if name}


def texts(module: str, table: pd.DataFrame, census: int, form: str) -> pd.DataFrame:
    """Every cell a text, "" where blank, in the columns of `names` that `table` has.

    Parameters
    ----------
    table : id, parent and fields of a module, typed
    """
    called = names(module, census, form)
    columns = {name: _texts(table[field], form) for field, name in called.items() if field in table}
    return pd.DataFrame(columns, index=table.index)


def _name(field: Field, version: str, form: str) -> str:
    """Name in this version and form, "" where it has none; versions say `1.2+ as sex; before 1.2 as gendercurrent`."""
    for part in field.versions.split(";"):
        said, _, named = part.strip().partition(" as ")
        if not _holds(said, version):
            continue
        own = [name for name in field.names[form] if not named or name.casefold() == named]
        return own[0] if own else ""
    return ""


def _holds(said: str, version: str) -> bool:
    """Whether a version is among those that `said` names: `all`, `1.2+` or `before 1.2`."""
    if said.startswith("before "):
        return _number(version) < _number(said.removeprefix("before "))
    return said == "all" or _number(version) >= _number(said.removesuffix("+"))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _texts(values: "pd.Series[Any]", form: str) -> "pd.Series[str]":
    """One column as texts."""
    if pd.api.types.is_datetime64_any_dtype(values):
        codes, days = pd.factorize(values)
        written = np.array([*pd.DatetimeIndex(days).strftime(_DATES[form]), ""], dtype=object)
        return pd.Series(written[codes], values.index, dtype="str")
    if pd.api.types.is_bool_dtype(values):
        return values.map(dict(zip((False, True), _FLAGS[form], strict=True))).fillna("").astype("str")
    return values.astype("str").where(values.notna(), "")
