"""All that a figure is worked out from, and the figure: with one supposition turned, the same futures carried on again.

Everything else stays as the forecast has it, its range with it, so that what is found with nothing turned is the
forecast's own figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import xarray as xr

from forecast.decide.compare import apart
from forecast.decide.measures import Measure
from forecast.decide.outcomes import Outcome, figure_of
from forecast.decide.supposed_levers import POUNDS, REACH, of_levers, with_lever
from forecast.decide.suppositions import (
    ASKED_FOR,
    DELAY,
    OF_BILLS,
    Origin,
    Supposition,
    of_assumptions,
    of_prices,
)
from forecast.inputs.area import Area
from forecast.inputs.assumptions import Assumption
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.costs import KEY, costs_of
from forecast.places.england import england_special_rate
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings


@dataclass(frozen=True, eq=False)
class Premises:
    """What a figure is worked out from, besides the area's own tables and the England model."""

    assumptions: Mapping[str, Assumption]
    prices: pd.DataFrame
    """Of the area, before any change of a scenario: columns of `schemas_places.Costs`."""
    scenarios: tuple[Scenario, ...]
    """One, or two that are set against each other: of the figure the second's is taken off."""

    def suppositions(self) -> tuple[Supposition, ...]:
        """All of them, no two of one name; settings of a change that both scenarios have are there once."""
        first, *others = self.scenarios
        own = [each for other in others for each in of_levers(other) if not _shared(first, other, each)]
        of_first = of_levers(first)
        names = {each.name for each in of_first}
        apart = [replace(each, name=f"{each.name} ({each.key[0]})") if each.name in names else each for each in own]
        return (*of_assumptions(self.assumptions), *of_prices(self.prices), *of_first, *apart)

    def of(self, supposition: Supposition) -> Scenario:
        """The scenario that a setting is of."""
        return next(scenario for scenario in self.scenarios if scenario.name == supposition.key[0])


def turned(premises: Premises, supposition: Supposition, value: float) -> Premises:
    """The premises with one supposition at a value, for certain in every future.

    But for the delay of planned schools: its range moves with its value, since schools with a delay of their own take
    the shape of their range from it, and would be certain too.

    Raises
    ------
    ValidationError
        A lever does not take such a value.
    """
    if supposition.origin is Origin.ASSUMPTIONS:
        (name,) = supposition.key
        held = premises.assumptions[name]
        by = value / held.value if name == DELAY and held.value else 0.0
        low, high = (held.low * by, held.high * by) if by else (value, value)
        moved = held.model_copy(update={"value": value, "low": low, "high": high})
        return replace(premises, assumptions={**premises.assumptions, name: moved})
    if supposition.origin is Origin.PRICES:
        mine = (premises.prices[KEY] == list(supposition.key)).all(axis=1)
        ends = {end: premises.prices[end].where(~mine, value) for end in ("value", "low", "high")}
        return replace(premises, prices=premises.prices.assign(**ends))
    named = premises.of(supposition)
    changed = (with_lever(scenario, named, supposition, value) for scenario in premises.scenarios)
    return replace(premises, scenarios=tuple(changed))


@dataclass(frozen=True, eq=False)
class Figures:
    """An outcome under premises, each worked out once."""

    area: Area
    settings: Settings
    outcome: Outcome
    england: xr.Dataset
    base: Premises
    """As the forecast has them."""
    drivers: xr.Dataset
    rate: xr.DataArray
    """England's special school rate: (draw, year)."""
    projections: tuple[Projection, ...]
    """Under `base`, one of each scenario."""
    known: dict[tuple[tuple[str, ...], float], float] = field(default_factory=dict)
    """Key of a supposition and its value -> the number."""

    def now(self) -> float:
        """The number as the forecast has it."""
        return self.outcome.number(self._figure(self.projections))

    def at(self, supposition: Supposition, value: float) -> float:
        """The number with a supposition at a value, for certain in every future.

        Raises
        ------
        ValidationError
            A lever does not take such a value.
        """
        key = ((supposition.origin.value, *supposition.key), value)
        if key not in self.known:
            premises = turned(self.base, supposition, value)
            self.known[key] = self.outcome.number(self._figure(self._projected(premises)))
        return self.known[key]

    def bears(self, supposition: Supposition) -> bool:
        """Whether a supposition could move the outcome at all; where this says no, it is not tried."""
        if supposition.certain:
            return False
        pounds = self.outcome.measure is Measure.POUNDS
        match supposition.origin:
            case Origin.PRICES:
                return pounds and supposition.key[0] in OF_BILLS
            case Origin.SCENARIO:
                return pounds or supposition.unit != POUNDS
        (name,) = supposition.key
        nobody_waits, nothing_planned = self.drivers.attrs["waiting"] is None, self.all_assumed
        idle = {**dict.fromkeys(ASKED_FOR, True), "waiting_weight": nobody_waits, DELAY: nothing_planned}
        return not idle.get(name, False)

    @property
    def all_assumed(self) -> bool:
        """Whether places are only assumed, so that no school of a register can open late."""
        return all(projection.register is None for projection in self.projections)

    def _figure(self, projections: tuple[Projection, ...]) -> xr.DataArray:
        first, *against = (figure_of(projection, self.outcome) for projection in projections)
        return first - against[0] if against else first

    def _projected(self, premises: Premises) -> tuple[Projection, ...]:
        """Forecasts under premises, only what differs from `base` made anew."""
        drivers = self._drivers(premises.assumptions)
        found = []
        for scenario, own, held in zip(premises.scenarios, self.base.scenarios, self.projections, strict=True):
            same = drivers is self.drivers and scenario == own
            made = held if same else project(self.area, drivers, scenario, self.settings, self.rate)
            found.append(_priced(made, scenario, premises.prices))
        return tuple(found)

    def _drivers(self, assumptions: Mapping[str, Assumption]) -> xr.Dataset:
        moved = {name for name, taken in assumptions.items() if taken != self.base.assumptions[name]}
        if not moved:
            return self.drivers
        if moved == {DELAY}:
            return self.drivers.assign_attrs(late=assumptions[DELAY])
        return area_drivers(self.area, self.england, assumptions, self.settings)


def figures(area: Area, scenarios: tuple[Scenario, ...], settings: Settings, outcome: Outcome) -> Figures:
    """An area's outcome under one scenario, or of one less another, ready to be worked out under other premises.

    Raises
    ------
    InputFaults
        A scenario does not fit the area.
    """
    scenarios = _apart(scenarios)
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    rate = england_special_rate(england, assumptions, settings, drivers)
    made = tuple(project(area, drivers, scenario, settings, rate) for scenario in scenarios)
    base = Premises(assumptions, costs_of(area).table, scenarios)
    return Figures(area, settings, outcome, england, base, drivers, rate, made)


def _shared(first: Scenario, other: Scenario, supposition: Supposition) -> bool:
    """Whether a setting of one scenario is one of another's too."""
    at = supposition.key[1]
    if at == REACH:
        return other.world == first.world and other.pass_through == first.pass_through
    return other.changes[int(at) - 1] in first.changes


def _apart(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Scenarios with names of their own: a second "Help" becomes "Help (2)"."""
    names = apart([scenario.name for scenario in scenarios])
    return tuple(
        scenario if scenario.name == name else scenario.model_copy(update={"name": name})
        for scenario, name in zip(scenarios, names, strict=True)
    )


def _priced(projection: Projection, scenario: Scenario, prices: pd.DataFrame) -> Projection:
    """A forecast with other prices, those of its scenario's changes made of them."""
    return replace(projection, prices=scenario.reprice(prices.assign(from_year=0)))
