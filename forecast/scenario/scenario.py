"""A scenario: a name, a reason, and dated changes, in a file that a councillor can read."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xarray as xr
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.bundled import bundled
from forecast.scenario.changes import LEVERS, Change, ScaleStarts

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SUFFIX: Final = ".yaml"


class Scenario(BaseModel):
    """Changes to the drivers, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str
    """What tables and charts call it."""
    why: str
    """What it assumes, and on what authority."""
    changes: tuple[Change, ...] = ()
    """Levers; none is the trend continued."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Drivers with every change made; the very same when there are none."""
        for change in self.changes:
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
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
        raise InputFaults(
            [Fault(path.name, line, "", "it is not YAML text in UTF-8", "compare it with a bundled scenario")]
        ) from error
    try:
        return Scenario.model_validate(written)
    except ValidationError as error:
        raise InputFaults([_fault(path.name, said) for said in error.errors()]) from error


def _fault(file: str, said: "ErrorDetails") -> Fault:
    """One fault of a scenario file, with the nearest known word where a word is not known."""
    where = [str(part) for part in said["loc"]]
    if said["type"] == "missing":
        return Fault(file, 0, ".".join(where), "the field is missing", "write it")
    if said["type"] == "extra_forbidden":
        what, known = f"no field is called {where[-1]!r}", set(ScaleStarts.model_fields) | set(Scenario.model_fields)
        return Fault(file, 0, ".".join(where), what, nearest(where[-1], known - {"from_year"} | {"from"}))
    if said["type"] == "literal_error":
        return Fault(file, 0, ".".join(where), "no such kind of change", nearest(str(said["input"]), LEVERS))
    return Fault(file, 0, ".".join(where), said["msg"].lower().removeprefix("value error, "), "correct it")


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
