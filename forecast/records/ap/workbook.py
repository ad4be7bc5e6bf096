"""What else a workbook holds than the sheet that is read: stays on other sheets, and formulas without their results."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import iterparse

import openpyxl
from openpyxl.utils import coordinate_to_tuple

from forecast.errors import Fault, InputFaults
from forecast.inputs.count_said import numbered
from forecast.inputs.grid import Grid, read_grid
from forecast.inputs.safe_files import MOST_WORKBOOK, file_bytes, is_archive, sound_archive
from forecast.records.ap.headings import Headed, top
from forecast.records.ap.words import Words

_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
"""How a formula begins in the XML of a sheet: one without any need not be looked through."""


def on_other_sheets(path: Path, found: Headed, words: Words) -> list[Fault]:
    """Other sheets that have the same headings, so that the stays on them would be missed."""
    alike = sum(_is_headed_so(path, name, found, words) for name in found.grid.sheets)
    if not alike:
        return []
    what = f"{numbered(alike, 'other sheet has', 'other sheets have')} the same headings, so stays would be missed"
    remedy = "put all stays on one sheet, or say with --sheet which one is meant"
    return [Fault(found.grid.file, 0, "", what, remedy)]


def without_results(path: Path, found: Headed, sheet: str) -> list[Fault]:
    """Columns with formulas whose results are not in the file, so that they would be read as blank.

    Parameters
    ----------
    sheet : as the user named it; blank for the first
    """
    lines: dict[str, list[int]] = {}
    read = set(found.lines)
    for line, at in _unsaved(path, sheet):
        if line in read and at in found.columns:
            lines.setdefault(found.columns[at], []).append(line)
    remedy = "open the workbook in a spreadsheet program and save it, or put the values in place of the formulas"
    return [
        Fault(found.grid.file, some[0], name, f"{_formulas(len(some))} not saved with the workbook", remedy)
        for name, some in lines.items()
    ]


def _formulas(times: int) -> str:
    return "a formula is there whose result is" if times == 1 else f"{times:,} formulas are there whose results are"


def _is_headed_so(path: Path, name: str, found: Headed, words: Words) -> bool:
    """Whether a sheet names every column that the one read does; one that cannot be read holds no stays."""
    grid = _readable(path, name)
    return grid is not None and set(found.columns.values()) <= set(top(grid, words)[1].values())


def _readable(path: Path, name: str) -> Grid | None:
    try:
        return read_grid(path, name)
    except InputFaults:
        return None  # empty, or a drawing: its number is told


def _unsaved(path: Path, sheet: str) -> Iterator[tuple[int, int]]:
    """Line, and place from 0, of every formula that has no result; a result that is an empty text is one."""
    content = file_bytes(path, MOST_WORKBOOK)
    if not is_archive(content):
        return
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    plain = {name.strip().casefold(): name for name in book.sheetnames}
    cells = book[plain[sheet.strip().casefold()] if sheet else book.sheetnames[0]]
    part: str = vars(cells)["_worksheet_path"]  # the reader says it nowhere else
    with sound_archive(path.name, content) as archive:
        text = archive.read(part)
    if not _FORMULA.search(text):
        return
    for _, cell in iterparse(io.BytesIO(text)):  # noqa: S314 - the reader of the sheet has parsed the same bytes
        kind = cell.tag.rpartition("}")[2]
        if kind == "c":
            parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
            if "f" in parts and not parts.get("v") and cell.get("t") != "str" and (where := cell.get("r")):
                line, at = coordinate_to_tuple(where)
                yield line, at - 1
        if kind in {"c", "row"}:
            cell.clear()
