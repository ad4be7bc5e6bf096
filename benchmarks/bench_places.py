"""Children against the places of a register: run with `pytest benchmarks`, compare ratios within one run."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.places.flow import least_unmet
from forecast.places.register import Register
from forecast.places.shortage import eligible, shortage

DISTRICTS, NEEDS, BANDS, YEARS = [f"District {n}" for n in range(12)], [f"Need {n}" for n in range(13)], 6, 13
AGES = {"all-through": (0, 14), "primary": (0, 6), "secondary": (7, 11), "upper": (7, 14)}
MIXED = {"special": 13, "base": 9, "alternative": 3}
"""Place rows of each kind: 25."""


def rows_of(kinds, seed=5):
    """Schools for all needs or some, of all districts or three neighbours, of one phase or several."""
    rng = np.random.default_rng(seed)
    listed = []
    for kind, count in kinds.items():
        for _ in range(count):
            near, some = 3 * rng.integers(4), rng.integers(10)
            first, last = AGES[str(rng.choice(list(AGES)))]
            listed.append(
                {
                    "provision": kind,
                    "serves": str(rng.choice(["all", ";".join(DISTRICTS[near : near + 3])])),
                    "needs": str(rng.choice(["all", ";".join(NEEDS[some : some + 3])])),
                    "nc_from": first,
                    "nc_to": last,
                }
            )
    return pd.DataFrame(listed)


def county(kinds, draws, enough):
    """Children by future, and a register with about `enough` places for each child whom it is for."""
    rng, rows = np.random.default_rng(7), rows_of(kinds)
    axes = {
        "draw": range(draws),
        "year": range(2025, 2025 + YEARS),
        "district": DISTRICTS,
        "need": NEEDS,
        "band": [-4, 0, 7, 12, 13, 15],
        "provision": list(kinds),
    }
    shape = [len(labels) for labels in axes.values()]
    level = rng.gamma(2, 1, [1, 1, *shape[2:]]) * np.linspace(0.8, 1.3, YEARS)[:, None, None, None, None]
    level = level * (np.array(axes["band"]) % 15 >= 0)[:, None] * np.isin(axes["band"], [0, 7, 12, 13])[:, None]
    children = rng.poisson(level * rng.lognormal(0, 0.1, [draws, *[1] * 5])).astype(np.int32)
    by_band = xr.DataArray(children, coords=axes, dims=list(axes))
    each = by_band.sum(["district", "need", "band"]).mean().item() / rows.groupby("provision").size().mean()
    places = np.round(rng.uniform(0.5, 1.5, len(rows)) * each * enough)
    opened = np.broadcast_to(places, (draws, YEARS, len(rows)))
    coords = {"draw": axes["draw"], "year": axes["year"], "place": rows.index}
    return by_band, Register(rows, xr.DataArray(opened, coords=coords, dims=["draw", "year", "place"]))


@pytest.mark.parametrize("enough", [0.9, 1.3], ids=["too few", "nearly enough"])
def test_25_schools_of_three_kinds(benchmark, enough):
    found = benchmark(shortage, *county(MIXED, 200, enough))
    assert found.short.shape == (200, YEARS, 12, 13, BANDS, 3)
    assert (found.short > 0).any()


def test_25_schools_of_one_kind_whose_catchments_overlap_beyond_counting(benchmark):
    found = benchmark.pedantic(shortage, county({"special": 25}, 200, 1.0), rounds=3)
    assert (found.short > 0).any()


def test_25_schools_with_1000_futures(benchmark):
    given = county(MIXED, 1000, 1.0)
    found = benchmark.pedantic(shortage, given, rounds=1)
    tracemalloc.start()
    shortage(*given)
    benchmark.extra_info["peak_mb"] = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert found.short.dtype == np.float32


def test_every_set_of_ten_projects_in_one_january(benchmark):
    by_band, register = county({"special": 11}, 200, 1.0)
    cells = (register.rows, DISTRICTS, NEEDS, by_band["band"].to_numpy())
    may = eligible(*cells).reshape(11, -1).T
    built = np.array([[1, *(chosen >> bit & 1 for bit in range(10))] for chosen in range(1024)])
    capacity = built[:, None] * register.open.to_numpy()[0, -1]
    demand = by_band.isel(year=-1, provision=0).to_numpy().reshape(200, -1)
    assert benchmark.pedantic(least_unmet, (demand, may, capacity), rounds=2).shape == (1024, 200)
