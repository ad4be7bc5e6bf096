"""What scenarios cost in time: one forecast more, levers that are solved, and a waterfall; ratios within one run."""

import pytest
import xarray as xr

from forecast import Settings, read_area, read_scenario
from forecast.decide.compare import compare
from forecast.pipeline import area_drivers, england_and_assumptions, project

DRAWS = 200
NOT_ASKED = xr.DataArray(0.02)


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


@pytest.mark.parametrize("name", ["rebalance-at-year-7", "bases-92-per-cent-more"])
def test_the_levers_alone(benchmark, made, name):
    _, drivers, _ = made
    if name == "bases-92-per-cent-more" and "district" in drivers["move"].dims:
        pytest.skip("its factor is refused where an area lists its places")
    changed = benchmark.pedantic(read_scenario(name).apply, (drivers,), rounds=3, warmup_rounds=1)
    assert "shift_share" in changed


def test_two_scenarios_side_by_side_from_the_folder(benchmark, made):
    area, _, settings = made
    told = [read_scenario(name) for name in ("baseline", "rebalance-at-year-7")]
    found = benchmark.pedantic(compare, (area, told, settings), rounds=2)
    assert len(found.projections) == 2
