"""A fix file: single fields of a return put right, and records taken out, only where the return still says the old.

A CSV with the columns module, census, id (the record's own row id, or `row:7` for the record of row 7), field, old,
new; other columns are not read, so a faults file with two columns more will do. Modules and fields may be called as the
return calls them. Dates, numbers and yes or no are compared by what they mean, texts
letter by letter; a blank cell is a blank value. The field `record` with `there` and `removed` takes a record out
and whatever belongs to it. What the file says is confidential: messages name its rows and columns only.
"""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as held
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.faults import capped
from forecast.inputs.safe_files import MOST_TABLE, decoded, file_bytes
from forecast.records.checks_rows import unread_in
from forecast.records.checks_seen import BELOW
from forecast.records.filed import PARENTS, Filed
from forecast.records.layout import FORMS, ID, PARENT, XML, layout, plain
from forecast.records.row_names import rows_named
from forecast.records.values import WIDTHS, typed

COLUMNS: Final = ("module", "census", "id", "field", "old", "new")
RECORD, THERE, REMOVED = "record", "there", "removed"
"""What the columns field, old and new say where a record is taken out."""
_KEY: Final = ["module", "census", "id", "field"]
_CENSUSES: Final = (2010, 2100)


@dataclass(frozen=True, eq=False)
class Fixes:
    """A fix file, every row of which makes sense by itself."""

    rows: pd.DataFrame
    """`COLUMNS` as texts but census, a number; indexed by line."""


@dataclass(frozen=True)
class Applied:
    """What became of the fixes of one census."""

    census: int
    applied: int
    changed: int
    """Left out: the return no longer says the old value."""
    unknown: int
    """Left out: the return has no such record, or several of that id."""
    absent: int = 0
    """Left out: no return of that census was given."""
    left: tuple[int, ...] = held(default=(), compare=False)
    """Rows of the fix file that were left out, for any of these reasons."""


def read_fixes(path: Path) -> Fixes:
    """Read a fix file.

    Raises
    ------
    InputFaults
        Every fault of it: columns that are missing, modules and fields that there are not, ids and links that may
        not be touched, values that cannot be read, a field that is fixed twice.
    """
    lines, header = _lines(path)
    if lacking := [name for name in COLUMNS if name not in header]:
        remedy = f"begin with the columns {', '.join(COLUMNS)}"
        raise InputFaults([Fault(path.name, 1, name, "the column is missing", remedy) for name in lacking])
    ragged = [line for line, row in lines.items() if len(row) != len(header)]
    if ragged:
        what, remedy = "has more or fewer cells than the first line", "put quotes around a text that has a comma in it"
        raise InputFaults(capped(ragged, lambda line: Fault(path.name, line, "", what, remedy)))
    taken = {name: [cells.text(row[header.index(name)].strip()) for row in lines.values()] for name in COLUMNS}
    rows = pd.DataFrame(taken, index=pd.Index(list(lines), dtype="int64", name="row"), dtype="str")
    rows["module"] = rows["module"].map(lambda name: _modules().get(plain(name), name.casefold())).astype("str")
    pairs = zip(rows["module"], rows["field"], strict=True)
    rows["field"] = [_fields(module).get(plain(name), name.casefold()) for module, name in pairs]
    if faults := [fault for found in _faults(path.name, rows) for fault in found]:
        raise InputFaults(faults)
    return Fixes(rows.astype({"census": "int64"}))


def apply_fixes(filed: Filed, fixes: Fixes) -> tuple[Filed, Applied]:
    """Put the fixes of its census into a return; each is compared with the return as it was, whatever their order."""
    rows = fixes.rows[fixes.rows["census"].eq(filed.census)]
    tables = dict(filed.tables)
    mended: list[tuple[str, str, int]] = []
    done: list[int] = []
    known = 0
    for module, name, group in _by_field(rows[rows["field"].ne(RECORD)]):
        at, there = _positions(filed.tables[module], group["id"])
        tables[module], good = _with(filed, tables[module], module, name, at, group[there])
        mended += [(module, name, int(line)) for line in tables[module].index[at[good]]]
        done += group.index[there][good].tolist()
        known += len(at)
    removed = 0
    for module, _, group in _by_field(rows[rows["field"].eq(RECORD)]):
        at, there = _positions(filed.tables[module], group["id"])
        tables[module] = tables[module][~np.isin(np.arange(len(tables[module])), at)]
        done += group.index[there].tolist()
        removed += len(at)
    unread = tuple(_still_unread(filed, frozenset(mended)))
    left = tuple(int(line) for line in rows.index.difference(done))
    applied = Applied(filed.census, len(done), known - len(mended), len(rows) - known - removed, left=left)
    return replace(filed, tables=_without_lost(filed, tables), unread=unread), applied


def of_no_return(fixes: Fixes, censuses: Collection[int]) -> tuple[Applied, ...]:
    """What becomes of fixes of a census of which no return was given: nothing."""
    rest = fixes.rows[~fixes.rows["census"].isin(censuses)]
    return tuple(
        Applied(int(str(census)), 0, 0, 0, absent=len(rows), left=tuple(map(int, rows.index)))
        for census, rows in rest.groupby("census")
    )


def _by_field(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Rows of one module and field at a time."""
    for (module, field), group in rows.groupby(["module", "field"], sort=False):
        yield str(module), str(field), group


@cache
def _modules() -> dict[str, str]:
    """Module by every name of it, as `plain` writes them: the program's own or that of a form of the return."""
    theirs = [(name, module) for module in layout().values() for form in FORMS for name in module.names[form]]
    return {plain(name): module.name for name, module in theirs} | {plain(name): name for name in layout()}


@cache
def _fields(module: str) -> dict[str, str]:
    """Field of a module by every name of it, likewise."""
    if module not in layout():
        return {}
    theirs = {name: found.name for form in FORMS for name, found in layout()[module].called(form).items()}
    return theirs | {plain(name): name for name in layout()[module].fields}


def _lines(path: Path) -> tuple[dict[int, list[str]], list[str]]:
    """Rows of the file by their first line, without blank ones, and the names of its columns."""
    text, _ = decoded(path.name, file_bytes(path, MOST_TABLE))
    lines: dict[int, list[str]] = {}
    reader, first = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                lines[first] = row
            first = reader.line_num + 1
    except csv.Error as error:
        what, remedy = "cannot be split into cells from here on", "close every quote; save the file as CSV UTF-8"
        raise InputFaults([Fault(path.name, first, "", what, remedy)]) from error
    header = lines.pop(min(lines)) if lines else []
    return lines, [name.strip().casefold() for name in header]


def _faults(file: str, rows: pd.DataFrame) -> Iterator[Sequence[Fault]]:
    """Faults of each kind; none repeats what a cell says."""
    odd_module = ~rows["module"].isin(BELOW)
    census = rows["census"].str.fullmatch(r"[0-9]{4}")
    census &= rows["census"].where(census, "0").astype(int).between(*_CENSUSES)
    link = rows["field"].isin([ID, PARENT])
    fields = {(name, field) for name, module in layout().items() for field in [*module.fields, RECORD]}
    pairs = zip(rows["module"], rows["field"], strict=True)
    odd_field = ~odd_module & ~pd.Series([pair in fields for pair in pairs], index=rows.index, dtype=bool)
    twice = rows.duplicated(_KEY, keep="first")
    odd_removal = rows["field"].eq(RECORD) & ~(rows["old"].eq(THERE) & rows["new"].eq(REMOVED))
    found: list[tuple[pd.Series[bool], str, str, str]] = [
        (odd_module, "module", "is no module", f"choose from {', '.join(BELOW)}"),
        (~census, "census", "is no census", "write the January of the return, such as 2025"),
        (rows["id"].eq(""), "id", "is blank", "write the record's own row id"),
        (link, "field", "is a row id or link, which no fix may touch", f"take the record out with the field {RECORD}"),
        (odd_field, "field", "is no field of that module", "choose from data/reference/sen2_return.csv"),
        (odd_removal, "new", "does not take the record out", f"write {THERE} under old and {REMOVED} under new"),
        (twice, "field", "is fixed twice in one record", "keep one of the rows"),
    ]
    for wrong, column, what, remedy in found:
        yield _named(file, rows.index[wrong], column, what, remedy)
    for module, field, group in _by_field(rows[~odd_module & ~odd_field & ~link & rows["field"].ne(RECORD)]):
        for column in ("old", "new"):
            _, flawed = _typed(module, field, group[column])
            what = f"cannot be read as a {layout()[module].fields[field].kind}"
            yield _named(file, group.index[flawed], column, what, "write it as the return would")


def _named(file: str, lines: "pd.Index[Any]", column: str, what: str, remedy: str) -> list[Fault]:
    """One fault a line."""
    return capped(lines.tolist(), lambda line: Fault(file, line, column, what, remedy))


def _typed(
    module: str, field: str, texts: "pd.Series[str]", width: int = 0
) -> tuple["pd.Series[Any]", "pd.Series[bool]"]:
    """Cells of one field as the return would have them, and which of them cannot be read."""
    values, flawed = typed(layout()[module].fields[field].kind, texts, width)
    return pd.Series(values, index=texts.index), pd.Series(flawed, index=texts.index)


def _positions(table: pd.DataFrame, ids: "pd.Series[str]") -> tuple[np.ndarray, "pd.Series[bool]"]:
    """Rows of the records with these ids or `row:N`, and which of the ids are of one record."""
    own = table["id"].reset_index(drop=True)
    own = own[~own.duplicated(keep=False)]
    found = pd.Index(own).get_indexer(ids)
    at = np.where(found >= 0, own.index.to_numpy()[found], -1) if len(own) else found
    at = np.where(at >= 0, at, rows_named(ids, table))
    return at[at >= 0], pd.Series(at >= 0, index=ids.index)


def _with(
    filed: Filed, table: pd.DataFrame, module: str, field: str, at: np.ndarray, group: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """A table with the new values of one field where it says the old ones, and where it did."""
    now = table[field].iloc[at].reset_index(drop=True)
    width = 0 if filed.form == XML else WIDTHS.get(field, 0)
    old, new = (_typed(module, field, group[column].reset_index(drop=True), width)[0] for column in ("old", "new"))
    good = ((now == old).astype("boolean").fillna(value=False) | (now.isna() & old.isna())).to_numpy(bool)
    values = table[field].copy()
    values.iloc[at[good]] = new[good].array
    return table.assign(**{field: values}), good


def _still_unread(filed: Filed, mended: Collection[tuple[str, str, int]]) -> Iterator[Fault]:
    """Unreadable cells that have not been given a value; `mended` has the module, field and line of those that have."""
    called = {module: layout()[module].called(filed.form) for module in filed.files}
    for fault in filed.unread:
        name = plain(fault.field)
        fields = [(module, named[name].name) for module, named in called.items() if name in named]
        if not any((*field, fault.row) in mended and unread_in(filed, fault, field[0]) for field in fields):
            yield fault


def _without_lost(filed: Filed, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables without what belonged to records that were taken out; what belonged to nothing before stays."""
    kept = dict(tables)
    for module in BELOW[1:]:
        above = str(PARENTS[module])
        lost = set(filed.tables[above]["id"]) - set(kept[above]["id"])
        kept[module] = kept[module][~kept[module]["parent"].isin(lost)]
    return kept
