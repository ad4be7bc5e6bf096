"""What is wrong with records of alternative provision is named, mended where that is safe, and never dropped unsaid."""

import numpy as np
import pytest
from builders import put
from builders_ap_records import HEADINGS, PLANTED, SEEN, SINCE, TODAY, counts_area, put_csv, row

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.inputs.faults import MOST
from forecast.records.ap.counted import Given, read_stays

WHOLE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN))
ASIDE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN), leave_out=True)


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


def faults(about, folder, rows, headings=HEADINGS, given=WHOLE):
    with pytest.raises(InputFaults) as caught:
        read_stays([put_csv(folder, rows, headings)], about, given)
    assert PLANTED not in str(caught.value)
    return caught.value.faults


def said(about, folder, rows, given=WHOLE):
    counts = read_stays([put_csv(folder, rows)], about, given)
    return counts.tables, "\n".join(counts.said)


def came(tables):
    return int(tables["ap_arrivals"]["children"].sum())


OF_ONE_ROW = [
    ({"end": "2021-12-31"}, "end", "is before the stay starts"),
    ({"start": "2025-09-05", "end": ""}, "start", "is after the last day that the file knows"),
    ({"start": "2026-01-05", "end": ""}, "start", "is a day that has not come yet"),
    ({"start": "1900-01-01"}, "start", "is before 1990"),
    ({"start": ""}, "start", "is blank"),
    ({"start": "31/02/2022"}, "start", "is not a date"),
    ({"end": "soon"}, "end", "is not a date"),
    ({"child": ""}, "child", "is blank"),
    ({"reason": "Zzyzx"}, "reason", "is a word that nobody knows"),
    ({"setting": "Zzyzx House"}, "setting", "is a word that nobody knows"),
    ({"setting": ""}, "setting", "is blank"),
    ({"registration": "X"}, "registration", "is a word that nobody knows"),
    ({"plan": ""}, "plan", "is blank"),
    ({"plan": "Zzyzx"}, "plan", "is a word that nobody knows"),
    ({"tier": "4"}, "tier", "is a word that nobody knows"),
    ({"district": "Zzyzx"}, "district", "is a word that nobody knows"),
    ({"district": "total"}, "district", "is a word that nobody knows"),
    ({"district": ""}, "district", "is blank"),
    ({"days": "5.5"}, "days", "is more than a week has"),
    ({"days": "0"}, "days", "is less than half a day"),
    ({"days": "1.3"}, "days", "is no whole number of half-days"),
    ({"days": "all"}, "days", "is no number"),
    ({"year group": ""}, "nc_year", "is blank, and nothing else says the key stage"),
    ({"year group": "7-9"}, "nc_year", "is no year group"),
    ({"year group": "N1"}, "nc_year", "makes the child younger than Reception or older than Year 14"),
    ({"year group": "15"}, "nc_year", "makes the child younger than Reception or older than Year 14"),
    ({"returned": "Zzyzx"}, "returned", "is a word that nobody knows"),
    ({"end": "", "returned": "yes"}, "returned", "says that the child went back, yet the stay goes on"),
]


@pytest.mark.parametrize(("cells", "field", "what"), OF_ONE_ROW, ids=lambda part: str(part)[:40])
def test_a_row_that_cannot_be_counted_is_named_by_row_and_field(about, tmp_path, cells, field, what):
    (fault,) = faults(about, tmp_path, [row(1), {**row(2), **cells}])
    assert (fault.file, fault.row, fault.field) == ("placements.csv", 3, field)
    assert fault.what.startswith(what)
    assert "--set-aside" in fault.remedy
    assert not [cell for cell in cells.values() if len(cell) > 3 and cell in str(fault)]


def test_every_fault_of_every_row_is_told_at_once(about, tmp_path):
    told = faults(about, tmp_path, [{**row(n), **cells} for n, (cells, _, _) in enumerate(OF_ONE_ROW)])
    assert {(fault.field, fault.row) for fault in told} == {
        (field, 2 + n) for n, (_, field, _) in enumerate(OF_ONE_ROW)
    }


def test_a_long_list_of_one_fault_is_cut_short_and_counted(about, tmp_path):
    told = faults(about, tmp_path, [row(n, reason="Zzyzx") for n in range(100)])
    assert len(told) == MOST + 1
    assert f"and {100 - MOST} more like this" in str(told[-1])


def test_a_child_in_two_sole_registrations_at_once_is_refused(about, tmp_path):
    rows = [row(1, "2022-01-10", "2022-06-30"), row(2), row(1, "2022-03-01", "2022-09-30")]
    (fault,) = faults(about, tmp_path, rows)
    assert (fault.row, fault.field) == (4, "registration")
    again = [row(1, "2022-01-10", ""), row(1, "2022-01-10", "2022-09-30")]
    assert faults(about, tmp_path, again)[0].row == 3


def test_a_sole_registration_that_nobody_ended_ends_the_day_before_the_next(about, tmp_path):
    rows = [row(1, "2022-01-10", ""), row(1, "2022-03-01", "2022-03-31", setting="tuition"), row(2)]
    tables, told = said(about, tmp_path, rows)
    assert "1 sole registration went on when the next of the same child began: ended the day before." in told
    ends = tables["ap_stays"].set_index("setting")
    assert ends.at["ap_school", "ongoing"].sum() == 0
    assert ends["days_from"].tolist() == [49, 168, 28]  # 50 days to the end of February, 172 of the other child, 31
    assert came(tables) == 3


def test_a_sole_registration_that_ends_on_the_day_of_the_next_is_no_fault(about, tmp_path):
    tables, told = said(about, tmp_path, [row(1, "2022-01-10", "2022-03-01"), row(1, "2022-03-01", "2022-03-31")])
    assert "1 sole registration went on" in told
    assert tables["ap_rolls"]["children"].max() == 1


def test_three_open_sole_registrations_are_ended_one_by_one(about, tmp_path):
    rows = [row(1, f"2022-0{month}-01", "") for month in (1, 3, 5)]
    tables, told = said(about, tmp_path, [*rows, row(2)])
    assert "2 sole registrations went on" in told
    assert tables["ap_stays"]["ongoing"].sum() == 1


def test_a_row_said_twice_is_counted_once(about, tmp_path):
    rows = [row(1), row(2), {name: f"  {cell.upper()} " for name, cell in row(1).items()}, row(1)]
    tables, told = said(about, tmp_path, rows)
    assert came(tables) == 2
    assert "2 rows repeat another in every cell: counted once." in told


def test_two_rows_that_differ_only_in_what_is_said_of_one_stay_are_named(about, tmp_path):
    rows = [row(1, registration="dual main"), row(1, registration="dual main", end=""), row(2)]
    (fault,) = faults(about, tmp_path, rows)
    assert (fault.row, fault.field) == (3, "start")
    assert "of the same setting and days, but the rows differ" in fault.what


def test_two_providers_at_once_are_two_stays_of_one_child(about, tmp_path):
    rows = [{**row(1, registration="none", days="2"), "provider": name} for name in ("A", "B")]
    counts = read_stays([put_csv(tmp_path, rows, (*HEADINGS, "provider"))], about, WHOLE)
    assert came(counts.tables) == 1
    assert counts.tables["ap_rolls"]["sessions"].max() == 8
    assert "1 stay runs wholly beside" in "\n".join(counts.said)


def test_an_end_that_is_planned_is_no_end_yet(about, tmp_path):
    tables, told = said(about, tmp_path, [row(1, "2025-03-03", "2026-07-20", returned="yes"), row(2)])
    assert tables["ap_stays"]["ongoing"].sum() == 1
    assert "1 stay has an end after the day on which the file was made: taken as planned, so going on." in told


def test_year_groups_that_jump_are_named_at_the_row_that_is_off(about, tmp_path):
    rows = [row(1, f"20{at}-10-03", f"20{at}-11-03", year_group=str(at - 12)) for at in (20, 21, 22)]
    rows[1]["year group"] = "4"
    assert [(fault.row, fault.field) for fault in faults(about, tmp_path, rows)] == [(3, "nc_year")]
    rows[1]["year group"] = "10"  # a year out, as some children are
    assert came(said(about, tmp_path, rows)[0]) == 3


def test_key_stages_that_fall_are_named(about, tmp_path):
    headings = (*HEADINGS, "key stage")
    rows = [{**row(1, f"202{at}-10-03", f"202{at}-11-03", year_group=""), "key stage": f"KS{4 - at}"} for at in (0, 1)]
    assert [(fault.row, fault.field) for fault in faults(about, tmp_path, rows, headings)] == [(3, "key_stage")]


def test_american_dates_are_refused_as_nobody_knows_which_number_is_the_month(about, tmp_path):
    (fault,) = faults(about, tmp_path, [row(1, "01/10/2022"), row(2, "01/31/2022")])
    assert (fault.row, fault.field) == (3, "start")
    assert "month before the day" in fault.what


def test_blanks_that_mean_something_are_counted_and_told(about, tmp_path):
    blank = {"reason": "", "registration": "", "days": "", "tier": ""}
    tables, told = said(about, tmp_path, [row(1), {**row(2), **blank}, {**row(3), "returned": ""}])
    assert "1 stay gives no reason: counted as other, or not recorded." in told
    assert "1 stay does not say how the child is registered: taken as on no roll." in told
    assert "1 stay does not say the days a week: taken as a full week." in told
    assert "1 stay does not say its tier: taken as what the reason is mostly for" in told
    assert "1 stay ended and does not say whether the child went back: counted as not." in told
    assert set(tables["ap_arrivals"]["tier"]) == {"short", "transition"}


def test_returns_that_nobody_recorded_do_not_pass_for_none(about, tmp_path):
    (fault,) = faults(about, tmp_path, [row(n, returned="") for n in range(3)])
    assert (fault.field, fault.row) == ("returned", 0)


def test_rows_set_aside_are_counted_by_what_is_wrong(about, tmp_path):
    rows = [row(n) for n in range(60)]
    rows[7]["reason"] = rows[9]["reason"] = "Zzyzx"
    rows[20]["end"] = "2020-01-01"
    tables, told = said(about, tmp_path, rows, ASIDE)
    assert came(tables) == 57
    assert "Left out: 3 rows of 60, as --set-aside asks" in told
    assert "2: reason is a word that nobody knows" in told
    assert "1: end is before the stay starts" in told
    assert PLANTED not in told


def test_no_more_than_one_row_in_twenty_may_be_set_aside(about, tmp_path):
    rows = [row(n, reason="Zzyzx" if n < 4 else "px") for n in range(60)]
    told = faults(about, tmp_path, rows, given=ASIDE)
    assert told[0].what == "4 of 60 rows would be left out, more than 1 in 20"
    assert len(told) == 5
    rows[0]["reason"] = "px"
    assert came(said(about, tmp_path, rows, ASIDE)[0]) == 57
