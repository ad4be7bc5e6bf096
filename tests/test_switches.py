"""Coalitions of causes: each is rolled with all that the roll looks at."""

import numpy as np
import xarray as xr
from builders_model import busy
from builders_waterfall import named

from forecast.decide.central import central
from forecast.decide.follow import followed
from forecast.decide.switches import BY_DRAW, switched
from forecast.model.cohort import roll
from forecast.model.fixed import READ
from forecast.model.shifts import ENTRANTS, with_shift


def with_everything():
    """Drivers that have every variable that a scenario may add."""
    drivers = named(busy(draws=2))
    coords = {axis: drivers[axis].to_numpy() for axis in ("draw", "year", "district", "nc_year")}
    rng = np.random.default_rng(3)
    size = tuple(len(labels) for labels in coords.values())
    many = xr.DataArray(rng.uniform(0.5, 2, size), coords=coords, dims=tuple(coords))
    share = xr.DataArray(
        np.full(size[:2], 0.4), coords={axis: coords[axis] for axis in ("draw", "year")}, dims=("draw", "year")
    )
    made = with_shift(drivers, "kept", ("special", "mainstream"), share, drivers["nc_year"] == 7, ENTRANTS)
    return made.assign(arrive_multiple=many, leave_multiple=many, arrive_before=drivers["arrive"])


def test_the_variables_named_are_all_that_the_roll_looks_at():
    drivers = with_everything()
    assert set(READ) <= set(drivers.variables)
    for whole, named_only in zip(roll(drivers), roll(drivers[list(READ)]), strict=True):
        np.testing.assert_array_equal(whole.pupils, named_only.pupils)


def test_with_every_cause_on_children_are_those_of_the_path_though_more_move_in_than_its_drivers_once_held():
    drivers = named(busy(draws=2))
    trend = central(drivers)
    twice = xr.ones_like(trend["population"]) * 2
    more = trend.assign(arrive_multiple=twice.expand_dims(draw=[0]) if "draw" not in twice.dims else twice)
    on = followed(switched(more, trend, moves=True, apart=True))
    np.testing.assert_allclose(on.children[(1 << len(BY_DRAW)) - 1], followed(more).children[0])
    assert followed(more).children[0, -1].sum() > 1.01 * followed(trend).children[0, -1].sum()
