"""Numbers that the card of alternative provision is made from, and how they are said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.ap.national import AP_SCHOOL, LA_FUNDED, WITHOUT
from forecast.backtest.ap import WHOLE
from forecast.backtest.cells import OURS
from forecast.report.card_words import UNKNOWN

SERIES: Final[Mapping[str, str]] = {
    LA_FUNDED: "placements that authorities pay for outside AP schools, all children",
    AP_SCHOOL: "AP schools, all children",
    WITHOUT: "AP schools, children without a plan",
}
"""Series -> what the card calls it."""


@dataclass(frozen=True, eq=False)
class ApCard:
    """Every number that the card says; columns as in `ap.england.ApFitted` and `backtest.ap.ApBacktest`."""

    settings: pd.DataFrame
    growth: pd.DataFrame
    spread: pd.DataFrame
    scores: pd.DataFrame
    coverage: pd.DataFrame


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by column, in order."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def ours_of(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of this program's method."""
    return scores[scores["method"].eq(OURS)]


def mean_errors(scores: pd.DataFrame) -> dict[tuple[str, str, int], float]:
    """Mean error over the Januaries forecast from: (series, method, years ahead) -> share."""
    means = scores.groupby(["series", "method", "ahead"])["wape"].mean().reset_index()
    return {(row["series"], row["method"], row["ahead"]): row["wape"] for row in rows_of(means)}


def hits_of(coverage: pd.DataFrame, series: str, ahead: int, size: str = WHOLE, origin: int | None = None) -> str:
    """Outcomes that the 80% range held, as "474 of 560"; a dash where nothing was forecast."""
    rows = coverage[(coverage["series"] == series) & (coverage["ahead"] == ahead) & (coverage["size"] == size)]
    rows = rows if origin is None else rows[rows["origin"] == origin]
    return f"{rows['hits'].sum()} of {rows['outcomes'].sum()}" if len(rows) else UNKNOWN


def signed(bias: float) -> str:
    """A log bias as a share with its sign; a dash where there is none."""
    return f"{np.expm1(bias):+.1%}" if np.isfinite(bias) else UNKNOWN
