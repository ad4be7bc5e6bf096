"""A table of an area folder: cells read into numbers and labels, every fault in them named by its line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from forecast.domain import ALL, Need, Provision
from forecast.errors import Fault
from forecast.inputs.about import About
from forecast.inputs.agree import disagreements
from forecast.inputs.cells import NAN, Cell, listed
from forecast.inputs.faults import capped, choice, shown
from forecast.inputs.schemas import TABLES, described, file_columns, optional_columns
from forecast.inputs.schemas_ap import AP_LABELS
from forecast.inputs.schemas_ap_figures import AP_ITEMS
from forecast.inputs.schemas_places import ITEMS
from forecast.inputs.sheet import Sheet, read_sheet

FLOWS: Final = ("start", "cease", "transfer", "arrive")
STEPS: Final = ("request", "refused", "assessment", "no_plan", "plan", "plan_of_backlog", "open_request",
                "open_assessment")  # fmt: skip
"""Of the way from a request to a plan: see `schemas.Funnel`."""
MAY_BE_EMPTY: Final = tuple(name for name in TABLES if name not in {"placements", "flows", "population"})
_FIXED: Final[dict[str, Sequence[str]]] = {
    "flow": FLOWS,
    "step": STEPS,
    "item": list(ITEMS),
    "unit": list(dict.fromkeys(ITEMS.values())),
    "standard provision": [kind.value for kind in Provision],
    "standard need": [need.value for need in Need],
    "AP item": list(AP_ITEMS),
    "AP unit": list(dict.fromkeys(AP_ITEMS.values())),
    **AP_LABELS,
}
"""Labels that are every area's."""
_FILLERS: Final = {"int64": (NAN, "float64"), "float64": (NAN, "float64"), "bool": (False, "bool")}
"""What stands for a cell that could not be read, and the type of a column that has such; "" in a text."""
_KEEP_ONE: Final = "keep one of the two rows, or one row with both added up"


@dataclass(frozen=True)
class _Rows:
    """A table read as far as it could be; every frame is indexed by line."""

    file: str
    schema: type[pa.DataFrameModel]
    table: pd.DataFrame
    """Numbers and labels."""
    texts: pd.DataFrame
    """The same cells as the file has them."""
    unread: pd.DataFrame
    """Whether a cell could not be read, and so has its fault already."""


def read_table(name: str, content: bytes, about: About | None) -> tuple[pd.DataFrame, list[Fault]]:
    """Read one table of an area, as `read_as` does.

    Parameters
    ----------
    name : a key of `TABLES`
    content : the file's bytes
    about : labels to check against; None, where area.toml itself cannot be read, leaves them unchecked
    """
    return read_as(TABLES[name], f"{name}.csv", content, about)


def read_as(
    schema: type[pa.DataFrameModel], file: str, content: bytes, about: About | None = None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a table of any schema, indexed by the line of each row; not to be used if there are faults.

    Parameters
    ----------
    file : what faults call it
    content : the file's bytes
    about : labels to check against; None leaves those of an area unchecked
    """
    sheet = read_sheet(file, content, file_columns(schema), optional_columns(schema))
    rows, unreadable = _read_cells(sheet, schema)
    faults = [*sheet.faults, *unreadable, *_unknown_labels(rows, _labels(about)), *_broken_rules(rows)]
    return rows.table, list(dict.fromkeys(faults))


def read_tables(files: Mapping[str, bytes], about: About | None) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Read every table of an area, and find the faults in and between them.

    Parameters
    ----------
    files : name of each file -> its bytes; a table that is not among them has no rows
    about : as in `read_table`

    Returns
    -------
    tables : name -> table, rows counted from 0
    faults : of every table
    """
    tables: dict[str, pd.DataFrame] = {}
    sound: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, schema in TABLES.items():
        header = ",".join(file_columns(schema)) + "\n"
        table, found = read_table(name, files.get(f"{name}.csv", header.encode()), about)
        if f"{name}.csv" in files and name not in MAY_BE_EMPTY and table.empty and not found:
            found = [Fault(f"{name}.csv", 0, "", "has no rows", "add them below the header")]
        faults += found
        tables[name] = table.reset_index(drop=True)
        if f"{name}.csv" in files and not found:
            sound[name] = table
    if about is not None:
        faults += disagreements(about, sound)
    return tables, faults


def _labels(about: About | None) -> dict[str, Sequence[str]]:
    if about is None:
        return _FIXED
    own = {"district": about.district_names, "need": list(about.needs), "provision": list(about.provisions)}
    return {**_FIXED, **own}


def _read_cells(sheet: Sheet, schema: type[pa.DataFrameModel]) -> tuple[_Rows, list[Fault]]:
    lines = sheet.cells.index
    table, texts, unread = {}, {}, {}
    faults: list[Fault] = []
    for name, field in schema.to_schema().columns.items():
        cell: Cell = field.metadata["cell"]
        column = cell.column or name
        texts[name] = sheet.cells.get(column, pd.Series("", lines, dtype=object))
        table[name], wrong = _read_column(texts[name], cell, str(field.dtype))
        unread[name] = wrong != ""
        if column not in sheet.cells and not cell.optional:
            unread[name][:] = True
        elif unread[name].any():
            faults += _unreadable(sheet.file, column, cell, texts[name], wrong)
    frames = (pd.DataFrame(columns, index=lines) for columns in (table, texts, unread))
    return _Rows(sheet.file, schema, *frames), faults


def _read_column(
    texts: pd.Series, cell: Cell, dtype: str
) -> tuple[np.ndarray | pd.api.extensions.ExtensionArray, np.ndarray]:
    """Values of a column, and what is wrong with each cell: "" where nothing is."""
    codes, distinct = pd.factorize(texts)
    filler, kind = _FILLERS.get(dtype, ("", "str"))
    read = [_read(text, cell, filler) for text in distinct]
    whole = dtype == "int64" and not any(what for _, what in read)
    values = pd.Series([value for value, _ in read], dtype="int64" if whole else kind).array
    wrong = np.array([what for _, what in read], dtype=object)
    return values[codes], wrong[codes]


def _read(text: str, cell: Cell, filler: object) -> tuple[object, str]:
    """Value of one cell and what is wrong with it; then the value is `filler`."""
    text = text.strip()
    if not text:
        return (filler, "is blank") if cell.blank is None else (cell.blank, "")
    try:
        return cell.parse(text), ""
    except ValueError as error:
        return filler, str(error)


def _unreadable(file: str, column: str, cell: Cell, texts: pd.Series, wrong: np.ndarray) -> Iterator[Fault]:
    whats = pd.Series(wrong, texts.index, dtype=object)

    def worded(line: int) -> Fault:
        text, what = str(texts.loc[line]).strip(), str(whats.loc[line])
        return Fault(file, line, column, f"{shown(text)} {what}" if text else what, cell.write)

    for kind in filter(None, dict.fromkeys(wrong)):
        yield from capped(texts.index[wrong == kind].tolist(), worded)


def _unknown_labels(rows: _Rows, known: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """One fault for each unknown label of a column, at the first row that has it."""
    for name, cell in described(rows.schema).items():
        if cell.labels not in known:
            continue
        allowed = [*known[cell.labels], *cell.also]
        values = rows.table[name][~rows.unread[name]]
        strange = {value for value in values.unique() if not set(_labels_in(value, cell)) <= set(allowed)}
        found: dict[str, list[int]] = {}
        for line, value in values[values.isin(strange)].items():
            for label in sorted(set(_labels_in(value, cell)) - set(allowed)):
                found.setdefault(label, []).append(int(str(line)))
        yield from capped(list(found.items()), partial(_unknown_label, rows.file, name, cell, allowed))


def _labels_in(value: str, cell: Cell) -> list[str]:
    if cell.parse is not listed:
        return [value]
    return [] if value == ALL else value.split(";")


def _unknown_label(file: str, column: str, cell: Cell, allowed: Sequence[str], found: tuple[str, list[int]]) -> Fault:
    label, lines = found
    where = f", in {len(lines)} rows" if len(lines) > 1 else ""
    what = f"no {cell.labels} is called {shown(label)}{where}"
    return Fault(file, lines[0], column, what, choice(label, allowed))


def _broken_rules(rows: _Rows) -> list[Fault]:
    """Faults of numbers out of range, columns at odds, and keys said twice."""
    try:
        rows.schema.validate(rows.table, lazy=True)
    except SchemaErrors as errors:
        return [fault for error in errors.schema_errors for fault in _broken_rule(error, rows)]
    return []


def _broken_rule(error: SchemaError, rows: _Rows) -> list[Fault]:
    if error.reason_code is SchemaErrorReason.DUPLICATES:
        return _said_twice(rows)
    if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
        if rows.unread[error.column_name].any():
            return []
        raise error
    lines = sorted(set(error.failure_cases["index"].tolist()))
    if error.column_name is not None:
        return capped(lines, partial(_out_of_range, rows, error.column_name))
    read, rule = ~rows.unread.any(axis=1), error.check
    worded = [line for line in lines if read[line]]
    return capped(worded, lambda line: Fault(rows.file, line, rule.title, rule.error, rule.description))


def _out_of_range(rows: _Rows, name: str, line: int) -> Fault:
    cell = described(rows.schema)[name]
    what = f"{shown(str(rows.texts[name].loc[line]).strip())} is out of range"
    return Fault(rows.file, line, cell.column or name, what, cell.write)


def _said_twice(rows: _Rows) -> list[Fault]:
    key = list(rows.schema.to_schema().unique)
    table = rows.table[~rows.unread[key].any(axis=1)]
    first = table.index.to_series().groupby([table[name] for name in key]).transform("first")
    cells = described(rows.schema)
    names = ", ".join(dict.fromkeys(cells[name].column or name for name in key))
    return capped(
        first.index[first != first.index].tolist(),
        lambda line: Fault(rows.file, line, "", f"has the same {names} as row {first[line]}", _KEEP_ONE),
    )
