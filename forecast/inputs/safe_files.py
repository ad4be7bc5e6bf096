"""Files from outside, opened with care: how large they may be, what an archive may hold, how text is encoded.

Everything is checked before it is unpacked or parsed, so that a file made to exhaust the machine is refused in
a sentence. A message names the file and the flaw, never what a cell says.
"""

import codecs
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forecast.errors import Fault, InputFaults

MEGABYTE: Final = 2**20
MOST_RETURN: Final = 1024 * MEGABYTE
"""Bytes of the CSV or XML of a return, which is read a piece at a time: one of 100,000 records has some 50 MB."""
MOST_EXTRACT: Final = 300 * MEGABYTE
"""Bytes of an extract of establishments: that of all England has some 60 MB."""
MOST_TABLE: Final = 50 * MEGABYTE
"""Bytes of a table of counts, or of a fix file, as CSV: 500,000 rows of counts have some 25 MB."""
MOST_WORKBOOK: Final = 200 * MEGABYTE
"""Bytes of a workbook as it is stored."""
MOST_UNPACKED: Final = 1024 * MEGABYTE
"""Bytes of an archive once unpacked."""
MOST_RATIO: Final = 200
"""Times by which a member of an archive may be larger unpacked; sheets of one repeated cell reach about 100."""
SMALL_MEMBER: Final = MEGABYTE
"""Bytes below which a member's ratio does not matter."""
MOST_MEMBERS: Final = 2_000
"""Members of an archive: a workbook of 100 sheets has about 300."""
_ZIP: Final = b"PK\x03\x04"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_ARCHIVES: Final = (".zip", ".xlsx", ".xlsm", ".7z", ".rar", ".gz", ".tar")
_SAVE: Final = "save it anew from the program that made it"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def file_bytes(path: Path, most: int) -> bytes:
    """Bytes of a file, its size looked at before it is opened.

    Raises
    ------
    InputFaults
        There is no such file, it is none, cannot be read, is empty or has more than `most` bytes.
    """
    try:
        if not path.exists():
            raise _refused(path.name, "there is no such file", "check the path")
        if not path.is_file():
            raise _refused(path.name, "is not a file", "name the file itself")
        if (size := path.stat().st_size) > most:
            raise _too_large(path.name, most)
        with path.open("rb") as file:
            content = file.read(size + 1)  # memory for all that is asked for is taken at once
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its path is not sound"
        raise _refused(path.name, f"cannot be read ({reason})", "see that it is a file you may read") from error
    if len(content) > size:
        raise _refused(path.name, "grew while it was read", "wait until it is whole, and try again")
    if not content:
        raise _refused(path.name, "is empty", _SAVE)
    return content


def is_archive(content: bytes) -> bool:
    """Whether `content` begins as a zip archive or workbook does."""
    return content.startswith(_ZIP)


def sound_archive(file: str, content: bytes, most: int = MOST_UNPACKED) -> zipfile.ZipFile:
    """An archive or workbook that may be unpacked: nothing in it too large, hidden, nested or out of place.

    Parameters
    ----------
    file : what messages call it
    most : bytes of all members unpacked

    Raises
    ------
    InputFaults
        Every flaw of the archive.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OverflowError) as error:
        raise _refused(file, "is damaged: it cannot be unpacked", _SAVE) from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _refused(file, f"holds {len(members):,} files, more than {MOST_MEMBERS:,}", "give only what is needed")
    faults = list(dict.fromkeys(fault for member in members for fault in _member_faults(file, member)))
    if sum(member.file_size for member in members) > most:
        what = f"would unpack to more than {most // MEGABYTE:,} MB"
        faults.append(Fault(file, 0, "", what, "give only the sheets or files that are needed"))
    if faults:
        raise InputFaults(faults)
    return archive


def _member_faults(file: str, member: zipfile.ZipInfo) -> Iterator[Fault]:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        yield Fault(file, 0, "", "holds a path that leads out of its folder", _SAVE)
    if member.flag_bits & _ENCRYPTED:
        yield Fault(file, 0, "", "is locked with a password", "save it without one")
    if member.compress_type not in _METHODS:
        yield Fault(file, 0, "", "is packed in a way that is not read here", _SAVE)
    if member.file_size > SMALL_MEMBER and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        what = f"holds a file that would unpack to more than {MOST_RATIO} times its size"
        yield Fault(file, 0, "", what, "give only the sheets or files that are needed")
    if member.filename.casefold().endswith(_ARCHIVES):
        yield Fault(file, 0, "", "holds another archive", "unpack that first, and give it by itself")


def decoded(file: str, content: bytes) -> tuple[str, bool]:
    """Text of a file, and whether it had to be read as Windows-1252, in which Excel saves a plain CSV.

    Raises
    ------
    InputFaults
        It is in neither UTF-8, UTF-16 with its mark, nor Windows-1252; or it holds NUL bytes.
    """
    try:
        if content.startswith(_UTF16):
            return _without_nul(file, content.decode("utf-16")), False
        return _without_nul(file, content.removeprefix(codecs.BOM_UTF8).decode("utf-8")), False
    except UnicodeDecodeError:
        pass
    try:
        return _without_nul(file, content.decode("cp1252")), True
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "is neither in UTF-8 nor in Windows-1252"
        raise InputFaults([Fault(file, line, "", what, "save it as CSV UTF-8")]) from error


def _without_nul(file: str, text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputFaults([Fault(file, line, "", "holds a NUL character, so it is damaged", "save it as CSV UTF-8")])
    return text


def _too_large(file: str, most: int) -> InputFaults:
    return _refused(file, f"is larger than {most // MEGABYTE:,} MB", "give only the rows that are needed")


def _refused(file: str, what: str, remedy: str) -> InputFaults:
    return InputFaults([Fault(file, 0, "", what, remedy)])
