"""A fix file changes only what the return still says, and neither it nor the faults file tells of a child."""

import random
from dataclasses import replace

import pytest
from builders_checks import CENSUS, cell, clean, filed, fix_file, fixed, spoilt, upn
from builders_spoils import SPOILS, put

from forecast.errors import Fault, InputFaults
from forecast.records.checks import CHECKS
from forecast.records.fixes import COLUMNS, RECORD, REMOVED, THERE, Applied, apply_fixes, read_fixes
from forecast.records.layout import Module

HIDDEN = "Zzyzx"


def test_a_fix_changes_the_cell_that_it_names_and_no_other(tmp_path):
    mended, applied = fixed(tmp_path, ("sen_need", CENSUS, "t1", "need", "ASD", "SLD"))
    assert applied == Applied(CENSUS, applied=1, changed=0, unknown=0)
    assert cell(mended, "sen_need", "t1", "need") == "SLD"
    before = filed(clean()).tables
    for module, table in mended.tables.items():
        changed = table.ne(before[module]) & ~(table.isna() & before[module].isna())
        assert changed.to_numpy().sum() == (module == "sen_need")


def test_a_fix_whose_old_value_is_gone_is_left_out(tmp_path):
    mended, applied = fixed(tmp_path, ("sen_need", CENSUS, "t1", "need", "MLD", "SLD"))
    assert applied == Applied(CENSUS, applied=0, changed=1, unknown=0)
    assert cell(mended, "sen_need", "t1", "need") == "ASD"


@pytest.mark.parametrize("written", ["2014-02-03", "03/02/2014", "2014-Feb-03 00:00:00", "41673"])
def test_dates_are_compared_by_the_day_that_they_mean(tmp_path, written):
    mended, applied = fixed(tmp_path, ("person", CENSUS, "p1", "birth_date", written, "2014-03-02"))
    assert applied.applied == 1
    assert str(cell(mended, "person", "p1", "birth_date").date()) == "2014-03-02"


def test_numbers_flags_and_codes_are_compared_by_what_they_mean(tmp_path):
    rows = [
        ("named_plan", CENSUS, "n6", "cease_reason", "2.0", "5"),
        ("placement_detail", CENSUS, "x2", "unit", "YES", "no"),
        ("active_plans", CENSUS, "a10", "transfer_la", "885", "85"),
        ("PLACEMENT_DETAIL", CENSUS, " x5 ", "Rank", "1", ""),
        ("requests", CENSUS, "r8", "outcome", "", "W"),
    ]
    mended, applied = fixed(tmp_path, *rows)
    assert applied.applied == len(rows)
    assert cell(mended, "named_plan", "n6", "cease_reason") == 5
    assert not cell(mended, "placement_detail", "x2", "unit")
    assert cell(mended, "active_plans", "a10", "transfer_la") == "085"
    assert mended.tables["placement_detail"].set_index("id")["rank"].isna()["x5"]
    assert cell(mended, "requests", "r8", "outcome") == "W"


def test_fixes_of_records_that_are_not_there_or_there_twice_are_left_out(tmp_path):
    rows = [("sen_need", CENSUS, "t99", "need", "ASD", "SLD"), ("sen_need", CENSUS, "t1", "need", "ASD", "SLD")]
    _, applied = fixed(tmp_path, *rows, rows_of=spoilt(SPOILS["id_twice"]))
    assert applied == Applied(CENSUS, applied=0, changed=0, unknown=2)


def test_fixes_of_another_census_are_not_of_this_return(tmp_path):
    _, applied = fixed(tmp_path, ("sen_need", CENSUS - 1, "t1", "need", "ASD", "SLD"))
    assert applied == Applied(CENSUS, applied=0, changed=0, unknown=0)


def test_a_record_goes_with_all_that_belongs_to_it(tmp_path):
    mended, applied = fixed(tmp_path, ("requests", CENSUS, "r1", RECORD, THERE, REMOVED))
    assert applied.applied == 1
    below = {"requests", "assessment", "named_plan", "plan_detail", "active_plans", "placement_detail", "sen_need"}
    for module, table in filed(clean()).tables.items():
        assert len(mended.tables[module]) == len(table) - (module in below)
    assert "p1" in set(mended.tables["person"]["id"])


def test_what_belonged_to_nothing_before_a_removal_stays(tmp_path):
    mended, _ = fixed(tmp_path, ("person", CENSUS, "p7", RECORD, THERE, REMOVED), rows_of=spoilt(SPOILS["orphan"]))
    assert "r11" in set(mended.tables["requests"]["id"])
    assert "r7" not in set(mended.tables["requests"]["id"])


def test_a_cell_that_could_not_be_read_is_forgotten_once_it_is_mended(tmp_path):
    unread = (Fault("person.csv", 2, "personbirthdate", "is not a date", "write it as 2024-09-28"),)
    rows = spoilt(put("person", "p1", birth_date=None))
    other = ("person", CENSUS, "p1", "postcode", "ZZ1 1ZZ", "ZZ1 1ZY")
    mended, _ = fixed(tmp_path, other, rows_of=rows, unread=unread)
    assert mended.unread == unread
    mended, _ = fixed(tmp_path, ("person", CENSUS, "p1", "birth_date", "", "2014-02-03"), rows_of=rows, unread=unread)
    assert mended.unread == ()


def test_a_fix_file_tells_all_its_faults_at_once_and_nothing_of_what_it_says(tmp_path):
    rows = [
        (HIDDEN, CENSUS, "p1", "surname", "a", "b"),
        ("person", HIDDEN, "p1", "surname", "a", "b"),
        ("person", CENSUS, "", "surname", "a", "b"),
        ("person", CENSUS, "p1", "id", "p1", HIDDEN),
        ("requests", CENSUS, "r1", "parent", "p1", HIDDEN),
        ("person", CENSUS, "p1", HIDDEN, "a", "b"),
        ("person", CENSUS, "p1", "birth_date", HIDDEN, "2014-03-02"),
        ("person", CENSUS, "p2", "birth_date", "2015-08-31", HIDDEN),
        ("person", CENSUS, "p3", "surname", HIDDEN, HIDDEN),
        ("person", CENSUS, "p3", "surname", HIDDEN, "b"),
        ("person", CENSUS, "p4", RECORD, HIDDEN, ""),
    ]
    with pytest.raises(InputFaults) as error:
        read_fixes(fix_file(tmp_path / "fixes.csv", rows))
    told = {(fault.row, fault.field) for fault in error.value.faults}
    assert told == {
        (2, "module"), (3, "census"), (4, "id"), (5, "field"), (6, "field"), (7, "field"), (8, "old"), (9, "new"),
        (11, "field"), (12, "new"),
    }  # fmt: skip
    assert HIDDEN not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        f"module,census,id,field,old\nperson,2025,p1,surname,{HIDDEN}\n",
        f"person,2025,p1,surname,{HIDDEN},{HIDDEN}\n",
        f"module,census,id,field,old,new\nperson,2025,p1,surname,{HIDDEN}\n",
        f'module,census,id,field,old,new\nperson,2025,p1,surname,"{HIDDEN},b\n',
        f"\x00{HIDDEN}",
        "",
    ],
)
def test_a_file_that_is_no_fix_file_is_refused_in_a_sentence(tmp_path, text):
    path = tmp_path / "fixes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults) as error:
        read_fixes(path)
    assert HIDDEN not in str(error.value)
    assert str(error.value).endswith(".")


def test_any_bytes_are_a_fix_file_or_refused_in_sentences_without_what_they_say(tmp_path):
    path = tmp_path / "fixes.csv"
    sound = f"{','.join(COLUMNS)}\nperson,2025,p1,surname,{HIDDEN},Other\nsen_need,2025,t1,need,ASD,{HIDDEN}\n".encode()
    chance, return_ = random.Random(1), filed(clean())  # noqa: S311 - any bytes will do
    refused = []
    for _ in range(120):
        at, length = chance.randrange(len(sound)), chance.randint(0, 6)
        other = chance.choice([b"", b'"', b",", b"\n", b"\xff", b"\x00", b";", b"9", b" ", b"id"])
        path.write_bytes(sound[:at] + other + sound[at + length :])
        try:
            apply_fixes(return_, read_fixes(path))
        except InputFaults as error:
            refused.append(str(error))
    assert 20 < len(refused) < 120
    assert not [said for said in refused if HIDDEN in said or not said.endswith(".")]


def test_no_sentence_of_a_check_holds_a_value():
    for check in CHECKS:
        told = f"{check.title} {check.meaning} {check.effect} {check.remedy}"
        assert "{" not in told
        assert upn(1) not in told


def test_columns_may_come_in_any_order_and_others_beside_them(tmp_path):
    columns = ("note", *reversed(COLUMNS))
    rows = [("why", "SLD", "ASD", "need", "t1", CENSUS, "sen_need")]
    fixes = read_fixes(fix_file(tmp_path / "fixes.csv", rows, columns))
    _, applied = apply_fixes(filed(clean()), fixes)
    assert applied.applied == 1


def test_what_a_return_calls_its_fields_is_looked_up_once_however_many_fixes_there_are(tmp_path, monkeypatch):
    there = filed(clean())
    lines = there.tables["person"].index
    unread = replace(
        there, unread=tuple(Fault(there.files["person"], int(row), "persontableid", "", "") for row in lines)
    )
    fixes = read_fixes(
        fix_file(tmp_path / "fixes.csv", [("person", CENSUS, f"p{n}", "sex", "", "F") for n in (1, 2, 3)])
    )
    called = []
    monkeypatch.setattr(
        Module, "called", lambda module, form, real=Module.called: called.append(1) or real(module, form)
    )
    apply_fixes(unread, fixes)
    assert len(called) <= len(there.tables)


def test_a_row_that_is_not_there_is_no_record(tmp_path):
    _, applied = fixed(tmp_path, ("sen_need", CENSUS, "row:999", "need", "ASD", "SLD"))
    assert (applied.unknown, applied.left) == (1, (2,))


def test_modules_and_fields_may_be_called_as_the_return_calls_them(tmp_path):
    rows = [
        ("PlacementDetail", CENSUS, "x2", "SENUnitIndicator", "true", "false"),
        ("SEN Need", CENSUS, "t1", "SENtype", "ASD", "SLD"),
        ("Person", CENSUS, "p1", "PersonBirthDate", "2014-02-03", "2014-03-02"),
    ]
    mended, applied = fixed(tmp_path, *rows)
    assert applied.applied == 3
    assert cell(mended, "sen_need", "t1", "need") == "SLD"
    with pytest.raises(InputFaults, match="row id or link"):
        fixed(tmp_path, ("Person", CENSUS, "p1", "PersonTableID", "p1", "p2"))
