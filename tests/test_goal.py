"""What it would take: what is found reaches the aim in a run of its own, a step less does not, and what binds."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from builders_model import assumptions, england, worcestershire

from forecast.decide.bill import bill
from forecast.decide.goal import TooMany, asked, seek, seek_goal
from forecast.decide.goal_blocked import Binds
from forecast.decide.goal_runs import ground_of
from forecast.errors import InputFaults
from forecast.pipeline import area_drivers, project
from forecast.places.england import england_special_rate
from forecast.report.goal_file import found_scenario
from forecast.report.goal_words import sentences
from forecast.scenario.placement import Rebalance
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.scenario_file import scenario_text
from forecast.scenario.stack import read_scenarios
from forecast.settings import Settings

DRAWS, SPECIAL = 8, ["special", "special_nonmaintained"]
SETTINGS = Settings(draws=DRAWS, seed=3, current_year=2026, horizon=5)
ENGLANDS = "special rate at most England's by 2030/31"
REBALANCE = "rebalance, share: 0..0.6, support: 3000, from: 2026/27"


@cache
def grounds():
    return ground_of(worcestershire(), read_scenarios([]), SETTINGS, DRAWS)


@cache
def sought(aims, levers):
    return seek(*asked(worcestershire(), aims, levers, SETTINGS, read_scenarios([])), *grounds())


@cache
def ground():
    """Drivers and England's rate, made without any search."""
    drivers = area_drivers(worcestershire(), england(), assumptions(), SETTINGS)
    return drivers, england_special_rate(england(), assumptions(), SETTINGS, drivers)


def run(*changes):
    drivers, rate = ground()
    return project(worcestershire(), drivers, Scenario(name="by hand", why="A test.", changes=changes), SETTINGS, rate)


@cache
def trend():
    return run()


def rebalanced(share, **more):
    return run(Rebalance.model_validate({"from": "2026/27", "share": share, "support": 3000} | more))


def gap(projection, year=2031):
    """Special school rate less England's, on average over futures, from the children themselves."""
    children = projection.demand.sel(year=year, provision=SPECIAL).sum(["district", "need", "phase", "provision"])
    residents = projection.population.sel(year=year, nc_year=range(14)).sum()
    return float((children / residents - projection.england_special_rate.sel(year=year)).mean())


def more_pounds(projection, years=range(2027, 2032)):
    """Pounds a year more than in the trend, on average over futures and years."""
    return float((bill(projection).sum("line") - bill(trend()).sum("line")).sel(year=list(years)).mean())


def test_the_share_that_is_found_reaches_englands_rate_in_a_run_of_its_own_and_a_hundredth_less_does_not():
    goal = sought((ENGLANDS,), (REBALANCE,))
    (share,) = (each.value(many) for each, many in zip(goal.levers.sought, goal.answer.steps, strict=True))
    assert gap(trend()) > 0
    assert gap(rebalanced(share)) <= 0 < gap(rebalanced(round(share - 0.01, 2)))
    assert goal.answer.pounds == pytest.approx(more_pounds(rebalanced(share)))
    assert goal.blocked is None


def test_the_scenario_that_is_found_can_be_written_read_and_run_again(tmp_path):
    goal = sought((ENGLANDS,), (REBALANCE,))
    path = tmp_path / "goal.yaml"
    path.write_text(scenario_text(found_scenario(goal)), encoding="utf-8")
    again = read_scenario(path)
    assert again.model_dump() == found_scenario(goal).model_dump()
    assert run(*again.changes).demand.equals(rebalanced(again.changes[0].sends.value).demand)


def test_what_is_met_already_takes_nothing():
    goal = sought(("children in special at most 90,000 by 2030/31",), (REBALANCE,))
    assert goal.answer is goal.start
    assert found_scenario(goal).changes == ()
    assert "nothing more is needed" in sentences(goal)[0]


def test_an_aim_for_eight_futures_in_ten_takes_more_than_one_for_the_mean():
    mean, sure = sought((ENGLANDS,), (REBALANCE,)), sought((f"{ENGLANDS} P80",), (REBALANCE,))
    assert sure.answer.steps > mean.answer.steps
    for steps, reaches in ((sure.answer.steps, True), (mean.answer.steps, False)):
        found = rebalanced(sure.levers.sought[0].value(steps[0]))
        children = found.demand.sel(year=2031, provision=SPECIAL).sum(["district", "need", "phase", "provision"])
        residents = found.population.sel(year=2031, nc_year=range(14)).sum()
        over = children / residents - found.england_special_rate.sel(year=2031)
        assert (np.quantile(over, 0.8) <= 0) == reaches


def test_a_bound_that_is_too_near_is_told_with_the_setting_that_would_reach():
    goal = sought((ENGLANDS,), ("rebalance, share: 0..0.1, support: 3000, from: 2026/27",))
    reaching = sought((ENGLANDS,), (REBALANCE,)).answer.steps[0]
    assert goal.answer is None
    assert goal.blocked.binds is Binds.BOUND
    assert goal.blocked.best.steps == (10,)
    assert float(goal.blocked.best.misses[0].sel(year=2031)) == pytest.approx(gap(rebalanced(0.1)))
    assert abs(goal.blocked.farther[0] - reaching) <= 1
    assert "how far the levers may go" in " ".join(sentences(goal))


def test_a_year_that_is_too_near_is_told_with_the_year_in_which_it_would_be_reached():
    """Even if nobody came to a special school, those who are settled there stay."""
    lever = "rebalance, support: 3000, from: 2027/28"
    goal = sought(("children in special at most 1,400 by 2027/28",), (lever,))
    assert goal.blocked.binds is Binds.YEAR
    children = run(Rebalance.model_validate({"from": "2027/28", "share": 1, "support": 3000})).demand
    special = children.sel(provision="special").sum(["district", "need", "phase"]).mean("draw")
    assert special.sel(year=2028) > 1_400
    assert goal.blocked.later == next(year for year in range(2029, 2032) if special.sel(year=year) <= 1_400)
    assert "levers act on children as they come" in " ".join(sentences(goal))


def test_a_lever_on_other_children_does_not_move_an_aim():
    goal = sought(("children in alternative at most 5 by 2030/31",), (REBALANCE + ", year_groups: [20]",))
    assert goal.blocked.binds is Binds.UNMOVED


def test_a_budget_binds_where_reaching_the_aim_costs_more():
    dear = "rebalance, share: 0..0.6, support: 60000, from: 2026/27"
    goal = sought((ENGLANDS, "budget at most \u00a35m"), (dear,))
    assert goal.answer is None
    assert (goal.blocked.binds, goal.blocked.aim, goal.blocked.other) == (Binds.AIM, 0, 1)
    assert 0 < goal.blocked.best.steps[0] < goal.blocked.without.steps[0]
    needed = rebalanced(goal.levers.sought[0].value(goal.blocked.without.steps[0]), support=60_000)
    assert gap(needed) <= 0
    assert more_pounds(needed, [2031]) > 5_000_000
    worst = goal.blocked.best.misses[1].sel(year=range(2026, 2032)).max()
    assert float(worst) <= 0


def test_a_mix_reaches_the_aim_and_costs_no_more_than_a_single_lever_or_any_mix_of_a_coarse_grid():
    dear = "rebalance, share: 0..0.6, support: 30000, from: 2026/27"
    other = "shift_placement, instead_of: special, to: base, share: 0..0.3, from: 2026/27, year_groups: [7]"
    goal = sought((ENGLANDS,), (dear, other))
    steps = goal.answer.steps
    assert all(steps)
    assert goal.mixed.alone
    assert all(goal.mixed.run <= pounds for _, pounds in goal.mixed.alone)
    pounds = more_pounds(by_hand(goal, steps))
    assert pounds == pytest.approx(goal.answer.pounds)
    assert gap(by_hand(goal, steps)) <= 0
    for lower in ((steps[0] - 1, steps[1]), (steps[0], steps[1] - 1)):
        assert gap(by_hand(goal, lower)) > 0
    for mix in product((12, 16, 20, 24), (0, 15, 30)):
        found = by_hand(goal, mix)
        assert gap(found) > 0 or more_pounds(found) >= pounds


def by_hand(goal, steps):
    return run(*goal.levers.scenario(steps).changes)


def test_two_aims_that_pull_against_each_other_are_told():
    goal = sought(
        ("children in special at most 1,700 by 2030/31", "children in mainstream at most 5,300 by 2030/31"),
        (REBALANCE,),
    )
    assert goal.blocked.binds is Binds.AIM


def test_faults_of_aims_levers_and_the_area_are_told_at_once_and_before_any_run(monkeypatch):
    monkeypatch.setattr("forecast.decide.goal.ground_of", None)

    def seeking(*said):
        return seek_goal(worcestershire(), *said, SETTINGS, read_scenarios([]))

    levers = ("rebalance, support: 0, district: Nowhere", "rebalance, support: 1")
    with pytest.raises(InputFaults) as error:
        seeking(("special rate at most 2 by 2030/31", "short of special at most 1 by 2030/31"), levers)
    said = str(error.value)
    for part in ("write it as 1.4%", "lists no places", "no district called 'Nowhere'", "acts once more"):
        assert part in said
    with pytest.raises(TooMany, match="5 settings cannot be sought at once"):
        seeking((ENGLANDS,), tuple(f"scale_starts, factor: 0.5..1, year_groups: [{age}]" for age in range(5)))
