"""The backtest of alternative provision: this method and simple rules, from each January, on the same authorities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.level import AGES
from forecast.ap.national import RULES, log_index, yearly
from forecast.ap.origins import HORIZONS, cells, forecast, januaries
from forecast.ap.panel import ApPanel
from forecast.ap.spreads import fit_spread, half_width, with_errors
from forecast.backtest.cells import OURS
from forecast.backtest.origins import CHOSEN_TO
from forecast.backtest.scores import SIZES, bias, inside, thirds, wape
from forecast.model.raking import Array

NO_CHANGE: Final = "no change"
NATIONAL, NATIONAL_YEAR = "England's growth", "England's growth, last year"
OWN_YEAR, OWN_THREE = "own growth, last year", "own growth, three years"
OWN_RATE: Final = "own rate held"
SAYS: Final[Mapping[str, str]] = {
    OURS: "England's path and, for what authorities pay for, a level drawn a tenth of the way towards England's rate.",
    NO_CHANGE: "The last figure.",
    NATIONAL: "The last figure, grown at the mean yearly growth of the sum of all authorities over every January up to "
    "then, undamped.",
    NATIONAL_YEAR: "The same with the growth of the last year alone.",
    OWN_YEAR: "The authority's own growth of the last year goes on; one child is added at both ends.",
    OWN_THREE: "The same over the last three years, or as many as were published.",
    OWN_RATE: "Children per resident aged 5 to 15 stay as they were; residents then known grow a year older each year.",
}
"""Method -> what it does, in the order of the card's tables."""
WHOLE: Final = "all"
"""Size of all authorities taken together."""
ENGLAND: Final = "England"
"""In the place of a size: the sum of the authorities."""


@dataclass(frozen=True, eq=False)
class ApBacktest:
    """Forecasts of past Januaries and their scores."""

    cells: pd.DataFrame
    """Of this program: series, origin, ahead, unit, now, forecast, p10, p90, actual, all in children; and shared, the
    half width of the shared part of the range, as a log."""
    scores: pd.DataFrame
    """series, method, origin, ahead, part, authorities, wape, bias."""
    coverage: pd.DataFrame
    """series, origin, ahead, size, hits, outcomes: how many of the outcomes the 80% range held."""


def ap_backtest(panel: ApPanel) -> ApBacktest:
    """Forecast every series from every January with what was known then, and score it on what came."""
    every = {(series, method): _cells(panel, series, method) for series in RULES for method in SAYS}
    ours = {series: with_ranges(every[series, OURS]) for series in RULES}
    scored = [_scores(table.assign(method=method)) for (_, method), table in every.items()]
    return ApBacktest(
        cells=pd.concat(ours.values(), ignore_index=True),
        scores=pd.concat(scored, ignore_index=True),
        coverage=pd.concat([_coverage(table) for table in ours.values()], ignore_index=True),
    )


def with_ranges(table: pd.DataFrame) -> pd.DataFrame:
    """Past forecasts of one series with p10 and p90, from spreads fitted without the January forecast from.

    Parameters
    ----------
    table : as `ap.origins.cells`
    """
    without = {year: fit_spread(table[table["origin"].ne(year)]) for year in table["origin"].unique()}
    parts = []
    for origin, ahead in table[["origin", "ahead"]].drop_duplicates().to_numpy().tolist():
        group = table[table["origin"].eq(origin) & table["ahead"].eq(ahead)]
        spread = without[origin]
        half = half_width(spread.common(ahead), spread.own(ahead, group["now"].to_numpy(dtype=float)))
        middle = group["forecast"].to_numpy(dtype=float)
        low, high = np.rint(middle * np.exp(-half)), np.rint(middle * np.exp(half))
        parts.append(group.assign(p10=low, p90=high, shared=half_width(spread.common(ahead), np.zeros(1))[0]))
    return pd.concat(parts, ignore_index=True)


def _cells(panel: ApPanel, series: str, method: str) -> pd.DataFrame:
    """One method's forecasts of one series from every January."""
    tables = []
    for origin in januaries(panel):
        known = panel.as_known(origin)
        made = forecast(known, series, HORIZONS[-1]) if method == OURS else rival(known, series, method)
        tables.append(cells(panel, series, origin, made))
    return pd.concat(tables, ignore_index=True)


def rival(known: ApPanel, series: str, method: str) -> pd.DataFrame:
    """A simple rule's forecast: index unit, columns years ahead.

    Parameters
    ----------
    known : nothing in it is later than the January forecast from
    method : one of `SAYS` that is not this program's
    """
    now = known.children[series].iloc[-1].dropna()
    return pd.DataFrame({ahead: now * _RULES[method](known, series, ahead) for ahead in HORIZONS})


def _no_change(known: ApPanel, series: str, ahead: int) -> Array:  # noqa: ARG001 - every rule is asked the same
    return np.ones(1)


def _national(years: int | None) -> Callable[[ApPanel, str, int], Array]:
    """The sum's mean growth over the last `years`, or over all there are."""

    def multiple(known: ApPanel, series: str, ahead: int) -> Array:
        index = log_index(known.children[series])
        used = index if years is None else index.iloc[-years - 1 :]
        return np.ones(1) * exp(ahead * yearly(used, pandemic=False))

    return multiple


def _own(years: int) -> Callable[[ApPanel, str, int], Array]:
    """The authority's growth over the last `years`, or as many as there are; as they were where it has none so old."""

    def multiple(known: ApPanel, series: str, ahead: int) -> Array:
        table = known.children[series]
        since = max(int(table.index[-1]) - years, int(table.index[0]))
        both = table.loc[[since, int(table.index[-1])]] + 1
        growth = np.log(both.iloc[-1] / both.iloc[0]) / (table.index[-1] - since)
        return np.exp(ahead * growth.fillna(0.0)[table.iloc[-1].notna()].to_numpy(dtype=float))

    return multiple


def _own_rate(known: ApPanel, series: str, ahead: int) -> Array:
    """How residents of the rate's ages grow, by the last estimate."""
    now = known.children[series].iloc[-1].dropna().index
    january = int(known.children[series].index[-1])
    then, later = (known.residents(year - 1, AGES).reindex(now) for year in (january, january + ahead))
    return np.asarray((later / then).fillna(1.0), dtype=float)


_RULES: Final[Mapping[str, Callable[[ApPanel, str, int], Array]]] = {
    NO_CHANGE: _no_change,
    NATIONAL: _national(None),
    NATIONAL_YEAR: _national(1),
    OWN_YEAR: _own(1),
    OWN_THREE: _own(3),
    OWN_RATE: _own_rate,
}


def _scores(table: pd.DataFrame) -> pd.DataFrame:
    """Error and bias by origin and horizon."""
    rows = []
    for key, group in table.groupby(["series", "method", "origin", "ahead"], sort=True):
        values = (group["forecast"].to_numpy(dtype=float), group["actual"].to_numpy(dtype=float))
        part = "choosing" if (group["origin"] + group["ahead"]).max() <= CHOSEN_TO else "test"
        rows.append((*key, part, len(group), wape(*values), bias(*values)))
    return pd.DataFrame(rows, columns=["series", "method", "origin", "ahead", "part", "authorities", "wape", "bias"])


def _coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Hits of the 80% range by origin, horizon and size, and of England's sum by the shared part of it."""
    rows = []
    for (series, origin, ahead), group in table.groupby(["series", "origin", "ahead"], sort=True):
        hit = inside(*(group[name].to_numpy(dtype=float) for name in ("p10", "p90", "actual")))
        size = thirds(group["now"].to_numpy(dtype=float))
        counted = {WHOLE: hit} | {name: hit[size == name] for name in SIZES}
        common = np.abs(with_errors(group)["common"].iloc[0]) <= group["shared"].iloc[0]
        counted |= {ENGLAND: np.array([float(common)])}
        rows += [(series, origin, ahead, name, int(hits.sum()), len(hits)) for name, hits in counted.items()]
    return pd.DataFrame(rows, columns=["series", "origin", "ahead", "size", "hits", "outcomes"])
