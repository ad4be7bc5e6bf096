import numpy as np
import pandas as pd
import pytest
from builders_prices import DRAWS, YEARS, openings, sizes, wanteds
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.decide.occupancy import (
    by_size,
    chance_full,
    chance_tenth_empty,
    expected_empty,
    expected_short,
    filled,
    later,
    open_share,
    places_by_year,
    standing,
)
from forecast.inputs.assumptions import Assumption
from forecast.places.register import places_open

JANUARIES = range(2026, 2034)
RAMP = [0.3, 0.5, 0.7, 0.85, 0.95, 1.0]
ON_TIME = np.zeros(3)


def opened(opens="2027-09", ramp=RAMP, chance=1.0, late=ON_TIME, name="Riverside", seed=1):
    return open_share(opens, ramp, chance, np.asarray(late, dtype=float), JANUARIES, seed, name)


def test_a_school_that_opens_in_september_counts_from_the_next_january_and_keeps_the_last_of_its_ramp():
    assert opened()[0].tolist() == [0, 0, 0.3, 0.5, 0.7, 0.85, 0.95, 1]
    assert opened(ramp=[0.5, 1]).tolist() == [[0, 0, 0.5, 1, 1, 1, 1, 1]] * 3
    assert opened(ramp=[])[0].tolist() == [0, 0, 1, 1, 1, 1, 1, 1]


def test_a_school_that_opens_in_january_counts_from_that_january():
    assert opened(opens="2028-01", ramp=[0.5, 1])[0].tolist() == [0, 0, 0.5, 1, 1, 1, 1, 1]
    assert opened(opens="2028-02", ramp=[0.5, 1])[0].tolist() == [0, 0, 0, 0.5, 1, 1, 1, 1]


def test_four_months_late_changes_no_january_and_five_months_loses_one():
    late = opened(ramp=[0.5, 1], late=[4, 5, 24])
    assert late[:, 1:6].tolist() == [[0, 0.5, 1, 1, 1], [0, 0, 0.5, 1, 1], [0, 0, 0, 0.5, 1]]


def test_a_planned_school_is_as_open_as_the_places_register_expects_it_to_be():
    row = {"opens": "2028-09", "closes": "", "ramp": "0.4;0.8;1", "probability": 0.6, "places": 100}
    row |= {"taken_by_others": 0, "provision": "special", "school": "Riverside", "delay": 0.0}
    on_time = Assumption(says="", value=0, low=0, high=0, owner="", source="", review="2030-01-01")
    register = places_open(pd.DataFrame([row]), ["special"], list(JANUARIES), on_time).sel(provision="special")
    drawn = opened("2028-09", [0.4, 0.8, 1], chance=0.6, late=np.zeros(20_000)).mean(axis=0)
    assert 100 * drawn == pytest.approx(register.to_numpy(), abs=1.5)


def test_in_each_future_a_school_is_built_wholly_or_not_at_all():
    reached = opened(chance=0.5, late=np.zeros(400))[:, -1]
    assert set(reached.tolist()) == {0.0, 1.0}
    assert 0.4 < reached.mean() < 0.6


@given(few=st.floats(0, 1), more=st.floats(0, 1))
def test_a_better_chance_only_adds_futures_in_which_it_is_built(few, more):
    few, more = sorted([few, more])
    late = np.zeros(50)
    assert (opened(chance=few, late=late) <= opened(chance=more, late=late)).all()


def test_luck_belongs_to_the_name_and_the_seed_and_more_futures_leave_the_first_as_they_were():
    late = np.zeros(200)
    first = opened(chance=0.5, late=late)
    assert (opened(chance=0.5, late=np.zeros(300))[:200] == first).all()
    assert (opened(chance=0.5, late=late, name="Hillside") != first).any()
    assert (opened(chance=0.5, late=late, seed=2) != first).any()


def test_months_are_added_over_the_turn_of_years():
    assert [later("2026-11", months) for months in (0, 1, 2, 14, 48)] == [
        "2026-11", "2026-12", "2027-01", "2028-01", "2030-11"
    ]  # fmt: skip


def test_a_building_stands_from_its_first_open_january_on():
    assert standing(np.array([[0, 0.3, 1], [0, 0, 0]])).tolist() == [[False, True, True], [False, False, False]]


def test_twenty_places_for_ten_to_thirty_children_by_hand():
    wanted = np.array([[10.0], [17.0], [18.0], [20.0], [30.0]])
    everywhere = np.ones((5, 1))
    assert filled(wanted, 20, everywhere)[:, 0].tolist() == [10, 17, 18, 20, 20]
    assert chance_full(wanted, [20], everywhere).item() == 2 / 5
    assert chance_tenth_empty(wanted, [20], everywhere).item() == 2 / 5
    assert expected_short(wanted, [20], everywhere).item() == 10 / 5
    assert expected_empty(wanted, [20], everywhere).item() == (10 + 3 + 2) / 5


def test_chances_are_of_the_futures_in_which_the_school_is_open():
    wanted = np.array([[5.0, 5.0], [50.0, 50.0]])
    share = np.array([[0.0, 0.0], [0.0, 1.0]])
    assert np.isnan(chance_full(wanted, [20], share)[0, 0])
    assert chance_full(wanted, [20], share)[0, 1] == 1
    assert chance_tenth_empty(wanted, [20], share)[0, 1] == 0
    assert expected_short(wanted, [20], share)[0].tolist() == [27.5, (5 + 30) / 2]


def test_a_third_of_a_school_is_full_with_a_third_of_its_children():
    wanted, share = np.array([[3.0], [2.9]]), np.full((2, 1), 0.1 + 0.2)
    assert chance_full(wanted, [10], share).item() == 0.5


def test_places_that_would_be_enough_are_quantiles_of_the_children_in_each_january():
    wanted = np.column_stack([np.arange(101), np.full(101, 7)]).astype(float)
    table = places_by_year(wanted, [2027, 2028])
    assert table["year"].tolist() == [2027, 2028]
    assert table[["mean", "p10", "p50", "p80", "p90"]].to_numpy().tolist() == [[50, 10, 50, 80, 90], [7] * 5]


@given(wanted=wanteds, share=openings, small=sizes, more=sizes)
def test_more_places_never_leave_more_children_without_and_never_fill_fewer(wanted, share, small, more):
    short = expected_short(wanted, [small, small + more], share)
    assert (short[1] <= short[0]).all()
    assert (filled(wanted, small, share) <= filled(wanted, small + more, share)).all()


@given(wanted=wanteds, share=openings, small=sizes, more=sizes)
def test_more_places_are_never_likelier_to_be_full_nor_less_likely_to_stand_empty(wanted, share, small, more):
    at = (share > 0).any(axis=0)
    full = chance_full(wanted, [small, small + more], share)[:, at]
    empty = chance_tenth_empty(wanted, [small, small + more], share)[:, at]
    assert (full[1] <= full[0]).all()
    assert (empty[1] >= empty[0]).all()


@given(wanted=wanteds, size=sizes, months=st.integers(0, 60), more=st.integers(0, 36))
def test_opening_later_never_places_more_children_nor_leaves_fewer_without(wanted, size, months, more):
    years, plan = range(2027, 2027 + YEARS), ("2026-09", RAMP, 1.0)
    sooner = open_share(*plan, np.full(DRAWS, float(months)), years, 1, "Riverside")
    after = open_share(*plan, np.full(DRAWS, float(months + more)), years, 1, "Riverside")
    assert (filled(wanted, size, after) <= filled(wanted, size, sooner)).all()
    assert (expected_short(wanted, [size], after) >= expected_short(wanted, [size], sooner)).all()


@given(wanted=wanteds, share=openings, size=sizes)
def test_every_child_is_placed_or_without_and_every_place_taken_or_empty(wanted, share, size):
    taken = filled(wanted, size, share).mean(axis=0)
    assert taken + expected_short(wanted, [size], share)[0] == pytest.approx(wanted.mean(axis=0))
    assert taken + expected_empty(wanted, [size], share)[0] == pytest.approx(size * share.mean(axis=0))


@settings(max_examples=30, deadline=None)
@given(wanted=wanteds, share=openings)
def test_the_table_by_size_holds_what_each_function_says_of_a_size_and_january(wanted, share):
    table = by_size(wanted, [10, 30], share, [2027, 2028, 2029, 2030]).set_index(["size", "year"])
    for at, size in enumerate([10, 30]):
        for when, year in enumerate([2027, 2028, 2029, 2030]):
            row = table.loc[(size, year)]
            assert row["short"] == expected_short(wanted, [10, 30], share)[at, when]
            assert row["full"] == pytest.approx(chance_full(wanted, [size], share)[0, when], nan_ok=True)
            assert row["open"] == pytest.approx(size * share[:, when].mean())
