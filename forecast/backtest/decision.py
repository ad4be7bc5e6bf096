"""What the choice of a school's size would have cost: the forecast against rules of thumb, five years on.

At January T a council settles how many state special places there are to be at T + 5. Afterwards a child too many
is placed in an independent school, and a place too many stands empty. Regret is what that costs a year more than
the size that, as it turned out, would have been right. The cheapest size is the one that demand exceeds with
chance EMPTY / (EMPTY + SHORT): the newsvendor's fractile.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.origins import Origin
from forecast.model.raking import Array
from forecast.series.outlook import Outlook, futures
from forecast.series.targets import SPECIAL_STATE

SHORT: Final = 64_000 - 24_500
"""Pounds a year: an independent or non-maintained special place (DfE 2024/25) less a state special one (NAO 2024)."""
EMPTY: Final = 10_000 + 75_000 / 30
"""Pounds a year: place funding (high needs operational guide), and a new place's capital (DfE and councils) over 30
years: judgement."""
FRACTILE: Final = SHORT / (SHORT + EMPTY)
AHEAD: Final = 5
ORIGINS: Final = range(2018, 2021)
DRAWS: Final = 200
SEED: Final = 1
CHEAPEST: Final = "this model, cheapest size"
RULES: Final[Mapping[str, str]] = {
    CHEAPEST: f"the size that demand exceeds with chance {1 - FRACTILE:.2f}, by this model's futures",
    "this model, P50": "the middle of this model's futures",
    "last value + 10%": "a tenth more than at the latest census",
    "+3% a year": "three per cent more each year",
    "no change": "as many as at the latest census",
}
"""Rule -> what it says."""


def decisions(made_from: Sequence[tuple[Origin, Outlook]]) -> pd.DataFrame:
    """Regret of each rule in each authority: origin, rule, unit, chosen, needed (places), regret (pounds a year)."""
    tables = []
    for origin, made in made_from:
        if origin.year not in ORIGINS or AHEAD not in origin.horizons:
            continue
        now = origin.past.at(SPECIAL_STATE, origin.year)
        needed = origin.truth.at(SPECIAL_STATE, origin.year + AHEAD)
        units = now.index[now.notna() & needed.notna()]
        for rule, chosen in _chosen(made, now[units]).items():
            came = np.array(needed[units], dtype=np.float64)
            table = pd.DataFrame({"unit": units, "chosen": chosen, "needed": came, "regret": regret(chosen, came)})
            tables.append(table.assign(origin=origin.year, rule=rule))
    return pd.concat(tables, ignore_index=True)[["origin", "rule", "unit", "chosen", "needed", "regret"]]


def regret(chosen: Array, needed: Array) -> Array:
    """Pounds a year that a size costs more than the right one: (authority)."""
    return np.asarray(SHORT * np.maximum(needed - chosen, 0) + EMPTY * np.maximum(chosen - needed, 0))


def _chosen(made: Outlook, now: "pd.Series[float]") -> dict[str, Array]:
    """Places that each rule settles on: (authority)."""
    drawn = [futures(made, SPECIAL_STATE, str(unit), DRAWS, SEED)[:, AHEAD - 1] for unit in now.index]
    children = now.to_numpy(dtype=float)
    return {
        CHEAPEST: np.quantile(drawn, FRACTILE, axis=1),
        "this model, P50": np.quantile(drawn, 0.5, axis=1),
        "last value + 10%": np.asarray(1.1 * children),
        "+3% a year": np.asarray(1.03**AHEAD * children),
        "no change": np.asarray(children),
    }


def mean_regret(table: pd.DataFrame) -> pd.DataFrame:
    """Mean regret by origin and rule, in pounds a year and authority, and as a multiple of the cheapest size's."""
    mean = table.groupby(["origin", "rule"], sort=False)["regret"].mean().reset_index()
    best = mean[mean["rule"].eq(CHEAPEST)].set_index("origin")["regret"]
    return mean.assign(of_cheapest=mean["regret"] / mean["origin"].map(best))
