"""What every invented child of the tests can be told by, and where none of it may ever be found."""

import re
import tempfile
from pathlib import Path

PLANTED = re.compile(rb"zzyzx|\b[A-HJ-NP-RT-Z]999[0-9]{8}[0-9A-Z]\b|\bZZ[1-9] [0-9][A-Z]{2}\b", re.IGNORECASE)
"""Surname, pupil numbers of the authority 999, postcodes of the area ZZ: no real child has any of them."""
OUTPUTS = ("area.toml", "manifest.json", "about.txt", "model.json")
"""A folder with one of these was written by the program: an area, a run, tables that were published, a model."""
LOGS = "forecast-defect-*.log"


def told(content):
    """Whether a text or bytes tell of a child."""
    return bool(PLANTED.search(content.encode(errors="replace") if isinstance(content, str) else content))


def leaks(*folders):
    """Files of the program's making, anywhere in `folders`, that tell of a child; and logs of defects that do."""
    homes = {path.parent for folder in folders for name in OUTPUTS for path in Path(folder).rglob(name)}
    files = {path for home in homes for path in home.rglob("*") if path.is_file() and not path.is_symlink()}
    files |= set(Path(tempfile.gettempdir()).glob(LOGS))
    return sorted(path for path in files if told(str(path.name)) or told(path.read_bytes()))
