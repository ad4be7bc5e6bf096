"""Why the number of children changes: levers, worlds and two scenarios."""

import numpy as np
import pytest
from builders_model import worcestershire
from builders_waterfall import (
    FEWER,
    KEPT,
    SCENARIOS,
    SOONER,
    bars,
    children_of,
    path,
    roomy,
    run_of,
    scenario,
    years_of,
)

from forecast.decide.causes import MOST, MOST_LEVERS, between, within
from forecast.decide.central import central
from forecast.decide.coalitions import between_scenarios, between_years
from forecast.decide.waterfall import all_plans, kind_of_place, of_children
from forecast.errors import ForecastError, UnknownLabel
from forecast.scenario.building import OpenPlaces
from forecast.scenario.changes import HoldStarts, LowerCeiling, ScaleStarts
from forecast.scenario.expanding import ExpandSchool
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.lever_names import quoted
from forecast.scenario.placement import ShiftPlacement

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
        idle = next(name for name in shares if name.startswith(quoted(lever.kind)) and "ASD" not in name)
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
    assert any(name.startswith('without "More or fewer new plans"') for name in there.causes)


def test_a_scenario_differs_from_itself_by_nothing():
    found = between_scenarios(*path(roomy()), scenario(FEWER, KEPT), scenario(KEPT, FEWER))
    assert found.causes == ()
    assert found.children.sizes["coalition"] == 1


def test_a_lever_written_with_another_number_is_one_cause():
    less = FEWER.model_copy(update={"factor": ScaleStarts(from_year=2028, factor=0.6).factor})
    (cause,) = between(scenario(FEWER, KEPT), scenario(KEPT, less)).causes
    assert cause.name == '"More or fewer new plans" (SEMH, from 2027/28), factor 0.8 -> 0.6'
    assert (cause.off, cause.on) == ((FEWER,), (less,))


def test_a_lever_that_says_what_the_figure_is_stands_against_those_that_change_it():
    held = HoldStarts(from_year=2028)
    (cause,) = between(scenario(FEWER), scenario(held)).causes
    assert (cause.off, cause.on) == ((FEWER,), (held,))
    assert len(between(scenario(FEWER), scenario(KEPT)).causes) == 2


def test_a_lever_on_a_standard_code_and_one_on_a_label_that_it_means_are_one_cause():
    """Were they two, one set of causes would hold both, and send the same children on twice."""
    drivers = roomy(provisions=("mainstream", "special", "special_out_of_area"))
    drivers.attrs["means"] |= {"special_out_of_area": "special"}
    code, label = (
        ShiftPlacement.model_validate({"from": "2027/28", "instead_of": kind, "to": "mainstream", "share": 0.3})
        for kind in ("special", "special_out_of_area")
    )
    found = between_scenarios(*path(drivers), scenario(code), scenario(label))
    assert len(found.causes) == 1
    without_it, with_it = found.children.sel(year=2028, provision="special").sum("phase").to_numpy()
    assert without_it < with_it


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
    assert [cause.name.split(" (")[0] for cause in choice.causes] == [
        'the world "white paper"',
        '"More or fewer new plans"',
    ]
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
        f'"More or fewer new plans" ({len(needs)} levers)',
        '"Keep more children in mainstream" (from 2027/28)',
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
