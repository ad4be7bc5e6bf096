"""What the page "What if?" works out: one forecast for each scenario, and why two of them differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import xarray as xr

from forecast.decide.central import central
from forecast.decide.coalitions import between_scenarios
from forecast.decide.compare import Compared
from forecast.decide.measures import Measure, measures
from forecast.decide.waterfall import Waterfall, of_children
from forecast.decide.waterfall_pounds import of_pounds
from forecast.decide.why import headline
from forecast.inputs.area import Area
from forecast.pipeline import project
from forecast.places.costs import costs_of
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.scenario.spending import Payer
from forecast.settings import Settings

Measured = Mapping[Measure, xr.DataArray]
"""Every measure of a forecast, in every future."""


@dataclass(frozen=True, eq=False)
class Run:
    """A scenario and what comes of it."""

    scenario: Scenario
    projection: Projection
    measured: Measured


def supposed(
    area: Area, drivers: xr.Dataset, england_rate: xr.DataArray, scenario: Scenario, settings: Settings
) -> tuple[Projection, Measured]:
    """The forecast of a scenario and its measures, once nothing is wrong with it.

    Raises
    ------
    InputFaults
        Everything in which the scenario does not fit the area and the forecast.
    """
    projection = project(area, drivers, scenario, settings, england_rate)
    return projection, measures(projection)


def beside_each_other(drivers: xr.Dataset, runs: Sequence[Run]) -> Compared:
    """Scenarios side by side, the first of which the others are set against.

    Parameters
    ----------
    drivers : of the area, before any change
    runs : two or more; their names are told apart by numbers where they are alike
    """
    names = [run.scenario.name for run in runs]
    counted = [names[: at + 1].count(name) for at, name in enumerate(names)]
    apart = [name if number == 1 else f"{name} ({number})" for name, number in zip(names, counted, strict=True)]
    return Compared(
        names=tuple(apart),
        scenarios=tuple(run.scenario for run in runs),
        projections=tuple(run.projection for run in runs),
        measured=tuple(run.measured for run in runs),
        drivers=drivers,
    )


def of_one(found: Compared, measure: Measure, label: str) -> Compared:
    """Scenarios side by side in one figure alone, which is told sooner than all of them."""
    return replace(found, measured=tuple({measure: each[measure].sel(of=[label])} for each in found.measured))


def reasons(area: Area, drivers: xr.Dataset, runs: Sequence[Run], year: int) -> list[Waterfall]:
    """Why the second scenario differs from the first: in state special schools, and in pounds of each payer.

    No pounds where the area lists places of its own (`why.NO_POUNDS`).

    Parameters
    ----------
    runs : the two
    year : January that is told
    """
    first, second = runs
    projections = [run.projection for run in runs]
    coalitions = between_scenarios(drivers, central(drivers), first.scenario, second.scenario)
    children = of_children(coalitions, headline(area.about), year, projections)
    if any(projection.register is not None for projection in projections):
        return [children]
    prices = costs_of(area).table.assign(from_year=0)
    payers = (Payer.HIGH_NEEDS, Payer.GENERAL_FUND)
    return [children, *(of_pounds(coalitions, payer, year, projections, prices) for payer in payers)]
