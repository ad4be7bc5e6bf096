"""Whether a project is worth its money against independent placements, when, and to whom.

Who pays matters: places and fees are met by the high needs block of the schools grant, transport by the council's
general fund, buildings by capital. They are never added up without being told apart.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.alternatives import NOTHING, Project, yearly_of
from forecast.decide.prices import Bill, annuity, column
from forecast.domain import ALL, Provision
from forecast.model.raking import Array
from forecast.places.costs import Costs
from forecast.places.sufficiency import QUANTILES

WAYS: Final[Mapping[str, tuple[Provision, Provision | None]]] = {
    "adapted mainstream school": (Provision.MAINSTREAM, Provision.BASE),
    "base in a mainstream school": (Provision.BASE, Provision.BASE),
    "state special school": (Provision.SPECIAL, Provision.SPECIAL),
    "independent school": (Provision.INDEPENDENT, None),
}
"""Way to teach one child -> the kind of place whose running cost it has, and the one whose capital; none to build in an
independent school. For adapting a mainstream school that of a base is taken, whose sources are adaptations."""
WAYS_ASKED: Final = (
    *(("place", run.value) for run, _ in WAYS.values()),
    *(("capital", built.value) for _, built in WAYS.values() if built),
)
"""Item and kind of place of every price of `one_place`."""


def less_than_nothing(project: Project, wanted: Array) -> Bill:
    """What each year costs with the project less what it would cost without: (draw, year), pounds; saving is negative.

    Raises
    ------
    BadFutures
        As `prices.checked`.
    """
    nothing = Project(NOTHING, 0, np.zeros(wanted.shape), project.prices)
    return yearly_of(project, wanted).less(yearly_of(nothing, wanted))


def net_present_value(project: Project, wanted: Array) -> Array:
    """Pounds that the project saves against independent placements, over the Januaries given: (draw).

    Capital counts as yearly payments while the school stands, so that a building with years left owes for them later.
    """
    return -less_than_nothing(project, wanted).present(project.prices).total


def break_even_occupancy(project: Project, wanted: Array) -> Array:
    """Share of open places filled at which the project saves just what it costs: (draw).

    Above 1 where it never pays, however full; not a number where it is never open, or a child in it saves nothing.

    Parameters
    ----------
    wanted : (draw, year)
        For its axes alone: how many come is what is asked.
    """
    prices, years = project.prices, wanted.shape[1]
    worth, places = prices.worth(years), project.places * project.open_share
    instead = prices.fee(years) + column(prices.independent_transport)
    saved = instead - column(prices.place) - column(prices.transport) + column(prices.empty)
    owed = places * column(prices.empty) + prices.capital_a_year(project.places, project.open_share)
    gain = np.broadcast_to((worth * places * saved).sum(axis=1), len(wanted))
    cost = np.broadcast_to((worth * owed).sum(axis=1), len(wanted))
    return np.divide(cost, gain, out=np.full(len(wanted), np.nan), where=gain > 0)


def break_even_year(project: Project, wanted: Array, years: Sequence[int]) -> Array:
    """First January by which running savings have repaid the whole of the capital, discounted: (draw).

    The capital is spent in the first January that the school is open. Not a number where it is not repaid within the
    years given, or never built.
    """
    is_open = project.open_share > 0
    first = is_open & (np.cumsum(is_open, axis=1) == 1)
    spent = first * project.places * column(project.prices.capital)
    saved = -less_than_nothing(project, wanted).revenue - spent
    repaid = ((saved * project.prices.worth(len(years))).cumsum(axis=1) >= 0) & np.logical_or.accumulate(first, axis=1)
    at = np.asarray(years, dtype=np.float64)[repaid.argmax(axis=1)]
    return np.where(repaid.any(axis=1), at, np.nan)


def by_payer(project: Project, wanted: Array, years: Sequence[int]) -> pd.DataFrame:
    """What the project changes for each who pays: year, payer, mean, p10, p50, p80, p90 (pounds a year; saving < 0).

    Payers: "high needs block" (places, empty places and fees), "general fund" (transport), "capital" (yearly
    payments). Undiscounted, in real pounds.
    """
    change = less_than_nothing(project, wanted)
    payers = {
        "high needs block": change.run + change.empty + change.independent,
        "general fund": change.transport,
        "capital": change.capital,
    }
    tables = []
    for payer, pounds in payers.items():
        quantiles = dict(zip(QUANTILES, np.quantile(pounds, list(QUANTILES.values()), axis=0), strict=True))
        tables.append(pd.DataFrame({"year": list(years), "payer": payer, "mean": pounds.mean(axis=0), **quantiles}))
    return pd.concat(tables, ignore_index=True)


def one_place(costs: Costs, need: str, draws: int, seed: int) -> pd.DataFrame:
    """A worked case, what one child's place costs a year each way: way, run, building, mean, p10, p90 (of both).

    Real pounds at the latest census. The building is its equal yearly payments. Transport is not in it: no figure tells
    the ways apart. In an adapted mainstream school only the top-up is, not what the school has for every pupil.

    Parameters
    ----------
    need : standard code

    Raises
    ------
    NoCost
        Nothing says what something costs.
    """

    def drawn(item: str, kind: str = ALL) -> Array:
        return costs.drawn(item, kind, need, draws, seed)

    life, discount, rows = np.rint(drawn("life")), drawn("discount"), []
    for way, (taught, built) in WAYS.items():
        run = drawn("place", taught.value)
        building = annuity(drawn("capital", built.value), life, discount) if built else np.zeros(draws)
        both = run + building
        low, high = np.quantile(both, [0.1, 0.9])
        rows.append((way, float(run.mean()), float(np.mean(building)), float(both.mean()), float(low), float(high)))
    return pd.DataFrame(rows, columns=["way", "run", "building", "mean", "p10", "p90"])
