import numpy as np
import pytest
from builders_prices import always_open, grown, openings, prices, wanteds
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.decide.newsvendor import best_size, cost_of
from forecast.decide.regret import LEAST_WORST, least_worst, regret_table, verdicts


def certain(children):
    """One future and one January."""
    return np.array([[float(children)]])


def low_and_high():
    """Two worlds, each certain, 40 children apart; one too few costs 39,000 a year, one too many 12,000."""
    return {"white paper": certain(40), "trend": certain(80)}


def test_regret_by_hand_in_two_worlds():
    table = regret_table(low_and_high(), certain(1), prices(), sizes=[40, 60, 80]).set_index(["world", "size"])
    assert table["regret"]["white paper"].tolist() == pytest.approx([0, 20 * 12_000, 40 * 12_000])
    assert table["regret"]["trend"].tolist() == pytest.approx([40 * 39_000, 20 * 39_000, 0])


def test_the_least_worst_size_balances_what_either_world_would_regret():
    table = regret_table(low_and_high(), certain(1), prices())
    crossing = 40 + 40 * 39 / 51
    assert least_worst(table) in {int(crossing), int(crossing) + 1}
    assert least_worst(table) == min(range(81), key=lambda n: max((n - 40) * 12 if n > 40 else 0, (80 - n) * 39))


def test_each_choice_is_named_by_what_it_is_good_for():
    table = verdicts(regret_table(low_and_high(), certain(1), prices())).set_index("choice")
    assert table["size"].to_dict() == {"white paper": 40, "trend": 80, LEAST_WORST: 71}
    assert table.loc["white paper", "worst_world"] == "trend"
    assert table.loc["trend", "worst_regret"] == pytest.approx(40 * 12_000)
    assert table.loc["trend", "mean_regret"] == pytest.approx(20 * 12_000)


def test_in_one_world_the_least_worst_size_is_its_cheapest():
    wanted = np.arange(51.0)[:, None]
    table = regret_table({"trend": wanted}, always_open(wanted), prices())
    assert least_worst(table) == best_size(wanted, always_open(wanted), prices())


@settings(max_examples=25, deadline=None)
@given(trend=wanteds, capped=wanteds, share=openings)
def test_no_regret_is_below_nothing_and_some_size_has_none_in_each_world(trend, capped, share):
    table = regret_table({"trend": trend, "capped": capped}, share, grown())
    assert (table["regret"] >= 0).all()
    assert (table.groupby("world")["regret"].min() == 0).all()


@settings(max_examples=25, deadline=None)
@given(trend=wanteds, capped=wanteds, share=openings, chosen=st.sets(st.integers(0, 90), min_size=1))
def test_among_the_sizes_that_may_be_built_none_has_a_smaller_worst_regret(trend, capped, share, chosen):
    worlds = {"trend": trend, "capped": capped}
    table = regret_table(worlds, share, grown(), sizes=sorted(chosen))
    cost = {
        world: {n: cost_of(n, wanted, share, grown()).total.mean() for n in chosen} for world, wanted in worlds.items()
    }
    worst = {n: max(cost[world][n] - min(cost[world].values()) for world in worlds) for n in chosen}
    assert set(table["size"]) == chosen
    assert (table.groupby("world")["regret"].min() == 0).all()
    assert worst[least_worst(table)] == pytest.approx(min(worst.values()), abs=0.05)


@settings(max_examples=25, deadline=None)
@given(trend=wanteds, capped=wanteds, share=openings)
def test_the_least_worst_size_is_never_worse_at_its_worst_than_a_worlds_own(trend, capped, share):
    table = verdicts(regret_table({"trend": trend, "capped": capped}, share, grown())).set_index("choice")
    assert table.loc[LEAST_WORST, "worst_regret"] <= table["worst_regret"].min() + 0.05
