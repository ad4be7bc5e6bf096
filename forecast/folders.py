"""Folders that are written whole or not at all, and how one that holds children's counts is kept to its owner."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Final

from forecast.errors import ForecastError

IGNORE: Final = ".gitignore"
LEFT_OVER: Final = r"\.{name}\.[0-9a-f]{{8}}(-old)?"
"""What a folder called `name` is called while `replaced` writes it, or deletes what it replaces."""
_EVERYTHING: Final = "# OFFICIAL-SENSITIVE: nothing in this folder belongs in a repository.\n*\n"


class LeftBehind(ForecastError):
    """A folder that was replaced is still on disk, under another name."""

    def __init__(self, target: Path, old: Path) -> None:
        super().__init__(
            f"{target} is written, but what it replaced could not be deleted and is still there as {old}; "
            "close whatever has it open and delete that folder."
        )


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A new folder beside `target` to write into, which takes its name once the block is done.

    The old folder stands until then. Where the block or the renaming fails, it still stands and nothing else does.

    Raises
    ------
    LeftBehind
        The new folder has its name, but the old one could not be deleted.
    """
    new = target.with_name(f".{target.name}.{token_hex(4)}")
    new.mkdir(mode=0o700)
    try:
        yield new
        if not is_private(new):
            new.chmod(0o777 & ~_umask())
        _swap(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def keep_private(folder: Path) -> None:
    """For this user's eyes only, where the system has such a thing, and out of any repository that it lies in.

    Links are left alone: what they point to is not of this folder.
    """
    ignore = folder / IGNORE
    ignore.unlink(missing_ok=True)
    ignore.write_text(_EVERYTHING, encoding="utf-8", newline="\n")
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)


def is_private(folder: Path) -> bool:
    """Whether `keep_private` was here; a `.gitignore` of the user's own does not say so."""
    ignore = folder / IGNORE
    return ignore.is_file() and ignore.read_text(encoding="utf-8", errors="replace") == _EVERYTHING


def _umask() -> int:
    """What new files may not be; to be read it must be set, and is set back at once."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _swap(new: Path, target: Path) -> None:
    """Give the new folder its name; the old one goes only once that is done, or else gets its own back."""
    old = new.with_name(f"{new.name}-old")
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
    if old.exists():
        raise LeftBehind(target, old)
