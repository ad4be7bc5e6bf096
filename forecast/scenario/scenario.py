"""A scenario: a name, a reason, the world it stands in, and dated changes, in a file that a councillor can read."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self

import pandas as pd
import xarray as xr
from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr, model_validator

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.about import About
from forecast.inputs.bundled import bundled
from forecast.inputs.yaml_text import Written, read_yaml
from forecast.scenario.checked import Origin, checked, nearest, origins
from forecast.scenario.conflicts import conflicts
from forecast.scenario.levers import Change
from forecast.scenario.order import in_turn
from forecast.scenario.promises import Promise
from forecast.scenario.reach import WHOLE
from forecast.scenario.spending import Spending
from forecast.scenario.unfit import unfit
from forecast.scenario.worlds import SHIPPED, World
from forecast.scenario.written import FROZEN, Share

_SUFFIX: Final = ".yaml"


class Figure(BaseModel):
    """A figure that a world rests on, and where it comes from."""

    model_config = FROZEN

    says: str
    """What it is, with its value and unit."""
    source: str
    dated: date
    """Of the source."""
    verified: bool
    """Whether it has been compared with the source itself."""


class NamedWorld(BaseModel):
    """One of the scenarios that ship: a future that others may stand in."""

    model_config = FROZEN

    defines: World
    """Which world this is."""
    name: str
    why: str
    """What it assumes, what it cannot show, and on what authority."""
    figures: tuple[Figure, ...] = ()
    changes: tuple[Change, ...] = ()
    """Levers; none is the trend continued."""


def world_called(written: object) -> object:
    """The world of a label such as "white-paper"; anything else is left for the check that follows.

    Raises
    ------
    ValueError
        No world has this label.
    """
    if not isinstance(written, str):
        return written
    if written not in set(World):
        msg = f"no world is called {written!r}: {nearest(written, (world.value for world in World))}"
        raise ValueError(msg)
    return read_world(World(written))


@cache
def read_world(world: World) -> NamedWorld:
    """A world, from the file that ships."""
    path = bundled("data", "scenarios", f"{SHIPPED[world]}{_SUFFIX}")
    return checked(NamedWorld, read_yaml(path))


class Scenario(BaseModel):
    """Changes to the drivers, in order, on top of those of a world."""

    model_config = FROZEN

    name: str
    """What tables and charts call it."""
    why: str
    """What it assumes, and on what authority."""
    world: Annotated[NamedWorld, BeforeValidator(world_called, json_schema_input_type=World)] = Field(
        default_factory=lambda: read_world(World.TREND)
    )
    """The world that it stands in: trend, starts-held-flat, saturating or white-paper; trend if left out."""
    pass_through: Share = WHOLE
    """How much of the world reaches this area, 0 to 1: each of its changes says what that means; 1 if left out."""
    changes: tuple[Change, ...] = ()
    """Levers, made after those of the world, in an order that makes no difference; none is the world as it ships."""
    claims: tuple[Promise, ...] = ()
    """What the plan claims to bring about, each with the change that is to do so; what has none is challenged."""
    _origins: tuple[Origin, ...] = PrivateAttr(default=())
    """Where each change was written; none where the scenario was made without a file."""

    @model_validator(mode="after")
    def _a_world_to_pass_on(self) -> Self:
        if not self.pass_through.of(1) and not self.world.changes:
            msg = "pass_through is of a world that changes something; name one after `world`, or leave pass_through out"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _claims_of_its_own_changes(self) -> Self:
        if wrong := [each.change for each in self.claims if (each.change or 0) > len(self.changes)]:
            msg = f"a claim names change {wrong[0]} of {len(self.changes)}; count `changes` from 1"
            raise ValueError(msg)
        return self

    @property
    def ground(self) -> tuple[Change, ...]:
        """The world's changes, as far as they reach the area."""
        if self.pass_through.of(1):
            return self.world.changes
        reach = {"pass_through": self.pass_through}
        return tuple(change.model_copy(update=reach) for change in self.world.changes)

    @property
    def every_change(self) -> tuple[Change, ...]:
        """The world's changes, then the scenario's own, in the order in which they are made (`order.LAST`)."""
        return (*self.ground, *(self.changes[at] for at in in_turn(self.changes)))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where each of its own changes was written: in a file, or only in the scenario of this name."""
        if len(self._origins) == len(self.changes):
            return self._origins
        return tuple(Origin(self.name, 0, f"changes.{at}") for at, _ in enumerate(self.changes))

    def faults(self, about: About, places: pd.DataFrame, years: Sequence[int], *, ap: bool = True) -> list[Fault]:
        """Everything in which it does not fit an area and a forecast, and changes that cannot hold together.

        Parameters
        ----------
        about : of the area, for its labels
        places : columns of `schemas_places.Places`, before any change
        years : Januaries that are forecast, the latest census not among them
        ap : whether the area has figures on alternative provision
        """
        own = self.changes, self.origins
        means = {label: str(code) for label, code in about.provisions.items()}
        return [*conflicts(*own, means), *unfit(self.ground, *own, about, places, years, ap=ap)]

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Drivers with every change made, the world's first; the very same when there are none."""
        for change in self.every_change:
            drivers = change.apply(drivers)
        return drivers

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register of places with every change made; the very same when there are none.

        Parameters
        ----------
        places : columns of `schemas_places.Places`
        """
        for change in self.every_change:
            places = change.build(places)
        return places

    def reprice(self, prices: pd.DataFrame) -> pd.DataFrame:
        """Prices with every change made; the very same when there are none.

        Parameters
        ----------
        prices : columns of `schemas_places.Costs`, and `from_year`
        """
        for change in self.every_change:
            prices = change.reprice(prices)
        return prices

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:
        """What the changes themselves cost, besides the places that children fill.

        Parameters
        ----------
        drivers : before any change
        """
        return tuple(line for change in self.every_change for line in change.spends(drivers))


def read_scenario(name: str | Path) -> Scenario:
    """Read a scenario file, or the bundled scenario of that name.

    Raises
    ------
    UnknownLabel
        There is no such file and no such bundled scenario.
    InputFaults
        Every fault of the file: fields that are unknown, missing or out of range.
    """
    path = _find(name)
    written = read_yaml(path)
    if isinstance(written.holds, dict) and "defines" in written.holds:
        if path.parent != bundled("data", "scenarios"):
            what, remedy = "only the files that ship define a world", "leave it out, and name the world after 'world'"
            raise InputFaults([Fault(path.name, written.line(["defines"]), "defines", what, remedy)])
        world = checked(NamedWorld, written)
        return Scenario(name=world.name, why=world.why, world=world)
    scenario = checked(Scenario, written)
    scenario._origins = origins(written, scenario.changes)  # noqa: SLF001 - a scenario's own reader
    faults = [*_of_name(scenario.name, written), *conflicts(scenario.changes, scenario.origins)]
    if faults:
        raise InputFaults(faults)
    return scenario


def _of_name(name: str, written: Written) -> list[Fault]:
    """What is wrong with the name that a file gives its scenario."""
    row = written.line(["name"])
    if not name.strip():
        return [Fault(written.file, row, "name", "it is empty", "write what tables and charts are to call it")]
    if name.lower() in {read_world(world).name.lower() for world in World}:
        what = f"{name!r} is the name of a scenario that ships"
        return [Fault(written.file, row, "name", what, "give yours a name of its own")]
    return []


def _find(name: str | Path) -> Path:
    """Path of a scenario given as a file or as the name of a bundled one."""
    given = Path(name)
    if given.is_file() and given.suffix not in {_SUFFIX, ".yml"}:
        remedy = f"give a scenario, a file whose name ends in {_SUFFIX}"
        raise InputFaults([Fault(given.name, 0, "", "it is no scenario", remedy)])
    if given.suffix in {_SUFFIX, ".yml"} and given.is_file():
        return given
    try:
        return bundled("data", "scenarios", f"{name}{_SUFFIX}")
    except UnknownLabel:
        known = [path.stem for path in bundled("data", "scenarios").glob(f"*{_SUFFIX}")]
        raise UnknownLabel("scenario", str(name), known) from None
