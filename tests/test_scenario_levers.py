"""The levers on first plans and on plans themselves: their laws, and what they refuse."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from builders_model import (
    NO_CEILING,
    busy,
    by_hand,
    expected,
    simulated,
    starts,
    unlimited,
    without,
    worcestershire_drivers,
)
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forecast.errors import ForecastError
from forecast.model.cohort import roll
from forecast.scenario.changes import HoldStarts, LowerCeiling
from forecast.scenario.pupils import LEAST, ShareOfPupils
from forecast.scenario.reform import ReviewPlans


def meaning(drivers):
    """`drivers` whose labels mean what they say."""
    return drivers.assign_attrs(means={label: label for label in drivers["provision"].to_numpy().tolist()})


@cache
def area_drivers(draws=20):
    return worcestershire_drivers(draws=draws, horizon=8)


def totals(drivers):
    """All plans expected after the census: (draw, year)."""
    return expected(drivers).sum(axis=(2, 3, 4, 5))


def rising(seed, need=("ASD", "SEMH")):
    """Drivers in which everything happens at once and no chance of a first plan ever falls."""
    drivers = meaning(busy(seed=seed, years=(2026, 2027, 2028, 2029), needs=need))
    rate = drivers["start_rate"]
    return drivers.assign(start_rate=rate.copy(data=np.sort(rate.to_numpy(), axis=1) / 2))


@pytest.mark.parametrize(
    "lever",
    [
        HoldStarts(from_year=2060),
        LowerCeiling(from_year=2060, share=0.1),
        LowerCeiling(from_year=2027, share=0.95),
        ReviewPlans(from_year=2060, until=2061, share=0.1),
        ReviewPlans(from_year=2027, until=2029, share=0.0),
        ShareOfPupils(from_year=2060, path={2025: 5, 2030: 8}),
    ],
    ids=lambda lever: f"{lever.kind} {lever.from_year}",
)
def test_a_lever_with_nothing_to_do_gives_back_the_very_drivers(lever):
    assert lever.apply(area_drivers()) is area_drivers()


@hypothesis_settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 1000), from_year=st.integers(2027, 2029))
def test_held_starts_never_give_more_children_anywhere_where_they_rose_without_a_ceiling(seed, from_year):
    drivers = unlimited(rising(seed))
    assert (simulated(HoldStarts(from_year=from_year).apply(drivers), seed) <= simulated(drivers, seed)).all()


@hypothesis_settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 1000))
def test_held_starts_never_give_more_plans_in_all_where_they_rose(seed):
    drivers = rising(seed)
    assert (totals(HoldStarts(from_year=2027).apply(drivers)) <= totals(drivers) + 1e-9).all()


def test_held_chances_are_those_of_the_year_before():
    before = area_drivers()["start_rate"]
    held = HoldStarts(from_year=2029).apply(area_drivers())["start_rate"]
    for year in before["year"].to_numpy():
        xr.testing.assert_equal(held.sel(year=year, drop=True), before.sel(year=min(year, 2028), drop=True))


def test_chances_cannot_be_held_at_a_year_that_is_no_forecast():
    with pytest.raises(ForecastError, match=r"from 2025/26 at the level of the year before.*from 2026/27 or later"):
        HoldStarts(from_year=2026).apply(area_drivers())


def test_a_lower_ceiling_leaves_the_first_plans_of_its_first_year_as_they_were():
    lower = LowerCeiling(from_year=2028, share=0.13).apply(area_drivers())
    first, before = (starts(made).sum(axis=(2, 3, 4)) for made in (lower, area_drivers()))
    assert (lower["ceiling"].sel(year=2028) <= 0.13).all()
    np.testing.assert_allclose(first[:, :3], before[:, :3], rtol=0.01)
    assert first[:, 4:].sum() < 0.97 * before[:, 4:].sum()


def test_a_ceiling_far_above_everybody_is_no_ceiling_to_lower():
    drivers = unlimited(busy())
    lower = LowerCeiling(from_year=2027, share=0.9).apply(drivers)
    assert NO_CEILING in lower["ceiling"].sel(year=2026)
    assert len(list(roll(lower))) == drivers.sizes["year"]


def reviewed(drivers, share=0.2):
    return ReviewPlans(from_year=2027, until=2028, share=share, year_groups=(6,)).apply(meaning(drivers))


def test_as_many_plans_end_by_review_as_the_scenario_says():
    drivers = without(meaning(busy(draws=1)), "start_rate", "arrive", "leave")
    drivers = drivers.assign(entrants=xr.ones_like(drivers["entrants"]))
    drivers["stock"] = drivers["stock"].where(drivers["nc_year"] < 10, 0.0)
    everybody, fewer = (totals(made)[0] for made in (drivers, reviewed(drivers, share=0.05)))
    assert everybody[-1] - fewer[-1] == pytest.approx(0.05 * everybody[0], rel=1e-9)
    assert fewer[0] == pytest.approx(everybody[0])


def test_a_review_leaves_as_many_children_moving_to_special_schools():
    drivers = without(meaning(busy(draws=1)), "start_rate", "arrive")
    drivers["entrants"] = xr.ones_like(drivers["entrants"])
    review = reviewed(drivers, share=0.02)
    kept, still = 1 - drivers["leave"], 1 - review["leave"].sel(year=2027, drop=True)
    xr.testing.assert_allclose(
        (kept * drivers["move"]).sel(to="special"), (still * review["move"].sel(year=2027, drop=True)).sel(to="special")
    )
    np.testing.assert_allclose(review["move"].sum("to"), 1)


def test_a_review_that_cannot_end_so_many_plans_says_how_many_it_can():
    with pytest.raises(ForecastError, match=r"reviewed come to \d+\.\d% of all, so 90.0% of all cannot"):
        reviewed(area_drivers(), share=0.9)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from": "2030/31", "until": "2035/36"}, "a review lasts one to 5 school years"),
        ({"from": "2030/31", "until": "2029/30"}, "a review lasts one to 5 school years"),
    ],
)
def test_a_review_too_long_or_turned_round_is_refused(fields, said):
    with pytest.raises(ValueError, match=said):
        ReviewPlans.model_validate({"share": 0.1, **fields})


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ({"2029/30": 8.0, "2025/26": 5.8}, "the years of a path stand in order"),
        ({"2028/29": 5.8, "2029/30": 8.0}, "a path begins before the year from which it acts"),
        ({"2025/26": 5.8, "2029/31": 8.0}, "2029/31 is no academic year"),
    ],
)
def test_a_path_that_cannot_be_followed_is_refused(path, said):
    with pytest.raises(ValueError, match=said):
        ShareOfPupils.model_validate({"from": "2028/29", "path": path})


def test_chances_that_change_by_year_are_those_of_each_year():
    """The roll of many years against plain loops, a year at a time."""
    drivers = meaning(unlimited(busy(draws=1, years=tuple(range(2026, 2031)))))
    drivers["population_now"] = drivers["population"].isel(year=0, drop=True)
    changed = reviewed(ShareOfPupils(from_year=2027, path={2025: 5, 2028: 2}).apply(drivers), share=0.02)
    assert {"leave", "move", "start_mix"} <= {str(name) for name, array in changed.items() if "year" in array.dims}
    stock, at_once = changed["stock"], expected(changed)
    for at in range(changed.sizes["year"]):
        one = changed.isel(year=[at]).assign(stock=stock)
        for name in ("leave", "move", "start_mix"):
            one[name] = one[name].isel(year=0, drop=True)
        found = by_hand(one)
        np.testing.assert_allclose(at_once[:, at], found[:, 0], rtol=1e-9, atol=1e-12)
        stock = stock.copy(data=found[0, 0])


def test_first_plans_in_special_schools_are_the_last_to_go():
    multiples = ShareOfPupils(from_year=2028, path={2025: 5.8, 2030: 8.0, 2035: 4.7}).multiples(area_drivers())
    assert (multiples["first"].sel(year=slice(None, 2027)) == 1).all()
    assert ((multiples["last"] == 1) | (multiples["first"] == LEAST)).all()
    assert (multiples["first"] <= 1.2).all()


def test_an_areas_own_labels_are_known_by_what_they_mean():
    drivers = busy().assign_attrs(means={"mainstream": "special", "special": "mainstream", "base": "base"})
    review = ReviewPlans(from_year=2027, until=2027, share=0.01).apply(drivers)
    moved = (review["leave"].sel(year=2027) != drivers["leave"]).any(["need", "nc_year"])
    assert moved.to_series().to_dict() == {"mainstream": False, "special": True, "base": True}


@pytest.mark.parametrize(
    "lever",
    [
        HoldStarts(from_year=2029),
        LowerCeiling(from_year=2028, share=0.12),
        ReviewPlans(from_year=2029, until=2030, share=0.02),
        ShareOfPupils(from_year=2029, path={2027: 1.0, 2031: 0.9}),
    ],
    ids=lambda lever: lever.kind,
)
def test_a_lever_acts_on_what_other_levers_have_made(lever):
    """Every lever twice over, and after one of each other kind."""
    made = area_drivers()
    for each in (
        LowerCeiling(from_year=2027, share=0.14),
        ReviewPlans(from_year=2027, until=2028, share=0.02),
        ShareOfPupils(from_year=2027, path={2026: 1.0, 2030: 1.1}),
        HoldStarts(from_year=2030),
        lever,
    ):
        before, made = made, each.apply(made)
        assert not made.identical(before)
    found = totals(made)
    assert np.isfinite(found).all()
    assert (abs(made["move"].sum("to") - area_drivers()["move"].sum("to")) < 1e-9).all()
    assert (abs(made["start_mix"].sum("provision") - area_drivers()["start_mix"].sum("provision")) < 1e-9).all()
