"""Ids where a form has none, and links between records that a spreadsheet has broken.

A workbook names a record's request and gives no ids of its own below it. There, a record takes the id of the
record that it belongs to; the second of the same is `7#2`. So an assessment, its plan and the plan's first
detail all bear their request's id, and a fix file finds them again.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.records.filed import PARENTS
from forecast.records.layout import ID, PARENT

FEW: Final = 10
"""Rows of which all may lack the record that they belong to before the files are held to be of two exports."""
_DIGITS: Final = r"[0-9]+"


def with_ids(cells: pd.DataFrame, parent_id: str) -> pd.DataFrame:
    """Cells of a module with the columns `id` and `parent`, made where its form has none.

    Parameters
    ----------
    parent_id : what the records belong to where they do not say it: the return, of which there is one
    """
    parents = cells[PARENT] if PARENT in cells else pd.Series(parent_id, index=cells.index, dtype="str")
    ids = cells[ID] if ID in cells else _after(parents)
    return cells.assign(**{ID: ids, PARENT: parents})


def with_zeros(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables whose links find their record although one of the two lost its leading zeros: `0042` and `42`."""
    joined = dict(tables)
    for module, above in PARENTS.items():
        if above is not None:
            table = joined[module]
            joined[module] = table.assign(**{PARENT: _found(table[PARENT], joined[above][ID])})
    return joined


def check_one_export(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> None:
    """Refuse modules of several exports: most of the rows of one belong to no record of the one above.

    Raises
    ------
    InputFaults
        Each module of which that is so.
    """
    faults = []
    for module, above in PARENTS.items():
        if above in {None, "sen2"}:
            continue
        table = tables[module]
        orphans = int((~table[PARENT].isin(tables[str(above)][ID])).sum())
        if orphans > len(table) / 2 and len(table) >= FEW:
            what = f"{orphans:,} of its {len(table):,} rows belong to no record of {files[str(above)]}"
            faults.append(Fault(files[module], 0, "", what, "give all modules of one and the same export"))
    if faults:
        raise InputFaults(faults)


def _after(parents: "pd.Series[str]") -> "pd.Series[str]":
    """Ids made from those of the records above: the same, then `#2`, `#3`."""
    order = parents.groupby(parents).cumcount() + 1
    return parents.where(order.eq(1), parents + "#" + order.astype("str")).astype("str")


def _found(parents: "pd.Series[str]", ids: "pd.Series[str]") -> "pd.Series[str]":
    lost = ~parents.isin(ids)
    if not lost.any():
        return parents
    lost &= parents.str.fullmatch(_DIGITS)
    numbers = ids[ids.str.fullmatch(_DIGITS)].drop_duplicates()
    short = pd.Series(numbers.to_numpy(), index=numbers.str.lstrip("0").to_numpy(), dtype="str")
    short = short[~short.index.duplicated(keep=False)]
    mended = parents[lost].str.lstrip("0").map(short).astype("str").dropna()
    return parents.mask(parents.index.isin(mended.index), mended.reindex(parents.index))
