"""Why the number of children changes: causes switched on and off, levers, and two scenarios."""

import numpy as np
import pytest
import xarray as xr
from builders_model import without, worcestershire
from builders_waterfall import SCENARIOS, bars, children_of, from_trend_to, path, roomy, run_of, scenario, years_of

from forecast.decide.central import central
from forecast.decide.coalitions import between_years
from forecast.decide.switches import SWITCHED, Cause
from forecast.decide.waterfall import all_plans, kind_of_place, of_children, special_schools
from forecast.scenario.families import FamiliesMoveIn

OUTCOMES = (all_plans, special_schools, lambda about: kind_of_place(about, "base"))


@pytest.mark.parametrize("made", SCENARIOS)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=["all plans", "special schools", "bases"])
@pytest.mark.parametrize("year", [2026, 2031])
def test_bars_add_up_to_the_change_with_nothing_left_over(made, outcome, year):
    found = of_children(years_of(made), outcome(worcestershire().about), year, [run_of(made)])
    counted = run_of(made).demand.sel(year=2025, provision=list(found.outcome.provisions)).isel(draw=0).sum().item()
    assert found.start == counted
    assert found.start + sum(bar.effect for bar in found.bars) == pytest.approx(found.end, abs=1e-6)
    assert found.bars[0].name == Cause.AGEING


@pytest.mark.parametrize("made", ["white paper", "levers"])
def test_bars_between_scenarios_add_up_to_their_difference(made):
    whole = special_schools(worcestershire().about)
    found = of_children(from_trend_to(made), whole, 2031, [run_of("trend"), run_of(made)])
    assert sum(bar.effect for bar in found.bars) == pytest.approx(found.end - found.start, abs=1e-6)
    assert found.since is None
    ends = [of_children(years_of(name), whole, 2031, [run_of(name)]).end for name in ("trend", made)]
    assert [found.start, found.end] == pytest.approx(ends, rel=1e-9)


@pytest.mark.parametrize("made", SCENARIOS)
def test_the_gap_to_the_mean_of_all_futures_is_told_and_small(made):
    found = of_children(years_of(made), all_plans(worcestershire().about), 2031, [run_of(made)])
    mean = run_of(made).demand.sel(year=[2025, 2031]).sum(["district", "need", "phase", "provision"]).mean("draw")
    assert found.futures == pytest.approx(float(mean[1] - mean[0]))
    assert found.gap == pytest.approx(found.futures - found.change)
    assert abs(found.gap) < 0.03 * abs(found.change)


def test_with_everything_off_the_children_of_the_census_only_grow_older():
    drivers = roomy(draws=3)
    found = between_years(*path(drivers), scenario())
    stock = drivers["stock"].sum(["district", "need"])
    for years_on in range(drivers.sizes["year"] + 1):
        left = stock.isel(nc_year=slice(None, drivers.sizes["nc_year"] - years_on)).sum("nc_year")
        nothing_on = found.children.isel(coalition=0, year=years_on).sum("phase")
        np.testing.assert_allclose(nothing_on, left.sel(provision=nothing_on["provision"]))


def test_with_everything_on_the_children_are_the_mean_of_all_futures():
    drivers = roomy(draws=3)
    everything = between_years(*path(drivers), scenario()).children.isel(coalition=-1).sum("phase")
    np.testing.assert_allclose(everything, children_of(drivers).sum("nc_year"), rtol=1e-9)


@pytest.mark.parametrize(
    ("cause", "names"),
    [(Cause.STARTS, ["start_rate"]), (Cause.ARRIVING, ["arrive"]), (Cause.LEAVING, ["leave"])],
    ids=["first plans", "arrivals", "leaving"],
)
def test_a_cause_that_is_off_is_as_if_there_were_none_of_it(cause, names):
    one = central(roomy(draws=2))
    found = between_years(one, one, scenario())
    off = (1 << len(SWITCHED)) - 1 - (1 << SWITCHED.index(cause))
    children = found.children.sel(coalition=off).sum("phase")
    np.testing.assert_allclose(children, children_of(without(one, *names)).sum("nc_year"), rtol=1e-9)


def held(one, cause):
    """Drivers of one draw in which a cause is off, changed by hand."""
    people, now, rate = one["population"], one["population_now"], one["start_rate"]
    if cause == Cause.CHANCE:
        return one.assign(start_rate=(rate * 0 + rate.isel(year=0, drop=True)).transpose(*rate.dims))
    if cause == Cause.RESIDENTS:
        as_many = (people * 0 + now).transpose(*people.dims)
        return one.assign(population=as_many, arrive=(one["arrive"] * now / people).transpose(*one["arrive"].dims))
    same = (one["provision"] == one["to"]).astype(float)
    mix = one["start_mix_unsteered"]
    return one.assign(move=(one["move"] * 0 + same).transpose(*one["move"].dims), start_mix=mix)


@pytest.mark.parametrize("cause", [Cause.CHANCE, Cause.RESIDENTS, Cause.MOVES])
def test_a_cause_that_is_held_stays_as_it_was(cause):
    drivers, one = path(roomy(draws=2))
    found = between_years(drivers, one, scenario())
    off = (1 << len(SWITCHED)) - 1 - (1 << SWITCHED.index(cause))
    children = found.children.sel(coalition=off).sum("phase")
    np.testing.assert_allclose(children, children_of(held(one, cause)).sum("nc_year"), rtol=1e-9)


def test_families_whom_a_lever_brings_in_are_there_though_the_residents_are_held():
    drivers, one = path(roomy(draws=2))
    families = FamiliesMoveIn.model_validate({"from": "2026/27", "people": 900, "age_from": 2, "age_to": 9})
    found = between_years(drivers, one, scenario(families))
    off = (1 << len(found.causes)) - 1 - (1 << SWITCHED.index(Cause.RESIDENTS))
    with_them, now = families.apply(one), one["population_now"]
    people = (now + with_them["population"] - one["population"]).transpose(*one["population"].dims)
    arrive = with_them["arrive"] * people / with_them["population"]
    by_hand = with_them.assign(population=people, arrive=arrive.transpose(*one["arrive"].dims))
    children = found.children.sel(coalition=off).sum("phase")
    np.testing.assert_allclose(children, children_of(by_hand).sum("nc_year"), rtol=1e-9)
    assert float((people - now).max()) > 50


def test_without_moves_first_plans_are_placed_as_before_anything_steered_them():
    drivers, one = path(roomy(draws=2))
    xr.testing.assert_equal(one["start_mix_unsteered"], drivers["start_mix"])
    assert float(abs(one["start_mix"] - drivers["start_mix"]).max()) > 0.01


def test_a_cause_that_is_not_there_has_a_bar_of_nothing():
    drivers = roomy(draws=2)
    rate, people = drivers["start_rate"], drivers["population"]
    still = drivers.assign(
        start_rate=xr.zeros_like(rate) + rate.isel(year=0, drop=True),
        population=xr.zeros_like(people) + drivers["population_now"],
        arrive=xr.zeros_like(drivers["arrive"]),
    )
    one = central(still.isel(draw=[0]))
    found = bars(between_years(one, one, scenario()), 2028, "special")
    assert found[Cause.ARRIVING] == 0
    assert [found[Cause.CHANCE], found[Cause.RESIDENTS]] == pytest.approx([0, 0], abs=1e-9)
    assert abs(found[Cause.STARTS]) > 1
