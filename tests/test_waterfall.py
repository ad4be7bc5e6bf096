"""Why the number of children changes: causes switched on and off, levers, and two scenarios."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from builders_model import assumptions, england, settings, without, worcestershire, worcestershire_drivers
from builders_waterfall import children_of, path, roomy, scenario

from forecast import read_scenario
from forecast.decide.causes import MOST, MOST_LEVERS, between, within
from forecast.decide.central import central
from forecast.decide.coalitions import between_scenarios, between_years
from forecast.decide.shapley import shapley
from forecast.decide.switches import SWITCHED, Cause
from forecast.decide.waterfall import all_plans, kind_of_place, of_children, special_schools
from forecast.errors import ForecastError, UnknownLabel
from forecast.pipeline import project
from forecast.places.england import england_special_rate
from forecast.scenario.building import OpenPlaces
from forecast.scenario.changes import HoldStarts, LowerCeiling, ScaleStarts
from forecast.scenario.expanding import ExpandSchool
from forecast.scenario.families import FamiliesMoveIn
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.placement import Rebalance, ShiftPlacement

FEWER = ScaleStarts(from_year=2028, factor=0.8, need="SEMH")
KEPT = Rebalance.model_validate({"from": "2027/28", "share": {"value": 0.2, "low": 0.1, "high": 0.4}, "support": 9000})
SOONER = ScaleLeaving.model_validate({"from": "2027/28", "factor": 1.3})


@cache
def trend():
    return central(worcestershire_drivers(draws=40, horizon=4))


@cache
def run_of(made):
    """The whole forecast of a scenario; by name, for these cannot be hashed."""
    rate = england_special_rate(england(), assumptions(), settings(), worcestershire_drivers(draws=40, horizon=4))
    return project(worcestershire(), worcestershire_drivers(draws=40, horizon=4), SCENARIOS[made], settings(), rate)


SCENARIOS = {
    "trend": read_scenario("baseline"),
    "white paper": read_scenario("white-paper"),
    "levers": scenario(FEWER, KEPT, SOONER, name="levers"),
}


@cache
def years_of(made):
    return between_years(worcestershire_drivers(draws=40, horizon=4), trend(), SCENARIOS[made])


@cache
def from_trend_to(made):
    return between_scenarios(worcestershire_drivers(draws=40, horizon=4), trend(), SCENARIOS["trend"], SCENARIOS[made])


def bars(coalitions, year, provision):
    """Name -> share of the children of a kind of place."""
    values = coalitions.children.sel(year=year, provision=provision).sum("phase").to_numpy()
    return dict(zip(coalitions.causes, shapley(values), strict=True))


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


NULL = [
    ScaleStarts(from_year=2060, factor=0.5),
    ScaleStarts(from_year=2027, factor=1),
    LowerCeiling(from_year=2060, share=0.1),
    ScaleLeaving.model_validate({"from": "2027/28", "factor": 1}),
    ShiftPlacement.model_validate({"from": "2027/28", "instead_of": "special", "to": "mainstream", "share": 0}),
]


@pytest.mark.parametrize("lever", NULL, ids=lambda lever: f"{lever.kind} {lever.from_year}")
def test_a_lever_that_does_nothing_has_a_bar_of_exactly_nothing(lever):
    drivers = path(roomy())
    for found in (
        between_years(*drivers, scenario(ScaleStarts(from_year=2027, factor=0.7, need="ASD"), lever)),
        between_scenarios(*drivers, scenario(), scenario(lever, ScaleStarts(from_year=2027, factor=0.7, need="ASD"))),
    ):
        shares = bars(found, 2028, "special")
        idle = next(name for name in shares if name.startswith(lever.kind.replace("_", " ")) and "ASD" not in name)
        assert shares[idle] == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_it_makes_no_difference_which_lever_is_written_first(seed):
    drivers = path(roomy(seed=seed))
    levers = [ScaleStarts(from_year=2027, factor=0.6, need="ASD"), SOONER, KEPT]
    one, other = (bars(between_years(*drivers, scenario(*some)), 2028, "special") for some in (levers, levers[::-1]))
    assert one.keys() == other.keys()
    assert [one[name] for name in one] == pytest.approx([other[name] for name in one], abs=1e-9)


def test_the_only_lever_between_two_scenarios_is_the_whole_difference():
    found = between_scenarios(*path(roomy()), scenario(), scenario(KEPT))
    without_it, with_it = found.children.sel(year=2028, provision="special").sum("phase").to_numpy()
    assert list(bars(found, 2028, "special").values()) == pytest.approx([with_it - without_it])
    assert with_it < without_it


def test_from_a_to_b_is_from_b_to_a_turned_round():
    drivers, one, other = path(roomy()), scenario(FEWER, KEPT), scenario(KEPT, SOONER)
    there, back = (between_scenarios(*drivers, *pair) for pair in ((one, other), (other, one)))
    forth, home = (sorted(bars(found, 2028, "special").values()) for found in (there, back))
    assert forth == pytest.approx([-effect for effect in home[::-1]], abs=1e-9)
    assert any(name.startswith("without scale starts") for name in there.causes)


def test_a_scenario_differs_from_itself_by_nothing():
    found = between_scenarios(*path(roomy()), scenario(FEWER, KEPT), scenario(KEPT, FEWER))
    assert found.causes == ()
    assert found.children.sizes["coalition"] == 1


def test_a_lever_written_with_another_number_is_one_cause():
    less = FEWER.model_copy(update={"factor": ScaleStarts(from_year=2028, factor=0.6).factor})
    (cause,) = between(scenario(FEWER, KEPT), scenario(KEPT, less)).causes
    assert cause.name == "scale starts (SEMH, from 2027/28), factor 0.8 -> 0.6"
    assert (cause.off, cause.on) == ((FEWER,), (less,))


def test_a_lever_that_says_what_the_figure_is_stands_against_those_that_change_it():
    held = HoldStarts(from_year=2028)
    (cause,) = between(scenario(FEWER), scenario(held)).causes
    assert (cause.off, cause.on) == ((FEWER,), (held,))
    assert len(between(scenario(FEWER), scenario(KEPT)).causes) == 2


def test_levers_on_one_school_are_one_cause_because_one_may_need_the_other():
    opens = OpenPlaces.model_validate(
        {"from": "2027/28", "school": "Riverside", "district": "North", "places": 60, "provision": "special"}
    )
    grows = ExpandSchool.model_validate({"from": "2029/30", "school": "riverside", "places": 20})
    (cause,) = between(scenario(), scenario(opens, grows)).causes
    assert cause.on == (opens, grows)
    (growth,) = between(scenario(opens), scenario(opens, grows)).causes
    assert growth.on == (grows,)


def test_the_world_is_one_cause_and_its_levers_are_made_first():
    world = SCENARIOS["white paper"]
    choice = within(scenario(FEWER, world=world.world), others=6)
    assert [cause.name.split(" (")[0] for cause in choice.causes] == ['the world "white paper"', "scale starts"]
    assert choice.on(0) == ()
    assert choice.on(3) == (*world.world.changes, FEWER)


def test_the_part_of_a_world_that_does_not_reach_the_area_has_no_bar():
    drivers, whole = path(roomy()), SCENARIOS["white paper"].world
    held = whole.model_copy(update={"changes": (HoldStarts(from_year=2027),)})
    all_of_it, none_of_it = (scenario(world=held, pass_through=reach) for reach in (1, 0))
    shares = [bars(between_scenarios(*drivers, scenario(), made), 2028, "special") for made in (all_of_it, none_of_it)]
    assert abs(shares[0]['the world "white paper"']) > 1
    assert shares[1]['the world "white paper", 0% of it'] == 0


def test_two_scenarios_in_one_world_both_have_its_levers():
    world = SCENARIOS["white paper"].world
    choice = between(scenario(FEWER, world=world), scenario(FEWER, KEPT, world=world))
    assert [cause.on for cause in choice.causes] == [(KEPT,)]
    assert choice.on(0) == (*world.changes, FEWER)
    assert choice.on(1) == (*world.changes, FEWER, KEPT)


def test_many_levers_of_a_kind_are_told_together_and_too_many_kinds_are_refused():
    needs = worcestershire().about.needs
    many = scenario(*(ScaleStarts(from_year=2028, factor=0.9, need=need) for need in needs), KEPT)
    assert [cause.name for cause in within(many, others=6).causes] == [
        f"scale starts ({len(needs)} levers)",
        "rebalance (from 2027/28)",
    ]
    assert len(between(scenario(), scenario(*many.changes[:MOST_LEVERS])).causes) == MOST_LEVERS
    with pytest.raises(ForecastError, match=r"2 levers of as many kinds.*1 at most.*with fewer of them"):
        within(many, others=MOST - 1)


def test_a_january_that_the_forecast_does_not_reach_is_refused():
    for year in (2025, 2050):
        with pytest.raises(ForecastError, match=f"January {year}.*from 2026 to 2031"):
            of_children(years_of("trend"), all_plans(worcestershire().about), year, [run_of("trend")])


def test_a_kind_of_place_that_the_area_does_not_have_is_refused():
    with pytest.raises(UnknownLabel, match="did you mean 'special'"):
        kind_of_place(worcestershire().about, "speciall")


def test_every_set_of_levers_is_made_as_the_scenario_would_make_it():
    """The path of each set against the levers applied one by one, without the roads that sets share."""
    levers = (FEWER, KEPT, SOONER)
    one = central(roomy())
    found = between_scenarios(one, one, scenario(), scenario(*levers))
    for number in range(8):
        drivers = one
        for at, lever in enumerate(levers):
            drivers = lever.apply(drivers) if number >> at & 1 else drivers
        np.testing.assert_allclose(
            found.children.sel(coalition=number).sum("phase"), children_of(drivers).sum("nc_year"), rtol=1e-9
        )
