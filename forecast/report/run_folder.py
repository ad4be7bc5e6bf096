"""A run on disk: tables (CSV), cubes (Parquet), charts (SVG, PNG), a summary in words, and a manifest.

It is written beside its final name and renamed at the end, so that a run folder is whole or is not there.
"""

import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import academic_year
from forecast.folders import keep_private
from forecast.inputs.cells import written
from forecast.places.sufficiency import summarise
from forecast.projection import Projection
from forecast.report.ap_charts import ap_figures
from forecast.report.charts import figures, save_chart
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import area_name, census
from forecast.report.words import headline, notes, rates_reading, summary
from forecast.scenario.recorded import sentences

PROGRAM: Final = "specialist-places"
"""Name of the distribution."""
FORMAT: Final = 1
"""Layout of a run folder: it rises when a table or a field of the manifest that is read back changes its meaning."""
LIBRARIES: Final = ("numpy", "pandas", "xarray", "pyarrow", "altair", "vl-convert-python")
SENSITIVE: Final = "OFFICIAL-SENSITIVE"
UNFINISHED: Final = ".unfinished-"
"""Start of the name of a folder that is being written."""
STALE: Final = 24 * 3600
"""Seconds after which an unfinished folder is taken to be left over."""
PARTS: Final = ("tables", "cubes", "charts")
SLUG: Final = 60
"""Characters of a name that go into a folder's."""


def write_run(projection: Projection, tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write everything about a run to a new folder inside `folder`, and return it.

    Parameters
    ----------
    tables : as from `all_tables`
    folder : where runs are kept; it is made if need be

    Returns
    -------
    folder/<area>-<scenario>-<date>-<time>, which only its owner may read if its figures are a council's own.
    """
    created = datetime.now(UTC).astimezone()
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, created)
    area, scenario = slug(projection.about.name), slug(projection.scenario)
    final = _free_name(folder, f"{area}-{scenario}-{created:%Y%m%d-%H%M%S}")
    private = projection.about.confidential
    unfinished = folder / f"{UNFINISHED}{final.name}"
    unfinished.mkdir(mode=0o700 if private else 0o777)
    try:
        _write(projection, tables, unfinished)
        _write_manifest(projection, unfinished, created)
        if private:
            keep_private(unfinished)
        return unfinished.rename(final)
    except BaseException:
        shutil.rmtree(unfinished)
        raise


def manifest(projection: Projection, files: Mapping[str, str], created: datetime) -> dict[str, object]:
    """All that is needed to repeat a run to the last digit, and to check that its files are as written.

    Parameters
    ----------
    files : name -> SHA-256
    """
    about = projection.about
    return {
        "format": FORMAT,
        "area": area_name(about),
        "kind": about.kind,
        "synthetic": about.synthetic,
        "marking": SENSITIVE if about.confidential else None,
        "headline": headline(projection),
        "latest_census": census(projection.base),
        "table_years": projection.table_years,
        "scenario": {
            "name": projection.scenario,
            "why": projection.scenario_why,
            **_but(projection.record, "assumptions"),
            "changed": sentences(projection.recorded),
        },
        "world": {"name": projection.world.words, "from": academic_year(projection.world_from)},
        "assumptions": projection.record.get("assumptions", {}),
        "share_of_futures_off_target_by_over_1_percent": dict(projection.unmet),
        "settings": projection.settings.model_dump(),
        "places_assumed": projection.places_assumed,
        "inputs_sha256": projection.digests,
        "notes": notes(projection),
        "sources": [source.model_dump() for source in about.sources],
        "licence": OPEN_LICENCE,
        "created": created.isoformat(timespec="seconds"),
        "program": {PROGRAM: _version(PROGRAM)},
        "libraries": {name: _version(name) for name in LIBRARIES},
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "files_sha256": dict(files),
    }


def _but(record: Mapping[str, object], left_out: str) -> dict[str, object]:
    return {name: value for name, value in record.items() if name != left_out}


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with its text safe for a spreadsheet: a cell that begins like a formula gets a quote."""
    text = table.select_dtypes(exclude=["number", "bool", "category"])
    return table.assign(
        **{str(name): cells.map(lambda cell: written(str(cell)), na_action="ignore") for name, cells in text.items()}
    )


def cube(array: xr.DataArray) -> pd.DataFrame:
    """An array of children as rows, labels as categories: a column a statistic, or one column `children`.

    Parameters
    ----------
    array : any axes; the last may be `statistic`
    """
    named = array.rename("children")
    wide = named.to_dataset("statistic") if "statistic" in named.dims else named.to_dataset()
    axes = [str(axis) for axis in wide.dims]
    table = wide.to_dataframe(dim_order=axes).reset_index()
    return table.astype({axis: "category" for axis in axes if not np.issubdtype(array[axis].dtype, np.integer)})


def _write(projection: Projection, tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Everything but the manifest."""
    for part in PARTS:
        (folder / part).mkdir()
    drawn = {figure.name: figure for figure in (*figures(projection), *ap_figures(projection, tables))}
    marks = {"area": area_name(projection.about), "scenario": projection.scenario, "world": projection.world.words}
    csv = {f"tables/{name}.csv": table for name, table in tables.items()}
    csv |= {f"charts/{name}.csv": figure.table for name, figure in drawn.items()}
    for name, table in csv.items():
        as_text(table.assign(**marks)).to_csv(folder / name, index=False, float_format="%.10g", encoding="utf-8")
    for name, figure in drawn.items():
        save_chart(figure.chart, folder / "charts", name)
    cubes = {"demand": _demand_cube(projection.demand), "expected_by_year_group": projection.expected}
    for name, array in cubes.items():
        rows = cube(array.astype("float32")).assign(**marks)
        rows.astype(dict.fromkeys(marks, "category")).to_parquet(folder / "cubes" / f"{name}.parquet", index=False)
    readings = [figure.reading for figure in drawn.values()] + rates_reading(projection, tables["special_rates"])
    (folder / "summary.txt").write_text(summary(projection, readings), encoding="utf-8")


def _demand_cube(demand: xr.DataArray) -> xr.DataArray:
    """A year at a time, since quantiles copy what they are taken of."""
    years = [summarise(demand.isel(year=[position])) for position in range(demand.sizes["year"])]
    return xr.concat(years, "year", join="exact", coords="minimal", compat="override")


def _write_manifest(projection: Projection, folder: Path, created: datetime) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    text = json.dumps(manifest(projection, files, created), indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _sweep(folder: Path, now: datetime) -> None:
    """Delete what a run that was killed left behind; a folder younger than STALE may still be growing."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if now.timestamp() - path.stat().st_mtime > STALE:
            shutil.rmtree(path)


def _free_name(folder: Path, name: str) -> Path:
    """A name that neither a run nor an unfinished one has yet."""
    taken = {path.name.removeprefix(UNFINISHED) for path in folder.iterdir()}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return folder / free


def slug(name: str) -> str:
    """Letters and digits of `name`, with single hyphens between: part of a file name on every system."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return "-".join(words)[:SLUG]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
