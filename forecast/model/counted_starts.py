"""First plans of an area that counts its own children: how many, of whom, and where they are placed."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from forecast.domain import PHASES
from forecast.model.accounts import mix
from forecast.model.counted_flows import Counted
from forecast.model.counted_rates import doubt_of_starting, effective, starting
from forecast.model.growth import damped
from forecast.model.local import WEIGHT, relative_level
from forecast.model.pooling import Doubt, Grouping, pooled_rates
from forecast.model.raking import Array

DAMPING: Final = 0.85
"""Part of a year's growth of England's new plans that is left in the next: as the assumption `start_damping` has it."""
OLDEST: Final = 40
"""Years before the latest census that a count may be of."""
LEVEL_YEARS: Final = 3
"""Years whose mean is half of the level of first plans; the latest alone is the other half."""
TERMS: Final = ("area", "lean", "level", "own")
"""Fields of `pooling.Doubt`, as labels of the axis `term`."""
CELL: Final = ("district", "need", "nc_year", "provision")
Found = dict[str, Any]
"""Variables of a dataset: name -> its axes and values."""


def all_years(area: Counted, begun: Mapping[int, Array]) -> Array:
    """First plans of all years, recent ones counting more: (district, need, nc_year, provision)."""
    weights = area.weights(list(begun))
    return np.asarray(np.sum([weights[year] * starts for year, starts in begun.items()], axis=0))


def counted_starts(area: Counted, lent: xr.Dataset, begun: Mapping[int, Array], net: Array, history: Array) -> Found:
    """First plans per resident, and the doubt about them.

    The counts of all years say who starts, each year's as a share of its own total; how many is the level of the
    latest year and of three, against England's.

    Parameters
    ----------
    lent : see `lending_shared.shared_among`
    begun : January -> first plans by (district, need, nc_year, provision)
    net : (need, nc_year)
        Children recorded anew with a need, less those who left it.
    history : see `england_starts`
    """
    theirs, now = lent["start_rate"].to_numpy(), area.residents.sel(year=area.year).to_numpy()
    starts, weights, levels = all_years(area, begun).sum(axis=3), area.weights(list(begun)), []
    exposure = np.zeros((len(starts), starts.shape[2]))
    for year, counts in begun.items():
        people = area.residents.sel(year=year).to_numpy()
        expected = float((theirs * people.sum(axis=0)).sum())
        exposure[:-1] += weights[year] * people * counts.sum() / expected
        usual = history[area.year - year]
        levels.append((counts.sum() + WEIGHT * usual) / (expected + WEIGHT) / usual)
    level = (levels[-1] + np.mean(levels[-LEVEL_YEARS:])) / 2 * history[0]
    rate = starting(starts, exposure, theirs)
    rates = effective(rate.districts[:-1], starts.sum(axis=0), net)
    rates = rates * (level * (theirs * now.sum(axis=0)).sum() / (rates * now[:, None]).sum())
    doubt = doubt_of_starting(
        starts, exposure, rate.area, theirs, _of_level([starts.sum() for starts in begun.values()])
    )
    return {
        "start_rate": (CELL[:-1], rates),
        "doubt_starts": (("term", "district", "phase"), terms(doubt, (len(now), len(PHASES)))),
    }


def _of_level(totals: list[float]) -> float:
    """Variance of the logarithm of the level of first plans, by the luck of each year's total."""
    last = totals[-LEVEL_YEARS:]
    shares = np.array([0.5 / len(last)] * len(last))
    shares[-1] += 0.5
    return float((shares**2 / (np.array(last) + WEIGHT)).sum())


def lent_starts(lent: xr.Dataset, stock: Array, usual: Array) -> Found:
    """England's first plans at the area's own level, which its stock tells: of need, of district and of places.

    Parameters
    ----------
    usual : like `stock`
        What England's rates would give.
    """
    chain = (Grouping(weight=WEIGHT), Grouping(need=True, weight=WEIGHT), Grouping(district=True, weight=WEIGHT))
    held, expected = (table.sum(axis=3, keepdims=True) for table in (stock, usual))
    ratio = pooled_rates(held, expected, np.ones((1, 1, 1, 1)), chain[: 2 if len(stock) == 1 else 3])[..., 0]
    places = relative_level(stock.sum(axis=0), lent["stock"].to_numpy())
    return {
        "start_rate": (CELL[:-1], lent["start_rate"].to_numpy() * ratio),
        "start_mix": (CELL[1:], mix(lent["start_mix"].to_numpy() * places)),
    }


def england_starts(england: xr.Dataset, year: int) -> Array:
    """England's new plans a year over those of its model's year: this January's first, then the earlier ones'.

    A January later than the model's has its damped growth; one before the first known has that one's.
    """
    known = england["start_history"].to_series()
    trend = float((england["start_trend"] * england["start_rate"].sum("need")).sum() / england["start_rate"].sum())
    last = int(england.attrs["year"])
    later = np.exp(np.concatenate([[0.0], damped(trend, DAMPING, max(year - last, 0))]))
    ahead = {last + gap: float(growth) for gap, growth in enumerate(later)}
    first = int(known.index.min())
    earlier = {int(at): float(known[at] / known[last]) for at in known.index if at <= last}
    return np.array([(earlier | ahead).get(max(at, first), 1.0) for at in range(year, year - OLDEST, -1)])


def terms(doubt: Doubt, shape: tuple[int, ...]) -> Array:
    """Fields of a doubt in the order of `TERMS`, its groups apart: (term, district, ...)."""
    return np.stack(
        [np.broadcast_to(getattr(doubt, term), (shape[0], int(np.prod(shape[1:])))).reshape(shape) for term in TERMS]
    )
