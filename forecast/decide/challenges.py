"""What a critical friend would ask of a scenario: what is claimed and not done, not evidenced, or done to no effect.

What a change brings is found by leaving it out: the same futures, with every other change and without this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pandas as pd
import xarray as xr

from forecast.decide.compare import Compared, compared
from forecast.decide.measures import ALL_PAYERS, ALL_PLANS, ALL_SPECIALIST, AP_SCHOOLS, RESIDENTS, Measure
from forecast.errors import ForecastError
from forecast.inputs.area import Area
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.england import england_special_rate
from forecast.scenario.dated import Dated
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import supported
from forecast.settings import Settings

CHILDREN_AT_LEAST: Final = 0.5
"""Children, or places, by which a change moves some figure in the mean of futures, or else moves nobody."""
POUNDS_AT_LEAST: Final = 500.0
"""Pounds a year by which it moves the bill, or else costs and saves nothing."""
_OF_PRICES: Final = ("set_price", "scale_price")
"""Levers that are meant to move pounds alone."""
_OF_AP: Final = (Measure.WITHOUT_PLAN, Measure.AP_PLACES)
_PEOPLE: Final = (Measure.CHILDREN, Measure.SHORT, Measure.MORE, Measure.PLACES, Measure.OPENED, *_OF_AP)
TOLD: Final = (
    *((Measure.CHILDREN, label) for label in (ALL_SPECIALIST, ALL_PLANS)),
    (Measure.RATE, RESIDENTS),
    *((measure, ALL_SPECIALIST) for measure in (Measure.SHORT, Measure.MORE, Measure.PLACES, Measure.OPENED)),
    *((measure, AP_SCHOOLS) for measure in _OF_AP),
    (Measure.POUNDS, ALL_PAYERS),
)
"""Measures of which the effect of each change is told, besides children in each kind of place."""


class Kind(StrEnum):
    """What is challenged."""

    CLAIM = "claim without a lever"
    EVIDENCE = "lever without evidence"
    EFFECT = "mitigation without effect"


@dataclass(frozen=True)
class Challenge:
    """One question to the author of a scenario."""

    kind: Kind
    about: str
    """Which claim or change."""
    why: str
    """What is missing, in a sentence."""


@dataclass(frozen=True)
class Effect:
    """What one change brings, all others being made."""

    change: str
    """Its place among the scenario's own changes, from 1, and its kind."""
    table: pd.DataFrame | None
    """Columns measure, of, year, effect (mean of the futures); None where the others cannot be made without it."""
    same: bool
    """Whether every figure of every future is the same without it."""
    refused: str = ""
    """Why the others cannot be made without it."""


@dataclass(frozen=True, eq=False)
class Challenged:
    """A scenario, the effect of each of its changes, and what is to be asked."""

    scenario: Scenario
    effects: tuple[Effect, ...]
    challenges: tuple[Challenge, ...]


def challenged(area: Area, scenario: Scenario, settings: Settings) -> Challenged:
    """Leave out each of a scenario's own changes in turn, and ask what a critical friend would.

    Raises
    ------
    InputFaults
        The scenario does not fit the area.
    """
    effects = effects_of(area, scenario, settings)
    asked = (*_of_claims(scenario), *_of_evidence(scenario), *_of_effects(scenario, effects))
    return Challenged(scenario, effects, asked)


def effects_of(area: Area, scenario: Scenario, settings: Settings) -> tuple[Effect, ...]:
    """What each of a scenario's own changes brings."""
    if not scenario.changes:
        return ()
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    rate = england_special_rate(england, assumptions, settings, drivers)
    whole = project(area, drivers, scenario, settings, rate)
    found = []
    for at, change in enumerate(scenario.changes):
        rest = scenario.changes[:at] + scenario.changes[at + 1 :]
        without = scenario.model_copy(update={"changes": rest, "claims": ()})
        name = called(at, change)
        try:
            other = project(area, drivers, without, settings, rate)
        except ForecastError as error:  # as where another change builds on this one: the effect says so
            found.append(Effect(name, None, same=False, refused=str(error)))
            continue
        both = compared(drivers, (without, scenario), (other, whole))
        found.append(Effect(name, _effect_table(both), same=both.same(1)))
    return tuple(found)


def called(at: int, change: Dated) -> str:
    """What a change is called: "2 rebalance", counted from 1.

    Parameters
    ----------
    at : its position
    """
    return f"{at + 1} {change.kind}"


def _effect_table(both: Compared) -> pd.DataFrame:
    """The mean difference that a change makes, by year."""
    kinds = [(Measure.CHILDREN, label) for label in both.about.provisions]
    rows = [
        {"measure": measure.value, "of": label, "year": year, "effect": effect}
        for measure, label in (*kinds, *TOLD)
        if (change := both.difference(1, measure)) is not None and label in change["of"].to_numpy()
        for year, effect in _means(change.sel(of=label))
    ]
    return pd.DataFrame(rows)


def _means(change: xr.DataArray) -> list[tuple[int, float]]:
    means = change.mean("draw")
    return [(int(year), float(means.sel(year=year))) for year in means["year"].to_numpy()]


def _of_claims(scenario: Scenario) -> list[Challenge]:
    """Claims that no change is to bring about."""
    found = [
        Challenge(Kind.CLAIM, each.says, "No change of the scenario is to bring this about.")
        for each in scenario.claims
        if each.change is None
    ]
    if not scenario.changes and scenario.name != scenario.world.name:
        why = "The scenario gives a reason and has no change that carries it out."
        found.append(Challenge(Kind.CLAIM, scenario.why, why))
    return found


def _of_evidence(scenario: Scenario) -> list[Challenge]:
    """Changes that rest on nothing, or on judgement alone."""
    found = []
    for at, change in enumerate(scenario.changes):
        if not change.evidence:
            why = "It has no evidence."
        elif not supported(change.evidence):
            why = "Its evidence is judgement, in whole or in part."
        else:
            continue
        found.append(Challenge(Kind.EVIDENCE, called(at, change), why))
    return found


def _of_effects(scenario: Scenario, effects: Sequence[Effect]) -> list[Challenge]:
    """Changes that move nobody, or cost money and move nobody."""
    found = []
    for change, effect in zip(scenario.changes, effects, strict=True):
        if why := _missing(change, effect):
            found.append(Challenge(Kind.EFFECT, effect.change, why))
    return found


def _missing(change: Dated, effect: Effect) -> str:
    """What is missing of a change's effect; empty where nothing is."""
    if effect.table is None:
        return f"Its own effect cannot be told, since the others cannot be made without it: {effect.refused}"
    if effect.same:
        return "Without it every figure is the same in every future and year."
    most = effect.table.groupby("measure")["effect"].agg(lambda values: values.abs().max())
    people = max(float(most.get(measure.value, 0.0)) for measure in _PEOPLE)
    pounds = float(most.get(Measure.POUNDS.value, 0.0))
    if people >= CHILDREN_AT_LEAST or (change.kind in _OF_PRICES and pounds >= POUNDS_AT_LEAST):
        return ""
    if pounds >= POUNDS_AT_LEAST:
        return "It costs or saves money, and in no year is a child in another kind of place or a place added."
    return "In no year does it move half a child, half a place or a thousand pounds."


def challenges_table(asked: Sequence[Challenge]) -> pd.DataFrame:
    """Challenges as rows: columns challenge, about, why."""
    rows = [{"challenge": each.kind.value, "about": each.about, "why": each.why} for each in asked]
    return pd.DataFrame(rows, columns=["challenge", "about", "why"])


def effects_table(effects: Sequence[Effect]) -> pd.DataFrame:
    """What every change brings: columns change, measure, of, year, effect."""
    tables = [effect.table.assign(change=effect.change) for effect in effects if effect.table is not None]
    columns = ["change", "measure", "of", "year", "effect"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
