"""The rows of the speed table that exist: run with `pytest benchmarks`, compare ratios within one run."""

import resource
import subprocess
import sys

import pytest

from forecast import Settings, read_area, read_scenario
from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.bundled import bundled
from forecast.model.chunks import CHUNK, over_draws
from forecast.model.cohort import roll
from forecast.pipeline import area_drivers, project
from forecast.places.england import england_special_rate
from forecast.scenario.worlds import SHIPPED, World
from forecast.store import read_model

BASELINE = read_scenario("baseline")


@pytest.fixture(scope="module")
def england():
    return read_model(bundled("models", "england")), read_assumptions(bundled("data", "assumptions.yaml"))


def made(name, england, draws):
    """An area, its drivers and settings, ten years on from the latest census."""
    area = read_area(name)
    settings = Settings(draws=draws, current_year=area.about.latest_census)
    return area, area_drivers(area, *england, settings), settings


def test_expected_flows_of_six_districts(benchmark, england):
    _, drivers, _ = made("worcestershire", england, 200)
    years = benchmark(over_draws, drivers, lambda chunk: sum(year.pupils.sum() for year in roll(chunk)))
    assert len(years) == -(-200 // CHUNK)


@pytest.fixture(scope="module")
def exampleshire(england):
    _, drivers, _ = made("exampleshire", england, 200)
    return drivers


def test_expected_flows_with_rates_by_district(benchmark, exampleshire):
    years = benchmark(over_draws, exampleshire, lambda chunk: sum(year.pupils.sum() for year in roll(chunk)))
    assert len(years) == -(-200 // CHUNK)


@pytest.mark.parametrize("name", [name for world, name in SHIPPED.items() if world is not World.TREND])
def test_a_world_with_rates_by_district(benchmark, exampleshire, name):
    changed = benchmark.pedantic(read_scenario(name).apply, (exampleshire,), rounds=3, warmup_rounds=1)
    assert not changed["start_rate"].identical(exampleshire["start_rate"])


@pytest.mark.parametrize(
    ("name", "draws"),
    [
        ("worcestershire", 100),
        ("worcestershire", 200),
        ("exampleshire", 200),  # rates by district
        ("lancashire", 200),
        ("worcestershire", 1000),
    ],
)
def test_project_with_children_one_by_one(benchmark, england, name, draws):
    area, drivers, settings = made(name, england, draws)
    rate = england_special_rate(*england, settings, drivers)
    projection = benchmark.pedantic(project, (area, drivers, BASELINE, settings, rate), rounds=3, warmup_rounds=1)
    assert projection.demand.sizes["draw"] == draws
    benchmark.extra_info["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", ["worcestershire", "exampleshire"])
def test_fitting_an_area_and_steering_it(benchmark, england, name):
    area = read_area(name)
    settings = Settings(current_year=area.about.latest_census)
    drivers = benchmark.pedantic(area_drivers, (area, *england, settings), rounds=3, warmup_rounds=1)
    assert drivers.sizes["district"] == 6


def test_reading_an_area(benchmark):
    assert benchmark(read_area, "lancashire").about.name == "Lancashire"


@pytest.mark.parametrize(
    "line",
    [
        ["-c", "import forecast"],
        ["-m", "forecast", "--help"],
        ["-m", "forecast", "run", "--out", "{tmp}"],
    ],
    ids=["import", "help", "run"],
)
def test_cold_start(benchmark, line, tmp_path):
    command = [sys.executable, *(part.format(tmp=tmp_path) for part in line)]
    done = benchmark.pedantic(subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=3)
    assert done.returncode == 0
