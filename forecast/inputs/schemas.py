"""The tables of an area folder: a table is a class, a column a line.

The classes describe tables as they are once read. A file's columns are the same, in any order, but that
year groups are one column, `nc_year`, which becomes two whole numbers, `nc_from` and `nc_to`; `all` is
-4 to 20, so a row is about every year group exactly if it says -4 to 20. A blank number becomes NaN, a
blank text "", and months and lists stay text: `opens` is "2027-09", `needs` "ASD;SEMH".
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.domain import ALL, NOT_RECORDED
from forecast.inputs import cells
from forecast.inputs.cells import NAN, Cell


def column(says: str, cell: Cell, **checks: float) -> Any:  # noqa: ANN401 - stands for a Series, as pa.Field does
    """Describe one column: what it means, how its cells are written, which numbers it may hold."""
    return pa.Field(description=says, metadata={"cell": cell}, nullable=cell.blank is NAN, **checks)  # type: ignore[arg-type]


_CENSUS = Cell(cells.whole, "write a January from 2010 to 2100")
_DISTRICT = Cell(cells.text, "write a district of area.toml", labels="district")
_DISTRICT_OR_ALL = Cell(cells.text, "write a district of area.toml or `all`", labels="district", also=(ALL,))
_NEED = Cell(cells.text, "write a need of area.toml, `not_recorded` or `all`", labels="need", also=(NOT_RECORDED, ALL))
_PLACED = Cell(
    cells.text,
    "write a provision of area.toml, `not_recorded` or `all`",
    labels="provision",
    also=(NOT_RECORDED, ALL),
)
_YEAR_GROUPS = "write a year group from -4 to 20, a range such as `-4..-2`, or `all`"
_FIRST = Cell(cells.first_year_group, _YEAR_GROUPS, column="nc_year")
_LAST = Cell(cells.last_year_group, _YEAR_GROUPS, column="nc_year")
_CHILDREN = Cell(cells.whole, "write a whole number, 0 or more, or leave it blank if suppressed", blank=NAN)
_COUNT = Cell(cells.whole, "write a whole number, 0 or more")
_YEAR_GROUP = Cell(cells.whole, "write a year group from -4 to 20")
_MONTH = Cell(cells.month, "write it as 2027-09 (spreadsheets may turn that into Sep-27), or leave it blank", blank="")
_TEXT = Cell(cells.text, "write a text", blank="")
_NAME = Cell(cells.text, "write a name")
_YES_NO = Cell(cells.yes_no, "write yes or no")
_TAKEN = Cell(cells.whole, "write a whole number, 0 or more", blank=0)
_SHARE = Cell(cells.number, "write a number from 0 to 1, or leave it blank", blank=NAN)
_RAMP = Cell(cells.shares, "write shares from 0 to 1 such as 0.5;0.85;1, or leave it blank", blank="")
_LATITUDE = Cell(cells.number, "write degrees from 49 to 61, or leave it blank", blank=NAN)
_LONGITUDE = Cell(cells.number, "write degrees from -9 to 3, or leave it blank", blank=NAN)
_PROVISION = Cell(cells.text, "write a provision of area.toml", labels="provision")
_SERVES = Cell(cells.listed, "write `all`, or districts with `;` between", labels="district")
_NEEDS = Cell(cells.listed, "write `all`, or needs with `;` between", labels="need")


class Placements(pa.DataFrameModel):
    """placements.csv: children with a plan at each January census, as counted or as published margins."""

    year: Series[int] = column("January census: 2025 is 2024/25", _CENSUS, ge=2010, le=2100)
    district: Series[str] = column("District where the children live, or `all`", _DISTRICT_OR_ALL)
    need: Series[str] = column("Primary need, `not_recorded` or `all`", _NEED)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", _FIRST, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group; 20 is age 24 at 31 August", _LAST, ge=-4, le=20)
    provision: Series[str] = column("Where they are taught, `not_recorded` or `all`", _PLACED)
    children: Series[float] = column("Children with a plan; blank where suppressed", _CHILDREN, ge=0)

    @pa.dataframe_check(title="nc_year", error="runs from older to younger", description=_YEAR_GROUPS)
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["nc_from"] > table["nc_to"])

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "district", "need", "nc_from", "nc_to", "provision"]


class Flows(pa.DataFrameModel):
    """flows.csv: plans made and ceased in the twelve months that end at a January census."""

    year: Series[int] = column("January that ends the twelve months", _CENSUS, ge=2010, le=2100)
    flow: Series[str] = column(
        "`start`: first plan, at this January's year group and the first placement. `cease`: plan ceased,"
        " at the year group of the January before and the last placement. `transfer`: those of `cease` who"
        " moved to another authority",
        Cell(cells.text, "write `start`, `cease` or `transfer`", labels="flow"),
    )
    district: Series[str] = column("District where the children live, or `all`", _DISTRICT_OR_ALL)
    need: Series[str] = column("Primary need, `not_recorded` or `all`", _NEED)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", _FIRST, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group; 20 is age 24 at 31 August", _LAST, ge=-4, le=20)
    provision: Series[str] = column("Where they were taught, `not_recorded` or `all`", _PLACED)
    children: Series[float] = column("Plans made or ceased; blank where suppressed", _CHILDREN, ge=0)

    @pa.dataframe_check(title="nc_year", error="runs from older to younger", description=_YEAR_GROUPS)
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
    district: Series[str] = column("District where they live", _DISTRICT)
    age: Series[int] = column("Age", Cell(cells.whole, "write an age from 0 to 24"), ge=0, le=24)
    people: Series[int] = column("Residents", _COUNT, ge=0)

    class Config:
        """One count a district and age."""

        unique: ClassVar = ["mid_year", "variant", "district", "age"]


class Places(pa.DataFrameModel):
    """places.csv: schools and bases, open, planned or assumed, and how many children they have room for."""

    school: Series[str] = column("Name of the school or base", _NAME)
    district: Series[str] = column("Where it is, or `all` if that is not said", _DISTRICT_OR_ALL)
    serves: Series[str] = column("Districts whose children it takes", _SERVES)
    lat: Series[float] = column("Latitude, WGS84", _LATITUDE, ge=49, le=61)
    lon: Series[float] = column("Longitude, WGS84", _LONGITUDE, ge=-9, le=3)
    provision: Series[str] = column("Kind of place", _PROVISION)
    needs: Series[str] = column("Needs that it is for", _NEEDS)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", _YEAR_GROUP, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group", _YEAR_GROUP, ge=-4, le=20)
    places: Series[int] = column("Children it has room for", _COUNT, ge=0)
    taken_by_others: Series[int] = column("Of these, filled by other areas' children", _TAKEN, ge=0)
    opens: Series[str] = column("Month it opens; blank if it is open", _MONTH)
    closes: Series[str] = column("Month it closes; blank if none is set", _MONTH)
    probability: Series[float] = column("Chance that it opens; blank is certain", _SHARE, ge=0, le=1)
    ramp: Series[str] = column("Share of places open in its first, second, ... year", _RAMP)
    assumed: Series[bool] = column("Whether the places are only those that children fill now", _YES_NO)
    source: Series[str] = column("Where the figures come from", _TEXT)

    @pa.dataframe_check(title="nc_from", error="is above nc_to", description="write the lower year group first")
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["nc_from"] > table["nc_to"])

    @pa.dataframe_check(title="taken_by_others", error="is more than places", description="write part of places")
    def _taken_are_places(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["taken_by_others"] > table["places"])

    @pa.dataframe_check(title="closes", error="is not after opens", description="write a later month")
    def _opens_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return (table["closes"] == "") | (table["closes"] > table["opens"])

    @pa.dataframe_check(title="lat", error="has no partner", description="write both lat and lon, or neither")
    def _both_or_neither(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["lat"].isna() == table["lon"].isna()

    class Config:
        """A school may grow in stages, and hold several kinds of place."""

        unique: ClassVar = ["school", "provision", "nc_from", "opens"]


class SpecialRates(pa.DataFrameModel):
    """special_rates.csv: pupils in schools of the area and of England, and those in special schools."""

    year: Series[int] = column("January census: 2025 is 2024/25", _CENSUS, ge=2010, le=2100)
    pupils: Series[int] = column("Pupils in all schools in the area", _COUNT, ge=0)
    special: Series[int] = column("Pupils in its state or non-maintained special schools", _COUNT, ge=0)
    england_pupils: Series[int] = column("Pupils in all schools in England", _COUNT, ge=0)
    england_special: Series[int] = column("Pupils in England's special schools, likewise", _COUNT, ge=0)

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
    "population": Population,
    "places": Places,
    "special_rates": SpecialRates,
}
"""Name of each table, which is its file without `.csv`."""


def described(schema: type[pa.DataFrameModel]) -> dict[str, Cell]:
    """How each column of a table is written, by its name once read."""
    return {name: field.metadata["cell"] for name, field in schema.to_schema().columns.items()}


def file_columns(schema: type[pa.DataFrameModel]) -> list[str]:
    """Columns of the file, in the order in which this program writes them."""
    return list(dict.fromkeys(cell.column or name for name, cell in described(schema).items()))
