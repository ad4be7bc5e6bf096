"""Prices of a question: rows of the costs that hold for an area, drawn for each of its futures."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.prices import Price, Prices
from forecast.domain import ALL, OWN, Provision
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.places.costs import Cost, Costs, costs_at, costs_of
from forecast.scenario.scenario import Scenario

SPECIAL: Final = Provision.SPECIAL.value
INSTEAD: Final = Provision.INDEPENDENT.value
"""Where a child goes for want of the place."""


def costs_under(area: Area, scenario: Scenario, year: int) -> Costs:
    """Prices of an area that hold at a January under a scenario."""
    return costs_at(scenario.reprice(costs_of(area).table.assign(from_year=0)), year)


def standard(about: About, provision: str, needs: tuple[str, ...]) -> tuple[str, str]:
    """Codes of `costs.csv` for a kind of place and a need of the area; `all` needs, where there is not one of them."""
    need = str(about.needs[needs[0]]) if len(needs) == 1 and needs[0] in about.needs else ALL
    return str(about.provisions[provision]), ALL if need == OWN else need


def priced(costs: Costs, provision: str, need: str, draws: int, seed: int, capital: str = "capital") -> Prices:
    """What a place costs in each future.

    Parameters
    ----------
    provision, need : standard codes
    capital : item of `costs.csv` that is the price of building one place

    Raises
    ------
    NoCost
        Nothing says what something costs.
    """

    def drawn(item: str, kind: str = provision) -> Price:
        return costs.drawn(item, kind, need, draws, seed)

    return Prices(
        place=drawn("place"),
        transport=drawn("transport"),
        independent=drawn("place", INSTEAD),
        independent_transport=drawn("transport", INSTEAD),
        empty=drawn("empty"),
        capital=drawn(capital),
        capital_expansion=drawn("capital_expansion"),
        fee_growth=drawn("fee_growth"),
        discount=drawn("discount"),
        life=np.rint(drawn("life")),
    )


def prices_table(costs: Costs, need: str, asked: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """The rows that prices are drawn from: item, of, value, low, high, unit, supported, source.

    Parameters
    ----------
    need : standard code
    asked : item and standard kind of place; those that one row prices stand together in `of`

    Raises
    ------
    NoCost
        Nothing says what something costs.
    """
    rows: dict[tuple[str, Cost], list[str]] = {}
    for item, kind in dict.fromkeys(asked):
        rows.setdefault((item, costs.cost(item, kind, need)), []).append(kind)
    return pd.DataFrame(
        [
            (item, ", ".join(kinds), cost.value, cost.low, cost.high, cost.unit, cost.supported, cost.source)
            for (item, cost), kinds in rows.items()
        ],
        columns=["item", "of", "value", "low", "high", "unit", "supported", "source"],
    )
