"""Where to build, and what to fund: from an area's folder and a file of candidates to the answer.

What is wrong with the files is said before anything is forecast.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.choose import Limits, Options
from forecast.decide.ground import (
    Ground,
    NotForecast,
    ground_of,
    in_time,
    options_of,
    pounds_without,
    rows_of,
    sites_of,
    yearly_empty,
)
from forecast.decide.groups import Array, Places
from forecast.decide.portfolio import Bundle, Portfolio, Sets, frontier
from forecast.decide.priced import costs_under
from forecast.decide.reach import journeys_to
from forecast.decide.site import Plan, Worth, affordable, site_schools
from forecast.decide.without_plan import share_without_plan
from forecast.domain import PHASES
from forecast.inputs.area import Area
from forecast.inputs.candidates import kept_candidates, read_candidates
from forecast.inputs.given import digest_of
from forecast.inputs.reference_travel import Travel, read_travel
from forecast.pipeline import forecast_area
from forecast.places.costs import Costs, costs_of
from forecast.places.flow import least_unmet
from forecast.places.travel import Journeys
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

AHEAD: Final = 5
"""Years from the current one to the January that is asked about, unless one is named."""
_AT_ONCE: Final = 64
"""Sets of projects worked on together: they bound what is held in memory."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The candidates of a question, and what they would cost."""

    rows: pd.DataFrame
    """Those that open in time: columns of `inputs.candidates.COLUMNS`."""
    later: tuple[str, ...]
    """Names of those that open too late."""
    places: pd.DataFrame
    """As from `ground.rows_of`."""
    options: Options
    year: int
    """January that is asked about."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files given: `candidates`, and `travel` where there is a matrix."""

    @property
    def names(self) -> list[str]:
        """Name of each place."""
        return [str(name) for name in self.places["site"]]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last year group of each candidate."""
        return list(zip(self.rows["nc_from"].tolist(), self.rows["nc_to"].tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Sited:
    """Where to build and how big, and what comes of it."""

    projection: Projection
    candidates: Candidates
    ground: Ground
    journeys: Journeys
    plans: Mapping[str, Plan]
    """`site.AS_IT_IS` and the names of `site.SCENARIOS` -> plan."""
    limits: Limits
    travel: Travel
    worth: Worth


@dataclass(frozen=True, eq=False)
class Funded:
    """Which projects to fund."""

    projection: Projection
    candidates: Candidates
    ground: Ground
    portfolio: Portfolio
    budget: float
    """Pounds; infinite where none was named."""

    @property
    def best(self) -> Bundle:
        """The set that the budget buys."""
        return self.portfolio.best(self.budget)

    def short(self, bundle: Bundle, groups: Places) -> Array:
        """Children of some groups without a place, with a set of projects built: (draw).

        Parameters
        ----------
        groups : (group), every group of a kind of place or none: kinds share no places
        """
        capacity = self.ground.open + self.candidates.options.capacity(bundle.built, len(self.ground.places))
        everyone = self.ground.groups
        return least_unmet(everyone.demand[:, groups], everyone.eligible[groups], capacity)


def site(
    area: Area,
    candidates: Path | None,
    settings: Settings,
    scenario: Scenario,
    *,
    matrix: Path | None = None,
    year: int | None = None,
    limits: Limits | None = None,
) -> Sited:
    """Where to build, and how big.

    Parameters
    ----------
    candidates : CSV of `inputs.candidates.COLUMNS`; the one in the area's folder if None
    matrix : CSV of `inputs.travel_file.COLUMNS`; straight lines if None
    year, limits : January that is asked about, `AHEAD` years on from the current one if None; budget, number of sites

    Raises
    ------
    InputFaults
        Every fault of a file.
    NoCandidates
        None are named, and the area's folder has none.
    BudgetTooSmall
        The budget pays for nothing.
    NotForecast
        The forecast does not reach that January.
    """
    limits, travel = limits or Limits(), read_travel()
    file = candidates or kept_candidates(area.folder)
    asked = candidates_of(_built(area, scenario), file, settings, year)
    affordable(asked.options, asked.names, limits.budget)
    journeys = journeys_to(asked.places, area, travel, matrix, file.name)
    if matrix is not None:
        asked = replace(asked, digests={**asked.digests, "travel": digest_of(matrix)})
    projection = forecast_area(area, scenario, settings, asked.spans)
    return sited(projection, asked, journeys, travel, costs_under(area, scenario, asked.year), limits)


def sited(
    projection: Projection, asked: Candidates, journeys: Journeys, travel: Travel, costs: Costs, limits: Limits
) -> Sited:
    """As `site`, from a forecast that is there already.

    Parameters
    ----------
    projection : made with the candidates' `spans`
    """
    about, kinds = projection.about, asked.places["provision"]
    ground = ground_of(projection, asked.places, asked.year)
    ap_share = share_without_plan(projection, asked.year)
    without = pounds_without(costs, list(dict.fromkeys(kinds)), about, asked.year - projection.base, ap_share)
    worth = Worth(
        np.array([without[kind] for kind in ground.kind]),
        np.array([yearly_empty(costs, kind, about) for kind in kinds]),
        travel.pounds_a_minute,
    )
    too_long = [travel.limits[phase] for phase in PHASES]
    plans = site_schools(
        ground.groups, ground.open, journeys, too_long, asked.options, asked.names, worth, keep_to=limits
    )
    return Sited(projection, asked, ground, journeys, plans, limits, travel, worth)


def fund(
    area: Area,
    candidates: Path | None,
    settings: Settings,
    scenario: Scenario,
    *,
    year: int | None = None,
    budget: float = np.inf,
) -> Funded:
    """Which projects to fund, out of the candidates; parameters and errors as of `site`."""
    asked = candidates_of(_built(area, scenario), candidates or kept_candidates(area.folder), settings, year)
    affordable(asked.options, asked.names, budget)
    return funded(forecast_area(area, scenario, settings, asked.spans), asked, budget)


def funded(projection: Projection, asked: Candidates, budget: float = np.inf) -> Funded:
    """As `fund`, from a forecast that is there already, made with the candidates' `spans`."""
    ground = ground_of(projection, asked.places, asked.year)
    return Funded(
        projection, asked, ground, frontier(asked.options, partial(left_short, ground, asked.options), budget), budget
    )


def _built(area: Area, scenario: Scenario) -> Area:
    """The area with the places that a scenario leaves it; its own folder else."""
    return replace(area, places=scenario.build(area.places))


def candidates_of(area: Area, file: Path, settings: Settings, year: int | None) -> Candidates:
    """Candidates that open by January `year`, beside the places there are.

    Raises
    ------
    InputFaults
        Every fault of the file; no candidate opens in time.
    NotForecast
        The forecast does not reach that January.
    """
    census = area.about.latest_census
    now = max(settings.current_year, census)
    asked = now + min(AHEAD, settings.horizon) if year is None else year
    if not census < asked <= now + settings.horizon:
        raise NotForecast(asked, census, now + settings.horizon)
    taken = {*area.places["school"], *sites_of(area.places)}
    every = read_candidates(file, area.about, taken, area.boundaries, settings.current_year)
    rows, later = in_time(every, asked, file.name)
    places = rows_of(area.places, rows)
    options = options_of(places, rows, costs_of(area), area.about)
    return Candidates(rows, later, places, options, asked, {"candidates": digest_of(file)})


def left_short(ground: Ground, options: Options, sets: Sets) -> Array:
    """Children without a place in every future, with the options of each set built: (set, draw).

    Parameters
    ----------
    sets : (set, option)
    """
    parts = []
    for first in range(0, len(sets), _AT_ONCE):
        built = [options.capacity(np.flatnonzero(row), len(ground.places)) for row in sets[first : first + _AT_ONCE]]
        capacity = ground.open + np.array(built)[:, None]
        parts.append(least_unmet(ground.groups.demand, ground.groups.eligible, capacity))
    return np.concatenate(parts)
