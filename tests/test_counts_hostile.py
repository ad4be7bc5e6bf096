"""Files made to exhaust the machine, or damaged, are refused in a sentence; nothing else may happen."""

import io
import random
import tracemalloc
import zipfile

import openpyxl
import pytest
from builders import put, small_area

from forecast.errors import Fault, InputFaults
from forecast.inputs import grid
from forecast.inputs.area import read_area
from forecast.inputs.counts import read_counts
from forecast.inputs.safe_files import MOST_RETURN, file_bytes, sound_archive
from forecast.records.establishments import read_establishments
from forecast.records.fixes import read_fixes

ROWS = [["year", "district", "need", "nc_year", "provision", "children"]]
ROWS += [
    [2025, d, n, y, p, 7]
    for d in ("North", "South")
    for n in ("ASD", "SEMH")
    for y in (1, 7)
    for p in ("base", "special")
]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return read_area(put(small_area(), tmp_path_factory.mktemp("base")))


@pytest.fixture(scope="module")
def book():
    """A sound workbook, as bytes."""
    made = openpyxl.Workbook()
    for row in ROWS:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def packed(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def refused(content):
    with pytest.raises(InputFaults) as caught:
        sound_archive("counts.xlsx", content)
    return [fault.what for fault in caught.value.faults]


def rewritten(book, name, change):
    """`book` with one member changed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return packed({**members, name: change(members[name])})


def test_a_file_larger_than_any_return_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)  # sparse: it takes no room
    tracemalloc.start()
    with pytest.raises(InputFaults, match=r"huge.csv: is larger than 1,024 MB; give only the rows"):
        file_bytes(path, MOST_RETURN)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_file_that_is_read_whole_has_a_smaller_bound(tmp_path, base):
    """A sparse file of 301 MB takes no room."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(51 * 2**20)
    for read in (lambda: read_counts(path, base), lambda: read_fixes(path)):
        with pytest.raises(InputFaults, match=r"large.csv: is larger than 50 MB"):
            read()
    with path.open("wb") as file:
        file.truncate(301 * 2**20)
    with pytest.raises(InputFaults, match=r"large.csv: is larger than 300 MB"):
        read_establishments(path)


def test_a_text_too_long_for_any_label_is_refused_by_row_and_column(tmp_path, base):
    long = [*ROWS[:3], [*ROWS[3][:2], " " + "Zzyzx" * 201, *ROWS[3][3:]]]
    made = openpyxl.Workbook()
    for row in long:
        made.active.append(row)
    made.save(tmp_path / "long.xlsx")
    (tmp_path / "long.csv").write_text("\n".join(",".join(map(str, row)) for row in long))
    for name in ("long.xlsx", "long.csv"):
        with pytest.raises(InputFaults, match=f"{name}, row 4, column 3: holds a text of more than 1,000") as caught:
            read_counts(tmp_path / name, base)
        assert "Zzyzx" not in str(caught.value)


def test_a_table_of_counts_has_a_bound_on_all_its_characters(tmp_path, base, monkeypatch):
    monkeypatch.setattr(grid, "MOST_CHARACTERS", 100)
    path = tmp_path / "counts.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in ROWS))
    with pytest.raises(InputFaults, match="give a sheet with the counts alone"):
        read_counts(path, base)


def test_an_archive_that_would_unpack_to_far_more_is_refused_without_unpacking(tmp_path, base):
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(packed({"xl/worksheets/sheet1.xml": b"0" * (300 * 2**20)}))
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    with pytest.raises(InputFaults, match="more than 200 times its size"):
        read_counts(path, base)
    assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"../../etc/passwd": b"x"}, "holds a path that leads out of its folder"),
        ({"/etc/passwd": b"x"}, "holds a path that leads out of its folder"),
        ({"..\\x": b"x"}, "holds a path that leads out of its folder"),
        ({"C:/x": b"x"}, "holds a path that leads out of its folder"),
        ({"inner.zip": b"x"}, "holds another archive"),
        ({f"{number}": b"" for number in range(2001)}, "holds 2,001 files, more than 2,000"),
    ],
)
def test_an_archive_with_what_no_workbook_has_is_refused(members, what):
    assert what in refused(packed(members))


def test_an_archive_that_is_locked_or_packed_otherwise_is_refused():
    assert refused(packed({"x": b"x"}, zipfile.ZIP_LZMA)) == ["is packed in a way that is not read here"]
    locked = bytearray(packed({"x": b"x"}))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refused(bytes(locked)) == ["is locked with a password"]


def test_entities_in_a_workbook_are_never_expanded(tmp_path, base, book):
    bomb = b'<!DOCTYPE x [<!ENTITY a "Zzyzx"><!ENTITY b "&a;&a;&a;">]>'
    path = tmp_path / "entities.xlsx"
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        path.write_bytes(rewritten(book, name, lambda xml: bomb + xml.replace(b"<?xml version='1.0'?>", b"")))
        with pytest.raises(InputFaults, match="cannot be read as a workbook") as caught:
            read_counts(path, base)
        assert "Zzyzx" not in str(caught.value)


def test_a_row_far_down_does_not_fill_the_memory(tmp_path, base, book):
    path = tmp_path / "far.xlsx"
    path.write_bytes(rewritten(book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="17"', b'r="999999999"')))
    with pytest.raises(InputFaults, match="more than 500,000 rows"):
        read_counts(path, base)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("none.csv", b"", "is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0 and more", "workbook of an old kind, or locked"),
        ("named.xlsx", b"year,need\n2025,ASD\n", "is no workbook, whatever its name says"),
        ("torn.xlsx", b"PK\x03\x04 and no more", "is damaged"),
        ("nul.csv", b"year,need\n2025,\0\n", "holds a NUL character"),
        ("blank.csv", b"\n,,,\n\n", "has nothing in it"),
        ("quote.csv", b'year,need\n2025,"ASD\n', "cannot be split into columns"),
        ("wide.csv", b",".join(b"x" for _ in range(300)) + b"\n", "more than 200 columns"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_remedy(tmp_path, base, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputFaults, match=what):
        read_counts(path, base)


def test_a_missing_file_or_a_folder_is_refused(tmp_path, base):
    with pytest.raises(InputFaults, match="there is no such file"):
        read_counts(tmp_path / "absent.csv", base)
    with pytest.raises(InputFaults, match="is not a file"):
        read_counts(tmp_path, base)


def mutated(rng, content):
    """`content` with bytes flipped, cut, doubled or put elsewhere."""
    out = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at, size = rng.randrange(len(out) or 1), rng.randint(1, 40)
        match rng.randrange(5):
            case 0 if out:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size]
            case 3:
                out[at:at] = rng.choice([b",", b"\n", b'"', b"<5", b"Total", b"\xff", b"\0", b"9" * 30, b"-", b"&x;"])
            case _:
                del out[rng.randrange(len(out) + 1) :]
    return bytes(out)


def within(rng, book):
    """`book` with one of its parts changed and packed anew, so that the change is reached."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        name = rng.choice(archive.namelist())
    return rewritten(book, name, lambda xml: mutated(rng, xml))


@pytest.mark.parametrize("seed", range(4))
def test_any_file_at_all_is_either_read_or_refused_in_a_sentence(tmp_path, base, book, seed):
    """600 in all: half of them CSV, half workbooks changed inside or outside."""
    rng = random.Random(seed)  # noqa: S311 - it hides nothing
    plain = "\n".join(",".join(map(str, row)) for row in ROWS).encode()
    read, refusals = 0, []
    for number in range(150):
        name, content = [
            ("f.csv", mutated(rng, plain)), ("f.xlsx", within(rng, book)), ("f.csv", mutated(rng, plain)),
            ("f.xlsx", mutated(rng, book)),
        ][number % 4]  # fmt: skip
        path = tmp_path / name
        path.write_bytes(content)
        try:
            about, tables, _ = read_counts(path, base)
        except InputFaults as error:
            refusals.append(error.faults)
        else:
            read += 1
            assert about.kind == "counts"
            known = tables["placements"].dropna(subset="most")
            assert (known["least"] <= known["most"]).all()
    assert all(isinstance(fault, Fault) and fault.remedy for faults in refusals for fault in faults)
    assert len(refusals) == 150 - read
    assert 0 < read < 150
