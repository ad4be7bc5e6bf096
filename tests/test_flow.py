from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from forecast.places.flow import least_unmet, relieved, unmet

GROUPS, PLACES = 4, 3
CATCHMENTS = 13
"""With a school for all beside one of its own, more unions of schools than are looked at one by one."""

whole = arrays(np.int64, (GROUPS,), elements=st.integers(0, 12))
rights = arrays(np.bool_, (GROUPS, PLACES))
rooms = arrays(np.float64, (PLACES,), elements=st.integers(0, 40).map(lambda quarters: quarters / 4))
several = arrays(np.int64, (5, GROUPS), elements=st.integers(0, 12))


def placed_by_programme(demand, eligible, capacity, least=None):
    """Most children that a linear programme can place, and where; each group at least `least` of its own."""
    groups, places = eligible.shape
    sums = np.vstack([np.kron(np.eye(groups), np.ones(places)), np.kron(np.ones(groups), np.eye(places))])
    limits = np.concatenate([demand, capacity])
    if least is not None:
        sums, limits = np.vstack([sums, -sums[:groups]]), np.concatenate([limits, -least])
    bounds = [(0, None if may else 0) for may in eligible.ravel()]
    found = linprog(-np.ones(groups * places), A_ub=sums, b_ub=limits, bounds=bounds)
    assert found.status in {0, 2}
    return -found.fun if found.status == 0 else None


def fewest_by_trying_every_set(demand, eligible, capacity):
    """The groups that are most too many for all the places that they may use."""
    sets = chain.from_iterable(combinations(range(len(demand)), size) for size in range(len(demand) + 1))
    return max(demand[list(some)].sum() - capacity[eligible[list(some)].any(axis=0)].sum() for some in sets)


def fair_by_programmes(demand, eligible, capacity):
    """Share placed of each group, the smallest made as large as can be, then the next, each by a linear programme."""
    groups, places = eligible.shape
    use = np.vstack([np.kron(np.eye(groups), np.ones(places)), np.kron(np.ones(groups), np.eye(places))])
    fixed = {}
    while len(fixed) < groups:
        rest = [group for group in range(groups) if group not in fixed]
        shares = np.zeros((groups, groups + 1))
        floor = np.zeros(groups)
        for group in range(groups):
            shares[group, group] = -1
            shares[group, -1] = demand[group] if group in rest else 0
            floor[group] = 0 if group in rest else -fixed[group] * demand[group]
        of_flow = np.hstack([use, np.zeros((len(use), 1))])
        at_least = np.hstack([-use[:groups], shares[:, -1:]])
        bounds = [(0, None if may else 0) for may in eligible.ravel()] + [(0, 1)]
        limits = np.concatenate([demand, capacity, floor])
        both = np.vstack([of_flow, at_least])
        level = -linprog(np.r_[np.zeros(groups * places), -1], A_ub=both, b_ub=limits, bounds=bounds).fun
        most = {}
        for group in rest:
            own = np.r_[-use[group], 0]
            held = np.vstack([both, np.r_[np.zeros(groups * places), -1]])
            free = linprog(own, A_ub=held, b_ub=np.r_[limits, -level + 1e-9], bounds=bounds)
            most[group] = -free.fun
        stuck = [group for group in rest if most[group] <= level * demand[group] + 1e-6]
        fixed |= dict.fromkeys(stuck or rest, level)
    return np.array([fixed[group] for group in range(groups)])


def catchments(seed):
    """Thirteen districts with a school each, and one for all; demand by future, some places by halves."""
    rng = np.random.default_rng(seed)
    eligible = np.hstack([np.eye(CATCHMENTS, dtype=bool), np.ones((CATCHMENTS, 1), bool)])
    demand = rng.poisson(30, (4, CATCHMENTS))
    return demand, eligible, np.r_[rng.integers(40, 70, CATCHMENTS) / 2, 25.5]


def test_who_may_use_two_schools_and_who_may_use_one_lose_the_same_share_where_moving_over_can_level_it():
    short = unmet(np.array([6, 10]), np.array([[True, True], [False, True]]), np.array([1.0, 11.0]))
    assert short.tolist() == pytest.approx([6 * 4 / 16, 10 * 4 / 16])


def test_who_may_use_one_school_only_loses_more_where_no_moving_over_can_help():
    short = unmet(np.array([6, 10]), np.array([[True, True], [False, True]]), np.array([5.0, 8.0]))
    assert short.tolist() == pytest.approx([1, 2])


def test_children_with_room_of_their_own_lose_nothing_to_those_without():
    own_too, shared_only = [True, True], [False, True]
    short = unmet(np.array([6, 10]), np.array([own_too, shared_only]), np.array([7.0, 8.0]))
    assert short.tolist() == pytest.approx([0, 2])


def test_whom_no_place_is_for_goes_without_though_places_are_empty():
    short = unmet(np.array([4, 7]), np.array([[True], [False]]), np.array([100.0]))
    assert short.tolist() == [0, 7]
    assert least_unmet(np.array([4, 7]), np.array([[True], [False]]), np.array([100.0])) == 7


def test_where_there_are_no_places_at_all_everyone_goes_without():
    demand = np.array([[4, 7], [0, 2]])
    nowhere, none = np.zeros((2, 0), bool), np.zeros((2, 0))
    assert unmet(demand, nowhere, none).tolist() == demand.tolist()
    assert least_unmet(demand, nowhere, none).tolist() == [11, 2]


@pytest.mark.parametrize("children", range(10, 20))
def test_tenths_of_places_that_add_up_to_the_children_leave_no_rounding_without(children):
    demand, tenths = np.array([[children]]), np.full(10 * children, 0.1)
    for_all = np.ones((1, len(tenths)), bool)
    assert unmet(demand, for_all, tenths).tolist() == [[0]]
    assert least_unmet(demand, for_all, tenths).tolist() == [0]


@given(demand=whole, eligible=rights, capacity=rooms)
def test_the_fewest_without_a_place_are_those_of_a_linear_programme_and_of_every_set_tried(demand, eligible, capacity):
    least = least_unmet(demand, eligible, capacity)
    assert least == pytest.approx(demand.sum() - placed_by_programme(demand, eligible, capacity), abs=1e-6)
    assert least == pytest.approx(fewest_by_trying_every_set(demand, eligible, capacity), abs=1e-6)


@given(demand=whole, eligible=rights, capacity=rooms)
def test_every_child_is_placed_or_short_and_no_place_is_filled_twice(demand, eligible, capacity):
    short = unmet(demand, eligible, capacity)
    assert (short >= 0).all()
    assert (short <= demand).all()
    assert short.sum() == pytest.approx(float(least_unmet(demand, eligible, capacity)), abs=1e-6)
    held = demand - short
    assert placed_by_programme(held, eligible, capacity) == pytest.approx(held.sum(), abs=1e-6)


@settings(max_examples=60)
@given(demand=whole, eligible=rights, capacity=rooms)
def test_no_group_could_lose_less_but_at_the_cost_of_one_that_loses_as_much(demand, eligible, capacity):
    fair = demand * fair_by_programmes(demand, eligible, capacity)
    assert demand - unmet(demand, eligible, capacity) == pytest.approx(fair, abs=1e-5)


@given(demand=whole, right=arrays(np.bool_, (PLACES,)), eligible=rights, capacity=rooms)
def test_groups_with_the_same_claims_lose_the_same_share(demand, right, eligible, capacity):
    alike = np.vstack([right, right, eligible[2:]])
    short = unmet(demand, alike, capacity)
    assert short[0] * demand[1] == pytest.approx(short[1] * demand[0])


@given(demand=whole, eligible=rights, capacity=rooms, more=rooms, wider=rights)
def test_neither_more_places_nor_more_claims_to_them_ever_leave_more_children_without(
    demand, eligible, capacity, more, wider
):
    least = least_unmet(demand, eligible, capacity)
    assert least_unmet(demand, eligible, capacity + more) <= least + 1e-6
    assert least_unmet(demand, eligible | wider, capacity) <= least + 1e-6


@given(demand=whole, eligible=rights, capacity=rooms, who=arrays(np.bool_, (GROUPS,)))
def test_new_places_relieve_their_own_number_until_they_have_relieved_all_they_can(demand, eligible, capacity, who):
    most = relieved(demand, eligible, capacity, who)
    before = fewest_by_trying_every_set(demand, eligible, capacity)
    for new in (0, 1, 2.5, 7, 20, 100):
        after = fewest_by_trying_every_set(demand, np.c_[eligible, who], np.r_[capacity, new])
        assert before - after == pytest.approx(min(new, most), abs=1e-6)


def test_a_new_school_frees_places_for_children_who_cannot_use_it():
    eligible = np.array([[True], [True]])
    first_only = np.array([True, False])
    assert relieved(np.array([5, 9]), eligible, np.array([10.0]), first_only) == 4
    assert relieved(np.array([5, 19]), eligible, np.array([10.0]), first_only) == 5


@given(demand=several, eligible=rights, capacity=rooms)
def test_problems_solved_side_by_side_are_solved_as_if_alone(demand, eligible, capacity):
    together = unmet(demand[:, None], eligible, np.stack([capacity, 2 * capacity]))
    apart = [[unmet(one, eligible, times * capacity) for times in (1, 2)] for one in demand]
    assert together == pytest.approx(np.array(apart))
    assert least_unmet(demand[:, None], eligible, np.stack([capacity, 2 * capacity])) == pytest.approx(
        together.sum(axis=-1), abs=1e-6
    )


@pytest.mark.parametrize("seed", range(3))
def test_where_sets_of_schools_are_too_many_to_look_at_the_answer_is_still_the_programmes(seed):
    demand, eligible, capacity = catchments(seed)
    least, short = least_unmet(demand, eligible, capacity), unmet(demand, eligible, capacity)
    for at, one in enumerate(demand):
        assert least[at] == pytest.approx(one.sum() - placed_by_programme(one, eligible, capacity), abs=1e-3)
        assert short[at].sum() == pytest.approx(least[at], abs=1e-3)
        held = one - short[at]
        assert placed_by_programme(held, eligible, capacity) == pytest.approx(held.sum(), abs=1e-3)


def test_where_sets_are_too_many_the_school_for_all_still_levels_the_worst_off():
    demand, eligible, capacity = catchments(0)
    one = demand[0]
    lost = unmet(one, eligible, capacity) / one
    helped = lost < (one - capacity[:-1]).clip(0) / one - 1e-6
    level = lost[helped]
    assert helped.any()
    assert level == pytest.approx(np.full(helped.sum(), level[0]), abs=1e-4)
    assert (lost[~helped] <= level[0] + 1e-6).all()
    assert (one[helped] - capacity[:-1][helped]).sum() - 25.5 == pytest.approx((lost * one)[helped].sum(), abs=1e-3)
