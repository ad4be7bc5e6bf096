"""The file of records at fault: where they are, and nothing of what they say."""

import csv
import os
import stat

import pytest
from builders_checks import cell, clean, county, establishments, filed, record, spoilt, upn
from builders_spoils import SPOILS, put

from forecast.inputs.write import CannotWrite
from forecast.records.checks import FOUND, run_checks
from forecast.records.checks_faults import owner_only, see_writable, write_faults
from forecast.records.fixes import apply_fixes, read_fixes

HIDDEN = "Zzyzx"


def test_the_faults_file_is_for_its_owner_and_has_no_value_of_any_field(tmp_path):
    path = tmp_path / "faults.csv"
    path.write_text("an older one", encoding="utf-8")
    names = sorted(set(SPOILS) - {"no_placement", "plan_not_active", "plan_never_named"})
    told = run_checks([filed(county([spoilt(SPOILS[name]) for name in names]))], establishments())
    assert write_faults(told, path) == len(names)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["faults.csv"]
    with path.open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == FOUND
    assert {row[FOUND.index("check")] for row in rows} == set(names)
    text = path.read_text(encoding="utf-8")
    for value in (upn(1)[4:], upn(2)[4:], "Invented", "2014-02-03", "ZZ1", "900003", "NSA", "not known"):
        assert value not in text


def test_a_faults_file_with_two_columns_more_is_a_fix_file(tmp_path):
    path = tmp_path / "faults.csv"
    wrong = filed(spoilt(SPOILS["unknown_need"]))
    write_faults(run_checks([wrong], establishments()), path)
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},old,new\n{row},NSA,ASD\n", encoding="utf-8")
    mended, applied = apply_fixes(wrong, read_fixes(path))
    assert applied.applied == 1
    assert cell(mended, "sen_need", "t1", "need") == "ASD"


def test_a_faults_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    told = run_checks([filed(clean())], establishments())
    with pytest.raises(CannotWrite):
        write_faults(told, tmp_path / "nowhere" / "faults.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_faults_file_has_the_same_line_ends_everywhere(tmp_path, monkeypatch):
    asked = []
    real = os.fdopen
    monkeypatch.setattr(os, "fdopen", lambda *args, **how: asked.append(how) or real(*args, **how))
    owner_only(tmp_path / "faults.csv", "a\nb\n")
    assert [how["newline"] for how in asked] == ["\n"]
    assert (tmp_path / "faults.csv").read_bytes() == b"a\nb\n"


@pytest.mark.parametrize("marks", ["{}", "{}#2", "plan-{}", "{}/1"])
def test_a_record_whose_id_tells_who_a_child_is_is_called_by_its_row(tmp_path, marks):
    number, learner = upn(1), "1234567890"
    rows = spoilt(SPOILS["unknown_need"], put("person", "p2", uln=learner))
    record(rows, "sen_need", "t1")["id"] = marks.format(number)
    wrong = put("sen_need", "t2", need="NSA", id=marks.format(learner))
    wrong(rows)
    put("sen_need", "t3", need="NSA", id=marks.format("B12345678901T").lower())(rows)
    path = tmp_path / "faults.csv"
    return_ = filed(rows)
    write_faults(run_checks([return_], establishments()), path)
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines] == ["row:2", "row:3", "row:4"]
    path.write_text("\n".join([f"{header},old,new", *(f"{line},NSA,ASD" for line in lines)]), encoding="utf-8")
    mended, applied = apply_fixes(return_, read_fixes(path))
    assert applied.applied == 3
    assert not mended.tables["sen_need"]["need"].eq("NSA").any()


def test_where_faults_cannot_be_listed_is_found_out_at_once(tmp_path):
    for path in (tmp_path / "nowhere" / "faults.csv", tmp_path):
        with pytest.raises(CannotWrite):
            see_writable(path)
    see_writable(tmp_path / "faults.csv")
    assert list(tmp_path.iterdir()) == []
