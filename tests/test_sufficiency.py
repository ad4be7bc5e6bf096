import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.places.sufficiency import (
    chance_of_shortfall,
    more_than_now,
    places_needed,
    shortfall,
    summarise,
    without_a_place,
)

DRAWS = 40


def children(values, **axes):
    return xr.DataArray(np.asarray(values), dims=["draw", *axes], coords=axes)


def two_districts():
    """Two districts that do well in different futures."""
    luck = np.random.default_rng(3).integers(50, 150, size=(DRAWS, 1))
    return children(np.hstack([luck, 200 - luck]), district=["North", "South"])


demands = arrays(np.int64, (DRAWS,), elements=st.integers(0, 400)).map(children)


def test_a_quantile_is_of_the_sum_and_not_the_sum_of_quantiles():
    demand = two_districts()
    county = summarise(demand.sum("district")).sel(statistic="p90").item()
    assert county == np.quantile(demand.to_numpy().sum(axis=1), 0.9) == 200
    assert summarise(demand).sel(statistic="p90").sum().item() > 220


def test_means_of_parts_add_up_to_the_mean_of_the_whole():
    demand = two_districts()
    parts = summarise(demand).sel(statistic="mean").sum().item()
    assert parts == pytest.approx(summarise(demand.sum("district")).sel(statistic="mean").item())


def test_a_summary_does_not_depend_on_the_order_of_the_axes():
    demand = two_districts()
    xr.testing.assert_equal(summarise(demand), summarise(demand.transpose("district", "draw")))


def test_there_are_no_more_children_now_than_now_and_fewer_is_negative():
    demand = children([[100, 120, 90]] * 3, year=[2025, 2026, 2027])
    assert more_than_now(demand).to_numpy().tolist() == [[0, 20, -10]] * 3


def test_the_chance_of_a_shortfall_is_the_share_of_futures_with_more_children_than_places():
    demand = children(np.arange(100))
    assert chance_of_shortfall(demand, xr.DataArray(69)).item() == 0.3
    assert chance_of_shortfall(demand, xr.DataArray(99)).item() == 0
    assert chance_of_shortfall(demand, xr.DataArray(-1)).item() == 1


def test_where_no_places_are_listed_nothing_is_said_of_a_shortfall():
    demand = two_districts()
    places = xr.DataArray([np.nan, 100.0], dims="district", coords={"district": demand["district"]})
    assert chance_of_shortfall(demand, places).isnull().to_numpy().tolist() == [True, False]
    assert places_needed(demand, places, 0.8).isnull().to_numpy().tolist() == [True, False]


@given(demand=demands, places=st.integers(0, 400), confidence=st.sampled_from([0.5, 0.8, 0.9]))
def test_the_places_needed_leave_no_one_without_in_that_share_of_futures(demand, places, confidence):
    extra = np.ceil(places_needed(demand, xr.DataArray(places), confidence))
    assert chance_of_shortfall(demand, places + extra) <= 1 - confidence + 1 / DRAWS


@given(demand=demands, places=st.integers(0, 400))
def test_more_caution_never_needs_fewer_places(demand, places):
    needed = [places_needed(demand, xr.DataArray(places), share).item() for share in (0.5, 0.8, 0.95)]
    assert needed == sorted(needed)
    assert needed[0] >= 0


@given(demand=demands, places=st.integers(0, 400))
def test_every_child_has_a_place_or_is_without_one(demand, places):
    left_over = without_a_place(demand, xr.DataArray(places))
    room = left_over - shortfall(demand, xr.DataArray(places))
    assert ((demand - left_over + room) == places).all()
