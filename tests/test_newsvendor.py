import numpy as np
import pytest
from builders_prices import DRAWS, YEARS, always_open, grown, openings, prices, sizes, wanteds
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from forecast.decide.newsvendor import (
    best_size,
    cost_by_size,
    cost_of,
    fractile,
    largest,
    too_few,
    too_many,
)
from forecast.decide.prices import BadFutures, BadPrice, annuity, yearly

PARTS = ["run", "empty", "capital", "independent", "transport"]


def one_year(children):
    return np.asarray(children, dtype=float)[:, None]


def by_hand(wanted, share, size, price):
    """Expected cost as a plain loop over futures and years."""
    total = 0.0
    for draw in range(len(wanted)):
        stands = False
        for year in range(wanted.shape[1]):
            stands = stands or share[draw, year] > 0
            taken = min(wanted[draw, year], size * share[draw, year])
            short, empty = wanted[draw, year] - taken, size * share[draw, year] - taken
            fee = price.independent[draw] * (1 + price.fee_growth) ** year
            r, n = price.discount, price.life
            building = size * price.capital * r / (1 - (1 + r) ** -n) if stands else 0
            pounds = taken * (price.place + price.transport) + empty * price.empty + building
            total += (pounds + short * (fee + price.independent_transport)) / (1 + r) ** year
    return total / len(wanted)


def test_a_place_too_few_and_a_place_too_many_by_hand():
    assert too_few(prices()) == 64_000 + 11_000 - 25_000 - 9_000 - 60_000 / 30
    assert too_many(prices()) == 10_000 + 60_000 / 30
    assert fractile(too_few(prices()), too_many(prices())) == pytest.approx(39 / 51)


def test_fees_that_grow_make_a_place_too_few_cost_more_each_year():
    assert too_few(prices(fee_growth=0.1), ahead=2) - too_few(prices()) == pytest.approx(64_000 * 0.21)


def test_a_place_too_few_that_costs_nothing_is_worth_no_place_and_one_too_many_that_costs_nothing_all():
    assert fractile(0.0, 5.0) == fractile(-3.0, 5.0) == 0
    assert fractile(5.0, 0.0) == 1
    assert fractile(np.array([30.0, -1.0]), 10.0).tolist() == [0.75, 0]


def test_a_yearly_payment_over_the_life_is_worth_the_capital():
    paid = annuity(60_000.0, 30, 0.035)
    assert sum(paid / 1.035**year for year in range(1, 31)) == pytest.approx(60_000)
    assert annuity(60_000.0, 30, 0.0) == 2_000
    assert annuity(60_000.0, 30, 1e-9) == pytest.approx(2_000, rel=1e-6)


def test_the_cheapest_size_for_normal_demand_is_the_normal_quantile_of_the_fractile():
    share = fractile(too_few(prices()), too_many(prices())).item()
    wanted = one_year(stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000, 100, 15))
    assert best_size(wanted, always_open(wanted), prices()) == np.ceil(stats.norm.ppf(share, 100, 15))


def test_the_cheapest_size_for_even_demand_is_that_share_of_it():
    wanted = one_year(np.arange(1, 52) * 2)
    assert best_size(wanted, always_open(wanted), prices()) == 2 * 39


def test_the_cheapest_size_for_two_possible_numbers_is_the_larger_if_it_is_likely_enough():
    for large_in, size in ((11, 20), (13, 80)):
        wanted = one_year([20] * (51 - large_in) + [80] * large_in)
        assert best_size(wanted, always_open(wanted), prices()) == size


@given(children=arrays(np.int64, 40, elements=st.integers(0, 90)), fee=st.integers(37_000, 200_000))
def test_in_one_year_of_constant_costs_the_cheapest_size_is_the_fractile_of_demand(children, fee):
    price = prices(independent=float(fee))
    share = fractile(too_few(price), too_many(price)).item()
    wanted = one_year(children)
    below = np.arange(1, 41) / 40
    if np.abs(below - share).min() > 1e-6:
        smallest = next(size for size in range(91) if (children <= size).mean() >= share)
        assert best_size(wanted, always_open(wanted), price) == smallest


@settings(max_examples=30, deadline=None)
@given(wanted=wanteds, share=openings, size=sizes)
def test_all_sizes_at_once_cost_what_each_future_costs_one_by_one(wanted, share, size):
    price = grown()
    row = cost_by_size(wanted, share, price, range(81)).set_index("size").loc[size]
    bill = cost_of(size, wanted, share, price)
    for part in PARTS:
        assert row[part] == pytest.approx(getattr(bill, part).mean(), rel=1e-9, abs=1e-3)
    assert row["total"] == pytest.approx(by_hand(wanted, share, size, price), rel=1e-9, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(wanted=wanteds, share=openings, chosen=st.sets(st.integers(0, 200), min_size=1))
def test_what_a_size_costs_does_not_hang_on_the_others_asked_for(wanted, share, chosen):
    few = cost_by_size(wanted, share, grown(), sorted(chosen)).set_index("size")
    every = cost_by_size(wanted, share, grown(), range(201)).set_index("size").loc[sorted(chosen)]
    np.testing.assert_allclose(few, every, rtol=1e-9, atol=1e-3)


@given(wanted=wanteds, share=openings, size=sizes)
def test_components_of_the_cost_add_up_to_the_total_in_every_future(wanted, share, size):
    bill = cost_of(size, wanted, share, grown())
    parts = sum(getattr(bill, part) for part in PARTS)
    assert parts.shape == (DRAWS,)
    assert bill.total == pytest.approx(parts)
    assert bill.mean["total"] == pytest.approx(sum(bill.mean[part] for part in PARTS))


@settings(max_examples=30, deadline=None)
@given(wanted=wanteds, share=openings)
def test_no_size_is_expected_to_cost_less_than_the_cheapest(wanted, share):
    price = grown()
    best = best_size(wanted, share, price)
    least = by_hand(wanted, share, best, price)
    for size in {0, best - 1, best + 1, best + 7, largest(wanted, share), largest(wanted, share) + 5} - {-1}:
        assert by_hand(wanted, share, size, price) >= least - 1e-6 * max(1, least)


@given(wanted=wanteds, share=openings, fee=st.integers(0, 100_000), more=st.integers(0, 100_000))
def test_the_size_never_falls_when_a_place_too_few_costs_more(wanted, share, fee, more):
    low, high = (prices(independent=float(pounds), discount=0.03) for pounds in (fee, fee + more))
    assert fractile(too_few(low), too_many(low)) <= fractile(too_few(high), too_many(high))
    assert best_size(wanted, share, low) <= best_size(wanted, share, high)


@given(wanted=wanteds, share=openings, empty=st.integers(0, 50_000), more=st.integers(0, 50_000))
def test_the_size_never_rises_when_an_empty_place_costs_more(wanted, share, empty, more):
    low, high = (prices(empty=float(pounds), discount=0.03) for pounds in (empty, empty + more))
    assert best_size(wanted, share, high) <= best_size(wanted, share, low)


@given(wanted=wanteds, share=openings)
def test_the_largest_size_of_use_leaves_nobody_without_wherever_the_school_is_open(wanted, share):
    size = largest(wanted, share)
    assert (size * share >= wanted - 1e-9)[share > 0].all()
    if size:
        assert ((size - 1) * share < wanted)[share > 0].any()


def test_a_school_that_never_opens_costs_nothing_and_helps_nobody():
    wanted = np.full((DRAWS, YEARS), 20.0)
    never = np.zeros(wanted.shape)
    assert best_size(wanted, never, grown()) == 0
    assert cost_of(50, wanted, never, grown()).total == pytest.approx(cost_of(0, wanted, never, grown()).total)


def test_capital_is_paid_in_every_january_from_the_first_that_the_school_is_open():
    wanted = np.full((1, 4), 10.0)
    bill = yearly(10, wanted, np.array([[0, 0, 0.3, 1.0]]), prices())
    assert bill.capital.tolist() == [[0, 0, 20_000, 20_000]]
    assert bill.run.tolist() == [[0, 0, 75_000, 250_000]]
    assert bill.independent.tolist() == [[640_000, 640_000, 448_000, 0]]


def test_what_is_not_known_of_fees_is_carried_into_the_cost():
    wanted = np.full((DRAWS, YEARS), 20.0)
    without = cost_of(0, wanted, always_open(wanted), grown())
    assert without.independent.max() / without.independent.min() == pytest.approx(80 / 50)
    assert np.ptp(cost_of(20, wanted, always_open(wanted), grown()).total) == 0


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"place": -1.0}, "place must be at least 0"),
        ({"life": 0.0}, "life must be above 0"),
        ({"fee_growth": -1.0}, "fee_growth must be above -1"),
        ({"independent": np.array([1.0, np.nan])}, "independent must be at least 0"),
    ],
)
def test_a_price_that_no_cost_can_be_made_from_is_named(other, says):
    with pytest.raises(BadPrice, match=says):
        prices(**other)


def test_every_bad_price_is_named_at_once():
    with pytest.raises(BadPrice, match=r"place must be.*empty must be.*correct"):
        prices(place=-1.0, empty=-1.0)


@pytest.mark.parametrize(
    ("wanted", "share", "says"),
    [
        (np.ones((2, 3)), np.ones((2, 4)), "children are"),
        (np.full((2, 3), np.nan), np.ones((2, 3)), "some children"),
        (-np.ones((2, 3)), np.ones((2, 3)), "some children"),
        (np.ones((2, 3)), np.full((2, 3), np.inf), "some shares"),
        (np.ones((2, 3)), np.ones((2, 3)), "prices are not"),
    ],
)
def test_futures_that_cannot_be_counted_are_refused(wanted, share, says):
    with pytest.raises(BadFutures, match=says):
        best_size(wanted, share, grown())
