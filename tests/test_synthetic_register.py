"""The invented county's places: schools differ in whom they take, and a few children are left without a place."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from forecast.domain import ALL, WITHOUT_PLAN, Need
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, read_england_rolls
from forecast.records.synthetic.ap_county import claims, made_ap
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.designations import ALTERNATIVE, BASES, SPECIAL, designated, falling_to
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.register import OTHERS, SPARE, register
from forecast.records.synthetic.schools import schools
from forecast.records.synthetic.write import CENSUSES, PLANS
from forecast.store import read_model

KINDS = tuple(SPARE)


@pytest.fixture(scope="module")
def children():
    return claimed(2025, PLANS, CENSUSES)


def claimed(seed, plans, censuses):
    """Children with a plan, and those without who fill AP schools in their fullest month."""
    england = read_model(bundled("models", "england"))
    county = made_county(england, seed, plans, censuses)
    ages = england["residents"].to_numpy()
    return claims(county, made_ap(county, ages, read_ap_figures(), read_england_rolls(), seed))


@pytest.fixture(scope="module")
def places(children):
    return register(schools(), children, CENSUSES[-1])


def opened(places, kind):
    rows = places[places["provision"].eq(kind) & places["opens"].eq("")]
    return rows.assign(own=rows["places"] - rows["taken_by_others"])


def takes(rows, children):
    """Whether each set of places is for each child, straight from what places.csv says: (child, places)."""

    def one(row):
        needs, districts = row.needs.split(";"), row.serves.split(";")
        of_need = children["need"].isin(needs) | (row.needs == ALL)
        of_district = children["district"].isin(districts) | (row.serves == ALL)
        return of_need & of_district & children["nc_year"].between(row.nc_from, row.nc_to)

    return np.stack([one(row) for row in rows.itertuples()], axis=1)


def most_placed(rows, children):
    """Children who can be placed, by linear programming over single links of a child's cell and a school."""
    child, school = np.nonzero(takes(rows, children))
    links = np.arange(len(child))
    into = np.zeros((len(children) + len(rows), len(links)))
    into[child, links] = into[len(children) + school, links] = 1
    room = [*children["children"], *rows["own"]]
    return -linprog(-np.ones(len(links)), A_ub=into, b_ub=room, method="highs").fun


def test_a_few_children_in_a_hundred_have_no_special_place_and_some_places_stand_empty(places, children):
    here = children[children["provision"] == "special"]
    rows = opened(places, "special")
    short = here["children"].sum() - most_placed(rows, here)
    assert 0.015 < short / here["children"].sum() < 0.06
    assert rows["own"].sum() - most_placed(rows, here) >= 5
    assert short > here["children"].sum() - rows["own"].sum() + 5


def test_bases_have_room_for_every_child_of_theirs(places, children):
    here = children[children["provision"] == "base"]
    assert most_placed(opened(places, "base"), here) == pytest.approx(here["children"].sum())


def test_ap_schools_have_room_for_every_plan_and_not_for_all_children_of_the_fullest_month(places, children):
    """With those who have no plan beside them a few in a hundred go without."""
    rows, here = opened(places, "alternative"), children[children["provision"] == "alternative"]
    planned = here[here["need"] != WITHOUT_PLAN]
    assert most_placed(rows, planned) == pytest.approx(planned["children"].sum())
    short = here["children"].sum() - most_placed(rows, here)
    assert 0.005 < short / here["children"].sum() < 0.06


def test_every_child_may_go_to_some_school_of_its_kind(places, children):
    for kind in KINDS:
        here = children[children["provision"] == kind]
        assert takes(opened(places, kind), here).any(axis=1).all()


def test_schools_are_for_other_needs_phases_and_districts(places):
    special = opened(places, "special")
    assert special["needs"].nunique() >= 5
    assert (special["needs"] == ALL).any()
    assert any(set(needs.split(";")) == {"ASD", "SLCN"} for needs in special["needs"])
    assert any("SEMH" in needs.split(";") for needs in special["needs"])
    assert any({"SLD", "PMLD"} <= set(needs.split(";")) and "ASD" not in needs for needs in special["needs"])
    assert special["nc_to"].eq(6).any()
    assert special["nc_from"].eq(7).any()
    assert set(special["serves"]) - {ALL} == {"Fictley;Notionbury;Sampleford", "Testwick"}
    assert {need for needs in special["needs"] for need in needs.split(";")} <= {ALL, *Need}


def test_a_satellite_stands_where_its_host_does_within_five_miles_of_its_school(places):
    everywhere = schools().drop_duplicates("name").set_index("name")
    satellites = places[places["site"] != ""]
    assert satellites["opens"].eq("").tolist().count(True) == 1
    for row in satellites.itertuples():
        host, parent = everywhere.loc[row.site], everywhere.loc[row.school]
        assert (row.lat, row.lon, row.district) == (host["lat"], host["lon"], NAMES[host["district"]])
        north = 69.1 * (host["lat"] - parent["lat"])
        east = 69.1 * (host["lon"] - parent["lon"]) * np.cos(np.radians(host["lat"]))
        assert 0 < np.hypot(north, east) < 5


def test_each_kind_has_as_many_places_as_its_children_and_spare_say(places, children):
    for kind in KINDS:
        rows, here = opened(places, kind), children[children["provision"] == kind]["children"].sum()
        assert here * SPARE[kind] <= rows["own"].sum() < here * SPARE[kind] + len(rows)
    special = opened(places, "special")
    assert special["taken_by_others"].sum() == pytest.approx(OTHERS * special["own"].sum(), rel=0.1)
    assert opened(places, "base")["taken_by_others"].eq(0).all()


def test_what_falls_to_the_schools_is_every_child_once(children):
    rows = designated(schools().query("provision in @KINDS", local_dict={"KINDS": KINDS}))
    coming = pd.Series(falling_to(rows, children)).groupby(rows["provision"]).sum()
    for kind in KINDS:
        assert coming[kind] == pytest.approx(children[children["provision"] == kind]["children"].sum())


def test_every_school_that_is_designated_is_there():
    names = set(schools()["name"])
    assert set(SPECIAL) | set(ALTERNATIVE) <= names
    assert all(site in names for meant in SPECIAL.values() for site in [one.site for one in meant if one.site])
    bases = schools().query("provision == 'base'")["name"]
    assert all(any(name.endswith(end) for end in BASES) for name in bases)


def test_a_county_of_a_hundred_plans_has_a_register_too():
    small = register(schools(), claimed(3, 100, range(2024, 2026)), 2025)
    assert small["opens"].ne("").sum() == 4
    assert (small["places"] > small["taken_by_others"]).all()
    assert not small.duplicated(["school", "site", "provision", "nc_from", "opens"]).any()


def test_the_pipeline_says_how_late_it_may_be(places):
    planned = places[places["opens"] != ""].set_index("school")
    assert sorted(planned["delay"].dropna()) == [0, 12]
    assert planned["probability"].between(0, 1).all()
    assert planned["ramp"].str.endswith(";1").all()
