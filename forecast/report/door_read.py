"""Run folders as the door reads them: every table, the census that they start from, and what must be said with them."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import NC_YEARS, PHASES, PROVISION_NAMES, phase_of
from forecast.errors import Fault, InputFaults
from forecast.inputs.cells import text
from forecast.report.door_cells import PHASE, YEAR_GROUP, Census
from forecast.report.run_read import AGAIN, MANIFEST, Run, read_run

MARKS: Final = ("area", "scenario", "world")
"""Columns that every table ends in."""
_DEMAND, _EXPECTED = "cubes/demand.parquet", "cubes/expected_by_year_group.parquet"
_TABLES: Final = "tables"


@dataclass(frozen=True, eq=False)
class Kept:
    """A finished run."""

    run: Run
    tables: Mapping[str, pd.DataFrame]
    """Name -> every table of the run, its marks left out, and its texts without what kept them from spreadsheets."""
    census: Census
    said: Mapping[str, Sequence[str]]
    """Notes and sources of the manifest."""

    @property
    def scenario(self) -> str:
        """Its name."""
        return str(self.run.manifest.scenario["name"])

    @property
    def world(self) -> str:
        """Name of the future that it supposes."""
        return self.run.manifest.world.name


def read_kept(folders: Sequence[Path]) -> tuple[Kept, ...]:
    """Runs of one area from the same inputs.

    Raises
    ------
    InputFaults
        No run, a damaged one, runs of several areas or inputs, or two of one scenario.
    """
    read = [read_run(folder) for folder in folders]
    faults = [fault for _, found in read for fault in found]
    runs = [run for run, _ in read if run is not None]
    if not folders:
        faults = [Fault("runs", 0, "", "none is named", "name a folder that forecast run has written")]
    if not faults:
        faults = _unlike(runs)
    if faults:
        raise InputFaults(faults)
    return tuple(_kept(run) for run in runs)


def _unlike(runs: Sequence[Run]) -> list[Fault]:
    """Why `runs` cannot be released together."""
    first, faults = runs[0], []
    for run in runs[1:]:
        if run.manifest.area != first.manifest.area:
            what = f"it is a run of {run.manifest.area}, and {first.folder} one of {first.manifest.area}"
            faults.append(Fault(str(run.folder), 0, "", what, "publish the runs of one area at a time"))
        elif (run.manifest.inputs_sha256, run.base) != (first.manifest.inputs_sha256, first.base):
            what = f"it was made from other inputs than {first.folder}"
            faults.append(Fault(str(run.folder), 0, "", what, "run both again, then publish them together"))
    names = [str(run.manifest.scenario["name"]) for run in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [
        Fault(str(runs[names.index(name)].folder), 0, "", f"the scenario {name!r} is there twice", "name it once")
        for name in twice
    ]
    return faults


def _kept(run: Run) -> Kept:
    names = [PurePosixPath(name) for name in run.manifest.files_sha256]
    tables = {path.stem: _table(run, path.as_posix()) for path in names if _is_table(path)}
    return Kept(run, tables, _census(run, tables["labels"]), _said(run.folder))


def _is_table(path: PurePosixPath) -> bool:
    return path.parts[:-1] == (_TABLES,) and path.suffix == ".csv"


def _table(run: Run, name: str) -> pd.DataFrame:
    table = pd.read_csv(io.BytesIO(_content(run, name)), keep_default_na=False, na_values=[""])
    kept = table.drop(columns=[column for column in MARKS if column in table])
    texts = kept.select_dtypes(exclude=["number", "bool"])
    return kept.assign(**{str(name): cells.map(_unescaped, na_action="ignore") for name, cells in texts.items()})


def _unescaped(cell: object) -> object:
    return text(cell) if isinstance(cell, str) else cell


def _said(folder: Path) -> Mapping[str, Sequence[str]]:
    written = json.loads((folder / MANIFEST).read_bytes())
    sources = [f"{part['table']}: {part['status']}. {part['source'].rstrip('.')}." for part in written["sources"]]
    return {"notes": [str(note) for note in written["notes"]], "sources": [*sources, str(written["licence"])]}


def _census(run: Run, labels: pd.DataFrame) -> Census:
    """Children at the latest census by year group; by phase where year groups are estimated and not counted."""
    words = {str(name): provision for provision, name in PROVISION_NAMES.items()}
    kinds = labels[labels["column"] == "provision"].set_index("label")["meaning"]
    means = {str(label): words[meaning] for label, meaning in kinds.items() if meaning in words}
    by_phase = _cube(run, _DEMAND, PHASE, "mean")
    by_year = _cube(run, _EXPECTED, YEAR_GROUP, "children")
    phase = [phase_of(year).value for year in NC_YEARS]
    agreed = by_year.T.groupby(phase).sum().T.reindex(columns=by_phase.columns, index=by_phase.index)
    counted = np.allclose(by_year, by_year.round(), atol=1e-3) and np.allclose(agreed, by_phase, atol=1e-3)
    chosen, age = (by_year, YEAR_GROUP) if counted else (by_phase, PHASE)
    axes = {str(name): tuple(chosen.index.unique(name)) for name in chosen.index.names}
    return Census({**axes, age: tuple(chosen.columns)}, chosen.to_numpy(dtype=float).round().ravel(), means)


def _cube(run: Run, name: str, age: str, column: str) -> pd.DataFrame:
    """Children of the latest census: rows (district, need, provision), a column a year group or phase."""
    rows = pd.read_parquet(io.BytesIO(_content(run, name)), filters=[("year", "==", run.base)])
    by = ["district", "need", "provision"]
    table = rows.astype(dict.fromkeys(by, str)).pivot(index=by, columns=age, values=column)
    ages = list(NC_YEARS) if age == YEAR_GROUP else [phase.value for phase in PHASES]
    return table.sort_index().reindex(columns=ages)


def _content(run: Run, name: str) -> bytes:
    """A file of the run, proved to be as written."""
    file = str(run.folder / name)
    try:
        content = (run.folder / name).read_bytes()
    except OSError as error:
        raise InputFaults([Fault(file, 0, "", f"it cannot be read ({error.strerror})", AGAIN)]) from error
    if hashlib.sha256(content).hexdigest() != run.manifest.files_sha256.get(name):
        raise InputFaults([Fault(file, 0, "", "it is not as the run wrote it", AGAIN)])
    return content
