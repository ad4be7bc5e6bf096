"""The files of a return, wherever they are kept: in a folder, in an archive, or alone. Opened with care.

Sizes are looked at before anything is read; an archive is checked before it is unpacked; a link that leads out
of the folder is not followed.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from forecast.errors import Fault, InputFaults
from forecast.inputs.safe_files import MEGABYTE, MOST_RETURN, MOST_WORKBOOK, file_bytes, sound_archive
from forecast.records.layout import CSV, WORKBOOK, XML

ENDINGS: Final = {".csv": CSV, ".xml": XML, ".xlsx": WORKBOOK, ".xlsm": WORKBOOK}
_ZIP: Final = ".zip"
_OLD: Final = {".xls": "is a workbook of an old kind", ".xlsb": "is a binary workbook"}
MOST_FILES: Final = 1_000
"""Files that are looked at in a folder or archive."""
DAMAGE: Final = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OverflowError)
"""What reading a damaged, locked or vanished file raises."""
_GIVE: Final = "give a folder of CSV modules, one .xml, one .xlsx, or a .zip of the first two"
_ONE: Final = "give the files of one return, and of one form of it"


@dataclass(frozen=True)
class Part:
    """One file of a return."""

    name: str
    """What messages call it: its name without its folder."""
    form: str
    size: int
    """Bytes, unpacked."""
    open: Callable[[], BinaryIO]


def parts_of(path: Path) -> tuple[Part, ...]:
    """The files of the return at `path`, all of one form, in order of name.

    Raises
    ------
    InputFaults
        Nothing of a return is there; it has several forms or several returns; a file is too large; an archive
        is damaged, unsafe or would unpack to too much.
    """
    try:
        if path.is_dir():
            parts = _of_folder(path)
        elif path.suffix.casefold() == _ZIP:
            parts = _of_archive(path)
        else:
            parts = _alone(path)
    except (OSError, ValueError) as error:
        raise _refused(path.name, "cannot be read", "see that the path is right and that you may read it") from error
    _check_kind(path, parts)
    _check_sizes(path, parts)
    return tuple(sorted(parts, key=lambda part: part.name))


@contextmanager
def whole(file: str) -> Iterator[None]:
    """Turn what a damaged file raises while it is read into a fault of the file."""
    try:
        yield
    except DAMAGE:
        raise _refused(file, "is damaged: it cannot be read to its end", "copy or export it again") from None


def _alone(path: Path) -> list[Part]:
    form = ENDINGS.get(path.suffix.casefold())
    if not path.exists():
        raise _refused(path.name, "there is no such file or folder", "check the path")
    if what := _OLD.get(path.suffix.casefold()):
        raise _refused(path.name, what, "save it as .xlsx")
    if form is None or not path.is_file():
        raise _refused(path.name, "is not a return", _GIVE)
    return [_file(path, form)]


def _file(path: Path, form: str) -> Part:
    return Part(path.name, form, path.stat().st_size, lambda: path.open("rb"))


def _of_folder(folder: Path) -> list[Part]:
    home = folder.resolve()
    paths = sorted(path for path in folder.iterdir() if path.suffix.casefold() in ENDINGS and path.name[0] not in ".~")
    _check_number(folder.name, len(paths))
    outside = [path for path in paths if not path.resolve().is_relative_to(home)]
    if outside:
        raise InputFaults(
            Fault(path.name, 0, "", "is a link that leads out of the folder", "put the file itself there")
            for path in outside
        )
    return [_file(path, ENDINGS[path.suffix.casefold()]) for path in paths if path.is_file()]


def _of_archive(path: Path) -> list[Part]:
    archive = sound_archive(path.name, file_bytes(path, MOST_WORKBOOK))
    members = [member for member in archive.infolist() if not member.is_dir()]
    _check_number(path.name, len(members))
    return [_member(archive, member, name) for member in members if (name := _useful(member.filename))]


def _useful(filename: str) -> str:
    """Name of a member that may be of a return, without its folders; "" for any other."""
    place = PurePosixPath(filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "~", "__MACOSX")) for part in place.parts)
    return "" if hidden or place.suffix.casefold() not in ENDINGS else place.name


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Part:
    form = ENDINGS[PurePosixPath(name).suffix.casefold()]
    return Part(name, form, member.file_size, lambda: _opened(archive, member))


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(member))
    except ValueError as error:  # the archive places the member before its own start, or by a name of other letters
        raise zipfile.BadZipFile from error


def _check_number(file: str, number: int) -> None:
    if number > MOST_FILES:
        raise _refused(file, f"holds {number:,} files, more than {MOST_FILES:,}", _ONE)


def _check_kind(path: Path, parts: Sequence[Part]) -> None:
    forms = {part.form for part in parts}
    if not forms:
        raise _refused(path.name, "holds no file of a return", _GIVE)
    if len(forms) > 1 or (forms != {CSV} and len(parts) > 1):
        names = ", ".join(sorted(part.name for part in parts)[:6])
        raise _refused(path.name, f"holds more than one return or form of it ({names})", _ONE)


def _check_sizes(path: Path, parts: Sequence[Part]) -> None:
    faults = []
    for part in parts:
        most = MOST_WORKBOOK if part.form == WORKBOOK else MOST_RETURN
        if part.size > most:
            what = f"is larger than {most // MEGABYTE:,} MB"
            faults.append(Fault(part.name, 0, "", what, "give the return of one census only"))
        if part.size == 0:
            faults.append(Fault(part.name, 0, "", "is empty", "export it again"))
    if not faults and sum(part.size for part in parts) > MOST_RETURN:
        what = f"its files are larger than {MOST_RETURN // MEGABYTE:,} MB together"
        faults.append(Fault(path.name, 0, "", what, "give the return of one census only"))
    if faults:
        raise InputFaults(faults)


def _refused(file: str, what: str, remedy: str) -> InputFaults:
    return InputFaults([Fault(file, 0, "", what, remedy)])
