"""What a forecast is, once made: every table, chart, page and decision is a function of it and of nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap.forecast import ApForecast
from forecast.axes import PHASE_FIRSTS
from forecast.domain import PHASES, academic_year
from forecast.inputs.about import About
from forecast.model.funnel import Waiting
from forecast.places.claims import claims
from forecast.places.register import Register
from forecast.places.shortage import Shortage
from forecast.scenario.recorded import Recorded
from forecast.scenario.spending import Spending
from forecast.scenario.worlds import Held, World
from forecast.settings import Settings

TOLD_BY_DATA: Final = 5
"""Years past the latest census that published figures have something to say about: later ones stand in a named world.

Counted from the census, not from the current school year, because that is where the errors of past forecasts are
counted from: a forecast learns nothing by growing old.
"""


@dataclass(frozen=True)
class Projection:
    """One area under one scenario, from its latest census on.

    The first label of every `year` axis is the latest census, in which all draws are alike.
    """

    about: About
    """Name, labels, notes and sources of the area."""
    scenario: str
    """Name of the scenario."""
    scenario_why: str
    """What it assumes, in a sentence."""
    settings: Settings
    demand: xr.DataArray
    """Whole children, if every kind of place had room: (draw, year, district, need, phase, provision)."""
    expected: xr.DataArray
    """The same without luck, averaged over draws: (year, district, need, nc_year, provision)."""
    places: xr.DataArray
    """Places open at each January: (year, provision); not a number where the area lists none."""
    places_assumed: bool
    """Whether `places` are only those that the area's children fill now, so that nothing can be called short."""
    population: xr.DataArray
    """Residents by age, the mid-year before each January: (year, district, nc_year)."""
    england_special_rate: xr.DataArray
    """England: plans in state or non-maintained special schools per resident aged 4-17: (year) or (draw, year)."""
    digests: Mapping[str, str]
    """SHA-256 of the area's tables and of the England model."""
    record: Mapping[str, object] = field(default_factory=dict)
    """The scenario's changes and the assumptions used, as written: with the digests, enough to repeat the run."""
    unmet: Mapping[str, float] = field(default_factory=dict)
    """Target -> share of draws and years in which control missed it by more than 1%, its bounds binding."""
    district_factors: xr.DataArray | None = None
    """Where districts have the area's rate: how far each may differ from it, as comparable authorities do: (draw,
    district). None where their children were counted."""
    waiting: Waiting | None = None
    """What the council's own requests say of next year's new plans; None where they are not counted."""
    world: World | Held = World.TREND
    """The named future that the scenario stands in."""
    by_band: xr.DataArray | None = None
    """`demand` by runs of year groups that no school's ages cut: (draw, year, district, need, band, provision)."""
    register: Register | None = None
    """The area's own places as each future finds them; None where it lists none."""
    short: Shortage | None = None
    """Children whom those places leave over; None where the area lists none."""
    shifted: xr.DataArray | None = None
    """Children whom each shift of the scenario sends elsewhere, in each future, without luck: (draw, year, shift), the
    latest census left out. None where it has no shifts."""
    spending: tuple[Spending, ...] = ()
    """What the scenario's changes themselves cost, besides the places that children fill."""
    prices: pd.DataFrame | None = None
    """What places cost: columns of `schemas_places.Costs`, and `from_year`, the January from which a row holds (0:
    always). None where the forecast has no scenarios."""
    recorded: tuple[Recorded, ...] = ()
    """What each change of the scenario did, as `what: old -> new`."""
    ap: ApForecast | None = None
    """Children without a plan in alternative provision; None where the area has no figures on them."""

    @property
    def base(self) -> int:
        """January of the latest census."""
        return int(self.demand["year"].values[0])

    @property
    def world_from(self) -> int:
        """First January of which a figure must name its world: the first forecast one, unless that is the trend."""
        return self.base + 1 + (TOLD_BY_DATA if self.world is World.TREND else 0)

    def world_of(self, year: int) -> str:
        """World that a figure of January `year` stands in, by name; empty where the data still have their say."""
        return self.world.words if year >= self.world_from else ""

    @property
    def in_world(self) -> str:
        """For a label: 'from 2030/31 in the world "trend"', 'in the world "saturating"'; empty where none is needed."""
        if not self.world_of(int(self.demand["year"].values[-1])):
            return ""
        named = f'in the world "{self.world.words}"'
        return f"from {academic_year(self.world_from)} {named}" if self.world is World.TREND else named

    @property
    def table_years(self) -> dict[str, int]:
        """Heading -> January: the base, the current academic year, and 1, 3, 5 and 10 years on from it."""
        now = max(self.settings.current_year, self.base)
        last = int(self.demand["year"].values[-1])
        ahead = {f"{gap} year{'s' if gap > 1 else ''} on": now + gap for gap in (1, 3, 5, 10)}
        years = {"latest census": self.base, "now": now, **ahead}
        return {heading: year for heading, year in years.items() if year <= last}

    @cached_property
    def claims(self) -> xr.DataArray | None:
        """`by_band` with those without a plan who fill AP schools beside them, under a need label of their own."""
        return None if self.by_band is None else claims(self.by_band, self.ap, self.about.provisions)

    def total(self, *over: str) -> xr.DataArray:
        """`demand` summed over the axes named, draw by draw, so that quantiles are of the sum."""
        return self.demand.sum(list(over), dtype=np.int64)

    def apart(self, children: xr.DataArray) -> xr.DataArray:
        """`children` by district, each with its factor of the draw, and their sum as it was.

        As they are where they are not by district, or where districts have children of their own.
        """
        if "district" not in children.dims or self.district_factors is None:
            return children
        moved = children * self.district_factors
        total = moved.sum("district")
        return moved * (children.sum("district") / total.where(total > 0, 1))


def by_phase(by_band: xr.DataArray) -> xr.DataArray:
    """Children by phase, from those by bands within phases: its axes, `band` turned to `phase`."""
    bands, at = by_band["band"].to_numpy(), by_band.dims.index("band")
    children = np.moveaxis(by_band.to_numpy(), at, 0)
    of_phases = np.split(np.arange(len(bands)), np.searchsorted(bands, PHASE_FIRSTS)[1:])
    whole = np.issubdtype(by_band.dtype, np.integer)
    sizes = [len(of_phases) if axis == "band" else size for axis, size in by_band.sizes.items()]
    sums = np.empty(sizes, dtype=np.int32 if whole else np.float32)
    for (first, *others), phase in zip(of_phases, np.moveaxis(sums, at, 0), strict=True):
        phase[...] = children[first]
        for band in others:
            np.add(phase, children[band], out=phase)
    coords = {axis: by_band[axis].to_numpy() for axis in by_band.dims if axis != "band"}
    dims = tuple("phase" if axis == "band" else str(axis) for axis in by_band.dims)
    return xr.DataArray(sums, coords=coords | {"phase": [phase.value for phase in PHASES]}, dims=dims)
