"""A CSV export that is incomplete, of the wrong encoding or mixed is refused in a sentence that quotes no cell."""

import pytest
from builders_files import (
    PLANTED,
    RETURNS,
    XML_NAME,
    as_csv,
    csv_set,
    faults_of_files,
    leaks,
    module_file,
    rows_of,
    said,
    whats,
    with_cell,
    with_cells,
    without_column,
)

# Modules and columns


def test_every_missing_module_is_named_at_once():
    files = csv_set()
    for end in ("placementdetail", "senneed"):
        del files[module_file(files, end)]
    assert whats(faults_of_files(files)) == [
        "the module placementdetail is missing",
        "the module senneed is missing",
    ]


def test_the_settings_that_plans_name_may_be_missing():
    files = csv_set()
    del files[module_file(files, "plandetail")]
    assert not faults_of_files(files)


def test_faults_of_all_files_come_at_once():
    files = without_column(csv_set(), "requests", "receiveddate")
    files = without_column(files, "senneed", "activeplanstableid")
    found = faults_of_files(files)
    assert [(fault.field, fault.what) for fault in found] == [
        ("receiveddate", "the column is missing"),
        ("activeplanstableid", "the column is missing"),
    ]


def test_a_column_that_is_there_twice_is_a_fault():
    said(faults_of_files(with_cells(csv_set(), "person", lambda rows: [[*row, row[11]] for row in rows])), "twice")


def test_a_column_of_dates_that_is_blank_throughout_is_a_fault():
    def blank(rows):
        at = rows[0].index("startdate")
        return [rows[0], *([*row[:at], "", *row[at + 1 :]] for row in rows[1:])]

    [fault] = faults_of_files(with_cells(csv_set(), "namedplan", blank))
    assert (fault.field, fault.what) == ("startdate", "is blank in every row")


def test_dates_in_a_form_that_is_not_known_are_refused_once():
    def american(rows):
        at = rows[0].index("personbirthdate")
        return [rows[0], *([*row[:at], f"{row[at][9:11]}/31/{row[at][2:4]}", *row[at + 1 :]] for row in rows[1:])]

    [fault] = faults_of_files(with_cells(csv_set(), "person", american))
    assert (fault.field, fault.what) == ("personbirthdate", "cannot be read in 6 of 6 rows")


def test_a_column_with_some_dates_of_which_the_month_is_first_is_refused():
    files = with_cell(csv_set(), "person", 4, "personbirthdate", "09/28/2014")
    [fault] = faults_of_files(files)
    assert (fault.row, fault.field) == (4, "personbirthdate")
    assert fault.what.startswith("1 of its dates have the month before the day")


@pytest.mark.parametrize("line", [3, 40_000])
def test_the_row_of_a_byte_that_is_no_text_is_told(line):
    files = csv_set()
    content = b"persontableid,surname\n" + b"1,x\n" * (line - 2) + b"1,\x81\n" + b"1,x\n" * 50_000
    assert line in {fault.row for fault in faults_of_files({**files, module_file(files, "person"): content})}


def test_a_comma_without_quotes_is_named_by_its_row():
    files = csv_set()
    name = module_file(files, "person")
    files[name] = files[name].replace(b'"Zzyzx-Synthetic, the second"', b"Zzyzx-Synthetic, the second")
    [fault] = faults_of_files(files)
    assert (fault.row, fault.what) == (5, "has 15 cells where the first line has 14")


def test_a_quote_that_is_never_closed_is_named_by_its_row():
    files = csv_set()
    name = module_file(files, "person")
    files[name] = files[name].replace(b'second"', b"second")
    [fault] = faults_of_files(files)
    assert (fault.row, fault.what) == (5, "cannot be split into columns from here on")


@pytest.mark.parametrize(("mark", "word"), [(b";", "semicolons"), (b"\t", "tabs"), (b"|", "bars")])
def test_other_marks_than_commas_are_named(mark, word):
    files = csv_set()
    name = module_file(files, "senneed")
    said(faults_of_files({**files, name: files[name].replace(b",", mark)}), f"parted by {word}")


def test_a_file_without_names_of_columns_is_refused():
    files = csv_set()
    name = module_file(files, "person")
    said(faults_of_files({**files, name: files[name].partition(b"\n")[2]}), "names no column")


def test_an_empty_file_is_refused():
    files = csv_set()
    said(faults_of_files({**files, module_file(files, "senneed"): b""}), "is empty")
    said(faults_of_files({**files, module_file(files, "person"): rows_head(files, "person")}), "holds no child")


def rows_head(files, end):
    return as_csv(rows_of(files[module_file(files, end)])[:1])


# Encodings


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"persontableid,\x81\x8d\xff\n1,2\n", "neither in UTF-8 nor in Windows-1252"),
        (b"persontableid,surname\n1,Zzyzx\0\n", "NUL"),
        ("persontableid,surname\n1,Zzyzx\n".encode("utf-16-le"), "NUL"),
        (b"\xff\xfep\0e\0r\0s", "neither in UTF-8"),
        (b"PK\x03\x04....", "a workbook or an archive in spite of its name"),
        (b"\xd0\xcf\x11\xe0....", "a workbook of an old kind in spite of its name"),
        (b"\x89PNG\r\n\x1a\n\0\0", "NUL"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content, text):
    files = csv_set()
    said(faults_of_files({**files, module_file(files, "person"): content}), text)


# Censuses and authorities


def test_modules_of_two_exports_are_refused():
    files = csv_set()
    name = module_file(files, "senneed")
    older = {**{key: value for key, value in files.items() if key != name}, name.replace("2024", "2023"): files[name]}
    said(faults_of_files(older), "its files are of several censuses (2023, 2024)")


def test_a_header_of_two_censuses_or_authorities_is_refused():
    twice = with_cells(csv_set(), "sen2", lambda rows: [*rows, rows[1]])
    assert not faults_of_files(twice)
    said(faults_of_files(with_cell(twice, "sen2", 3, "year", "2023")), "not of one January")
    said(faults_of_files(with_cell(twice, "sen2", 3, "lea", "998")), "several authorities")
    said(
        faults_of_files(with_cell(csv_set(), "sen2", 2, "referencedate", "2023-Jan-19 00:00:00")), "not of one January"
    )


def test_a_census_that_the_header_denies_is_refused():
    said(faults_of_files(csv_set(), census=2023), "is of January 2024, not 2023")


def test_rows_that_mostly_belong_to_no_record_are_of_another_export():
    def strange(rows):
        return [rows[0], *([f"{at}", *row[1:4], f"9{at}", *row[5:]] for at, row in enumerate(rows[1:] * 3))]

    said(faults_of_files(with_cells(csv_set(), "senneed", strange)), "18 of its 18 rows belong to no record of")


def test_planted_texts_are_in_the_returns_that_are_tried():
    everything = (RETURNS / XML_NAME).read_text(encoding="utf-8").casefold() + "".join(
        content.decode().casefold() for content in csv_set().values()
    )
    assert [text for text in PLANTED if text not in everything] == ["14/03/2012"]
    assert leaks("No ZZYZX here") == ["zzyzx"]
