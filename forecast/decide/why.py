"""Why children and pounds change: from the latest census to a January, and from one scenario to another."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pandas as pd
import xarray as xr

from forecast.decide.central import central
from forecast.decide.coalitions import Coalitions, between_scenarios, between_years
from forecast.decide.compare import Compared
from forecast.decide.waterfall import Outcome, Waterfall, all_plans, kind_of_place, of_children, special_schools
from forecast.decide.waterfall_pounds import of_pounds
from forecast.decide.waterfall_short import of_short
from forecast.domain import Provision
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.costs import costs_of
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.scenario.spending import Payer
from forecast.settings import Settings

NO_POUNDS: Final = (
    "Why the pounds differ cannot be shared among causes here: where an area lists its places, the bill also holds "
    "independent places bought for want of a state special school place, and places that stand empty. Those come of "
    "all causes together, future by future, and a waterfall does not hold them."
)
"""Why there is no waterfall of pounds beside one of children."""


class Of(StrEnum):
    """What a waterfall may be of, besides a kind of place by its label."""

    SPECIAL = "special-schools"
    """Children in special schools of every sort."""
    PLANS = "plans"
    POUNDS = "pounds"
    """What the high needs block pays."""
    TRANSPORT = "transport"
    """What the general fund pays."""
    SHORT = "short"
    """Children without a state special school place, where an area lists its own."""


@dataclass(frozen=True)
class Why:
    """Two scenarios, and why they differ."""

    name: str
    """Of the scenario that is set against the first."""
    waterfalls: tuple[Waterfall, ...]
    """Children of the headline, and pounds of the high needs block where the area lists no places of its own; none
    where `refused` says why not."""
    refused: str = ""
    note: str = ""
    """What is not among the waterfalls, and why; may be empty."""


@dataclass(frozen=True, eq=False)
class Changed:
    """A scenario, and why a figure of it changes."""

    projection: Projection
    waterfall: Waterfall


def why_apart(found: Compared, area: Area, year: int) -> tuple[Why, ...]:
    """Why each scenario differs from the first in January `year`, those left out that are the same."""
    trend, others = central(found.drivers), range(1, len(found.scenarios))
    return tuple(_apart(found, area, year, trend, at) for at in others if not found.same(at))


def _apart(found: Compared, area: Area, year: int, trend: xr.Dataset, at: int) -> Why:
    pair = (found.projections[0], found.projections[at])
    try:
        sets = between_scenarios(found.drivers, trend, found.scenarios[0], found.scenarios[at])
        children = of_children(sets, headline(area.about), year, pair)
        if any(projection.register is not None for projection in pair):
            return Why(found.names[at], (children,), note=NO_POUNDS)
        pounds = of_pounds(sets, Payer.HIGH_NEEDS, year, pair, _prices(area))
    except ForecastError as error:
        return Why(found.names[at], (), str(error))
    return Why(found.names[at], (children, pounds))


def why_changed(area: Area, scenario: Scenario, settings: Settings, year: int, of: str) -> Changed:
    """Why a figure changes from the latest census to January `year` under a scenario.

    Parameters
    ----------
    of : one of `Of`, or a kind of place as the area calls it

    Raises
    ------
    UnknownLabel
        `of` is neither.
    NoSuchJanuary, NoPrices, NothingListed, TooManyCauses
        There is no such figure, or there are too many levers to share it among.
    """
    counted = None if of in {Of.POUNDS, Of.TRANSPORT, Of.SHORT} else _outcome(area.about, of)
    drivers = area_drivers(area, *england_and_assumptions(), settings)
    years = [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]
    not_asked = xr.DataArray([float("nan")] * len(years), coords={"year": years}, dims="year")
    made = project(area, drivers, scenario, settings, not_asked)
    sets = between_years(drivers, central(drivers), scenario)
    if counted is not None:
        return Changed(made, of_children(sets, counted, year, [made]))
    if of == Of.SHORT:
        return Changed(made, _short(sets, area, drivers, made, year))
    payer = Payer.HIGH_NEEDS if of == Of.POUNDS else Payer.GENERAL_FUND
    return Changed(made, of_pounds(sets, payer, year, [made], _prices(area)))


def headline(about: About) -> Outcome:
    """What a comparison is about first of all: children in state special schools, or else in specialist places."""
    special = about.means(Provision.SPECIAL)
    if special:
        return Outcome("children in state special schools", tuple(special))
    return Outcome("children in specialist places of every kind", tuple(about.planned))


def _short(sets: Coalitions, area: Area, drivers: xr.Dataset, made: Projection, year: int) -> Waterfall:
    label = area.about.means(Provision.SPECIAL)[0]
    return of_short(sets, label, year, [made], area.places, drivers)


def _outcome(about: About, of: str) -> Outcome:
    """The children that a word means."""
    match of:
        case Of.SPECIAL:
            return special_schools(about)
        case Of.PLANS:
            return all_plans(about)
        case _:
            return kind_of_place(about, of)


def _prices(area: Area) -> pd.DataFrame:
    """Prices before any lever."""
    return costs_of(area).table.assign(from_year=0)
