"""England's model of alternative provision: a path, ranges and rates for each setting, from every authority's rolls."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.level import AGES, LEAST, levels
from forecast.ap.national import RULES, SERIES_OF, log_index, national_path, yearly
from forecast.ap.origins import our_cells
from forecast.ap.panel import ApPanel
from forecast.ap.spreads import Spread, fit_spread
from forecast.domain import AGE_AT_RECEPTION, ALL, KEY_STAGES, ApSetting, KeyStage

YEARS: Final = 30
"""Years for which growth and spread are kept; past them both are held."""
BORROWED: Final = 1.5
"""Times the shared spread of AP schools that AP arranged by schools has: it borrows their growth, and one January of
its own shows nothing of how far that is out. Judgement."""


@dataclass(frozen=True, eq=False)
class ApFitted:
    """What every authority's rolls teach, as the tables that ship."""

    settings: pd.DataFrame
    """A row a setting: setting, series (whose growth it takes), counted (last January of authorities),
    england_counted (last January of England's own
    total), yearly (log growth of a year before it fades), lean (weight of
    England's rate in the level), rate (children per resident aged 5 to 15), scale (multiple that keeps the sum)."""
    growth: pd.DataFrame
    """setting, ahead (years after `counted`), log_growth (of England since then)."""
    spread: pd.DataFrame
    """setting, ahead, common_sd (years after `england_counted`); steady_sd and luck (years after the area's own last
    figure): an area of n children has own variance steady_sd^2 + luck / n; januaries (behind the common one)."""
    rates: pd.DataFrame
    """setting, key_stage, children (without a plan, England's last January by key stage), residents."""


def fit_ap(panel: ApPanel, england: pd.DataFrame, plan_shares: Mapping[ApSetting, float]) -> ApFitted:
    """England's model as of the last January of the panel.

    Parameters
    ----------
    england : England's totals, columns of `reference_ap.EnglandRolls`; those later than the panel's last January
        carry the path on
    plan_shares : setting -> share of children with a plan, for settings that are not counted by plan
    """
    spreads = {series: fit_spread(our_cells(panel, series)) for series in RULES}
    settings, growth, spread = [], [], []
    for setting, series in SERIES_OF.items():
        table = panel.children[series]
        counted = int(table.index[-1])
        index = extended(log_index(table), england_since(england, setting, counted))
        latest = counted if setting == ApSetting.SCHOOL_ARRANGED else int(index.index[-1])
        row: dict[str, object] = {"setting": setting.value, "series": series}
        row |= {"counted": counted, "england_counted": latest}
        settings.append(row | {"yearly": yearly(index, pandemic=RULES[series].pandemic)} | _lean(panel, series))
        growth.append(_growth(setting, index, counted, series))
        spread.append(_spread(setting, spreads[series]))
    rates = [_rates(panel, england, setting, plan_shares) for setting in ApSetting]
    return ApFitted(
        pd.DataFrame(settings),
        pd.concat(growth, ignore_index=True),
        pd.concat(spread, ignore_index=True),
        pd.concat(rates, ignore_index=True),
    )


def england_since(england: pd.DataFrame, setting: ApSetting, counted: int) -> "pd.Series[float]":
    """Log growth of England's total from January `counted` to each later January that is told: index year.

    Both ends are of one definition, as definitions change between releases: where January `counted` is told twice, the
    row of the same source or, failing that, as surely known as the later one. AP arranged by schools takes the growth
    of AP schools.
    """
    whose = ApSetting.AP_SCHOOL if setting == ApSetting.SCHOOL_ARRANGED else setting
    rows = england[(england["setting"] == whose) & (england[["plan", "reason", "key_stage"]] == ALL).all(axis=1)]
    then = rows[rows["year"] == counted]
    since = {
        int(later["year"]): np.log(later["children"] / _alike(then, later))
        for later in rows[rows["year"] > counted].to_dict("records")
    }
    return pd.Series(since, dtype=float).sort_index()


def _alike(then: pd.DataFrame, later: Mapping[Hashable, object]) -> float:
    """Children of the earlier January by the definition of a later row."""
    order = then.assign(source=then["source"] != later["source"], verified=then["verified"] != later["verified"])
    return float(order.sort_values(["source", "verified"], kind="stable")["children"].iloc[0])


def extended(index: "pd.Series[float]", since: "pd.Series[float]") -> "pd.Series[float]":
    """England's log index with the Januaries after its last.

    Parameters
    ----------
    index : as `national.log_index`
    since : as `england_since`
    """
    return pd.concat([index, index.iloc[-1] + since]) if len(since) else index


def _growth(setting: ApSetting, index: "pd.Series[float]", counted: int, series: str) -> pd.DataFrame:
    """Growth of each year after the last January of authorities: what was counted of England, then the path."""
    known = (index.loc[counted + 1 :] - index[counted]).to_numpy(dtype=float)
    onward = (index.iloc[-1] - index[counted]) + national_path(index, series, YEARS - len(known))
    ahead = np.arange(1, YEARS + 1)
    return pd.DataFrame({"setting": setting.value, "ahead": ahead, "log_growth": np.concatenate([known, onward])})


def _spread(setting: ApSetting, spread: Spread) -> pd.DataFrame:
    """Spread of a setting by years ahead."""
    wider = BORROWED if setting == ApSetting.SCHOOL_ARRANGED else 1.0
    ahead = range(1, YEARS + 1)
    variance = np.array([spread.own(each, np.array([np.inf]))[0] ** 2 for each in ahead])
    return pd.DataFrame(
        {
            "setting": setting.value,
            "ahead": list(ahead),
            "common_sd": [wider * spread.common(each) for each in ahead],
            "steady_sd": np.sqrt(variance),
            "luck": variance * spread.luck / spread.steady,
            "januaries": spread.januaries,
        }
    )


def _lean(panel: ApPanel, series: str) -> dict[str, float]:
    """Weight of England's rate in the level, that rate, and what keeps the sum."""
    table, lean = panel.children[series], RULES[series].lean
    now = table.iloc[-1].dropna()
    residents = panel.residents(int(table.index[-1]) - 1, AGES).reindex(now.index)
    rate = float(now.sum() / residents.sum())
    own = now.clip(lower=LEAST)
    unscaled = own * (rate * residents / own) ** lean
    return {"lean": lean, "rate": rate, "scale": float(levels(now, residents, lean).sum() / unscaled.sum())}


def _rates(
    panel: ApPanel, england: pd.DataFrame, setting: ApSetting, plan_shares: Mapping[ApSetting, float]
) -> pd.DataFrame:
    """Children without a plan on England's last January roll by key stage, in the mix of all its children."""
    own = england[(england["setting"] == setting) & (england["reason"] == ALL)]
    by_stage = own[(own["key_stage"] != ALL) & (own["plan"] == ALL)]
    year = int(by_stage["year"].max())
    of_year = by_stage[by_stage["year"] == year].set_index("key_stage")["children"]
    stages = [stage.value for stage in KeyStage]
    mix = of_year.reindex(stages).fillna(0).to_numpy(dtype=float)
    whole = own[(own["year"] == year) & (own["key_stage"] == ALL)]
    counted = whole.loc[whole["plan"] == "without", "children"]
    everyone = float(mix.sum())
    without = float(counted.iloc[0]) if len(counted) else everyone * (1 - plan_shares[setting])
    residents = [
        panel.residents(year - 1, [group + AGE_AT_RECEPTION for group in groups]).sum()
        for groups in KEY_STAGES.values()
    ]
    children = without * mix / mix.sum()
    return pd.DataFrame({"setting": setting.value, "key_stage": stages, "children": children, "residents": residents})
