"""Constant rates on a rival's public demonstration: 19 settings, 6 needs, 5 years; the rival took minutes."""

import resource
from pathlib import Path

import pytest

from forecast.inputs.witan import witan_area
from forecast.inputs.write import write_area
from forecast.model.constant import expected, simulate
from forecast.model.people import residents
from forecast.pipeline_constant import area_seen

DEMO = Path(__file__).parents[2] / "shared" / "data" / "witan_send_demo"
pytestmark = pytest.mark.skipif(not DEMO.exists(), reason="the demonstration is not here")
YEARS, DRAWS = 5, 1000


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    folder = tmp_path_factory.mktemp("witan") / "demo"
    area = write_area(folder, *witan_area(DEMO, "Demonstration", synthetic=True))
    base = area.about.latest_census
    people = residents(area.population, area.about.district_names, range(base + 1, base + 1 + YEARS))
    return area_seen(area), people.to_numpy()


def test_expected_children(benchmark, demonstration):
    assert benchmark(expected, *demonstration).shape == (YEARS + 1, 1, 19 * 6, 25)


@pytest.mark.parametrize("uncertain", [False, True], ids=["fixed", "uncertain"])
def test_children_one_by_one(benchmark, demonstration, uncertain):
    drawn = benchmark.pedantic(
        simulate, (*demonstration, DRAWS, 1), {"uncertain": uncertain}, rounds=5, warmup_rounds=1
    )
    assert drawn.shape == (DRAWS, YEARS + 1, 1, 19 * 6, 5)
    benchmark.extra_info["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_reading_the_project(benchmark):
    about, _ = benchmark.pedantic(witan_area, (DEMO, "Demonstration"), rounds=3)
    assert about.latest_census == 2017
