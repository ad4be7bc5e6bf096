"""The tables of an area folder: a table is a class, a column a line.

The classes describe tables as they are once read. A file's columns are the same, in any order, but that
year groups are one column, `nc_year`, which becomes two whole numbers, `nc_from` and `nc_to`; `all` is
-4 to 20, so a row is about every year group exactly if it says -4 to 20. A blank number becomes NaN, a
blank text "", and months and lists stay text: `opens` is "2027-09", `needs` "ASD;SEMH".
"""

from collections.abc import Mapping
from typing import ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import (
    CENSUS,
    CHILDREN,
    COUNT,
    COUNTED,
    DISTRICT,
    DISTRICT_OR_ALL,
    FIRST,
    LAST,
    LEAST,
    MOST,
    NEED,
    PLACED,
    SUPPRESSIBLE,
    YEAR_GROUPS,
    column,
)
from forecast.inputs.schemas_ap import AP_TABLES
from forecast.inputs.schemas_ap_figures import ApFigures
from forecast.inputs.schemas_counted import Checks, Funnel, Moves
from forecast.inputs.schemas_places import Costs, Places
from forecast.inputs.schemas_population import POPULATION_TABLES


class Placements(pa.DataFrameModel):
    """placements.csv: children with a plan at each January census, as counted or as published margins."""

    year: Series[int] = column("January census: 2025 is 2024/25", CENSUS, ge=2010, le=2100)
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    need: Series[str] = column("Primary need, `not_recorded` or `all`", NEED)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", FIRST, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group; 20 is age 24 at 31 August", LAST, ge=-4, le=20)
    provision: Series[str] = column("Where they are taught, `not_recorded` or `all`", PLACED)
    children: Series[float] = column("Children with a plan; not a number where suppressed", SUPPRESSIBLE, ge=0)
    least: Series[float] = column("The fewest that a suppressed count may be", LEAST, ge=0)
    most: Series[float] = column("The most that it may be", MOST, ge=0)

    @pa.dataframe_check(title="nc_year", error="runs from older to younger", description=YEAR_GROUPS)
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["nc_from"] > table["nc_to"])

    @pa.dataframe_check(title="children", error="runs from more to fewer", description=COUNTED)
    def _fewest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["least"] > table["most"])

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "district", "need", "nc_from", "nc_to", "provision"]


class Flows(pa.DataFrameModel):
    """flows.csv: plans made, ceased and brought along in the twelve months that end at a January census."""

    year: Series[int] = column("January that ends the twelve months", CENSUS, ge=2010, le=2100)
    flow: Series[str] = column(
        "`start`: first plan, at this January's year group and the first placement. `cease`: plan ceased,"
        " at the year group of the January before and the last placement. `transfer`: those of `cease` who"
        " moved to another authority. `arrive`: came with a plan from another authority, as `start`",
        Cell(cells.text, "write `start`, `cease`, `transfer` or `arrive`", labels="flow"),
    )
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    need: Series[str] = column("Primary need, `not_recorded` or `all`", NEED)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", FIRST, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group; 20 is age 24 at 31 August", LAST, ge=-4, le=20)
    provision: Series[str] = column("Where they were taught, `not_recorded` or `all`", PLACED)
    children: Series[float] = column("Plans made or ceased; blank where suppressed", CHILDREN, ge=0)

    @pa.dataframe_check(title="nc_year", error="runs from older to younger", description=YEAR_GROUPS)
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["nc_from"] > table["nc_to"])

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "flow", "district", "need", "nc_from", "nc_to", "provision"]


class Population(pa.DataFrameModel):
    """population.csv: residents by single year of age, estimated and projected."""

    mid_year: Series[int] = column(
        "30 June; mid-2024 serves January 2025",
        Cell(cells.whole, "write a year from 2000 to 2100"),
        ge=2000,
        le=2100,
    )
    variant: Series[str] = column(
        "`estimate` for published estimates, or the projection's name",
        Cell(cells.text, "write `estimate` or the projection's name"),
    )
    district: Series[str] = column("District where they live", DISTRICT)
    age: Series[int] = column("Age", Cell(cells.whole, "write an age from 0 to 24"), ge=0, le=24)
    people: Series[int] = column("Residents", COUNT, ge=0)

    class Config:
        """One count a district and age."""

        unique: ClassVar = ["mid_year", "variant", "district", "age"]


class SpecialRates(pa.DataFrameModel):
    """special_rates.csv: pupils in schools of the area and of England, and those in special schools."""

    year: Series[int] = column("January census: 2025 is 2024/25", CENSUS, ge=2010, le=2100)
    pupils: Series[int] = column("Pupils in all schools in the area", COUNT, ge=0)
    special: Series[int] = column("Pupils in its state or non-maintained special schools", COUNT, ge=0)
    england_pupils: Series[int] = column("Pupils in all schools in England", COUNT, ge=0)
    england_special: Series[int] = column("Pupils in England's special schools, likewise", COUNT, ge=0)

    @pa.dataframe_check(title="special", error="is more than pupils", description="write part of pupils")
    def _special_are_pupils(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["special"] > table["pupils"])

    @pa.dataframe_check(
        title="england_special",
        error="is more than england_pupils",
        description="write part of england_pupils",
    )
    def _england_too(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["england_special"] > table["england_pupils"])

    class Config:
        """One row a year."""

        unique: ClassVar = ["year"]


TABLES: Final[Mapping[str, type[pa.DataFrameModel]]] = {
    "placements": Placements,
    "flows": Flows,
    "moves": Moves,
    "funnel": Funnel,
    "checks": Checks,
    "population": Population,
    **POPULATION_TABLES,
    "places": Places,
    "costs": Costs,
    "special_rates": SpecialRates,
    **AP_TABLES,
    "ap": ApFigures,
}
"""Name of each table, which is its file without `.csv`."""


def described(schema: type[pa.DataFrameModel]) -> dict[str, Cell]:
    """How each column of a table is written, by its name once read."""
    return {name: field.metadata["cell"] for name, field in schema.to_schema().columns.items()}


def file_columns(schema: type[pa.DataFrameModel]) -> list[str]:
    """Columns of the file, in the order in which this program writes them."""
    return list(dict.fromkeys(cell.column or name for name, cell in described(schema).items()))


def optional_columns(schema: type[pa.DataFrameModel]) -> frozenset[str]:
    """Columns that a file may lack: their cells then read as blank."""
    return frozenset(cell.column or name for name, cell in described(schema).items() if cell.optional)
