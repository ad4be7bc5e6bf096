"""The blade export of COLLECT: a CSV file for each module, `Blade-Export_31-03-2024_placementdetail.csv`.

Columns may come in any order and in any capitals. Excel writes such files in Windows-1252 when it saves them as
plain CSV; they are read so, and `Filed.files` says it.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Final, TextIO

from forecast.errors import Fault, InputFaults
from forecast.inputs.safe_files import MEGABYTE
from forecast.records.layout import CSV, Module, layout, plain
from forecast.records.sources import Part, whole
from forecast.records.written import Written, gather, heading, heading_faults

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHERS: Final = {b"PK\x03\x04": "a workbook or an archive", b"\xd0\xcf\x11\xe0": "a workbook of an old kind"}
_SAVE: Final = "save it as CSV UTF-8"
WINDOWS: Final = "cp1252"


def read_csvs(parts: Sequence[Part], district: str | None = None) -> dict[str, Written]:
    """Every module that is among the files, as written.

    Raises
    ------
    InputFaults
        Two files hold one module, or what is wrong with the form of any file; every fault of all of them.
    """
    by_module, faults = modules_of(parts)
    tables = {}
    for name, part in by_module.items():
        try:
            tables[name] = _read(part, layout()[name], district)
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    return tables


def modules_of(parts: Sequence[Part]) -> tuple[dict[str, Part], list[Fault]]:
    """Which file holds which module, by the end of its name; a fault for each that is there twice."""
    found: dict[str, Part] = {}
    faults = []
    for part in parts:
        name = module_called(part.name)
        if name and name in found:
            what = f"holds the same module as {found[name].name}"
            faults.append(Fault(part.name, 0, "", what, "keep the files of one export only"))
        elif name:
            found[name] = part
    return found, faults


def module_called(file: str) -> str | None:
    """Module that a file's name ends in: `Blade-Export_31-03-2024_senneed.csv` holds `sen_need`."""
    stem = plain(PurePath(file).stem)
    ends = {plain(end): name for name, module in layout().items() for end in module.names[CSV]}
    found = [end for end in ends if stem.endswith(end)]
    return ends[max(found, key=len)] if found else None


def _read(part: Part, module: Module, district: str | None) -> Written:
    with whole(part.name):
        encoding = encoding_of(part)
        with part.open() as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
            rows = _rows(part.name, text)
            line, names = next(((line, row) for line, row in rows if any(map(str.strip, row))), (1, []))
            found = heading(module, CSV, names, district)
            if faults := heading_faults(part.name, line, module, CSV, names, found):
                raise InputFaults(faults)
            cells = gather(part.name, rows, found)
    return Written(part.name, cells, found.names, "read as Windows-1252" if encoding == WINDOWS else "")


def _rows(file: str, text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Rows by their first line."""
    reader = csv.reader(text, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error:
        what = "cannot be split into columns from here on"
        remedy = 'close every quote, and write a quote inside a quoted text twice: ""'
        raise InputFaults([Fault(file, line, "", what, remedy)]) from None


def encoding_of(part: Part) -> str:
    """How a text file is encoded, found by reading it through once: UTF-8, UTF-16 by its mark, or Windows-1252.

    Raises
    ------
    InputFaults
        It is in none of them, holds NUL bytes, or is no text at all.
    """
    with part.open() as file:
        start = file.read(4)
    for mark, what in _OTHERS.items():
        if start.startswith(mark):
            raise InputFaults([Fault(part.name, 0, "", f"is {what} in spite of its name", _SAVE)])
    if start.startswith(_UTF16):
        return _first_of(part, {"utf-16": codecs.getincrementaldecoder("utf-16")()})
    tried = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", WINDOWS)}
    return _first_of(part, tried)


def _first_of(part: Part, decoders: Mapping[str, codecs.IncrementalDecoder]) -> str:
    """The first encoding in which all of a file can be read."""
    left = dict(decoders)
    lines = wrong = 1
    with part.open() as file:
        while left:
            block = file.read(MEGABYTE)
            for name in list(left):
                try:
                    text = left[name].decode(block, final=not block)
                except UnicodeDecodeError as error:
                    del left[name]
                    wrong = max(wrong, lines + bytes(error.object[: error.start]).count(b"\n"))
                    continue
                if "\0" in text:
                    what = "holds a NUL character, so it is damaged or in another encoding"
                    raise InputFaults([Fault(part.name, lines + text[: text.index("\0")].count("\n"), "", what, _SAVE)])
            if not block:
                break
            lines += block.count(b"\n")
    if not left:
        what = "is neither in UTF-8 nor in Windows-1252"
        raise InputFaults([Fault(part.name, wrong, "", what, _SAVE)])
    return next(iter(left))
