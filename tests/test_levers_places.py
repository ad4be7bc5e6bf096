"""Levers on places: a school opens, and what it costs to build; the schools beside it and the children notice."""

import numpy as np
import pytest
from builders_levers_places import (
    HILL,
    LATE,
    RIVER,
    YEARS,
    at,
    checked,
    drawn,
    drivers,
    for_certain,
    lever,
    register_of,
    school,
)
from builders_shortage import children
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import UnknownLabel
from forecast.inputs.reference_places import read_projects
from forecast.places.register import Register, drawn_register
from forecast.places.shortage import shortage
from forecast.scenario.place_rows import NotPossible
from forecast.scenario.spending import Payer

BOTH = register_of(HILL, RIVER)


def opens(name="Mill", places=96, **fields):
    return lever("open_places", school=name, district="North", places=places, **fields)


def test_a_school_fills_as_its_ramp_says_from_the_january_after_it_opens():
    built = checked(opens(ramp=[0.25, 0.5, 1], delay=0).build(BOTH))
    assert [for_certain(built, "Mill")[year] for year in (2027, 2028, 2029, 2030, 2036)] == [0, 24, 48, 96, 96]
    assert for_certain(checked(opens(ramp=[1], delay=0, month=2).build(BOTH)), "Mill")[2028] == 0


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("new_school", {}),
        ("base", {"provision": "base"}),
        ("short_stay", {"provision": "alternative"}),
        ("short_stay", {"project": "short_stay", "provision": "special"}),
        ("satellite", {"site": "Field Primary", "provision": "alternative"}),
        ("satellite", {"site": "Field Primary"}),
        ("base", {"project": "base", "provision": "unit"}),
    ],
)
def test_a_school_that_is_given_no_ramp_fills_as_projects_of_its_kind_do(kind, fields):
    built = checked(opens(places=100, delay=0, **fields).build(BOTH))
    ramp = read_projects()[kind].ramp
    filled = [for_certain(built, "Mill")[2028 + year] for year in range(len(ramp))]
    np.testing.assert_allclose(filled, [100 * share for share in ramp])


def test_a_new_school_comes_late_in_most_futures_unless_it_is_said_to_be_on_time():
    late = at(opens(ramp=[1]).build(BOTH), "Mill").sel(year=2028)
    assert 0 < (late > 0).mean() < 0.5


def test_one_school_more_leaves_every_other_its_luck():
    before, after = drawn(BOTH), drawn(opens(probability=0.5).build(BOTH))
    assert (after.isel(place=[0, 1]).to_numpy() == before.to_numpy()).all()
    alone = drawn(opens(probability=0.5).build(register_of(HILL)))
    assert (alone.isel(place=1).to_numpy() == after.isel(place=2).to_numpy()).all()


def test_a_school_takes_its_own_districts_children_unless_told_otherwise():
    assert opens().build(BOTH).iloc[-1]["serves"] == "North"
    assert opens(serves=["North", "South"], need=["ASD", "SEMH"]).build(BOTH).iloc[-1][
        ["serves", "needs"]
    ].tolist() == [
        "North;South",
        "ASD;SEMH",
    ]
    assert opens(serves="all").build(BOTH).iloc[-1][["serves", "needs"]].tolist() == ["all", "all"]


def test_where_all_places_are_assumed_new_ones_are_too_and_beside_listed_ones_they_are_listed():
    assumed = register_of(HILL | {"assumed": True})
    assert opens().build(assumed)["assumed"].all()
    assert not opens().build(BOTH)["assumed"].any()
    assert opens().build(BOTH.iloc[:0])["assumed"].tolist() == [True]


def test_building_is_paid_for_in_the_january_the_school_should_open_and_in_the_very_futures_it_does():
    lines = opens(places=60, probability=0.6, delay=0, ramp=[1]).spends(drivers(draws=200))
    assert [(line.payer, line.item, line.provision, line.pounds) for line in lines] == [
        (Payer.CAPITAL, "capital", "special", None)
    ]
    opened = at(opens(places=60, probability=0.6, delay=0, ramp=[1]).build(BOTH), "Mill").sel(year=2028, drop=True)
    paid = lines[0].units
    assert paid.dims == ("draw", "year")
    assert (paid.sel(year=2028, drop=True).to_numpy() == opened.to_numpy()).all()
    assert 0.5 < (opened > 0).mean() < 0.7
    assert paid.sum() == opened.sum()


def test_a_price_of_ones_own_takes_the_place_of_the_price_lists():
    (line,) = opens(capital={"value": 80_000, "low": 60_000, "high": 95_000}).spends(drivers(draws=100))
    assert line.item == ""
    assert (line.pounds < 60_000).any()
    assert (line.pounds > 95_000).any()
    (certain,) = opens(capital=80_000).spends(drivers())
    assert (certain.pounds == 80_000).all()


@pytest.mark.parametrize(
    ("fields", "item"),
    [({"provision": "base"}, "capital"), ({"site": "Field"}, "capital_satellite"), ({}, "capital")],
)
def test_a_place_costs_what_its_kind_of_project_does(fields, item):
    (line,) = opens(**fields).spends(drivers())
    assert (line.item, line.provision) == (item, fields.get("provision", "special"))


def test_nothing_is_spent_on_a_school_beyond_the_years_of_the_forecast():
    assert opens(since="2060/61").spends(drivers()) == ()
    assert opens(places=0).spends(drivers()) == ()


@given(
    more=st.integers(1, 60),
    serves=st.sampled_from(["North", "South", "all"]),
    need=st.sampled_from([[], ["ASD"], ["SEMH"]]),
    ages=st.sampled_from([(0, 6), (7, 11), (0, 14)]),
    provision=st.sampled_from(["special", "base"]),
)
def test_more_places_never_leave_another_child_without_one(more, serves, need, ages, provision):
    wanted = children(
        {("North", "ASD", 0, "special"): 40, ("South", "SEMH", 7, "special"): 90, ("South", "ASD", 7, "base"): 30},
        draws=3,
        years=YEARS,
    )
    rows = register_of(HILL | {"needs": "ASD"}, school("Unit", provision="base", places=10), RIVER)
    fields = {"serves": serves, "need": need, "nc_from": ages[0], "nc_to": ages[1], "provision": provision}
    built = opens(places=more, **fields).build(rows)
    before, after = (shortage(wanted, drawn_register(table, YEARS, 3, 1, LATE)) for table in (rows, built))
    few = ["district", "need", "band"]
    assert (after.short.sum(few) <= before.short.sum(few) + 1e-3).all()


def test_a_place_for_whom_nobody_had_one_ends_a_shortage_to_the_last_child():
    wanted = children({("North", "ASD", 0, "special"): 40}, draws=2, years=YEARS)
    built = opens(places=30, need="ASD", ramp=[0.5, 1], delay=0).build(register_of(HILL | {"needs": "SEMH"}))
    opened = drawn_register(built, YEARS, 2, 1, LATE)
    short = shortage(wanted, Register(opened.rows, opened.open)).short.isel(draw=0).sum(["district", "need", "band"])
    assert short.sel(provision="special", year=[2027, 2028, 2029]).to_numpy().tolist() == [40, 25, 10]


def test_no_places_are_no_change():
    assert opens(places=0).build(BOTH) is BOTH
    some = drivers()
    assert opens().apply(some) is some


def test_a_label_that_the_area_does_not_have_is_guessed():
    some = drivers()
    with pytest.raises(UnknownLabel, match="No district called 'Nroth'; did you mean 'North'"):
        lever("open_places", school="Mill", district="Nroth", places=1).apply(some)
    with pytest.raises(UnknownLabel, match="No kind of place called 'specal'; did you mean 'special'"):
        opens(provision="specal").apply(some)
    with pytest.raises(UnknownLabel, match="need called 'AS'"):
        opens(need="AS").apply(some)
    assert opens(serves="all", need="ASD").labels() == {
        "district": ("North",),
        "need": ("ASD",),
        "provision": ("special",),
    }


def test_a_school_that_is_there_cannot_open_again_but_may_get_another_department():
    again = lever("open_places", school="Hill", district="North", places=10)
    with pytest.raises(NotPossible, match=r"Hill cannot open: it is in places\.csv.*100|120.*expand_school"):
        again.build(BOTH)
    unit = lever("open_places", school="Hill", district="North", places=10, provision="base", delay=0, ramp=[1])
    assert for_certain(checked(unit.build(BOTH)), "Hill")[2028] == 110


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"places": -5}, "greater than or equal to 0"),
        ({"nc_from": 9, "nc_to": 3}, "youngest year group, 9, is above the oldest, 3"),
        ({"site": "mill"}, "the site is the school itself"),
        ({"probability": 1.2}, "less than or equal to 1"),
        ({"capital": {"value": 5, "low": 6, "high": 7}}, "upside down"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(fields, said):
    with pytest.raises(ValueError, match=said):
        opens(**fields)
