"""A comparison on disk: the answer, its tables, its charts and a record of what was asked; whole, or not there."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from forecast.decide.compare import Compared
from forecast.folders import keep_private, replaced
from forecast.report.answers import SCRIPT, TEXT
from forecast.report.charts import Figure, save_chart
from forecast.report.compare_charts import figures
from forecast.report.compare_notes import comparison_notes
from forecast.report.compare_show import as_json, record
from forecast.report.compare_tables import Tables
from forecast.report.compare_words import sentences
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import MARKING, area_name
from forecast.report.run_folder import PROGRAM, SENSITIVE, as_text
from forecast.report.size_folder import RECORD, room

CHARTS: Final = "charts"
"""The folder of the charts, each with its table and its reading."""


def write(found: Compared, tables: Tables, year: int, folder: Path, further: Sequence[Figure] = ()) -> Path:
    """Write a comparison to a new folder, for its owner's eyes only if its figures are a council's own.

    Parameters
    ----------
    year : January that is asked about
    further : charts besides those of `compare_charts`, such as a waterfall

    Raises
    ------
    FolderThere, NoRoom
        The folder is there already, or cannot be made.
    """
    room(folder)
    drawn = (*figures(found, tables, year), *further)
    marks = {"area": area_name(found.about)} | ({"marking": SENSITIVE} if found.about.confidential else {})
    with replaced(folder) as new:
        (new / SCRIPT).write_text(as_json(found, tables, year) + "\n", encoding="utf-8")  # first: it tells whose it is
        (new / TEXT).write_text(_text(found, tables, year, drawn), encoding="utf-8")
        (new / CHARTS).mkdir()
        every = {**tables.written} | {f"{CHARTS}/{figure.name}": figure.table for figure in drawn}
        for name, table in every.items():
            marked = as_text(table.assign(**marks))
            marked.to_csv(new / f"{name}.csv", index=False, float_format="%.10g", encoding="utf-8")
        for figure in drawn:
            save_chart(figure.chart, new / CHARTS, figure.name)
        (new / RECORD).write_text(_record(found, year, new), encoding="utf-8")
        if found.about.confidential:
            keep_private(new)
    return folder


def _text(found: Compared, tables: Tables, year: int, drawn: Sequence[Figure]) -> str:
    """The answer in words, the readings of its charts, and what they rest on."""
    marked = [MARKING, ""] if found.about.confidential else []
    readings = [f"{figure.title}. {figure.reading}" for figure in drawn]
    rest = [note for note in comparison_notes(found, tables) if note != MARKING]
    lines = [*sentences(found, tables, year), "", "What the charts say", *readings]
    return "\n".join([*marked, *lines, "", "What these figures rest on", *rest, OPEN_LICENCE]) + "\n"


def _record(found: Compared, year: int, folder: Path) -> str:
    """All that is needed to repeat the comparison, and to check that its files are as written."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    told = {
        **record(found, year),
        "scenario_records": [dict(projection.record) for projection in found.projections],
        "inputs_sha256": dict(found.first.digests),
        "created": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        "program": {PROGRAM: version(PROGRAM)},
        "files_sha256": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
        },
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
