"""An area: everything its folder says, read, checked and typed."""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs import area_toml, boundaries
from forecast.inputs.about import About
from forecast.inputs.bundled import bundled

FILES: Final = {
    area_toml.FILE: True,
    "placements.csv": True,
    "flows.csv": False,
    "moves.csv": False,
    "funnel.csv": False,
    "checks.csv": False,
    "population.csv": True,
    "births.csv": False,
    "migration.csv": False,
    "housing.csv": False,
    "yields.csv": False,
    "places.csv": False,
    "costs.csv": False,
    "special_rates.csv": False,
    "ap_rolls.csv": False,
    "ap_arrivals.csv": False,
    "ap_stays.csv": False,
    "exclusions.csv": False,
    "ap.csv": False,
    boundaries.FILE: False,
}
"""Files of an area folder that are read here -> whether every area has them."""
_LARGEST: Final = 200 * 2**20
"""Bytes in a file: far more than any authority's tables, far less than would exhaust a laptop."""


@dataclass(frozen=True, eq=False)
class Area:
    """One authority as its folder describes it; the schemas say what each column means."""

    about: About
    """Name, labels, latest census, notes and sources."""
    placements: pd.DataFrame
    """year, district, need, nc_from, nc_to, provision, children, least, most: children with a plan at each January."""
    flows: pd.DataFrame
    """year, flow, district, need, nc_from, nc_to, provision, children: plans made, ceased and transferred."""
    moves: pd.DataFrame
    """year, district, need, nc_year, provision, to, children: who kept a plan; no rows where they are not counted."""
    funnel: pd.DataFrame
    """year, district, step, children: from request to plan; no rows where it is not counted."""
    checks: pd.DataFrame
    """year, check, rows: what the named checks of each return found; no rows where there was none."""
    population: pd.DataFrame
    """mid_year, variant, district, age, people: residents, whole for every year and variant."""
    births: pd.DataFrame
    """mid_year, district, births, source; this and the next three have no rows where the folder has none."""
    migration: pd.DataFrame
    """mid_year, district, age_from, age_to, people, plan_factor, source: who moves in beyond the projection."""
    housing: pd.DataFrame
    """mid_year, district, type, dwellings, share_in_projection, source: homes to come."""
    yields: pd.DataFrame
    """type, age_from, age_to, children, lag, plan_factor, source: children in a home of each type."""
    places: pd.DataFrame
    """Schools and bases; no rows where the folder lists none."""
    costs: pd.DataFrame
    """item, provision, need, value, low, high, unit, supported, source: the area's own prices; mostly no rows."""
    special_rates: pd.DataFrame
    """year, pupils, special, england_pupils, england_special; no rows where the folder has none."""
    ap_rolls: pd.DataFrame
    """year, month, district, setting, plan, reason, key_stage, children, sessions, source: children in alternative
    provision; this and the next four have no rows where the folder has none."""
    ap_arrivals: pd.DataFrame
    """year, months, district, setting, reason, key_stage, tier, plan, children, source: who came in a year."""
    ap_stays: pd.DataFrame
    """setting, reason, key_stage, tier, plan, days_from, days_to, ended, returned, ongoing: how long they stayed."""
    exclusions: pd.DataFrame
    """year, months, district, key_stage, permanent, suspensions, source."""
    ap: pd.DataFrame
    """item, setting, reason, key_stage, tier, value, low, high, unit, supported, source: the area's own figures."""
    boundaries: dict[str, Any] | None
    """GeoJSON FeatureCollection with one feature a district, called by its `name`."""
    digest: str
    """SHA-256 of the files read, the same whatever their line ends."""
    folder: Path
    """Where it was read from."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name of each table, which is its file without `.csv` -> table."""
        names = [Path(file).stem for file in FILES if file.endswith(".csv")]
        return {name: getattr(self, name) for name in names}

    @property
    def has_ap(self) -> bool:
        """Whether it has figures on children without a plan in alternative provision."""
        return not (self.ap_rolls.empty and self.ap_arrivals.empty)


def read_area(folder: str | Path) -> Area:
    """Read an area folder, or the bundled area of that name.

    Raises
    ------
    UnknownLabel
        There is no such folder, nor such a bundled area.
    InputFaults
        Every fault of every file.
    """
    from forecast.inputs.tables import read_tables  # noqa: PLC0415 - pandera takes a second to import

    path = _find(Path(folder))
    files, of_files = _open(path)
    about, of_about = _about(files)
    tables, of_tables = read_tables(files, about)
    outlines, of_outlines = _boundaries(files, about)
    faults = [*of_files, *of_about, *_needed(files, about, path), *of_tables, *of_outlines]
    if about is None or faults:
        raise InputFaults(faults)
    return Area(about, **tables, boundaries=outlines, digest=digest(files), folder=path)


def _needed(files: Mapping[str, bytes], about: About | None, folder: Path) -> list[Fault]:
    """Published figures come with their flows; a council's own counts may lack them."""
    if not files or "flows.csv" in files or (about is not None and about.kind != "published"):
        return []
    return [Fault("flows.csv", 0, "", "is missing", _add("flows.csv", folder))]


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 of files by name, whatever their order, line ends and byte order marks."""
    sha = sha256()
    for name in sorted(files):
        content = files[name].removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        sha.update(f"{name}\n{len(content)}\n".encode() + content)
    return sha.hexdigest()


def bundled_areas() -> list[str]:
    """Names of the areas that ship with the program."""
    try:
        shipped = bundled("data")
    except UnknownLabel:
        return []
    return sorted(folder.parent.name for folder in shipped.glob(f"*/{area_toml.FILE}"))


def _find(folder: Path) -> Path:
    if os.path.exists(folder):  # noqa: PTH110 - never raises, as Path.exists does where the name is too long
        return folder
    known = bundled_areas()
    if str(folder) not in known:
        raise UnknownLabel("area", str(folder), known)
    return bundled("data", str(folder))


def _open(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Bytes of the area's files, and those that are missing or cannot be read."""
    if not folder.is_dir():
        return {}, [Fault(folder.name, 0, "", "is not a folder", f"name the folder that holds {area_toml.FILE}")]
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, needed in FILES.items():
        path = folder / name
        try:
            if path.exists() and path.stat().st_size > _LARGEST:
                faults.append(Fault(name, 0, "", "is larger than 200 MB", "take out what is not the area's"))
            elif path.exists() or needed:
                files[name] = path.read_bytes()
        except FileNotFoundError:
            faults.append(Fault(name, 0, "", "is missing", _add(name, folder)))
        except OSError as error:
            faults.append(
                Fault(name, 0, "", f"cannot be read ({error.strerror})", "see that it is a file you may read")
            )
    return files, faults


def _add(name: str, folder: Path) -> str:
    """Remedy for a missing file: the one that may have been meant, or one to add."""
    others = [entry.name for entry in folder.iterdir() if entry.name not in FILES]
    close = get_close_matches(name, others, n=1)
    return f"did you mean {close[0]!r}? Rename it" if close else "add it to the folder"


def _about(files: Mapping[str, bytes]) -> tuple[About | None, list[Fault]]:
    if area_toml.FILE not in files:
        return None, []
    try:
        return area_toml.read_about(files[area_toml.FILE]), []
    except InputFaults as error:
        return None, list(error.faults)


def _boundaries(files: Mapping[str, bytes], about: About | None) -> tuple[dict[str, Any] | None, list[Fault]]:
    if boundaries.FILE not in files:
        return None, []
    try:
        names = about.district_names if about else None
        return boundaries.read_boundaries(files[boundaries.FILE], names), []
    except InputFaults as error:
        return None, list(error.faults)
