"""Pupils of special schools in an area, from the data of DfE's SEND and alternative provision dashboard.

The dashboard publishes the percentage of pupils at each type of school, and the number at state-funded
primary and secondary schools; the number at all schools follows from the two.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults

TYPES, MAINSTREAM = "provider_types.csv", "mainstream_with_sen.csv"
_YEAR, _LEVEL, _NAME = "academic_year", "geographic_level", "la_name"
_PHASE, _PUPILS = "phase_type_grouping", "Provision type"
_PERCENT, _TOTAL = "% of pupils (with SEN provision type)", "total_pupils"
SPECIAL: Final = "State-funded special school"
_COUNTED: Final = ("State-funded primary", "State-funded secondary")


def read_special_rates(folder: Path, name: str) -> pd.DataFrame:
    """Pupils of state-funded special schools among all pupils at schools in an area, beside England's.

    Parameters
    ----------
    folder : holds `provider_types.csv` and `mainstream_with_sen.csv` of the dashboard
    name : of the authority, as in the files

    Returns
    -------
    DataFrame: year (January census), pupils, special, england_pupils, england_special

    Raises
    ------
    InputFaults
        A file is missing or not the dashboard's, or has no rows for the authority.
    """
    types = _read(folder / TYPES, (_YEAR, _LEVEL, _NAME, _PHASE, _PUPILS, _PERCENT))
    mainstream = _read(folder / MAINSTREAM, (_YEAR, _LEVEL, _NAME, _TOTAL))
    types = types[types[_PUPILS] == "all pupils"]
    own = _pupils(types[types[_NAME] == name], mainstream[mainstream[_NAME] == name])
    if own.empty:
        remedy = "leave --dashboard out, or give a folder that has it"
        raise InputFaults([Fault(TYPES, 0, _NAME, f"{name} is not in the file", remedy)])
    england = _pupils(types[types[_LEVEL] == "National"], mainstream[mainstream[_LEVEL] == "National"])
    both = own.join(england.add_prefix("england_"), how="inner").round().astype(int)
    return both.sort_index().rename_axis("year").reset_index()


def _pupils(types: pd.DataFrame, mainstream: pd.DataFrame) -> pd.DataFrame:
    """All pupils and those of special schools by January: index year."""
    percent = types.assign(figure=pd.to_numeric(types[_PERCENT], errors="coerce"))
    table = percent.pivot_table(index=_YEAR, columns=_PHASE, values="figure", aggfunc="first")
    if table.empty or SPECIAL not in table:
        return pd.DataFrame(columns=["pupils", "special"])
    counted = pd.to_numeric(mainstream.drop_duplicates(_YEAR).set_index(_YEAR)[_TOTAL], errors="coerce")
    pupils = counted / (table.reindex(columns=list(_COUNTED)).sum(axis=1, skipna=False) / 100)
    both = pd.DataFrame({"pupils": pupils, "special": pupils * table[SPECIAL] / 100}).dropna()
    return both.set_axis(both.index.str[:4].astype(int) + 1)


def _read(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    """A file of the dashboard as text."""
    remedy = "download the dashboard's data again, unchanged"
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputFaults([Fault(path.name, 0, "", "it cannot be read as CSV in UTF-8", remedy)]) from error
    if lacking := [column for column in needed if column not in table]:
        raise InputFaults([Fault(path.name, 1, column, "the column is missing", remedy) for column in lacking])
    return table
