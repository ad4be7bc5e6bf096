"""Where children are when schools take no more than they have places for: demand, and placements beside it.

The same children start, arrive and are born to the same luck as in `Projection.demand`. A child who is placed
elsewhere meets the chances of that place: of keeping its plan and of moving on. So the total may differ a little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.model.children import side_by_side
from forecast.model.chunks import over_draws
from forecast.model.cohort import roll
from forecast.model.desk import Desk
from forecast.model.fixed import fixed
from forecast.model.queue import Queue


@dataclass(frozen=True, eq=False)
class Queued:
    """Whole children by future under a queue; the first `year` is the latest census, at which nobody waits."""

    placed: xr.DataArray
    """Where they are: (draw, year, district, need, band, provision)."""
    waiting: xr.DataArray
    """Children who wait for a place of a kind, wherever they are meanwhile: (draw, year, provision)."""
    elsewhere: xr.DataArray
    """Children who went elsewhere for want of a place, and are there still: (draw, year, provision, to)."""

    @property
    def without(self) -> xr.DataArray:
        """Children without a place of the kind that they asked for, waiting or elsewhere: (draw, year, provision)."""
        return self.waiting + self.elsewhere.sum("to")


def placements(drivers: xr.Dataset, queues: Sequence[Queue], seed: int, bands: Sequence[int]) -> list[Queued]:
    """Carry the latest census forward under each queue, the same children and luck in all of them.

    Parameters
    ----------
    drivers : with every change of a scenario made
    queues : of these draws and years, as `places.overflow.queue_of` makes them
    seed : the run's
    bands : first year groups of the bands to tell apart
    """
    done = over_draws(drivers, lambda chunk: _chunk(chunk, queues, seed, bands))
    axes = {axis: drivers[axis].to_numpy() for axis in ("draw", "district", "need", "provision")}
    coords = axes | {"year": [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()], "band": list(bands)}
    return [_queued([chunk[at] for chunk in done], coords) for at in range(len(queues))]


_Counts = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]


def _chunk(drivers: xr.Dataset, queues: Sequence[Queue], seed: int, bands: Sequence[int]) -> list[_Counts]:
    """Of these draws under each queue: who is where, who waits, who went elsewhere; years on axis 1."""
    given, draws = fixed(drivers), drivers["draw"].to_numpy()
    desks = [Desk(queue, draws) for queue in queues]
    counts = side_by_side(given, roll(drivers), seed, draws, bands, desks)
    return [
        (placed, _from_census(desk.waiting), _from_census(desk.elsewhere))
        for placed, desk in zip(counts, desks, strict=True)
    ]


def _from_census(years: Sequence[NDArray[np.int64]]) -> NDArray[np.int32]:
    """Years on axis 1, the census with nobody before them."""
    return np.stack([np.zeros_like(years[0]), *years], axis=1).astype(np.int32)


def _queued(chunks: Sequence[_Counts], coords: Mapping[str, object]) -> Queued:
    """Chunks of draws put together and labelled."""
    placed, waiting, elsewhere = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    ways = {"provision": coords["provision"], "to": coords["provision"]}
    of_places = ("draw", "year", "district", "need", "band", "provision")
    return Queued(
        _labelled(placed, of_places, coords),
        _labelled(waiting, ("draw", "year", "provision"), coords),
        _labelled(elsewhere, ("draw", "year", "provision", "to"), {**coords, **ways}),
    )


def _labelled(table: NDArray[np.int32], dims: tuple[str, ...], coords: Mapping[str, object]) -> xr.DataArray:
    return xr.DataArray(table, coords={axis: coords[axis] for axis in dims}, dims=dims)
