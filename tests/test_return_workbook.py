"""The workbook filled in before the return is submitted holds the same children, in spite of what Excel does."""

import datetime as dt
import zipfile

import pytest
from builders_files import RETURNS, SHEETS, csv_set, faults_of, linked_by_place, module_file, rows_of, workbook
from builders_workbook import BOOK, DAY, NAMED, NAMED_PLAN
from pandas.testing import assert_frame_equal

from forecast.records import workbook as workbooks
from forecast.records.filed import PARENTS
from forecast.records.read import read_return
from forecast.records.values import day, flag

FILED = read_return(RETURNS / "v1_2")


def same_but_for_the_header(one, other):
    first, second = linked_by_place(one), linked_by_place(other)
    for module in PARENTS:
        if module != "sen2":
            left, right = first[module], second[module]
            if module == "person":
                left, right = left.drop(columns="parent"), right.drop(columns="parent")
            assert_frame_equal(left, right, obj=module)


def changed(sheet, change):
    return {**BOOK, sheet: [change(list(row)) if at else row for at, row in enumerate(BOOK[sheet])]}


def test_the_workbook_holds_what_the_csv_files_hold(tmp_path):
    filed = read_return(workbook(tmp_path / "return.xlsx", BOOK), census=2024)
    same_but_for_the_header(FILED, filed)
    assert (filed.census, filed.form, filed.unread) == (2024, "workbook", ())
    assert filed.files["named_plan"] == "return.xlsx, sheet Named Plan"


def test_records_below_a_request_bear_its_id(tmp_path):
    tables = read_return(workbook(tmp_path / "return.xlsx", BOOK), census=2024).tables
    assert tables["named_plan"]["id"].tolist() == ["1", "2", "3", "6", "7"]
    assert tables["placement_detail"]["id"].tolist() == ["1", "2", "6", "6#2", "6#3", "7"]


def test_the_census_comes_from_the_name_of_the_file(tmp_path):
    assert read_return(workbook(tmp_path / "SEN2 pre-submission 2024.xlsx", BOOK)).census == 2024
    [fault] = faults_of(workbook(tmp_path / "pre-submission.xlsx", BOOK))
    assert "nothing in it tells its census" in fault.what


@pytest.mark.parametrize(
    "write",
    [
        lambda when: (when - DAY(1899, 12, 30)).days,
        lambda when: float((when - DAY(1899, 12, 30)).days),
        lambda when: f"{when:%d/%m/%Y}",
        lambda when: f"{when.day}/{when.month}/{when.year}",
        lambda when: f"{when:%Y-%m-%d}",
        lambda when: f"{when:%d-%b-%Y}",
        lambda when: when.date(),
    ],
    ids=["serial", "serial with a point", "British", "without zeros", "ISO", "named month", "date"],
)
def test_dates_are_read_however_excel_keeps_them(tmp_path, write):
    def other(row):
        return [write(cell) if isinstance(cell, dt.datetime) else cell for cell in row]

    book = {sheet: [other(row) for row in rows] for sheet, rows in BOOK.items()}
    same_but_for_the_header(FILED, read_return(workbook(tmp_path / "return.xlsx", book), census=2024))


def test_numbers_that_became_texts_and_back_are_the_same(tmp_path):
    def texts(row):
        return [str(cell) if isinstance(cell, int) else cell for cell in row]

    book = {sheet: [texts(row) for row in rows] for sheet, rows in BOOK.items()}
    book["Requests"] = BOOK["Requests"]
    same_but_for_the_header(FILED, read_return(workbook(tmp_path / "return.xlsx", book), census=2024))


def test_leading_zeros_that_excel_took_off_are_put_back(tmp_path):
    book = changed("Person", lambda row: [f"00{row[0]}", *row[1:]])
    book["Active Plan"] = [
        [*row[:2], 77 if at and row[2] else row[2], *row[3:]] for at, row in enumerate(BOOK["Active Plan"])
    ]
    filed = read_return(workbook(tmp_path / "return.xlsx", book), census=2024)
    assert filed.tables["requests"]["parent"].tolist() == ["001", "002", "003", "004", "004", "005", "006"]
    assert filed.tables["active_plans"]["transfer_la"].tolist() == ["", "", "077", ""]


def test_an_error_of_the_spreadsheet_counts_as_blank_and_is_named(tmp_path):
    book = changed("SEN Need", lambda row: [*row[:2], "#N/A" if row[2] == "PMLD" else row[2], row[3]])
    filed = read_return(workbook(tmp_path / "return.xlsx", book), census=2024)
    [fault] = filed.unread
    assert (fault.row, fault.field, fault.what) == (5, "need", "is an error of the spreadsheet")
    assert filed.tables["sen_need"]["need"].tolist() == ["ASD", "SLCN", "SEMH", "", "PD", "OTH"]


def test_lines_above_the_names_and_notes_beside_the_table_do_no_harm(tmp_path):
    book = {sheet: [["Guidance"], [None], *rows] for sheet, rows in BOOK.items()}
    book["Person"] = [*book["Person"][:4], [*book["Person"][4], None, "a note"], *book["Person"][5:]]
    book["Lists"] = [["Y", "N"]]
    filed = read_return(workbook(tmp_path / "return.xlsx", book), census=2024)
    same_but_for_the_header(FILED, filed)
    assert filed.tables["person"].index.tolist() == [4, 5, 6, 7, 8, 9]


TITLES = {
    "Person": "Person Record",
    "Requests": "Requests Records",
    "Assessments": "Assessments Records",
    "Named Plan": "Named Plan Records",
    "Plan Detail": "Plan Detail Records",
    "Active Plan": "Active Plan Records",
    "Placement Detail": "Placement Detail Records",
    "SEN Need": "SEN Need Records",
}
LABELS = {
    "requests": {
        "requeststableid": "Requests record ID\n\n(This must be a unique ID for each Requests record)",
        "persontableid": "Person ID\n\n(This must match the relevant ID in the Person record table)",
        "receiveddate": "Date request was received",
        "requestoutcome": "Request Outcome",
        "requestoutcomedate": "Request Outcome Date",
    },
    "person": {
        "persontableid": "Person ID\n\n(This must be a unique ID for each Person record)",
        "personbirthdate": "Date of Birth \n(ccyy-mm-dd)",
        "postcode": "Post Code",
    },
}


def test_the_template_keeps_all_tables_on_one_sheet(tmp_path):
    rows = [
        ["Header Record"],
        ["Record Type", "Collection Name", "Year", "Reference Date", "LA Number", "Software Code"],
        ["Header", "SEN2", 2024, "2024-01-18", 999, "SYNTHETIC"],
    ]
    for sheet, table in BOOK.items():
        labels = LABELS.get(sheet.casefold(), {})
        names = ["Record Type", *(labels.get(name, name) for name in table[0])]
        rows += [[], [], [TITLES[sheet]], names, *([sheet, *row] for row in table[1:])]
    filed = read_return(workbook(tmp_path / "template.xlsx", {"Data Entry Template": rows}))
    same_but_for_the_header(FILED, filed)
    assert (filed.census, filed.tables["sen2"]["lea"].tolist()) == (2024, ["999"])


def test_a_missing_sheet_and_a_missing_column_are_faults(tmp_path):
    book = {sheet: rows for sheet, rows in BOOK.items() if sheet != "SEN Need"}
    [fault] = faults_of(workbook(tmp_path / "a.xlsx", book), census=2024)
    assert fault.what == "the module SEN Need is missing"
    without = {**BOOK, "Named Plan": [[*row[:2], *row[3:]] for row in NAMED_PLAN]}
    [fault] = faults_of(workbook(tmp_path / "b.xlsx", without), census=2024)
    assert (fault.file, fault.field) == ("b.xlsx, sheet Named Plan", "startdate")


def test_a_module_on_two_sheets_is_a_fault(tmp_path):
    [fault] = faults_of(workbook(tmp_path / "a.xlsx", {**BOOK, "Named Plan Records": NAMED_PLAN}), census=2024)
    assert fault.what == "holds the same module as sheet Named Plan"


def test_a_workbook_that_is_none_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"persontableid,surname")
    assert "is not a workbook in spite of its name" in faults_of(path)[0].what
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "is damaged: its sheets cannot be read" in faults_of(path)[0].what
    assert "has no sheet of the return" in faults_of(workbook(path, {"Sheet1": [["hello"]]}))[0].what


def test_a_workbook_with_a_sheet_that_is_no_xml_is_refused(tmp_path):
    good = workbook(tmp_path / "good.xlsx", BOOK)
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            if member.endswith("sheet3.xml"):
                content = content[:-40] + b"<zzyzx"
            target.writestr(member, content)
    assert "is damaged: its sheets cannot be read" in faults_of(bad, census=2024)[0].what


def test_a_workbook_that_would_unpack_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 10_000)
    assert "would unpack to more than" in faults_of(workbook(tmp_path / "a.xlsx", BOOK), census=2024)[0].what


def test_the_hand_written_workbook_says_what_the_hand_written_csv_says():
    """Cell by cell, without the readers: the fixtures themselves agree."""
    files = csv_set()
    for end, sheet in SHEETS.items():
        written = rows_of(files[module_file(files, end)])
        for place, name in enumerate(BOOK[sheet][0]):
            if name in {*NAMED, "rquestsource"} and name not in written[0][:1]:
                continue
            column = [row[written[0].index(name)] for row in written[1:]]
            cells = [row[place] for row in BOOK[sheet][1:]]
            for text, cell in zip(column, cells, strict=True):
                if isinstance(cell, dt.datetime):
                    assert day(text) == cell.date()
                elif text in {"true", "false"}:
                    assert flag(text) == bool(cell)
                else:
                    assert text == ("" if cell is None else str(cell)), (sheet, name)
