"""A scenario that does not fit an area or a forecast: refused with every reason, before anything is made of it."""

import pytest
from builders_model import worcestershire

from forecast import read_area
from forecast.errors import InputFaults
from forecast.scenario.building import OpenPlaces
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.expanding import ExpandSchool
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.schools import CloseSchool, DelaySchool
from forecast.scenario.unfit import known

YEARS = range(2026, 2038)


@pytest.fixture(scope="module")
def county():
    return read_area("exampleshire")


def read(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def faults_of(county, *changes, years=YEARS):
    return Scenario(name="mine", why="", changes=changes).faults(county.about, county.places, years)


def test_a_scenario_that_fits_has_no_faults(county):
    fits = ScaleStarts(from_year=2028, factor=0.9, district=county.about.district_names[0], need="SEMH")
    assert faults_of(county, fits) == []
    assert read_scenario("white-paper").faults(county.about, county.places, YEARS) == []


def test_every_label_that_the_area_has_not_is_told_at_once_with_the_one_meant(county, tmp_path):
    district = county.about.district_names[0]
    scenario = read(
        tmp_path,
        f"""\
name: Mine
why: As asked.
changes:
  - {{kind: scale_starts, from: 2027/28, factor: 0.9, district: {district}x, need: SEHM}}
  - kind: shift_placement
    from: 2027/28
    share: 0.2
    instead_of: specail
    to: mainstream
""",
    )
    faults = scenario.faults(county.about, county.places, YEARS)
    assert [(fault.file, fault.row, fault.field) for fault in faults] == [
        ("mine.yaml", 4, "change 1, district"),
        ("mine.yaml", 4, "change 1, need"),
        ("mine.yaml", 8, "change 2, instead_of"),
    ]
    remedies = [fault.remedy for fault in faults]
    assert remedies == [f"did you mean {district!r}", "did you mean 'SEMH'", "did you mean 'special'"]
    assert "no kind of place called 'specail'" in faults[2].what


def test_a_school_that_is_not_there_is_answered_with_the_one_meant_whatever_its_capitals(county):
    name = county.places["school"].iloc[0]
    (fault,) = faults_of(county, DelaySchool(from_year=2028, school=name.upper(), months=6))
    assert "no school or base called" in fault.what
    assert fault.remedy == f"did you mean {name!r}"


def test_a_school_that_one_change_opens_is_known_to_the_others_wherever_it_is_written(county, tmp_path):
    district = county.about.district_names[0]
    opens = f"""\
name: Mine
why: As asked.
changes:
  - {{kind: open_places, from: 2028/29, school: Brand New, district: {district}, provision: special, places: 40}}
"""
    closes = "  - {kind: close_school, from: 2033/34, school: Brand New}\n"
    both = read(tmp_path, opens + closes)
    assert both.faults(county.about, county.places, YEARS) == []
    assert faults_of(county, *reversed(both.changes)) == []
    alone = Scenario(name="mine", why="", changes=both.changes[1:])
    assert "Brand New" in alone.faults(county.about, county.places, YEARS)[0].what


@pytest.mark.parametrize("first", [2025, 2024, 2011])
def test_a_change_dated_at_the_census_or_before_it_is_refused(county, first):
    (fault,) = faults_of(county, ScaleStarts(from_year=first, factor=0.9))
    assert "children of 2024/25 are counted already" in fault.what
    assert fault.remedy == "begin in 2025/26 or later"


def test_a_change_past_the_last_year_of_the_forecast_is_refused_with_the_reason(county):
    (fault,) = faults_of(county, ScaleStarts(from_year=2038, factor=0.9))
    assert "after the last year of the forecast, 2036/37" in fault.what
    assert "it would do nothing" in fault.remedy
    assert faults_of(county, ScaleStarts(from_year=2037, factor=0.9)) == []


def test_places_that_are_first_counted_after_the_last_year_of_the_forecast_are_refused_with_the_reason(county):
    """Opened in May 2037 they are counted in January 2038, and nothing is spent on them before."""
    district = county.about.district_names[0]
    late, soon = (
        OpenPlaces(from_year=2037, month=month, school="Brand New", district=district, places=40) for month in (5, 9)
    )
    (fault,) = faults_of(county, late)
    assert "first counted in January 2038, and the forecast ends in January 2037" in fault.what
    assert "it would do nothing: open them earlier" in fault.remedy
    assert faults_of(county, soon) == []
    assert faults_of(county, late, years=range(2026, 2039)) == []


def test_a_world_may_lie_past_a_short_forecast(county):
    assert read_scenario("white-paper").faults(county.about, county.places, range(2026, 2028)) == []


def test_changes_made_without_a_file_can_be_in_conflict_too(county):
    twice = ScaleStarts(from_year=2028, factor=0.9), ScaleStarts(from_year=2030, factor=0.8)
    (fault,) = faults_of(county, *twice)
    assert (fault.file, fault.row, fault.field) == ("mine", 0, "change 2")


def test_what_cannot_be_built_is_a_fault_of_its_change_and_the_others_are_still_looked_at(county):
    gone = county.places.loc[county.places["opens"] == "", "school"].iloc[0]
    faults = faults_of(
        county,
        CloseSchool(from_year=2028, school=gone),
        DelaySchool(from_year=2029, school=gone, months=6),
        ScaleStarts(from_year=2028, factor=1, need="none"),
    )
    assert [fault.field for fault in faults] == ["change 2", "change 3"]
    assert all(fault.remedy for fault in faults)


def test_an_area_that_lists_no_schools_says_so():
    area = worcestershire()
    nothing = area.places.iloc[:0]
    scenario = Scenario(name="mine", why="", changes=(CloseSchool(from_year=2028, school="Riverside"),))
    (fault,) = scenario.faults(area.about, nothing, YEARS)
    assert "lists no schools of its own" in fault.what
    assert fault.remedy == "list the area's places in places.csv, or leave this out"


@pytest.mark.parametrize("kind", [CloseSchool, DelaySchool, ExpandSchool])
def test_places_taken_to_be_there_are_no_school_that_a_change_could_name(kind):
    area = worcestershire()
    fields = {DelaySchool: {"months": 6}, ExpandSchool: {"places": 20}}.get(kind, {})
    for name in area.places["school"]:
        (fault,) = faults_of(area, kind(from_year=2028, school=name, **fields))
        assert "lists no schools of its own" in fault.what
        assert "choose from" not in fault.remedy
    assert known(area.about, area.places)["school"] == ()


def test_a_school_that_a_change_opens_may_be_changed_where_the_area_lists_none():
    area = worcestershire()
    opens = OpenPlaces(from_year=2028, school="Brand New", district=area.about.district_names[0], places=40)
    assert faults_of(area, opens, ExpandSchool(from_year=2031, school="Brand New", places=20)) == []
    (fault,) = faults_of(area, opens, ExpandSchool(from_year=2031, school="Brand Nwe", places=20))
    assert fault.remedy == "did you mean 'Brand New'"


def test_a_label_in_a_list_or_a_mapping_and_a_date_are_told_on_their_own_rows(county, tmp_path):
    district = county.about.district_names[0]
    scenario = read(
        tmp_path,
        f"""\
name: Mine
why: As asked.
changes:
  - kind: shift_placement
    evidence: [{{says: Nowhere, source: Nowhere}}]
    from: 2020/21
    share: 0.2
    district:
      - {district}
      - Nowhere
    instead_of: special
    to:
      mainstreem: 0.5
      base: 0.5
""",
    )
    faults = scenario.faults(county.about, county.places, YEARS)
    assert {(fault.row, fault.field) for fault in faults} == {
        (6, "change 1, from"), (10, "change 1, district 2"), (13, "change 1, to.mainstreem"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{kind: scale_starts, from: 2027/28, factor: {value: 0.9, low: 1, high: 0.8}}", "upside down"),
        ("{kind: rebalance, from: 2027/28, share: 1.4, support: 0}", "a share lies from 0 to 1"),
        ("{kind: rebalance, from: 2027/28, share: {value: 0.9, low: 0.5, high: 1.2}, support: 0}", "a share lies"),
        ("{kind: open_places, from: 2028/29, school: A, district: B, provision: special, places: -4}", "below 0"),
        ("{kind: scale_starts, from: 2030/31, until: 2028/29, factor: 0.9}", "before it begins"),
        ("{kind: scale_starts, from: 2027/28, factor: 0.9, need: no}", "yes or no"),
    ],
    ids=["upside down", "over 100%", "range over 100%", "negative places", "ends first", "need that YAML misreads"],
)
def test_what_can_never_be_is_refused_on_reading_with_its_line(tmp_path, change, said):
    with pytest.raises(InputFaults) as caught:
        read(tmp_path, f"name: Mine\nwhy: As asked.\nchanges:\n  - {change}\n")
    (fault,) = caught.value.faults
    assert said in fault.what
    assert fault.row == 4
    assert fault.remedy
