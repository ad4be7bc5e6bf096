"""The second stage of a school: the January to look, the January it is there, and what the count at hand says."""

from dataclasses import replace

import pytest
from builders_size import exampleton

from forecast.decide.second import second_of


def second(**other):
    """The second stage of the school for Exampleton, with parts of its case or setting put otherwise."""
    sized = exampleton()
    setting = replace(sized.case.setting, coming=other.pop("coming", sized.case.setting.coming))
    return second_of(replace(sized.case, setting=setting, **other), sized.stages, sized.cheapest)


def test_the_count_to_look_at_is_the_last_before_which_it_can_be_there_when_the_school_is_full_grown():
    found = second()  # opens in September 2027 and fills in six years; an expansion takes two
    assert exampleton().case.years[exampleton().case.ready] == 2033
    assert (found.look, found.lead, found.by) == (2031, 2, 2033)


def test_where_the_school_is_full_grown_too_soon_the_next_count_is_looked_at():
    years = exampleton().case.years
    found = second(ready=years.index(2028))
    assert (found.look, found.by) == (2027, 2029)


@pytest.mark.parametrize("ready", [2036, 2037])
def test_no_count_is_looked_at_from_which_it_could_not_open_before_the_forecast_ends(ready):
    found = second(ready=exampleton().case.years.index(ready))
    assert (found.look, found.by) == (ready - 2, ready)
    assert found.by <= exampleton().case.years[-1]


def test_where_the_latest_census_is_this_years_the_first_count_to_look_at_is_the_next_one():
    found = second(coming=2025, ready=exampleton().case.years.index(2026))
    assert exampleton().case.years[0] == 2025
    assert (found.look, found.by) == (2026, 2028)
    assert found.reviews["year"].min() == 2026
    assert found.ever == pytest.approx(second(coming=2026).ever)


def test_without_time_for_an_expansion_there_is_no_second_stage():
    assert second(coming=2036) is None
