"""What ships about every English authority in `data/reference/`, or a file of the same columns given in its stead.

How each file was made, and from what, is in `data/reference/README.md`.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors
from pandera.typing import Series

from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import column
from forecast.inputs.faults import capped, shown
from forecast.inputs.schemas import described, file_columns
from forecast.inputs.sen2_activity import BANDS
from forecast.inputs.sheet import Sheet, read_sheet
from forecast.inputs.shipped import opened

PEOPLE, NEIGHBOURS = "population_by_authority.csv", "neighbours.csv"
PLANS_BY_AGE, UNITS = "plans_by_age_2023.csv", "reorganised.csv"
_AGES: Final = 25
"""Ages 0 to 24."""
_WHOLE: Final = "whole"
"""Name of the rules that look at all rows of an authority together."""
_THREE_DIGITS: Final = re.compile(r"[0-9]{3}")
_UNIT: Final = re.compile(r"[0-9]{3}(\+[0-9]{3})*")
_KEEP_ONE: Final = "keep one of the two rows"


def _la_code(cell: str) -> str:
    """Read a three-digit code, as DfE numbers authorities."""
    if not _THREE_DIGITS.fullmatch(cell):
        raise ValueError("is not a three-digit code")
    return cell


def _unit(cell: str) -> str:
    """Read one or more three-digit codes with `+` between."""
    if not _UNIT.fullmatch(cell):
        raise ValueError("is no unit of authorities")
    return cell


LA_CODE: Final = Cell(_la_code, "write DfE's three-digit code of the authority")
_AGE = Cell(cells.whole, "write the first and last age of a published band: 0-4, 5-10, 11-15, 16-19, 20-25")
_COUNT = Cell(cells.whole, "write a whole number, 0 or more")


class People(pa.DataFrameModel):
    """population_by_authority.csv: residents of each authority by single year of age."""

    la_code: Series[str] = column("Authority", LA_CODE)
    mid_year: Series[int] = column("30 June", Cell(cells.whole, "write a year from 2000 to 2100"), ge=2000, le=2100)
    age: Series[int] = column("Age", Cell(cells.whole, "write an age from 0 to 24"), ge=0, le=24)
    people: Series[int] = column("Residents", _COUNT, ge=0)

    @pa.dataframe_check(title="age", error="is there twice for one authority and mid-year", description=_KEEP_ONE)
    def _once(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~table.duplicated(["la_code", "mid_year", "age"])

    @pa.dataframe_check(
        name=_WHOLE,
        title="age",
        error="the authority has not all ages from 0 to 24 at that mid-year",
        description="add those that it lacks",
    )
    def _every_age(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        keys = ["la_code", "mid_year"]
        return table.duplicated(keys) | table.groupby(keys)["age"].transform("nunique").eq(_AGES)


class Neighbours(pa.DataFrameModel):
    """neighbours.csv: the authorities most like each, the nearest first."""

    la_code: Series[str] = column("Authority", LA_CODE)
    rank: Series[int] = column("1 is the nearest", Cell(cells.whole, "number them from 1 to 10"), ge=1, le=10)
    neighbour: Series[str] = column("An authority like it", LA_CODE)

    @pa.dataframe_check(
        name=_WHOLE,
        title="rank",
        error="the authority has another of that rank, or none of the rank before",
        description="number those of each authority from 1",
    )
    def _in_turn(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["rank"].eq(table.sort_values("rank", kind="stable").groupby("la_code").cumcount() + 1)

    @pa.dataframe_check(title="neighbour", error="is there twice for one authority", description=_KEEP_ONE)
    def _once(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~table.duplicated(["la_code", "neighbour"])

    @pa.dataframe_check(title="neighbour", error="is the authority itself", description="write another")
    def _another(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["neighbour"].ne(table["la_code"])


class PlansByAge(pa.DataFrameModel):
    """plans_by_age_2023.csv: plans at a January census, by the published bands of age."""

    la_code: Series[str] = column("Authority", LA_CODE)
    year: Series[int] = column("January", Cell(cells.whole, "write a January from 2010 to 2100"), ge=2010, le=2100)
    age_from: Series[int] = column("First age", _AGE)
    age_to: Series[int] = column("Last age", _AGE)
    children: Series[int] = column("Children with a plan", _COUNT, ge=0)

    @pa.dataframe_check(title="age_from", error="and age_to are no published band", description=_AGE.write)
    def _band(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return pd.Series(pd.MultiIndex.from_frame(table[["age_from", "age_to"]]).isin(BANDS), table.index)

    @pa.dataframe_check(title="age_from", error="is there twice for one authority and year", description=_KEEP_ONE)
    def _once(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~table.duplicated(["la_code", "year", "age_from"])


class Units(pa.DataFrameModel):
    """reorganised.csv: authorities that must be seen as one, as their boundaries or codes changed."""

    la_code: Series[str] = column("Authority, past or present", LA_CODE)
    unit: Series[str] = column("Present authorities in all", Cell(_unit, "write present codes, such as 838+839"))
    note: Series[str] = column("What it was or is", Cell(cells.text, "write a text", blank=""))

    @pa.dataframe_check(title="la_code", error="is there twice", description=_KEEP_ONE)
    def _once(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~table.duplicated(["la_code"])


def read_people(path: Path | None = None) -> pd.DataFrame:
    """Residents of every authority: la_code, mid_year, age (0 to 24), people.

    Parameters
    ----------
    path : a file instead of the one that ships

    Raises
    ------
    InputFaults
        Every fault of the file, each with its row, field and remedy; so do the other readers here.
    """
    return _read(path, PEOPLE, People)


def read_neighbours(path: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Codes of each authority's statistical neighbours, the nearest first."""
    table = _read(path, NEIGHBOURS, Neighbours).sort_values(["la_code", "rank"])
    return {str(code): tuple(rows) for code, rows in table.groupby("la_code")["neighbour"]}


def read_plans_by_age(path: Path | None = None) -> pd.DataFrame:
    """Plans of January 2023, which no release has by age: columns as `sen2.Release.bands`, `kind` being `plans`."""
    table = _read(path, PLANS_BY_AGE, PlansByAge)
    return table.assign(kind="plans", children=table["children"].astype(float))[
        ["la_code", "year", "kind", "age_from", "age_to", "children"]
    ]


def read_units(path: Path | None = None) -> dict[str, str]:
    """Unit of each authority, past or present, whose boundaries or code changed; the others are units by themselves."""
    table = _read(path, UNITS, Units)
    return dict(zip(table["la_code"], table["unit"], strict=True))


def sheet_of(path: Path | None, name: str, columns: Sequence[str]) -> Sheet:
    """A reference table as it was written: the one that ships under `name`, unless there is a `path`.

    Raises
    ------
    InputFaults
        It cannot be read.
    """
    return read_sheet(*opened(path, name), columns)


def _read(path: Path | None, name: str, schema: type[pa.DataFrameModel]) -> pd.DataFrame:
    """A table whose every cell and rule has been checked, rows counted from 0."""
    sheet = sheet_of(path, name, file_columns(schema))
    faults = list(sheet.faults)
    if sheet.cells.empty and not faults:
        faults.append(Fault(sheet.file, 0, "", "has no rows", "add them below the header"))
    columns = {}
    for field, cell in described(schema).items():
        if field in sheet.cells:
            columns[field], unread = _column(sheet, field, cell)
            faults += unread
    if len(columns) == len(described(schema)):
        kinds = {field: "int64" if str(kind) == "int64" else "str" for field, kind in schema.to_schema().dtypes.items()}
        table = pd.DataFrame(columns).dropna().astype(kinds)
        faults += _broken_rules(sheet, table, schema, whole=not faults)
    if faults:
        raise InputFaults(faults)
    return table.reset_index(drop=True)


def _column(sheet: Sheet, field: str, cell: Cell) -> tuple["pd.Series[Any]", list[Fault]]:
    """Values of a column, None where a cell could not be read, and a fault for each of those."""
    texts = sheet.cells[field].str.strip()
    read = {text: _value(text, cell) for text in texts.unique()}
    values = texts.map({text: value for text, (value, _) in read.items()})
    wrong = texts.map({text: what for text, (_, what) in read.items()})
    lines = wrong.index[wrong.ne("")].tolist()
    return values, capped(lines, lambda line: Fault(sheet.file, line, field, str(wrong[line]), cell.write))


def _value(text: str, cell: Cell) -> tuple[object, str]:
    """Value of a cell and what is wrong with it, one of the two."""
    if not text:
        return cell.blank, "is blank" if cell.blank is None else ""
    try:
        return cell.parse(text), ""
    except ValueError as error:
        return None, f"{shown(text)} {error}"


def _broken_rules(sheet: Sheet, table: pd.DataFrame, schema: type[pa.DataFrameModel], *, whole: bool) -> list[Fault]:
    """Faults of numbers out of range and rows at odds; of whole authorities only where every row was read."""
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        broken = [error for error in errors.schema_errors if whole or error.check.name != _WHOLE]
        return [fault for error in broken for fault in _broken_rule(error, sheet, schema)]
    return []


def _broken_rule(error: SchemaError, sheet: Sheet, schema: type[pa.DataFrameModel]) -> list[Fault]:
    lines, rule, field = sorted(set(error.failure_cases["index"].tolist())), error.check, error.column_name
    if field is None:
        return capped(lines, lambda line: Fault(sheet.file, line, rule.title, rule.error, rule.description))
    write = described(schema)[field].write
    texts = sheet.cells[field]
    return capped(lines, lambda line: Fault(sheet.file, line, field, f"{shown(texts[line])} is out of range", write))
