"""What this machine holds of a council's own children, and how it is got rid of."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Final

from forecast.errors import ForecastError
from forecast.inputs import area_toml
from forecast.inputs.about import About
from forecast.report.phrases import area_name
from forecast.report.run_folder import UNFINISHED

LOGS: Final = "forecast-defect-*.log"
"""Reports of defects, in the system's folder for passing files."""
NOT_ERASED: Final = (
    "Deleted, not erased: backups, file histories and synchronised copies are yours to clear, and a disk may keep "
    "deleted data until it is overwritten."
)


class NothingToPurge(ForecastError):
    """A folder that is not a council's own counts."""

    def __init__(self, folder: Path, what: str, remedy: str) -> None:
        super().__init__(f"{folder} {what}; {remedy}.")


def confidential_paths(folder: Path, runs: Path) -> list[Path]:
    """Everything on disk that holds the counts of an area: its folder, its runs, runs cut short, logs of defects.

    Parameters
    ----------
    folder : an area folder
    runs : where run folders are kept

    Raises
    ------
    NothingToPurge, InputFaults
        It is no area folder, or holds published or invented figures only.
    """
    about = _about(folder)
    paths = [folder, *(path for path in _entries(runs) if _is_of(path, about))]
    return [*paths, *_logs()]


def purge(paths: Sequence[Path]) -> None:
    """Delete `paths`; each loses its name first, so that none is ever there in part."""
    for path in paths:
        gone = path.with_name(f".purged-{token_hex(4)}")
        path.rename(gone)
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink()


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
    """Whether a run folder is of this area; one that was cut short, and cannot say, is taken to be."""
    manifest = run / "manifest.json"
    if not manifest.is_file():
        return run.name.startswith(UNFINISHED)
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        return bool(found["area"] == area_name(about) and found["kind"] == about.kind)
    except (KeyError, TypeError, ValueError) as error:
        raise NothingToPurge(
            run, "has a manifest that cannot be read", "look whose run it is, and delete it"
        ) from error


def _logs() -> list[Path]:
    """Logs of defects that this user wrote."""
    found = Path(tempfile.gettempdir()).glob(LOGS)
    mine = os.getuid() if hasattr(os, "getuid") else None
    return sorted(path for path in found if mine is None or path.stat().st_uid == mine)
