"""Alternative provision: its drivers, its forecast, its tables, and what it adds to a whole forecast.

Compare ratios within one run. To 200 futures of a county alternative provision is to add about a tenth of a second.
"""

from time import perf_counter

import pytest
import xarray as xr

from forecast import Settings, read_area, read_scenario
from forecast.ap.drivers import with_ap
from forecast.ap.roll import ap_forecast, has_ap
from forecast.inputs.ap_model import read_ap_model
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, with_own
from forecast.model.lending import change_of_cohorts
from forecast.model.variants import population_of
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.report.ap_tables import ap_table
from forecast.store import read_model

DRAWS, TURNS = 200, 5
NOT_ASKED = xr.DataArray(0.02)
BASELINE = read_scenario("baseline")


@pytest.fixture(scope="module", params=["worcestershire", "exampleshire"])
def made(request):
    area = read_area(request.param)
    settings = Settings(draws=DRAWS, current_year=area.about.latest_census + 2)
    return area, area_drivers(area, *england_and_assumptions(), settings), settings


def of_ap(area):
    """What drivers of alternative provision are made of, besides the area: England's model, figures, past residents."""
    counted = sorted({int(year) for year in area.ap_arrivals["year"]}) or [area.about.latest_census]
    change = change_of_cohorts(read_model(bundled("models", "england")))
    people = population_of(area.population, area.about.district_names, range(counted[0], counted[-1] + 1), change)
    return read_ap_model(), with_own(read_ap_figures(), area.ap), people


def without_ap(drivers):
    """The same drivers, as of an area that has no figures on it."""
    return drivers.drop_vars([name for name in drivers.data_vars if str(name).startswith("ap_")])


def test_drivers_of_alternative_provision(benchmark, made):
    area, drivers, _ = made
    bare, given = without_ap(drivers), of_ap(area)
    found = benchmark(with_ap, bare, area, *given)
    assert not has_ap(bare)
    xr.testing.assert_identical(found["ap_rate"], drivers["ap_rate"])


def test_a_forecast_of_alternative_provision(benchmark, made):
    _, drivers, _ = made
    found = benchmark(ap_forecast, drivers)
    assert found.peak.sizes["draw"] == DRAWS


def test_a_forecast_with_and_without_it(benchmark, made):
    """`with_over_without` is the ratio of the fastest turns of the two; what the row times is the forecast with it."""
    area, drivers, settings = made
    each = {True: drivers, False: without_ap(drivers)}
    taken = {on: [] for on in each}
    for _ in range(TURNS):
        for on, given in each.items():
            began = perf_counter()
            found = project(area, given, BASELINE, settings, NOT_ASKED)
            taken[on].append(perf_counter() - began)
            assert (found.ap is not None) == on
    benchmark.extra_info["with_over_without"] = round(min(taken[True]) / min(taken[False]), 3)
    benchmark.extra_info["seconds_more"] = round(min(taken[True]) - min(taken[False]), 3)
    benchmark.pedantic(project, (area, drivers, BASELINE, settings, NOT_ASKED), rounds=3)


def test_its_table(benchmark, made):
    area, drivers, settings = made
    projection = project(area, drivers, BASELINE, settings, NOT_ASKED)
    found = benchmark.pedantic(ap_table, (projection, projection.ap), rounds=3, warmup_rounds=1)
    assert len(found)
