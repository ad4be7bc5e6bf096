"""From tables as they were written to tables whose every field has its type, whatever the form and version."""

from collections.abc import Mapping

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.records.filed import PARENTS
from forecast.records.joined import with_ids
from forecast.records.layout import ALWAYS, ID, XML, Field, layout
from forecast.records.values import WIDTHS, Column, Flags, blank, month_first, typed, unreadable
from forecast.records.written import DISTRICT, Written


def typed_tables(written: Mapping[str, Written], form: str) -> tuple[dict[str, pd.DataFrame], tuple[Fault, ...]]:
    """Every module's table with every field of the layout, and the cells that could not be read.

    Raises
    ------
    InputFaults
        A field that must be there cannot be read in most of its rows: its dates are in a form not known here; or a
        column of dates has some with the month first.
    """
    tables: dict[str, pd.DataFrame] = {}
    unread: list[Fault] = []
    refused: list[Fault] = []
    for name in PARENTS:
        table = written.get(name) or _none()
        cells = with_ids(table.cells, _return_id(tables))
        columns: dict[str, Column] = {}
        for field in layout()[name].fields.values():
            columns[field.name], flawed = _column(cells, field, form)
            if flawed.any():
                unread += unreadable(table.called, field.name, field.kind, cells.index[flawed].tolist())
                refused += _american(table, field, cells, flawed) or _mostly(table, field, form, flawed)
        if DISTRICT in cells:
            columns[DISTRICT], _ = typed("text", cells[DISTRICT])
        tables[name] = pd.DataFrame(columns, index=cells.index)
    if refused:
        raise InputFaults(refused)
    return tables, tuple(unread)


def _column(cells: pd.DataFrame, field: Field, form: str) -> tuple[Column, Flags]:
    if field.name not in cells:
        return blank(field.kind, len(cells))
    return typed(field.kind, cells[field.name], 0 if form == XML else WIDTHS.get(field.name, 0))


def _mostly(table: Written, field: Field, form: str, flawed: Flags) -> list[Fault]:
    if field.needed != ALWAYS or flawed.mean() <= 1 / 2:
        return []
    what = f"cannot be read in {int(flawed.sum()):,} of {len(flawed):,} rows"
    return [Fault(table.file, 0, field.names[form][0], what, "write dates as 2024-09-28, or export it again")]


def _american(table: Written, field: Field, cells: pd.DataFrame, flawed: Flags) -> list[Fault]:
    """A column of dates of which some have the month first: of the others nobody knows which number is the month."""
    if field.kind != "date":
        return []
    rows = [row for row, text in cells.loc[flawed, field.name].items() if month_first(text.strip())]
    if not rows:
        return []
    what = f"{len(rows):,} of its dates have the month before the day, this the first, so that none can be trusted"
    name = table.names.get(field.name, field.name)
    return [Fault(table.file, int(str(rows[0])), name, what, "write every date of the column as 2024-09-28")]


def _none() -> Written:
    return Written("", pd.DataFrame(index=pd.Index([], dtype="int64", name="row")), {})


def _return_id(tables: Mapping[str, pd.DataFrame]) -> str:
    ids = tables["sen2"][ID].tolist() if "sen2" in tables else []
    return ids[0] if len(ids) == 1 else ""
