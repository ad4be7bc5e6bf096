"""The same six children, filed in three forms and two versions, are read into the same tables."""

import codecs

import pandas as pd
import pytest
from builders_files import (
    RETURNS,
    XML_NAME,
    as_csv,
    csv_set,
    faults_of_files,
    linked_by_place,
    module_file,
    put,
    read_files,
    rows_of,
    with_cell,
    with_cells,
    without_column,
    zipped,
)
from pandas.testing import assert_frame_equal

from forecast.errors import InputFaults
from forecast.records.filed import PARENTS
from forecast.records.layout import layout
from forecast.records.read import read_return, read_returns

FILED = read_return(RETURNS / "v1_2")
MOVED = {"res", "wbp", "attendance_pattern", "review_meeting", "review_outcome"}
"""Fields that one of the versions 1.1 and 1.2 lacks, or keeps in another module."""


def same(one, other, without=()):
    first, second = linked_by_place(one), linked_by_place(other)
    for module in PARENTS:
        left, right = (tables[module].drop(columns=list(without), errors="ignore") for tables in (first, second))
        assert_frame_equal(left, right, obj=module)


def moved_columns(rows):
    return [[*row[3:], *reversed(row[:3])] for row in rows]


def test_the_xml_file_holds_what_the_csv_files_hold():
    same(FILED, read_return(RETURNS / XML_NAME))


def test_the_older_version_holds_the_same_children():
    older = read_return(RETURNS / "v1_1")
    same(FILED, older, without=[*MOVED, "year", "reference_date", "release"])
    assert older.tables["active_plans"]["res"].tolist() == ["", "", "A", ""]
    assert older.tables["placement_detail"]["attendance_pattern"].tolist() == ["F", "F", "F", "F", "P", ""]
    assert (older.census, older.version) == (2023, "1.1")


def test_a_child_is_read_as_it_was_written():
    person = FILED.tables["person"].loc[3]
    assert person["birth_date"] == pd.Timestamp(2015, 8, 31)
    assert (person["sex"], person["postcode"], person["uln"]) == ("M", "ZZ1 1AB", "")
    plan = FILED.tables["named_plan"].loc[4]
    assert (plan["start_date"], plan["cease_date"]) == (pd.Timestamp(2019, 3, 4), pd.Timestamp(2023, 8, 31))
    assert plan["cease_reason"] == 4
    placement = FILED.tables["placement_detail"].loc[3]
    assert (placement["urn"], placement["rank"], bool(placement["resourced"])) == ("900002", 1, True)
    assert pd.isna(placement["leaving_date"])
    assert FILED.tables["requests"]["outcome"].tolist() == ["H", "Y", "H", "N", "A", "H", "H"]
    assert (FILED.census, FILED.version, FILED.form, FILED.unread) == (2024, "1.2", "csv", ())


def test_every_field_of_the_layout_is_there_and_typed():
    kinds = {"date": "datetime64[us]", "flag": "boolean", "whole": "Int64"}
    for filed in (FILED, read_return(RETURNS / XML_NAME), read_return(RETURNS / "v1_1")):
        for module, table in filed.tables.items():
            fields = layout()[module].fields
            assert list(table.columns) == list(fields)
            assert {name: str(table[name].dtype) for name in fields} == {
                name: kinds.get(field.kind, "str") for name, field in fields.items()
            }


@pytest.mark.parametrize(
    "change", [moved_columns, lambda rows: [[n.upper() for n in rows[0]], *rows[1:]]], ids=["order", "capitals"]
)
def test_columns_may_stand_in_any_order_and_capitals(change):
    files = csv_set()
    for end in ("person", "requests", "placementdetail", "senneed"):
        files = with_cells(files, end, change)
    same(FILED, read_files(files))


def with_umlaut(files):
    return with_cells(files, "person", lambda rows: [rows[0], *([*row[:6], "Zo\u00eb", *row[7:]] for row in rows[1:])])


@pytest.mark.parametrize(
    ("encode", "said"),
    [
        (lambda text: text.encode("utf-8"), ""),
        (lambda text: codecs.BOM_UTF8 + text.encode("utf-8"), ""),
        (lambda text: text.encode("utf-16"), ""),
        (lambda text: text.encode("cp1252"), " (read as Windows-1252)"),
    ],
    ids=["utf-8", "utf-8 with its mark", "utf-16", "windows-1252"],
)
def test_a_text_is_read_in_the_encoding_that_it_is_in(encode, said):
    files = with_umlaut(csv_set())
    name = module_file(files, "person")
    filed = read_files({**files, name: encode(files[name].decode("utf-8"))})
    assert set(filed.tables["person"]["forename"]) == {"Zo\u00eb"}
    assert filed.files["person"] == name + said


def test_a_column_that_is_not_of_the_return_is_left_behind():
    files = with_cells(
        csv_set(),
        "person",
        lambda rows: [[*row, "zzyzx street" if at else "homeaddress"] for at, row in enumerate(rows)],
    )
    table = read_files(files).tables["person"]
    assert "homeaddress" not in table.columns
    assert not table.astype("str").apply(lambda column: column.str.contains("street")).any(axis=None)


def test_a_column_asked_for_as_district_is_kept():
    files = with_cells(
        csv_set(), "person", lambda rows: [[*row, "North" if at else "Local Area"] for at, row in enumerate(rows)]
    )
    assert set(read_files(files, district="local area").tables["person"]["district"]) == {"North"}
    [fault] = faults_of_files(csv_set(), district="Local Area")
    assert "asked for as district is missing" in fault.what


def test_a_row_is_known_by_its_line_whatever_stands_above_it():
    files = csv_set()
    name = module_file(files, "person")
    rows = rows_of(files[name])
    rows[1][5] = "Zzyzx\nof two lines"
    broken = as_csv([*rows[:3], ["" for _ in rows[0]], *rows[3:]])
    table = read_files({**files, name: broken}).tables["person"]
    assert list(table.index) == [2, 4, 6, 7, 8, 9]


def test_a_cell_that_cannot_be_read_counts_as_blank_and_is_named_by_row_and_field():
    files = with_cell(csv_set(), "person", 4, "personbirthdate", "2012-Mar-41 zzyzx")
    files = with_cell(files, "placementdetail", 3, "placementrank", "first")
    filed = read_files(files)
    assert [(fault.row, fault.field, fault.what) for fault in filed.unread] == [
        (4, "birth_date", "is not a date"),
        (3, "rank", "is not a whole number"),
    ]
    assert filed.unread[0].file == filed.files["person"]
    assert pd.isna(filed.tables["person"].loc[4, "birth_date"])
    assert pd.isna(filed.tables["placement_detail"].loc[3, "rank"])


def test_many_cells_that_cannot_be_read_are_counted():
    def half_bad(rows):
        days = ["unknown", *[rows[1][7]] * 2]
        people = [[str(at), *row[1:7], days[at % 3], *row[8:]] for at, row in enumerate([rows[1]] * 4500)]
        return [rows[0], *people]

    filed = read_files(with_cells(csv_set(), "person", half_bad))
    assert len(filed.unread) == 1001
    assert filed.unread[-1].what == "and 500 more like this"


def test_a_record_that_belongs_to_none_is_kept():
    filed = read_files(with_cell(csv_set(), "senneed", 4, "activeplanstableid", "77"))
    assert filed.tables["sen_need"]["parent"].tolist() == ["1", "1", "77", "3", "3", "4"]


def test_an_archive_is_read_as_the_folder_that_it_holds(tmp_path):
    inside = {f"export/{name}": content for name, content in csv_set().items()}
    junk = {"__MACOSX/export/._x.csv": b"junk", "export/.hidden.csv": b"junk", "export/read me.txt": b"hello"}
    same(FILED, read_return(zipped(tmp_path / "return.zip", {**inside, **junk})))
    xml = (RETURNS / XML_NAME).read_bytes()
    same(FILED, read_return(zipped(tmp_path / "xml.zip", {XML_NAME: xml})))


def test_without_a_header_the_census_comes_from_the_day_of_the_export_or_the_user():
    files = csv_set()
    del files[module_file(files, "sen2")]
    assert read_files(files).census == 2024
    autumn = {name.replace("28-03-2024", "28-11-2023"): content for name, content in files.items()}
    assert "nothing in it tells its census" in faults_of_files(autumn)[0].what
    assert read_files(autumn, census=2024).census == 2024
    assert read_files(autumn, census=2024).tables["sen2"].empty


def test_leading_zeros_that_a_spreadsheet_took_off_are_put_back():
    files = with_cell(csv_set(), "activeplans", 3, "transferla", "98")
    files = with_cells(files, "person", lambda rows: [rows[0], *([f"00{row[0]}", *row[1:]] for row in rows[1:])])
    filed = read_files(files)
    assert filed.tables["active_plans"].loc[3, "transfer_la"] == "098"
    assert filed.tables["requests"]["parent"].tolist() == ["001", "002", "003", "004", "004", "005", "006"]


def test_officers_and_identifiers_may_be_left_out():
    files = csv_set()
    for column in ("surname", "forename", "postcode", "upn", "uniquelearnernumber"):
        files = without_column(files, "person", column)
    assert read_files(files).tables["person"]["surname"].tolist() == [""] * 6


def test_several_returns_come_in_the_order_of_their_censuses():
    filed = read_returns([RETURNS / "v1_2", RETURNS / "v1_1"])
    assert [one.census for one in filed] == [2023, 2024]


def test_two_returns_of_one_census_or_of_two_authorities_are_refused(tmp_path):
    with pytest.raises(InputFaults, match=r"synthetic-2024\.xml: is of January 2024, as v1_2 is"):
        read_returns([RETURNS / "v1_2", RETURNS / XML_NAME])
    other = put(tmp_path / "other", with_cell(csv_set("v1_1"), "sen2", 2, "lea", "998"))
    with pytest.raises(InputFaults, match="other: is of another authority than v1_2"):
        read_returns([RETURNS / "v1_2", other])


def test_namespaces_and_wrappers_do_no_harm(tmp_path):
    text = (RETURNS / XML_NAME).read_text(encoding="utf-8")
    text = text.replace("<Message>", '<Message xmlns="urn:sen2:2024">')
    text = text.replace("<Assessment>", "<Wrapper><Assessment>").replace("</Assessment>", "</Assessment></Wrapper>")
    same(FILED, read_return(put(tmp_path, {"return.xml": text.encode()}) / "return.xml"))
