"""A text too long for any return is refused in a sentence, however small the file that holds it."""

import tracemalloc
import zipfile

import pytest
from builders_files import (
    RETURNS,
    XML_NAME,
    csv_set,
    faults_of,
    faults_of_files,
    put,
    said,
    with_cell,
    workbook,
    zipped,
)
from builders_workbook import BOOK, PERSON

from forecast.errors import InputFaults
from forecast.records import written
from forecast.records.read import read_return

INLINE, SHARED = b't="inlineStr"><is><t>SHARED</t></is>', b't="s"><v>0</v>'
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
LINK = (
    b'<Relationship Id="rId99" Target="sharedStrings.xml" Type='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)


def with_shared_text(path, sheets, text):
    """The workbook, and every cell that says `SHARED` says `text`, which is stored once."""
    with zipfile.ZipFile(workbook(path.with_name("plain.xlsx"), sheets)) as archive:
        parts = {name: archive.read(name).replace(INLINE, SHARED) for name in archive.namelist()}
    assert any(SHARED in part for part in parts.values())
    for name, end, more in (
        ("[Content_Types].xml", b"</Types>", TYPE),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", LINK),
    ):
        parts[name] = parts[name].replace(end, more + end)
    return zipped(path, {**parts, "xl/sharedStrings.xml": STRINGS.format(text).encode()})


def forenames(length):
    """The workbook with forenames of that many characters."""
    return {**BOOK, "Person": [PERSON[0], *([*row[:2], "x" * length, *row[3:]] for row in PERSON[1:])]}


def test_a_long_text_that_many_cells_share_is_refused_before_it_fills_memory(tmp_path):
    rows = [PERSON[0], *([number, *["SHARED"] * (len(PERSON[0]) - 1)] for number in range(300))]
    path = with_shared_text(tmp_path / "return 2024.xlsx", {**BOOK, "Person": rows}, "x" * 30_000 + " ")
    assert path.stat().st_size < 2**16
    tracemalloc.start()
    said(faults_of(path), "holds a text of more than 1,000 characters")
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def test_a_text_that_is_too_long_is_named_by_row_and_field(tmp_path):
    [fault] = faults_of(workbook(tmp_path / "2024.xlsx", forenames(1001)))
    assert (fault.file, fault.row, fault.field) == ("2024.xlsx, sheet Person", 2, "forename")
    whole = read_return(workbook(tmp_path / "whole 2024.xlsx", forenames(1000)))
    assert whole.tables["person"]["forename"].str.len().eq(1000).all()


def test_a_cell_of_more_than_a_thousand_characters_is_refused_in_the_other_forms_too(tmp_path):
    long = "Zzyzx" * 201
    [fault] = faults_of_files(with_cell(csv_set(), "person", 3, "surname", long))
    assert (fault.row, fault.field) == (3, "surname")
    assert "more than 1,000 characters" in fault.what
    text = (RETURNS / XML_NAME).read_text(encoding="utf-8")
    changed = text.replace("<Surname>Zzyzx-Synthetic<", f"<Surname>{long}<", 1)
    found = faults_of(put(tmp_path, {"return.xml": changed.encode()}) / "return.xml")
    assert (found[0].file, found[0].row, found[0].field) == ("return.xml, Person", 1, "surname")
    said(found, "more than 1,000 characters")


def test_all_cells_of_a_module_together_have_a_bound():
    room = written.Room("person.csv", left=25)
    room.take(2, ["surname", "forename"], ["x" * 10, "y" * 10])
    with pytest.raises(InputFaults, match=r"person.csv: its cells hold more than 100 million characters"):
        room.take(3, ["surname", "forename"], ["x" * 3, "y" * 3])
