"""What the choice of a school's size would have cost: the forecast against rules of thumb, five years on.

At January T a council settles how many state special places there are to be at T + 5. What a wrong number costs, and
which size is the cheapest, is in `places.size_rules`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.origins import Origin
from forecast.model.raking import Array
from forecast.places.size_rules import CHEAPEST, MIDDLE, THUMBS, by_thumb, cheapest_share, regret
from forecast.series.outlook import Outlook, futures
from forecast.series.targets import SPECIAL_STATE

FRACTILE: Final = cheapest_share()
AHEAD: Final = 5
ORIGINS: Final = range(2018, 2021)
DRAWS: Final = 200
SEED: Final = 1
RULES: Final[Mapping[str, str]] = {
    CHEAPEST: f"the size that demand exceeds with chance {1 - FRACTILE:.2f}, by this model's futures",
    MIDDLE: "the middle of this model's futures",
    **THUMBS,
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


def _chosen(made: Outlook, now: "pd.Series[float]") -> dict[str, Array]:
    """Places that each rule settles on: (authority)."""
    children = np.array(now, dtype=np.float64)
    drawn = [futures(made, SPECIAL_STATE, str(unit), DRAWS, SEED)[:, AHEAD - 1] for unit in now.index]
    return {
        CHEAPEST: np.quantile(drawn, FRACTILE, axis=1),
        MIDDLE: np.quantile(drawn, 0.5, axis=1),
        **by_thumb(children, AHEAD),
    }


def mean_regret(table: pd.DataFrame) -> pd.DataFrame:
    """Mean regret by origin and rule, in pounds a year and authority, and as a multiple of the cheapest size's."""
    mean = table.groupby(["origin", "rule"], sort=False)["regret"].mean().reset_index()
    best = mean[mean["rule"].eq(CHEAPEST)].set_index("origin")["regret"]
    return mean.assign(of_cheapest=mean["regret"] / mean["origin"].map(best))
