"""Where to build: the best plan there is, proved by trying every other, and what it means for children."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from forecast.decide.assign import assigned
from forecast.decide.choose import Limits, Options, cheapest
from forecast.decide.groups import Groups, grouped
from forecast.decide.journeys import AT_ONCE, scored
from forecast.decide.site import AS_IT_IS, BudgetTooSmall, Worth, site_schools
from forecast.places.flow import least_unmet
from forecast.places.travel import Journeys, given_journeys

LIMITS = [45.0, 45, 75, 75, 75]


def ground(seed, *, groups=6, there=3, sites=3, sizes=(20.0, 40.0)):
    """A small county: children by group, places there are, sites, and minutes between them."""
    rng = np.random.default_rng(seed)
    eligible = rng.random((groups, there + sites)) < 0.7
    eligible[:, -1] = True
    capacity = np.concatenate([rng.integers(5, 30, there), np.zeros(sites)]).astype(float)
    demand = rng.integers(3, 30, groups).astype(float)
    place = np.repeat(np.arange(there, there + sites), len(sizes))
    size = np.tile(sizes, sites)
    yearly = size * rng.uniform(3_000, 25_000, len(size)).round()
    return (
        demand,
        capacity,
        eligible,
        rng.uniform(5, 90, eligible.shape).round(),
        Options(place, size, size * 1e5, yearly),
    )


def cost_of(built, demand, capacity, eligible, minutes, options, left_out=40_000.0):
    """Pounds a year of one plan, children one by one: the assignment of whole children to single places."""
    room = capacity + options.capacity(built, len(capacity))
    group = np.repeat(np.arange(len(demand)), demand.astype(int))
    place = np.repeat(np.arange(len(room)), room.astype(int))
    each = np.where(eligible[group][:, place], 50 * minutes[group][:, place], left_out)
    each = np.concatenate([each, np.full((len(group), len(group)), left_out)], axis=1)
    return each[linear_sum_assignment(each)].sum() + options.yearly[built].sum()


def every_plan(options, limits=None):
    """Every set of options with at most one size a site, within the limits."""
    limits = limits or Limits()
    sites = [np.flatnonzero(options.place == at).tolist() for at in np.unique(options.place)]
    for picks in product(*([None, *sizes] for sizes in sites)):
        built = np.array([pick for pick in picks if pick is not None], dtype=int)
        few = limits.sites is None or len(built) <= limits.sites
        if few and options.capital[built].sum() <= limits.budget:
            yield built


@pytest.mark.parametrize("limits", [Limits(), Limits(budget=6.5e6), Limits(sites=1), Limits(budget=8e6, sites=2)])
@pytest.mark.parametrize("seed", range(5))
def test_the_plan_chosen_is_the_cheapest_of_all_plans(seed, limits):
    demand, capacity, eligible, minutes, options = ground(seed)
    left_out = np.full(len(demand), 40_000.0)
    found = cheapest(demand, capacity, eligible, 50 * minutes, left_out, options, limits)
    costs = [cost_of(built, demand, capacity, eligible, minutes, options) for built in every_plan(options, limits)]
    assert found.pounds == pytest.approx(min(costs), rel=1e-5)
    assert cost_of(found.built, demand, capacity, eligible, minutes, options) == pytest.approx(min(costs), rel=1e-5)
    assert found.gap == 0
    assert options.capital[found.built].sum() <= limits.budget


def test_the_small_counties_of_these_tests_build_on_some_sites_and_not_on_all():
    for seed in range(5):
        demand, capacity, eligible, minutes, options = ground(seed)
        assert 0 < len(cheapest(demand, capacity, eligible, 50 * minutes, np.full(6, 4e4), options).built) < 3


@pytest.mark.parametrize("seed", range(4))
def test_more_money_never_makes_a_plan_dearer(seed):
    demand, capacity, eligible, minutes, options = ground(seed)
    left_out = np.full(len(demand), 40_000.0)
    costs = [
        cheapest(demand, capacity, eligible, 50 * minutes, left_out, options, Limits(budget)).pounds
        for budget in (0.0, 2e6, 4e6, 6e6, 1e7, np.inf)
    ]
    assert (np.diff(costs) <= 1).all()


@pytest.mark.parametrize("seed", range(6))
def test_as_many_children_are_placed_as_can_be_and_then_by_the_least_travel(seed):
    demand, capacity, eligible, minutes, _ = ground(seed, there=6, sites=1)
    capacity[-1] = 7
    flow = assigned(demand[None], capacity[None], eligible, minutes)[0]
    assert (flow.sum(axis=1) <= demand + 1e-6).all()
    assert (flow.sum(axis=0) <= capacity + 1e-6).all()
    assert flow[~eligible].sum() == 0
    assert demand.sum() - flow.sum() == pytest.approx(float(least_unmet(demand, eligible, capacity)), abs=1e-5)
    group = np.repeat(np.arange(len(demand)), demand.astype(int))
    place = np.repeat(np.arange(len(capacity)), capacity.astype(int))
    each = np.where(eligible[group][:, place], minutes[group][:, place], 1e7)
    each = np.concatenate([each, np.full((len(group), len(group)), 1e5)], axis=1)
    by_child = each[linear_sum_assignment(each)]
    assert (flow * minutes).sum() == pytest.approx(by_child[by_child < 1e5].sum(), abs=1e-3)


def test_children_who_may_go_to_the_same_places_stand_as_one_and_none_is_lost():
    rng = np.random.default_rng(3)
    demand, eligible = rng.poisson(5, (4, 30)).astype(float), rng.random((30, 2)) < 0.6
    district, phase = rng.integers(0, 2, 30), rng.integers(0, 2, 30)
    groups = grouped(demand, eligible, district, phase)
    assert len(groups.district) < 13
    assert (groups.demand.sum(axis=1) + groups.nowhere == demand.sum(axis=1)).all()
    for at in range(2):
        in_district = groups.demand[:, groups.district == at].sum(axis=1)
        assert (in_district == demand[:, (district == at) & eligible.any(axis=1)].sum(axis=1)).all()


def test_the_cautious_future_has_the_p80_of_the_sum_and_not_the_sum_of_p80s():
    rng = np.random.default_rng(4)
    demand = rng.poisson(20, (500, 8)).astype(float)
    groups = Groups(demand, np.ones((8, 1), bool), np.zeros(8, int), np.zeros(8, int), np.zeros(500))
    assert groups.at(0.8).sum() == pytest.approx(np.quantile(demand.sum(axis=1), 0.8))
    assert groups.at(0.8).sum() < np.quantile(demand, 0.8, axis=0).sum() - 5
    assert groups.at(0.8) / groups.at(0.5) == pytest.approx(np.full(8, groups.at(0.8).sum() / groups.at(0.5).sum()))


def test_a_score_is_what_it_says_in_a_case_done_by_hand():
    minutes = np.array([[[10.0, 60.0], [20.0, 80.0]], [[30.0, 40.0], [50.0, 44.0]]])
    groups = Groups(
        np.array([[30.0, 20.0, 10.0]]), np.ones((3, 2), bool), np.array([0, 0, 1]), np.array([1, 2, 1]), np.zeros(1)
    )
    flows = np.array([[[20.0, 10.0], [0.0, 15.0], [8.0, 0.0]]])
    score = scored(flows, groups, Journeys(minutes, straight=True), LIMITS)
    assert score.placed[0].tolist() == [0, 38, 15, 0, 0]
    assert score.left[0].tolist() == [0, 5, 2]
    assert score.without.tolist() == [7]
    assert score.taught[0].tolist() == [28, 25]
    assert score.minutes[0] == pytest.approx((20 * 15 + 10 * 70 + 15 * 70 + 8 * 40) / 53)
    primary_over, secondary_over = (10 + 8 / 2) / 38, (15 / 2) / 15
    assert score.over[0, 1:3].tolist() == pytest.approx([primary_over, secondary_over])
    assert score.over_in_all[0] == pytest.approx((14 + 7.5) / 53)
    assert score.longest[0, 1:3].tolist() == [80, 80]
    assert np.isnan(score.over[0, 0])
    children = sorted([(10, 10), (20, 10), (60, 5), (80, 5), (60, 7.5), (80, 7.5), (30, 4), (50, 4)])
    below = np.cumsum([weight for _, weight in children])
    assert score.long[0] == children[int(np.searchsorted(below, 0.9 * 53))][0]


def small_siting(seed, **limits):
    demand, capacity, eligible, _, options = ground(seed, groups=8)
    rng = np.random.default_rng(seed)
    groups = Groups(
        rng.poisson(demand * 1.2, (12, 6 + 2)).astype(float)[:, : len(demand)],
        eligible, rng.integers(0, 2, len(demand)), rng.integers(1, 3, len(demand)), np.zeros(12),
    )  # fmt: skip
    journeys = given_journeys(rng.uniform(5, 90, (2, len(capacity))))
    worth = Worth(np.full(len(demand), 40_000.0), np.full(len(capacity), 10_000.0), 50)
    names = [f"site {at}" for at in range(len(capacity))]
    open_places = np.tile(capacity, (12, 1))
    plans = site_schools(groups, open_places, journeys, LIMITS, options, names, worth, keep_to=Limits(**limits))
    return plans, groups, open_places, options


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_leaves_in_no_future_more_children_out_than_no_plan(seed):
    plans, groups, open_places, options = small_siting(seed)
    for name, plan in plans.items():
        room = open_places + options.capacity(plan.built, open_places.shape[1])
        assert plan.tried.score.without == pytest.approx(least_unmet(groups.demand, groups.eligible, room), abs=1e-4), (
            name
        )
        assert (plan.tried.score.without <= plans[AS_IT_IS].tried.score.without + 1e-6).all()
    assert plans[AS_IT_IS].capital == 0
    assert plans["P80"].tried.cost.mean() < plans[AS_IT_IS].tried.cost.mean()


def test_what_a_plan_costs_is_its_buildings_empty_places_journeys_and_children_left_out():
    plans, groups, open_places, options = small_siting(1)
    plan = plans["P80"]
    score, costs = plan.tried.score, plan.tried.costs
    places = open_places.sum(axis=1) + options.size[plan.built].sum()
    assert costs["empty places"] == pytest.approx(10_000 * (places - score.placed.sum(axis=1)), abs=1)
    assert costs["children without a place"] == pytest.approx(40_000 * score.without)
    assert costs["journeys"] == pytest.approx(50 * score.minutes * (groups.demand.sum(axis=1) - score.without))
    assert (costs["buildings"] == options.yearly[plan.built].sum()).all()
    assert plan.tried.cost == pytest.approx(sum(costs.values()))


def test_a_budget_too_small_for_anything_is_refused_with_what_the_cheapest_costs():
    with pytest.raises(BudgetTooSmall, match=r"cheapest is site 3 with 20 places at £2,000,000: give a budget of at"):
        small_siting(0, budget=1_999_999)
    assert small_siting(0, budget=2_000_000)[0]["P80"].capital <= 2_000_000


def test_the_long_journey_of_many_futures_is_that_of_each_future_alone():
    """Futures are worked on in blocks; each child, point by point, is laid out here in full."""
    rng = np.random.default_rng(4)
    districts, points, places, draws = 5, 64, 40, 200
    assert draws * districts * points * places > 2 * AT_ONCE
    journeys = Journeys(rng.uniform(5, 90, (districts, points, places)), straight=True)
    flows = rng.integers(0, 4, (draws, districts, places)).astype(float)
    demand, eligible = flows.sum(axis=2), np.ones((districts, places), dtype=bool)
    groups = Groups(demand, eligible, np.arange(districts), np.zeros(districts, dtype=int), np.zeros(draws))
    long = scored(flows, groups, journeys, LIMITS).long
    for draw in (0, 60, 199):
        minutes = np.sort(
            np.concatenate(
                [
                    np.repeat(journeys.minutes[district, :, place], int(flows[draw, district, place]))
                    for district in range(districts)
                    for place in range(places)
                ]
            )
        )
        assert long[draw] == minutes[int(np.ceil(0.9 * len(minutes))) - 1]
