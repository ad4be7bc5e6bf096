"""At an earlier census, what would a size have been advised, and what came: by an authority's published figures.

What was forecast is the vintage-honest backtest of `models/england/backtest/replay.csv`: from each January the model
was fitted anew to what was known then, and never saw what came. It is of all the state special places of an
authority, of every need and age: published figures follow no need and no district for long enough to replay one.
Where a council counts its own children, `replay_counted` does.

One authority's luck is no evidence, so beside it stands how all of them would have fared by the same rule.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.errors import ForecastError
from forecast.inputs.backtest_tables import FOLDER
from forecast.inputs.bundled import bundled
from forecast.inputs.replay_table import read_replay
from forecast.model.raking import Array
from forecast.places.size_rules import CHEAPEST, EMPTY, MIDDLE, SHORT, by_thumb, cheapest_share, regret

LEVELS: Final[Mapping[str, float]] = {"p10": 0.1, "p50": 0.5, "p80": 0.8, "p90": 0.9}
"""Column of a forecast -> share of futures below it."""
ADVISED: Final[Mapping[str, str]] = {MIDDLE: "p50", "this model, P80": "p80", "this model, P90": "p90"}
"""Rule -> the column of the forecast that is its size."""
ONCE, EVER = "from the same January", "from every January"
"""Which forecasts of all authorities are taken together, each as many years ahead as the one replayed."""


class NoReplay(ForecastError):
    """Nothing can be replayed: too few censuses, a January that is not there, or one that has not come yet."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why}; {remedy}.")


@dataclass(frozen=True, eq=False)
class Replay:
    """One authority's state special places, as they would have been advised at an earlier January."""

    unit: str
    """Code of the authority; several with `+` between, where they are followed as one."""
    origin: int
    """January advised at."""
    ahead: int
    """Years until the places were wanted."""
    now: int
    """Children at the origin."""
    forecast: Mapping[str, int]
    """Column of `LEVELS` -> children of January `origin + ahead`."""
    came: int
    """Children who were counted then."""
    short: float
    """Pounds a year that a child too many is taken to cost."""
    empty: float
    """Pounds a year that a place too many is taken to cost."""
    advice: pd.DataFrame
    """A row a rule: rule, size (places), more (than children at the origin; below 0 is fewer), short (children without
    a place), empty (places), regret (pounds a year)."""
    elsewhere: pd.DataFrame
    """A row a rule and `ONCE` or `EVER`: which, rule, forecasts, share_short (0 to 1), short, empty (means), regret
    (mean, pounds a year): every authority that could be scored, this one too."""


def replay_published(
    la_code: str,
    origin: int,
    ahead: int,
    short: float = SHORT,
    empty: float = EMPTY,
    table: pd.DataFrame | None = None,
) -> Replay:
    """What would have been advised at January `origin` for `ahead` years on, and what came.

    Parameters
    ----------
    la_code : three-digit code
    short, empty : pounds a year that a child too many and a place too many cost, above 0
    table : rows as from `read_replay`; those that ship if left out

    Raises
    ------
    NoReplay
        The authority, the January or the horizon is not among those replayed, or a cost is not above 0.
    NoBacktest, InputFaults
        No table ships, or it is damaged.
    """
    if not (short > 0 and empty > 0):
        raise NoReplay("A size is the cheapest only where both mistakes cost something", "give costs above 0")
    known = _shipped() if table is None else table
    row = _row(known, la_code, origin, ahead)
    sizes = _regrets(known[known["ahead"].eq(ahead)], ahead, short, empty)
    mine = sizes["unit"].eq(row["unit"]) & sizes["origin"].eq(origin)
    return Replay(
        unit=str(row["unit"]),
        origin=origin,
        ahead=ahead,
        now=int(row["now"]),
        forecast={name: int(row[name]) for name in LEVELS},
        came=int(row["actual"]),
        short=short,
        empty=empty,
        advice=sizes.loc[mine, ["rule", "size", "more", "short", "empty", "regret"]].reset_index(drop=True),
        elsewhere=_fared({ONCE: sizes[sizes["origin"].eq(origin)], EVER: sizes}),
    )


def published_replays(la_code: str, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """What of an authority can be replayed: columns origin, ahead.

    Parameters
    ----------
    table : as for `replay_published`

    Raises
    ------
    NoReplay
        The authority is not among those replayed.
    """
    return _rows(_shipped() if table is None else table, la_code)[["origin", "ahead"]].reset_index(drop=True)


def quantile(table: pd.DataFrame, share: float) -> Array:
    """Children that a share of futures stays below, from the quantiles that are known: (row of `table`).

    On straight lines between those on the scale of a normal deviate against the logarithm (of children and one more),
    which futures nearly follow; the outermost lines go on.

    Parameters
    ----------
    table : the columns of `LEVELS`
    share : above 0 and below 1
    """
    at, wanted = np.array([NormalDist().inv_cdf(known) for known in LEVELS.values()]), NormalDist().inv_cdf(share)
    logs = np.log1p(table[list(LEVELS)].to_numpy(dtype=float))
    left = int(np.clip(np.searchsorted(at, wanted) - 1, 0, len(at) - 2))
    slope = (logs[:, left + 1] - logs[:, left]) / (at[left + 1] - at[left])
    return np.asarray(np.maximum(np.expm1(logs[:, left] + slope * (wanted - at[left])), 0))


def _shipped() -> pd.DataFrame:
    """The rows that ship with the England model."""
    return read_replay(bundled("models", "england") / FOLDER)


def _row(table: pd.DataFrame, la_code: str, origin: int, ahead: int) -> dict[Hashable, Any]:
    """The one forecast asked for."""
    mine = _rows(table, la_code)
    from_it = mine[mine["origin"].eq(origin)]
    if from_it.empty:
        why = f"Authority {la_code} has no sound published figure to replay from January {origin}"
        raise NoReplay(why, f"choose the January from {_listed(mine['origin'])}")
    found = from_it[from_it["ahead"].eq(ahead)]
    if found.empty:
        why = f"January {origin + ahead}, {ahead} years on from {origin}, {_gone(table, origin + ahead, ahead)}"
        raise NoReplay(why, f"choose the years ahead from {_listed(from_it['ahead'])}")
    return found.to_dict("records")[0]


def _gone(table: pd.DataFrame, year: int, ahead: int) -> str:
    """Why a forecast of January `year` cannot be set beside what came."""
    if year > int((table["origin"] + table["ahead"]).max()):
        return "has no published figure yet"
    if ahead not in set(table["ahead"]):
        return "was not forecast when past forecasts were tried out"
    return "has no sound published figure of this authority: too many placements were not recorded"


def _rows(table: pd.DataFrame, la_code: str) -> pd.DataFrame:
    """Rows of the authority, or of the larger one that it is followed in."""
    mine = table[[la_code in unit.split("+") for unit in table["unit"]]]
    if mine.empty:
        why = f"No past forecast of published figures is kept of an authority {la_code or 'without a code'}"
        raise NoReplay(why, "give la_code in area.toml as DfE numbers authorities today, or replay its own counts")
    return mine


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(set(numbers)))


def _regrets(table: pd.DataFrame, ahead: int, short: float, empty: float) -> pd.DataFrame:
    """Every rule's size in every row, and what it cost: unit, origin, rule, size, more, short, empty, regret."""
    now, came = (table[name].to_numpy(dtype=float) for name in ("now", "actual"))
    sizes = {CHEAPEST: quantile(table, cheapest_share(short, empty))}
    sizes |= {rule: table[column].to_numpy(dtype=float) for rule, column in ADVISED.items()}
    parts = []
    for rule, exact in (sizes | by_thumb(now, ahead)).items():
        size = np.rint(exact)
        costs = {
            "size": size.astype(int),
            "more": (size - now).astype(int),
            "short": np.maximum(came - size, 0).astype(int),
            "empty": np.maximum(size - came, 0).astype(int),
            "regret": regret(size, came, short, empty),
        }
        parts.append(table[["unit", "origin"]].assign(rule=rule, **costs))
    return pd.concat(parts, ignore_index=True)


def _fared(taken: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How each rule fared over many rows."""
    parts = []
    for which, sizes in taken.items():
        by_rule = sizes.assign(share_short=sizes["short"] > 0).groupby("rule", sort=False)
        means = by_rule[["share_short", "short", "empty", "regret"]].mean()
        parts.append(means.assign(which=which, forecasts=by_rule.size()).reset_index())
    table = pd.concat(parts, ignore_index=True)
    return table[["which", "rule", "forecasts", "share_short", "short", "empty", "regret"]]
