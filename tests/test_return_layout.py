"""The tables of names say where each name comes from, and no name means two things."""

from itertools import combinations

import pandas as pd
import pytest

from forecast.errors import UnknownLabel
from forecast.inputs.bundled import bundled
from forecast.records.collect_csv import module_called
from forecast.records.filed import PARENTS
from forecast.records.layout import CSV, FORMS, WORKBOOK, XML, code_list, layout, plain, version_told

TABLES = ("sen2_return.csv", "sen2_modules.csv", "sen2_codes.csv")
FIELDS = [field for module in layout().values() for field in module.fields.values()]
IDENTIFIERS = {"surname", "forename", "birth_date", "postcode", "upn", "uln"}


def read(name):
    return pd.read_csv(bundled("data", "reference", name), dtype="str", keep_default_na=False)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_source(name):
    assert read(name)["source"].str.len().gt(10).all()


def test_the_modules_are_those_of_the_return_in_its_order():
    assert list(layout()) == list(PARENTS)


def test_every_module_has_an_id_and_all_but_the_first_what_they_belong_to():
    for name, module in layout().items():
        assert ("parent" in module.fields) == (PARENTS[name] is not None)
        assert module.fields["id"].kind == "id"


@pytest.mark.parametrize("form", FORMS)
def test_no_name_means_two_fields_of_a_module(form):
    for module in layout().values():
        for one, other in combinations(module.fields.values(), 2):
            shared = {plain(name) for name in one.names[form]} & {plain(name) for name in other.names[form]}
            assert not shared, (module.name, one.name, other.name)


def test_what_tells_who_a_child_is_is_marked():
    fields = read("sen2_return.csv").query("module == 'person' and identifier == 'yes'")
    assert set(fields["field"]) == IDENTIFIERS


def test_kinds_and_needs_are_of_the_known_ones():
    assert {field.kind for field in FIELDS} == {"id", "parent", "date", "flag", "whole", "text"}
    assert {field.needed for field in FIELDS} == {"always", "column", "no"}


def test_every_field_has_a_name_in_the_files_that_hold_it():
    for field in FIELDS:
        if field.kind not in {"id", "parent"}:
            assert field.names[CSV]
            assert field.names[XML]
            assert field.names[WORKBOOK]


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("Blade-Export_31-03-2023_sen2.csv", "sen2"),
        ("Blade-Export_31-03-2023_placementdetail.csv", "placement_detail"),
        ("blade-export_31-03-2023_PLANDETAIL.CSV", "plan_detail"),
        ("2023 active_plans.csv", "active_plans"),
        ("Blade-Export_31-03-2023_senneed.csv", "sen_need"),
        ("notes.csv", None),
    ],
)
def test_a_file_is_known_by_the_end_of_its_name(file, module):
    assert module_called(file) == module


@pytest.mark.parametrize(
    ("names", "version"),
    [
        ((("person", "sex", "sex"), ("requests", "source", "requestsource")), "1.3"),
        ((("person", "sex", "sex"), ("placement_detail", "res", "res")), "1.2"),
        ((("person", "sex", "gendercurrent"), ("active_plans", "res", "res")), "1.1"),
        ((("person", "surname", "surname"),), ""),
    ],
)
def test_the_newest_name_tells_the_version(names, version):
    assert version_told([(layout()[module].fields[field], name) for module, field, name in names]) == version


def test_codes_are_those_of_the_return():
    assert code_list("cease_reason")["5"] == "Transferred to another authority in England"
    assert len(code_list("need")) == 13
    assert set(code_list("request_outcome")) == set("YNAWH")
    with pytest.raises(UnknownLabel, match="did you mean 'need'"):
        code_list("needs")


def test_no_code_is_there_twice():
    assert not read("sen2_codes.csv").duplicated(["list", "code"]).any()
