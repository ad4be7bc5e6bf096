"""What if a school opens late: two runs of the queue with the same children and luck, the school on time and late.

Each difference is late less on time, draw by draw, before anything is summarised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap.roll import ap_forecast
from forecast.axes import PHASE_FIRSTS
from forecast.decide.nearest import Miles, miles
from forecast.decide.postponed import Postponed, postponed
from forecast.decide.queued import Queued, placements
from forecast.decide.unit_prices import lists_over, whole_years
from forecast.decide.without_plan import taken_without_plan
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.assumptions import Assumption
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_overflow import read_overflow
from forecast.inputs.reference_travel import read_travel
from forecast.model.queue import Queue
from forecast.pipeline import area_drivers, england_and_assumptions
from forecast.places.costs import costs_of
from forecast.places.overflow import queue_of
from forecast.places.register import Register, drawn_register
from forecast.places.travel import points_in, straight_journeys
from forecast.scenario.scenario import Scenario
from forecast.scenario.worlds import World
from forecast.settings import Settings
from forecast.store import digest

_MINUTES_AN_HOUR: Final = 60
_PARTS: Final = ["district", "need", "band"]


@dataclass(frozen=True, eq=False)
class Run:
    """One of the two runs."""

    queued: Queued
    register: Register
    miles: Mapping[str, Miles]
    """Kind of place that the school adds to -> its children's journeys; empty where districts have no outline."""


@dataclass(frozen=True, eq=False)
class Late:
    """The answer: a school on time and late, and what that changes."""

    about: About
    school: Postponed
    months: int
    scenario: str
    settings: Settings
    on_time: Run
    late: Run
    price: xr.DataArray
    """Pounds a child a year: (draw, year, provision); not a number where no cost is known."""
    prices: pd.DataFrame
    """What these pounds are made of: columns of `schemas_places.Costs`, and `from_year`."""
    not_measured: str
    """Why there are no miles; empty where there are."""
    world: World
    """The named future that the scenario stands in."""
    record: Mapping[str, object]
    """The scenario's changes and the assumptions used, as written."""
    digests: Mapping[str, str]
    """SHA-256 of the area's tables and of the England model."""

    @property
    def more_without(self) -> xr.DataArray:
        """Children without a place of the kind that they asked for, more than on time: (draw, year)."""
        return (self.late.queued.without - self.on_time.queued.without).sum("provision")

    @property
    def more_waiting(self) -> xr.DataArray:
        """Of these, children who wait where they are: (draw, year)."""
        return (self.late.queued.waiting - self.on_time.queued.waiting).sum("provision")

    @property
    def went(self) -> xr.DataArray:
        """Children in each kind of place, more than on time: (draw, year, provision)."""
        return (self.late.queued.placed - self.on_time.queued.placed).sum(_PARTS, dtype=np.int64)

    @property
    def pounds(self) -> xr.DataArray:
        """Pounds of places and journeys, more than on time, by kind of place: (draw, year, provision)."""
        return self.went * self.price

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Kinds of place that no cost is known of, where the numbers differ: left out of the pounds."""
        unknown = self.price.isnull().any(["draw", "year"]) & (self.went != 0).any(["draw", "year"])
        return tuple(str(label) for label in self.price["provision"].to_numpy()[unknown.to_numpy()])

    def farther(self, kind: str) -> xr.DataArray:
        """Miles one way of a child in a kind of place that the school adds to, more than on time: (draw, year)."""
        axes = self.more_without.coords
        change = self.late.miles[kind].mean - self.on_time.miles[kind].mean
        return xr.DataArray(
            change, coords={axis: axes[axis].to_numpy() for axis in ("draw", "year")}, dims=("draw", "year")
        )


def late(area: Area, school: str, months: int, settings: Settings, scenario: Scenario) -> Late:
    """What changes if a planned school of the register opens so many months late.

    It opens for certain in both runs, on its date and after it; all other planned schools have their own luck, the
    same in both.

    Raises
    ------
    InputFaults, OpenAlready
        As `postponed`, `queue_of`, and the readers of reference tables.
    """
    years = [*range(area.about.latest_census, _last(area, settings) + 1)]
    asked = postponed(scenario.build(area.places), school, months, years)
    england, assumptions = england_and_assumptions()
    drivers = scenario.apply(area_drivers(area, england, assumptions, settings))
    registers = _registers(asked, years, settings, assumptions["delay_months"])
    means = {label: str(meaning) for label, meaning in area.about.provisions.items()}
    queued = placements(drivers, _queues(registers, drivers, area.about), settings.seed, PHASE_FIRSTS)
    reason = _not_measured(area, asked)
    on_time, delayed = (
        Run(placed, register, {} if reason else _miles(area, placed, register, asked.kinds))
        for placed, register in zip(queued, registers, strict=True)
    )
    prices, every = scenario.reprice(costs_of(area).table.assign(from_year=0)), np.arange(settings.draws)
    return Late(
        about=area.about,
        school=asked,
        months=months,
        scenario=scenario.name,
        settings=settings,
        on_time=on_time,
        late=delayed,
        price=whole_years(lists_over(prices, years, every, (settings.draws, settings.seed)), means, years),
        prices=prices,
        not_measured=reason,
        world=scenario.world.defines,
        record=scenario.model_dump(mode="json", by_alias=True) | {"assumptions": drivers.attrs["assumptions"]},
        digests={"area": area.digest, "england": digest(bundled("models", "england"))},
    )


def _queues(registers: Sequence[Register], drivers: xr.Dataset, about: About) -> list[Queue]:
    """A queue for each register: of AP schools for the places that children without a plan leave."""
    means, order = {label: str(meaning) for label, meaning in about.provisions.items()}, read_overflow()
    taken = taken_without_plan(ap_forecast(drivers), about)
    return [queue_of(register, means, order, taken) for register in registers]


def _last(area: Area, settings: Settings) -> int:
    """January that the forecast ends with."""
    return max(settings.current_year, area.about.latest_census) + settings.horizon


def _registers(asked: Postponed, years: Sequence[int], settings: Settings, delay: Assumption) -> list[Register]:
    """Places by future, the school on time and late."""
    both = (drawn_register(rows, years, settings.draws, settings.seed, delay) for rows in (asked.on_time, asked.late))
    return [register for register in both if register is not None]  # `postponed` has refused an area that lists none


def _not_measured(area: Area, asked: Postponed) -> str:
    """Why journeys to the school cannot be told; empty if they can."""
    if area.boundaries is None:
        return "the area folder has no districts.geojson, so it is not known where children live"
    rows = asked.on_time[asked.on_time["school"] == asked.school]
    if rows["lat"].isna().any():
        return f"places.csv has no lat and lon for {asked.school}"
    return ""


def _miles(area: Area, queued: Queued, register: Register, kinds: Sequence[str]) -> dict[str, Miles]:
    """Journeys to each kind of place that the school adds to."""
    points, travel = points_in(area.boundaries, area.about.district_names), read_travel()
    where = register.rows[["lon", "lat"]].to_numpy(dtype=float)
    minutes = straight_journeys(points, where, travel.factor, travel.speed).mean
    kilometres = minutes * travel.speed / _MINUTES_AN_HOUR
    children = queued.placed.sum(["need", "band"], dtype=np.int64)
    found = {}
    for kind in kinds:
        of_kind = (register.rows["provision"] == kind).to_numpy()
        placed = children.sel(provision=kind, drop=True).to_numpy()
        found[kind] = miles(placed, register.open.to_numpy()[..., of_kind], kilometres[:, of_kind])
    return found
