"""Moves and other rates by district: each district lives by its own, whatever its neighbours do."""

import numpy as np
import pytest
import xarray as xr
from builders_model import DISTRICTS, busy, by_hand, expected, simulated, unlimited, without

from forecast.domain import NC_YEARS, Provision
from forecast.model.control import of_whole_area
from forecast.scenario.changes import LowerCeiling
from forecast.scenario.pupils import ShareOfPupils
from forecast.scenario.reform import ReviewPlans

RATES = {"move": ("need", "nc_year", "provision", "to"), "start_mix": ("need", "nc_year", "provision"),
         "leave": ("need", "nc_year", "provision"), "start_rate": ("draw", "year", "need", "nc_year")}  # fmt: skip
MEANS = {name: name for name in ("mainstream", "special", "base")}


def alike(drivers):
    """The same rates, told by district."""
    each = xr.DataArray(np.ones(len(DISTRICTS)), dims="district", coords={"district": list(DISTRICTS)})
    told = {name: drivers[name] * each for name in RATES}
    axes = ("draw", "year", "district", "need", "nc_year", "provision", "to")
    return drivers.assign({name: rate.transpose(*(a for a in axes if a in rate.dims)) for name, rate in told.items()})


def unlike(draws=2, **kind):
    """Drivers in which the districts have nothing in common, and entrants differ by district and year group."""
    one, other = (busy(draws, seed=seed, **kind) for seed in (5, 6))
    both = alike(one)
    south = alike(other)
    for name in RATES:
        both[name] = xr.where(both["district"] == "South", south[name], both[name]).transpose(*both[name].dims)
    rng = np.random.default_rng(7)
    factor = xr.DataArray(
        rng.uniform(0.5, 2, (draws, 2, len(NC_YEARS))),
        dims=("draw", "district", "nc_year"),
        coords={axis: both[axis] for axis in ("draw", "district", "nc_year")},
    )
    entrants = (both["entrants"] * factor).where(both["steered"].rename(provision="to"), 1.0)
    return both.assign(entrants=entrants.transpose("draw", "year", "district", "nc_year", "to"))


def only(drivers, district):
    """One district by itself, its rates those of the whole."""
    alone = drivers.sel(district=[district])
    return alone.assign({name: alone[name].isel(district=0, drop=True) for name in RATES})


def test_districts_with_the_same_rates_are_as_if_rates_were_the_areas():
    drivers = busy()
    np.testing.assert_allclose(expected(alike(drivers)), expected(drivers), rtol=1e-12)
    np.testing.assert_array_equal(simulated(alike(drivers)), simulated(drivers))


def test_each_district_goes_as_it_would_by_itself():
    drivers = unlike()
    found = expected(drivers)
    for at, district in enumerate(DISTRICTS):
        np.testing.assert_allclose(found[:, :, [at]], expected(only(drivers, district)), rtol=1e-10)


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_district_by_itself_goes_as_by_hand(district):
    alone = only(unlike(), district)
    plain = alone.assign(entrants=alone["entrants"].isel(district=0, nc_year=0, drop=True))
    np.testing.assert_allclose(expected(plain), by_hand(plain), rtol=1e-9)


def test_children_are_conserved():
    """Nobody starts, arrives or leaves: who was 23 or younger is there a year later."""
    drivers = without(unlike(years=(2026,)), "start_rate", "arrive", "leave")
    before = drivers["stock"].sel(nc_year=list(NC_YEARS[:-1])).sum(["need", "nc_year", "provision"])
    np.testing.assert_allclose(expected(drivers)[:, 0].sum(axis=(2, 3, 4)), np.tile(before, (2, 1)))
    whole = simulated(drivers)
    np.testing.assert_array_equal(whole[:, 1].sum(axis=(2, 3, 4)), np.tile(before, (2, 1)))


def test_whole_children_follow_the_expected_ones_in_every_district():
    """A year only: later, many draws of the roll are crowded under the ceiling, where luck is not even."""
    one = unlike(draws=1, years=(2026,))
    many = xr.concat([one] * 400, "draw", data_vars="minimal", join="override").assign_coords(draw=np.arange(400))
    found = simulated(many)[:, 1].sum(axis=3).mean(axis=0)
    mean = expected(one)[0, 0].sum(axis=2)
    bound = 4.5 * np.sqrt(np.maximum(mean, 1) / 400) + 0.1
    assert (np.abs(found - mean) < bound).all()


def test_an_area_whose_moves_differ_is_not_added_up_before_it_is_steered():
    drivers = busy()
    assert "district" not in of_whole_area(drivers)["stock"].dims
    moves = drivers.assign(move=alike(drivers)["move"])
    assert of_whole_area(moves) is moves


@pytest.mark.parametrize(
    "lever",
    [
        ReviewPlans(from_year=2026, until=2027, share=0.02, keeps=(Provision.SPECIAL,)),
        ShareOfPupils(from_year=2027, path={2026: 0.05, 2028: 0.045}),
        LowerCeiling(from_year=2027, share=0.15),
    ],
    ids=lambda lever: lever.kind,
)
def test_a_lever_does_the_same_to_rates_told_by_district_as_to_the_areas(lever):
    roomy = busy() if isinstance(lever, LowerCeiling) else unlimited(busy())
    drivers = roomy.assign_attrs(year=2025, means=MEANS)
    drivers["population_now"] = drivers["population"].isel(year=0, drop=True)
    one, other = (expected(lever.apply(each)) for each in (drivers, alike(drivers)))
    assert not np.allclose(one, expected(drivers))
    np.testing.assert_allclose(other, one, rtol=1e-9)


def test_a_review_leaves_rows_of_moves_that_sum_to_one_in_every_district():
    lever = ReviewPlans(from_year=2026, until=2027, share=0.02, keeps=(Provision.SPECIAL,))
    changed = lever.apply(unlike().assign_attrs(year=2025, means=MEANS))
    np.testing.assert_allclose(changed["move"].sum("to"), 1)
    assert "district" in changed["move"].dims
