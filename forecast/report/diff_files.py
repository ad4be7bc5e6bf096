"""Two runs' differences for a script: as JSON text, and as one tidy table in a file."""

import json
from pathlib import Path
from secrets import token_hex
from typing import Final

import pandas as pd

from forecast.errors import ForecastError
from forecast.report.diff_summary import summary
from forecast.report.diff_words import no_outcome, notes
from forecast.report.differences import CENSUS, GIVEN, RATES, RESULTS, Differences
from forecast.report.phrases import census
from forecast.report.run_folder import as_text
from forecast.report.run_read import Run
from forecast.report.tables import CHILDREN, TOTALS

COLUMNS: Final = (
    "part", "what", "of", "phase", "year", "academic_year", "unit", "old", "old_p10", "old_p90", "new", "new_p10",
    "new_p90", "change", "change_share", "inside_old_range", "may_be_luck", "where", "old_text", "new_text",
    "old_digest", "new_digest",
    "area", "older_run", "newer_run", "older_world", "newer_world",
)  # fmt: skip
"""Columns of the tidy table."""


class CannotSave(ForecastError):
    """The file of differences cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written ({why}); name another file with --out.")


def as_json(found: Differences) -> str:
    """Everything that differs: JSON text, null where there is no number."""
    said = found.new.manifest
    return json.dumps(
        {
            "area": said.area,
            "kind": said.kind,
            "synthetic": said.synthetic,
            "marking": said.marking,
            "old": _run(found.old),
            "new": _run(found.new),
            "summary": summary(found),
            "given": _records(found.given),
            "rates": _records(found.rates),
            "results": _records(found.results),
            "outcomes": _records(found.outcomes),
            "no_outcome": no_outcome(found) if found.outcomes.empty else None,
            "notes": notes(found),
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def tidy(found: Differences) -> pd.DataFrame:
    """Every difference a row, with the columns `COLUMNS`; of the census, "old" is the forecast and "new" what came.

    All rows of the results are there, changed or not.
    """
    texts = {"old": "old_text", "new": "new_text"}
    came = {"provision": "of", "mean": "old", "p10": "old_p10", "p90": "old_p90", "census": "new"}
    verdict = {"difference": "change", "inside": "inside_old_range"}
    change = found.outcomes["difference"] / found.outcomes["mean"].where(found.outcomes["mean"] != 0)
    parts = {
        GIVEN: found.given.rename(columns={"part": "of"} | texts),
        RATES: found.rates.rename(columns={"rate": "what"}),
        RESULTS: found.results.rename(columns={"provision": "of"}).assign(what=CHILDREN, phase=TOTALS["phase"]),
        CENSUS: found.outcomes.rename(columns=came | verdict).assign(what=CHILDREN, change_share=change),
    }
    rows = pd.concat([table.assign(part=part) for part, table in parts.items() if not table.empty], ignore_index=True)
    marks = {"area": found.new.manifest.area}
    for side, run in (("older", found.old), ("newer", found.new)):
        marks |= {f"{side}_run": run.folder.name, f"{side}_world": run.manifest.world.name}
    return rows.assign(**marks).reindex(columns=list(COLUMNS)).astype({"year": "Int64"})


def write_tidy(found: Differences, path: Path) -> None:
    """Write `tidy` as CSV, whole or not at all; for its owner only if the figures are a council's own.

    Raises
    ------
    CannotSave
        The disk refuses, or `path` is a folder.
    """
    private = any(run.manifest.kind != "published" for run in (found.old, found.new))
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        beside.touch(mode=0o600 if private else 0o666, exist_ok=False)
        as_text(tidy(found)).to_csv(beside, index=False, float_format="%.10g", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise CannotSave(path, str(error.strerror)) from error
    finally:
        beside.unlink(missing_ok=True)


def _run(run: Run) -> dict[str, object]:
    said = run.manifest
    return {
        "folder": run.folder.name,
        "created": said.created,
        "scenario": said.scenario.get("name"),
        "world": said.world.name,
        "world_from": said.world.since,
        "latest_census": census(run.base),
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    plain = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in plain]
