"""What every question of size is answered from: an area's forecast, and the same area in the other worlds.

The other worlds are carried on in fewer of the same futures, which is enough to set worlds side by side: what a world
changes is compared future by future. Evenly many are taken from each half, because the second half of all futures
mirrors the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from forecast.ap.roll import ap_forecast
from forecast.axes import PHASE_FIRSTS
from forecast.decide.without_plan import in_futures
from forecast.inputs.area import Area
from forecast.inputs.assumptions import Assumption
from forecast.model.carried import carried
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.projection import Projection, by_phase
from forecast.scenario.scenario import Scenario, read_world
from forecast.scenario.worlds import World
from forecast.settings import Settings

FEWER: Final = 50
"""Futures in which worlds are compared."""


@dataclass(frozen=True, eq=False)
class Futures:
    """An area's futures under a scenario, and under the same changes in every world."""

    area: Area
    assumptions: Mapping[str, Assumption]
    projection: Projection
    """All futures. England's special school rate is not in it: nothing here asks for that."""
    worlds: Mapping[World, Projection]
    """Each world in the same few futures; none where they were not asked for."""


def futures_of(
    area: Area, scenario: Scenario, settings: Settings, spans: Sequence[tuple[int, int]], *, worlds: bool = True
) -> Futures:
    """Carry an area forward under a scenario, and in the other worlds under the same changes.

    Parameters
    ----------
    spans : first and last year group of every question that is to be asked
    worlds : whether to work out the other worlds too
    """
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    years = [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]
    not_asked = xr.DataArray(np.full(len(years), np.nan), coords={"year": years}, dims="year")
    projection = project(area, drivers, scenario, settings, not_asked, spans)
    if not worlds:
        return Futures(area, dict(assumptions), projection, {})
    some = drivers.isel(draw=few_of(settings.draws))
    others = {world: _in_world(some, projection, world, scenario) for world in World if world is not projection.world}
    others[scenario.world.defines] = fewer(projection, some["draw"].to_numpy())
    return Futures(area, dict(assumptions), projection, {world: others[world] for world in World})


def few_of(draws: int) -> list[int]:
    """Positions of the futures in which worlds are compared: evenly many of each half."""
    half = draws // 2
    if draws <= FEWER:
        return list(range(draws))
    return [*range(FEWER // 2), *range(half + draws % 2, half + draws % 2 + FEWER // 2)]


def fewer(projection: Projection, draws: np.ndarray) -> Projection:
    """The projection in some of its futures.

    Parameters
    ----------
    draws : labels of the axis `draw`
    """
    chosen = {"draw": draws}
    by_band, register, factors = projection.by_band, projection.register, projection.district_factors
    return replace(
        projection,
        demand=projection.demand.sel(chosen),
        by_band=None if by_band is None else by_band.sel(chosen),
        register=None if register is None else replace(register, open=register.open.sel(chosen)),
        district_factors=None if factors is None else factors.sel(chosen),
        short=None,
        ap=in_futures(projection.ap, draws.tolist()),
    )


def _in_world(drivers: xr.Dataset, projection: Projection, world: World, scenario: Scenario) -> Projection:
    """The area in another world, in the futures of `drivers`."""
    other = scenario.model_copy(update={"world": read_world(world)})
    changed = other.apply(drivers)
    expected, by_band, _ = carried(changed, projection.settings.seed, _bands(projection))
    alike = fewer(projection, by_band["draw"].to_numpy())
    demand, ap = by_phase(by_band), ap_forecast(changed)
    return replace(alike, world=world, expected=expected, by_band=by_band, demand=demand, ap=ap)


def _bands(projection: Projection) -> list[int]:
    """First year groups of the bands that a projection tells apart."""
    return list(PHASE_FIRSTS) if projection.by_band is None else projection.by_band["band"].to_numpy().tolist()
