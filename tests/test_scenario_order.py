"""Changes are made in one order, whatever order they are written in: what is built by what came before it."""

from itertools import permutations

import pandas as pd
import pytest
from builders_levers_placement import at, bases, county
from builders_levers_places import HILL, RIVER, lever, register_of
from builders_model import expected

from forecast.errors import ForecastError
from forecast.scenario.bases import TooFewToFill
from forecast.scenario.levers import LEVERS
from forecast.scenario.order import LAST, turn
from forecast.scenario.place_rows import NotPossible
from forecast.scenario.scenario import Scenario

BOTH = register_of(HILL, RIVER)
SCHOOL_AGE = slice(0, 16)
"""Positions of the year groups up to Year 11."""
FEWER = {
    "share_of_pupils": lever("share_of_pupils", "2026/27", path={"2025/26": 6, "2030/31": 3}),
    "lower_ceiling": lever("lower_ceiling", "2026/27", share=0.06),
}


def made(*changes):
    return Scenario(name="mine", why="", changes=changes)


def test_every_kind_of_change_that_has_a_turn_is_a_lever():
    assert set(LAST) <= set(LEVERS)
    assert turn(lever("open_places", school="A", district="North", places=5)) == 0


def test_a_school_delayed_and_expanded_has_the_same_places_whichever_is_written_first():
    delay, expand = (
        lever("delay_school", school="River", months=12),
        lever("expand_school", "2030/31", school="River", places=30, probability=0.5),
    )
    one, other = (made(*pair).build(BOTH) for pair in permutations([delay, expand]))
    pd.testing.assert_frame_equal(one, other)
    assert one.loc[one["school"] == "River", "opens"].tolist() == ["2029-09", "2030-09"]


def test_a_school_that_would_grow_before_its_delay_lets_it_open_is_refused_whichever_is_written_first():
    delay, expand = (
        lever("delay_school", school="River", months=24),
        lever("expand_school", "2030/31", school="River", places=30, probability=0.5),
    )
    for pair in permutations([delay, expand]):
        with pytest.raises(NotPossible, match="it opens in 2030-09; expand it later"):
            made(*pair).build(BOTH)


def test_a_school_opened_delayed_expanded_and_closed_is_the_same_in_every_order():
    changes = [
        lever("open_places", "2028/29", school="New", district="North", places=40, delay=0),
        lever("delay_school", school="New", months=12),
        lever("expand_school", "2030/31", school="New", places=20, delay=0),
        lever("close_school", "2034/35", school="New"),
    ]
    first, *others = [made(*some).build(BOTH) for some in permutations(changes)]
    assert first.loc[first["school"] == "New", ["opens", "closes", "places"]].to_numpy().tolist() == [
        ["2029-09", "2034-08", 40],
        ["2030-09", "2034-08", 20],
    ]
    for other in others:
        pd.testing.assert_frame_equal(other, first)


@pytest.mark.parametrize("kind", list(FEWER))
def test_bases_are_filled_to_their_number_of_the_children_whom_the_other_changes_leave(kind):
    drivers = county(draws=3)
    other, base = FEWER[kind], at(drivers, "base")
    fill = bases(places=60)
    without = expected(other.apply(drivers))[..., SCHOOL_AGE, base].sum(axis=(2, 3, 4))
    for pair in permutations([fill, other]):
        filled = expected(made(*pair).apply(drivers))[..., SCHOOL_AGE, base].sum(axis=(2, 3, 4))
        assert (filled - without)[:, 1:] == pytest.approx(60, rel=0.01)


def test_more_bases_than_the_children_whom_the_other_changes_leave_can_fill_are_refused():
    drivers, other = county(draws=3), FEWER["share_of_pupils"]
    with pytest.raises(TooFewToFill) as caught:
        made(bases(places=100_000), other).apply(drivers)
    assert isinstance(caught.value, ForecastError)
