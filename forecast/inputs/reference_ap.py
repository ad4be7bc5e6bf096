"""What ships about alternative provision (AP) in `data/reference/`, or a file of the same columns given in its stead.

`ap.csv` holds what is assumed where nothing is counted; `ap_rolls.csv` the published January rolls of every authority;
`ap_england.csv` those of England. How each was made is in `data/reference/README.md`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.domain import ALL
from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import CENSUS, COUNT, NAME, YES_NO, column
from forecast.inputs.reference import LA_CODE
from forecast.inputs.schemas_ap import PLAN_OR_ALL, REASON_OR_ALL, SETTING, STAGE_OR_ALL
from forecast.inputs.schemas_ap_figures import AP_WHERE, ApFigures
from forecast.inputs.shipped import read_shipped

FIGURES, ROLLS, ENGLAND = "ap.csv", "ap_rolls.csv", "ap_england.csv"
_CHILDREN: Final = Cell(cells.whole, "write a whole number, 0 or more")


class AuthorityRolls(pa.DataFrameModel):
    """ap_rolls.csv: children on each authority's AP rolls in January, as published: totals, by plan, by key stage."""

    la_code: Series[str] = column("Authority, by the code it had then", LA_CODE)
    year: Series[int] = column("January census: 2023 is 2022/23", CENSUS, ge=2010, le=2100)
    setting: Series[str] = column("Who arranges it", SETTING)
    plan: Series[str] = column("Children `with` a plan, `without` one, or `all`", PLAN_OR_ALL)
    key_stage: Series[str] = column("Key stage, or `all`", STAGE_OR_ALL)
    children: Series[int] = column("Children on roll", _CHILDREN, ge=0)

    class Config:
        """One count a cell."""

        unique: ClassVar = ["la_code", "year", "setting", "plan", "key_stage"]


class EnglandRolls(pa.DataFrameModel):
    """ap_england.csv: the same of England, with later totals that the press quotes."""

    year: Series[int] = column("January census: 2023 is 2022/23", CENSUS, ge=2010, le=2100)
    setting: Series[str] = column("Who arranges it", SETTING)
    plan: Series[str] = column("Children `with` a plan, `without` one, or `all`", PLAN_OR_ALL)
    reason: Series[str] = column("Why they came, or `all`", REASON_OR_ALL)
    key_stage: Series[str] = column("Key stage, or `all`", STAGE_OR_ALL)
    children: Series[int] = column("Children on roll", COUNT, ge=0)
    verified: Series[bool] = column("Whether the publisher's own figure was seen", YES_NO)
    source: Series[str] = column("Where it comes from", NAME)

    class Config:
        """One count a cell and source."""

        unique: ClassVar = ["year", "setting", "plan", "reason", "key_stage", "verified"]


@dataclass(frozen=True)
class ApFigure:
    """A figure on alternative provision; the names are those of `assumptions.Assumption`."""

    value: float
    low: float
    """One chance in ten that the truth is below."""
    high: float
    """One chance in ten that the truth is above."""
    unit: str
    supported: bool
    """Whether anything but judgement gives it."""
    source: str


def read_ap_figures(path: Path | None = None) -> pd.DataFrame:
    """Figures that ship: columns of `schemas_ap_figures.ApFigures`.

    Parameters
    ----------
    path : a file instead of the one that ships

    Raises
    ------
    InputFaults
        Every fault of the file, each with its row, field and remedy; so do the other readers here.
    """
    return read_shipped(path, FIGURES, ApFigures)


def read_authority_rolls(path: Path | None = None) -> pd.DataFrame:
    """January rolls of every authority: columns of `AuthorityRolls`."""
    return read_shipped(path, ROLLS, AuthorityRolls)


def read_england_rolls(path: Path | None = None) -> pd.DataFrame:
    """January rolls of England: columns of `EnglandRolls`."""
    return read_shipped(path, ENGLAND, EnglandRolls)


def with_own(shipped: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Figures with an area's own in place of those that ship.

    A row of the area's holds for everything that it names: it takes the place of every shipped row of the same item
    that is about the same or a part of the same, however closely that row is told.

    Parameters
    ----------
    shipped, own : columns of `schemas_ap_figures.ApFigures`
    """
    if own.empty:
        return shipped
    kept = np.ones(len(shipped), dtype=bool)
    for row in own.to_dict("records"):
        covered = shipped["item"].to_numpy() == row["item"]
        for name in AP_WHERE:
            covered = covered & ((shipped[name].to_numpy() == row[name]) | (row[name] == ALL))
        kept &= ~covered
    return pd.concat([shipped[kept], own], ignore_index=True)


def figure(
    table: pd.DataFrame, item: str, *, setting: str = ALL, reason: str = ALL, key_stage: str = ALL, tier: str = ALL
) -> ApFigure:
    """The figure of the row that fits and names most; of two that name as many, the one that names the first column.

    Parameters
    ----------
    table : as `read_ap_figures` or `with_own` give it

    Raises
    ------
    InputFaults
        No row fits.
    """
    asked = dict(zip(AP_WHERE, (setting, reason, key_stage, tier), strict=True))
    rows = table[table["item"].to_numpy() == item]
    named = {name: rows[name].to_numpy() != ALL for name in AP_WHERE}
    fits = np.ones(len(rows), dtype=bool)
    for name, label in asked.items():
        fits &= ~named[name] | (rows[name].to_numpy() == label)
    if not fits.any():
        wanted = ", ".join([item, *(f"{name} {label}" for name, label in asked.items() if label != ALL)])
        raise InputFaults([Fault(FIGURES, 0, "item", f"has no row for {wanted}", "add it, or one that says `all`")])
    closeness = sum(named[name].astype(int) * (10 + len(AP_WHERE) - place) for place, name in enumerate(AP_WHERE))
    row = rows.iloc[int(np.where(fits, closeness, -1).argmax())]
    value, low, high = row["value"], row["low"], row["high"]
    return ApFigure(
        float(value),
        float(low),
        float(high),
        str(row["unit"]),
        supported=bool(row["supported"]),
        source=str(row["source"]),
    )
