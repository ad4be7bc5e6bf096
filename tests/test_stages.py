import numpy as np
import pytest
from builders_prices import DRAWS, YEARS, always_open, grown, openings, prices, sizes, wanteds
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.isotonic import IsotonicRegression

from forecast.decide.newsvendor import cost_of
from forecast.decide.prices import BadFutures
from forecast.decide.stages import (
    NoTime,
    Stages,
    look_at,
    staged,
    stages_of,
    value_of_waiting,
    watched,
)
from forecast.decide.trigger import FEWEST, Signal, reviews, trigger


def growing(draws=400):
    """Futures in which a child more at the first January is two more at the second: (draw, 3)."""
    first = np.arange(draws) % 40 + 20.0
    return np.column_stack([np.full(draws, 30.0), first, 2 * first])


def ordered(children, chance):
    """Futures of (count now, too many later) with `chance` of more than 50 later at each of `children`."""
    rows = [
        (count, 60.0 if k < 20 * share else 40.0)
        for count, share in zip(children, chance, strict=True)
        for k in range(20)
    ]
    return np.array([(0.0, now, later) for now, later in rows])


def test_the_firm_stage_is_whole_classes_that_are_likely_needed_and_the_second_what_caution_adds():
    wanted = np.arange(101.0)
    assert stages_of(wanted, cheapest=70, class_size=8) == Stages(firm=48, second=32)
    assert stages_of(wanted, cheapest=90, class_size=8) == Stages(firm=48, second=48)


def test_the_firm_stage_is_never_more_than_the_cheapest_size():
    assert stages_of(np.arange(101.0), cheapest=33, class_size=8) == Stages(firm=32, second=48)


def test_where_less_than_a_class_is_likely_there_is_no_firm_stage():
    assert stages_of(np.full(10, 7.0), cheapest=7, class_size=8) == Stages(firm=0, second=8)


def test_where_every_future_is_alike_and_fills_its_classes_there_is_no_second_stage():
    assert stages_of(np.full(10, 64.0), cheapest=64, class_size=8) == Stages(firm=64, second=0)


@given(wanted=arrays(np.float64, 40, elements=st.floats(0, 300)), cheapest=st.integers(0, 300), of=st.integers(1, 12))
def test_stages_are_whole_classes_around_what_is_likely_and_what_is_cautious(wanted, cheapest, of):
    stages = stages_of(wanted, cheapest, of)
    assert stages.firm % of == stages.second % of == 0
    assert stages.firm <= min(cheapest, np.median(wanted)) + 0.01
    assert stages.both >= max(cheapest, np.quantile(wanted, 0.8)) - 0.01
    assert stages.both < max(cheapest, np.quantile(wanted, 0.8)) + of


def test_counting_is_a_lead_time_before_opening_but_neither_now_nor_too_late():
    assert look_at(opening=6, lead=3, years=14) == 3
    assert look_at(opening=3, lead=3, years=14) == 1
    assert look_at(opening=12, lead=2, years=14) == 10
    assert look_at(opening=13, lead=4, years=14) == 9


def test_a_second_stage_that_cannot_open_within_the_horizon_is_refused():
    with pytest.raises(NoTime, match="forecast further ahead"):
        look_at(opening=2, lead=4, years=5)


def test_the_trigger_is_the_count_that_the_future_shows_to_be_too_many():
    found = trigger(growing(), firm=79, at=1, lead=1)
    assert found.signal is Signal.COUNT
    assert found.children == 40
    assert (found.met == (growing()[:, 2] > 79)).all()


def test_a_chance_of_just_a_half_orders_nothing_and_one_above_it_does():
    found = trigger(ordered([10, 11, 12], [0.2, 0.5, 0.55]), firm=50, at=1, lead=1)
    assert found.children == 12
    assert found.met.mean() == pytest.approx(1 / 3)


def test_a_dip_in_the_chance_is_smoothed_over():
    found = trigger(ordered([10, 11, 12, 13], [0.1, 0.6, 0.3, 0.9]), firm=50, at=1, lead=1)
    assert found.chances["chance"].tolist() == pytest.approx([0.1, 0.45, 0.45, 0.9])
    assert found.children == 13


def test_where_the_firm_stage_is_too_small_whatever_is_counted_it_says_so():
    found = trigger(growing(), firm=20, at=1, lead=1)
    assert (found.signal, found.children, found.met.all()) == (Signal.ALWAYS, None, True)


def test_where_the_firm_stage_is_enough_whatever_is_counted_there_is_no_trigger():
    found = trigger(growing(), firm=500, at=1, lead=1)
    assert (found.signal, found.children, found.met.any()) == (Signal.NEVER, None, False)


def test_at_the_latest_census_one_count_is_all_there_is_and_it_tells_of_all_or_none():
    assert trigger(growing(), firm=79, at=0, lead=2).signal is Signal.NEVER
    assert trigger(growing(), firm=60, at=0, lead=2).signal is Signal.ALWAYS


def test_one_wild_future_makes_no_trigger():
    wanted = np.zeros((100, 2))
    wanted[0] = 90, 200
    assert trigger(wanted, firm=50, at=0, lead=1).signal is Signal.NEVER
    wanted[:6] = 90, 200
    assert trigger(wanted, firm=50, at=0, lead=1).children == 90


@settings(max_examples=30, deadline=None)
@given(wanted=arrays(np.float64, (60, 2), elements=st.integers(0, 25).map(float)), firm=st.integers(0, 25))
def test_the_trigger_is_read_off_a_chance_that_never_falls_with_the_count(wanted, firm):
    found = trigger(wanted, firm, at=0, lead=1)
    small = (wanted[:, 1] > firm).astype(float)
    fit = IsotonicRegression().fit(wanted[:, 0], small)
    assert found.chances["chance"].to_numpy() == pytest.approx(fit.predict(found.chances["children"]))
    if found.signal is Signal.COUNT:
        assert fit.predict([found.children])[0] > 0.5
        assert small[found.met].mean() > 0.5
        assert found.met.mean() >= FEWEST


def test_each_january_that_an_order_is_still_in_time_has_its_own_trigger():
    wanted = np.column_stack([growing(), 2.5 * growing()[:, 1]])
    table = reviews(wanted, firm=79, lead=1, years=[2026, 2027, 2028, 2029])
    assert table[["year", "by"]].to_numpy().tolist() == [[2027, 2028], [2028, 2029]]
    assert table["children"].tolist() == [40, 64]
    assert table["chance"].tolist() == [0.5, 0.7]


def from_january(at):
    """A second stage half open in January `at` and wholly from the next."""
    share = np.zeros((90, 4))
    share[:, at], share[:, at + 1 :] = 0.5, 1
    return share


def test_a_council_that_looks_each_january_orders_when_the_count_first_tells():
    soon, later, never = ([0, 20, 60, 60], [0, 10, 20, 60], [0, 10, 10, 10])
    wanted = np.repeat([soon, later, never], 30, axis=0).astype(float)
    ordered, share = watched(Stages(50, 16), wanted, lead=1, second=from_january)
    assert ordered.tolist() == [True] * 60 + [False] * 30
    assert share[[0, 30, 60]].tolist() == [[0, 0, 0.5, 1], [0, 0, 0, 0.5], [0, 0, 0, 0]]


@given(wanted=wanteds, firm=sizes)
def test_looking_each_january_orders_wherever_some_look_would(wanted, firm):
    ordered, share = watched(Stages(firm, 8), wanted, 1, lambda _: np.ones(wanted.shape))
    looks = [trigger(wanted, firm, at, 1).met for at in (1, 2)]
    assert (ordered == (looks[0] | looks[1])).all()
    assert (share[:, 0] == ordered).all()


def test_looking_each_january_needs_time_for_a_second_stage():
    with pytest.raises(NoTime):
        watched(Stages(8, 8), np.ones((4, 3)), 2, lambda _: np.ones((4, 3)))


def test_two_stages_by_hand():
    wanted = np.array([[20.0, 20.0, 20.0], [10.0, 10.0, 10.0]])
    second = np.array([[0.0, 0.0, 1.0]] * 2)
    bill = staged(Stages(8, 8), np.array([True, False]), wanted, always_open(wanted), second, prices())
    assert bill.capital.tolist() == [3 * 8 * 2_000 + 8 * 1_500, 3 * 8 * 2_000]
    assert bill.run.tolist() == [(8 + 8 + 16) * 25_000, 3 * 8 * 25_000]
    assert bill.independent.tolist() == [(12 + 12 + 4) * 64_000, 3 * 2 * 64_000]


def test_no_second_stage_is_built_onto_a_school_that_is_not_there():
    wanted = np.full((1, 3), 20.0)
    late, second = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 1.0]])
    bill = staged(Stages(8, 8), np.array([True]), wanted, late, second, prices())
    assert bill.capital.item() == 8 * 2_000 + 8 * 1_500


@given(wanted=wanteds, share=openings, second=openings, firm=sizes, more=sizes)
def test_a_second_stage_that_is_never_ordered_costs_what_the_firm_stage_costs(wanted, share, second, firm, more):
    never = np.zeros(DRAWS, dtype=bool)
    bill = staged(Stages(firm, more), never, wanted, share, second, grown())
    assert bill.total == pytest.approx(cost_of(firm, wanted, share, grown()).total)


@given(wanted=wanteds, share=openings, firm=sizes, more=sizes)
def test_a_second_stage_that_opens_with_the_first_at_its_price_costs_what_one_school_costs(wanted, share, firm, more):
    price = grown(capital_expansion=60_000.0)
    bill = staged(Stages(firm, more), np.ones(DRAWS, dtype=bool), wanted, share, share, price)
    assert bill.total == pytest.approx(cost_of(firm + more, wanted, share, price).total)


def test_waiting_is_worth_something_where_the_future_is_open_and_the_count_tells_it():
    few, many = np.full((50, 12), 8.0), np.full((50, 12), 8.0)
    many[:, 2:] = 48
    many[:, 1], few[:, 1] = 20, 10
    wanted = np.concatenate([few, many])
    found = trigger(wanted, firm=8, at=1, lead=1)
    second = np.zeros(wanted.shape)
    second[:, 2:] = 1
    table = value_of_waiting(
        Stages(8, 40), found.met, wanted, always_open(wanted), second, prices(), cheapest=48
    ).set_index("plan")
    assert found.children == 20
    assert table.loc["second stage if triggered", "saved"] > 0
    assert table.loc["second stage if triggered", "places"] == 8 + 0.5 * 40
    assert table.loc["second stage if triggered", "total"] == table["total"].min()


def test_waiting_costs_where_nothing_is_to_be_learned():
    wanted = np.full((DRAWS, YEARS), 48.0)
    second = np.zeros(wanted.shape)
    second[:, 2:] = 1
    price = prices(capital_expansion=60_000.0)
    always = np.ones(DRAWS, dtype=bool)
    table = value_of_waiting(Stages(8, 40), always, wanted, always_open(wanted), second, price, cheapest=48).set_index(
        "plan"
    )
    assert table.loc["second stage if triggered", "saved"] == pytest.approx(-2 * 40 * 39_000)
    assert table.loc["both stages at once", "saved"] == 0


@settings(max_examples=30, deadline=None)
@given(wanted=wanteds, share=openings, second=openings, firm=sizes, more=sizes)
def test_each_plans_components_add_up_and_waiting_is_measured_against_the_better_of_the_others(
    wanted, share, second, firm, more
):
    met = wanted[:, 1] > firm
    table = value_of_waiting(Stages(firm, more), met, wanted, share, second, grown(), cheapest=20)
    assert table[["run", "empty", "capital", "independent", "transport"]].sum(axis=1).to_numpy() == pytest.approx(
        table["total"].to_numpy()
    )
    assert table["saved"].iloc[:3].max() == pytest.approx(0)
    assert (table["p10"] <= table["p90"]).all()


def test_a_second_stage_of_other_futures_is_refused():
    wanted = np.full((DRAWS, YEARS), 20.0)
    with pytest.raises(BadFutures):
        staged(Stages(8, 8), np.ones(DRAWS, dtype=bool), wanted[:, :2], always_open(wanted), wanted, prices())
