"""Figures of the page on trust, from the tables of past forecasts: by target, method and years ahead."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.scores import thirds
from forecast.inputs.backtest_tables import OURS
from forecast.series.build import SCHOOL_AGES
from forecast.series.targets import PLANS_5_15

NO_CHANGE: Final = "naive"
"""Method of whoever assumes that nothing changes."""
RULES: Final = ("pooled growth", "own growth", "drift", NO_CHANGE)
"""Methods that anybody could use without a program, the most telling first."""


def errors(scores: pd.DataFrame, target: str) -> pd.DataFrame:
    """How far out each method was, as a share of the children who came: index method, columns years ahead.

    Mean over the Januaries forecast from; missing where a method has not every one that this program's has.
    This program's is first, then `RULES`, then the others by name.
    """
    rows = scores[scores["target"].eq(target)]
    table = rows.pivot_table(index=["ahead", "origin"], columns="method", values="wape", dropna=False)
    mean = table[table[OURS].notna()].groupby(level="ahead").mean(skipna=False).T
    others = sorted(set(mean.index) - {OURS, *RULES})
    return mean.loc[[method for method in (OURS, *RULES, *others) if method in mean.index]]


def at(table: pd.DataFrame, row: str, column: int) -> float:
    """One cell of a table of scores."""
    return float(table.to_dict("index")[row][column])


def of_ours(scores: pd.DataFrame, target: str) -> pd.DataFrame:
    """Scores of this program's forecasts of one target, a row an origin and horizon."""
    return scores[scores["target"].eq(target) & scores["method"].eq(OURS)]


def of_all(scores: pd.DataFrame) -> list[str]:
    """Targets that this program forecast."""
    return [str(target) for target in scores.loc[scores["method"].eq(OURS), "target"].unique()]


def mean_by_years(scores: pd.DataFrame, target: str, score: str) -> dict[int, float]:
    """Years ahead -> mean over the Januaries forecast from of a score of this program's forecasts."""
    mean = of_ours(scores, target).groupby("ahead")[score].mean()
    return {int(str(ahead)): float(value) for ahead, value in mean.items()}


def by_size(table: pd.DataFrame, target: str, score: str) -> pd.DataFrame:
    """A score by third of the authorities: index size, columns years ahead."""
    return table[table["target"].eq(target)].pivot_table(index="size", columns="ahead", values=score)


def in_range(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each outcome lay in its range, as the scores of authorities count it."""
    return (rows["p10"] <= rows["actual"]) & (rows["actual"] <= rows["p90"])


def share_out(rows: pd.DataFrame) -> "pd.Series[float]":
    """How far each sum forecast was from what came, as a share of it: below 0 is too few."""
    return rows["forecast"] / rows["actual"] - 1


@dataclass(frozen=True)
class Standing:
    """How large an authority is among all."""

    year: int
    """January counted."""
    plans: int
    """Children with a plan, of every age or of school age."""
    fewer: int
    """Authorities that have fewer."""
    authorities: int
    third: str
    """Name of `SIZES`."""


def standing(plans_by_age: pd.DataFrame, la_code: str, target: str) -> Standing | None:
    """How large an authority is by its plans; None if it is not among those counted.

    Parameters
    ----------
    plans_by_age : la_code, year, age_from, age_to, children: as from `read_plans_by_age`
    target : where it is plans of school age, those are counted; otherwise all
    """
    year = int(plans_by_age["year"].max())
    rows = plans_by_age[plans_by_age["year"].eq(year)]
    if target == PLANS_5_15:
        rows = rows[rows["age_from"].ge(SCHOOL_AGES[0]) & rows["age_to"].le(SCHOOL_AGES[1])]
    plans = rows.groupby("la_code")["children"].sum()
    if la_code not in plans.index:
        return None
    third = dict(zip(plans.index, thirds(plans.to_numpy(dtype=float)), strict=True))[la_code]
    mine = plans[la_code]
    return Standing(year, int(mine), int(np.sum(plans < mine)), len(plans), str(third))
