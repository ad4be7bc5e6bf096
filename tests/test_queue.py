"""The queue: who gets in where places run out, who waits, who goes elsewhere, and what is remembered."""

import numpy as np
import pytest
from builders_model import busy
from builders_queue import MIXED, all_move, at, everyone_in, on_roll, order, queued, settled, ten_into_special, without

from forecast.model.children import simulate
from forecast.model.cohort import roll
from forecast.model.desk import Desk
from forecast.model.fixed import fixed

PATIENT = order(("mainstream", 1), wait=1)
IMPATIENT = order(("base", 1), ("elsewhere", 1), wait=0)
PARTS = ["district", "need", "band"]


@pytest.mark.parametrize("steps", [PATIENT, MIXED])
def test_a_queue_with_room_for_all_changes_nothing_to_the_last_child(steps):
    drivers = busy(draws=3)
    room = dict.fromkeys(("special", "base"), 100_000)
    placed, desk = queued(drivers, steps, room)
    np.testing.assert_array_equal(placed, everyone_in(drivers))
    assert without(desk).sum() == 0


def test_those_who_are_refused_wait_and_come_in_as_places_open_until_their_next_transition():
    """Ten ask for special at Year 7. Places: 4, 4, 6, 6, 6, then 9 when those left are in Year 12."""
    placed, desk = queued(ten_into_special(), PATIENT, {"special": [4, 4, 4, 6, 6, 6, 9]})
    assert at(placed, "special") == [0, 4, 4, 6, 6, 6, 9]
    assert at(placed, "mainstream") == [10, 6, 6, 4, 4, 4, 1]
    assert [int(year[0, 1]) for year in desk.waiting] == [6, 6, 4, 4, 4, 1]


def test_nobody_asks_again_at_a_transition_where_nobody_is_said_to():
    steps = order(("mainstream", 1), wait=1, ask_again=0)
    placed, desk = queued(ten_into_special(), steps, {"special": [4, 4, 4, 6, 6, 6, 9]})
    assert at(placed, "special") == [0, 4, 4, 6, 6, 6, 6]
    assert int(desk.waiting[-1].sum()) == 0


def test_those_who_go_elsewhere_go_step_by_step_and_stay_there_until_the_next_transition():
    """Room opens in Year 9, but only the change of phase at Year 12 brings them to it."""
    drivers = all_move(ten_into_special(), 8, "base", "mainstream")
    drivers = all_move(drivers, 9, "elsewhere", "mainstream")
    placed, desk = queued(drivers, IMPATIENT, {"special": [4, 4, 4, 8, 8, 8, 8], "base": 2})
    assert at(placed, "special") == [0, 4, 4, 4, 4, 4, 8]
    assert at(placed, "base")[:6] == [0, 2, 2, 2, 2, 2]
    assert at(placed, "elsewhere")[:6] == [0, 4, 4, 4, 4, 4]
    assert desk.elsewhere[0][0, 1].tolist() == [0, 0, 2, 4]
    assert int(desk.elsewhere[-1].sum()) == 2


def two_cohorts(older, younger):
    """So many of ASD go to special at Year 7, and a year later so many of SEMH."""
    drivers = on_roll(settled(needs=("ASD", "SEMH")), older, 6)
    return all_move(on_roll(drivers, younger, 5, need="SEMH"), 6, "mainstream", "special")


def special_by_need(placed):
    """Children in special schools by year, of the first future."""
    special = placed.isel(draw=0).sel(provision="special").sum(["district", "band"])
    return tuple(special.sel(need=need).values.tolist() for need in ("ASD", "SEMH"))


@pytest.mark.parametrize("new", [True, False], ids=["against the new", "against those who wait less long"])
def test_whoever_waited_longest_comes_first_whatever_the_luck(new):
    opening = [0, 0, 5, 8, 8, 8, 8] if new else [0, 0, 0, 5, 8, 8, 8]
    asd, semh = special_by_need(queued(two_cohorts(5, 40), PATIENT, {"special": opening})[0])
    assert asd == [min(n, 5) for n in opening]
    assert semh == [max(n - 5, 0) for n in opening]


def test_a_child_who_waits_comes_first_also_where_it_would_have_moved_that_year_anyhow():
    drivers = all_move(two_cohorts(5, 40), 7, "mainstream", "special")
    asd, _ = special_by_need(queued(drivers, PATIENT, {"special": [0, 0, 5, 5, 5, 5, 5]})[0])
    assert asd == [0, 0, 5, 5, 5, 5, 5]


def test_at_a_transition_those_who_waited_ask_as_the_new_do():
    """Twenty of ASD have waited since Year 7; at Year 12 twenty of SEMH ask for the first time."""
    drivers = on_roll(on_roll(settled(needs=("ASD", "SEMH")), 20, 6), 20, 6, need="SEMH")
    move = drivers["move"].copy(deep=True)
    for need, nc_year in (("ASD", 6), ("SEMH", 11)):
        move.loc[{"need": need, "nc_year": nc_year, "provision": "mainstream"}] = [0, 1, 0, 0]
    placed, _ = queued(drivers.assign(move=move), PATIENT, {"special": [0, 0, 0, 0, 0, 0, 20]})
    asd, semh = special_by_need(placed)
    assert asd[-1] + semh[-1] == 20
    assert 2 < asd[-1] < 18


def test_a_child_refused_again_at_its_transition_stays_where_it_was_sent_though_room_comes_later():
    drivers = ten_into_special(years=8)
    placed, desk = queued(drivers, IMPATIENT, {"special": [4] * 7 + [9, 9], "base": 6})
    assert at(placed, "special") == [0, 4, 4, 4, 4, 4, 4, 4, 4]
    assert at(placed, "base")[1:] == [6] * 8
    assert [int(year.sum()) for year in desk.waiting] == [0] * 8


def test_a_kind_of_place_that_is_tried_twice_is_filled_once():
    placed, _ = queued(
        ten_into_special(), order(("base", 0.5), ("base", 1), ("elsewhere", 1)), {"special": 1, "base": 3}
    )
    assert at(placed, "base")[1] == 3


def test_the_same_children_come_first_however_many_places_there_are():
    """One child a need: whoever gets one of five places gets one of eight."""
    needs = tuple(f"need {n}" for n in range(13))
    few, more = (
        queued(ten_into_special(needs, each=1, years=1), PATIENT, {"special": places})[0]
        .isel(draw=0, year=1)
        .sel(provision="special")
        .sum(["district", "band"])
        for places in (5, 8)
    )
    assert (few <= more).all()
    assert (int(few.sum()), int(more.sum())) == (5, 8)


def test_a_plan_that_ends_ends_the_claim():
    drivers = ten_into_special()
    leave = drivers["leave"].copy(deep=True)
    leave.loc[{"nc_year": 7, "provision": "mainstream"}] = 1
    placed, desk = queued(drivers.assign(leave=leave), PATIENT, {"special": [4, 4, 10, 10, 10, 10, 10]})
    assert at(placed, "special") == [0, 4, 4, 4, 4, 4, 4]
    assert [int(year.sum()) for year in desk.waiting] == [6, 0, 0, 0, 0, 0]


def test_a_child_keeps_its_specialist_place_until_it_has_the_other_and_gives_it_up_the_same_september():
    """Three of a full base ask for special, which has room for one; its base place goes to a mainstream child."""
    drivers = on_roll(on_roll(settled(), 3, 7, "base"), 3, 8)
    drivers = all_move(all_move(drivers, 7, "base", "special"), 8, "mainstream", "base")
    placed, desk = queued(drivers, order(("mainstream", 1), wait=0), {"special": 1, "base": 3})
    assert at(placed, "special")[1] == 1
    assert at(placed, "base")[1] == 3
    assert desk.waiting[0][0].tolist() == [0, 2, 0, 0]
    assert desk.elsewhere[0][0, 2].tolist() == [2, 0, 0, 0]


def test_two_who_want_each_others_places_do_not_swap():
    drivers = on_roll(on_roll(settled(), 1, 7, "base"), 1, 8, "special")
    drivers = all_move(all_move(drivers, 7, "base", "special"), 8, "special", "base")
    placed, desk = queued(drivers, PATIENT, {"special": 1, "base": 1})
    assert at(placed, "base")[:2] == at(placed, "special")[:2] == [1, 1]
    assert int(desk.waiting[0].sum()) == 2


def test_a_first_plan_that_finds_no_place_waits_in_a_mainstream_school():
    drivers = settled(years=2)
    rate, mix = drivers["start_rate"].copy(deep=True), drivers["start_mix"].copy(deep=True)
    rate.loc[{"nc_year": 8}], mix[:] = 0.1, 0
    mix.loc[{"provision": "special"}] = 1
    drivers = drivers.assign(start_rate=rate, start_mix=mix)
    placed, desk = queued(drivers, PATIENT, {"special": 3})
    came = everyone_in(drivers).isel(draw=0, year=1).sum().item()
    assert came > 3
    assert (at(placed, "special")[1], at(placed, "mainstream")[1]) == (3, came - 3)
    assert int(desk.waiting[0].sum()) == came - 3


def test_a_future_is_the_same_in_whatever_company_it_is_computed():
    drivers, places = busy(draws=4), {"special": np.add.outer([0, 10, 20, 30], [700] * 4), "base": 300}
    together, _ = queued(drivers, MIXED, places)
    alone = drivers.isel(draw=[2])
    desk = Desk(queued(drivers, MIXED, places)[1].queue, np.array([2]))
    counts = simulate(fixed(alone), roll(alone), 1, np.array([2]), tuple(together["band"].to_numpy()), desk)
    np.testing.assert_array_equal(counts[0], together.sel(draw=2))


def test_a_queue_without_a_memory_says_so():
    drivers = settled(years=1)
    desk = Desk(queued(drivers, PATIENT, {"special": 1})[1].queue, np.array([0]))
    with pytest.raises(ValueError, match="remembers"):
        desk(*_without_memory(), 2026)


def _without_memory():
    from forecast.model.enrolled import Roll, Shape  # noqa: PLC0415

    nobody = np.empty(0, dtype=np.int64)
    return Roll(nobody, nobody.astype(np.uint64)), Shape(1, 1, 1, 25, 4)
