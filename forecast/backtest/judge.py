"""Scores of a backtest, a row a target, method, origin and horizon, and the gates that this method has to pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest import scores
from forecast.backtest.cells import OURS
from forecast.backtest.origins import CHOSEN_TO
from forecast.series.panel import Panel
from forecast.series.targets import ALTERNATIVE, BASE, HORIZONS, PLANS, PLANS_5_15, SPECIAL_STATE, TARGETS

POOLED: Final = "pooled growth"
"""The benchmark that must not be lost to."""
RECENT: Final = 2018
"""First origin of the gates on a level."""
BY: Final = ["target", "method", "origin", "ahead"]
SEED: Final = 1


@dataclass(frozen=True)
class Gate:
    """A bar set before the backtest was run."""

    name: str
    target: str
    ahead: int | None
    """None where all horizons are taken together."""
    value: float
    low: float
    high: float

    @property
    def passed(self) -> bool:
        """Whether the value lies within the bar."""
        return self.low <= self.value <= self.high


LEVELS: Final[Mapping[str, tuple[float, ...]]] = {
    PLANS: (0.034, 0.055, 0.071, 0.097),
    SPECIAL_STATE: (0.035, 0.051, 0.064, 0.088),
}
"""Highest WAPE at each horizon, over origins from `RECENT`."""
SCHOOL_AGE_AT_5: Final = 0.125
LOOSE: Final = (BASE, ALTERNATIVE)
"""Series whose coverage may range wider."""
BETTER_BY: Final = 0.05
"""Share by which the best single rival must be beaten at 3 and 5 years, in plans and state special schools."""
NEAR: Final = 1.02
"""Most that the error may be of pooled growth's at 1 and 2 years."""


def score(cells: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Every score by target, method, origin and horizon: `BY`, part, authorities and a column a score.

    `part` is `choosing` where the outcome was looked at while the method was chosen, else `test`. Columns of
    ranges are missing for rivals, which have none.
    """
    rows = []
    for _, group in cells.groupby(BY, sort=True):
        target, method, origin, ahead = group[BY].iloc[0].tolist()
        forecast, actual = group["forecast"].to_numpy(), group["actual"].to_numpy()
        past = panel.children[target].loc[:origin, group["unit"]].to_numpy()
        row = {
            "target": target,
            "method": method,
            "origin": origin,
            "ahead": ahead,
            "part": "choosing" if origin + ahead <= CHOSEN_TO else "test",
            "authorities": len(group),
            "wape": scores.wape(forecast, actual),
            "bias": scores.bias(forecast, actual),
            "mase": scores.mase(forecast, actual, past),
            "far_out": scores.far_out(forecast, actual),
        }
        if group["p10"].notna().all():
            row |= _range_scores(group)
        rows.append(row)
    return pd.DataFrame(rows)


def _range_scores(group: pd.DataFrame) -> dict[str, float]:
    """Scores of ranges."""
    actual, forecast = group["actual"].to_numpy(), group["forecast"].to_numpy()
    low, high = group["p10"].to_numpy(), group["p90"].to_numpy()
    return {
        "coverage_80": scores.coverage(low, high, actual),
        "coverage_95": scores.coverage(group["p025"].to_numpy(), group["p975"].to_numpy(), actual),
        "own_coverage_80": float(np.mean(own_inside(group))),
        "width_80": scores.width(low, high, forecast),
        "crps": float(group["crps"].sum() / actual.sum()),
        "pinball_10": float(scores.pinball(low, actual, 0.1).sum() / actual.sum()),
        "pinball_90": float(scores.pinball(high, actual, 0.9).sum() / actual.sum()),
    }


def own_inside(group: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each authority's departure from the median authority's error lay in its own 80% range: (cell).

    Of one origin and horizon. A count of none has no logarithm, and counts as half a child.
    """
    error = np.log(np.maximum(group["actual"].to_numpy(), _HALF) / np.maximum(group["forecast"].to_numpy(), _HALF))
    apart = error - np.median(error)
    return (group["own10"].to_numpy() <= apart) & (apart <= group["own90"].to_numpy())


_HALF: Final = 0.5


def mean_wape(scored: pd.DataFrame, first: int) -> pd.DataFrame:
    """Mean over origins from `first`: index (target, method), columns ahead."""
    rows = scored[scored["origin"] >= first]
    return rows.pivot_table(index=["target", "method"], columns="ahead", values="wape", aggfunc="mean")


def gates(scored: pd.DataFrame, cells: pd.DataFrame) -> list[Gate]:
    """Every gate with its value."""
    ours = cells[cells["method"].eq(OURS)]
    return [*_against_pooled(scored), *_against_best(scored), *_levels(scored), *_coverage(ours, scored)]


def _against_pooled(scored: pd.DataFrame) -> Iterable[Gate]:
    """The error as a share of pooled growth's, over all origins."""
    mean = mean_wape(scored, 0)
    for target in TARGETS:
        for ahead in HORIZONS:
            of_ahead = mean[ahead]
            ratio = float(of_ahead[target, OURS] / of_ahead[target, POOLED])
            yield Gate("error to pooled growth's", target, ahead, ratio, 0.0, 1.0 if ahead >= _FAR else NEAR)


_FAR: Final = 3


def _against_best(scored: pd.DataFrame) -> Iterable[Gate]:
    """The error as a share of the best single rival's, among rivals that have every origin."""
    for target in (PLANS, SPECIAL_STATE):
        for ahead in (3, 5):
            rows = scored[scored["target"].eq(target) & scored["ahead"].eq(ahead)]
            table = rows.pivot_table(index="origin", columns="method", values="wape")
            rivals = table.drop(columns=[OURS])
            best = rivals.mean()[rivals.notna().all()].idxmin()
            ratio = table[OURS].mean() / table[best].mean()
            yield Gate(f"error to the best rival's ({best})", target, ahead, ratio, 0.0, 1 - BETTER_BY)


def _levels(scored: pd.DataFrame) -> Iterable[Gate]:
    """The error itself, on recent origins."""
    mean = mean_wape(scored, RECENT)
    for target, limits in LEVELS.items():
        for ahead, limit in zip(HORIZONS, limits, strict=True):
            value = float(mean[ahead][target, OURS])
            yield Gate(f"error, origins from {RECENT}", target, ahead, value, 0.0, limit)
    value = float(mean[5][PLANS_5_15, OURS])
    yield Gate(f"error, origins from {RECENT}", PLANS_5_15, 5, value, 0.0, SCHOOL_AGE_AT_5)


def _coverage(ours: pd.DataFrame, scored: pd.DataFrame) -> Iterable[Gate]:
    """Share of outcomes within the 80% range: of all, by horizon, and of departures from England."""
    mine = scored[scored["method"].eq(OURS)]
    for target in TARGETS:
        low, high = (0.72, 0.88) if target in LOOSE else (0.76, 0.86)
        of_target = mine[mine["target"].eq(target)]
        yield Gate("coverage of the 80% range", target, None, of_target["coverage_80"].mean(), low, high)
        for ahead in HORIZONS:
            rows = ours[ours["target"].eq(target) & ours["ahead"].eq(ahead)]
            hits = scores.inside(rows["p10"].to_numpy(), rows["p90"].to_numpy(), rows["actual"].to_numpy())
            least, most = scores.coverage_interval(hits, rows["origin"].to_numpy(), SEED)
            # the bar is that .80 lies between them
            yield Gate("lowest coverage, origins drawn again", target, ahead, least, 0.0, 0.8)
            yield Gate("highest coverage, origins drawn again", target, ahead, most, 0.8, 1.0)
            own = of_target.loc[of_target["ahead"].eq(ahead), "own_coverage_80"].mean()
            yield Gate("coverage of departures from England", target, ahead, own, 0.76, 0.84)


def shelf_lives(scored: pd.DataFrame) -> pd.DataFrame:
    """Years until a fifth of authorities are more than a tenth out: target, method, years."""
    rows = []
    for (target, method), group in scored.groupby(["target", "method"]):
        far = group.groupby("ahead")["far_out"].mean()
        rows.append((target, method, scores.shelf_life(list(far.index), far.to_list())))
    return pd.DataFrame(rows, columns=["target", "method", "years"])


def by_size(cells: pd.DataFrame) -> pd.DataFrame:
    """Error and coverage of small, middling and large authorities: target, ahead, size, cells, wape, coverage_80."""
    ours, rows = cells[cells["method"].eq(OURS)], []
    for (target, ahead), group in ours.groupby(["target", "ahead"]):
        size = scores.thirds(group["now"].to_numpy())
        for name in scores.SIZES:
            mine = group[size == name]
            held = scores.coverage(mine["p10"].to_numpy(), mine["p90"].to_numpy(), mine["actual"].to_numpy())
            error = scores.wape(mine["forecast"].to_numpy(), mine["actual"].to_numpy())
            rows.append((target, ahead, name, len(mine), error, held))
    return pd.DataFrame(rows, columns=["target", "ahead", "size", "cells", "wape", "coverage_80"])
