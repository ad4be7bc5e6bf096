"""Every named check: one return that trips it, and one that does not."""

from copy import deepcopy
from functools import cache

import pandas as pd
import pytest
from builders_checks import (
    CENSUS,
    COLLEGE,
    NURSERY,
    SPECIAL,
    at,
    clean,
    establishments,
    filed,
    placed,
    spoilt,
)
from builders_spoils import SPOILS, add, put, second_plan, waiting, wrong_letter

from forecast.errors import Fault
from forecast.records.checks import CHECKS, run_checks
from forecast.records.checks_named import Harm
from forecast.records.checks_score import TOTAL
from forecast.records.filed import PARENTS
from forecast.records.layout import layout
from forecast.records.values import unreadable

EXTRACT = establishments()
ELSEWHERE = {"birth_date_changed", "unreadable_cell"}
"""Checks that a return alone, or its tables alone, cannot trip."""


def found(rows, extract=EXTRACT):
    """Check -> records found, of one return."""
    counts = run_checks([filed(rows)], extract).counts.set_index("check")["rows"]
    return {check.name: int(counts[check.name]) for check in CHECKS if check.name in counts}


@cache
def spoilt_by(name):
    """The records of the return that a spoil of `SPOILS` makes, and what the checks find in it."""
    rows = spoilt(SPOILS[name])
    return rows, run_checks([filed(rows)], EXTRACT)


def test_every_check_has_a_return_that_trips_it():
    assert set(SPOILS) | ELSEWHERE == {check.name for check in CHECKS}
    assert len(CHECKS) == len({check.name for check in CHECKS}) >= 25


def test_a_clean_return_trips_no_check():
    assert set(found(clean()).values()) == {0}


@pytest.mark.parametrize("name", SPOILS)
def test_a_fault_is_found_once_and_by_the_check_of_its_name(name):
    counts = spoilt_by(name)[1].counts.set_index("check")["rows"]
    assert {check.name: counts[check.name] for check in CHECKS if counts[check.name]} == {name: 1}


@pytest.mark.parametrize("name", SPOILS)
def test_the_record_at_fault_is_named_by_its_module_and_id(name):
    rows, checked = spoilt_by(name)
    check = next(check for check in CHECKS if check.name == name)
    (fault,) = checked.found.to_dict("records")
    assert fault["module"] in check.modules
    assert fault["id"] in {row["id"] for row in rows[fault["module"]]}
    assert rows[fault["module"]][fault["row"] - 2]["id"] == fault["id"]
    assert fault["census"] == CENSUS


def test_a_child_whose_birth_date_changes_between_censuses_is_found_in_the_later_one():
    before = filed(clean(), census=CENSUS - 1)
    after = filed(spoilt(put("person", "p1", birth_date="2014-03-02")))
    counts = run_checks([before, after], EXTRACT).counts.set_index(["year", "check"])["rows"]
    assert counts[CENSUS - 1, "birth_date_changed"] == 0
    assert counts[CENSUS, "birth_date_changed"] == 1


def test_a_cell_that_could_not_be_read_is_found_in_its_record():
    unread = (
        Fault("person.csv", 3, "personbirthdate", "is not a date", "write it as 2024-09-28"),
        Fault("person.csv", 3, "sex", "is an error of the spreadsheet", "write the value"),
        Fault("elsewhere.csv", 4, "personbirthdate", "is not a date", "write it as 2024-09-28"),
    )
    faults = run_checks([filed(clean(), unread=unread)], EXTRACT).found
    assert faults[["module", "id", "check"]].to_numpy().tolist() == [["person", "p2", "unreadable_cell"]]


def test_checks_that_need_the_extract_are_left_out_without_it():
    needing = {check.name for check in CHECKS if check.needs_schools}
    assert set(found(clean(), extract=None)) == {check.name for check in CHECKS} - needing
    assert "unknown_school" in needing


def test_invented_children_are_let_off_the_check_letter():
    rows = spoilt(wrong_letter, put("sen2", "h1", software_code="Synthetic"))
    assert found(rows)["upn_letter"] == 0


@pytest.mark.parametrize("number", ["B801200005001", "b801200005001"])
def test_the_check_letter_is_that_of_a_number_published_as_right(number):  # python-stdnum's own example
    assert found(spoilt(put("person", "p1", upn=number)))["upn_letter"] == 0
    assert found(spoilt(put("person", "p1", upn="A" + number[1:])))["upn_letter"] == 1


def test_the_second_record_of_a_pair_is_the_surplus_one():
    faults = run_checks([filed(spoilt(SPOILS["same_upn"], second_plan))], EXTRACT).found
    assert set(zip(faults["check"], faults["id"], strict=True)) == {("same_upn", "p2"), ("two_open_plans", "n11")}


def test_what_lies_in_another_placement_or_an_ended_plan_is_no_fault_of_this_census():
    unknown = placed(1, leaving_date="2023-07-20", entry_date="2021-09-01", urn="123456") | {"id": "x11"}
    ended = [
        placed(1, leaving_date="2023-07-20", **where) | {"id": f"x2{number}"}
        for number, where in enumerate(({"setting": "EYP"}, {"setting": "NEET"}, at(COLLEGE), at(SPECIAL, unit=True)))
    ]
    second = placed(1, **at(SPECIAL)) | {"id": "x12", "rank": 2}
    rows = spoilt(
        *(add("placement_detail", **one) for one in (unknown, *ended)),
        add("placement_detail", **second),
        put("sen_need", "t6", need="NSA"),
    )
    assert set(found(rows).values()) == {0}


def test_a_child_on_the_edge_of_an_age_limit_is_inside_it():
    rows = spoilt(put("person", "p4", birth_date="1999-09-01"))
    assert set(found(rows).values()) == {0}
    year_1 = spoilt(put("person", "p5", birth_date="2018-09-01"))
    year_2 = spoilt(put("person", "p5", birth_date="2018-08-31"))
    assert found(year_1)["early_years_too_old"] == 0
    assert found(year_2)["early_years_too_old"] == 1
    nursery = spoilt(put("placement_detail", "x1", urn=NURSERY))
    assert found(nursery)["early_years_too_old"] == 1


def test_a_plan_is_in_force_until_the_day_before_it_ceases_and_a_placement_holds_until_the_day_of_leaving():
    def ceasing(date):
        return found(spoilt(put("named_plan", "n1", cease_date=date, cease_reason=2)))["placement_outlasts_plan"]

    def leaving(date):
        return found(spoilt(put("placement_detail", "x1", leaving_date=date)))["no_placement"]

    assert (ceasing("2025-01-16"), ceasing("2025-01-17")) == (1, 0)  # the third Thursday of January is the 16th
    assert (leaving("2025-01-15"), leaving("2025-01-16")) == (1, 0)


def test_a_base_is_told_by_one_flag_though_the_other_is_blank():
    assert found(spoilt(put("placement_detail", "x2", resourced=None)))["flags_not_set"] == 0
    assert found(spoilt(put("placement_detail", "x2", unit=None)))["flags_not_set"] == 1


def test_what_a_plan_names_is_no_part_of_a_count():
    rows = spoilt(add("plan_detail", id="d1", parent="nobody", urn="123456"))
    assert set(found(rows).values()) == {0}


def test_twenty_weeks_to_the_day_are_not_past_twenty_weeks():
    day = pd.Timestamp("2025-01-16") - pd.Timedelta(weeks=20)
    on_time, late = (
        spoilt(put("requests", "r8", received_date=str(date.date()))) for date in (day, day - pd.Timedelta(days=1))
    )
    assert found(on_time)["request_overdue"] == 0
    assert found(late)["request_overdue"] == 1
    moved = spoilt(put("requests", "r8", received_date="2024-08-01", exported="1"))
    assert found(moved)["request_overdue"] == 0
    excepted = spoilt(waiting, put("assessment", "s9", week20=True))
    assert found(excepted)["assessment_overdue"] == 0


def test_every_check_is_told_in_sentences_and_looks_at_fields_that_there_are():
    for check in CHECKS:
        for text in (check.meaning, check.effect, check.remedy):
            assert text[0].isupper()
            assert text.endswith(".")
        assert check.source
        assert isinstance(check.harm, Harm)
        assert check.harm.why
        assert set(check.modules) <= set(PARENTS)
        known = {field for module in check.modules for field in layout()[module].fields}
        assert set(check.fields) <= known


def test_children_are_counted_once_however_many_records_they_have():
    counts = spoilt_by("unknown_need")[1].counts.set_index("check")["rows"]
    assert counts[TOTAL] == len(clean()["person"])
    stray = spoilt(SPOILS["orphan"], add("assessment", id="s11", parent="r11", outcome="Z"))
    counts = run_checks([filed(stray)], EXTRACT).counts.set_index("check")["rows"]
    assert counts[TOTAL] == len(clean()["person"]) + 1
    assert counts["unknown_outcome: children"] == 1
    assert counts["unknown_outcome: gravest"] == 0  # it is an orphan's, which is graver


def test_the_order_of_rows_does_not_matter():
    rows = spoilt(
        *(SPOILS[name] for name in ("same_upn", "two_open_plans", "two_primary_needs", "orphan", "unknown_need"))
    )
    counts = [run_checks([filed(deepcopy(rows), shuffle=seed)], EXTRACT).counts for seed in (None, 1, 2)]
    assert counts[0].set_index("check")["rows"]["two_primary_needs"] == 1
    for other in counts[1:]:
        pd.testing.assert_frame_equal(counts[0], other)


def test_the_check_of_unreadable_cells_says_how_many_are_named():
    [check] = [check for check in CHECKS if check.name == "unreadable_cell"]
    named = unreadable("person.csv", "birth_date", "date", range(2, 5000))[:-1]
    assert f"the first {len(named):,} are named" in check.meaning


def test_two_children_of_one_number_of_the_wrong_form_are_not_held_for_one():
    rows = spoilt(put("person", "p1", upn="1.23E+12"), put("person", "p2", upn="1.23E+12"))
    found = run_checks([filed(rows)], establishments()).found
    assert set(found["check"]) == {"upn_form"}
    assert len(found) == 2
