"""What a place costs: prices that ship, an area's own in their stead, and their uncertainty by draw.

All pounds are real, in the prices of the year that each row's source names. A price that nothing but judgement gives
says so (`supported`).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import hypot
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.domain import ALL, FACTOR_HIGH, FACTOR_LOW, OWN
from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.area import Area
from forecast.inputs.reference_places import read_costs
from forecast.inputs.schemas_places import ITEMS, SHARE_A_YEAR, YEARS
from forecast.model.raking import Array
from forecast.model.spread import evenly, half_normals

KEY: Final = ["item", "provision", "need"]
"""Columns that together name a price."""
_FACTORS: Final = "factors of prices"
"""Whose luck every such factor has: if one helps less than was thought, so do the others."""
_LEAST: Final = {YEARS: 1.0, SHARE_A_YEAR: -0.5}
"""Unit -> the least that a draw may be; 0 of every other unit. Fees may also fall behind other prices."""


class NoCost(ForecastError):
    """Nothing says what something costs."""

    def __init__(self, item: str, provision: str, need: str, known: Iterable[str]) -> None:
        kinds = ", ".join(known)
        super().__init__(
            f"No cost says {item!r} for provision {provision!r} and need {need!r}, only for {kinds}; add a row to the "
            f"area's costs.csv with item {item}, that provision or `{ALL}`, and need `{ALL}`."
        )


@dataclass(frozen=True)
class Cost:
    """A price and how sure it is."""

    value: float
    """The central value, in `unit`."""
    low: float
    """One chance in ten that the truth is below."""
    high: float
    """One chance in ten that the truth is above."""
    unit: str
    supported: bool
    """Whether a source other than judgement gives it."""
    source: str


@dataclass(frozen=True, eq=False)
class Costs:
    """Every price that holds for an area."""

    table: pd.DataFrame
    """Columns of `schemas_places.Costs`, one row for an item, provision and need."""

    def cost(self, item: str, provision: str = ALL, need: str = ALL) -> Cost:
        """The price of the most specific row that fits: its provision counts for more than its need.

        Its range is wider where a scenario scales it by an uncertain factor, as of two independent errors.

        Parameters
        ----------
        item : of `schemas_places.ITEMS`
        provision, need : standard codes; `all` and `own` are met only by rows that say `all`

        Raises
        ------
        UnknownLabel, NoCost
            There is no such item; no row says what it costs for that provision and need.
        """
        row = self._row(item, provision, need)
        value, low, high = (float(row[field]) for field in ("value", "low", "high"))
        down, up = _factor(row)
        if down < up:
            below, above = hypot(value - low, value * (1 - down)), hypot(high - value, value * (up - 1))
            low, high = max(value - below, 0.0), value + above
        return Cost(value, low, high, str(row["unit"]), bool(row["supported"]), str(row["source"]))

    def drawn(self, item: str, provision: str, need: str, draws: int, seed: int) -> Array:
        """The price in each future, in its unit: (draw). Pounds never below 0, years never below one.

        Spread as `model.spread.half_normals` says. The luck is that of the row which holds, by its
        name, so that another row disturbs none, and what is priced by one row is dear or cheap together. A factor of a
        scenario has luck of its own, spread evenly over the draws.

        Parameters
        ----------
        item, provision, need : as for `cost`, and what it raises
        seed : the run's
        """
        row = self._row(item, provision, need)
        name = " ".join(str(row[part]) for part in KEY)
        luck = int.from_bytes(sha256(f"{seed} cost {name}".encode()).digest()[:8], "little")
        z = np.random.default_rng(luck).standard_normal(draws)
        value, low, high = (float(row[field]) for field in ("value", "low", "high"))
        drawn, (down, up) = half_normals(value, low, high, z), _factor(row)
        if down < up:
            drawn = drawn * np.maximum(half_normals(1.0, down, up, evenly(draws, seed, _FACTORS)), 0.0)
        return np.asarray(np.maximum(drawn, _LEAST.get(str(row["unit"]), 0.0)))

    def _row(self, item: str, provision: str, need: str) -> Mapping[Hashable, Any]:
        if item not in ITEMS:
            raise UnknownLabel("cost", item, ITEMS)
        rows = self.table[self.table["item"] == item]
        for kind in dict.fromkeys((provision, ALL)):
            for of in dict.fromkeys((need, ALL)):
                fits = rows[rows["provision"].eq(kind) & rows["need"].eq(of)]
                if len(fits) and OWN not in {kind, of}:
                    return fits.iloc[0].to_dict()
        raise NoCost(item, provision, need, dict.fromkeys(rows["provision"]) if len(rows) else ["nothing"])


def _factor(row: Mapping[Hashable, Any]) -> tuple[float, float]:
    """Ends of the factor of a row of prices, as multiples of its middle; 1 where there is none."""
    return float(row.get(FACTOR_LOW, 1.0)), float(row.get(FACTOR_HIGH, 1.0))


def costs_of(area: Area) -> Costs:
    """Prices of an area: its own, and those that ship where it has none of the same item, provision and need."""
    return Costs(overridden(read_costs(), area.costs))


def costs_at(prices: pd.DataFrame, year: int) -> Costs:
    """Prices that hold at a January: of one item, kind of place and need the row with the latest `from_year` so far.

    Parameters
    ----------
    prices : columns of `schemas_places.Costs`, and `from_year`
    """
    begun = prices[prices["from_year"] <= year].sort_values("from_year", kind="stable")
    latest = begun.drop_duplicates(KEY, keep="last").sort_index()
    return Costs(latest.drop(columns="from_year").reset_index(drop=True))


def overridden(default: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Rows of `default` with those of `own` in the place of any of the same item, provision and need.

    Parameters
    ----------
    default, own : columns of `schemas_places.Costs`
    """
    if own.empty:
        return default
    kept = ~pd.MultiIndex.from_frame(default[KEY]).isin(pd.MultiIndex.from_frame(own[KEY]))
    return pd.concat([default[kept], own], ignore_index=True)
