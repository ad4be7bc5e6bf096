"""The central path once for every set of causes that might act: what shares are made of.

Between two years of a scenario a cause is one of `switches` or a lever; between two scenarios it is a lever, and all
else is on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.decide.causes import Choice, applied, between, within
from forecast.decide.certain import certain
from forecast.decide.follow import Followed, followed
from forecast.decide.switches import SWITCHED, switched
from forecast.domain import PHASES
from forecast.model.chunks import at_once
from forecast.model.control import of_whole_area
from forecast.scenario.levers import Change
from forecast.scenario.scenario import Scenario

AXES = ("coalition", "year", "phase", "provision")


@dataclass(frozen=True, eq=False)
class Coalitions:
    """What comes of every set of causes on the central path."""

    switches: tuple[str, ...]
    """Causes of `switches`, by name; none where two scenarios are compared."""
    levers: Choice
    """The causes that come after them."""
    changes: tuple[tuple[Change, ...], ...]
    """The levers of each set of lever causes, without their ranges."""
    followed: tuple[Followed, ...]
    """The path of each set of lever causes, a draw for each coalition of `switches`."""
    children: xr.DataArray
    """Children of every January, the latest census first: (coalition, year, phase, provision)."""
    trend: xr.Dataset
    """The drivers of the central path, before any lever."""

    @property
    def causes(self) -> tuple[str, ...]:
        """By name; cause `i` is on in a coalition where bit `i` of its number is 1."""
        return (*self.switches, *(cause.name for cause in self.levers.causes))

    @property
    def since_census(self) -> bool:
        """Whether the change is that between two years; else it is that between two scenarios."""
        return bool(self.switches)


def between_years(drivers: xr.Dataset, trend: xr.Dataset, scenario: Scenario) -> Coalitions:
    """Every set of causes of the change between the latest census and a later January of a scenario.

    Parameters
    ----------
    drivers : of the area, before any lever
    trend : their central path, of `central`

    Raises
    ------
    TooManyCauses
        The scenario has levers of too many kinds.
    """

    def follow(made: xr.Dataset) -> Followed:
        return _joined([followed(switched(made, trend, moves=moves)) for moves in (False, True)])

    names = tuple(cause.value for cause in SWITCHED)
    return _every_set(within(scenario, len(names)), drivers, trend, names, follow)


def between_scenarios(drivers: xr.Dataset, trend: xr.Dataset, first: Scenario, second: Scenario) -> Coalitions:
    """Every set of the causes that make the second scenario of the first.

    Parameters
    ----------
    drivers : of the area, before any lever
    trend : their central path, of `central`

    Raises
    ------
    TooManyCauses
        The two differ in levers of too many kinds.
    """
    choice = between(first, second, means=drivers.attrs["means"])
    return _every_set(choice, drivers, trend, (), lambda made: followed(of_whole_area(made)))


def _every_set(
    choice: Choice,
    drivers: xr.Dataset,
    trend: xr.Dataset,
    switches: tuple[str, ...],
    follow: Callable[[xr.Dataset], Followed],
) -> Coalitions:
    """Follow every set of lever causes; those that leave the drivers as another set does share its path."""
    changes = _changes(choice, drivers)
    made = _made(changes, trend)
    unlike = {id(each): each for each in made}
    paths = dict(zip(unlike, at_once(list(unlike.values()), follow), strict=True))
    found = tuple(paths[id(each)] for each in made)
    return Coalitions(switches, choice, changes, found, _labelled(found, drivers), trend)


def _changes(choice: Choice, drivers: xr.Dataset) -> tuple[tuple[Change, ...], ...]:
    """The levers of each set of lever causes, each at the mean of its range."""
    sets = [choice.on(coalition) for coalition in range(1 << len(choice.causes))]
    sure = {id(change): certain(change, drivers) for some in sets for change in some}
    return tuple(tuple(sure[id(change)] for change in some) for some in sets)


def _made(sets: Sequence[tuple[Change, ...]], trend: xr.Dataset) -> list[xr.Dataset]:
    """Drivers of each set of levers; sets that begin alike are made alike, each beginning but once."""
    known: dict[tuple[int, ...], xr.Dataset] = {(): trend}
    out = []
    for some in sets:
        names = tuple(map(id, some))
        for at, change in enumerate(some):
            if names[: at + 1] not in known:
                known[names[: at + 1]] = applied([change], known[names[:at]])
        out.append(known[names])
    return out


def _joined(parts: Sequence[Followed]) -> Followed:
    """Draws of several paths one after another; all have the same shifts."""
    children = np.concatenate([part.children for part in parts])
    shifted = np.concatenate([part.shifted for part in parts])
    return Followed(children, shifted, parts[0].shifts)


def _labelled(paths: Sequence[Followed], drivers: xr.Dataset) -> xr.DataArray:
    """Children of all paths: (coalition, year, phase, provision)."""
    table = np.concatenate([path.children for path in paths])
    years = [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]
    labels = np.arange(len(table)), years, [phase.value for phase in PHASES], drivers["provision"].to_numpy()
    return xr.DataArray(table, coords=dict(zip(AXES, labels, strict=True)), dims=AXES)
