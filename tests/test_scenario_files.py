"""A scenario file: read as a councillor writes it, refused with every fault and what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forecast.domain import academic_year
from forecast.errors import InputFaults, UnknownLabel
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.written import january

GOOD = """\
name: Earlier help
why: Cabinet decision of March 2026.
changes:
  - {kind: scale_starts, from: 2027/28, factor: 0.9, need: SEMH}
"""


def read(folder, text, name="help.yaml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_scenario(path)


def says(folder, text):
    """What is said of a file that is at fault."""
    with pytest.raises(InputFaults) as caught:
        read(folder, text)
    for fault in caught.value.faults:
        assert fault.file == "help.yaml"
        assert fault.remedy
    return str(caught.value)


@given(year=st.integers(2010, 2100))
def test_an_academic_year_is_the_january_in_it(year):
    assert january(academic_year(year)) == year
    assert january(f" {academic_year(year)} ") == year


def test_2027_28_is_the_census_of_january_2028():
    assert january("2027/28") == 2028
    assert january("1999/00") == 2000


@pytest.mark.parametrize(("written", "meant"), [("2027/29", "2027/28"), ("2027/27", "2027/28"), ("2099/99", "2099/00")])
def test_years_that_do_not_follow_one_another_are_refused_with_the_year_meant(written, meant):
    with pytest.raises(ValueError, match=f"{written} is no academic year; write it as {meant}"):
        january(written)


@pytest.mark.parametrize("written", ["2027", "2027-28", "27/28", "", "soon", "2009/10/11"])
def test_what_is_no_academic_year_is_refused(written):
    assert january(written) == written
    with pytest.raises(ValidationError):
        ScaleStarts.model_validate(
            {"from": written or "x", "factor": 1, "need": None} | ({"from": "27"} if written == "2027" else {})
        )


@pytest.mark.parametrize("year", ["2008/09", "2101/02"])
def test_a_year_that_no_forecast_covers_is_refused(year):
    with pytest.raises(ValidationError):
        ScaleStarts.model_validate({"from": year, "factor": 1})


def test_a_file_reads_as_it_is_written(tmp_path):
    scenario = read(tmp_path, GOOD)
    assert scenario.name == "Earlier help"
    (change,) = scenario.changes
    assert (change.from_year, change.factor.value, change.need) == (2028, 0.9, ("SEMH",))


def test_the_bundled_baseline_changes_nothing():
    assert read_scenario("baseline").changes == ()


def test_a_file_may_end_in_yml_and_hold_other_letters(tmp_path):
    assert read(tmp_path, GOOD.replace("Cabinet", "Kabinett für"), "help.yml").why.startswith("Kabinett für")


def test_a_name_that_is_nearly_a_scenario_is_answered_with_it():
    with pytest.raises(UnknownLabel, match="No scenario called 'baselin'; did you mean 'baseline'"):
        read_scenario("baselin")


def test_a_file_that_is_not_there_is_answered_with_the_scenarios_that_ship():
    with pytest.raises(UnknownLabel, match="baseline"):
        read_scenario("nowhere/help.yaml")


def test_a_need_that_is_nearly_one_of_the_areas_is_answered_with_it():
    from builders_model import busy  # noqa: PLC0415

    with pytest.raises(UnknownLabel, match="No need called 'SEHM'; did you mean 'SEMH'"):
        ScaleStarts(from_year=2027, factor=1, need="SEHM").apply(busy())


@pytest.mark.parametrize(
    "text", ["name: [", b"\xff\xfe", "name: 'a\n"], ids=["open bracket", "not UTF-8", "open quote"]
)
def test_what_is_not_yaml_is_a_fault(tmp_path, text):
    assert "not YAML" in says(tmp_path, text)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", "3"])
def test_what_is_not_a_scenario_is_a_fault(tmp_path, text):
    assert says(tmp_path, text)


def test_every_fault_is_said_at_once(tmp_path):
    said = says(
        tmp_path,
        "changes:\n  - {kind: scale_starts, from: 2027/29, factor: -1}\n  - {factor: 1}\n  - {kind: hold_starts}\n",
    )
    for part in ("name", "why", "change 1, factor", "change 2, kind", "change 3, from", "2027/29 is no academic year"):
        assert part in said


@pytest.mark.parametrize("factor", ["-0.1", "11", "much", ".nan", ".inf"])
def test_a_factor_out_of_range_is_a_fault(tmp_path, factor):
    assert "factor" in says(tmp_path, GOOD.replace("0.9", factor))


def test_an_unknown_lever_is_a_fault(tmp_path):
    assert "change 1" in says(tmp_path, GOOD.replace("scale_starts", "scale_start"))


def test_an_unknown_field_is_a_fault(tmp_path):
    assert "change 1, nede" in says(tmp_path, GOOD.replace("need:", "nede:"))
    assert "whi" in says(tmp_path, GOOD.replace("why:", "whi:"))


@pytest.mark.parametrize(("right", "wrong"), [("need", "nede"), ("why", "whi"), ("scale_starts", "scale_start")])
def test_a_nearly_right_word_is_answered_with_the_right_one(tmp_path, right, wrong):
    assert f"did you mean '{right}'" in says(tmp_path, GOOD.replace(right, wrong))


def faults_of(folder, text):
    with pytest.raises(InputFaults) as caught:
        read(folder, text)
    return caught.value.faults


def test_every_fault_names_its_line(tmp_path):
    text = """\
name: Mine
why: As asked.
changes:
  - kind: scale_starts
    from: 2027/29
    factor: 0.9
  - {kind: scale_starts, from: 2027/28,
     factor: -1}
  - {kind: scale_start, from: 2027/28}
"""
    rows = {fault.field: fault.row for fault in faults_of(tmp_path, text)}
    assert rows == {"change 1, from": 5, "change 2, factor": 8, "change 3": 9}


def test_a_misspelt_field_of_evidence_is_answered_with_that_of_evidence(tmp_path):
    text = GOOD.replace("need: SEMH", "evidence: [{says: so, sorce: DfE}]")
    (fault,) = [fault for fault in faults_of(tmp_path, text) if "sorce" in fault.field]
    assert fault.remedy == "did you mean 'source'"


def test_a_fault_that_says_how_to_mend_it_is_told_so_once(tmp_path):
    (fault,) = faults_of(tmp_path, GOOD.replace("2027/28", "2027/29"))
    assert (fault.what, fault.remedy) == ("2027/29 is no academic year", "write it as 2027/28")


def test_a_word_written_twice_is_refused_as_the_first_would_be_lost(tmp_path):
    (fault,) = faults_of(tmp_path, GOOD.replace("factor: 0.9", "factor: 0.9, factor: 0.1"))
    assert (fault.row, fault.field) == (4, "factor")
    assert "first in row 4" in fault.what
    assert faults_of(tmp_path, GOOD + "why: Another reason.\n")[0].row == 5


def test_a_few_lines_cannot_stand_for_more_than_a_computer_holds(tmp_path):
    bomb = "name: &a [x, x]\nwhy: &b [*a, *a]\nchanges: [*b, *b]\n"
    assert {fault.field for fault in faults_of(tmp_path, bomb)} == {"*a", "*b"}
    (deep,) = faults_of(tmp_path, "name: " + 5000 * "[")
    assert "levels deep" in deep.what
    (large,) = faults_of(tmp_path, GOOD + "#" * 2**20)
    assert "larger than 1 MB" in large.what


@pytest.mark.parametrize("text", ["why: 2026-02-31\n", "why: !!python/name:os.system\n", "? [a]\n: b\n"])
def test_what_yaml_cannot_make_sense_of_is_a_fault(tmp_path, text):
    assert says(tmp_path, GOOD.replace("why: Cabinet decision of March 2026.\n", text))


def test_a_scenario_without_a_name_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path, GOOD.replace("Earlier help", "' '"))
    assert (fault.row, fault.field) == (1, "name")


def test_a_scenario_knows_where_each_change_was_written(tmp_path):
    (origin,) = read(tmp_path, GOOD).origins
    assert str(origin) == "change 1 of help.yaml, row 4"


def test_a_scenario_cannot_be_changed_once_it_is_made(tmp_path):
    with pytest.raises(ValidationError):
        read(tmp_path, GOOD).name = "other"


def test_changes_are_made_in_order_and_from_their_year_on():
    from builders_model import busy  # noqa: PLC0415

    drivers = busy()
    twice = Scenario(
        name="",
        why="",
        changes=(ScaleStarts(from_year=2027, factor=2), ScaleStarts(from_year=2028, factor=3, need="ASD")),
    )
    ratio = (twice.apply(drivers)["start_rate"] / drivers["start_rate"]).mean(["draw", "nc_year"])
    assert ratio.sel(year=2026).to_numpy().tolist() == pytest.approx([1, 1])
    assert ratio.sel(year=2027).to_numpy().tolist() == pytest.approx([2, 2])
    assert ratio.sel(year=2028).to_numpy().tolist() == pytest.approx([6, 2])


def test_a_scenario_leaves_the_drivers_it_was_given_as_they_were():
    from builders_model import busy  # noqa: PLC0415

    drivers = busy()
    before = drivers.copy(deep=True)
    ScaleStarts(from_year=2027, factor=2).apply(drivers)
    assert drivers.identical(before)
