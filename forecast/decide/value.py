"""Whether a project is worth its money against independent placements, when, and to whom.

Who pays matters: places and fees are met by the high needs block of the schools grant, transport by the council's
general fund, buildings by capital. They are never added up without being told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.decide.alternatives import NOTHING, Project, yearly_of
from forecast.decide.prices import Bill, Price, Prices, annuity, column
from forecast.errors import ForecastError
from forecast.model.raking import Array
from forecast.places.sufficiency import QUANTILES


class BadAdaptation(ForecastError):
    """An adaptation that cannot be costed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The adaptation cannot be costed: {what}; correct what is asked for.")


@dataclass(frozen=True)
class Adaptation:
    """A mainstream site adapted so that children are taught there who would otherwise want a special place."""

    capital: Price
    """Pounds for the whole of the work, once."""
    life: Price
    """Years over which that is spread."""
    children: float
    """Taught there instead, at any one time; above 0."""
    support: Price
    """Top-up of a child there, pounds a year."""
    transport: Price
    """Of a child there, pounds a year."""

    def __post_init__(self) -> None:
        """Refuse what no cost can be made from.

        Raises
        ------
        BadAdaptation
            There are no children, no life, or a price is below 0.
        """
        for what, price in (("capital", self.capital), ("support", self.support), ("transport", self.transport)):
            if not (np.isfinite(price).all() and (np.asarray(price) >= 0).all()):
                raise BadAdaptation(f"its {what} is below 0 or not a number")
        if not (self.children > 0 and (np.asarray(self.life) > 0).all()):
            raise BadAdaptation("it is for no children or no years")


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


def adapted(adaptation: Adaptation, prices: Prices, years: int) -> dict[str, Array]:
    """A mainstream site adapted, against as many special places: each (draw or 1).

    Parameters
    ----------
    years : that the children are taught there, no more than the building's life

    Returns
    -------
    saved_a_year : pounds that all the children cost less in mainstream, running costs only
    avoided_a_year : pounds a year of special places that need not be built
    capital_a_year : pounds a year of the adaptation
    net_present_value : pounds, over `years`
    least_children : at any one time, from whom on it pays; not a number where a child there saves nothing
    repaid_in : years of running savings alone that repay the work, undiscounted; not a number likewise

    Raises
    ------
    BadAdaptation
        The years are none, or more than the building lasts.
    """
    if not 0 < years <= np.min(adaptation.life):
        raise BadAdaptation(f"{years} years of teaching are none, or more than it lasts")
    child = column(prices.place) + column(prices.transport) - column(adaptation.support) - column(adaptation.transport)
    avoided = column(annuity(prices.capital, prices.life, prices.discount))
    work = column(annuity(adaptation.capital, adaptation.life, prices.discount))
    yearly = adaptation.children * (child + avoided) - work
    worth = prices.worth(years).sum(axis=1, keepdims=True)
    return {
        "saved_a_year": (adaptation.children * child)[:, 0],
        "avoided_a_year": (adaptation.children * avoided)[:, 0],
        "capital_a_year": work[:, 0],
        "net_present_value": (yearly * worth)[:, 0],
        "least_children": _ratio(work, child + avoided),
        "repaid_in": _ratio(column(adaptation.capital), adaptation.children * child),
    }


def _ratio(top: Array, bottom: Array) -> Array:
    """(draw or 1), not a number where `bottom` is not above 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)[:, 0]
