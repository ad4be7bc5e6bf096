"""A decision on disk: the sheet, the tables as CSV, and a record of what was asked; whole, or not there."""

import hashlib
import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.size import Sized
from forecast.errors import ForecastError
from forecast.folders import keep_private, replaced
from forecast.report.phrases import area_name
from forecast.report.register_rows import REGISTER, register_of
from forecast.report.room import room_for
from forecast.report.run_folder import PROGRAM, SENSITIVE, as_text
from forecast.report.size_sheet import sheet
from forecast.report.size_show import record, replay_part
from forecast.report.size_tables import as_written

SHEET: Final = "decision.html"
RECORD: Final = "record.json"


class FolderThere(ForecastError):
    """The folder to write is there already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is there already; name a folder that is not, or delete it first.")


def room(folder: Path) -> None:
    """Find out before the work whether a decision can be written.

    Raises
    ------
    FolderThere
        The folder is there already.
    NoRoom
        It cannot be made.
    """
    if folder.exists():
        raise FolderThere(folder)
    room_for(folder.parent)


def write(sized: Sized, replay: Replay | CountedReplay | None, folder: Path) -> Path:
    """Write the decision to a new folder, for its owner's eyes only if its figures are a council's own.

    Raises
    ------
    FolderThere, NoRoom
        As `room`.
    """
    room(folder)
    then = None if replay is None else replay_part(replay, sized)
    about, projection = sized.case.projection.about, sized.case.projection
    marks = {"area": area_name(about), "scenario": projection.scenario, "world": projection.world.words}
    marks |= {"marking": SENSITIVE} if about.confidential else {}
    tables = (
        dict(as_written(sized))
        | {REGISTER: register_of(projection)}
        | ({} if then is None else {"replay": then[2].reset_index(drop=True)})
    )
    with replaced(folder) as new:
        (new / SHEET).write_text(sheet(sized, then), encoding="utf-8")
        for name, table in tables.items():
            written = as_text(table.assign(**marks))
            written.to_csv(new / f"{name}.csv", index=False, float_format="%.10g", encoding="utf-8")
        (new / RECORD).write_text(_record(sized, new), encoding="utf-8")
        if about.confidential:
            keep_private(new)
    return folder


def _record(sized: Sized, folder: Path) -> str:
    """All that is needed to repeat the answer, and to check that its files are as written."""
    projection = sized.case.projection
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    told = {
        **record(sized),
        "scenario_record": dict(projection.record),
        "inputs_sha256": dict(projection.digests),
        "created": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        "program": {PROGRAM: version(PROGRAM)},
        "files_sha256": files,
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
