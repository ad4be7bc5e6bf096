"""Files of returns: the hand-written ones of `returns/`, changed, put in a folder, archive or workbook, and read.

Everything is synthetic. `PLANTED` are texts of the invented children that no message may ever hold.
"""

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd

from forecast.errors import ForecastError, InputFaults
from forecast.records.filed import PARENTS
from forecast.records.read import read_return

RETURNS = Path(__file__).parent / "returns"
XML_NAME = "synthetic-2024.xml"
PLANTED = ("zzyzx", "z9990", "99990000", "zz1 1a", "zz2 9a", "zz3 4z", "2012-mar-14", "2012-03-14", "14/03/2012")
SHEETS = {
    "person": "Person",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Named Plan",
    "plandetail": "Plan Detail",
    "activeplans": "Active Plan",
    "placementdetail": "Placement Detail",
    "senneed": "SEN Need",
}


def csv_set(version="v1_2"):
    """The files of a hand-written blade export: name -> bytes."""
    return {path.name: path.read_bytes() for path in sorted((RETURNS / version).glob("*.csv"))}


def module_file(files, end):
    """Name of the file of a module, by the end of its name."""
    return next(name for name in files if name.endswith(f"_{end}.csv"))


def rows_of(content):
    """Cells of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def as_csv(rows):
    """A CSV file of these cells."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def with_cells(files, end, change):
    """The files with the rows of one module changed by a function of its rows, the names of the columns first."""
    name = module_file(files, end)
    return {**files, name: as_csv(change(rows_of(files[name])))}


def with_cell(files, end, row, column, text):
    """The files with one cell changed: `row` as messages count it, the names of the columns being row 1."""

    def change(rows):
        rows[row - 1][rows[0].index(column)] = text
        return rows

    return with_cells(files, end, change)


def without_column(files, end, column):
    """The files with one column of one module left out."""

    def change(rows):
        at = rows[0].index(column)
        return [row[:at] + row[at + 1 :] for row in rows]

    return with_cells(files, end, change)


def put(folder, files):
    """Write files into a folder, which is given back."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(path, files):
    """Write files into an archive, which is given back."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read_files(files, **asked):
    """Read files as a folder."""
    with TemporaryDirectory() as folder:
        return read_return(put(Path(folder), files), **asked)


def faults_of(path, **asked):
    """Every fault of a return that is refused."""
    came = tried(path, **asked)
    return without_leak(came).faults if isinstance(came, InputFaults) else ()


def without_leak(refused):
    """The error itself, once it is sure that it quotes no record."""
    assert not leaks(str(refused)), "a message holds what a record says"
    return refused


def faults_of_files(files, **asked):
    """Every fault of the files of a folder."""
    with TemporaryDirectory() as folder:
        return faults_of(put(Path(folder), files), **asked)


def leaks(message):
    """Whether a message holds anything of an invented child."""
    return [text for text in PLANTED if text in message.casefold()]


def tried(path, **asked):
    """What came of a return: `Filed`, or our error; anything else is a defect and is raised."""
    try:
        return read_return(path, **asked)
    except ForecastError as refused:
        return refused


def whats(found):
    """What each fault says."""
    return [fault.what for fault in found]


def said(found, text):
    """Make sure that one of the faults says this, and that each says what to do."""
    assert found, "it was not refused"
    assert any(text in fault.what for fault in found), whats(found)
    assert all(fault.remedy for fault in found)


def linked_by_place(filed):
    """Tables of a return with ids and parents replaced by places in order, so that forms can be compared."""
    tables = {}
    for module, above in PARENTS.items():
        table = filed.tables[module].reset_index(drop=True)
        places = pd.Series(range(len(table)), dtype="int64")
        own = {} if above is None else {id_: place for place, id_ in enumerate(filed.tables[above]["id"])}
        parents = table["parent"].map(own).fillna(-1).astype("int64") if above else places * 0
        tables[module] = table.assign(id=places, parent=parents)
    return tables


def workbook(path, sheets):
    """Write a workbook, sheet -> rows of cells, which is given back."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
