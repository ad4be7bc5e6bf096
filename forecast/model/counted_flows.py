"""What an area has counted of a year's flows, all years together: who started, left, moved and came."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import NC_YEARS
from forecast.model.counted_tables import (
    Frame,
    cells_of,
    children_by_cell,
    counted_years,
    needs_shared_out,
    shared_out,
)
from forecast.model.raking import Array

RECENT: Final = 0.8
"""What a child of one year earlier counts for, as a share of one of the year after: judgement, as rates drift."""


@dataclass(frozen=True)
class Counted:
    """What the local fit reads of an area that counts its children: tidy counts, residents, labels."""

    placements: pd.DataFrame
    flows: pd.DataFrame
    moves: pd.DataFrame
    residents: xr.DataArray
    """(year, district, nc_year), every January of a flow and the latest census among the years."""
    frame: Frame
    year: int
    """January of the latest census."""

    @property
    def stayed(self) -> list[int]:
        """Januaries of which moves and plans ceased are both counted in full."""
        ceased = counted_years(self.flows[self.flows["flow"].eq("cease")])
        return self._until(counted_years(self.moves) & ceased) if len(self.moves) else []

    @property
    def started(self) -> list[int]:
        """Januaries of which first plans are counted in full."""
        return self._until(counted_years(self.flows[self.flows["flow"].eq("start")]))

    @property
    def came(self) -> list[int]:
        """Januaries of which children who came with a plan are counted: of all that have moves, if any came."""
        some = counted_years(self.flows[self.flows["flow"].eq("arrive")])
        return self._until(some | set(self.stayed)) if some else []

    def _until(self, years: set[int]) -> list[int]:
        return sorted(int(year) for year in years if year <= self.year)

    def flow(self, name: str, year: int) -> Array:
        """Children of one flow in the year to January `year`: (district, need, nc_year, provision), as in `Frame`."""
        rows = self.flows[self.flows["flow"].eq(name) & self.flows["year"].eq(year)]
        return children_by_cell(cells_of(rows), self.frame)

    def weights(self, years: list[int]) -> dict[int, float]:
        """What a child of each of `years` counts for, in all as many as would be as uncertain if all counted alike."""
        each = {year: float(RECENT ** (self.year - year)) for year in years}
        if not each:
            return {}
        scale = sum(each.values()) / sum(weight**2 for weight in each.values())
        return {year: weight * scale for year, weight in each.items()}


@dataclass(frozen=True)
class Stayers:
    """Children with a plan at a January, and what became of them by the next; recent years counting more.

    All by district (the last none in particular), need, year group at the first January and placement then.
    """

    ceased: Array
    kept: Array
    moves: Array
    """Of those kept whose places are both recorded, by the place that they went to: one axis more."""


def stayers(area: Counted) -> Stayers | None:
    """What became of children from one census to the next, or None where that was not counted."""
    found = None
    for year, weight in area.weights(area.stayed).items():
        counts = cells_of(area.moves[area.moves["year"].eq(year)])
        moves = children_by_cell(counts, area.frame, moves=True)
        parts = (_placed(area.flow("cease", year)), _placed(moves.sum(axis=-1)), needs_shared_out(moves))
        weighed = [weight * part for part in parts]
        found = weighed if found is None else [old + new for old, new in zip(found, weighed, strict=True)]
    return None if found is None else Stayers(*found)


def _placed(flow: Array) -> Array:
    """A flow of children whose placement is recorded, *not recorded* needs shared out."""
    return shared_out(np.concatenate([flow[..., :-1], np.zeros_like(flow[..., -1:])], axis=-1))


def starts_by_year(area: Counted) -> dict[int, Array]:
    """January -> first plans by (district, need, nc_year, provision), *not recorded* shared out."""
    return {year: shared_out(area.flow("start", year)) for year in area.started}


def arrivals(area: Counted) -> Array | None:
    """Children who came with a plan, recent years counting more: (district, need, nc_year, provision)."""
    if not area.came:
        return None
    weights = area.weights(area.came).items()
    return np.asarray(sum(weight * shared_out(area.flow("arrive", year)) for year, weight in weights))


def recorded_anew(area: Counted) -> Array:
    """Children kept whose need was recorded anew, those who came to a need less those who left it: (need, nc_year).

    At the January after, recent years counting more. Moves have the need of the January after; the census before, less
    plans ceased, that of the one before.
    """
    net = np.zeros((len(area.frame.labels.needs), len(NC_YEARS)))
    whole = counted_years(area.placements)
    for year, weight in area.weights(area.stayed).items():
        if year - 1 not in whole:
            continue
        held = area.placements[area.placements["year"].eq(year - 1)]
        before = shared_out(children_by_cell(cells_of(held), area.frame)).sum(axis=(0, 3))
        left = shared_out(area.flow("cease", year)).sum(axis=(0, 3))
        moves = children_by_cell(cells_of(area.moves[area.moves["year"].eq(year)]), area.frame, moves=True)
        after = shared_out(moves.sum(axis=-1)).sum(axis=(0, 3))
        changed = after - (before - left)
        changed -= (before - left) / np.maximum((before - left).sum(axis=0), 1e-9) * changed.sum(axis=0)
        net[:, 1:] += weight * changed[:, :-1]
    return net
