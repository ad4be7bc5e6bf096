"""What this machine holds of a council's own children, and how it is got rid of."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Final

from forecast.errors import ForecastError
from forecast.folders import LEFT_OVER
from forecast.inputs import area_toml
from forecast.inputs.about import About
from forecast.report.answers import SCRIPT
from forecast.report.door_rules import AUDIT, INTERNAL
from forecast.report.phrases import area_name
from forecast.report.run_folder import SENSITIVE, UNFINISHED, slug
from forecast.report.size_folder import RECORD

LOGS: Final = "forecast-defect-*.log"
"""Reports of defects, in the system's folder for passing files."""
PURGED: Final = ".purged-"
"""Start of the name of what is being deleted."""
NOT_FOUND: Final = (
    "What was written elsewhere (--out, --to, --faults), under another name of the area, or sent on is not known here: "
    "delete it by hand."
)
NOT_ERASED: Final = (
    "Deleted, not erased: backups, file histories and synchronised copies are yours to clear, and a disk may keep "
    "deleted data until it is overwritten."
)


class NothingToPurge(ForecastError):
    """A folder that is not a council's own counts."""

    def __init__(self, folder: Path, what: str, remedy: str) -> None:
        super().__init__(f"{folder} {what}; {remedy}.")


def confidential_paths(folder: Path, runs: Path) -> list[Path]:
    """What holds the counts of an area, as far as can be known; the area's own folder is the last.

    Its runs, finished or cut short, whichever kind its counts were when they were made; releases of it for internal
    eyes, decisions and answers, in the folder of runs or beside the area; what an interrupted import, release, answer
    or purge left in either place; and logs of defects. Not known is what was written elsewhere (runs by `--out`,
    releases, decisions and answers by `--to`, lists of faults by `--faults`), what bears another name of the area,
    copies, and what was sent on.

    Parameters
    ----------
    folder : an area folder
    runs : where run folders are kept

    Raises
    ------
    NothingToPurge, InputFaults
        It is no area folder, or holds published or invented figures only; or `runs` could not go without what is in it.
    """
    about = _about(folder)
    area, runs = folder.resolve(), runs.resolve()
    kept = {path for path in _entries(runs) if _is_of(path, about)}
    beside = [
        path for path in _entries(area.parent) if re.fullmatch(LEFT_OVER.format(name=re.escape(area.name)), path.name)
    ]
    either = [path for path in (*_entries(runs), *_entries(area.parent)) if _is_left(path, about)]
    if runs in either and _entries(runs):
        what = "was itself written as a release, a decision or an answer of the area, and holds other folders"
        raise NothingToPurge(runs, what, "move those elsewhere, and name where with --runs")
    return [*sorted(({*kept, *beside, *either}) - {area}), *_logs(), area]


def purge(paths: Sequence[Path]) -> None:
    """Delete `paths` in their order; each loses its name first, so that none is ever there in part.

    Of a link, only the link goes.
    """
    for path in paths:
        if path.is_symlink():
            path.unlink()
            continue
        gone = path.with_name(f"{PURGED}{token_hex(4)}")
        path.rename(gone)
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink()


def told(path: Path) -> str:
    """One of the paths, as it is shown before it is deleted."""
    return f"{path} (a link: {path.resolve()} stays)" if path.is_symlink() else str(path)


def _about(folder: Path) -> About:
    file = folder / area_toml.FILE
    if folder.is_symlink():
        raise NothingToPurge(folder, "is a link to a folder", "name the folder itself")
    if not file.is_file():
        raise NothingToPurge(folder, f"holds no {area_toml.FILE}", "name an area folder")
    about = area_toml.read_about(file.read_bytes())
    if not about.confidential:
        what = "invented" if about.synthetic else "published"
        raise NothingToPurge(folder, f"holds {what} figures only", "delete it by hand if you do not want it")
    return about


def _entries(runs: Path) -> list[Path]:
    return sorted(path for path in runs.iterdir() if path.is_dir()) if runs.is_dir() else []


def _is_of(run: Path, about: About) -> bool:
    """Whether a run folder is of this area; of one that was cut short, the name alone says so."""
    manifest = run / "manifest.json"
    if run.name.startswith(UNFINISHED):
        return run.name.startswith(f"{UNFINISHED}{slug(about.name)}-")
    if not manifest.is_file():
        return False
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        return bool(found["area"] == area_name(about) and found["kind"] != "published")
    except (KeyError, TypeError, ValueError) as error:
        raise NothingToPurge(
            run, "has a manifest that cannot be read", "look whose run it is, and delete it"
        ) from error


def _is_left(folder: Path, about: About) -> bool:
    """Whether a folder is a release for internal eyes, a decision or an answer, all of this area.

    Or what a purge could not finish deleting.
    """
    if folder.name.startswith(PURGED):
        return True
    audit, *records = (_read(folder / name) for name in (AUDIT, RECORD, SCRIPT))
    profile = audit.get("profile")
    internal = isinstance(profile, dict) and profile.get("name") == INTERNAL.name
    if internal and audit.get("area") == area_name(about):
        return True
    return any(found.get("marking") == SENSITIVE and found.get("area") == area_name(about) for found in records)


def _read(file: Path) -> dict[str, object]:
    """What a JSON file of ours says; nothing of one that is not there, not ours, or not this user's to read."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _logs() -> list[Path]:
    """Logs of defects that this user wrote."""
    found = Path(tempfile.gettempdir()).glob(LOGS)
    mine = os.getuid() if hasattr(os, "getuid") else None
    return sorted(path for path in found if mine is None or path.stat().st_uid == mine)
