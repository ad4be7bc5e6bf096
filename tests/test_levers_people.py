"""Levers on how many children there are: sums made by hand, and who is left alone."""

import numpy as np
import pytest
import xarray as xr
from builders_model import DISTRICTS, expected, simulated, unlimited, without, worcestershire_drivers
from builders_people import area, families, homes, more, moving, still

from forecast.domain import NC_YEARS
from forecast.errors import UnknownLabel
from forecast.model.migration import plans_per_resident
from forecast.scenario.dated import drawn
from forecast.scenario.families import ScaleMovingIn
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.scenario import Scenario


def test_five_hundred_families_of_two_children_bring_as_many_plans_as_children_of_their_age_hold():
    """1,000 children of ages 5 to 14 are 100 of each year group from 1 to 10; the sum is made cell by cell."""
    drivers = still(area())
    stock, people = drivers["stock"].sum(["district", "need", "provision"]), drivers["population_now"].sum("district")
    wanted = sum(100 * stock.sel(nc_year=age).item() / people.sel(nc_year=age).item() for age in range(1, 11))
    added = more(families(until=2027), drivers).sum(axis=(2, 3, 4, 5))
    np.testing.assert_allclose(added, np.array([[0, wanted, wanted]] * drivers.sizes["draw"]), atol=1e-9)


def test_families_twice_as_likely_to_hold_a_plan_bring_twice_the_plans():
    drivers = still(area())
    one, two = (more(families(plan_factor=factor), drivers) for factor in (1, 2))
    np.testing.assert_allclose(two, 2 * one, atol=1e-9)


def test_families_grow_older_where_they_settled():
    drivers = still(area())
    people = families(until=2027).apply(drivers)["population"] - drivers["population"]
    by_age = people.sum("district")
    for year, first in ((2027, 1), (2028, 2)):
        found = by_age.sel(year=year).to_series()
        assert found[found > 1e-6].round(6).to_dict() == dict.fromkeys(range(first, first + 10), 100.0)
    children = more(families(until=2027), drivers).sum(axis=(0, 2, 3, 5))
    assert np.flatnonzero(children[1] > 1e-9).tolist() == [NC_YEARS.index(age) for age in range(1, 11)]
    np.testing.assert_allclose(children[2, 1:], children[1, :-1], atol=1e-9)


def test_families_spread_over_districts_as_their_residents_of_these_ages_do():
    drivers = area()
    people = (families().apply(drivers)["population"] - drivers["population"]).sel(year=2027).sum("nc_year")
    residents = drivers["population_now"].sel(nc_year=range(1, 11)).sum("nc_year")
    np.testing.assert_allclose(people / 1000, residents / residents.sum())
    only = families(district="South").apply(drivers)["population"] - drivers["population"]
    assert only.sel(year=2027).sum("nc_year").round(6).to_series().to_dict() == {"North": 0, "South": 1000}


def test_families_come_each_year_until_the_last_as_many_as_the_ramp_says():
    drivers = area()
    people = families(ramp=[0.5, 1], until=2028).apply(drivers)["population"] - drivers["population"]
    assert people.sum(["district", "nc_year"]).to_numpy() == pytest.approx([0, 500, 1500])


def test_families_start_plans_as_every_resident_does():
    """Nobody holds a plan, so nobody comes with one: the families' children start plans at the residents' chances."""
    drivers = unlimited(without(area(), "stock", "arrive", "leave"))
    added = more(families(until=2027), drivers)[:, 1].sum(axis=(3, 4))
    people = (families(until=2027).apply(drivers)["population"] - drivers["population"]).sel(year=2027)
    chance = drivers["start_rate"].sel(year=2027) * drivers["ceiling"]
    np.testing.assert_allclose(
        added, (chance * people).transpose("draw", "district", "need", "nc_year").sum("nc_year"), rtol=1e-5, atol=1e-5
    )


def test_new_homes_bring_their_children_as_they_fill_and_keep_them():
    """Of 75 homes a year that nobody counted, 15 under fives come over three years and 26.25 older ones at once."""
    drivers = still(area(years=tuple(range(2026, 2032))))
    people = (homes(until=2027).apply(drivers)["population"] - drivers["population"]).sel(district="North")
    young, older = (people.sel(nc_year=ages).sum("nc_year") for ages in (range(-4, 0), range(7)))
    assert young.to_numpy() == pytest.approx([0, 7.5, 12, 15, 15, 15])
    assert older.to_numpy() == pytest.approx([0, *[26.25] * 5])
    rate = plans_per_resident(drivers).sum(["need", "provision"])
    plans = 15 / 4 * 0.5 * rate.sel(nc_year=range(-4, 0)).sum() + 26.25 / 7 * 1.5 * rate.sel(nc_year=range(7)).sum()
    added = more(homes(until=2027), drivers)
    np.testing.assert_allclose(added[:, 1].sum(axis=(1, 2, 3, 4)), plans.item(), rtol=1e-9)
    assert added[:, :, DISTRICTS.index("South")].sum() == 0


def test_homes_of_a_type_take_the_children_of_the_areas_own_yields():
    given_here = homes(yields=[{"age_from": 4, "age_to": 10, "children": 0.35}])
    row = {"type": "house", "age_from": 4, "age_to": 10, "children": 0.35, "lag": "", "plan_factor": float("nan")}
    drivers = area()
    of_area = homes(yields=[]).apply(drivers.assign_attrs(yields=[row]))
    for name in ("population", "arrive"):
        xr.testing.assert_allclose(of_area[name], given_here.apply(drivers)[name])
    with pytest.raises(UnknownLabel, match="did you mean 'house'"):
        homes(yields=[], type="houses").apply(drivers.assign_attrs(yields=[row]))


def test_half_as_many_again_move_in_where_the_lever_says_and_nowhere_else():
    drivers = area()
    found = ScaleMovingIn(from_year=2027, factor=1.5, district="South", need="ASD").apply(drivers)
    ratio = found["arrive"] / drivers["arrive"]
    meant = (ratio["year"] >= 2027) & (ratio["district"] == "South") & (ratio["need"] == "ASD")
    xr.testing.assert_allclose(ratio, xr.where(meant, 1.5, 1.0).broadcast_like(ratio).transpose(*ratio.dims))
    added = (found["population"] - drivers["population"]).sum("nc_year")
    assert (added.sel(district="South", year=[2027, 2028]) > 0).all()
    assert (added.sel(district="North") == 0).all()


def test_when_nobody_moves_in_any_more_nobody_comes_and_no_one_is_less_than_none():
    drivers = area()
    found = ScaleMovingIn(from_year=2026, factor=0).apply(drivers)
    assert found["arrive"].sum() == 0
    assert (found["population"] >= 0).all()
    assert (found["population"] <= drivers["population"]).all()


def test_levers_on_who_comes_commute():
    """Twice as many children from other authorities does not double the families or homes that a scenario adds."""
    drivers = area()
    levers = (
        moving(factor={"value": 2, "low": 1, "high": 3}), families(), homes(), ScaleLeaving(from_year=2026, factor=2),
        families(who="others", people=50),
    )  # fmt: skip
    one, other = (Scenario(name="", why="", changes=made).apply(drivers) for made in (levers, levers[::-1]))
    for name in ("arrive", "arrive_multiple", "population", "leave_multiple"):
        xr.testing.assert_allclose(one[name], other[name], rtol=1e-12)
    np.testing.assert_allclose(expected(one), expected(other), rtol=1e-9)
    alone = [lever.apply(drivers)["arrive"] - drivers["arrive"] for lever in levers[:3]]
    added = one["arrive"] - drivers["arrive"] - (levers[4].apply(drivers)["arrive"] - drivers["arrive"])
    np.testing.assert_allclose(added, sum(alone), atol=1e-9)


def test_more_who_move_in_disturb_no_child_who_is_there_without_a_ceiling():
    drivers = unlimited(area(draws=10)).assign(population_now=area()["population_now"])
    after = simulated(ScaleMovingIn(from_year=2027, factor=1.7, district="North").apply(drivers), seed=4)
    before = simulated(drivers, seed=4)
    assert (after >= before).all()
    assert after.sum() > before.sum()
    assert (after[:, :, DISTRICTS.index("South")] == before[:, :, DISTRICTS.index("South")]).all()


def test_whole_children_of_families_are_on_average_those_expected():
    drivers = unlimited(area(draws=60)).assign(population_now=area()["population_now"])
    before, after = (simulated(made, seed=4) for made in (drivers, families().apply(drivers)))
    wanted = more(families(), drivers).sum(axis=(2, 3, 4, 5)).mean(axis=0)
    found = (after - before)[:, 1:].sum(axis=(2, 3, 4, 5)).mean(axis=0)
    error = (after - before)[:, 1:].sum(axis=(2, 3, 4, 5)).std(axis=0) / np.sqrt(60)
    assert (abs(found - wanted) <= 4 * error + 1e-9).all()


DOUBTFUL = {
    "factor": (moving(factor={"value": 1.5, "low": 1.2, "high": 2.5}, district="South"), "scale_moving_in"),
    "people": (families(people={"value": 500, "low": 200, "high": 1000}), "people who move in"),
    "plan_factor": (families(plan_factor={"value": 1.2, "low": 0.5, "high": 2}), "plan factor of those who move in"),
}


@pytest.mark.parametrize("setting", DOUBTFUL)
def test_each_future_is_as_if_its_own_number_had_been_written_for_certain(setting):
    drivers = still(area(draws=5)).assign(arrive=area()["arrive"])
    lever, whose = DOUBTFUL[setting]
    at_once = expected(lever.apply(drivers)).sum(axis=(3, 5))
    numbers = drawn(getattr(lever, setting), drivers, whose).clip(min=0).to_numpy()
    assert len(set(numbers.tolist())) == 5
    for draw, number in enumerate(numbers.tolist()):
        alone = type(lever).model_validate({**lever.model_dump(), setting: number}).apply(drivers.isel(draw=[draw]))
        assert "arrive_multiple" not in alone
        np.testing.assert_allclose(at_once[draw], expected(alone).sum(axis=(3, 5))[0], rtol=1e-9, atol=1e-9)


def test_a_range_of_who_come_reaches_whole_children():
    """Nobody is there and nobody leaves: a future's children are those who came, Poisson about its own number."""
    drivers = still(area(draws=400)).assign(arrive=area()["arrive"])
    drivers["stock"] = xr.zeros_like(drivers["stock"])
    lever = moving(factor={"value": 2, "low": 1, "high": 4})
    came = (simulated(lever.apply(drivers), seed=2) - simulated(drivers, seed=2))[:, 2].sum(axis=(1, 2, 3, 4))
    number = drivers["arrive"].sel(year=2027).sum().item()
    wanted = number * (drawn(lever.factor, drivers, lever.kind).to_numpy() - 1)
    off = (came - wanted) / np.sqrt(np.maximum(abs(wanted), 1))
    assert np.corrcoef(came, wanted)[0, 1] > 0.98
    assert abs(off.mean()) < 4 * off.std() / 20


def test_in_worcestershire_half_as_many_again_who_come_are_a_few_hundred_more_plans_in_ten_years():
    """About 109 children a year come now: 54 more a year, some of whom leave, and whose brothers and sisters start."""
    drivers = worcestershire_drivers(draws=10, horizon=8)
    came = drivers["arrive"].sum(["district", "need", "nc_year", "provision"])
    lever, nobody_starts = ScaleMovingIn(from_year=2028, factor=1.5), without(drivers, "start_rate")
    alone, added = (more(lever, some).sum(axis=(2, 3, 4, 5)).mean(axis=0) for some in (nobody_starts, drivers))
    assert alone[:3] == pytest.approx([0, 0, came.sel(year=2028).item() / 2], abs=1e-9)
    assert alone[2] < added[2] < 1.3 * alone[2]
    assert 250 < alone[-1] < added[-1] < 8 * came.max().item()
