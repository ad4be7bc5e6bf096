"""The page of `forecast check`: the score of the latest return, each fault with its remedy, and the trend."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from builders_checks import CENSUS, MAINSTREAM, clean, county, establishments, filed, fix_file, spoilt, upn, years_on
from builders_files import RETURNS
from builders_spoils import SPOILS, put

from forecast.errors import InputFaults, UnknownLabel
from forecast.inputs.area import read_area
from forecast.records.checks import CHECKS, run_checks
from forecast.report.checks import as_json as area_json
from forecast.report.checks import check, show
from forecast.report.checks_return import as_json, check_returns
from forecast.report.checks_return import return_report as report_of
from forecast.report.checks_show import show_checked, show_return
from forecast.report.terminal import console

PLANTED = ("unknown_need", "reason_without_date", "reason_without_date", "no_postcode", "upn_letter")
BEFORE = ("request_overdue", "unknown_need")


def counts(*, extract=True):
    """checks.csv of two censuses: faults of the later one are `PLANTED`, of the one before `BEFORE`."""
    old = county([clean(), *(spoilt(SPOILS[name]) for name in BEFORE)])
    new = county([clean(), *(spoilt(SPOILS[name]) for name in PLANTED)])
    returns = [filed(years_on(old, -1), census=CENSUS - 1), filed(new)]
    return run_checks(returns, establishments() if extract else None).counts


def return_report(name, table):
    return report_of(name, table, confidential=False)


def printed(capsys, report):
    show_return(report, console())
    return " ".join(capsys.readouterr().out.split())


@pytest.fixture(scope="module")
def table():
    return counts()


@pytest.fixture(scope="module")
def report(table):
    return return_report("Smallshire", table)


def test_the_score_follows_from_what_checks_csv_keeps(report):
    weights = {check.name: check.harm.weight for check in CHECKS}
    children = 10 * (len(PLANTED) + 1)
    assert report.latest.children == children
    assert report.latest.score == pytest.approx(100 - 100 * sum(weights[name] for name in PLANTED) / children)
    before = report.trend[0]
    assert (before.census, report.latest.census) == (CENSUS - 1, CENSUS)
    assert before.score == pytest.approx(100 - 100 * sum(weights[name] for name in BEFORE) / 30)


def test_the_rows_of_checks_csv_may_come_in_any_order(report, table):
    assert return_report("Smallshire", table.sample(frac=1, random_state=1)) == report


def test_the_most_harmful_fault_comes_first(report):
    assert [one.name for one in report.findings] == ["reason_without_date", "unknown_need", "no_postcode", "upn_letter"]
    assert [one.children for one in report.findings] == [2, 1, 1, 1]
    assert report.clean == len(CHECKS) - len(report.findings)


def test_the_page_says_what_each_fault_means_does_and_needs(capsys, report):
    said = printed(capsys, report)
    assert (
        f"Smallshire: the return of January {CENSUS}, the latest of 2, scores {report.latest.score:.1f} of 100." in said
    )
    assert report.formula in said
    for one in report.findings:
        for words in (one.meaning, one.effect, one.remedy, one.why, one.name):
            assert words in said
    assert "Reason to cease without a date: 2 children, 2 records" in said
    assert "Not run" not in said


def test_the_trend_has_every_census_and_every_fault_of_either(capsys, report):
    said = printed(capsys, report)
    assert "Children at each census 2023/24 2024/25" in said
    assert "Unknown need 1 1" in said
    assert "Request without an outcome after 20 weeks 1 0" in said
    assert "Reason to cease without a date 0 2" in said


def test_checks_that_were_not_run_are_named_and_take_nothing_off(capsys):
    report = return_report("Smallshire", counts(extract=False))
    said = printed(capsys, report)
    titles = [check.title for check in CHECKS if check.needs_schools]
    assert list(report.not_run) == titles
    for title in titles:
        assert title in said
    assert "unknown_school" not in report.latest.found


def test_json_says_the_same(report):
    said = json.loads(as_json(report))
    assert said["score"] == pytest.approx(report.latest.score)
    assert [one["name"] for one in said["findings"]] == [one.name for one in report.findings]
    assert said["findings"][0]["source"]
    assert said["trend"][0]["found"]["request_overdue"] == 1


def test_an_area_without_returns_has_no_page():
    assert return_report("Smallshire", pd.DataFrame({"year": [], "check": [], "rows": []})) is None


def test_a_check_that_is_not_known_is_refused_by_name(table):
    odd = pd.concat([table, pd.DataFrame({"year": [CENSUS], "check": ["unknown_ned"], "rows": [1]})])
    with pytest.raises(UnknownLabel, match="'unknown_ned'; did you mean 'unknown_need'"):
        return_report("Smallshire", odd)


def test_a_return_without_a_child_has_no_score(capsys):
    nobody = run_checks([filed({module: [] for module in clean()})], establishments()).counts
    assert "has no score" in printed(capsys, return_report("Smallshire", nobody))


def test_no_identifier_is_on_the_page(capsys, report):
    said = printed(capsys, report) + as_json(report)
    for value in (upn(1)[4:], "Invented", MAINSTREAM, "ZZ1", "2014-02-03"):
        assert value not in said


def test_check_prints_the_page_of_an_area_that_keeps_checks(capsys, table, report):
    found = check(replace(read_area("worcestershire"), checks=table))
    assert found.returned.latest == report.latest
    show(found, console())
    said = " ".join(capsys.readouterr().out.split())
    assert f"Worcestershire: the return of January {CENSUS}, the latest of 2, scores" in said
    assert json.loads(area_json(found))["returned"]["score"] == pytest.approx(report.latest.score)


def test_check_of_an_area_without_checks_says_nothing_of_a_return(capsys):
    found = check(read_area("worcestershire"))
    assert found.returned is None
    show(found, console())
    assert "scores" not in capsys.readouterr().out
    assert json.loads(area_json(found))["returned"] is None


def test_a_return_is_checked_without_importing_it(tmp_path):
    report, checked, applied = check_returns([RETURNS / "v1_2"], None)
    assert report.latest.census == 2024
    assert report.latest.children == 6
    assert set(checked.counts["year"]) == {2024}
    assert applied == ()
    assert list(tmp_path.iterdir()) == []


def test_a_fix_file_is_put_in_before_the_checks(tmp_path):
    before, checked, _ = check_returns([RETURNS / "v1_2"], None)
    fault = checked.found.iloc[0]
    assert fault["check"] == "unknown_transfer_authority"
    row = (fault["module"], fault["census"], fault["id"], fault["field"], "998", "885")
    after, _, (applied,) = check_returns([RETURNS / "v1_2"], None, fix_file(tmp_path / "fixes.csv", [row]))
    assert applied.applied == 1
    assert len(before.findings) == len(after.findings) + 1 == 1


def test_a_return_of_real_children_is_marked_and_its_fixes_are_told(capsys, tmp_path):
    row = ("sen_need", 2024, "nobody's", "need", "ASD", "SLD")
    report, _, applied = check_returns([RETURNS / "v1_2"], None, fix_file(tmp_path / "fixes.csv", [row]))
    for confidential in (True, False):
        show_checked(replace(report, confidential=confidential), applied, console())
        said = " ".join(capsys.readouterr().out.split())
        assert ("OFFICIAL-SENSITIVE" in said) is confidential
        assert "Fixes of January 2024: 0 applied; left out: 0 whose old value the return no longer has, 1 whose" in said


def test_no_return_is_no_report():
    with pytest.raises(InputFaults, match="give at least one"):
        check_returns([], None)


def test_every_census_of_a_low_score_is_named_with_its_worst_check(capsys):
    poor = [spoilt(SPOILS["reason_without_date"], put("person", "p2", birth_date=None)) for _ in range(3)]
    returns = [filed(years_on(county(poor), -1), census=CENSUS - 1), filed(clean())]
    said = printed(capsys, return_report("Smallshire", run_checks(returns, establishments()).counts))
    assert f"the return of January {CENSUS}, the latest of 2, scores 100.0 of 100." in said
    assert "the scores of the others stand in the trend" in said
    assert f"The return of January {CENSUS - 1} scores" in said
    assert "of 100: most is lost to 'reason to cease without a date', 3 children." in said
    assert f"The return of January {CENSUS} scores" not in said


def test_fixes_of_a_census_that_is_not_given_are_counted_and_those_left_out_named_by_row(capsys, tmp_path):
    rows = [
        ("sen_need", 2023, "a", "need", "ASD", "SLD"),
        ("sen_need", 2024, "nobody's", "need", "ASD", "SLD"),
        ("sen_need", 2023, "b", "need", "ASD", "SLD"),
    ]
    report, _, applied = check_returns([RETURNS / "v1_2"], None, fix_file(tmp_path / "fixes.csv", rows))
    show_checked(report, applied, console())
    said = " ".join(capsys.readouterr().out.split())
    assert "Fixes of January 2023: 2 left out, as no return of that January was given." in said
    assert "Left out of the fix file: rows 2, 4." in said
    assert "Left out of the fix file: row 3." in said
