"""Sites and sizes for a large county: twelve districts, 25 schools, ten candidates at three sizes, 200 futures."""

import numpy as np
import pytest

from forecast.decide.choose import Options
from forecast.decide.groups import grouped
from forecast.decide.site import Worth, site_schools
from forecast.places.travel import straight_journeys

DISTRICTS, SCHOOLS, CANDIDATES, DRAWS = 12, 25, 10, 200
PHASES, NEEDS = 5, 13
SIZES = (60, 90, 120)


def county(seed=1):
    """Children by district, phase and need; schools of one phase or all, for some needs or all, short by a tenth."""
    rng = np.random.default_rng(seed)
    middles = np.stack(np.meshgrid(np.linspace(-2.6, -1.4, 4), np.linspace(52.8, 53.5, 3)), axis=-1).reshape(-1, 2)
    points = middles[:, None] + rng.uniform(-0.18, 0.18, (DISTRICTS, 64, 2))
    sites = rng.uniform([-2.8, 52.6], [-1.2, 53.7], (SCHOOLS + CANDIDATES, 2))
    district, phase, need = (axis.reshape(-1) for axis in np.indices((DISTRICTS, PHASES, NEEDS)))
    weight = np.array([0.05, 0.35, 0.4, 0.15, 0.05])[phase] * rng.dirichlet(np.full(NEEDS, 2))[need] / DISTRICTS
    growth = np.exp(rng.normal(0, 0.08, (DRAWS, 1)))
    demand = rng.poisson(3_000 * weight * growth).astype(float)
    takes_phase = rng.random((SCHOOLS + CANDIDATES, PHASES)) < 0.7
    takes_need = rng.random((SCHOOLS + CANDIDATES, 4)) < 0.7
    takes_phase[:3], takes_need[:3] = True, True
    eligible = takes_phase[:, phase].T & takes_need[:, need % 4].T
    places = np.concatenate([rng.dirichlet(np.full(SCHOOLS, 5)) * 2_700, np.zeros(CANDIDATES)])
    open_places = np.tile(places, (DRAWS, 1))
    return grouped(demand, eligible, district, phase), open_places, straight_journeys(points, sites, 1.3, 40)


@pytest.mark.parametrize("seed", [1, 2])
def test_siting_in_a_large_county(benchmark, seed):
    groups, open_places, journeys = county(seed)
    place = np.repeat(np.arange(SCHOOLS, SCHOOLS + CANDIDATES), len(SIZES))
    size = np.tile(np.array(SIZES, dtype=float), CANDIDATES)
    options = Options(place, size, size * 75_000, size * 4_000)
    names = [f"site {number}" for number in range(SCHOOLS + CANDIDATES)]
    worth = Worth(np.full(len(groups.district), 40_000.0), np.full(len(names), 10_000.0), 50)
    arguments = (groups, open_places, journeys, [45, 45, 75, 75, 75], options, names, worth)
    plans = benchmark.pedantic(site_schools, arguments, rounds=1)
    assert len(plans["P80"].built) > 0
    assert plans["P80"].tried.cost.mean() < plans["as it is"].tried.cost.mean()
    benchmark.extra_info |= {"groups": len(groups.district), "gap": plans["P80"].gap}
