"""A scenario: a name, a reason, the world it stands in, and dated changes, in a file that a councillor can read."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import xarray as xr
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.bundled import bundled
from forecast.scenario.levers import LEVERS, Change
from forecast.scenario.worlds import SHIPPED, World

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SUFFIX: Final = ".yaml"
_Kind = TypeVar("_Kind", bound=BaseModel)
_FROZEN: Final = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Figure(BaseModel):
    """A figure that a world rests on, and where it comes from."""

    model_config = _FROZEN

    says: str
    """What it is, with its value and unit."""
    source: str
    dated: date
    """Of the source."""
    verified: bool
    """Whether it has been compared with the source itself."""


class NamedWorld(BaseModel):
    """One of the scenarios that ship: a future that others may stand in."""

    model_config = _FROZEN

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
    return _checked(NamedWorld, path.name, _written(path))


class Scenario(BaseModel):
    """Changes to the drivers, in order, on top of those of a world."""

    model_config = _FROZEN

    name: str
    """What tables and charts call it."""
    why: str
    """What it assumes, and on what authority."""
    world: Annotated[NamedWorld, BeforeValidator(world_called)] = Field(default_factory=lambda: read_world(World.TREND))
    """The world that it stands in: trend, starts-held-flat, saturating or white-paper; trend if left out."""
    changes: tuple[Change, ...] = ()
    """Levers, made after those of the world; none is the world as it ships."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Drivers with every change made, the world's first; the very same when there are none."""
        for change in (*self.world.changes, *self.changes):
            drivers = change.apply(drivers)
        return drivers


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
    written = _written(path)
    if isinstance(written, dict) and "defines" in written:
        if path.parent != bundled("data", "scenarios"):
            what, remedy = "only the files that ship define a world", "leave it out, and name the world after 'world'"
            raise InputFaults([Fault(path.name, 0, "defines", what, remedy)])
        world = _checked(NamedWorld, path.name, written)
        return Scenario(name=world.name, why=world.why, world=world)
    scenario = _checked(Scenario, path.name, written)
    if scenario.name.lower() in {read_world(world).name.lower() for world in World}:
        what, remedy = f"{scenario.name!r} is the name of a scenario that ships", "give yours a name of its own"
        raise InputFaults([Fault(path.name, 0, "name", what, remedy)])
    return scenario


def _written(path: Path) -> object:
    """What a YAML file holds."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
        raise InputFaults(
            [Fault(path.name, line, "", "it is not YAML text in UTF-8", "compare it with a bundled scenario")]
        ) from error


def _checked(kind: type[_Kind], file: str, written: object) -> _Kind:
    """`written` as a `kind`, or all its faults."""
    try:
        return kind.model_validate(written)
    except ValidationError as error:
        raise InputFaults([_fault(file, kind, said) for said in error.errors()]) from error


def _fault(file: str, kind: type[BaseModel], said: "ErrorDetails") -> Fault:
    """One fault of a scenario file, with the nearest known word where a word is not known."""
    lever = next((LEVERS[part] for part in said["loc"] if part in LEVERS), None)  # pydantic names the lever it tried
    where = [str(part) for part in said["loc"] if part not in LEVERS]
    field = ".".join(where)
    match said["type"]:
        case "missing":
            return Fault(file, 0, field, "the field is missing", "write it")
        case "union_tag_not_found":
            remedy = f"write it: {', '.join(sorted(LEVERS))}"
            return Fault(file, 0, f"{field}.kind", "the field is missing", remedy)
        case "union_tag_invalid":
            return Fault(file, 0, field, "no such kind of change", nearest(str(said["ctx"]["tag"]), LEVERS))
        case "extra_forbidden":
            known = {info.alias or name for name, info in (lever or kind).model_fields.items()}
            return Fault(file, 0, field, f"no field is called {where[-1]!r}", nearest(where[-1], known))
        case _:
            return Fault(file, 0, field, said["msg"].lower().removeprefix("value error, "), "correct it")


def nearest(word: str, known: Iterable[str]) -> str:
    """The remedy for a word that is not known."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    return f"did you mean {close[0]!r}" if close else f"choose from {', '.join(names)}"


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
