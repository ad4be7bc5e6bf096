"""The faults file: which records the checks found, by their own row ids, without any value of a field."""

import csv
import io
import os
from pathlib import Path
from secrets import token_hex

from forecast.inputs.cells import written
from forecast.inputs.write import CannotWrite
from forecast.records.checks import FOUND, Checked


def write_faults(checked: Checked, path: Path) -> int:
    """Write the records found as CSV that only its owner may read, and return how many there are.

    With the columns `old` and `new` filled in, and one field to a row, it is a fix file (`fixes.read_fixes`).

    Parameters
    ----------
    path : replaced if it is there; written beside it and renamed

    Raises
    ------
    CannotWrite
        The disk refuses.
    """
    rows = checked.found.sort_values(["census", "module", "row", "check"], kind="stable")
    text = io.StringIO(newline="")
    lines = zip(*([written(value) for value in rows[column]] for column in FOUND), strict=True)
    csv.writer(text, lineterminator="\n").writerows([FOUND, *lines])
    owner_only(path, text.getvalue())
    return len(rows)


def see_writable(path: Path) -> None:
    """Find out, before the work whose faults are to be listed, whether `write_faults` can write them.

    Raises
    ------
    CannotWrite
        It is a folder, or the disk refuses.
    """
    if path.is_dir():
        raise CannotWrite(path, "is a folder", "name a file in it")
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise CannotWrite(path, f"cannot be written ({error.strerror})", "choose another place") from error
    finally:
        beside.unlink(missing_ok=True)


def owner_only(path: Path, text: str) -> None:
    """Write a text, its line ends as they are, to a new file for its owner only, and name it once it is whole.

    Raises
    ------
    CannotWrite
        The disk refuses.
    """
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise CannotWrite(path, f"cannot be written ({error.strerror})", "choose another place") from error
    finally:
        beside.unlink(missing_ok=True)
