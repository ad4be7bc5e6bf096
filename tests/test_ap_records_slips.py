"""Slips in files of placements that would bend the counts unseen: each is named, or moves nothing."""

import re

import numpy as np
import openpyxl
import pytest
from builders import put
from builders_ap_records import HEADINGS, PLANTED, SEEN, SINCE, TODAY, counts_area, put_csv, row

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.records.ap.counted import Given, read_stays

WHOLE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN))
JUDGED = Given(TODAY)
MONTHLY = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)]


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


def ordinary():
    """A stay that begins and ends in every month of three years."""
    return [row(n, f"{month}-05", f"{month}-25") for n, month in enumerate(MONTHLY)]


def faults(about, folder, rows, headings=HEADINGS, given=WHOLE):
    with pytest.raises(InputFaults) as caught:
        read_stays([put_csv(folder, rows, headings)], about, given)
    assert PLANTED not in str(caught.value)
    return {(fault.row, fault.field): fault for fault in caught.value.faults}


def window(about, folder, rows, given=JUDGED):
    counts = read_stays([put_csv(folder, rows)], about, given)
    days = (counts.window.since, counts.window.seen)
    return [str(np.datetime64(day, "D")) for day in days], "\n".join(counts.said)


def book(folder, sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    made.save(folder / "placements.xlsx")
    return folder / "placements.xlsx"


def cells(rows):
    return [list(HEADINGS), *[[each[name] for name in HEADINGS] for each in rows]]


STRAYS = {
    "an end to come": row(99, "2024-11-05", "2025-09-30", returned=""),
    "an old stay": row(99, "2010-01-10", "2010-06-10"),
    "a stay of long ago": row(99, "1995-01-10", "1995-06-10"),
}


@pytest.mark.parametrize("stray", STRAYS)
def test_no_row_by_itself_moves_the_days_from_and_until_which_the_files_know(about, tmp_path, stray):
    days, _ = window(about, tmp_path, ordinary())
    assert days == ["2022-02-01", "2024-12-25"]
    moved, told = window(about, tmp_path, [*ordinary(), STRAYS[stray]])
    assert moved == days
    assert "say it with --since" in told


def test_a_start_far_after_all_others_is_named_and_not_believed(about, tmp_path):
    told = faults(about, tmp_path, [*ordinary(), row(99, "2025-06-05", "")], given=JUDGED)
    assert [*told] == [(38, "start")]


def test_a_day_given_long_after_the_last_start_is_doubted(about, tmp_path):
    def doubt(seen):
        return "no stay began in the three months" in window(about, tmp_path, ordinary(), seen)[1]

    assert doubt(Given(TODAY, None, np.datetime64("2025-08-31")))
    assert not doubt(Given(TODAY, None, np.datetime64("2024-12-31")))


def test_stays_on_another_sheet_are_not_missed(about, tmp_path):
    path = book(tmp_path, {"Now": cells(ordinary()), f"{PLANTED} leavers": cells([row(99)])})
    with pytest.raises(InputFaults, match="1 other sheet has the same headings") as caught:
        read_stays([path], about, WHOLE)
    assert PLANTED not in str(caught.value)
    named = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN), sheet="Now")
    assert "1 other sheet not read" in "\n".join(read_stays([path], about, named).said)


def test_a_sheet_of_something_else_is_counted_and_not_named(about, tmp_path):
    path = book(tmp_path, {"Now": cells(ordinary()), PLANTED: [["Notes"]], "Empty": []})
    told = "\n".join(read_stays([path], about, WHOLE).said)
    assert "2 other sheets not read: name the one that is meant with --sheet" in told
    assert PLANTED not in told


def test_behind_a_cover_sheet_the_stays_are_asked_for_by_the_name_of_their_sheet(about, tmp_path):
    path = book(tmp_path, {"Cover": [["A report"]], "Data": cells(ordinary())})
    with pytest.raises(InputFaults, match="name it with --sheet"):
        read_stays([path], about, WHOLE)


def test_formulas_without_their_results_are_no_blanks(about, tmp_path):
    rows = cells(ordinary())
    rows[3][HEADINGS.index("end")] = "=B4+30"
    with pytest.raises(InputFaults) as caught:
        read_stays([book(tmp_path, {"Now": rows})], about, WHOLE)
    (fault,) = caught.value.faults
    assert (fault.row, fault.field) == (4, "end")
    assert "save it" in fault.remedy


def test_a_second_table_in_the_file_is_refused_and_headings_said_again_are_passed_over(about, tmp_path):
    again = dict(zip(HEADINGS, HEADINGS, strict=True))
    _, told = window(about, tmp_path, [*ordinary(), again, row(99, "2024-10-05", "2024-10-20")])
    assert "1 row repeats the headings: not read" in told
    other = again | {"reason": "notes", "plan": "remarks"}
    assert "second table" in faults(about, tmp_path, [*ordinary(), other, row(99)])[38, ""].what
    text = put_csv(tmp_path, ordinary()).read_text()
    path = tmp_path / "placements.csv"
    path.write_text(f"{','.join([*HEADINGS[:7], *['x'] * 5])}\n{text}")
    with pytest.raises(InputFaults, match="row 1: names columns anew"):
        read_stays([path], about, WHOLE)
    path.write_text(f"child,,,placement,,\nA title\n{text}")
    told = "\n".join(read_stays([path], about, WHOLE).said)
    assert "1 row above the headings with more than a title: not read" in told


def test_a_line_of_totals_is_one_fault(about, tmp_path):
    note = dict.fromkeys(HEADINGS, "") | {"child": "Total", "days": "99"}
    (place, fault) = faults(about, tmp_path, [*ordinary(), note]).popitem()
    assert place == (38, "")
    assert "--set-aside" in fault.remedy


@pytest.mark.parametrize("key", ["TBC", "n/a", "unknown", "#N/A", "0", "-", "1E+05", "8.20201E+12"])
def test_what_stands_for_no_key_is_no_child(about, tmp_path, key):
    (place, fault) = faults(about, tmp_path, [*ordinary(), {**row(99), "child": key}]).popitem()
    assert place == (38, "child")
    assert f"{key} " not in str(fault).replace("--", "")


def test_a_key_on_too_many_stays_at_once_is_no_key_of_one_child(about, tmp_path):
    rows = [row(1, f"2022-01-{day}", registration="none", days="0.5", setting="tuition") for day in range(10, 16)]
    named = {(3, "child"), *((line, "child") for line in range(38, 44))}
    assert set(faults(about, tmp_path, [*ordinary(), *rows])) == named
    assert window(about, tmp_path, [*ordinary()[5:], *rows[:5]], WHOLE)


@pytest.mark.parametrize(
    ("start", "year", "what"), [("2020-09-10", "11", "past Year 14"), ("2020-08-10", "1", "5 years on roll")]
)
def test_a_stay_that_nobody_closed_is_named(about, tmp_path, start, year, what):
    (place, fault) = faults(about, tmp_path, [*ordinary(), row(99, start, "", year_group=year)]).popitem()
    assert place == (38, "end")
    assert what in fault.what
    assert window(about, tmp_path, [*ordinary(), row(99, start, "", year_group="1", plan="yes")], WHOLE)


def test_days_and_half_days_that_differ_are_named(about, tmp_path):
    rows = [{**each, "sessions": "10"} for each in ordinary()]
    rows[4]["sessions"] = "4"
    assert [*faults(about, tmp_path, rows, (*HEADINGS, "sessions"))] == [(6, "half_days")]


def test_two_days_of_birth_are_not_of_one_child(about, tmp_path):
    rows = [{**each, "dob": "2009-01-01"} for each in ordinary()]
    rows += [{**row(90, f"2022-0{month}-05", f"2022-0{month}-20"), "dob": "2009-01-01"} for month in (1, 3, 5)]
    rows[-1]["dob"] = "2009-02-01"
    assert [*faults(about, tmp_path, rows, (*HEADINGS, "dob"))] == [(40, "birth")]


def test_a_child_is_in_one_district_a_day(about, tmp_path):
    rows = [row(90, registration="dual main"), row(90, "2022-03-01", registration="dual subsidiary", district="South")]
    assert [*faults(about, tmp_path, [*ordinary(), *rows])] == [(39, "district")]
    rows[1]["start"], rows[1]["end"] = "2022-07-01", "2022-08-01"
    assert window(about, tmp_path, [*ordinary(), *rows], WHOLE)


def test_months_before_days_are_told_with_every_other_fault_and_a_few_as_slips(about, tmp_path):
    rows = [*ordinary(), row(98, reason="Zzyzx"), row(99, "01/31/2022")]
    told = faults(about, tmp_path, rows)
    assert {*told} == {(38, "reason"), (39, "start")}
    assert "none can be trusted" in told[39, "start"].what
    assert "--set-aside" not in told[39, "start"].remedy
    days = [row(n, "25/01/2022", "26/01/2022") for n in range(20)]
    slip = faults(about, tmp_path, [*days, row(99, "01/31/2022")])[22, "start"]
    assert slip.what == "is not a date"
    assert "--set-aside" in slip.remedy


def test_an_absurd_start_is_named_as_such_and_not_the_day_of_birth(about, tmp_path):
    rows = [{**each, "dob": "2009-01-01"} for each in ordinary()]
    rows[3]["start"], rows[5]["start"], rows[7]["start"] = "1900-01-01", "2049-01-01", "2003-01-01"
    told = faults(about, tmp_path, rows, (*HEADINGS, "dob"))
    assert {*told} == {(5, "start"), (7, "start"), (9, "birth")}
    assert "and start make the child younger" in told[9, "birth"].what


def test_the_remedy_for_a_district_is_one_that_works(about, tmp_path):
    fault = faults(about, tmp_path, [row(1, district="Elsewhere"), *ordinary()])[2, "district"]
    assert "North, South" in fault.remedy
    assert "--words" not in fault.remedy


def test_a_file_of_stays_that_all_go_on_is_refused(about, tmp_path):
    told = faults(about, tmp_path, [row(n, f"{month}-05", "") for n, month in enumerate(MONTHLY)])
    assert "nobody would ever seem to leave" in told[0, "end"].what


def test_every_row_is_told_somewhere(about, tmp_path):
    """Those that ended before, began before, run beside another, came in a part of a month, and the arrivals."""
    rows = [row(1, "2021-01-05", "2021-02-05"), row(2, "2022-01-05", "2022-08-05"), row(3, "2022-02-20", "2022-04-20")]
    rows += [row(4, "2022-05-05", "2022-09-05", registration="dual main"), row(5, "2022-06-05", "2022-07-05"), row(6)]
    rows += [row(4, "2022-06-05", "2022-07-05", registration="none", setting="tuition")]
    given = Given(TODAY, np.datetime64("2022-02-10"), np.datetime64(SEEN))
    told = window(about, tmp_path, rows, given)[1]
    said = ("ended before", "began before", "runs wholly beside", "came in months", "among the arrivals")
    found = [int(re.search(rf"(?m)^(\d+) \w+ {words}", told)[1]) for words in said]
    assert found == [1, 2, 1, 1, 2]
    assert sum(found) == len(rows)
