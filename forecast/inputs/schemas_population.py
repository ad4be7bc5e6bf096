"""Tables that say more of an area's residents than its projection does: births, families moving in, new homes.

An area needs none of them. What the projection already holds is never added: `migration.csv` is of people beyond it,
and of new homes only the share that it does not hold.
"""

from typing import ClassVar, Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.inputs import cells
from forecast.inputs.cells import NAN, Cell
from forecast.inputs.columns import COUNT, DISTRICT, NAME, RAMP, column

SUMS_TO_ONE: Final = 1e-6
"""How far shares that are all there is may be from 1."""
_MID_YEAR: Final = Cell(cells.whole, "write a year from 2000 to 2100")
_AGE: Final = Cell(cells.whole, "write an age from 0 to 24")
_HELD: Final = Cell(cells.number, "write a number from 0 to 1: 0 if the projection holds none of them, 1 if all")
_FACTOR: Final = Cell(cells.number, "write a multiple such as 1.2, or leave it blank", blank=NAN)
_PER_HOME: Final = Cell(cells.number, "write children a dwelling, such as 0.25")


class Births(pa.DataFrameModel):
    """births.csv: children born in the twelve months to each mid-year; they lead where nothing is projected."""

    mid_year: Series[int] = column("30 June that ends the twelve months", _MID_YEAR, ge=2000, le=2100)
    district: Series[str] = column("District where the mother lives", DISTRICT)
    births: Series[int] = column("Live births, counted or projected", COUNT, ge=0)
    source: Series[str] = column("Where the figure comes from", NAME)

    class Config:
        """One figure a district and year."""

        unique: ClassVar = ["mid_year", "district"]


class Migration(pa.DataFrameModel):
    """migration.csv: people expected to move in beyond those of the projection, as families from London may."""

    mid_year: Series[int] = column("30 June that ends the twelve months", _MID_YEAR, ge=2000, le=2100)
    district: Series[str] = column("District that they move into", DISTRICT)
    age_from: Series[int] = column("Youngest age", _AGE, ge=0, le=24)
    age_to: Series[int] = column("Oldest age; they are spread evenly between", _AGE, ge=0, le=24)
    people: Series[int] = column("People beyond the projection and besides those in new homes", COUNT, ge=0)
    plan_factor: Series[float] = column(
        "Share of them with a plan as a multiple of the residents' own; blank is 1", _FACTOR, ge=0, le=10
    )
    source: Series[str] = column("Where the figure comes from", NAME)

    @pa.dataframe_check(title="age_from", error="is above age_to", description="write the lower age first")
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["age_from"] > table["age_to"])

    class Config:
        """One figure a year, district and band of ages."""

        unique: ClassVar = ["mid_year", "district", "age_from", "age_to"]


class Housing(pa.DataFrameModel):
    """housing.csv: dwellings to be finished, and how many of them the population projection holds already."""

    mid_year: Series[int] = column("30 June that ends the twelve months in which they are finished", _MID_YEAR,
                                   ge=2000, le=2100)  # fmt: skip
    district: Series[str] = column("District where they stand", DISTRICT)
    type: Series[str] = column("Kind of dwelling, as in yields.csv: house, flat, ...", NAME)
    dwellings: Series[int] = column("Dwellings finished", COUNT, ge=0)
    share_in_projection: Series[float] = column("Share whose people the projection holds already", _HELD, ge=0, le=1)
    source: Series[str] = column("Site, plan or trajectory that it comes from", NAME)

    class Config:
        """A year may have several sites of one type."""

        unique: ClassVar = ["mid_year", "district", "type", "source"]


class Yields(pa.DataFrameModel):
    """yields.csv: children who live in a new dwelling, by age, and how soon they come: there is no default."""

    type: Series[str] = column("Kind of dwelling", NAME)
    age_from: Series[int] = column("Youngest age", _AGE, ge=0, le=24)
    age_to: Series[int] = column("Oldest age; children are spread evenly between", _AGE, ge=0, le=24)
    children: Series[float] = column("Children of these ages in a dwelling once it is lived in", _PER_HOME, ge=0, le=10)
    lag: Series[str] = column("Share of them who come in the first, second, ... year; blank is all at once", RAMP)
    plan_factor: Series[float] = column(
        "Share of them with a plan as a multiple of the residents' own; blank is 1", _FACTOR, ge=0, le=10
    )
    source: Series[str] = column("Survey or pupil yields that the figures come from", NAME)

    @pa.dataframe_check(title="age_from", error="is above age_to", description="write the lower age first")
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["age_from"] > table["age_to"])

    @pa.dataframe_check(title="lag", error="does not add up to 1", description="write shares that add up to 1")
    def _all_come(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        sums = table["lag"].map(lambda lag: sum(lag_shares(str(lag))))
        return pd.Series(np.abs(sums.to_numpy(dtype=float) - 1) < SUMS_TO_ONE, table.index)

    @pa.dataframe_check(title="age_from", error="is within another row's ages", description="part the bands of a type")
    def _ages_once(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        ordered = table.sort_values(["type", "age_from"], kind="stable")
        oldest_before = ordered.groupby("type")["age_to"].shift()
        return ~(ordered["age_from"] <= oldest_before).reindex(table.index)

    class Config:
        """One figure a type and band of ages."""

        unique: ClassVar = ["type", "age_from", "age_to"]


POPULATION_TABLES: Final = {"births": Births, "migration": Migration, "housing": Housing, "yields": Yields}
"""Name of each table, which is its file without `.csv`; none need be there."""


def lag_shares(lag: str) -> tuple[float, ...]:
    """Shares of a dwelling's children who come in the first, second, ... year: `0.5;0.3;0.2`, or all at once."""
    return tuple(float(share) for share in lag.split(";")) if lag else (1.0,)
