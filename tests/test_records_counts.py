"""What a return says of a child, and how the child counts: every answer here was worked out by hand."""

import pandas as pd
import pytest
from builders_return import KINDS, at, child, filed, plan
from records_kit import counted, placements, told

from forecast.domain import Need
from forecast.errors import InputFaults
from forecast.records.census import census_day, nc_year


def north(name, *plans, born="2013-05-01", **fields):
    return child(name, born=born, postcode="ZZ1 1AA", plans=plans, **fields)


def only(result, year=2025):
    """The one cell of a census of one child."""
    ((cell, children),) = placements(result, year).items()
    assert children == 1
    return cell


def places_of(*children, born="2013-05-01", **kwargs):
    """Kind of place of children who each have other placements, told apart by their needs."""
    needs = [need.value for need in Need][: len(children)]
    held = [plan(placed=placed, needs=[need]) for need, placed in zip(needs, children, strict=True)]
    result = counted(
        filed(2025, [north(need, one, born=born) for need, one in zip(needs, held, strict=True)]), **kwargs
    )
    kinds = {cell[1]: cell[3] for cell in placements(result, 2025)}
    return [kinds[need] for need in needs]


def test_census_day_is_the_third_thursday_of_january():
    days = [census_day(year) for year in range(2023, 2027)]
    assert [f"{day:%Y-%m-%d}" for day in days] == ["2023-01-19", "2024-01-18", "2025-01-16", "2026-01-15"]


BORN = {
    "2013-08-31": 7,
    "2013-09-01": 6,
    "2020-08-31": 0,
    "2020-09-01": -1,
    "2000-08-31": 20,
    "1999-09-01": 20,
    "1999-08-31": 20,
    "2024-12-25": -4,
    "2012-02-29": 8,
}


def test_a_child_born_on_31_august_is_a_year_ahead_of_one_born_the_day_after():
    exact = nc_year(pd.Series(pd.to_datetime(list(BORN))), 2025)
    assert exact.tolist()[:-4] == list(BORN.values())[:-4]
    assert exact.tolist()[-3:-1] == [21, -5]
    needs = [need.value for need in Need]
    children = [north(need, plan(needs=[need]), born=born) for need, born in zip(needs, BORN, strict=False)]
    found = {cell[1]: cell[2] for cell in placements(counted(filed(2025, children)), 2025)}
    assert [found[need] for need, _ in zip(needs, BORN, strict=False)] == list(BORN.values())


IN_FORCE = {
    ("2025-01-16", None): True,
    ("2025-01-17", None): False,
    ("2020-03-01", "2025-01-16"): False,
    ("2020-03-01", "2025-01-17"): True,
    (None, None): True,
    ("unnamed", None): True,
}


def test_a_plan_counts_from_the_day_it_starts_to_the_day_before_it_ceases():
    needs = [need.value for need in Need][: len(IN_FORCE)]
    held = [plan(*dates, reason=None, needs=[need]) for need, dates in zip(needs, IN_FORCE, strict=True)]
    result = counted(filed(2025, [north(need, one) for need, one in zip(needs, held, strict=True)]))
    found = {cell[1] for cell in placements(result, 2025)}
    assert [need in found for need in needs] == list(IN_FORCE.values())


def test_a_placement_left_the_day_before_the_census_is_none_and_one_left_on_the_day_is():
    left = [[at("100003", leaving=day)] for day in ("2025-01-15", "2025-01-16")]
    entered = [[at("100003", entry=day)] for day in ("2025-01-16", "2025-01-17")]
    assert places_of(*left, *entered) == ["not_recorded", "special", "special", "not_recorded"]


def test_the_type_of_the_school_is_the_kind_of_place():
    labels = ["college" if kind == "post16" else kind for kind in KINDS.values()]
    assert places_of(*([at(urn)] for urn in KINDS)) == labels
    assert places_of(*([at(ukprn=f"100000{urn[-2:]}")] for urn in KINDS)) == labels


def test_a_unit_is_a_base_only_in_a_mainstream_school():
    assert places_of([at("100001", unit=True)], [at("100002", resourced=True)]) == ["base", "base"]
    result = counted(filed(2025, [north("a", plan(placed=[at("100003", unit=True)]))]))
    assert only(result)[3] == "special"
    assert told(result, 2025)["odd_base"] == 1


def test_a_child_without_a_school_is_placed_by_the_code_of_the_setting():
    codes = ["OLA", "OPA", "EHE", "NEET", "NIEC", "NIEO", "OTH", "ola ", "EYP"]
    assert places_of(*([at(setting=code)] for code in codes)) == ["elsewhere"] * 8 + ["early_years"]


def test_a_school_that_nobody_knows_is_not_recorded_and_is_told():
    result = counted(filed(2025, [north("a", plan(placed=[at("999999")])), north("b", plan(placed=[at()]))]))
    assert set(placements(result, 2025)) == {("North", "ASD", 7, "not_recorded")}
    found = told(result, 2025)
    assert (found["school_unknown"], found["nothing_given"], found["not_placed"]) == (1, 1, 0)


def test_an_unknown_provider_is_a_college_for_those_old_enough():
    assert places_of([at(ukprn="10099999")], born="2007-05-01") == ["college"]
    assert places_of([at(ukprn="10099999")], born="2010-05-01") == ["not_recorded"]


def test_schools_of_other_authorities_are_kept_apart_when_asked():
    schools = [[at(urn)] for urn in ("100004", "100006", "100005", "100003")]
    assert places_of(*schools) == ["special", "independent", "independent", "special"]
    apart = ["special_out_of_area", "independent_out_of_area", "independent", "special"]
    assert places_of(*schools, out_of_area=True) == apart
    about = counted(filed(2025, [north("a", plan())]), out_of_area=True).about
    assert about.provisions["special_out_of_area"] == "special"
    assert about.provisions["independent_out_of_area"] == "independent"


def test_the_first_placement_counts_before_the_second_and_the_later_of_two_first_ones():
    both = at("100003", entry="2022-09-01"), at("100008", entry="2023-09-01")
    second = at("100003", rank=2)
    found = places_of(
        (second, at("100001", rank=1)),
        (second, at("100001", rank=1, leaving="2024-07-20")),
        both,
        tuple(reversed(both)),
    )
    assert found == ["mainstream", "special", "alternative", "alternative"]
    result = counted(filed(2025, [north("a", plan(placed=both)), north("b", plan(placed=[at("100003", rank=2)]))]))
    found = told(result, 2025)
    assert (found["several_first_placements"], found["no_first_placement"]) == (1, 1)


def test_a_child_with_two_plans_counts_once_by_the_later():
    early = plan("2019-01-01", needs=("MLD",), placed=[at("100003")])
    late = plan("2022-01-01", needs=("ASD",), placed=[at("100001")])
    for plans in ((early, late), (late, early)):
        result = counted(filed(2025, [north("a", *plans)]))
        assert only(result) == ("North", "ASD", 7, "mainstream")
        assert told(result, 2025)["several_plans"] == 1


def test_the_need_is_the_one_at_rank_1():
    said = [(("SLCN", 2), ("SEMH", 1)), (("HI", None),), (("MLD", 2),), (), (("XXX", 1),), ("ds",)]
    result = counted(filed(2025, [north(f"{place}", plan(needs=needs)) for place, needs in enumerate(said)]))
    found = {need: children for (_, need, _, _), children in placements(result, 2025).items()}
    assert found == {"SEMH": 1, "HI": 1, "DS": 1, "not_recorded": 3}
    assert told(result, 2025)["need_not_recorded"] == 3


def test_records_of_nobody_are_told_and_not_counted():
    strays = [("named_plan", {"start_date": "2020-01-01"}), ("requests", {"received_date": "2024-03-01"})]
    result = counted(filed(2025, [north("a", plan())], strays=strays))
    assert told(result, 2025)["children"] == 1
    assert told(result, 2025)["orphans"] == 2


def test_returns_must_come_in_order_and_be_the_areas_own():
    children = [north("a", plan())]
    for returns, words in (
        ([filed(2025, children), filed(2024, children)], "January 2024 comes after January 2025"),
        ([filed(2025, children), filed(2025, children)], "January 2025 comes after January 2025"),
        ([filed(2025, children, lea="888")], "is not of authority 999"),
        ([filed(2025, children, software="Capita")], "not of invented children"),
    ):
        with pytest.raises(InputFaults, match=words):
            counted(*returns)


def test_an_area_counted_says_whose_figures_it_holds():
    about = counted(filed(2024, [north("a", plan())]), filed(2025, [north("a", plan())])).about
    assert (about.kind, about.latest_census, about.synthetic) == ("records", 2025, True)
    assert {"DS", "ASD"} <= set(about.needs)
    assert [source.source for source in about.sources if source.table == "placements.csv"] == []
    assert [source.table for source in about.sources if source.status == "counted"] == ["January 2024", "January 2025"]
    assert any("in force on census day" in note for note in about.notes)
