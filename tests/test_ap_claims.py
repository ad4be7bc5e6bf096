"""Children without a plan beside those with one, wherever AP schools' places are set against children."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from forecast.axes import bands_of
from forecast.domain import KEY_STAGES, WITHOUT_PLAN
from forecast.places.claims import claims, of_bands

BANDS = st.lists(st.tuples(st.integers(-4, 20), st.integers(-4, 20)), max_size=4).map(
    lambda spans: bands_of(*[(min(each), max(each)) for each in spans])
)


@given(some.arrays(np.int64, (3, 5), elements=st.integers(0, 500)), BANDS)
def test_no_child_is_lost_when_key_stages_turn_into_bands(by_stage, bands):
    found = of_bands(by_stage, bands)
    assert (found.sum(axis=1) == by_stage.sum(axis=1)).all()
    assert (found >= 0).all()


def test_where_no_school_cuts_a_key_stage_its_children_stay_together():
    bands = bands_of(*[(years[0], years[-1]) for years in KEY_STAGES.values()])
    found = of_bands(np.array([[1, 20, 300, 4_000, 50_000]]), bands)
    by_band = dict(zip(bands, found[0].tolist(), strict=True))
    assert {band: count for band, count in by_band.items() if count} == {0: 1, 3: 20, 7: 300, 10: 4_000, 12: 50_000}


class Ap:
    """Only what claims look at."""

    school_places = xr.DataArray(
        np.full((2, 1, 1, 5), 3),
        coords={
            "draw": [0, 1],
            "year": [2025],
            "district": ["North"],
            "key_stage": [stage.value for stage in KEY_STAGES],
        },
        dims=("draw", "year", "district", "key_stage"),
    )


@pytest.fixture
def by_band():
    bands = list(bands_of())
    coords = {
        "draw": [0, 1],
        "year": [2025],
        "district": ["North"],
        "need": ["ASD", "SEMH"],
        "band": bands,
        "provision": ["special", "alternative"],
    }
    return xr.DataArray(np.ones([len(each) for each in coords.values()], np.int16), coords=coords, dims=tuple(coords))


MEANS = {"special": "special", "alternative": "alternative"}


def test_those_without_a_plan_claim_places_in_ap_schools_alone(by_band):
    found = claims(by_band, Ap(), MEANS)
    assert found.sel(need=["ASD", "SEMH"]).equals(by_band)
    extra = found.sel(need=WITHOUT_PLAN)
    assert int(extra.sel(provision="special").sum()) == 0
    assert extra.sel(provision="alternative").sum("band").values.ravel().tolist() == [15, 15]


def test_an_area_without_figures_on_alternative_provision_is_as_it_was(by_band):
    assert claims(by_band, None, MEANS) is by_band
    assert claims(by_band, Ap(), {"special": "special", "alternative": "own"}) is by_band
