from dataclasses import replace

import numpy as np
import pytest
from builders_prices import DRAWS, YEARS, grown, openings, prices, wanteds
from hypothesis import assume, given
from hypothesis import strategies as st

from forecast.decide.alternatives import Project
from forecast.decide.newsvendor import cost_of
from forecast.decide.value import (
    break_even_occupancy,
    break_even_year,
    by_payer,
    less_than_nothing,
    net_present_value,
    one_place,
)
from forecast.inputs.reference_places import read_costs
from forecast.places.costs import Costs

JANUARIES = [2027, 2028, 2029, 2030]


def school(places=10, share=None, price=None):
    return Project("school", places, np.ones((DRAWS, YEARS)) if share is None else share, price or prices())


def wanting(children=10.0):
    return np.full((DRAWS, YEARS), children)


def test_the_value_of_a_full_school_by_hand():
    assert net_present_value(school(), wanting()).tolist() == [4 * 10 * 39_000.0] * DRAWS


def test_the_value_of_an_empty_school_is_what_it_costs_to_keep():
    assert net_present_value(school(), wanting(0)).tolist() == [-4 * 10 * 12_000.0] * DRAWS


@given(wanted=wanteds, share=openings, places=st.integers(0, 80))
def test_value_is_what_nothing_costs_less_what_the_school_costs_in_every_future(wanted, share, places):
    value = net_present_value(school(places, share, grown()), wanted)
    dearer = cost_of(0, wanted, share, grown()).total - cost_of(places, wanted, share, grown()).total
    assert value == pytest.approx(dearer, abs=1e-3)


def test_a_school_breaks_even_at_the_share_that_a_place_too_many_is_of_both():
    assert break_even_occupancy(school(), wanting()) == pytest.approx(12 / 51)


@given(share=openings, independent=st.integers(30_000, 90_000), places=st.integers(1, 60))
def test_filled_to_the_break_even_share_a_school_is_worth_nothing(share, independent, places):
    price = prices(independent=float(independent), fee_growth=0.03, discount=0.035)
    project = school(places, share, price)
    even = break_even_occupancy(project, wanting())
    pays = (even <= 1) & (share > 0).any(axis=1)
    assume(pays.any())
    filled_so = even[:, None] * places * share
    value = net_present_value(replace(project, open_share=share), np.where(pays[:, None], filled_so, 0.0))
    assert value[pays] == pytest.approx(0, abs=1e-3)


def test_a_school_that_never_opens_or_saves_nothing_has_no_break_even():
    assert np.isnan(break_even_occupancy(school(share=np.zeros((DRAWS, YEARS))), wanting())).all()
    assert np.isnan(break_even_occupancy(school(price=prices(independent=0.0)), wanting())).all()
    assert np.isnan(break_even_year(school(share=np.zeros((DRAWS, YEARS))), wanting(), JANUARIES)).all()


def test_a_school_that_cannot_pay_even_when_full_breaks_even_above_one():
    assert (break_even_occupancy(school(price=prices(independent=24_000.0)), wanting()) > 1).all()


def test_savings_of_forty_one_thousand_a_year_repay_sixty_thousand_in_the_second_january():
    assert break_even_year(school(), wanting(), JANUARIES).tolist() == [2028] * DRAWS
    assert break_even_year(school(), wanting(8), JANUARIES).tolist() == [2028] * DRAWS
    assert break_even_year(school(), wanting(7), JANUARIES).tolist() == [2029] * DRAWS
    assert np.isnan(break_even_year(school(), wanting(0), JANUARIES)).all()


def test_capital_is_spent_when_the_school_opens_and_not_before():
    share = np.ones((DRAWS, YEARS))
    share[:, :2] = 0
    assert break_even_year(school(share=share), wanting(), JANUARIES).tolist() == [2030] * DRAWS


def test_a_higher_discount_rate_never_brings_the_break_even_forward():
    years = [break_even_year(school(price=prices(discount=rate)), wanting(8), JANUARIES)[0] for rate in (0, 0.1, 0.3)]
    assert years == sorted(years)
    assert years[0] < years[-1]


def test_each_payer_is_charged_its_own_by_hand():
    table = by_payer(school(places=12), wanting(), JANUARIES).set_index(["payer", "year"])["mean"]
    assert table["high needs block"].tolist() == [10 * (25_000 - 64_000) + 2 * 10_000] * 4
    assert table["general fund"].tolist() == [10 * (9_000 - 11_000)] * 4
    assert table["capital"].tolist() == [12 * 2_000] * 4


@given(wanted=wanteds, share=openings)
def test_what_the_payers_pay_adds_up_to_what_the_school_changes(wanted, share):
    table = by_payer(school(20, share, grown()), wanted, JANUARIES)
    total = less_than_nothing(school(20, share, grown()), wanted).total.mean(axis=0)
    assert table.groupby("year")["mean"].sum().to_numpy() == pytest.approx(total, abs=1e-3)
    assert (table["p10"] <= table["p90"]).all()


def certain():
    """Prices that ship, each at its central value in every future."""
    table = read_costs()
    return table.assign(low=table["value"], high=table["value"])


def test_an_adapted_school_against_a_special_place_by_hand():
    table = one_place(Costs(certain()), "ASD", 6, 1).set_index("way")
    factor = sum(1.035**-year for year in range(1, 31))
    assert table["run"].tolist() == pytest.approx([8_700, 20_000, 24_500, 64_000])
    assert table["building"].tolist() == pytest.approx([40_000 / factor, 40_000 / factor, 75_000 / factor, 0])
    both = table["run"] + table["building"]
    for middle in ("mean", "p10", "p90"):
        assert table[middle].to_numpy() == pytest.approx(both.to_numpy())


def test_a_councils_own_top_up_moves_the_adapted_school_and_no_other():
    own = certain()
    mainstream = own["item"].eq("place") & own["provision"].eq("mainstream")
    own.loc[mainstream, ["value", "low", "high"]] += 1_000
    before, after = (one_place(Costs(table), "ASD", 6, 1).set_index("way")["mean"] for table in (certain(), own))
    assert (after - before).to_numpy() == pytest.approx([1_000, 0, 0, 0])


def test_the_range_of_a_place_is_that_of_its_prices():
    table = one_place(Costs(read_costs()), "ASD", 400, 1)
    assert (table["p10"] < table["mean"]).all()
    assert (table["mean"] < table["p90"]).all()
