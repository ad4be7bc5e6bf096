"""The extract of establishments, as people download it."""

import pandas as pd
import pytest
from builders import put
from builders_return import HEADER, SCHOOLS, extract
from records_kit import SCHOOLS as READ

from forecast.domain import NOT_RECORDED, Provision
from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.records.establishments import provision_by_setting, provision_by_type, read_establishments


def read(tmp_path, content):
    put({"extract.csv": content}, tmp_path)
    return read_establishments(tmp_path / "extract.csv")


def wanted(*rows):
    """Placements by URN and UKPRN."""
    return pd.DataFrame(rows, columns=["urn", "ukprn"], dtype="str", index=[7, 9, 11, 13][: len(rows)])


def test_a_school_is_found_by_urn_or_else_by_ukprn():
    found = READ.at(wanted(("100003", ""), ("", "10000009"), ("999999", "10000001"), ("", "")))
    assert found.index.tolist() == [7, 9, 11, 13]
    assert found["known"].tolist() == [True, True, True, False]
    assert found["name"].tolist()[:3] == ["Moor Lane Special", "College", "Oak Primary"]
    assert found["provision"].tolist()[:3] == ["special", "post16", "mainstream"]


def test_bases_places_and_closed_schools_are_read():
    schools = READ.schools.set_index("urn")
    assert schools.loc["100001", ["unit", "resourced"]].tolist() == [True, False]
    assert schools.loc["100001", "unit_places"] == 12
    assert schools["open"].tolist() == [True] * 10 + [False]
    assert len(schools) == len(SCHOOLS)


def test_of_two_rows_with_one_number_the_open_one_counts(tmp_path):
    lines = ["1,5,Old,999,7,Closed,,,", "2,5,New,999,1,Open,,,", "3,5,Newer,999,14,Open,,,"]
    found = read(tmp_path, "\n".join([HEADER, *lines, ""]).encode()).at(wanted(("", "5"), ("1", "5")))
    assert found["name"].tolist() == ["New", "Old"]


def test_what_an_extract_does_not_say_is_missing_and_not_no(tmp_path):
    found = read(tmp_path, b"urn,typeofestablishment (CODE)\n100001,01\n100002,99\n").schools
    assert found["provision"].tolist() == ["mainstream", NOT_RECORDED]
    assert found[["open", "unit", "resourced"]].isna().all(axis=None)


def test_an_extract_in_windows_letters_is_read(tmp_path):
    content = extract().replace(b"Oak Primary", "École £".encode("cp1252"))
    assert "École £" in set(read(tmp_path, content).schools["name"])
    assert "École £" in set(read(tmp_path, content.decode("cp1252").encode("utf-8-sig")).schools["name"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"URN,EstablishmentName\n1,Oak\n", r"TypeOfEstablishment \(code\): the column is missing"),
        (b"something,else\n1,2\n", "URN: the column is missing"),
        (b'URN,"TypeOf\n', "is not the CSV of an extract"),
        (b"", "is empty"),
    ],
)
def test_another_file_is_refused_in_a_sentence(tmp_path, content, words):
    with pytest.raises(InputFaults, match=words):
        read(tmp_path, content)


def test_every_type_and_setting_has_a_provision_and_a_source():
    kinds = {provision.value for provision in Provision}
    assert set(provision_by_type().values()) | set(provision_by_setting().values()) <= kinds
    for name in ("gias_types.csv", "sen2_settings.csv"):
        table = pd.read_csv(bundled("data", "reference", name), dtype=str)
        assert not table.isna().any(axis=None)
        assert not table["code"].duplicated().any()
        published = pd.read_csv(bundled("data", "reference", "sen2_provisions.csv")).set_index("published")["provision"]
        columns = table.set_index("provision")["published"].str.split(", ").explode()
        of_ours = columns[columns.isin(published.index)]
        assert len(of_ours) > len(table) / 2
        assert (published[of_ours].to_numpy() == of_ours.index.to_numpy()).all()
