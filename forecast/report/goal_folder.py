"""The answer to what it would take, on disk: the answer, the scenario, its tables and a record; whole, or not there."""

import hashlib
import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from forecast.decide.goal import Goal
from forecast.folders import keep_private, replaced
from forecast.report.answers import SCRIPT, TEXT
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.goal_file import found_scenario, scenario_text
from forecast.report.goal_show import as_json, record, rests_on
from forecast.report.goal_tables import tables_of
from forecast.report.goal_words import sentences
from forecast.report.phrases import MARKING, area_name
from forecast.report.register_rows import register_of
from forecast.report.run_folder import PROGRAM, SENSITIVE, as_text
from forecast.report.size_folder import RECORD, room

SCENARIO: Final = "goal.yaml"
"""The scenario that was found."""


def write(goal: Goal, folder: Path) -> Path:
    """Write the answer to a new folder, for its owner's eyes only if its figures are a council's own.

    Raises
    ------
    FolderThere, NoRoom
        The folder is there already, or cannot be made.
    """
    room(folder)
    about = goal.ground.before.about
    marks = {"area": area_name(about)} | ({"marking": SENSITIVE} if about.confidential else {})
    marked = [MARKING, ""] if about.confidential else []
    rest = [note for note in rests_on(goal) if note != MARKING]
    text = [*marked, *sentences(goal), "", "What these figures rest on", *rest, OPEN_LICENCE]
    with replaced(folder) as new:
        (new / SCRIPT).write_text(as_json(goal) + "\n", encoding="utf-8")  # first: it tells whose it is
        (new / TEXT).write_text("\n".join(text) + "\n", encoding="utf-8")
        (new / SCENARIO).write_text(scenario_text(found_scenario(goal)), encoding="utf-8")
        for name, table in {**tables_of(goal), "register": register_of(goal.ground.before)}.items():
            written = as_text(table.assign(**marks))
            written.to_csv(new / f"{name}.csv", index=False, float_format="%.10g", encoding="utf-8")
        (new / RECORD).write_text(_record(goal, new), encoding="utf-8")
        if about.confidential:
            keep_private(new)
    return folder


def _record(goal: Goal, folder: Path) -> str:
    """All that is needed to repeat the answer, and to check that its files are as written."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    told = {
        **record(goal),
        "on_top_of_record": dict(goal.ground.before.record),
        "inputs_sha256": dict(goal.ground.before.digests),
        "created": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        "program": {PROGRAM: version(PROGRAM)},
        "files_sha256": files,
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
