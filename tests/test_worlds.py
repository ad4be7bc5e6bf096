"""The worlds that ship: what they change, what they leave alone, and what they promise."""

from functools import cache

import pytest
import xarray as xr
from builders_model import (
    assumptions,
    england,
    expected,
    simulated,
    starts,
    worcestershire_drivers,
)

from forecast.domain import NC_YEARS
from forecast.model.drivers import make_drivers
from forecast.model.national import as_area
from forecast.model.whole import whole
from forecast.scenario.pupils import ShareOfPupils
from forecast.scenario.reform import SPECIAL_SCHOOLS, ReviewPlans
from forecast.scenario.scenario import read_scenario, read_world
from forecast.scenario.worlds import SHIPPED, World

OTHERS = [world for world in World if world is not World.TREND]
SCHOOL = slice(NC_YEARS.index(0), NC_YEARS.index(11) + 1)
PEAK, END = 2030, 2035


def of(world, drivers):
    return read_scenario(SHIPPED[world]).apply(drivers)


@cache
def area_drivers(draws=20):
    return worcestershire_drivers(draws=draws, horizon=8)


@cache
def england_drivers(draws=20):
    """All authorities together, as if they were one area."""
    fitted, people = as_area(england(), range(2025, END + 1))
    means = {label: label for label in fitted["provision"].to_numpy().tolist()}
    made = make_drivers(fitted, england(), people, assumptions(), draws, 1, means)
    return made.assign_attrs(means=means)


def totals(drivers):
    """All plans expected after the census: (draw, year)."""
    return expected(drivers).sum(axis=(2, 3, 4, 5))


@pytest.mark.parametrize("world", list(World))
def test_every_world_ships_as_a_scenario_of_its_own(world):
    scenario = read_scenario(SHIPPED[world])
    assert scenario.world.defines is world
    assert scenario.why
    assert scenario.changes == ()
    assert scenario.name.lower() in {world.words, "baseline"}


def test_no_figure_taken_from_press_reports_is_called_verified():
    figures = read_world(World.WHITE_PAPER).figures
    assert figures
    assert not any(figure.verified for figure in figures if "press" in figure.source or "reported" in figure.source)


@pytest.mark.parametrize("world", OTHERS)
def test_a_world_changes_nothing_up_to_this_school_year_and_something_later(world):
    trend, other = (simulated(made, seed=3) for made in (area_drivers(), of(world, area_drivers())))
    this_year = 2027 - 2025
    assert (other[:, : this_year + 1] == trend[:, : this_year + 1]).all()
    assert (other[:, -1] != trend[:, -1]).any()


def test_the_trend_gives_back_the_very_drivers():
    assert of(World.TREND, area_drivers()) is area_drivers()


@pytest.mark.parametrize("world", OTHERS)
def test_in_no_world_are_there_more_plans_than_in_the_trend_ten_years_on(world):
    trend, other = (totals(made).mean(axis=0) for made in (area_drivers(), of(world, area_drivers())))
    assert (other <= trend + 1e-6).all()
    assert other[-1] < 0.97 * trend[-1]


def test_a_saturating_world_lies_between_starts_held_flat_and_the_trend():
    flat, saturating, trend = (
        totals(of(world, area_drivers())).mean(axis=0)[3:]
        for world in (World.STARTS_HELD_FLAT, World.SATURATING, World.TREND)
    )
    assert (flat < saturating).all()
    assert (saturating <= trend).all()


def only_those_in_special_schools(drivers):
    """`drivers` in which the children in special schools at the census are all there are, and nobody joins them."""
    special = drivers["provision"].isin(list(SPECIAL_SCHOOLS))
    move = drivers["move"]
    joining = move.where(~special & move["to"].isin(list(SPECIAL_SCHOOLS)), 0.0)
    move = move - joining + joining.sum("to").where(move["provision"] == move["to"], 0.0)
    none = {name: xr.zeros_like(drivers[name]) for name in ("start_rate", "arrive")}
    return drivers.assign(
        none | {"stock": drivers["stock"].where(special, 0.0), "move": move.transpose(*drivers["move"].dims)}
    )


def in_special_schools(drivers):
    """Children, one by one: (draw, year, district, need, phase, provision)."""
    at = drivers["provision"].isin(list(SPECIAL_SCHOOLS)).to_numpy()
    return simulated(only_those_in_special_schools(drivers), seed=5)[..., at]


def test_a_child_in_a_special_school_when_reviews_begin_keeps_the_place_in_the_white_paper_world():
    """Reviews are moved forward to the census, so that it is the children of the census who meet them."""
    (review,) = (change for change in read_world(World.WHITE_PAPER).changes if isinstance(change, ReviewPlans))
    soon = review.model_copy(update={"from_year": 2026, "until": 2030})
    trend, world = area_drivers(), of(World.WHITE_PAPER, soon.apply(area_drivers()))
    assert in_special_schools(trend)[:, 5].sum() > 1_000
    assert (in_special_schools(world) == in_special_schools(trend)).all()
    everywhere = [simulated(only_those_in_special_schools(made), seed=5).sum() for made in (trend, world)]
    assert everywhere[1] <= everywhere[0]


@cache
def small_england():
    """A hundredth of England, in whole children, so that they can be followed one by one."""
    drivers = england_drivers()
    small = {name: drivers[name] / 100 for name in ("population", "population_now", "arrive", "stock")}
    return drivers.assign(small | {"stock": small["stock"].copy(data=whole(small["stock"].to_numpy()).astype(float))})


def share_by_children(drivers, path):
    """Primary and secondary children with a plan per resident, in the measure of `path`: year -> share."""
    children = simulated(drivers, seed=9)[:, :, :, :, 1:3].sum(axis=(2, 3, 4, 5)).mean(axis=0)[1:]
    people = drivers["population"].isel(nc_year=SCHOOL).sum(["district", "nc_year"]).to_numpy()
    share = dict(zip(drivers["year"].to_numpy().tolist(), children / people, strict=True))
    return {year: path[2026] * found / share[2026] for year, found in share.items()}


def test_children_one_by_one_follow_the_white_papers_path_in_england():
    """The path is solved on expected children, mean of draws; here whole children are counted, after luck."""
    (path,) = (change.path for change in read_world(World.WHITE_PAPER).changes if isinstance(change, ShareOfPupils))
    made = of(World.WHITE_PAPER, england_drivers())
    small = made.assign({name: small_england()[name] for name in ("population", "population_now", "arrive", "stock")})
    told = share_by_children(small, path)
    assert told[PEAK] == pytest.approx(8.0, abs=0.25)
    assert told[END] == pytest.approx(4.7, abs=0.15)
    assert told[PEAK] == max(told.values())


@pytest.mark.parametrize("drivers", [england_drivers, area_drivers], ids=["england", "worcestershire"])
def test_the_white_papers_path_takes_about_four_fifths_of_first_plans(drivers):
    """What its file says of it, so that a refitted model cannot make the sentence false unseen."""
    trend, world = (
        starts(made).sum(axis=(2, 3, 4)).mean(axis=0)[5:10].sum()
        for made in (drivers(), of(World.WHITE_PAPER, drivers()))
    )
    assert 1 - world / trend == pytest.approx(0.8, abs=0.07)
