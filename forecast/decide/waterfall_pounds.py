"""Why what the children's places cost changes: the waterfall in pounds of one payer.

Children of the central path at the prices of its future: each price at the mean of the futures. To the causes comes
one more between two years: prices that grow above others, such as independent fees. Off, they stay as at the latest
census, but for what levers do to them. What a lever itself costs is part of that lever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.decide.bill import bill, unit_prices
from forecast.decide.bill_lines import Kind, bought_at
from forecast.decide.causes import applied, repriced
from forecast.decide.central_ap import MORE_OR_FEWER, central_ap, mean_prices
from forecast.decide.coalitions import Coalitions
from forecast.decide.follow import Followed
from forecast.decide.unit_prices import PriceLists, price_lists
from forecast.decide.waterfall import Outcome, Values, Waterfall, told_years, waterfall
from forecast.model.raking import Array
from forecast.projection import Projection
from forecast.scenario.spending import Payer, Spending

PRICES: Final = "growth of prices above others"
"""The cause that lies in prices."""
_TOLD: Final = (Kind.PLACES, Kind.TRANSPORT, Kind.WITHOUT_PLAN, Kind.CHANGES)
"""Lines of a bill that are explained."""


@dataclass(frozen=True, eq=False)
class _Priced:
    """What one set of levers does to prices, and what it costs by itself."""

    grown: Array
    """Pounds of a child's year at each January: (year, provision)."""
    held: Array
    """The same, but for any growth since the latest census."""
    spent: Array
    """Pounds that the levers themselves cost, for each coalition of the other causes: (coalition, year)."""
    spent_held: Array
    """The same, but for any growth of prices since the latest census."""
    unpriced: tuple[str, ...]
    """What the levers buy that nothing gives a price for."""
    without_plan: Array
    """Pounds of alternative provision of children without a plan: (prices, children, year), of either axis first as at
    the latest census, then as they have become; 0 of a payer who does not pay for it."""


def of_pounds(
    coalitions: Coalitions,
    payer: Payer,
    year: int,
    projections: Sequence[Projection],
    prices: pd.DataFrame,
) -> Waterfall:
    """Why what a payer pays for children's places, journeys and the changes themselves is another.

    Parameters
    ----------
    payer : high needs block (places, fees) or general fund (transport)
    year, projections : as for `waterfall.of_children`
    prices : before any lever: columns of `schemas_places.Costs`, and `from_year`

    Raises
    ------
    NoSuchJanuary, NoPrices
    """
    told_years(coalitions, year)
    trend = _unit(projections[0], prices, payer)
    priced = [_priced(coalitions, at, trend, (projections[0], prices, payer)) for at in range(len(coalitions.changes))]
    years = coalitions.children["year"].to_numpy().tolist()
    at, known = years.index(year), np.asarray(np.isfinite(trend).all(axis=0))
    labels = coalitions.children["provision"].to_numpy()
    children = coalitions.children.sum("phase").to_numpy()[..., known]
    by_set = children.reshape(len(priced), -1, *children.shape[1:])
    on = _paid(by_set, priced, known, at, grown=True)
    census = float(by_set[0, 0, 0] @ trend[0, known] + priced[0].without_plan[1, 1, 0])
    values, more = on, tuple[str, ...]()
    if coalitions.since_census:
        values, more = np.concatenate([_paid(by_set, priced, known, at, grown=False), on]), (PRICES,)
        if any(own.without_plan.any() for own in priced):
            values, more = np.concatenate([values - _more_without(by_set, priced, at), values]), (PRICES, MORE_OR_FEWER)
    means = tuple(_mean_of_futures(projection, payer) for projection in projections)
    outcome = Outcome(f"pounds a year from the {payer.value}", tuple(labels[known].tolist()), pounds=True)
    kinds = [projections[0].about.provision_name(label).lower() for label in labels[~known].tolist()]
    unpriced = dict.fromkeys([*kinds, *(what for own in priced for what in own.unpriced)])
    made_of = Values(values, census, means, more, _left_out([*unpriced]))
    return waterfall(coalitions, outcome, year, projections, made_of)


def _paid(by_set: Array, priced: Sequence[_Priced], known: NDArray[np.bool_], at: int, *, grown: bool) -> Array:
    """Pounds of every coalition in one January: (coalition).

    Parameters
    ----------
    by_set : (set of levers, coalition of the other causes, year, provision)
    known : (provision), whether there is a price
    """
    each = [
        some[:, at] @ (own.grown if grown else own.held)[at, known]
        + (own.spent if grown else own.spent_held)[:, at]
        + own.without_plan[int(grown), 1, at]
        for some, own in zip(by_set, priced, strict=True)
    ]
    return np.concatenate(each)


def _more_without(by_set: Array, priced: Sequence[_Priced], at: int) -> Array:
    """Pounds for children without a plan more than at the latest census: of `_paid`, prices off and on: (coalition)."""
    more = [own.without_plan[:, 1, at] - own.without_plan[:, 0, at] for own in priced]
    return np.repeat(np.transpose(more), by_set.shape[1])


def _unit(projection: Projection, prices: pd.DataFrame, payer: Payer) -> Array:
    """Pounds of a child's year, the mean of the futures: (year, provision)."""
    made = unit_prices(replace(projection, prices=prices)).mean("draw")
    return np.asarray(made.sel(payer=payer.value).transpose("year", "provision").to_numpy())


def _priced(
    coalitions: Coalitions, at: int, trend: Array, priced_by: tuple[Projection, pd.DataFrame, Payer]
) -> _Priced:
    """What the set of levers at a position does to prices."""
    projection, prices, payer = priced_by
    changes = coalitions.changes[at]
    own = repriced(changes, prices)
    grown = trend if own is prices else _unit(projection, own, payer)
    lists, before = (price_lists(replace(projection, prices=table)) for table in (own, prices))
    lines = [line for change in changes for line in change.spends(coalitions.trend) if line.payer == payer]
    costs = {line: _price(line, lists) for line in lines}
    years = coalitions.children["year"].to_numpy()
    spent, kept = np.zeros((2, len(coalitions.followed[at].children), len(years)))
    for line, price in costs.items():
        if _known(price):
            paid = _units(line, coalitions.followed[at], years) * price
            spent, kept = spent + paid, kept + paid * (_since(_price(line, before)) if line.pounds is None else 1.0)
    unpriced = tuple(line.what for line, price in costs.items() if not _known(price))
    without = _without_plan((coalitions.trend, applied(changes, coalitions.trend)), (before, lists), payer)
    return _Priced(grown, grown * _since(trend), spent, kept, unpriced, without)


def _without_plan(paths: tuple[xr.Dataset, xr.Dataset], lists: tuple[PriceLists, PriceLists], payer: Payer) -> Array:
    """What a payer pays for children without a plan on a central path: (prices, children, year), see `_Priced`.

    Parameters
    ----------
    paths, lists : before any lever, and with levers
    """
    trend, found = (central_ap(path) if payer is Payer.HIGH_NEEDS else None for path in paths)
    if trend is None or found is None:
        return np.zeros((2, 2, paths[0].sizes["year"] + 1))
    before, grown = (mean_prices(each) for each in lists)
    unmoved = {setting: price * _since(before[setting]) for setting, price in grown.items()}
    return np.array([[each.pounds(prices) for each in (found.as_many_as(trend), found)] for prices in (unmoved, grown)])


def _since(price: Array) -> Array:
    """What brings a price of each January back to that of the latest census; 1 where it is 0: as `price`.

    Parameters
    ----------
    price : (year) or (year, ...)
    """
    return np.divide(price[:1], price, out=np.ones_like(price), where=price > 0)


def _known(price: Array) -> bool:
    return bool(np.isfinite(price).all())


def _units(line: Spending, path: Followed, years: Array) -> Array:
    """Units paid for: (coalition of the other causes or 1, year)."""
    units = _mean_by_year(line.units, years)
    if not line.shift:
        return units[None]
    moved = np.zeros(path.children.shape[:2])
    if line.shift in path.shifts:
        moved[:, 1:] = path.shifted[:, :, path.shifts.index(line.shift)]
    return units * line.paid_for(moved)


def _price(line: Spending, lists: PriceLists) -> Array:
    """Pounds a unit, the mean of the futures: () or (year); not a number where nothing says it."""
    if line.pounds is not None:
        return np.asarray(line.pounds.mean().to_numpy())
    return np.asarray(bought_at(lists, line).mean(axis=0))


def _mean_by_year(units: xr.DataArray, years: Array) -> Array:
    """Units at each January, the mean of the futures; none in a January that they do not have."""
    mean = units.mean("draw") if "draw" in units.dims else units
    return np.asarray(mean.reindex(year=years, fill_value=0.0).to_numpy(), dtype=float)


def _mean_of_futures(projection: Projection, payer: Payer) -> Mapping[int, float]:
    """What the payer pays for all that is told here, the mean of the futures, by January."""
    lines = bill(projection)
    mine = (lines["payer"] == payer.value) & lines["kind"].isin([kind.value for kind in _TOLD])
    means = lines.isel(line=np.flatnonzero(mine.to_numpy())).sum("line").mean("draw")
    return dict(zip(means["year"].to_numpy().tolist(), means.to_numpy().tolist(), strict=True))


def _left_out(unpriced: Sequence[str]) -> tuple[str, ...]:
    """What the figures do not hold."""
    said = ("Empty places, and places elsewhere for want of one in a special or AP school, are not in these figures.",)
    return (*said, f"Nothing says what these cost: {'; '.join(unpriced)}.") if unpriced else said
