"""Made-up forecasts with prices, to bill and to set side by side."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from builders_projection import YEARS, small_projection, with_real_places

from forecast.decide.compare import compared
from forecast.inputs.schemas_places import ITEMS
from forecast.report.compare_tables import tables_of
from forecast.report.compare_words import sentences
from forecast.scenario.scenario import Scenario

PRICES = {
    ("place", "mainstream"): 9_000, ("place", "base"): 20_000, ("place", "special"): 25_000,
    ("place", "special_nonmaintained"): 60_000, ("place", "independent"): 64_000, ("place", "alternative"): 24_000,
    ("transport", "all"): 9_000, ("empty", "special"): 10_000, ("empty", "base"): 6_000,
    ("empty", "alternative"): 10_000, ("capital", "special"): 75_000, ("fee_growth", "all"): 0.02,
}  # fmt: skip
"""Item and kind of place -> its price for every need, for certain: no two the same but by chance."""
CARRIED = ("special", "base", "alternative", "independent", "special_nonmaintained")
UNPRICED = ("independent_mainstream", "post16", "elsewhere", "early_years")


def price_list(prices=None, spread=0.0):
    """A price list: `prices` as (item, kind[, need[, from_year]]) -> pounds, in the place of or beside `PRICES`."""
    rows = []
    for key, value in {**PRICES, **(prices or {})}.items():
        item, provision, need, first = (*key, *("all", 0)[len(key) - 2 :])
        of = {"item": item, "provision": provision, "need": need, "unit": ITEMS[item], "from_year": first}
        ends = {"value": value, "low": value * (1 - spread), "high": value * (1 + spread)}
        rows.append({**of, **ends, "supported": item != "fee_growth", "source": "Invented"})
    return pd.DataFrame(rows)


def priced(projection=None, prices=None, spread=0.0, **other):
    """A made-up forecast with prices."""
    made = small_projection(draws=12) if projection is None else projection
    demand = made.demand.assign_coords(draw=range(made.demand.sizes["draw"]))
    return replace(made, demand=demand, prices=price_list(prices, spread), **other)


def listed(**other):
    """A made-up forecast of a council that lists its places."""
    return priced(with_real_places(draws=12), **other)


def by_year(values, draws=None):
    """An array (year) or, with draws, (draw, year), from the first January after the census."""
    table = np.asarray(values, dtype=float)
    coords = {"year": YEARS[1 : 1 + table.shape[-1]]}
    if draws is None:
        return xr.DataArray(table, coords=coords, dims="year")
    whole = np.broadcast_to(table, (draws, table.shape[-1]))
    return xr.DataArray(whole, coords={"draw": range(draws), **coords}, dims=("draw", "year"))


def with_more(projection, provision, children, since=2028, name="Other"):
    """The forecast with so many more children in a kind of place from a January on: (draw), in one cell."""
    demand = projection.demand.copy()
    cell = {"district": demand["district"][0], "need": "ASD", "phase": "primary", "provision": provision}
    extra = xr.where(demand["year"] >= since, 1, 0) * xr.DataArray(np.asarray(children), dims="draw")
    demand.loc[cell] = demand.loc[cell] + extra.transpose("draw", "year").to_numpy()
    return replace(projection, demand=demand, scenario=name)


def side_by_side(*projections):
    """Made-up forecasts set side by side, each under a scenario of its own name that has no change."""
    scenarios = [Scenario(name=projection.scenario, why="Invented.") for projection in projections]
    return compared(xr.Dataset(), scenarios, projections)


YEAR = 2030
FEWER = -np.arange(30, 42)


def hub_and_bases():
    """A trend, a scenario with fewer children in special schools, and one with nine more in bases."""
    first = priced()
    return side_by_side(
        first, with_more(first, "special", FEWER, name="Hub"), with_more(first, "base", [9] * 12, name="Bases")
    )


def said(found):
    """What a comparison says of `YEAR`."""
    return sentences(found, tables_of(found), YEAR)
