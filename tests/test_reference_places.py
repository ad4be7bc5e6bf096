"""Sizes of schools and lead times that ship: what they say, where they come from, and what a wrong file is told."""

import pytest

from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_places import read_costs, read_projects, read_sizes

SIZES = "kind,least,most,unit,supported,source"
PROJECTS = "kind,ramp,ramp_supported,ramp_source,months,months_low,months_high,months_supported,months_source"


def said(reader, path):
    with pytest.raises(InputFaults) as caught:
        reader(path)
    return {(fault.row, fault.field): fault for fault in caught.value.faults}


@pytest.fixture
def given(tmp_path):
    def write(*lines):
        path = tmp_path / "given.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def test_schools_are_as_large_as_councils_commission_them():
    sizes = read_sizes()
    assert (sizes["one_phase"].least, sizes["one_phase"].most) == (138, 164)
    assert (sizes["all_through"].least, sizes["all_through"].most) == (250, 280)
    assert (sizes["class"].least, sizes["class"].most, sizes["class"].unit) == (8, 12, "children")
    assert (sizes["hub_and_spoke"].least, sizes["hub_and_spoke"].most) == (30, 64)
    assert all(size.source and 0 <= size.least <= size.most for size in sizes.values())


def test_every_kind_of_project_fills_up_and_says_that_its_months_are_judgement():
    projects = read_projects()
    assert set(projects) == {"new_school", "short_stay", "expansion", "satellite", "base", "hub_and_spoke"}
    assert projects["new_school"].ramp == (0.3, 0.5, 0.7, 0.85, 0.95, 1)
    assert projects["satellite"].ramp == (0.6, 0.9, 1)
    assert projects["base"].ramp == (0.5, 0.85, 1)
    for project in projects.values():
        assert sorted(project.ramp) == list(project.ramp)
        assert project.ramp[-1] == 1
        assert 0 < project.months_low <= project.months <= project.months_high
        assert not project.months_supported
        assert "judgement" in project.months_source.lower()


def test_a_hub_fills_evenly_from_its_first_size_to_its_last():
    hub, ramp = read_sizes()["hub_and_spoke"], read_projects()["hub_and_spoke"].ramp
    steps = [hub.least + (hub.most - hub.least) * year / 4 for year in range(5)]
    assert ramp == pytest.approx([step / hub.most for step in steps], abs=0.005)


def test_a_base_opens_before_a_school_and_a_satellite_between():
    months = {kind: project.months for kind, project in read_projects().items()}
    assert months["base"] < months["satellite"] < months["expansion"] < months["new_school"]


def test_what_ships_is_described_where_the_other_tables_are():
    readme = bundled("data", "reference", "README.md").read_text(encoding="utf-8")
    for name in ("costs.csv", "sizes.csv", "projects.csv"):
        assert f"`{name}`" in readme


def test_a_file_given_instead_is_read_and_its_faults_are_named_together(given):
    assert read_sizes(given(SIZES, "class,6,9,children,no,Ours"))["class"].most == 9
    faults = said(
        read_sizes, given(SIZES, "class,12,8,children,no,Ours", "class,x,9,children,no,", "hub,-1,2,places,yes,a")
    )
    assert {(2, "least"), (3, "least"), (3, "source"), (4, "least")} <= set(faults)
    assert all(fault.remedy for fault in faults.values())
    twice = given(SIZES, "class,8,9,children,no,Ours", "class,8,9,children,no,Ours")
    assert "same kind as row 2" in said(read_sizes, twice)[3, ""].what


def test_months_that_are_out_of_order_and_a_ramp_beyond_all_are_faults(given):
    rows = ["a,0.5;1.2,no,b,12,6,18,no,c", "d,0.5;1,no,b,12,14,18,no,c", "e,,no,b,12,6,18,no,c"]
    faults = said(read_projects, given(PROJECTS, *rows))
    assert "not from 0 to 1" in faults[2, "ramp"].what
    assert faults[3, "months"].what == "is not from months_low to months_high"
    assert faults[4, "ramp"].what == "is blank"


@pytest.mark.parametrize("reader", [read_costs, read_sizes, read_projects])
def test_a_file_that_is_no_such_table_is_a_fault(reader, given, tmp_path):
    assert "cannot be read" in said(reader, tmp_path / "none.csv")[0, ""].what
    assert (1, "") in said(reader, given("town,river", "Worcester,Severn"))
    header = bundled(
        "data", "reference", {read_costs: "costs.csv", read_sizes: "sizes.csv"}.get(reader, "projects.csv")
    )
    assert said(reader, given(header.read_text(encoding="utf-8").split("\n")[0]))[0, ""].what == "has no rows"
