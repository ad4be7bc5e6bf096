"""A change and its causes as a tidy table.

Where figures are modelled from published ones, they are rounded to whole children or pounds: the running totals are,
and each bar is the difference of two of them, so that the bars still add up to the change.
"""

from enum import StrEnum
from math import nan
from typing import Final

import pandas as pd

from forecast.decide.waterfall import Waterfall
from forecast.domain import academic_year
from forecast.report.phrases import census

FIGURES: Final = ("effect", "from", "to", "without")
"""Columns of numbers."""


class Step(StrEnum):
    """What a row is."""

    START = "start"
    CAUSE = "cause"
    END = "end"
    FUTURES = "mean of all futures"
    """Change, in the mean of all futures."""
    GAP = "gap"
    """By how much that is more than the change of the central path."""


def waterfall_table(found: Waterfall) -> pd.DataFrame:
    """A row a step.

    Returns
    -------
    columns step, cause, effect, from, to, without
        `effect`: share of the change; `from` and `to`: running totals; `without`: what would not be there without the
        cause, everything else as it is. Children, or pounds a year. Of `start` and `end`, `to` alone is given; of the
        last two rows, `effect` alone.
    """
    begun, ended = ends(found)
    rows: list[tuple[Step, str, float, float, float, float]] = [(Step.START, begun, nan, nan, found.start, nan)]
    at = found.start
    for bar in found.bars:
        rows.append((Step.CAUSE, bar.name, bar.effect, at, at + bar.effect, bar.last))
        at += bar.effect
    rows += [
        (Step.END, ended, nan, nan, found.end, nan),
        (Step.FUTURES, "change in the mean of all futures", found.futures, nan, nan, nan),
        (Step.GAP, "more than on the central path", found.gap, nan, nan, nan),
    ]
    table = pd.DataFrame(rows, columns=["step", "cause", *FIGURES])
    table["step"] = table["step"].map(str)
    return _rounded(table) if found.about.kind == "published" else table


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """`table` in whole numbers, whose bars add up to the change, and whose gap is that of the whole numbers."""
    whole = table.assign(**{name: table[name].round() + 0 for name in FIGURES})
    causes, gap = whole["step"] == Step.CAUSE, whole["step"] == Step.GAP
    whole.loc[causes, "effect"] = whole["to"] - whole["from"]
    begun, ended = (float(whole.loc[whole["step"] == step, "to"].iloc[0]) for step in (Step.START, Step.END))
    futures = float(whole.loc[whole["step"] == Step.FUTURES, "effect"].iloc[0])
    whole.loc[gap, "effect"] = futures - (ended - begun)
    return whole


def ends(found: Waterfall) -> tuple[str, str]:
    """Names of the two levels: the census and the year, or the two scenarios."""
    if found.since is not None:
        return census(found.since), academic_year(found.year)
    first, second = found.scenarios
    return f"{first}, {academic_year(found.year)}", f"{second}, {academic_year(found.year)}"
