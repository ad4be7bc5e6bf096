"""Worked scenarios on families and homes: who comes, with how many plans, reckoned by hand from residents and plans."""

import numpy as np
import pytest
from builders_worked import FIRST, baseline, county, difference, shipped, starting

HOW_MANY = ["district", "nc_year"]


def held(name):
    """Plans for each resident of the whole area at the latest census: (nc_year)."""
    drivers = county(name)[1]
    return drivers["stock"].sum(["district", "need", "provision"]) / drivers["population_now"].sum("district")


def by_hand(people, name):
    """Children whom so many more residents add in their first year: (draw).

    Some come with a plan, as the residents of their age held one; the others may be given a first one, as there is
    room for under the ceiling.

    Parameters
    ----------
    people : (district, nc_year)
    """
    drivers = county(name)[1]
    with_plan = (people * held(name)).fillna(0)
    now = {"year": FIRST, "drop": True}
    without = (baseline(name).sel(**now).sum("provision") - starting(name).sel(**now)).sum("need")
    residents = drivers["population"].sel(**now)

    def room(residents, carried):
        return np.maximum(drivers["ceiling"] * residents - carried, 0.02 * residents)

    more = room(residents + people, without + with_plan) - room(residents, without)
    given = more * drivers["start_rate"].sel(**now)
    return (with_plan.sum(HOW_MANY) + given.sum([axis for axis in given.dims if axis != "draw"])).to_numpy()


def added(scenario, name, **chosen):
    more = difference(shipped(scenario), name).sel(year=FIRST, drop=True).sel(**chosen)
    return more.sum([axis for axis in more.dims if axis != "draw"]).to_numpy()


@pytest.mark.parametrize("name", ["worcestershire", "exampleshire"])
def test_four_hundred_children_from_london_bring_plans_as_those_of_the_area_hold_them(name):
    residents = county(name)[1]["population_now"].sel(nc_year=list(range(-4, 12)))
    share = residents.sum("nc_year") / residents.sum()
    every = county(name)[1]["nc_year"].to_numpy()
    people = (
        (share * 400 / 16).expand_dims(nc_year=residents["nc_year"].to_numpy()).reindex(nc_year=every, fill_value=0)
    )
    found, reckoned = added("families-from-london", name), by_hand(people, name)
    np.testing.assert_allclose(found, reckoned, rtol=1e-6)
    assert (found > 15).all()


@pytest.mark.parametrize("name", ["worcestershire", "exampleshire"])
def test_a_quarter_more_families_from_elsewhere_bring_a_quarter_more_plans_and_their_other_children(name):
    with_plan = 0.25 * county(name)[1]["arrive"].sel(year=FIRST, drop=True).sum(["need", "provision"])
    people = (with_plan / held(name).where(held(name) > 0)).fillna(0)
    found = added("families-from-elsewhere", name)
    np.testing.assert_allclose(found, by_hand(people, name), rtol=1e-6)
    assert (found > float(with_plan.sum())).all(), "brothers and sisters may be given a plan later"


def test_two_hundred_homes_that_no_projection_holds_bring_a_hundred_and_thirty_children_to_fictley_alone():
    per_age = {
        **dict.fromkeys(range(-4, 0), 0.2 / 4),
        **dict.fromkeys(range(7), 0.3 / 7),
        **dict.fromkeys(range(7, 12), 0.15 / 5),
    }
    children = baseline("exampleshire").isel(draw=0, year=0, need=0, provision=0, drop=True) * 0
    for age, each in per_age.items():
        children.loc[{"district": "Fictley", "nc_year": age}] = 400 * (1 - 0.5) * each
    assert float(children.sum()) == pytest.approx(130)
    found = added("exampleshire-new-homes", "exampleshire")
    np.testing.assert_allclose(found, by_hand(children, "exampleshire"), rtol=1e-6)
    others = [name for name in children["district"].to_numpy() if name != "Fictley"]
    assert abs(added("exampleshire-new-homes", "exampleshire", district=others)).max() < 1e-9
