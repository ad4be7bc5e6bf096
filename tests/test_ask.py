"""A question of size is checked against the area, and everything wrong with it is said at once."""

import pytest
from builders_projection import made_up_about

from forecast.decide.ask import Ask, asked
from forecast.errors import InputFaults

ABOUT = made_up_about()
LAST = 2037


def checked(**said):
    return Ask(**{"opens": "2027-09"} | said).checked_against(ABOUT, LAST)


def faults(**said):
    with pytest.raises(InputFaults) as found:
        checked(**said)
    return str(found.value)


def test_a_question_keeps_the_areas_own_spelling():
    found = checked(needs=("asd", " slcn"), districts=("easthill",), provision="Special")
    assert (found.needs, found.districts, found.provision) == (("ASD", "SLCN"), ("Easthill",), "special")


def test_a_broad_area_of_need_stands_for_its_needs():
    assert checked(needs=("Communication and interaction", "ASD")).needs == ("ASD", "SLCN")


def test_every_need_and_every_district_are_the_same_as_none_named():
    found = checked(needs=tuple(ABOUT.needs), districts=ABOUT.district_names)
    assert (found.needs, found.districts) == ((), ())


def test_every_fault_is_said_at_once_with_its_remedy():
    said = faults(
        needs=("ASF",), districts=("Southmeer",), provision="specialist", opens="2025-01", nc_from=9, nc_to=3, places=0,
        class_size=-1,
    ).splitlines()  # fmt: skip
    assert len(said) == 7
    together = "\n".join(said)
    for remedy in (
        "no need is called 'ASF'; did you mean 'ASD'?",
        "no district is called 'Southmeer'; did you mean 'Southmere'?",
        "no kind of place is called 'specialist'; did you mean 'special'?",
        "2025-01 is not after the latest census",
        "year group 9 is after 3; give the younger one first",
        "a size of 0 has no place in it",
        "a class of -1 has no place in it",
    ):
        assert remedy in together


@pytest.mark.parametrize("month", ["2025-09", "2026-09", "2025-03"])
def test_a_month_that_has_passed_is_refused_and_no_past_month_is_offered(month):
    with pytest.raises(InputFaults, match=r"give a later month, such as 2027-09"):
        Ask(opens=month).checked_against(ABOUT, LAST, 2027)
    assert Ask(opens="2027-01").checked_against(ABOUT, LAST, 2027).january == 2027


def test_needs_may_be_named_in_words_and_the_remedy_says_them_beside_their_codes():
    assert checked(needs=("Autistic spectrum disorder",)).needs == ("ASD",)
    assert "ASD (autistic spectrum disorder)" in faults(needs=("quite another thing",))


def test_a_council_is_not_asked_to_build_independent_places():
    said = faults(provision="independent")
    assert "a council builds no places of the kind" in said
    assert "choose from special, base" in said


def test_sizes_and_classes_that_nobody_builds_are_refused_with_the_reason():
    assert checked(places=1_000, class_size=30).places == 1_000
    said = faults(places=20_000_000, class_size=31)
    assert "a size of 20,000,000 is too large: special schools are commissioned far smaller" in said
    assert "write a whole number from 1 to 1,000" in said
    assert "a class of 31 is too large" in said
    assert "from 1 to 30" in said


@pytest.mark.parametrize("month", ["2027", "2027-13", "September 2027", "2027-9"])
def test_what_is_no_month_is_refused(month):
    assert "is no month; write it as 2027-09" in faults(opens=month)


def test_a_school_that_opens_after_the_forecast_has_ended_is_refused():
    assert checked(opens="2036-09").january == LAST
    assert "the forecast ends in 2036/37" in faults(opens="2037-02")


def test_year_groups_that_there_are_not_are_refused():
    assert "there is no year group 21" in faults(nc_to=21)
    assert "there is no year group -5" in faults(nc_from=-5)


@pytest.mark.parametrize(
    ("ages", "span"),
    [("-1..14", (-1, 14)), ("Primary", (0, 6)), ("7", (7, 7)), ("16-19", (12, 14)), ("0 .. 6", (0, 6))],
)
def test_year_groups_are_read_as_they_are_written(ages, span):
    assert asked(ABOUT, LAST, 2026, ages, opens="2027-09").span == span


def test_year_groups_that_cannot_be_read_are_said_beside_the_other_faults():
    with pytest.raises(InputFaults) as found:
        asked(ABOUT, LAST, 2026, "four to six", opens="soon")
    assert len(found.value.faults) == 2
    assert "'four to six' are no year groups" in str(found.value)


@pytest.mark.parametrize(
    ("month", "january"), [("2027-09", 2028), ("2028-01", 2028), ("2027-12", 2028), ("2028-02", 2029)]
)
def test_the_first_january_is_the_one_on_or_after_the_opening(month, january):
    assert Ask(opens=month).january == january
