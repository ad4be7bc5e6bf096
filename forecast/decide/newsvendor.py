"""The size of a school that is expected to cost least: the newsvendor's problem, on the futures of a forecast.

A place too few sends a child to an independent school; a place too many stands empty and was built for nothing. In
one year of constant costs the cheapest size is the one that demand exceeds with chance `too_many` / (`too_few` +
`too_many`). A school that fills over years, opens late or never, and whose costs are not certain, has no such
formula: there each future is costed, and the size with the least mean is taken.

What a school costs is, in each future, a straight line in its size between the sizes at which a January's places
would just be enough. The mean of all futures at every size is therefore found in one pass (`cost_by_size`).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.decide.prices import Bill, Price, Prices, annuity, checked, column, yearly
from forecast.model.raking import Array

TIE: Final = 1e-9
"""Part of the cost by which two sizes may differ and still count as equally cheap: the smaller is taken."""


def too_few(prices: Prices, ahead: int = 0) -> Array:
    """Pounds a year that a wanted place costs where there is none, `ahead` years after the latest census: (draw or 1).

    An independent place and its transport, less what the place, its transport and its building would have cost.
    """
    instead = prices.fee(ahead + 1)[:, -1] + _row(prices.independent_transport)
    return np.asarray(instead - _row(prices.place) - _row(prices.transport) - _building(prices))


def too_many(prices: Prices) -> Array:
    """Pounds a year that a place costs which nobody wants: (draw or 1)."""
    return np.asarray(_row(prices.empty) + _building(prices))


def fractile(few: Price, many: Price) -> Array:
    """Share of futures, 0 to 1, that the cheapest size is enough for.

    Arrow, Harris and Marschak (1951), Optimal inventory policy.

    Parameters
    ----------
    few, many : pounds a year that a place too few and one too many cost
        Where one too few costs nothing, no place is worth its money: 0. Else, where one too many costs nothing: 1.
    """
    under, over = np.asarray(few, dtype=np.float64), np.maximum(np.asarray(many, dtype=np.float64), 0)
    return np.where(under > 0, under / np.where(under > 0, under + over, 1), 0.0)


def cost_of(size: float, wanted: Array, open_share: Array, prices: Prices) -> Bill:
    """Present value of all years' costs with a school of `size` places: (draw), pounds at the latest census.

    Capital counts as yearly payments over the Januaries given in which the school stands, so that one with years of
    life left at the end has not paid for them.

    Parameters
    ----------
    wanted, open_share : (draw, year)

    Raises
    ------
    BadFutures
        As `prices.checked`.
    """
    return yearly(size, wanted, open_share, prices).present(prices)


def cost_by_size(wanted: Array, open_share: Array, prices: Prices, sizes: Sequence[int] | None = None) -> pd.DataFrame:
    """Expected present value of each size: size, run, empty, capital, ..., total (pounds).

    The mean over draws of what `cost_of` gives, for all sizes at once.

    Parameters
    ----------
    wanted, open_share : (draw, year)
    sizes : places
        In rising order; if left out, every size from none to the one that is enough in every January of every future
        (`largest`).

    Raises
    ------
    BadFutures
        As `cost_of`.
    """
    checked(wanted, open_share, prices)
    places = np.arange(largest(wanted, open_share) + 1) if sizes is None else np.asarray(sizes)
    years = wanted.shape[1]
    worth = prices.worth(years)
    fee, far, near, empty = (
        worth * price
        for price in (
            prices.fee(years),
            column(prices.independent_transport),
            column(prices.transport),
            column(prices.empty),
        )
    )

    def placed(weight: Array) -> Array:
        return _placed(np.broadcast_to(weight, wanted.shape), wanted, open_share, places)

    parts = {
        "run": placed(worth * column(prices.place)),
        "empty": places * _sum(empty * open_share) - placed(empty),
        "capital": places * _sum(worth * prices.capital_a_year(1, open_share)),
        "independent": _sum(fee * wanted) - placed(fee),
        "transport": _sum(far * wanted) + placed(near - far),
    }
    return pd.DataFrame({"size": places, **parts}).assign(total=np.sum(list(parts.values()), axis=0))


def best_size(wanted: Array, open_share: Array, prices: Prices) -> int:
    """Places with the least expected present value; the fewest, where several cost the same.

    Parameters and errors as `cost_by_size`.
    """
    return cheapest(cost_by_size(wanted, open_share, prices))


def cheapest(costs: pd.DataFrame) -> int:
    """Size of the row with the least `total`; the smallest, where several cost the same.

    Parameters
    ----------
    costs : size, total
        As `cost_by_size` gives them, or some of its rows.
    """
    total = costs["total"].to_numpy()
    least = total.min()
    return int(costs["size"].to_numpy()[total <= least + TIE * max(abs(least), 1.0)].min())


def largest(wanted: Array, open_share: Array) -> int:
    """Places that are enough in every January of every future in which the school is open; 0 where it never is."""
    is_open = open_share > 0
    needed = np.divide(wanted, open_share, out=np.zeros(wanted.shape), where=is_open)
    return int(np.ceil(needed.max(initial=0.0)))


def _placed(weight: Array, wanted: Array, open_share: Array, sizes: NDArray[np.int64]) -> Array:
    """Mean over draws of the sum over years of `weight` times the children placed, by size in rising order: (size).

    Of each January of each future: `weight` x `open_share` a place, up to the size at which all who want one have it.
    """
    enough = np.divide(wanted, open_share, out=np.full(wanted.shape, np.inf), where=open_share > 0)
    at, last = np.searchsorted(sizes, enough.reshape(-1)), len(sizes)
    slope, level = (weight * open_share).reshape(-1), (weight * wanted).reshape(-1)
    stopped = np.cumsum(np.bincount(at, weights=slope, minlength=last + 1))[:last]
    reached = np.cumsum(np.bincount(at, weights=level, minlength=last + 1))[:last]
    return np.asarray(((slope.sum() - stopped) * sizes + reached) / len(wanted))


def _sum(yearly_pounds: Array) -> float:
    """Mean over draws of the sum over years."""
    return float(yearly_pounds.sum(axis=1).mean())


def _row(price: Price) -> Array:
    """(draw or 1)."""
    return np.atleast_1d(np.asarray(price, dtype=np.float64))


def _building(prices: Prices) -> Array:
    """Capital of one place a year: (draw or 1), pounds."""
    return _row(annuity(prices.capital, prices.life, prices.discount))
