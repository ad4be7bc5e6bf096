"""What the card is made from: the tables of a backtest as they ship, short enough to read and to keep in git."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest import scores as formulas
from forecast.backtest.cells import OURS
from forecast.backtest.decision import mean_regret
from forecast.backtest.judge import BY, by_size, gates, score, shelf_lives
from forecast.backtest.run import Backtest
from forecast.series.panel import Panel
from forecast.series.targets import SPECIAL_STATE

DIGITS: Final = 5
"""Significant digits of a score."""
CHILDREN_DECIMALS: Final = 1
"""Decimals of children in England and its regions."""

WHOLE: Final = ("now", "p10", "p50", "p80", "p90", "actual")
"""Columns of `replay` in whole children: at the origin, forecast, and what came. Shares of those not recorded are in
them, so they were fractions."""


@dataclass(frozen=True)
class CardTables:
    """Every number that the card says. A row is a target and what else the columns name first."""

    scores: pd.DataFrame
    """`judge.score`: target, method, origin, ahead, part, authorities, and a column a score."""
    gates: pd.DataFrame
    """`judge.gates`: name, target, ahead (missing where all are taken together), value, low, high, passed."""
    by_size: pd.DataFrame
    """`judge.by_size`: target, ahead, size, cells, wape, coverage_80, coverage_95."""
    shelf_life: pd.DataFrame
    """`judge.shelf_lives`: target, method, years."""
    england_and_regions: pd.DataFrame
    """`cells.summed_cells`: target, region, origin, ahead, forecast, p10, p90, actual, in children."""
    nothing_left_out: pd.DataFrame
    """Error where no authority is left out: target, method, origin, ahead, authorities, wape."""
    left_out: pd.DataFrame
    """Figures that were not used: unit, authority, target, year, reason."""
    decisions: pd.DataFrame
    """`decision.mean_regret`: origin, rule, regret (pounds a year and authority), of_cheapest."""
    ages: pd.DataFrame
    """`ages.age_scores`: method, provision, authorities, wape."""
    replay: pd.DataFrame
    """State special schools, authority by authority: unit, origin, ahead, and `WHOLE` of the children."""


def card_tables(found: Backtest, panel: Panel, names: Mapping[str, str]) -> CardTables:
    """Score a backtest and round what is said of it, so that the card is the same when made again from its files.

    Parameters
    ----------
    panel : what the backtest was made from
    names : three-digit code -> name of the authority
    """
    scored = score(found.cells, panel)
    bars = [vars(gate) | {"passed": gate.passed} for gate in gates(scored, found.cells)]
    inner, outer = by_size(found.cells), by_size(_outer(found.cells))
    return CardTables(
        scores=short(scored),
        gates=short(pd.DataFrame(bars).astype({"ahead": float})),
        by_size=short(inner.assign(coverage_95=outer["coverage_80"])),
        shelf_life=short(shelf_lives(scored)),
        england_and_regions=found.summed.round(CHILDREN_DECIMALS),
        nothing_left_out=short(_errors(found.unfiltered)),
        left_out=_named(found.left_out, names),
        decisions=short(mean_regret(found.decisions)),
        ages=short(found.ages),
        replay=_replayed(found.cells),
    )


def short(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with its fractions to `DIGITS` significant digits."""
    fractions = table.select_dtypes("float")
    return table.assign(**{str(name): [_short(value) for value in cells] for name, cells in fractions.items()})


def _short(value: float) -> float:
    """A number to `DIGITS` significant digits; one that is missing or without end stays so."""
    return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else value


def _outer(cells: pd.DataFrame) -> pd.DataFrame:
    """The same with the 95% range in the place of the 80% one."""
    return cells.assign(p10=cells["p025"], p90=cells["p975"])


def _errors(cells: pd.DataFrame) -> pd.DataFrame:
    """The error alone, by target, method, origin and horizon."""
    rows = [
        (*key, len(group), formulas.wape(group["forecast"].to_numpy(), group["actual"].to_numpy()))
        for key, group in cells.groupby(BY, sort=True)
    ]
    return pd.DataFrame(rows, columns=[*BY, "authorities", "wape"])


def _replayed(cells: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of state special schools by this method beside what came, in whole children."""
    ours = cells[cells["method"].eq(OURS) & cells["target"].eq(SPECIAL_STATE)].rename(columns={"forecast": "p50"})
    table = ours.sort_values(["unit", "origin", "ahead"])[["unit", "origin", "ahead", *WHOLE]].reset_index(drop=True)
    return table.assign(**{name: np.rint(table[name]).astype(int) for name in WHOLE})


def _named(left_out: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """With the name of each authority; of those that are followed as one, both."""
    said = left_out["unit"].map(lambda unit: " and ".join(names[code] for code in str(unit).split("+")))
    table = left_out.assign(authority=said.astype("str"))
    return table[["unit", "authority", "target", "year", "reason"]]
