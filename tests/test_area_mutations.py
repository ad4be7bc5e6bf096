"""Whatever is done to an area folder, it reads as before or says what is wrong, and stays as it was."""

import csv
import io

import pytest
from builders import (
    DISTRICTS,
    HEADERS,
    NEEDS,
    PROVISIONS,
    as_csv,
    as_rows,
    faults,
    read,
    same,
    small_area,
    with_cell,
    with_text,
)
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = small_area()
CSVS = sorted(name for name in GOOD if name.endswith(".csv"))
AREA = read(GOOD)


def positions(name):
    """A row, from the first below the header, and a column of a file."""
    rows = as_rows(GOOD[name])
    return st.tuples(st.integers(2, len(rows)), st.sampled_from(rows[0]))


places_in_files = st.sampled_from(CSVS).flatmap(lambda name: st.tuples(st.just(name), positions(name)))
labels = {"district", "need", "provision", "flow"}
numbers = {"year", "mid_year", "age", "people", "places", "pupils", "special", "england_special"}
few = settings(max_examples=20, deadline=None)


@few
@given(places_in_files)
def test_a_dropped_column_is_a_fault_of_its_file(place):
    name, (_, column) = place
    rows = as_rows(GOOD[name])
    at = rows[0].index(column)
    found = faults({**GOOD, name: as_csv([row[:at] + row[at + 1 :] for row in rows])})
    assert {(fault.file, fault.row, fault.field) for fault in found} == {(name, 1, column)}


@few
@given(
    places_in_files.filter(lambda place: place[1][1] in labels),
    st.text(st.characters(categories=["L"]), min_size=1),
)
def test_a_renamed_label_is_a_fault_of_its_cell(place, label):
    name, (row, column) = place
    known = {*DISTRICTS, *NEEDS, *PROVISIONS, "all", "start", "cease", "transfer"}
    if label not in known:
        found = faults(with_cell(GOOD, name, row, column, label))
        assert [(fault.file, fault.row, fault.field) for fault in found] == [(name, row, column)]


@few
@given(places_in_files)
def test_a_row_said_again_is_a_fault_of_that_row(place):
    name, (row, _) = place
    rows = as_rows(GOOD[name])
    found = faults({**GOOD, name: as_csv([*rows, rows[row - 1]])})
    assert [(fault.file, fault.row) for fault in found] == [(name, len(rows) + 1)]
    assert f"as row {row}" in found[0].what


@few
@given(
    places_in_files.filter(lambda place: place[1][1] in numbers),
    st.one_of(st.integers(max_value=-1).map(str), st.floats(0.01, 0.99).map(lambda part: f"{7 + part:.3f}")),
)
def test_a_negative_or_broken_number_is_a_fault_of_its_cell(place, number):
    name, (row, column) = place
    found = {(fault.file, fault.row, fault.field) for fault in faults(with_cell(GOOD, name, row, column, number))}
    assert (name, row, column) in found


@few
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_file_cut_off_anywhere_is_never_read_as_other_figures(name, data):
    """But for whole rows or sections lost at its end, which nothing in a file can tell."""
    kept = GOOD[name][: data.draw(st.integers(0, len(GOOD[name]) - 1))]
    area = read({**GOOD, name: kept})
    if isinstance(area, tuple):
        return
    assert (name in CSVS and kept.endswith(b"\n")) or name == "area.toml" or same(area, AREA)
    for table in area.tables:
        assert area.tables[table].equals(AREA.tables[table].iloc[: len(area.tables[table])])


@few
@given(
    st.sampled_from(sorted(GOOD)),
    st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp037"]),
)
def test_a_file_in_another_encoding_is_a_fault_of_that_file(name, encoding):
    accented = (
        with_text(GOOD, name, "South" if b"South" in GOOD[name] else "20", "S\u00fcd") if encoding == "cp1252" else GOOD
    )
    found = faults({**GOOD, name: accented[name].decode().encode(encoding)})
    assert {fault.file for fault in found} == {name}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.binary(min_size=1, max_size=12), st.booleans(), st.data())
def test_random_bytes_in_a_file_are_read_or_named(name, noise, over, data):
    at = data.draw(st.integers(0, len(GOOD[name])))
    content = GOOD[name][:at] + noise + GOOD[name][at + len(noise) * over :]
    found = read({**GOOD, name: content})
    if isinstance(found, tuple):
        assert found


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(sorted(GOOD)),
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode())),
)
def test_a_file_of_anything_is_a_fault_of_that_file(name, content):
    found = read({**GOOD, name: content})
    if isinstance(found, tuple):
        assert name in {fault.file for fault in found}


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(CSVS),
    st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=18), max_size=6),
)
def test_rows_of_anything_are_faults_of_their_file(name, rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADERS[name.removesuffix(".csv")].split(","), *rows])
    found = read({**GOOD, name: text.getvalue().encode("utf-8", "replace")})
    if isinstance(found, tuple):
        assert {fault.file for fault in found} == {name}


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 100_000, b"a = " + b"[" * 100_000, b"9" * 10_000])
def test_a_file_made_to_exhaust_the_reader_is_only_a_fault(content):
    for name in GOOD:
        assert {fault.file for fault in faults({**GOOD, name: content})} == {name}
