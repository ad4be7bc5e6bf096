"""Where children live: lookups as people have them, and children whose district nobody knows."""

import pandas as pd
import pytest
from builders import put
from builders_return import child, filed, plan
from records_kit import BASE, SCHOOLS, cells, counted, placements, told

from forecast.errors import InputFaults
from forecast.records.census import census_day
from forecast.records.counted import counted_area, one_district
from forecast.records.districts import read_lookup
from forecast.records.fill import shared_out


def at_home(name, postcode, need="ASD", born="2013-05-01"):
    return child(name, born=born, postcode=postcode, plans=[plan(needs=[need])])


def lookup(tmp_path, text):
    put({"lookup.csv": text.encode()}, tmp_path)
    return read_lookup(tmp_path / "lookup.csv", BASE.about)


def by_district(result, year=2025):
    found = {"North": 0, "South": 0}
    for cell, children in placements(result, year).items():
        found[cell[0]] += children
    return found


def test_a_postcode_is_known_however_it_is_written():
    homes = ["ZZ1 1AA", "zz11aa", " ZZ1  1AA ", "ZZ2 2AA"]
    result = counted(filed(2025, [at_home(f"{n}", home) for n, home in enumerate(homes)]))
    assert by_district(result) == {"North": 3, "South": 1}
    assert told(result, 2025)["without_district"] == 0


@pytest.mark.parametrize(
    "header", ["pcds,oslaua", "pcd7,pcd8,pcds,doterm,lad25cd", "Postcode,District", "postcode,laua", "pcd,pcd2,ladnm"]
)
def test_a_lookup_has_the_columns_of_the_postcode_directory_or_plain_ones(tmp_path, header):
    code = "E07000001" if header.endswith(("oslaua", "cd", "laua")) else "north"
    filler = ["ZZ1 1AA"] * (header.count(",")) + [code]
    found = lookup(tmp_path, f"{header}\n{','.join(filler)}\nZZ9 9ZZ{',x' * header.count(',')}\n")
    assert found.by == "postcode"
    assert found.districts.to_dict() == {"ZZ11AA": "North"}
    asked = found.find(pd.Series(["zz1 1aa", "ZZ9 9ZZ", "ZZ8 8ZZ", ""]))
    assert asked.fillna("not known").tolist() == ["North", "", "not known", "not known"]


def test_a_lookup_may_go_by_pupil_number(tmp_path):
    found = lookup(tmp_path, '"upn","district"\n"Zb","South"\n')
    children = [at_home("a", "ZZ1 1AA"), at_home("b", "ZZ1 1AA"), at_home("c", "")]
    result = counted_area([filed(2025, children)], BASE, SCHOOLS, found)
    assert by_district(result) == {"North": 0, "South": 3}
    assert told(result, 2025)["without_district"] == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("place,district\nx,North\n", "postcode: the column is missing"),
        ("pcds,where\nx,North\n", "district: the column is missing"),
        ("pcds,district\nZZ1 1AA,Nroth\n", "names none of the districts North, South"),
        ("pcds,district\nZZ1 1AA,North,x\n", "cannot be split into columns"),
        ("pcds,district\n", "names none of the districts"),
    ],
)
def test_a_lookup_that_will_not_do_is_refused_in_a_sentence(tmp_path, text, words):
    with pytest.raises(InputFaults, match=words) as raised:
        lookup(tmp_path, text)
    assert "ZZ1" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lookup.csv: is empty"),
        (b"pcds;ladnm\nZZ1 1AA;North\n", "parted by semicolons; save it with commas"),
        (b"PK\x03\x04....", "a workbook or an archive in spite of its name"),
    ],
)
def test_a_lookup_is_refused_in_the_words_of_a_return(tmp_path, content, words):
    put({"lookup.csv": content}, tmp_path)
    with pytest.raises(InputFaults, match=words):
        read_lookup(tmp_path / "lookup.csv", BASE.about)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_lookup_may_be_encoded_as_a_return_may(tmp_path, encoding):
    put({"lookup.csv": "pcds,note,ladnm\nZZ1 1AA,é,North\n".encode(encoding)}, tmp_path)
    assert read_lookup(tmp_path / "lookup.csv", BASE.about).districts.to_dict() == {"ZZ11AA": "North"}


def test_a_lookup_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputFaults, match="there is no such file; check the path"):
        read_lookup(tmp_path / "lookup.csv", BASE.about)


def test_children_without_a_district_are_shared_out_like_those_of_their_need_and_phase():
    known = [at_home(f"n{n}", "ZZ1 1AA") for n in range(3)] + [at_home("s", "ZZ2 2AA")]
    other = [at_home(f"o{n}", "ZZ2 2AA", need="HI") for n in range(9)]
    nowhere = [at_home(f"x{n}", "" if n % 2 else "ZZ0 0ZZ") for n in range(8)]
    away = [at_home(f"w{n}", "ZZ9 9ZZ", need="HI") for n in range(2)]
    result = counted(filed(2025, [*known, *other, *nowhere, *away]))
    found = {(cell[0], cell[1]): children for cell, children in placements(result, 2025).items()}
    assert found == {("North", "ASD"): 9, ("South", "ASD"): 3, ("South", "HI"): 11}
    assert (told(result, 2025)["without_district"], told(result, 2025)["outside"]) == (8, 2)


def test_a_child_keeps_its_district_and_year_group_when_the_next_return_forgets_them():
    before = [at_home("a", "ZZ1 1AA"), *(at_home(f"s{n}", "ZZ2 2AA") for n in range(9))]
    forgotten = child("a", born=None, postcode="", plans=[plan()])
    result = counted(filed(2024, before), filed(2025, [forgotten, *before[1:]]))
    assert placements(result, 2025)["North", "ASD", 7, "not_recorded"] == 1
    assert told(result, 2025)["without_district"] == told(result, 2025)["without_birth_date"] == 0


def test_children_without_a_birth_date_are_shared_out_among_year_groups():
    known = [at_home(f"k{n}", "ZZ1 1AA", born="2013-05-01" if n < 2 else "2015-05-01") for n in range(6)]
    unborn = [at_home(f"u{n}", "ZZ1 1AA", born=None) for n in range(3)]
    result = counted(filed(2025, [*known, *unborn]))
    assert {cell[2]: children for cell, children in placements(result, 2025).items()} == {7: 3, 5: 6}
    assert told(result, 2025)["without_birth_date"] == 3


def test_sharing_out_gives_everyone_a_label_and_changes_no_other():
    values = pd.Series(["a", "a", "b", None, None, None], dtype="str")
    order = pd.Series(list("abcdef"))
    groups = pd.Series(["x"] * 5 + ["y"])
    filled = shared_out(values, groups, order)
    assert filled[:3].tolist() == ["a", "a", "b"]
    assert sorted(filled[3:]) == ["a", "a", "b"]
    assert shared_out(values.where(values.isna(), None), groups, order).isna().all()


def test_without_a_lookup_the_area_is_one_district():
    whole = one_district(BASE)
    result = counted_area([filed(2025, [at_home("a", ""), at_home("b", "ZZ9 9ZZ")])], whole, SCHOOLS, None)
    assert cells(result.tables["placements"], "district") == {("Smallshire",): 2}
    assert result.about.district_names == ("Smallshire",)
    assert any("whole area" in note for note in result.about.notes)
    people = whole.population.set_index(["mid_year", "variant", "age"])["people"]
    assert people.sum() == BASE.population["people"].sum()
    assert whole.boundaries is None


def test_an_area_of_several_districts_needs_to_be_told_where_children_live():
    with pytest.raises(InputFaults, match="tells no district; give a lookup"):
        counted_area([filed(2025, [at_home("a", "ZZ1 1AA")])], BASE, SCHOOLS, None)


def test_a_return_read_with_a_district_column_needs_no_lookup():
    one = filed(2025, [at_home("a", "ZZ1 1AA"), at_home("b", "ZZ1 1AA"), at_home("c", "ZZ1 1AA")])
    person = one.tables["person"].assign(district=["south", "E07000001", "Elsewhere"])
    told_by_column = type(one)(2025, "", "csv", {**one.tables, "person": person}, one.files, ())
    result = counted_area([told_by_column], BASE, SCHOOLS, None)
    assert told(result, 2025)["outside"] == 1
    assert sum(by_district(result).values()) == 3
    assert census_day(2025).day == 16
