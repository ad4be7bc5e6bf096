"""The prices of a forecast in each of its futures and Januaries: what a child's year, a place or a thing costs.

Prices are real, as they would be at the latest census, from whatever January a row of the price list holds. Only fees
of independent and non-maintained schools grow above other prices, from that census on. The luck of a price hangs on
its name, so that two scenarios meet the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from forecast.domain import ALL, OWN, SPECIALIST, Provision
from forecast.errors import ForecastError
from forecast.model.raking import Array
from forecast.places.costs import Costs, NoCost, costs_at
from forecast.projection import Projection

FEES_GROW: Final = (Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED)
"""Kinds of place whose fees grow above other prices."""
_BY_NEED: Final = ("place", "transport")
"""Items that may be priced by need."""


class NoPrices(ForecastError):
    """A forecast that no bill can be made of."""

    def __init__(self, scenario: str) -> None:
        super().__init__(
            f"The forecast {scenario!r} holds no prices, because its model knows no scenarios; forecast the area with "
            "`--model children`."
        )


@dataclass(frozen=True, eq=False)
class PriceLists:
    """The price lists that hold, one after another, over the Januaries of a forecast."""

    lists: tuple[tuple[Costs, int], ...]
    """Each with the number of Januaries that it holds for."""
    draws: Array
    """Labels of the futures, whole numbers from 0."""
    seed: int

    def drawn(self, item: str, provision: str = ALL, need: str = ALL) -> Array:
        """A price in each future and January: (draw, year); not a number where nothing says it.

        Parameters
        ----------
        item : of `schemas_places.ITEMS`
        provision, need : standard codes
        """
        parts = [np.repeat(self._drawn(costs, item, provision, need)[:, None], years, 1) for costs, years in self.lists]
        return np.concatenate(parts, axis=1)

    def grown(self, fee: Array, provision: str) -> Array:
        """Fees with their growth above other prices since the latest census; other prices as they are: (draw, year)."""
        if provision not in FEES_GROW:
            return fee
        steps = 1 + self.drawn("fee_growth", provision)
        steps[:, 0] = 1
        return np.asarray(fee * np.cumprod(steps, axis=1))

    def carried(self, provision: str) -> bool:
        """Whether children there are priced as carried: in a specialist place, or where a row names that kind."""
        rows = (costs.table for costs, _ in self.lists)
        return provision in SPECIALIST or any(
            bool((table["item"].eq("transport") & table["provision"].eq(provision)).any()) for table in rows
        )

    def tell_apart(self, needs: Sequence[str]) -> bool:
        """Whether any place or journey is priced by one of these needs (standard codes)."""
        told = (costs.table for costs, _ in self.lists)
        return any(bool((table["item"].isin(_BY_NEED) & table["need"].isin(list(needs))).any()) for table in told)

    def _drawn(self, costs: Costs, item: str, provision: str, need: str) -> Array:
        try:
            return costs.drawn(item, provision, need, int(self.draws.max()) + 1, self.seed)[self.draws.astype(int)]
        except NoCost:
            return np.full(len(self.draws), np.nan)  # which `bill.gaps` names


@dataclass(frozen=True, eq=False)
class ChildYear:
    """Pounds of a child's year in one kind of place: arrays (draw, year), not a number where no price is known."""

    place: Array
    """Place and top-up, or fee."""
    transport: Array
    """The journey; 0 where children are not taken to be carried."""


def price_lists(projection: Projection) -> PriceLists:
    """The prices that a forecast was made with.

    Raises
    ------
    NoPrices
        It holds none.
    """
    prices = projection.prices
    if prices is None:
        raise NoPrices(projection.scenario)
    since = sorted(set(prices["from_year"].tolist()))
    years = projection.demand["year"].to_numpy().tolist()
    held = groupby(years, lambda year: max(first for first in since if first <= year))
    lists = tuple((costs_at(prices, int(first)), len(list(of))) for first, of in held)
    return PriceLists(lists, projection.demand["draw"].to_numpy(), projection.settings.seed)


def child_year(lists: PriceLists, provision: str, need: str = ALL) -> ChildYear:
    """What a child's year costs.

    Transport is priced for every child in a specialist place, or where a row of the prices names the kind: no figure
    says how many others are carried, nor how many of these are not.

    Parameters
    ----------
    provision, need : standard codes; one of the area's own is priced as `all` needs
    """
    of = ALL if need == OWN else need
    place = lists.grown(lists.drawn("place", provision, of), provision)
    journey = lists.drawn("transport", provision, of) if lists.carried(provision) else np.zeros(place.shape)
    return ChildYear(place, journey)
