"""Runs that a search is made of: an area under levers at some settings, in a few or in all of the same futures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from forecast.decide.aim_figures import figures, missed
from forecast.decide.aims import Aim
from forecast.decide.bill import bill, by_payer, gaps
from forecast.decide.bill_lines import Kind
from forecast.decide.goal_levers import Levers
from forecast.decide.measures import ALL_PAYERS
from forecast.decide.seek import Steps
from forecast.inputs.area import Area
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.england import england_special_rate
from forecast.places.sufficiency import summarise
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

FEW, FEWER = 40, 20
"""Futures in which the setting of one lever is looked for first; and mixes of several, which take more runs: whole
chunks of draws, shared evenly by two processors."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Some futures of an area, and the area in them without the levers."""

    area: Area
    drivers: xr.Dataset
    england: xr.DataArray
    """England's special school rate: (draw, year)."""
    settings: Settings
    before: Projection
    paid: xr.DataArray
    """Without the levers: (draw, year, payer), pounds."""

    def carried(self, scenario: Scenario) -> Projection:
        """The area under a scenario."""
        return project(self.area, self.drivers, scenario, self.settings, self.england)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What levers at some settings bring."""

    steps: Steps
    misses: tuple[xr.DataArray, ...]
    """By how much each aim is missed in each January, 0 or less where it is met: (year)."""
    figures: tuple[xr.DataArray, ...]
    """What each aim is of: (year, statistic)."""
    more: xr.DataArray
    """Pounds a year more than without the levers, the mean of the years counted: (payer, statistic)."""
    unpriced: tuple[str, ...]
    """Lines of the bill that nothing prices; not asked of a run in a few futures."""

    @property
    def pounds(self) -> float:
        """Pounds a year more than without the levers, all payers together, on average."""
        return float(self.more.sel(payer=ALL_PAYERS, statistic="mean"))


@dataclass(frozen=True, eq=False)
class Runs:
    """Every run of a search, each made once."""

    aims: tuple[Aim, ...]
    levers: Levers
    all: Ground
    few: Ground
    years: tuple[int, ...]
    """Januaries whose pounds are counted: from the first in which a lever acts to the last of an aim."""
    made: dict[tuple[Steps, bool], Outcome] = field(default_factory=dict)
    """Settings, and whether in a few futures only -> what came of them."""

    def outcome(self, steps: Steps, *, few: bool = False) -> Outcome:
        """What levers at some settings bring, in all futures or in a few."""
        if (steps, few) not in self.made:
            ground = self.few if few else self.all
            scenario = self.levers.scenario(steps)
            same = scenario.changes == self.levers.ground.changes
            projection = ground.before if same else ground.carried(scenario)
            self.made[steps, few] = outcome(self.aims, projection, ground.paid, self.years, steps, told=not few)
        return self.made[steps, few]

    def misses(self, steps: Steps, *, few: bool = False) -> list[float]:
        """By how much each aim is missed in its worst year.

        In a few futures: as far from the start in all futures as they are from the start in a few.
        """
        found = self.outcome(steps, few=few).misses
        if few:
            none = (0,) * len(steps)
            start, few_start = self.outcome(none).misses, self.outcome(none, few=True).misses
            found = tuple(one - other + all_of for one, other, all_of in zip(found, few_start, start, strict=True))
        return [float(miss.sel(year=aim.years).max().item()) for aim, miss in zip(self.aims, found, strict=True)]


def outcome(
    aims: Sequence[Aim], projection: Projection, paid: xr.DataArray, years: Sequence[int], steps: Steps, *, told: bool
) -> Outcome:
    """What a forecast brings to aims, and what it costs.

    Parameters
    ----------
    paid : without the levers, in the same futures: (draw, year, payer), pounds
    years : Januaries whose pounds are counted
    told : whether anybody is told of it, and so of the lines that nothing prices
    """
    more = by_payer(bill(projection)) - paid
    every = xr.concat(
        [more, more.sum("payer").expand_dims(payer=[ALL_PAYERS])], "payer", join="exact", coords="minimal",
        compat="override",
    )  # fmt: skip
    found = [figures(aim, projection, more.sum("payer")) for aim in aims]
    left_out = gaps(projection) if told else None
    return Outcome(
        steps=steps,
        misses=tuple(missed(aim, projection, figure) for aim, figure in zip(aims, found, strict=True)),
        figures=tuple(summarise(figure) for figure in found),
        more=summarise(every.sel(year=list(years)).mean("year")),
        unpriced=() if left_out is None else _of_changes(left_out),
    )


def _of_changes(left_out: pd.DataFrame) -> tuple[str, ...]:
    """Lines of changes, each once.

    Parameters
    ----------
    left_out : as of `gaps`
    """
    return tuple(dict.fromkeys(left_out.loc[left_out["kind"] == Kind.CHANGES.value, "line"]))


def ground_of(area: Area, scenario: Scenario, settings: Settings, few: int) -> tuple[Ground, Ground]:
    """All futures of an area, and a few of them: each with the area in them under a scenario.

    Evenly many are taken from each half of the futures, as the second mirrors the first. They are numbered anew, so
    that their luck in the register of places and in prices is one and the same.
    """
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    rate = england_special_rate(england, assumptions, settings, drivers)
    half = (settings.draws + 1) // 2
    some = [*range(min(few // 2, half)), *range(half, min(half + few // 2, settings.draws))]
    numbers = np.arange(len(some))
    fewer = drivers.isel(draw=some).assign_coords(draw=numbers).assign_attrs(draws=len(some))
    few_rate = rate.isel(draw=some).assign_coords(draw=numbers)
    few_settings = settings.model_copy(update={"draws": len(some)})
    return (
        _ground(area, drivers, rate, settings, scenario),
        _ground(area, fewer, few_rate, few_settings, scenario),
    )


def _ground(area: Area, drivers: xr.Dataset, england: xr.DataArray, settings: Settings, scenario: Scenario) -> Ground:
    before = project(area, drivers, scenario, settings, england)
    return Ground(area, drivers, england, settings, before, by_payer(bill(before)))
