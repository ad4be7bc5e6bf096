"""Every authority, and what all of them teach: run with `pytest benchmarks`, compare ratios within one run."""

from functools import lru_cache
from pathlib import Path

import pytest

from forecast.inputs import reference
from forecast.inputs.sen2 import read_releases
from forecast.series.build import Beside, build
from forecast.series.england import Wanted, forecast_england
from forecast.series.medians import medians
from forecast.workers import processes

SHARED = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the published releases are not here")


@lru_cache
def given():
    """The releases and what ships beside them."""
    release = read_releases([SHARED / "sen2_2025", SHARED / "sen2_2022"])
    return release, Beside(
        reference.read_people(), reference.read_neighbours(), reference.read_plans_by_age(), reference.read_units()
    )


def test_reading_two_releases(benchmark):
    folders = [SHARED / "sen2_2025", SHARED / "sen2_2022"]
    assert len(benchmark.pedantic(read_releases, (folders,), rounds=1).authorities) > 150


@pytest.mark.parametrize("workers", [1, 2])
def test_every_authority_ten_years_on(benchmark, workers):
    opener = processes(workers) if workers > 1 else None
    wanted = Wanted(origin=2025, to=2035, draws=200, seed=1)
    found = benchmark.pedantic(forecast_england, (*given(), wanted, opener), rounds=1)
    assert found.table["la_code"].nunique() > 150


def test_central_forecasts_from_one_january(benchmark):
    panel = build(*given())
    assert len(benchmark.pedantic(medians, (panel,), rounds=3)) == 7
