"""Laws of the queue: nobody past the places, everybody somewhere, more places and earlier ones never worse."""

import numpy as np
from builders_model import busy
from builders_queue import MIXED, everyone_in, order, queued, ten_into_special, without
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.model.luck import uniform
from forecast.model.turns import NEWLY, NO_POOL, Lines, admitted

PARTS = ["district", "need", "band"]


def alike(drivers):
    """Drivers in which the chance of leaving is the same wherever a child is."""
    leave = drivers["leave"].mean("provision").expand_dims(provision=drivers["provision"].to_numpy())
    return drivers.assign(leave=leave.transpose(*drivers["leave"].dims))


@settings(max_examples=25, deadline=None)
@given(
    special=st.integers(0, 2500),
    base=st.integers(0, 2500),
    closes=st.integers(0, 900),
    wait=st.floats(0, 1),
    again=st.floats(0, 1),
)
def test_placements_never_exceed_places_and_an_over_full_roll_only_falls(special, base, closes, wait, again):
    drivers, steps = (
        busy(draws=2),
        order(("base", 0.6), ("special", 0.5), ("mainstream", 1), wait=wait, ask_again=again),
    )
    places = {"special": [special] * 2 + [max(special - closes, 0)] * 2, "base": [base] * 4}
    placed, _ = queued(drivers, steps, places)
    for kind, limit in places.items():
        inside = placed.sel(provision=kind).sum(PARTS).to_numpy()
        most = np.maximum(np.array(limit)[1:], inside[:, :-1])
        assert (inside[:, 1:] <= most).all()


@settings(max_examples=15, deadline=None)
@given(special=st.integers(0, 2500), base=st.integers(0, 2500), wait=st.floats(0, 1))
def test_every_child_is_somewhere_year_by_year(special, base, wait):
    drivers = alike(busy(draws=2))
    steps = order(("base", 0.6), ("mainstream", 1), wait=wait)
    placed, _ = queued(drivers, steps, {"special": special, "base": base})
    np.testing.assert_array_equal(placed.sum("provision"), everyone_in(drivers).sum("provision"))


def test_all_who_are_without_their_place_are_somewhere_else_and_counted_once():
    """Who is in mainstream or elsewhere besides those who would be there anyway, when nobody leaves or moves on."""
    placed, desk = queued(
        ten_into_special(), order(("base", 0.5), ("elsewhere", 1), wait=0.4), {"special": 3, "base": 2}
    )
    refused = (10 - placed.sel(provision="special").sum(PARTS)).isel(draw=0, year=slice(1, None))
    assert without(desk)[0].tolist() == refused.values.tolist() == [7] * 6


def test_more_places_never_raise_the_number_without_one_on_average_and_seldom_in_one_future():
    """A child let in where it stays with its plan, or a later mover, can cost another a place in a single future."""
    drivers, sizes = busy(draws=100), (1200, 1350, 1500, 1800, 2400)
    counts = np.stack([without(queued(drivers, MIXED, {"special": n, "base": 1300})[1]) for n in sizes])
    steps = np.diff(counts, axis=0)
    assert (steps.mean(axis=1) < 0).all()
    assert (steps > 0).mean() < 0.02


def test_places_that_open_later_never_help_on_average():
    drivers, base = busy(draws=100), 1300
    early, late = ([1200, 1600, 1600, 1600], [1200, 1200, 1600, 1600])
    early, late = (without(queued(drivers, MIXED, {"special": n, "base": base})[1]) for n in (early, late))
    assert (late.mean(axis=0) >= early.mean(axis=0)).all()
    assert late[:, 0].mean() > early[:, 0].mean() + 100


def by_hand(line, since, luck, holds, free):
    """One at a time: whoever is first in a line with a free place goes in, and gives up what it holds."""
    free, inside = list(free), set()
    while True:
        ready = [n for n in range(len(line)) if n not in inside and free[line[n]] > 0]
        if not ready:
            return inside
        first = min(ready, key=lambda n: (line[n], since[n], luck[n]))
        inside.add(first)
        free[line[first]] -= 1
        if holds[first] != NO_POOL:
            free[holds[first]] += 1


@settings(max_examples=200)
@given(
    asking=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([1, 2, NEWLY]), st.integers(-1, 2)), max_size=12),
    free=st.lists(st.integers(-2, 3), min_size=3, max_size=3),
)
def test_turns_are_those_of_one_child_at_a_time(asking, free):
    line, since, holds = (
        (np.array(part, dtype=np.int64) for part in zip(*asking, strict=True))
        if asking
        else [np.empty(0, np.int64)] * 3
    )
    holds = np.where(holds == line, NO_POOL, holds)
    luck = uniform(np.arange(len(line)).astype(np.uint64), 7)
    gets_in, left = admitted(Lines(line, since, luck, holds), np.array(free))
    expected = by_hand(line.tolist(), since.tolist(), luck.tolist(), holds.tolist(), free)
    assert set(np.flatnonzero(gets_in).tolist()) == expected
    assert left.sum() == sum(free) - len(expected) + sum(int(holds[n]) != NO_POOL for n in expected)
