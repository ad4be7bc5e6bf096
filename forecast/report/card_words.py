"""Words and tables of the card: what a method is called, how a share is said, a table in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.cells import OURS
from forecast.backtest.judge import POOLED
from forecast.backtest.run import COHORT
from forecast.series.targets import ALTERNATIVE, BASE, INDEPENDENT, PLANS, PLANS_5_15, SPECIAL_ALL, SPECIAL_STATE

METHODS: Final[Mapping[str, str]] = {
    OURS: "this model",
    "naive": "no change",
    "drift": "own yearly steps",
    "own growth": "own growth",
    POOLED: "England's growth",
    COHORT: "ages moved on",
    "damped ETS": "damped ETS",
    "damped Holt": "damped Holt",
    "AutoARIMA": "AutoARIMA",
    "Theta": "Theta",
}
"""Method -> what the card calls it, in the order of its tables."""
RULES: Final = ("naive", "drift", "own growth")
"""What a council would use otherwise: it needs a pencil and no program."""
CHILDREN: Final[Mapping[str, str]] = {
    PLANS: "children with a plan",
    PLANS_5_15: "children aged 5 to 15 with a plan",
    SPECIAL_STATE: "children in state special schools",
    SPECIAL_ALL: "children in special schools of every kind",
    INDEPENDENT: "children in independent special schools",
    BASE: "children in bases",
    ALTERNATIVE: "children with a plan in alternative provision",
}
"""Target -> whom it counts."""
NUMBERS: Final[Mapping[int, str]] = {1: "one year", 2: "two years", 3: "three years", 5: "five years"}
UNKNOWN: Final = "-"
"""Cell of a table where there is no figure."""
_WHOLE_FROM: Final = 0.0995
"""A share from which on its per cent are whole."""


def percent(share: float) -> str:
    """A share in words: "14%", and to a tenth under ten: "3.3%"; `UNKNOWN` where there is none."""
    if not np.isfinite(share):
        return UNKNOWN
    return f"{share:.0%}" if abs(share) >= _WHOLE_FROM else f"{share:.1%}"


def in_100(share: float) -> str:
    """A share as so many of a hundred: "77 times in 100"."""
    return f"{share * 100:.0f} times in 100"


def too_few_or_many(bias: float) -> str:
    """A log bias with its side: "31% too few", "2.0% too many"."""
    share = float(np.expm1(bias))
    return f"{percent(abs(share))} too {'few' if share < 0 else 'many'}"


def ahead_words(ahead: float) -> str:
    """Years ahead in words; all of them where it is missing."""
    return "all years ahead" if np.isnan(ahead) else NUMBERS[int(ahead)]


def means(scores: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean of a score over the Januaries forecast from: index (target, method), columns ahead.

    Missing where the method has no score from one of them, so that all means are of the same Januaries.
    """
    wide = scores.pivot(index=["target", "method"], columns=["ahead", "origin"], values=column)
    return wide.T.groupby(level="ahead").mean(skipna=False).T


def mean_of(table: pd.DataFrame, target: str, method: str, ahead: int) -> float:
    """One number of `means`; missing where the method has none there."""
    return float(table[ahead].get((target, method), np.nan))


def best_other(errors: "pd.Series[float]") -> str:
    """The method other than ours with the least error: index method; those without one are left out."""
    return str(errors.drop(OURS).dropna().idxmin())


def listed(parts: Sequence[str]) -> str:
    """Words with commas and a last "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def points(said: Mapping[str, str]) -> str:
    """A list, each point with its start in bold."""
    return "\n".join(f"- **{start}** {rest}" for start, rest in said.items())


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]], texts: int = 1) -> str:
    """A table: the first columns, `texts` of them, to the left, the others to the right."""
    marks = [*["---"] * texts, *["---:"] * (len(header) - texts)]
    lines = [header, marks, *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(cell: object) -> str:
    """A cell on one line, its bars kept from parting it."""
    return " ".join(str(cell).split()).replace("|", "\\|")
