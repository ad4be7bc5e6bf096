"""A folder, archive or XML file made to harm is refused in a sentence, before it can fill memory or lead elsewhere."""

import struct
import subprocess
import sys
import zlib

import pytest
from builders_files import (
    RETURNS,
    XML_NAME,
    csv_set,
    faults_of,
    faults_of_files,
    module_file,
    put,
    said,
    with_cells,
    zipped,
)

from forecast.records import sources, written, xml_return

TEXT = (RETURNS / XML_NAME).read_text(encoding="utf-8")
BOMB = "".join(
    f'<!ENTITY {name} "&{inner};&{inner};&{inner};&{inner};">' for inner, name in zip("abcdefg", "bcdefgh", strict=True)
)


def xml(folder, content):
    path = folder / "return.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


# Folders and archives


def test_a_path_that_is_no_return_is_refused(tmp_path):
    said(faults_of(tmp_path / "nowhere"), "no such file or folder")
    said(faults_of(put(tmp_path, {"a/notes.txt": b"hello"}) / "a"), "holds no file of a return")
    said(faults_of(tmp_path / "a" / "notes.txt"), "is not a return")
    said(faults_of(put(tmp_path, {"old.xls": b"\xd0\xcf\x11\xe0"}) / "old.xls"), "workbook of an old kind")
    said(faults_of(tmp_path / "\0.xml"), "no such file or folder")


def test_two_forms_or_two_returns_in_one_folder_are_refused(tmp_path):
    said(faults_of(put(tmp_path / "both", {**csv_set(), "return.xml": TEXT.encode()})), "more than one return")
    said(faults_of(put(tmp_path / "two", {"a.xml": TEXT.encode(), "b.xml": TEXT.encode()})), "more than one return")
    twice = {**csv_set(), "copy_person.csv": b"persontableid\n"}
    said(faults_of(put(tmp_path / "twice", twice)), "holds the same module as")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    secret = put(tmp_path / "elsewhere", {"x.csv": b"persontableid\n"}) / "x.csv"
    folder = put(tmp_path / "return", csv_set())
    name = module_file(csv_set(), "person")
    (folder / name).unlink()
    (folder / name).symlink_to(secret)
    said(faults_of(folder), "link that leads out of the folder")
    (folder / name).unlink()
    (folder / name).symlink_to(put(folder, {"inside/x.csv": csv_set()[name]}) / "inside" / "x.csv")
    assert not faults_of(folder)


@pytest.mark.parametrize(
    "name", ["../person.csv", "/x/person.csv", "a/../../person.csv", "C:\\person.csv", "..\\person.csv"]
)
def test_an_archive_with_a_path_that_climbs_is_refused(tmp_path, name):
    said(faults_of(zipped(tmp_path / "x.zip", {**csv_set(), name: b"x"})), "path that leads out of its folder")


def test_an_archive_in_an_archive_is_refused(tmp_path):
    inner = zipped(tmp_path / "inner.zip", csv_set()).read_bytes()
    said(faults_of(zipped(tmp_path / "x.zip", {"inner.zip": inner})), "holds another archive")


def test_a_locked_or_damaged_archive_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", csv_set())
    content = bytearray(path.read_bytes())
    said(faults_of(put(tmp_path, {"cut.zip": bytes(content[: len(content) // 2])}) / "cut.zip"), "is damaged")
    flipped = bytearray(content)
    flipped[60:90] = bytes(30)
    said(faults_of(put(tmp_path, {"bad.zip": bytes(flipped)}) / "bad.zip"), "is damaged")
    locked = bytearray(content)
    for place in range(len(locked) - 3):
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
    said(faults_of(put(tmp_path, {"locked.zip": bytes(locked)}) / "locked.zip"), "locked with a password")


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path):
    for name in ("a.xml", "b.xlsx", "c.zip", "folder/Blade-Export_28-03-2024_person.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.truncate(2 * 2**30)
        said(faults_of(path if name != "folder/Blade-Export_28-03-2024_person.csv" else path.parent), "larger than")


def test_too_many_files_rows_or_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILES", 5)
    said(faults_of(put(tmp_path, csv_set())), "holds 9 files, more than 5")
    monkeypatch.undo()
    monkeypatch.setattr(written, "MOST_ROWS", 10)
    monkeypatch.setattr(written, "_BLOCK", 4)
    many = with_cells(csv_set(), "person", lambda rows: [rows[0], *rows[1:] * 5])
    said(faults_of_files(many), "has more than 10 rows")
    wide = with_cells(csv_set(), "person", lambda rows: [[*row, *(f"x{at}" for at in range(300))] for row in rows])
    said(faults_of_files(wide), "has 314 columns, more than 200")


# XML


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            TEXT.replace("<Message>", f'<!DOCTYPE m [<!ENTITY a "zzyzx">{BOMB}]><Message>&h;', 1),
            "document type or entities",
        ),
        (
            TEXT.replace("<Message>", '<!DOCTYPE m SYSTEM "file:///etc/passwd"><Message>', 1),
            "document type or entities",
        ),
        (
            TEXT.replace("<Message>", '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message>&x;', 1),
            "document type",
        ),
        (TEXT.replace("<Surname>", "<Surname>&zzyzx;", 1), "not well-formed XML from here on"),
        (TEXT[: len(TEXT) // 2], "not well-formed XML from here on"),
        (TEXT.replace("UTF-8", "zzyzx-8"), "in an encoding that cannot be read"),
        (TEXT.replace("UTF-8", "utf-7"), "in an encoding that cannot be read"),
        (TEXT.replace("Ann", "Zo\u00eb").encode("cp1252"), "not well-formed XML"),
        ("", "is empty"),
        ("Zzyzx, Ann", "not well-formed XML"),
        (b"\0\1\2\3", "not well-formed XML"),
        ("<Message><Persons/></Message>", "holds no child"),
        (
            TEXT.replace("<UPN>Z999000000001</UPN>", "<UPN>Z999000000001</UPN><UPN>Z999000000002</UPN>"),
            "is there twice",
        ),
        (TEXT.replace("<Year>2024</Year>", "<Year>2024</Year><Year>2023</Year>"), "not of one January"),
        (TEXT.replace("PersonBirthDate", "Born"), "is blank in every row"),
    ],
)
def test_xml_that_is_unsafe_or_broken_is_refused(tmp_path, content, text):
    said(faults_of(xml(tmp_path, content)), text)


def test_xml_of_absurd_shape_is_refused(tmp_path):
    deep = "<Requests>" * 30 + "<RYA>1</RYA>" + "</Requests>" * 30
    said(
        faults_of(xml(tmp_path, TEXT.replace("<Requests>", deep + "<Requests>", 1))),
        "more than 20 records within each other",
    )
    names = "".join(f"<n{at}/>" for at in range(1200))
    said(
        faults_of(xml(tmp_path, TEXT.replace("<Requests>", names + "<Requests>", 1))),
        "more than 1,000 names of elements",
    )
    junk = "<x/>" * (xml_return.MOST_ELEMENTS + 1)
    for place in ("<Persons>", "<Requests>"):
        said(faults_of(xml(tmp_path, TEXT.replace(place, place + junk, 1))), "a record of more than 100,000 elements")
    nested = "<x>" * 600_000
    said(
        faults_of(xml(tmp_path, TEXT.replace("<Requests>", nested + "<Requests>", 1))), "without the end of an element"
    )
    long = "zzyzx" * 400_000
    said(faults_of(xml(tmp_path, TEXT.replace("Ann", long, 1))), "without the end of an element")


# Memory


PROBE = """
import resource, sys
from pathlib import Path
from forecast.records.read import read_return
from forecast.errors import InputFaults
read_return(Path("tests/returns/v1_2"))
for path in sys.argv[1:]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read_return(Path(path))
    except InputFaults as refused:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, refused)
"""


def grown(*paths):
    """Kilobytes by which a process grew while it refused each of `paths`, and what it said."""
    command = [sys.executable, "-c", PROBE, *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=RETURNS.parents[1])
    return [(int(size), said_) for size, _, said_ in (line.partition(" ") for line in run.stdout.splitlines())]


def bomb(path):
    """An archive of a few hundred kilobytes that says it holds a file of 900 MB, which it would unpack to."""
    size = 900 * 2**20
    zeros = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = zeros.compress(bytes(2**20)) + zeros.flush()
    name = b"Blade-Export_28-03-2024_person.csv"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0)
    numbers = (20, 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0, 0, 0, 0, 0, 0)
    central = struct.pack("<4s6H3L5H2L", b"PK\1\2", *numbers)
    start = len(local) + len(name) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central) + len(name), start, 0)
    path.write_bytes(local + name + packed + central + name + end)
    return path


def test_a_bomb_does_not_fill_the_memory(tmp_path):
    deep = xml(tmp_path, TEXT.replace("<Requests>", "<x>" * 5_000_000 + "<Requests>", 1))
    (packed, of_archive), (nested, of_xml) = grown(bomb(tmp_path / "bomb.zip"), deep)
    assert "would unpack to more than 200 times its size" in of_archive
    assert packed < 20_000
    assert "without the end of an element" in of_xml
    assert nested < 150_000
