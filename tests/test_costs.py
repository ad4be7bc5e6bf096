"""What things cost: the most specific price, an area's own before those that ship, and how unsure each is."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from builders import put, read, small_area
from hypothesis import given
from hypothesis import strategies as st

from forecast.domain import Provision
from forecast.errors import UnknownLabel
from forecast.inputs.area import read_area
from forecast.inputs.assumptions import Assumption
from forecast.inputs.reference_places import read_costs
from forecast.inputs.schemas_places import ITEMS
from forecast.model.spread import assumed
from forecast.places.costs import Costs, NoCost, costs_of, overridden

MANY = 20_000


def row(item="place", provision="all", need="all", value=100.0, low=None, high=None, source="a test"):
    low, high = value if low is None else low, value if high is None else high
    return {"item": item, "provision": provision, "need": need, "value": value, "low": low, "high": high,
            "unit": ITEMS[item], "supported": True, "source": source}  # fmt: skip


def costs(*rows):
    return Costs(pd.DataFrame(list(rows)))


FOUR = costs(
    row(value=1),
    row(need="ASD", value=2),
    row(provision="special", value=3),
    row(provision="special", need="ASD", value=4),
)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (("special", "ASD"), 4),
        (("special", "SEMH"), 3),
        (("base", "ASD"), 2),
        (("base", "SEMH"), 1),
        (("special", "all"), 3),
        (("all", "ASD"), 2),
        (("all", "all"), 1),
        (("own", "own"), 1),
        (("own", "ASD"), 2),
    ],
)
def test_the_most_specific_price_holds_and_the_kind_of_place_counts_before_the_need(asked, value):
    assert FOUR.cost("place", *asked).value == value
    assert (FOUR.drawn("place", *asked, draws=5, seed=1) == value).all()


def test_the_order_of_rows_changes_nothing():
    turned = Costs(FOUR.table.iloc[::-1].reset_index(drop=True))
    for provision in ("special", "base"):
        assert turned.cost("place", provision, "ASD") == FOUR.cost("place", provision, "ASD")


def test_an_unknown_item_is_guessed_and_a_price_that_is_missing_says_where_to_add_it():
    with pytest.raises(UnknownLabel, match="No cost called 'plcae'; did you mean 'place'"):
        FOUR.cost("plcae")
    only = costs(row(provision="special"), row(provision="base"))
    with pytest.raises(NoCost, match=r"'elsewhere'.*only for special, base; add a row to the area's costs\.csv"):
        only.cost("place", "elsewhere")
    with pytest.raises(NoCost, match="only for nothing"):
        only.drawn("capital", "special", "all", 3, 1)


def test_a_tenth_of_futures_lie_below_low_a_tenth_above_high_and_half_on_each_side():
    drawn = costs(row(value=64_000, low=54_000, high=70_000)).drawn("place", "special", "ASD", MANY, 3)
    assert np.mean(drawn < 54_000) == pytest.approx(0.1, abs=0.01)
    assert np.mean(drawn > 70_000) == pytest.approx(0.1, abs=0.01)
    assert np.mean(drawn < 64_000) == pytest.approx(0.5, abs=0.015)
    assert (drawn.min(), drawn.max()) == (44_000, 76_000)


def test_a_price_spreads_by_the_rule_of_every_assumption():
    """Another route: the model's own rule, with other luck."""
    kind = {"says": "", "owner": "", "source": "", "review": "2027-01-01"}
    ours = costs(row(value=10, low=7, high=15)).drawn("place", "all", "all", MANY, 1)
    theirs = assumed(Assumption(value=10, low=7, high=15, **kind), MANY, 1, 0)
    shares = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(np.quantile(ours, shares), np.quantile(theirs, shares), atol=0.25)


def test_what_is_certain_does_not_vary():
    assert (read_as_shipped().drawn("discount", "all", "all", 50, 9) == 0.035).all()


def test_another_row_disturbs_no_price():
    one = costs(row(provision="special", value=10, low=5, high=15))
    more = costs(row(provision="base", value=1, low=0, high=9), row(provision="special", value=10, low=5, high=15),
                 row("transport", value=8, low=7, high=9))  # fmt: skip
    for seed in range(3):
        before, after = (prices.drawn("place", "special", "all", 40, seed) for prices in (one, more))
        assert np.array_equal(before, after)


def test_needs_that_share_a_row_are_dear_together_and_rows_apart_are_not():
    prices = costs(row(provision="special", value=10, low=5, high=15), row(provision="base", value=10, low=5, high=15))
    asd, semh = (prices.drawn("place", "special", need, 1000, 2) for need in ("ASD", "SEMH"))
    assert np.array_equal(asd, semh)
    assert abs(np.corrcoef(asd, prices.drawn("place", "base", "ASD", 1000, 2))[0, 1]) < 0.1


def test_an_areas_own_price_meets_the_luck_of_the_one_in_whose_stead_it_stands():
    default, own = (pd.DataFrame([row(value=value, low=0, high=2 * value)]) for value in (10.0, 30.0))
    before, after = (Costs(table).drawn("place", "all", "all", 200, 4) for table in (default, overridden(default, own)))
    np.testing.assert_allclose(after, 3 * before)


def test_fewer_futures_are_the_first_of_many_and_another_seed_is_other_luck():
    prices = costs(row(value=10, low=5, high=15))
    many, few, other = (prices.drawn("place", "all", "all", *how) for how in ((100, 1), (40, 1), (100, 2)))
    assert np.array_equal(many[:40], few)
    assert not np.array_equal(many, other)


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(1, 20), st.sampled_from(["place", "fee_growth", "life"]))
def test_no_pounds_are_ever_below_nothing_and_capital_counts_for_a_year(value, down, up, item):
    value = max(value, 1.0) if item == "life" else value
    least = {"life": 1.0, "fee_growth": -0.5}.get(item, 0.0)
    low = max(value * down, 1.0) if item == "life" else value * down
    drawn = costs(row(item, value=value, low=low, high=value * up)).drawn(item, "all", "all", 64, 1)
    assert (drawn >= least).all()


def test_fees_may_fall_behind_other_prices_and_a_tenth_of_futures_lie_below_the_low_end():
    drawn = costs(row("fee_growth", value=0.02, low=0.0, high=0.04)).drawn("fee_growth", "all", "all", 20_000, 1)
    assert (drawn < 0).mean() == pytest.approx(0.1, abs=0.01)


def test_an_own_price_stands_in_for_the_one_that_ships_and_the_rest_stay():
    shipped = read_costs()
    own = pd.DataFrame([row(provision="special", value=30_000), row(provision="special", need="PMLD", value=40_000)])
    both = Costs(overridden(shipped, own))
    assert len(both.table) == len(shipped) + 1
    assert both.cost("place", "special", "ASD").value == 30_000
    assert both.cost("place", "special", "PMLD").value == 40_000
    assert both.cost("place", "base") == Costs(shipped).cost("place", "base")
    assert not both.table.duplicated(["item", "provision", "need"]).any()
    assert both.table["supported"].dtype == bool


def test_an_area_without_prices_has_those_that_ship(tmp_path):
    pd.testing.assert_frame_equal(costs_of(read(small_area())).table, read_costs())
    text = "item,provision,need,value,low,high,unit,supported,source\nplace,special,all,1,0,2,pounds a year,no,Ours\n"
    area = read_area(put({**small_area(), "costs.csv": text.encode()}, tmp_path))
    found = costs_of(area).cost("place", "special", "ASD")
    assert (found.value, found.low, found.high, found.supported, found.source) == (1, 0, 2, False, "Ours")


def read_as_shipped():
    return costs_of(SimpleNamespace(costs=pd.DataFrame()))


@pytest.mark.parametrize(
    ("item", "provision", "range_"),
    [
        ("place", "special", (24_500, 23_500, 26_000)),
        ("place", "base", (20_000, 17_000, 22_000)),
        ("place", "mainstream", (8_700, 6_000, 12_000)),
        ("place", "independent", (64_000, 54_000, 70_000)),
        ("place", "special_nonmaintained", (64_000, 54_000, 70_000)),
        ("place", "alternative", (24_000, 18_000, 32_000)),
        ("transport", "special", (8_900, 8_100, 9_800)),
        ("capital", "special", (75_000, 50_000, 92_000)),
        ("capital", "base", (40_000, 20_000, 62_000)),
        ("capital_satellite", "special", (40_000, 20_000, 62_000)),
        ("capital_expansion", "special", (75_000, 50_000, 92_000)),
        ("empty", "special", (10_000, 10_000, 10_000)),
        ("empty", "base", (6_000, 6_000, 6_000)),
        ("discount", "all", (0.035, 0.035, 0.035)),
    ],
)
def test_the_prices_that_ship_are_the_published_ones(item, provision, range_):
    found = read_as_shipped().cost(item, provision)
    assert (found.value, found.low, found.high) == range_
    assert found.unit == ITEMS[item]


def test_what_rests_on_judgement_alone_says_so():
    table = read_costs()
    unsupported = set(table[~table["supported"]][["item", "provision"]].itertuples(index=False, name=None))
    judged = {
        ("place", "alternative"),
        ("ap_elsewhere", "alternative"),
        ("capital", "alternative"),
        ("capital_expansion", "special"),
        ("capital_expansion", "base"),
        ("capital_expansion", "alternative"),
        ("fee_growth", "all"),
        ("life", "all"),
    }
    assert unsupported == judged
    alone = table[~table["supported"]]["source"].str.lower()
    assert alone.str.contains("judgement").all()
    assert set(table["item"]) == set(ITEMS)
    assert set(table["provision"]) <= {"all", *Provision}
