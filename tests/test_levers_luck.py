"""What chance makes of a lever's range: as much as is written, in every run and in every part of one."""

import numpy as np
import pytest
from builders_model import empty
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.certain import certain
from forecast.scenario.bases import ExpandBases
from forecast.scenario.dated import drawn
from forecast.scenario.families import FamiliesMoveIn
from forecast.scenario.placement import Rebalance
from forecast.scenario.written import Range

SHARE = Range(value=0.3, low=0.2, high=0.4)


def settled(setting, lever, draws=50):
    """A setting of a lever at the mean of the futures."""
    found = getattr(certain(lever, empty(draws=draws)), setting)
    assert found.low == found.value == found.high
    return found.value


@given(draws=st.integers(2, 400), whose=st.sampled_from(["rebalance", "support", "bring_home"]))
def test_the_mean_of_an_even_range_is_its_middle_however_few_the_futures(draws, whose):
    assert float(drawn(SHARE, empty(draws=draws), whose).mean()) == pytest.approx(0.3, abs=1e-9)


def test_a_tenth_of_the_futures_is_below_the_low_end_and_a_tenth_above_the_high_one():
    found = drawn(Range(value=0.3, low=0.1, high=0.4), empty(draws=200), "rebalance").to_numpy()
    assert (found < 0.1).sum() == (found > 0.4).sum() == 20
    assert (found < 0.3).sum() == 100


def test_some_of_the_futures_meet_the_luck_that_they_have_among_all():
    drivers = empty(draws=60)
    every = drawn(SHARE, drivers, "rebalance")
    for some in (slice(20, 40), [0, 3, 59]):
        np.testing.assert_array_equal(drawn(SHARE, drivers.isel(draw=some), "rebalance"), every.isel(draw=some))


def test_luck_of_one_name_says_nothing_of_that_of_another_and_hangs_on_the_seed():
    drivers = empty(draws=400)
    one, other = (drawn(SHARE, drivers, whose).to_numpy() for whose in ("rebalance", "support"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.15
    assert not np.array_equal(one, drawn(SHARE, drivers.assign_attrs(seed=2), "rebalance"))


def test_a_lever_without_its_range_pays_what_it_pays_on_average_whatever_its_luck_is_called():
    support = {"value": 6_000, "low": 3_000, "high": 7_000}
    lever = Rebalance.model_validate({"from": "2026/27", "share": 0.3, "support": support})
    in_each = drawn(lever.support, empty(draws=50), "support")
    assert settled("support", lever) == pytest.approx(float(in_each.mean()))
    bases = ExpandBases.model_validate({"from": "2026/27", "places": 10})
    part = drawn(bases.from_special, empty(draws=50), "from special").clip(0, 1)
    assert settled("from_special", bases) == pytest.approx(float(part.mean()))


def test_a_share_is_cut_at_all_of_the_children_before_its_mean_is_taken():
    lever = Rebalance.model_validate(
        {"from": "2026/27", "share": {"value": 0.9, "low": 0.8, "high": 1.0}, "support": 0}
    )
    in_each = lever.share(lever.sends, empty(years=(2027,), draws=50)).sel(year=2027)
    assert float(in_each.max()) == 1
    assert settled("sends", lever) == pytest.approx(float(in_each.mean()))
    assert settled("sends", lever) < 0.898, "what is cut off above weighs nothing below"
    few = {"from": "2026/27", "people": {"value": 100, "low": 10, "high": 400}, "age_from": 0, "age_to": 9}
    people = FamiliesMoveIn.model_validate(few)
    in_each = drawn(people.people, empty(draws=50), "people who move in").clip(min=0)
    assert settled("people", people) == pytest.approx(float(in_each.mean()))
