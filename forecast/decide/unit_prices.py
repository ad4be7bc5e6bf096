"""The prices of a forecast in each of its futures and Januaries: what a child's year, a place or a thing costs.

Prices are real, as they would be at the latest census, from whatever January a row of the price list holds. Only fees
grow above other prices, from that census on: of independent and non-maintained schools, and of alternative provision
that the council pays for elsewhere than in AP schools. The luck of a price hangs on
its name, so that two scenarios meet the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.domain import ALL, OWN, SPECIALIST, Provision
from forecast.errors import ForecastError
from forecast.model.raking import Array
from forecast.places.costs import Costs, NoCost, costs_at
from forecast.projection import Projection

FEES_GROW: Final = (
    ("place", Provision.INDEPENDENT),
    ("place", Provision.SPECIAL_NONMAINTAINED),
    ("ap_elsewhere", Provision.ALTERNATIVE),
)
"""Item and kind of place of the fees, which grow above other prices. That those of alternative provision grow like
those of schools is judgement: both are bought from whoever offers a place."""
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
    draws: NDArray[np.integer]
    """Labels of the futures, whole numbers from 0."""
    seed: int
    in_all: int
    """Futures of the whole run, of which `draws` may be some."""

    def drawn(self, item: str, provision: str = ALL, need: str = ALL) -> Array:
        """A price in each future and January: (draw, year); not a number where nothing says it.

        Parameters
        ----------
        item : of `schemas_places.ITEMS`
        provision, need : standard codes
        """
        parts = [np.repeat(self._drawn(costs, item, provision, need)[:, None], years, 1) for costs, years in self.lists]
        return np.concatenate(parts, axis=1)

    def grown(self, item: str, provision: str = ALL, need: str = ALL) -> Array:
        """A price, if a fee with its growth above other prices since the latest census: as `drawn`."""
        price = self.drawn(item, provision, need)
        if (item, provision) not in FEES_GROW:
            return price
        steps = 1 + self.drawn("fee_growth", provision)
        steps[:, 0] = 1
        return np.asarray(price * np.cumprod(steps, axis=1))

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
            return costs.drawn(item, provision, need, self.in_all, self.seed)[self.draws]
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
    if projection.prices is None:
        raise NoPrices(projection.scenario)
    years, draws = (projection.demand[axis].to_numpy() for axis in ("year", "draw"))
    return lists_over(projection.prices, years.tolist(), draws, (projection.settings.draws, projection.settings.seed))


def lists_over(
    prices: pd.DataFrame, years: Sequence[int], draws: NDArray[np.integer], run: tuple[int, int]
) -> PriceLists:
    """Prices over the Januaries of a forecast, the latest census first.

    Parameters
    ----------
    prices : columns of `schemas_places.Costs`, and `from_year`
    draws : labels of the futures
    run : its number of futures and its seed
    """
    in_all, seed = run
    since = sorted(set(prices["from_year"].tolist()))
    held = groupby(years, lambda year: max(first for first in since if first <= year))
    lists = tuple((costs_at(prices, int(first)), len(list(of))) for first, of in held)
    return PriceLists(lists, draws, seed, in_all)


def child_year(lists: PriceLists, provision: str, need: str = ALL) -> ChildYear:
    """What a child's year costs.

    Transport is priced for every child in a specialist place, or where a row of the prices names the kind: no figure
    says how many others are carried, nor how many of these are not.

    Parameters
    ----------
    provision, need : standard codes; one of the area's own is priced as `all` needs
    """
    of = ALL if need == OWN else need
    place = lists.grown("place", provision, of)
    journey = lists.drawn("transport", provision, of) if lists.carried(provision) else np.zeros(place.shape)
    return ChildYear(place, journey)


def whole_years(lists: PriceLists, means: Mapping[str, str], years: Sequence[int]) -> xr.DataArray:
    """Pounds of a child's year, the place and the journey together: (draw, year, provision).

    Not a number where no price is known.

    Parameters
    ----------
    means : label of each provision -> the standard code that it means, or `own`
    years : Januaries that the lists are over
    """
    each = [child_year(lists, code) for code in means.values()]
    coords = {"draw": lists.draws, "year": list(years), "provision": list(means)}
    return xr.DataArray(np.stack([of.place + of.transport for of in each], axis=2), coords=coords, dims=tuple(coords))
