"""Levers on prices: what a thing costs from a year on, and what it costs before and after."""

from typing import get_args

import numpy as np
import pytest
from builders_levers_places import lever
from hypothesis import given
from hypothesis import strategies as st

from forecast.inputs.area import read_area
from forecast.inputs.reference_places import read_costs
from forecast.inputs.schemas_places import ITEMS, POUNDS, POUNDS_A_YEAR, Costs
from forecast.places.costs import costs_at, costs_of
from forecast.scenario.pricing import InPounds, Item, NoSuchPrice

PRICES = read_costs().assign(from_year=0)
YEARS = range(2026, 2037)
EVIDENCE = [{"says": "Fees of 70,000 pounds", "source": "The council's contracts, May 2026"}]


def sets(value, since="2028/29", item="place", provision="independent", **fields):
    price = value if isinstance(value, dict) else {"value": value, "low": value, "high": value}
    return lever("set_price", since, item=item, provision=provision, price=price, **fields)


def scales(factor, since="2028/29", item="place", **fields):
    return lever("scale_price", since, item=item, factor=factor, **fields)


def path(prices, item="place", provision="independent", need="all"):
    """Central price at each January."""
    return [costs_at(prices, year).cost(item, provision, need).value for year in YEARS]


def changed(prices, before=PRICES):
    """Rows of the prices at the last January that are not as before."""
    was, now = (costs_at(table, 2036).table for table in (before, prices))
    both = was.merge(now, on=["item", "provision", "need"], how="outer", suffixes=("", "_now"))
    return both[both["value"].ne(both["value_now"])][["item", "provision", "need"]].to_numpy().tolist()


def test_prices_that_nothing_changes_are_an_areas_prices_in_every_year():
    area = read_area("exampleshire")
    for year in (2026, 2036):
        now = costs_at(costs_of(area).table.assign(from_year=0), year)
        assert now.table.to_dict("records") == costs_of(area).table.to_dict("records")


def test_a_price_holds_from_its_january_on_and_not_before():
    assert path(sets(70_000).reprice(PRICES)) == [64_000] * 3 + [70_000] * 8
    assert changed(sets(70_000).reprice(PRICES)) == [["place", "independent", "all"]]


def test_a_price_that_ends_is_again_what_it_would_have_been():
    assert path(sets(70_000, until="2030/31").reprice(PRICES)) == [64_000] * 3 + [70_000] * 3 + [64_000] * 5


def test_prices_of_years_that_follow_one_another_may_be_set_in_either_order():
    first, second = sets(70_000, until="2030/31"), sets(75_000, since="2031/32")
    assert not first.claims()[0].meets(second.claims()[0])
    for one, other in ((first, second), (second, first)):
        assert path(other.reprice(one.reprice(PRICES))) == [64_000] * 3 + [70_000] * 3 + [75_000] * 5


def test_a_price_of_one_need_leaves_that_of_the_others():
    prices = sets(90_000, need="SEMH").reprice(PRICES)
    assert path(prices, need="SEMH")[-1] == 90_000
    assert path(prices, need="ASD") == [64_000] * 11


def test_all_is_the_row_of_those_that_have_none_of_their_own():
    prices = sets(10_000, item="transport", provision="all").reprice(PRICES)
    assert path(prices, "transport", "special") == [8_900] * 3 + [10_000] * 8
    assert sets(1, provision="all").provision is None


def test_a_price_has_its_range_and_says_what_it_rests_on():
    prices = sets({"value": 70_000, "low": 66_000, "high": 80_000}, evidence=EVIDENCE).reprice(PRICES)
    cost = costs_at(prices, 2030).cost("place", "independent")
    assert (cost.low, cost.high, cost.supported) == (66_000, 80_000, True)
    assert cost.source == "scenario: The council's contracts, May 2026"
    bare = costs_at(sets(70_000).reprice(PRICES), 2030).cost("place", "independent")
    assert (bare.supported, bare.source) == (False, "scenario: no evidence given")
    drawn = costs_at(prices, 2030).drawn("place", "independent", "all", 4_000, 1)
    assert np.mean(drawn < 66_000) == pytest.approx(0.1, abs=0.02)


def test_a_price_that_changes_is_met_with_the_same_luck_in_every_future():
    prices = scales(2).reprice(PRICES)
    before, after = (costs_at(prices, year).drawn("place", "independent", "all", 50, 1) for year in (2026, 2030))
    np.testing.assert_allclose(after, 2 * before)


def test_ten_per_cent_off_every_place_changes_places_and_nothing_else():
    prices = scales(0.9).reprice(PRICES)
    for provision in ("special", "base", "independent", "mainstream"):
        was = costs_at(PRICES, 2026).cost("place", provision)
        now = costs_at(prices, 2030).cost("place", provision)
        assert (now.low, now.value, now.high) == pytest.approx((0.9 * was.low, 0.9 * was.value, 0.9 * was.high))
        assert costs_at(prices, 2028).cost("place", provision) == was
    assert {item for item, *_ in changed(prices)} == {"place"}
    assert changed(scales(0.9, provision="special").reprice(PRICES)) == [["place", "special", "all"]]


def test_a_factor_that_is_not_certain_widens_the_price_as_two_independent_errors_do():
    row = PRICES[PRICES["item"].eq("transport")]
    cost = costs_at(scales({"value": 1, "low": 0.8, "high": 1.3}, item="transport").reprice(PRICES), 2030).cost(
        "transport"
    )
    (value, low, high) = row[["value", "low", "high"]].iloc[0]
    assert cost.value - cost.low == pytest.approx(((value - low) ** 2 + (0.2 * value) ** 2) ** 0.5)
    assert cost.high - cost.value == pytest.approx(((high - value) ** 2 + (0.3 * value) ** 2) ** 0.5)


def saved(factor, draws=2_000, prices=PRICES):
    """What a factor saves of each independent fee: (draw)."""
    before, after = (
        costs_at(table, 2030).drawn("place", "independent", "all", draws, 1)
        for table in (prices, scales(factor, provision="independent").reprice(prices))
    )
    return after - before


def test_how_far_a_factor_may_be_off_is_how_far_what_it_saves_may_be_off():
    """A tenth (nothing to a fifth) off a fee of 64,000 for certain: 12,800 to nothing saved, each one chance in ten."""
    certain = PRICES.assign(low=PRICES["value"], high=PRICES["value"])
    factor = {"value": 0.9, "low": 0.8, "high": 1.0}
    np.testing.assert_allclose(
        np.quantile(saved(factor, prices=certain), [0.1, 0.5, 0.9]), [-12_800, -6_400, 0], atol=100
    )
    assert saved(factor, prices=certain).mean() == pytest.approx(-6_400, abs=1e-6)
    low, middle, high = np.quantile(saved(factor), [0.1, 0.5, 0.9])
    assert low == pytest.approx(-12_800, rel=0.05)
    assert middle == pytest.approx(-6_400, rel=0.05)
    assert abs(high) < 500


def test_a_factor_has_the_luck_of_no_price_and_all_factors_have_the_same():
    prices = scales({"value": 1, "low": 0.8, "high": 1.3}).reprice(PRICES)
    draw = {
        kind: (
            costs_at(PRICES, 2030).drawn("place", kind, "all", 2_000, 1),
            costs_at(prices, 2030).drawn("place", kind, "all", 2_000, 1),
        )
        for kind in ("independent", "special")
    }
    factor = {kind: after / before for kind, (before, after) in draw.items()}
    np.testing.assert_allclose(factor["independent"], factor["special"])
    assert abs(np.corrcoef(draw["special"][0], factor["special"])[0, 1]) < 0.06


def test_two_uncertain_factors_widen_a_price_in_either_order_and_a_certain_one_does_not():
    one, other = scales({"value": 0.9, "low": 0.8, "high": 1.0}), scales({"value": 2, "low": 1.5, "high": 2.2})
    both, again = (costs_at(made, 2030).cost("place", "independent") for made in
                   (one.reprice(other.reprice(PRICES)), other.reprice(one.reprice(PRICES))))  # fmt: skip
    for end in ("low", "value", "high"):
        assert getattr(both, end) == pytest.approx(getattr(again, end))
    assert both.value - both.low > 1.8 * (64_000 - costs_at(PRICES, 2030).cost("place", "independent").low)
    assert "factor_low" not in scales(0.9).reprice(PRICES).columns


def test_a_price_is_scaled_in_every_year_that_it_is_another():
    path_of = path(scales(2, since="2027/28", until="2030/31").reprice(sets(70_000).reprice(PRICES)))
    assert path_of == [64_000] * 2 + [128_000] + [140_000] * 3 + [70_000] * 5


@given(starts=st.lists(st.integers(2026, 2036), min_size=2, max_size=2), lasts=st.lists(st.integers(0, 5), min_size=2))
def test_scaling_twice_multiplies_in_either_order(starts, lasts):
    one, other = (
        scales(factor, since=start, until=start + last)
        for factor, start, last in zip((2, 0.5), starts, lasts, strict=False)
    )
    by_hand = [
        64_000 * (2 if year in range(one.from_year, one.until + 1) else 1)
        * (0.5 if year in range(other.from_year, other.until + 1) else 1)
        for year in YEARS
    ]  # fmt: skip
    assert path(other.reprice(one.reprice(PRICES))) == path(one.reprice(other.reprice(PRICES))) == by_hand


def test_setting_and_scaling_one_price_meet_and_two_rows_do_not():
    (independent,), (special,), (every,) = (
        each.claims() for each in (sets(70_000), sets(30_000, provision="special"), scales(0.9))
    )
    assert every.meets(independent)
    assert every.meets(special)
    assert not independent.meets(special)
    assert not sets(1, provision="all").claims()[0].meets(special)


@pytest.mark.parametrize(
    "change", [scales(1), sets({"value": 64_000, "low": 54_000, "high": 70_000})], ids=["times 1", "the same"]
)
def test_a_change_of_nothing_gives_back_the_very_prices(change):
    assert change.reprice(PRICES) is PRICES


def test_what_comes_of_it_is_still_a_table_of_prices():
    prices = scales(0.9, evidence=EVIDENCE).reprice(sets(70_000, need="SEMH").reprice(PRICES))
    for year in (2026, 2030):
        Costs.validate(costs_at(prices, year).table)
    assert (prices.dtypes == PRICES.dtypes).all()


def test_what_has_no_price_can_be_given_one_but_not_scaled_or_given_one_for_a_while():
    prices = sets(30_000, provision="post16").reprice(PRICES)
    assert costs_at(prices, 2030).cost("place", "post16").unit == "pounds a year"
    with pytest.raises(NoSuchPrice, match=r"'post16', only special all, base all.*add a row to the area's costs\.csv"):
        scales(0.9, provision="post16").reprice(PRICES)
    with pytest.raises(NoSuchPrice, match=r"leave `until` out, or set the price from 2031/32"):
        sets(30_000, provision="post16", until="2030/31").reprice(PRICES)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": {"value": 5, "low": 6, "high": 7}}, "upside down"),
        ({"value": -5}, "a sum in pounds lies from 0"),
        ({"value": 1, "item": "plcae"}, "Input should be 'place'"),
        ({"value": 1, "provision": "specal"}, "Input should be 'mainstream'"),
        ({"value": 3.5, "item": "discount"}, "write 0.035 for 3.5%"),
        ({"value": 0, "item": "life"}, "life is in years, 1 or more"),
        ({"value": 1, "until": "2026/27"}, "before it begins"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(fields, said):
    with pytest.raises(ValueError, match=said):
        sets(**fields)


def test_a_factor_of_nothing_has_no_range():
    with pytest.raises(ValueError, match="a factor of 0 has no range"):
        scales({"value": 0, "low": 0, "high": 0.5})


def test_a_price_is_supported_only_where_all_that_it_rests_on_is():
    judged = {"says": "It feels dear", "source": "judgement", "supported": False}
    for evidence, held in ((EVIDENCE, True), ([*EVIDENCE, judged], False), ([], False)):
        prices = sets(70_000, evidence=evidence).reprice(PRICES)
        assert costs_at(prices, 2030).cost("place", "independent").supported is held


def test_every_item_of_the_price_list_can_be_set_and_those_in_pounds_scaled():
    assert set(get_args(Item)) == set(ITEMS)
    assert set(get_args(InPounds)) == {item for item, unit in ITEMS.items() if unit in {POUNDS, POUNDS_A_YEAR}}
