"""Worked scenarios in pounds: each line of the bill that they add or change, reckoned by hand at certain prices."""

from dataclasses import replace

import numpy as np
import pytest
from builders_worked import FIRST, as_now, at, came, county, forecast, shipped

from forecast.decide.bill import bill


def certain(projection):
    """A forecast whose prices are all at their middle."""
    return replace(
        projection, prices=projection.prices.assign(low=projection.prices["value"], high=projection.prices["value"])
    )


def billed(name, where="worcestershire"):
    """Lines of the bill of a worked scenario: (draw, year, line)."""
    return bill(certain(forecast(shipped(name) if name else as_now(), where)))


def line(costs, *words):
    """What the lines come to whose name has these words: (draw, year)."""
    mine = [name for name in costs["line"].to_numpy() if all(word in name for word in words)]
    assert mine, f"no line of {words}"
    return costs.sel(line=mine).sum("line")


def children(name, label, where="worcestershire"):
    """Whole children of a kind of place: (draw, year)."""
    return (
        forecast(shipped(name) if name else as_now(), where)
        .demand.sel(provision=label)
        .sum(["district", "need", "phase"])
    )


def stayed(children, label):
    """Children of a year, by need and year group, who are in a kind of place a year on: (draw)."""
    drivers = county()[1]
    chance = (1 - drivers["leave"].sel(provision=label, drop=True)) * drivers["move"].sel(
        provision=label, to=label, drop=True
    )
    return (children * chance).sel(nc_year=7).sum(["district", "need"]).to_numpy()


def test_support_at_year_7_is_paid_for_those_of_this_year_and_those_of_the_one_before_who_are_still_there():
    paid = line(billed("rebalance-at-year-7"), "support")
    first, second = (share * at(came("special", year), year, nc_year=7) for share, year in ((0.1, FIRST), (0.2, 2029)))
    np.testing.assert_allclose(paid.sel(year=FIRST), 6_000 * first)
    still = 0.1 * stayed(came("special", FIRST), "mainstream")
    assert (still < 0.95 * first).all()
    np.testing.assert_allclose(paid.sel(year=2029), 6_000 * (second + still), rtol=2e-3)  # needs as in the first year
    assert not paid.sel(year=slice(None, FIRST - 1)).any()


def test_half_of_each_fee_saved_is_spent_again():
    paid = line(billed("bring-home-and-reuse-fees"), "fees no longer paid")
    home = sum(0.125 * at(came(label), FIRST, nc_year=[0, 7, 12]) for label in ("independent", "special_nonmaintained"))
    np.testing.assert_allclose(paid.sel(year=FIRST), 0.5 * 64_000 * 1.02 ** (FIRST - 2025) * home)
    assert 64_000 - 0.5 * 64_000 > 24_500, "a local place is still cheaper than what is left of the fee"


def test_a_base_place_in_adapted_rooms_costs_what_surrey_paid():
    built = line(billed("adapted-mainstream-sites"), "building")
    by_hand = {FIRST: 20 * 29_000, 2029: 14 * 29_000, 2030: 6 * 29_000}
    for year in built["year"].to_numpy():
        np.testing.assert_allclose(built.sel(year=year), by_hand.get(year, 0))
    assert sum(by_hand.values()) < 40 * 75_000, "as many new special school places cost more"


def test_92_per_cent_more_in_bases_are_built_in_one_year():
    built = line(billed("bases-92-per-cent-more"), "building")
    places = round(0.92 * float(county()[1]["stock"].sel(provision="base").sum()))
    np.testing.assert_allclose(built.sum("year"), places * 40_000)
    np.testing.assert_allclose(built.sel(year=FIRST), places * 40_000)


def test_a_hub_its_spokes_and_its_outreach_are_paid_for():
    costs = billed("exampleshire-hub-and-spoke", "exampleshire")
    np.testing.assert_allclose(line(costs, "building Testwick").sel(year=2029), 34 * 75_000)
    np.testing.assert_allclose(line(costs, "building the spokes").sel(year=2029), 30 * 40_000)
    outreach = line(costs, "outreach")
    assert not outreach.sel(year=slice(None, 2028)).any()
    np.testing.assert_allclose(outreach.sel(year=slice(2029, None)), 250_000)


def test_the_school_that_grows_is_built_at_surreys_price():
    costs = billed("exampleshire-school-closes", "exampleshire")
    np.testing.assert_allclose(line(costs, "expanding").sum("year"), 70 * 69_000)


def test_fees_that_grow_faster_change_the_bill_and_no_child():
    faster, slower = billed("fees-grow-faster"), billed("")
    held = children("", "independent")
    np.testing.assert_array_equal(children("fees-grow-faster", "independent"), held)
    for year, grown in ((2027, 1.02**2), (FIRST, 1.02**2 * 1.043), (2030, 1.02**2 * 1.043**3)):
        np.testing.assert_allclose(
            faster.sel(line="places: independent", year=year), held.sel(year=year) * 64_000 * grown
        )
    np.testing.assert_array_equal(faster.sel(line="places: special"), slower.sel(line="places: special"))


def test_a_journey_costs_a_tenth_less_and_the_place_as_much_as_before():
    costs, held = billed("transport-reviewed"), children("transport-reviewed", "special")
    for year, factor in ((2027, 1), (FIRST, 0.9), (2031, 0.9)):
        there = held.sel(year=year)
        np.testing.assert_allclose(costs.sel(line="transport: special", year=year), there * 8_900 * factor)
        np.testing.assert_allclose(costs.sel(line="places: special", year=year), there * 24_500)


UNPRICED = [
    *("earlier-help-semh", "short-stay-schools", "leave-plans-sooner-after-16"),
    *("short-stay-schools-every-child", "ap-fewer-exclusions", "ap-time-limited-places", "ap-shorter-stays"),
]


def test_outreach_from_alternative_provision_is_in_the_bill_for_each_child_supported():
    paid = line(billed("ap-outreach"), "outreach")
    people = county()[1]["population"].sel(nc_year=list(range(3, 10))).sum(["district", "nc_year"])
    for year, part in ((2027, 0), (FIRST, 0.5), (2031, 1)):
        by_hand = part * 3_000 * 0.003 * people.sel(year=year, drop=True)
        np.testing.assert_allclose(paid.sel(year=year), np.broadcast_to(by_hand, paid.sizes["draw"]))


@pytest.mark.parametrize("name", UNPRICED)
def test_what_a_scenario_says_it_does_not_price_is_not_in_its_bill(name):
    assert "the changes themselves" not in billed(name)["kind"].to_numpy()
