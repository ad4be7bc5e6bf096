"""What is known of an authority that says whether it will grow faster or slower than England.

Its own past growth is mostly noise; what flows in, and how it stands beside its neighbours, is not.
"""

from typing import Final

import numpy as np
import pandas as pd

from forecast.series.panel import Panel
from forecast.series.targets import INDEPENDENT, LONGEST, MAINSTREAM, PLANS, SPECIAL_STATE

AGES_WITH_PLANS: Final = slice(2, 24)
"""Ages of the residents to whom plans are related."""
SCHOOL_AGES: Final = slice(5, 18)
LEAST_SHARE: Final = 0.003
"""Share of plans below which a series is as good as absent: a third of what alternative provision has in England."""
LONDON: Final = range(201, 321)
"""Three-digit codes of London's authorities."""
FEATURES: Final = {
    "requests": "requests for an assessment that were not refused, to plans (log)",
    "joining": "new plans to plans",
    "pending": "requests neither refused nor yet a new plan, to plans",
    "in_time": "share of new plans issued within 20 weeks",
    "prevalence": "plans per resident, to statistical neighbours (log)",
    "mainstream_growth": "last year's growth of plans in mainstream",
    "plans_growth": "last year's growth of all plans",
    "share": "the series' share of plans (log odds)",
    "share_to_neighbours": "the same, to statistical neighbours",
    "independent": "independent to state special (log)",
    "population": "growth of the population of school age, aged on",
    "london": "whether in London",
}
"""Feature -> its meaning."""


def features(panel: Panel, target: str) -> pd.DataFrame:
    """Every feature of every authority for the forecast of `target`, centred on the median: index unit.

    What is missing counts as the median: 0; so does all of an authority without plans, which may be one that only
    comes later. `population` has a column a horizon: see `column`.
    """
    year = panel.latest
    plans = panel.at(PLANS, year)
    requests, refused, new, issued, in_time = (
        panel.at(name, year) for name in ("requests", "refused", "new_plans", "issued", "issued_in_20_weeks")
    )
    share = _log_odds(panel.at(target, year) / plans)
    prevalence = (plans / panel.residents(year).loc[:, AGES_WITH_PLANS].sum(axis=1)).transform(np.log)
    table = pd.DataFrame({
        "requests": np.log((requests - refused + 5).clip(lower=1) / plans),
        "joining": (new / plans).clip(upper=0.6),
        "pending": (requests - refused - new) / plans,
        "in_time": in_time / issued.where(issued > 0),
        "prevalence": prevalence - of_neighbours(panel, prevalence),
        "mainstream_growth": _last_growth(panel, MAINSTREAM),
        "plans_growth": _last_growth(panel, PLANS),
        "share": share,
        "share_to_neighbours": share - of_neighbours(panel, share),
        "independent": np.log((panel.at(INDEPENDENT, year) + 1) / (panel.at(SPECIAL_STATE, year) + 1)),
        **{column("population", ahead): _population_growth(panel, ahead) for ahead in range(1, LONGEST + 1)},
        "london": pd.Series([float(code.isdigit() and int(code) in LONDON) for code in plans.index], plans.index),
    })  # fmt: skip
    finite = table.where(np.isfinite(table))[plans.notna()]
    return (finite - finite.median()).reindex(plans.index).fillna(0.0)


def column(feature: str, ahead: int) -> str:
    """Column of a feature for a forecast `ahead` years on."""
    return f"{feature}_{ahead}" if feature == "population" else feature


def of_neighbours(panel: Panel, values: "pd.Series[float]") -> "pd.Series[float]":
    """Mean of each unit's statistical neighbours that have a figure."""
    near = panel.neighbours.reindex(index=values.index, columns=values.index, fill_value=0.0)
    finite = values.where(np.isfinite(values))
    counted = near @ finite.notna().astype(float)
    return (near @ finite.fillna(0.0)) / counted.where(counted > 0)


def _last_growth(panel: Panel, name: str) -> "pd.Series[float]":
    """Log growth over the last year, none more than a half."""
    now, before = panel.at(name, panel.latest), panel.at(name, panel.latest - 1)
    both = (now > 0) & (before > 0)
    return (now.where(both) / before.where(both)).transform(np.log).clip(-0.5, 0.5)


def _population_growth(panel: Panel, ahead: int) -> "pd.Series[float]":
    """Log growth of residents of school age over the next `ahead` years."""
    now, then = (panel.residents(year).loc[:, SCHOOL_AGES].sum(axis=1) for year in (panel.latest, panel.latest + ahead))
    return (then / now).transform(np.log)


def _log_odds(share: "pd.Series[float]") -> "pd.Series[float]":
    """Log odds of a share, none taken as less than `LEAST_SHARE` or more than .99."""
    held = share.clip(LEAST_SHARE, 0.99)
    return (held / (1 - held)).transform(np.log)
