"""Run folders read back: the manifest and the tables that two runs are compared by, proved to be as written."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from forecast.domain import academic_year
from forecast.errors import Fault, InputFaults
from forecast.report.run_folder import FORMAT, PROGRAM

MANIFEST: Final = "manifest.json"
ESTIMATE: Final = ("year", "academic_year", "measure", "mean", "p10", "p50", "p80", "p90")
READ: Final = {
    "places": ("provision", "phase", *ESTIMATE),
    "plans": ("provision", *ESTIMATE),
    "labels": ("column", "label", "meaning"),
    "inputs": ("file", "rows", "first_year", "last_year", "sha256"),
    "rates": ("rate", "of", "unit", "value"),
}
"""Table of a run -> columns that are read."""
LATEST: Final = "latest census"
"""The table year that every run has."""
LUCK: Final = ("seed", "draws")
"""Settings that fix which futures a run drew."""
AGAIN: Final = "make the run again with: forecast run"
_NO_RUN: Final = "name a folder that forecast run has written"


def _holds_census(years: dict[str, int]) -> dict[str, int]:
    if LATEST not in years:
        msg = f"it lacks the year of the {LATEST}"
        raise ValueError(msg)
    return years


def _holds_luck(settings: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if lacking := [name for name in LUCK if not isinstance(settings.get(name), int)]:
        msg = f"it lacks a whole number of {' and '.join(lacking)}"
        raise ValueError(msg)
    return settings


class StandsIn(BaseModel):
    """The named future that a run stands in."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, use_attribute_docstrings=True)

    name: str
    since: str = Field(alias="from")
    """First academic year whose figures must name it."""


class Manifest(BaseModel):
    """What is read of a manifest; `forecast.report.run_folder.manifest` says what else there is."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, use_attribute_docstrings=True)

    format: int
    """Layout of the run folder."""
    area: str
    """Name of the area as titles give it."""
    kind: Literal["published", "counts", "records"]
    """What its figures are made from."""
    synthetic: bool
    """Whether the children are invented."""
    marking: str | None
    """Protective marking, where there is one."""
    table_years: Annotated[dict[str, int], AfterValidator(_holds_census)]
    """Heading -> January, the latest census among them."""
    places_assumed: bool
    """Whether places are those that children fill now."""
    scenario: dict[str, JsonValue]
    """Its name, what it assumes, and its changes."""
    world: StandsIn
    """Which future its later figures suppose."""
    assumptions: dict[str, tuple[float, float, float]]
    """Name -> central value, low, high."""
    settings: Annotated[dict[str, JsonValue], AfterValidator(_holds_luck)]
    """As in `forecast.settings.Settings`."""
    inputs_sha256: dict[str, str]
    """Digests of the area and of the England model."""
    created: str
    """When the run was made."""
    program: dict[str, str]
    """Name of the distribution -> version."""
    libraries: dict[str, str]
    """Name -> version."""
    python: str
    """Version."""
    platform: str
    """System that it ran on."""
    files_sha256: dict[str, str]
    """File of the run -> digest."""


@dataclass(frozen=True, eq=False)
class Run:
    """A run, read back."""

    folder: Path
    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]
    """Those of `READ`, as they were written."""

    @property
    def base(self) -> int:
        """January of the census that it starts from."""
        return self.manifest.table_years[LATEST]

    def world_of(self, year: int) -> str:
        """World that a figure of January `year` stands in, by name; empty where the data still have their say."""
        world = self.manifest.world
        return world.name if academic_year(year) >= world.since else ""

    @property
    def luck(self) -> tuple[int, int]:
        """Seed and number of draws: runs alike in both drew the same futures."""
        seed, draws = (int(str(self.manifest.settings[name])) for name in LUCK)
        return seed, draws


def read_runs(old: Path, new: Path) -> tuple[Run, Run]:
    """Two runs of one area.

    Raises
    ------
    InputFaults
        Every fault of both: no run, a run of another format, damaged or partial, or runs of two areas.
    """
    (first, faults), (second, more) = read_run(old), read_run(new)
    if first is None or second is None or faults or more:
        raise InputFaults({*faults, *more})
    if first.manifest.area != second.manifest.area:
        what = f"it is a run of {second.manifest.area}, and {old} one of {first.manifest.area}"
        raise InputFaults([Fault(str(new), 0, "", what, "give two runs of the same area")])
    return first, second


def read_run(folder: Path) -> tuple[Run | None, list[Fault]]:
    """A run folder, and all that is wrong with it; None where its manifest says too little to go on."""
    manifest, faults = _read_manifest(folder)
    if manifest is None:
        return None, faults
    tables = {}
    for name, columns in READ.items():
        table, wrong = _read_table(folder, f"tables/{name}.csv", columns, manifest.files_sha256)
        faults += wrong
        if table is not None:
            tables[name] = table
    return Run(folder, manifest, tables), faults


def _read_manifest(folder: Path) -> tuple[Manifest | None, list[Fault]]:
    if not folder.is_dir():
        what = "it is a file, not a run folder" if folder.exists() else "there is no such folder"
        return None, [Fault(str(folder), 0, "", what, _NO_RUN)]
    file = str(folder / MANIFEST)
    try:
        written = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None, [Fault(str(folder), 0, "", f"it holds no {MANIFEST}, so it is no finished run", _NO_RUN)]
    except OSError as error:
        return None, [_unreadable(file, error)]
    except ValueError:
        return None, [Fault(file, 0, "", "it is damaged: it is no JSON text", AGAIN)]
    return _checked(file, written)


def _checked(file: str, written: object) -> tuple[Manifest | None, list[Fault]]:
    """The manifest that `written` is, and every field of it that is missing or wrong."""
    if not isinstance(written, dict):
        return None, [Fault(file, 0, "", "it is damaged: it holds no named facts", AGAIN)]
    if written.get("format") != FORMAT:
        return None, [Fault(file, 0, "", _other_format(written), AGAIN)]
    try:
        return Manifest.model_validate_json(json.dumps(written)), []
    except ValidationError as error:
        return None, [
            Fault(file, 0, ".".join(map(str, fault["loc"])), f"it is damaged: {_plainly(fault['msg'])}", AGAIN)
            for fault in error.errors()
        ]


def _other_format(written: Mapping[str, object]) -> str:
    """What a manifest of another format says about who wrote it."""
    program = written.get("program")
    version = f" ({program[PROGRAM]})" if isinstance(program, dict) and PROGRAM in program else ""
    found = written.get("format", "none")
    return f"it was written by another version of this program{version}: format {found}, where {FORMAT} is read"


def _read_table(
    folder: Path, name: str, columns: tuple[str, ...], digests: Mapping[str, str]
) -> tuple[pd.DataFrame | None, list[Fault]]:
    file = str(folder / name)
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        return None, [Fault(file, 0, "", "it is missing", AGAIN)]
    except OSError as error:
        return None, [_unreadable(file, error)]
    if hashlib.sha256(content).hexdigest() != digests.get(name):
        return None, [Fault(file, 0, "", "it is not as the run wrote it", AGAIN)]
    table = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])
    if lacking := [column for column in columns if column not in table]:
        return None, [Fault(file, 1, ", ".join(lacking), "the column is missing", AGAIN)]
    return table[list(columns)], []


def _unreadable(file: str, error: OSError) -> Fault:
    return Fault(file, 0, "", f"it cannot be read ({error.strerror})", "see that it is a file you may read")


def _plainly(message: str) -> str:
    return message.removeprefix("Value error, ").lower()
