"""What ships about places in `data/reference/`: prices, sizes of schools, and how soon projects open and fill.

Each reader takes a file of the same columns instead. Where the figures come from is in each row's source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import NAME, YES_NO, column
from forecast.inputs.schemas_places import Costs
from forecast.inputs.shipped import read_shipped

COSTS, SIZES, PROJECTS = "costs.csv", "sizes.csv", "projects.csv"
_AMOUNT: Final = Cell(cells.number, "write a number, 0 or more")
_MONTHS: Final = Cell(cells.number, "write months, 0 or more")
_RAMP: Final = Cell(cells.shares, "write shares from 0 to 1 such as 0.5;0.85;1")
_RISING: Final = "write them in rising order"


class Sizes(pa.DataFrameModel):
    """sizes.csv: how large schools and their parts are where councils commission them."""

    kind: Series[str] = column("What it is the size of", NAME)
    least: Series[float] = column("Smallest as commissioned, or at its opening", _AMOUNT, ge=0)
    most: Series[float] = column("Largest as commissioned, or once it is full", _AMOUNT, ge=0)
    unit: Series[str] = column("Places, children in a class, miles", NAME)
    supported: Series[bool] = column("Whether a source other than judgement gives it", YES_NO)
    source: Series[str] = column("Where it comes from", NAME)

    @pa.dataframe_check(title="least", error="is above most", description=_RISING)
    def _rising(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["least"] > table["most"])

    class Config:
        """One size a kind."""

        unique: ClassVar = ["kind"]


class Projects(pa.DataFrameModel):
    """projects.csv: how soon a project of a kind opens once it is decided on, and how it fills."""

    kind: Series[str] = column("Kind of project", NAME)
    ramp: Series[str] = column("Share of places open in its first, second, ... year", _RAMP)
    ramp_supported: Series[bool] = column("Whether a source other than judgement gives it", YES_NO)
    ramp_source: Series[str] = column("Where it comes from", NAME)
    months: Series[float] = column("Months from decision to opening, as planned", _MONTHS, ge=0)
    months_low: Series[float] = column("One chance in ten that it is sooner", _MONTHS, ge=0)
    months_high: Series[float] = column("One chance in ten that it is later", _MONTHS, ge=0)
    months_supported: Series[bool] = column("Whether a source other than judgement gives them", YES_NO)
    months_source: Series[str] = column("Where they come from", NAME)

    @pa.dataframe_check(title="months", error="is not from months_low to months_high", description=_RISING)
    def _rising(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~((table["months_low"] > table["months"]) | (table["months"] > table["months_high"]))

    class Config:
        """One row a kind."""

        unique: ClassVar = ["kind"]


@dataclass(frozen=True)
class Size:
    """How large something is, as councils commission it."""

    least: float
    most: float
    unit: str
    supported: bool
    """Whether a source other than judgement gives it."""
    source: str


@dataclass(frozen=True)
class Project:
    """How soon a project opens once it is decided on, and how it fills."""

    ramp: tuple[float, ...]
    """Share of places open in its first, second, ... year; the last one stays."""
    ramp_supported: bool
    """Whether a source other than judgement gives it."""
    ramp_source: str
    months: float
    """From decision to opening, as planned; `months_low` to `months_high` is the 80% range."""
    months_low: float
    months_high: float
    months_supported: bool
    months_source: str


def read_costs(path: Path | None = None) -> pd.DataFrame:
    """Prices that ship: columns of `schemas_places.Costs`.

    Parameters
    ----------
    path : a file instead of the one that ships

    Raises
    ------
    InputFaults
        Every fault of the file, each with its row, field and remedy; so do the other readers here.
    """
    return read_shipped(path, COSTS, Costs)


def read_sizes(path: Path | None = None) -> Mapping[str, Size]:
    """Sizes by kind: one_phase, all_through, class, hub_classroom, hub_and_spoke, satellite_distance."""
    rows = read_shipped(path, SIZES, Sizes).to_dict("records")
    return MappingProxyType({
        str(row["kind"]): Size(row["least"], row["most"], row["unit"], row["supported"], row["source"]) for row in rows
    })  # fmt: skip


def read_projects(path: Path | None = None) -> Mapping[str, Project]:
    """Projects by kind: new_school, short_stay, expansion, satellite, base, hub_and_spoke."""
    made = {}
    for row in read_shipped(path, PROJECTS, Projects).to_dict("records"):
        ramp = tuple(float(share) for share in str(row["ramp"]).split(";"))
        rest = {str(field): said for field, said in row.items() if field not in {"kind", "ramp"}}
        made[str(row["kind"])] = Project(ramp, **rest)
    return MappingProxyType(made)
