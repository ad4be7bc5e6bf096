"""The invented county: children are conserved, grow up, and live by the rates that are said to be true."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecast.domain import FIRST_POST16_YEAR, LAST_EARLY_YEAR, NC_YEARS
from forecast.inputs.bundled import bundled
from forecast.records.census import census_day
from forecast.records.synthetic.children import ARRIVE, START, expected
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.geography import DISTRICTS, NAMES, outlines
from forecast.records.synthetic.schools import SETTINGS
from forecast.store import read_model

CENSUSES = range(2022, 2026)


@pytest.fixture(scope="module")
def england():
    return read_model(bundled("models", "england"))


@pytest.fixture(scope="module")
def county(england):
    return made_county(england, seed=1, plans=2000, censuses=CENSUSES)


def test_the_same_seed_is_the_same_county_and_another_seed_another(england):
    one, again, other = (made_county(england, seed, 200, range(2024, 2026)) for seed in (1, 1, 2))
    assert one.past.spells.equals(again.past.spells)
    assert one.rates.equals(again.rates)
    assert not one.rates["leave"].equals(other.rates["leave"])
    assert not one.lives.states.equals(other.lives.states)


def test_children_with_a_plan_are_those_of_last_year_less_who_ceased_and_more_who_came(county):
    children = county.lives.children
    stock = county.lives.states.groupby("year").size()
    for year in range(CENSUSES[0], CENSUSES[-1] + 2):
        came, ceased = (children["first"] == year).sum(), (children["last"] == year - 1).sum()
        assert stock[year] == stock[year - 1] - ceased + came


def test_a_year_6_child_is_in_year_7_next_january(county):
    states = county.lives.states
    then = states.set_index(["child", "year"])["nc_year"]
    later = then.rename(index=lambda year: year - 1, level="year")
    both = pd.concat([then.rename("then"), later.rename("later")], axis=1, join="inner")
    assert (both.loc[both["then"] == 6, "later"] == 7).all()
    assert (both["later"] == both["then"] + 1).all()


def test_no_child_is_where_its_age_forbids(county):
    states = county.lives.states
    assert states["nc_year"].isin(NC_YEARS).all()
    assert (states.loc[states["provision"] == "post16", "nc_year"] >= FIRST_POST16_YEAR).all()
    assert (states.loc[states["provision"] == "early_years", "nc_year"] <= LAST_EARLY_YEAR).all()


def test_year_groups_follow_from_birth_dates(county):
    born, states = county.past.people["born"], county.lives.states
    for row in states.iloc[:: len(states) // 300].itertuples():
        birthday, august = born[row.child].date(), date(row.year - 1, 8, 31)
        age = august.year - birthday.year - ((birthday.month, birthday.day) > (august.month, august.day))
        assert age - 4 == row.nc_year


def test_shares_of_a_row_sum_to_one(county):
    rates = county.rates
    np.testing.assert_allclose(rates["start_mix"].sum("provision"), 1)
    np.testing.assert_allclose(rates["move"].sum("to"), 1)
    assert (rates["leave"].sel(nc_year=NC_YEARS[-1]) == 1).all()
    assert ((rates["leave"] >= 0) & (rates["leave"] <= 1)).all()


def test_as_many_plans_are_to_be_expected_as_were_asked_for(county):
    people = _people(county)
    assert expected(county.rates, people)[len(CENSUSES)].sum() == pytest.approx(2000, rel=0.01)
    counted = (county.lives.states["year"] == CENSUSES[-1]).sum()
    assert counted == pytest.approx(2000, abs=5 * 2000**0.5)


def test_as_many_start_and_cease_as_the_rates_say(england):
    """Sums of many independent events lie within five standard deviations of their expectation."""
    county = made_county(england, seed=4, plans=6000, censuses=CENSUSES)
    rates, children, states = county.rates, county.lives.children, county.lives.states
    people = _people(county)[1:]
    starts = (rates["start"].to_numpy() * people[:, :, None, :]).sum(axis=(0, 2, 3))
    made = children[children["came"] == START]["district"].value_counts().reindex(NAMES)
    assert (abs(made.to_numpy() - starts) < 5 * np.sqrt(starts)).all()
    lived = states[states["year"] < CENSUSES[-1] + 1].join(children["district"], on="child")
    axes = {axis: pd.Index(rates[axis].to_numpy()) for axis in ("district", "nc_year", "provision")}
    chance = rates["leave"].to_numpy()[
        tuple(labels.get_indexer(pd.Index(lived[axis])) for axis, labels in axes.items())
    ]
    ceased = (children["last"] < CENSUSES[-1] + 1).sum()
    assert abs(ceased - chance.sum()) < 5 * np.sqrt((chance * (1 - chance)).sum())


def test_children_move_as_the_rates_say(england):
    county = made_county(england, seed=5, plans=6000, censuses=CENSUSES)
    states = county.lives.states.join(county.lives.children[["district", "need"]], on="child")
    onward = states[["child", "year", "provision"]].assign(year=states["year"] - 1)
    moves = states.merge(onward.rename(columns={"provision": "to"}), on=["child", "year"])
    year_6 = moves[(moves["nc_year"] == 6) & (moves["provision"] == "mainstream")]
    table = county.rates["move"].sel(nc_year=6, provision="mainstream", to="special", drop=True).to_series()
    chance = table.loc[pd.MultiIndex.from_frame(year_6[["district", "need"]])].to_numpy()
    assert len(year_6) > 500
    assert abs((year_6["to"] == "special").sum() - chance.sum()) < 5 * np.sqrt((chance * (1 - chance)).sum())


def test_what_happens_to_a_child_happens_in_order(county):
    plans, asked = county.past.plans, county.past.requests
    known = asked[asked["received"].notna() & asked["made"]].join(plans)
    assert (known["received"] < known["decided"]).all()
    assert (known["decided"] < known["assessed"]).all()
    assert (known["assessed"] < known["start"]).all()
    ceased = plans[plans["cease"].notna()]
    assert (ceased["start"] < ceased["cease"]).all()
    assert (ceased["reason"] > 0).all()
    assert (plans.loc[plans["cease"].isna(), "reason"] == 0).all()
    assert (plans["start"] > county.past.people["born"].loc[plans.index]).all()


def test_on_every_census_day_a_child_is_in_one_place_of_the_kind_that_its_life_says(county):
    spells = county.past.spells
    for census in CENSUSES:
        day = census_day(census)
        here = spells[(spells["entry"] <= day) & ~(spells["leaving"] < day)].set_index("child")["provision"]
        lived = county.lives.states.query("year == @census").set_index("child")["provision"]
        assert here.index.is_unique
        assert here.sort_index().equals(lived.sort_index())


def test_a_school_takes_only_children_of_its_own_kind_and_ages(county):
    states, spells, places = county.lives.states, county.past.spells, county.places
    at_school = spells[spells["school"] >= 0]
    assert (places["provision"].loc[at_school["school"]].to_numpy() == at_school["provision"].to_numpy()).all()
    elsewhere = spells.loc[spells["school"] < 0, "provision"]
    assert set(elsewhere) <= set(SETTINGS)
    for census in CENSUSES:
        day = census_day(census)
        here = at_school[(at_school["entry"] <= day) & ~(at_school["leaving"] < day)].set_index("child")["school"]
        ages = states.query("year == @census").set_index("child")["nc_year"].loc[here.index].to_numpy()
        school = places.loc[here]
        assert ((school["nc_from"].to_numpy() <= ages) & (ages <= school["nc_to"].to_numpy())).all()


def test_plans_that_arrive_were_made_before_they_came(county):
    arrived = county.past.plans[county.past.plans["came"] == ARRIVE]
    entry = county.past.spells.groupby("child")["entry"].first()
    assert len(arrived)
    assert (arrived["start"] < entry.loc[arrived.index]).all()


def test_neighbouring_districts_meet_point_for_point_and_lie_in_the_sea():
    features = outlines()["features"]
    rings = {feature["properties"]["name"]: feature["geometry"]["coordinates"][0] for feature in features}
    assert all(ring[0] == ring[-1] for ring in rings.values())
    for one in DISTRICTS:
        for other in DISTRICTS:
            shared = {tuple(point) for point in rings[one.name]} & {tuple(point) for point in rings[other.name]}
            if abs(one.row - other.row) + abs(one.column - other.column) == 1:
                assert len(shared) == 11
    points = [point for ring in rings.values() for point in ring]
    assert min(x for x, _ in points) > 1.3, "north of 54 degrees, England ends at 0.2 degrees east"
    assert min(y for _, y in points) > 54
    assert json.loads(json.dumps(outlines())) == outlines()


def test_districts_hold_the_county_between_them():
    assert sum(district.share for district in DISTRICTS) == pytest.approx(1)


def _people(county):
    """Residents (year, district, nc_year) behind the county's lives, from its population table: a second route."""
    table = county.people
    years = range(CENSUSES[0] - 2, CENSUSES[-1] + 1)
    index = pd.MultiIndex.from_product([years, NAMES, range(25)])
    values = table.set_index(["mid_year", "district", "age"])["people"].reindex(index).to_numpy(dtype=float)
    return values.reshape(len(years), len(NAMES), 25)
