"""How much faster or slower than England each authority will grow: a ridge regression on its inflow and its place.

    z[h] = h^.8 (beta . x)      the mean of two regressions, a long and a short list of features

An example is an authority at an earlier census and a horizon whose outcome is known by now. Shorter horizons
teach the longer ones too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from forecast.model.raking import Array
from forecast.series.features import column, features
from forecast.series.level import level
from forecast.series.panel import Panel
from forecast.series.targets import ALTERNATIVE, INDEPENDENT, LONGEST, PLANS, PLANS_5_15, SPECIAL_STATE

_OF_PLANS: Final = (
    ("requests", "joining", "pending", "in_time", "prevalence", "mainstream_growth", "london"),
    ("requests", "joining", "prevalence"),
)
LISTS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    PLANS: _OF_PLANS,
    PLANS_5_15: _OF_PLANS,
    SPECIAL_STATE: (
        ("requests", "joining", "share", "share_to_neighbours", "independent", "plans_growth"),
        ("requests", "joining", "share_to_neighbours"),
    ),
    INDEPENDENT: (
        ("share_to_neighbours", "share", "population", "requests", "joining", "london", "in_time"),
        ("requests", "joining", "share_to_neighbours", "population"),
    ),
    ALTERNATIVE: (("share", "share_to_neighbours"),),
}
"""Series with a local term -> its lists of features; the others grow with England."""
ACTS_FROM: Final[Mapping[str, int]] = {ALTERNATIVE: 2}
"""Series -> first year ahead in which its local term acts, where nearer it gained less than 1% on past outcomes."""
CLIP: Final[Mapping[str, float]] = {
    PLANS: 0.25,
    PLANS_5_15: 0.25,
    SPECIAL_STATE: 0.3,
    INDEPENDENT: 0.8,
    ALTERNATIVE: 1.0,
}
"""Largest log departure from England that is learned from."""
PENALTY: Final = 60.0
"""Ridge penalty on slopes of standardised features."""
POWER: Final = 0.8
"""Departures grow as the horizon to this power."""
HALVED_EACH: Final = 2.0
"""Years between two horizons over which the weight of an example halves."""
FIRST_ORIGIN: Final = 2015
"""First census to learn from: nothing was published of requests and plans before the reform of 2014."""
REWEIGHTS: Final = 3
"""Times that examples far from the fit lose weight (Huber)."""
HUBER: Final = 1.345
"""Robust standard deviations beyond which they do."""


@dataclass(frozen=True)
class Examples:
    """What one census taught, with its outcome one horizon on."""

    ahead: int
    features: pd.DataFrame
    """Every feature: index unit."""
    departure: "pd.Series[float]"
    """Log growth over the level less the median authority's: index unit."""
    weight: "pd.Series[float]"
    """Root of the level, mean 1: index unit."""


def examples(panel: Panel, target: str, origin: int) -> list[Examples]:
    """What the census of January `origin` teaches about `target`, by all outcomes in `panel`."""
    past = panel.as_known(origin)
    start, known = level(past, target).children, features(past, target)
    found = []
    for ahead in range(1, min(LONGEST, panel.latest - origin) + 1):
        outcome = panel.at(target, origin + ahead)
        grown = (outcome / start).where(outcome > 0).transform(np.log).dropna()
        departure = (grown - grown.median()).clip(-CLIP[target], CLIP[target])
        weight = np.sqrt(start[departure.index])
        found.append(Examples(ahead, known.loc[departure.index], departure, weight / weight.mean()))
    return found


def local_terms(panel: Panel, target: str) -> pd.DataFrame:
    """Log growth of each authority beyond England's: index unit, columns 1 to `LONGEST` years ahead.

    Nothing where the target has no local term, or where no outcome is known yet to learn from.
    """
    if target not in LISTS or panel.latest <= FIRST_ORIGIN:
        return pd.DataFrame(0.0, index=panel.units, columns=range(1, LONGEST + 1))
    origins = range(max(FIRST_ORIGIN, panel.first), panel.latest)
    taught = [example for origin in origins for example in examples(panel, target, origin)]
    now = features(panel, target)
    terms = {}
    for ahead in range(1, LONGEST + 1):
        used = [example for example in taught if example.ahead <= ahead and len(example.departure)]
        if ahead < ACTS_FROM.get(target, 1) or not used:
            terms[ahead] = pd.Series(0.0, index=now.index)
            continue
        lists = [
            now[[column(name, ahead) for name in names]].to_numpy() @ slopes(used, names, ahead)
            for names in LISTS[target]
        ]
        terms[ahead] = pd.Series(ahead**POWER * np.mean(lists, axis=0), index=now.index)
    table = pd.DataFrame(terms)
    return table - table.median()


def slopes(taught: Sequence[Examples], names: Sequence[str], ahead: int) -> Array:
    """Slopes by ridge regression, standardised, with examples of nearer horizons counting more: (feature)."""
    x = np.concatenate([
        example.features[[column(name, example.ahead) for name in names]].to_numpy() for example in taught
    ])  # fmt: skip
    y = np.concatenate([example.departure.to_numpy() / example.ahead**POWER for example in taught])
    weight = np.concatenate([
        example.weight.to_numpy() * 0.5 ** ((ahead - example.ahead) / HALVED_EACH) for example in taught
    ])  # fmt: skip
    spread = np.sqrt(np.average(x**2, axis=0, weights=weight))
    scale = np.where(spread > 0, spread, 1.0)
    robust = weight
    for _ in range(1 + REWEIGHTS):
        fit = Ridge(alpha=PENALTY).fit(x / scale, y, sample_weight=robust)
        miss = np.abs(y - fit.predict(x / scale))
        usual = 1.4826 * np.median(miss)
        robust = weight * np.minimum(1.0, HUBER * usual / np.maximum(miss, 1e-12))
    return np.asarray(fit.coef_ / scale)
