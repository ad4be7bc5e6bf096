"""Whatever is done to the files of a return, it is read or refused in our own words, which never quote a child.

2,000 changed returns in the normal run; `FORECAST_FUZZ=20000 pytest tests/test_return_fuzz.py` tries as many as that
says. Each is made from its number alone, so a failure is tried again by that.
"""

import io
import os
import zipfile
from random import Random

import pytest
from builders_files import RETURNS, XML_NAME, as_csv, csv_set, leaks, put, rows_of, tried, workbook, zipped
from builders_workbook import BOOK

from forecast.errors import ForecastError
from forecast.records.filed import PARENTS, Filed

TRIES = int(os.environ.get("FORECAST_FUZZ", "2000"))
SHARES = {"csv": 0.25, "xml": 0.5, "zip": 0.22, "workbook": 0.03}
"""Parts of the tries that each form gets; a workbook takes longest to read."""
FILES = csv_set()
HELD = {}
"""Folder -> what was written there last."""
XML = (RETURNS / XML_NAME).read_bytes()
GARBLED = (
    *("", " ", "2012-Mar-99", "31/02/2020", "99999999", "-1", "1e309", "NaN", "#REF!", "true", "\u0130", "\ud7ff"),
    *("=1+1", "'", '"', "Zzyzx", "Z999000000001", "0" * 400, "a,b", "\n", "NULL", "\u202e", "1.5", "2024", "H"),
)
PIECES = (
    *(b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b",", b"\n", b"\r", b"<", b">", b"</Person>", b"<Person>", b"&"),
    *(b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!--", b"-->", b"<?xml version='1.0'?>", b"\x81", b"PK\x03\x04"),
    *(b"<Requests>", b"</Requests>", b"<Year>2023</Year>", b"xmlns='urn:x'", b"<SENneed/>", b"\xc3", b";", b"&#0;"),
)


def bytes_changed(random, content):
    """A few bytes flipped, put in, taken out or cut off."""
    content = bytearray(content)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(content) + 1)
        way = random.randrange(5)
        if way == 0 and content:
            content[min(place, len(content) - 1)] = random.randrange(256)
        elif way == 1:
            content[place:place] = random.choice(PIECES)
        elif way == 2:
            del content[place : place + random.choice((1, 2, 20, 400))]
        elif way == 3:
            content[place:place] = content[place : place + random.choice((5, 80, 900))]
        elif random.random() < 0.3:
            del content[place:]
    return bytes(content)


def cells_changed(random, content):
    """Columns dropped, doubled or renamed; rows doubled, dropped or cut short; cells swapped or garbled."""
    rows = rows_of(content)
    for _ in range(random.randint(1, 5)):
        row, column = random.randrange(len(rows)), random.randrange(len(rows[0]))
        way = random.randrange(9)
        if way == 0:
            rows = [[*one[:column], *one[column + 1 :]] for one in rows] if len(rows[0]) > 1 else rows
        elif way == 1:
            rows = [[*one[: column + 1], *one[column:]] for one in rows]
        elif way == 2:
            rows[0][column] = random.choice((*GARBLED, rows[0][0].upper(), "upn", "urn"))
        elif way == 3:
            rows = [*rows, *random.choices(rows, k=random.choice((1, 3, 40)))]
        elif way == 4 and len(rows) > 1:
            del rows[row]
        elif way == 5:
            rows[row] = rows[row][:column]
        else:
            other = random.choice(rows)
            text = random.choice((random.choice(GARBLED), random.choice(other or [""])))
            rows[row] = [text if place == column else cell for place, cell in enumerate(rows[row])]
        if not rows or not rows[0]:
            return b"\n"
    return as_csv(rows)


def elements_changed(random, content):
    """Tags broken, renamed, doubled or moved; what an element says garbled."""
    pieces = content.split(b"<")
    for _ in range(random.randint(1, 4)):
        place = random.randrange(1, len(pieces))
        way = random.randrange(12)
        tag, mark, text = pieces[place].partition(b">")
        if way == 0:
            pieces[place] = tag[:-1] + mark + text
        elif way == 1:
            pieces.insert(place, random.choice(pieces))
        elif way == 2:
            del pieces[place]
        elif way == 3:
            other = random.randrange(1, len(pieces))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        else:
            pieces[place] = tag + mark + random.choice(GARBLED).encode("utf-8", "replace")
        if len(pieces) < 2:
            break
    return b"<".join(pieces)


def folder(random, path):
    """The files with some changed, in a folder where only those that are not there yet are written."""
    files = dict(FILES)
    for _ in range(random.choice((1, 1, 2))):
        name = random.choice(sorted(files))
        way = random.randrange(8)
        if way == 0:
            del files[name]
        elif way == 1:
            files[name.replace("28-03-2024", random.choice(("28-03-2023", "31-12-2023", "x")))] = files.pop(name)
        elif way < 4:
            files[name] = bytes_changed(random, files[name])
        else:
            files[name] = cells_changed(random, files[name]) if files[name] == FILES.get(name) else files[name]
    home, held = path / "return", HELD.get(path, {})
    for name in held.keys() - files.keys():
        (home / name).unlink()
    HELD[path] = files
    return put(home, {name: content for name, content in files.items() if held.get(name) != content})


def document(random, path):
    change = random.choice((bytes_changed, elements_changed, elements_changed))
    return put(path, {"return.xml": change(random, XML)}) / "return.xml"


def archive(random, path):
    whole = zipped(path / "whole.zip", random.choice((FILES, {XML_NAME: XML}))).read_bytes()
    return put(path, {"return.zip": bytes_changed(random, whole)}) / "return.zip"


def book(random, path):
    """A workbook with its archive, one of its parts, or the cells of a sheet changed."""
    way = random.randrange(3)
    if way == 0:
        sheet = random.choice(sorted(BOOK))
        rows = [list(row) for row in BOOK[sheet]]
        for _ in range(3):
            row = random.choice(rows)
            row[random.randrange(len(row))] = random.choice((*GARBLED[:10], 1e300, -5, 2**60, True, 44832))
        return workbook(path / "return 2024.xlsx", {**BOOK, sheet: rows})
    whole = workbook(path / "whole.xlsx", BOOK).read_bytes()
    if way == 1:
        return put(path, {"return 2024.xlsx": bytes_changed(random, whole)}) / "return 2024.xlsx"
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = random.choice(sorted(parts))
    return zipped(path / "return 2024.xlsx", {**parts, name: bytes_changed(random, parts[name])})


MAKERS = {"csv": folder, "xml": document, "zip": archive, "workbook": book}


@pytest.mark.parametrize("form", MAKERS)
def test_a_changed_return_is_read_or_refused_in_our_own_words(form, tmp_path):
    read = refused = 0
    for number in range(round(TRIES * SHARES[form])):
        came = tried(MAKERS[form](Random(f"{form} {number}"), tmp_path))  # noqa: S311 - not for secrets
        if isinstance(came, Filed):
            read += 1
            said = "\n".join(map(str, came.unread))
            assert set(came.tables) == set(PARENTS), number
        else:
            refused += 1
            said = str(came)
            assert isinstance(came, ForecastError), number
            assert said.endswith("."), number
        assert not leaks(said), number
    print(f"{form}: {read} read, {refused} refused")  # noqa: T201 - `pytest -rP` shows it
    assert read > 0, "nothing was read: the changes are too rough to try what comes after"
    assert refused > 0, "nothing was refused: the changes are too slight"
