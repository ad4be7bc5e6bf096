"""Whether there is room for the files of a command, found out before its work and not after."""

import tempfile
from pathlib import Path

from forecast.errors import ForecastError


class NoRoom(ForecastError):
    """A folder that cannot be written to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Nothing can be written in {folder}: name another folder, or ask for the right to write there."
        )


def room_for(folder: Path) -> None:
    """Make a folder now, before the work whose files it is to hold.

    Raises
    ------
    NoRoom
        It cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        raise NoRoom(folder) from error
