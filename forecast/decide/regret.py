"""What a size would cost too much in each world that policy may bring, and the size that is least bad in the worst.

No chance is given to a world: which policy comes is not a matter of draws. Regret is the expected cost of a size in a
world less that of the size that is cheapest there, and the choice is the size whose largest regret is least (Savage,
1951, The theory of statistical decision).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from forecast.decide.newsvendor import cheapest, cost_by_size, largest
from forecast.decide.prices import Prices
from forecast.model.raking import Array

LEAST_WORST: Final = "least worst regret"
"""Label of the size that is least bad in the world that is worst for it."""


def regret_table(
    worlds: Mapping[str, Array], open_share: Array, prices: Prices, sizes: Sequence[int] | None = None
) -> pd.DataFrame:
    """Expected cost of each size in each world, and what it is above that world's cheapest: size, world, cost, regret.

    Parameters
    ----------
    worlds : name -> (draw, year)
        Children who want a place, the same draws in every world.
    open_share : (draw, year)
    sizes : places
        The sizes to choose from, in rising order; every size up to what is enough in any world, if left out.

    Raises
    ------
    BadFutures
        As `prices.checked`.
    """
    every = range(max(largest(wanted, open_share) for wanted in worlds.values()) + 1) if sizes is None else sizes
    tables = []
    for world, wanted in worlds.items():
        chosen = cost_by_size(wanted, open_share, prices, every)
        above = chosen["total"] - chosen["total"].min()
        tables.append(chosen.rename(columns={"total": "cost"}).assign(world=world, regret=above))
    return pd.concat(tables, ignore_index=True)[["size", "world", "cost", "regret"]]


def least_worst(table: pd.DataFrame) -> int:
    """Size whose largest regret over the worlds is least; the smallest, where several are alike.

    Parameters
    ----------
    table : size, world, regret
    """
    worst = table.groupby("size")["regret"].max().rename("total").reset_index()
    return cheapest(worst)


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Which size does what: choice, size, worst_regret (pounds), worst_world, mean_regret (of all worlds alike).

    A row for the cheapest size of each world, named by the world, and one for the least worst regret.

    Parameters
    ----------
    table : size, world, cost, regret
        As `regret_table` gives it.
    """
    best = {
        str(world): cheapest(rows.rename(columns={"cost": "total"}))
        for world, rows in table.groupby("world", sort=False)
    }
    rows = []
    for choice, size in {**best, LEAST_WORST: least_worst(table)}.items():
        own = table[table["size"].eq(size)].set_index("world")["regret"]
        rows.append((choice, size, float(own.max()), str(own.idxmax()), float(own.mean())))
    return pd.DataFrame(rows, columns=["choice", "size", "worst_regret", "worst_world", "mean_regret"])
