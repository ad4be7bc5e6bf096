"""What a forecast costs: every line against a sum by hand, and nothing left out without a word."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_compare import CARRIED, PRICES, UNPRICED, by_year, listed, priced
from builders_projection import YEARS, small_projection
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.bill import bill, by_kind, by_payer, gaps, unit_prices
from forecast.decide.bill_lines import Kind
from forecast.decide.futures import fewer
from forecast.decide.unit_prices import NoPrices
from forecast.scenario.spending import Payer, Spending

GROWN = ("independent", "special_nonmaintained")


@pytest.fixture(scope="module")
def projection():
    return priced()


def in_kind(projection, provision):
    """Children in a kind of place, counted cell by cell: (draw, year)."""
    return projection.demand.sel(provision=provision).to_numpy().astype(int).sum(axis=(2, 3, 4))


def spending(**other):
    told = {"what": "support", "payer": Payer.HIGH_NEEDS, "units": by_year([10, 20, 30])}
    return Spending(**(told | other))


def test_a_child_counted_in_january_costs_a_year_of_its_kind_of_place_and_fees_grow_from_the_census(projection):
    costs = bill(projection)
    for provision in ("mainstream", "special", "independent", "special_nonmaintained"):
        growth = 1.02 ** np.arange(len(YEARS)) if provision in GROWN else 1.0
        by_hand = in_kind(projection, provision) * PRICES["place", provision] * growth
        np.testing.assert_allclose(costs.sel(line=f"places: {provision}").to_numpy(), by_hand)


def test_the_journey_is_priced_for_every_child_in_a_specialist_place_and_for_no_other(projection):
    costs = bill(projection)
    journeys = costs.where(costs["kind"] == Kind.TRANSPORT, drop=True)
    assert set(journeys["provision"].to_numpy()) == set(CARRIED)
    assert set(journeys["payer"].to_numpy()) == {Payer.GENERAL_FUND}
    by_hand = sum(in_kind(projection, provision) for provision in CARRIED) * 9_000
    np.testing.assert_allclose(journeys.sum("line").to_numpy(), by_hand)


def test_a_price_that_names_mainstream_schools_has_their_children_carried_too():
    carried = priced(prices={("transport", "mainstream"): 500})
    line = bill(carried).sel(line="transport: mainstream")
    np.testing.assert_allclose(line.to_numpy(), in_kind(carried, "mainstream") * 500)


@pytest.mark.parametrize("made", [priced, listed])
def test_the_lines_add_up_to_the_whole_however_they_are_sorted(made):
    costs = bill(made(spending=(spending(pounds=xr.DataArray(5.0)),)))
    whole = costs.sum("line")
    xr.testing.assert_allclose(by_payer(costs).sum("payer"), whole)
    xr.testing.assert_allclose(by_kind(costs).sum("kind"), whole)
    assert bool(costs.notnull().all())


def test_children_times_the_price_of_a_year_are_the_lines_of_children(projection):
    prices, costs = unit_prices(projection), bill(projection)
    children = projection.demand.sum(["district", "need", "phase"])
    lines = costs.where(costs["kind"].isin([Kind.PLACES, Kind.TRANSPORT]), drop=True)
    xr.testing.assert_allclose((children * prices).sum(["provision", "payer"]), lines.sum("line"))


def test_kinds_of_place_without_a_price_are_told_with_their_children_and_are_not_free(projection):
    missing = gaps(projection)
    assert set(missing["provision"]) == set(UNPRICED)
    assert set(missing["line"]).isdisjoint(bill(projection)["line"].to_numpy())
    assert unit_prices(projection).sel(provision="post16", payer=Payer.HIGH_NEEDS).isnull().all()
    told = missing[missing["provision"] == "elsewhere"].set_index("year")["units"]
    np.testing.assert_allclose(told.to_numpy(), in_kind(projection, "elsewhere").mean(axis=0))


def test_a_price_of_one_need_holds_for_its_children_alone():
    own = priced(prices={("place", "special", "ASD"): 40_000})
    special = own.demand.sel(provision="special").sum(["district", "phase"])
    by_hand = special.sum("need") * 25_000 + special.sel(need="ASD") * 15_000
    np.testing.assert_allclose(bill(own).sel(line="places: special").to_numpy(), by_hand.to_numpy())
    at_census = special.isel(year=0, draw=0)
    mean = 25_000 + 15_000 * float(at_census.sel(need="ASD") / at_census.sum())
    np.testing.assert_allclose(unit_prices(own).sel(provision="special", payer=Payer.HIGH_NEEDS), mean)


def test_a_price_that_changes_in_a_year_leaves_the_years_before_as_they_were(projection):
    later = bill(priced(prices={("place", "independent", "all", 2030): 50_000})).sel(line="places: independent")
    before = bill(projection).sel(line="places: independent")
    early, late = slice(None, 2029), slice(2030, None)
    xr.testing.assert_equal(later.sel(year=early), before.sel(year=early))
    xr.testing.assert_allclose(later.sel(year=late), before.sel(year=late) * 50 / 64)


def test_growth_of_fees_that_changes_in_a_year_counts_from_that_year_on(projection):
    flat = bill(priced(prices={("fee_growth", "all", "all", 2030): 0.0})).sel(line="places: independent")
    children = in_kind(projection, "independent")
    steps = 1.02 ** np.minimum(np.arange(len(YEARS)), 2029 - YEARS[0])
    np.testing.assert_allclose(flat.to_numpy(), children * 64_000 * steps)


def test_two_forecasts_of_one_run_meet_the_same_uncertain_prices():
    one, other = priced(spread=0.2), priced(spread=0.2, prices={("place", "base"): 10_000})
    shared = {"provision": ["mainstream", "special", "independent"]}
    xr.testing.assert_equal(unit_prices(one).sel(shared), unit_prices(other).sel(shared))
    assert float(unit_prices(one).sel(provision="special", year=2030, payer=Payer.HIGH_NEEDS).std()) > 0


def test_some_of_the_futures_cost_what_they_cost_among_all_of_them():
    whole = priced(spread=0.2)
    some = fewer(whole, np.array([1, 4, 7]))
    xr.testing.assert_allclose(bill(some), bill(whole).sel(draw=[1, 4, 7]))


def test_what_a_change_costs_is_its_units_times_its_price_or_that_of_the_price_list():
    given_price = spending(what="advice", pounds=xr.DataArray(np.arange(12.0), dims="draw", coords={"draw": range(12)}))
    built = spending(what="a school", payer=Payer.CAPITAL, item="capital", provision="special")
    costs = bill(priced(spending=(given_price, built)))
    np.testing.assert_allclose(costs.sel(line="advice", year=[2025, 2027, 2029]), np.arange(12)[:, None] * [0, 20, 0])
    np.testing.assert_allclose(costs.sel(line="a school", year=2028), 30 * 75_000)
    assert costs.sel(line="a school")["payer"].item() == Payer.CAPITAL
    assert not by_payer(costs).sel(payer=Payer.CAPITAL, year=2025).any()


def test_support_is_paid_for_each_child_moved_in_the_year_and_for_as_long_as_it_lasts():
    moved = by_year([4, 2, 1, 0, 3] + [0] * (len(YEARS) - 6), draws=12).expand_dims(shift=["keep here"])
    told = spending(units=by_year([1.0] * (len(YEARS) - 1)), pounds=xr.DataArray(100.0), shift="keep here", lasts=3)
    shifted = moved.transpose("draw", "year", "shift")
    costs = bill(priced(spending=(told,), shifted=shifted)).sel(line="support")
    paid = [0, 4, 6, 7, 3, 4, 3, 3] + [0] * (len(YEARS) - 8)
    np.testing.assert_allclose(costs.to_numpy(), np.broadcast_to(np.multiply(paid, 100), costs.shape))


def test_a_shift_that_moves_nobody_costs_nothing():
    told = spending(pounds=xr.DataArray(100.0), shift="never there")
    assert not bill(priced(spending=(told,))).sel(line="support").any()


def test_a_change_that_nothing_prices_is_told_and_two_of_one_name_stand_apart():
    unknown = spending(what="a barge", item="capital", provision="post16")
    twice = (spending(pounds=xr.DataArray(1.0)), spending(pounds=xr.DataArray(2.0)))
    made = priced(spending=(unknown, *twice))
    told = gaps(made)
    assert told[told["line"] == "a barge"].set_index("year")["units"][2027] == 20
    assert {"support", "support (2)"} <= set(bill(made)["line"].to_numpy())


def test_listed_places_that_stand_empty_are_paid_for():
    made = listed()
    for provision, price in (("special", 10_000), ("base", 6_000)):
        spare = made.short.spare.sel(provision=provision)
        np.testing.assert_allclose(bill(made).sel(line=f"empty: {provision}"), spare * price)
    assert not any("empty" in line for line in bill(priced())["line"].to_numpy())


def test_children_for_whom_special_schools_have_no_room_are_priced_in_independent_ones():
    made = listed()
    left = made.short.of_served.sel(provision="special").sum(["district", "need", "band"]).astype(float)
    more = (left - left.isel(year=0)).clip(min=0)
    assert float(more.max()) > 0
    extra = 64_000 * 1.02 ** np.arange(len(YEARS)) - 25_000
    line = bill(made).sel(line=f"instead: {Payer.HIGH_NEEDS}")
    np.testing.assert_allclose(line.to_numpy(), more.transpose("draw", "year").to_numpy() * extra, rtol=1e-6)
    assert not bill(made).sel(line=f"instead: {Payer.GENERAL_FUND}").any()


def test_schools_that_are_over_their_places_at_the_census_owe_nothing_for_those_children():
    assert not by_kind(bill(listed())).sel(kind=Kind.INSTEAD, year=YEARS[0]).any()


def test_a_forecast_without_prices_says_how_to_get_them():
    with pytest.raises(NoPrices, match=r"holds no prices.*forecast the area with `--model children`"):
        bill(small_projection(draws=3))


@given(factor=st.integers(0, 5))
def test_twice_the_children_cost_twice_as_much(factor):
    made = priced(small_projection(districts=1, draws=3))
    more = replace(made, demand=made.demand * factor)
    xr.testing.assert_allclose(bill(more), bill(made) * factor)


def test_prices_twice_as_high_cost_twice_as_much(projection):
    dearer = {key: price * 2 for key, price in PRICES.items() if key[0] != "fee_growth"}
    xr.testing.assert_allclose(bill(priced(prices=dearer)), bill(projection) * 2)
