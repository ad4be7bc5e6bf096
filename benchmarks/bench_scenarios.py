"""What scenarios cost in time: one forecast more, levers that are solved, and a waterfall; ratios within one run."""

import pytest
import xarray as xr

from forecast import Settings, read_area, read_scenario
from forecast.decide.compare import compare
from forecast.decide.goal import seek_goal
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.scenario.bases import ExpandBases
from forecast.scenario.scenario import Scenario

DRAWS = 200
NOT_ASKED = xr.DataArray(0.02)
BASES = Scenario(
    name="More places in bases",
    why="A benchmark.",
    changes=(ExpandBases.model_validate({"from": "2027/28", "places": 120, "ramp": [0.3, 0.6, 1.0]}),),
)
REBALANCE = "rebalance, share: 0..1, support: 4000, from: 2027/28"
AT_SOME_AGES = "rebalance, share: 0..1, support: 4000, from: 2027/28, year_groups: [7, 10, 11]"
MORE_BASES = "expand_bases, places: 0..400, from: 2027/28"


@pytest.fixture(scope="module", params=["worcestershire", "exampleshire"])
def made(request):
    area = read_area(request.param)
    settings = Settings(draws=DRAWS, current_year=area.about.latest_census + 2)
    return area, area_drivers(area, *england_and_assumptions(), settings), settings


@pytest.mark.parametrize(
    "name", ["baseline", "rebalance-at-year-7", "bring-home-and-reuse-fees", "families-from-london"]
)
def test_a_forecast_under_a_scenario(benchmark, made, name):
    area, drivers, settings = made
    told = read_scenario(name)
    found = benchmark.pedantic(project, (area, drivers, told, settings, NOT_ASKED), rounds=3, warmup_rounds=1)
    assert found.scenario == told.name


@pytest.mark.parametrize("name", ["rebalance-at-year-7", "expand_bases"])
def test_the_levers_alone(benchmark, made, name):
    _, drivers, _ = made
    told = BASES if name == "expand_bases" else read_scenario(name)
    changed = benchmark.pedantic(told.apply, (drivers,), rounds=3, warmup_rounds=1)
    assert "shift_share" in changed


@pytest.mark.parametrize("levers", [[REBALANCE], [AT_SOME_AGES, MORE_BASES]], ids=["one lever", "two levers"])
def test_what_it_would_take_from_the_folder(benchmark, levers):
    """The target is 20 seconds for `forecast goal`."""
    area = read_area("worcestershire")
    settings = Settings(draws=DRAWS, current_year=area.about.latest_census + 2)
    asked = area, ["special rate at most England's by 2031/32"], levers, settings, read_scenario("baseline")
    found = benchmark.pedantic(seek_goal, asked, rounds=1)
    assert found.answer is not None


def test_two_scenarios_side_by_side_from_the_folder(benchmark, made):
    area, _, settings = made
    told = [read_scenario(name) for name in ("baseline", "rebalance-at-year-7")]
    found = benchmark.pedantic(compare, (area, told, settings), rounds=2)
    assert len(found.projections) == 2
