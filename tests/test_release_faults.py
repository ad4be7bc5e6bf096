"""A release that is not whole: every fault with its remedy."""

import pytest
from builders_release import put, wide

from forecast.errors import InputFaults
from forecast.inputs.sen2 import read_releases


def said(folders):
    with pytest.raises(InputFaults) as caught:
        read_releases(folders)
    for fault in caught.value.faults:
        assert fault.remedy
    return str(caught.value)


@pytest.mark.parametrize("name", ["newplans", "sen_need_newplans", "ceased_plans", "sen_needs_all_plans"])
def test_a_missing_file_is_a_fault_that_says_where_the_whole_release_is(tmp_path, name):
    text = said([put(tmp_path / "sen2", wide(), **{name: None})])
    assert f"sen2/{name}.csv" in text
    assert "download the whole release" in text


def test_a_folder_that_holds_no_release_is_a_fault(tmp_path):
    assert "caseload.csv" in said([tmp_path])


@pytest.mark.parametrize(
    ("name", "column"), [("caseload", "ehcplans"), ("caseload", "old_la_code"), ("ceased_plans", "total_ceased")]
)
def test_a_missing_column_is_a_fault_that_names_it(tmp_path, name, column):
    files = wide()
    files[name][0] = files[name][0].replace(column, "other")
    text = said([put(tmp_path, files)])
    assert column in text
    assert "unchanged" in text


def test_a_kind_of_place_that_is_not_known_is_a_fault_that_says_what_to_add(tmp_path):
    files = wide()
    files["caseload"][0] = files["caseload"][0].replace("special_academy_free", "special_space_station")
    text = said([put(tmp_path, files)])
    assert "special_space_station" in text
    assert "sen2_provisions.csv" in text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x00", b'a,b\n"1,2\n'], ids=["empty", "not UTF-8", "cut off"])
def test_a_file_that_is_not_a_table_is_a_fault(tmp_path, content):
    folder = put(tmp_path, wide())
    (folder / "newplans.csv").write_bytes(content)
    assert "newplans.csv" in said([folder])


def test_a_table_with_a_header_and_nothing_else_is_a_fault(tmp_path):
    files = wide()
    assert "sen_need_newplans.csv" in said([put(tmp_path, files, sen_need_newplans=files["sen_need_newplans"][:1])])


def test_a_compressed_file_that_is_not_one_is_a_fault(tmp_path):
    folder = put(tmp_path, wide(), newplans=None)
    (folder / "newplans.csv.gz").write_bytes(b"not compressed at all")
    assert "newplans.csv.gz" in said([folder])


def test_faults_of_two_releases_are_said_at_once(tmp_path):
    one = put(tmp_path / "one", wide(2024), newplans=None)
    two = put(tmp_path / "two", wide(2025), ceased_plans=None)
    text = said([one, two])
    assert "newplans.csv" in text
    assert "ceased_plans.csv" in text
