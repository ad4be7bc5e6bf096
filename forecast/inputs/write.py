"""Writing an area folder: all of it, proved sound by reading it back, or nothing."""

import csv
import io
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import ForecastError, UnknownLabel
from forecast.folders import IGNORE, is_private, keep_private, replaced
from forecast.inputs import area_toml
from forecast.inputs.about import About
from forecast.inputs.area import Area, read_area
from forecast.inputs.boundaries import FILE as BOUNDARIES
from forecast.inputs.cells import written, written_count, written_year_groups
from forecast.inputs.schemas import TABLES, file_columns, optional_columns


class CannotWrite(ForecastError):
    """An area cannot be written there."""

    def __init__(self, folder: Path, what: str, remedy: str) -> None:
        super().__init__(f"{folder} {what}; {remedy}.")


def write_area(
    folder: str | Path,
    about: About,
    tables: Mapping[str, pd.DataFrame],
    boundaries: dict[str, Any] | None = None,
    *,
    replace: bool = False,
) -> Area:
    """Write an area folder, and return it as it reads back: the whole of it or, on any failure, nothing.

    Whatever `tables` and `boundaries` leave out is carried over from the folder that is replaced, as is every
    file in it that this program does not know. Folders of counts and records are for their owner only.

    Parameters
    ----------
    folder : where to write; its parent must exist
    about : name, labels and provenance
    tables : name, such as `placements` -> columns as in a file or as read; without rows, no file
    boundaries : GeoJSON FeatureCollection, one feature a district
    replace : whether an area that is there already may be replaced

    Raises
    ------
    CannotWrite, InputFaults
        The place is taken, or the disk refuses; what was written would not read back.
    LeftBehind
        It is written, but the folder that it replaced could not be deleted.
    """
    target, files = Path(folder).resolve(), _files(about, tables, boundaries)
    _refuse(target, replace=replace)
    try:
        with replaced(target) as staging:
            _write(staging, files)
            _carry_over(target, staging, files)
            if about.confidential:
                keep_private(staging)
            area = read_area(staging)
    except OSError as error:
        raise CannotWrite(target, f"cannot be written ({error.strerror})", "choose another place") from error
    return changed(area, folder=target)


def _files(
    about: About, tables: Mapping[str, pd.DataFrame], boundaries: dict[str, Any] | None
) -> dict[str, str | None]:
    """Name of each file given -> its text; None for a table without rows."""
    for name in tables:
        if name not in TABLES:
            raise UnknownLabel("table", name, TABLES)
    files: dict[str, str | None] = {area_toml.FILE: area_toml.about_text(about)}
    files |= {f"{name}.csv": None if table.empty else _csv(name, table) for name, table in tables.items()}
    return files if boundaries is None else {**files, BOUNDARIES: json.dumps(boundaries, ensure_ascii=False)}


def _csv(name: str, table: pd.DataFrame) -> str:
    """Text of a table, its columns in the order of the schema; those that it does not know come last.

    A column that a file may lack is left out where every cell of it is blank.
    """
    order = file_columns(TABLES[name])
    if "nc_year" in order and {"nc_from", "nc_to"} <= set(table):
        spans = zip(table["nc_from"], table["nc_to"], strict=True)
        table = table.assign(nc_year=[written_year_groups(*span) for span in spans])
        table = table.drop(columns=["nc_from", "nc_to"])
    if {"least", "most"} <= set(table):
        counts = zip(table["children"], table["least"], table["most"], strict=True)
        table = table.assign(children=[written_count(*count) for count in counts]).drop(columns=["least", "most"])
    columns = sorted(table, key=lambda column: order.index(column) if column in order else len(order))
    cells = {column: [written(value) for value in table[column]] for column in columns}
    unsaid = {column for column in optional_columns(TABLES[name]) & set(columns) if not any(cells[column])}
    kept = {column: said for column, said in cells.items() if column not in unsaid}
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([list(kept), *zip(*kept.values(), strict=True)])
    return text.getvalue()


def _refuse(target: Path, *, replace: bool) -> None:
    if not target.parent.is_dir():
        raise CannotWrite(target.parent, "is not a folder", "make it first")
    if not target.exists():
        return
    if not (target / area_toml.FILE).is_file() and not (target.is_dir() and not any(target.iterdir())):
        raise CannotWrite(target, "is there already and is no area folder", "choose another name")
    if not replace:
        raise CannotWrite(target, "is there already", "choose another name, or add --replace to replace it")


def _write(folder: Path, files: Mapping[str, str | None]) -> None:
    for name, content in files.items():
        if content is not None:
            (folder / name).write_text(content, encoding="utf-8", newline="")


def _carry_over(old: Path, new: Path, written_anew: Mapping[str, object]) -> None:
    """Copy what the old folder has and the new one does not write, but for the mark of a private folder."""
    left = {*written_anew, *([IGNORE] if is_private(old) else [])}
    for entry in old.iterdir() if old.exists() else ():
        if entry.name in left:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
