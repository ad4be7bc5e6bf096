"""Levers on schools that there are: more places, fewer, later, none."""

import numpy as np
import pytest
from builders_levers_places import HILL, RIVER, at, checked, drawn, drivers, for_certain, lever, register_of, school

from forecast.errors import UnknownLabel
from forecast.inputs.reference_places import read_projects
from forecast.scenario.levers import LEVERS
from forecast.scenario.place_rows import NotPossible

BOTH = register_of(HILL, RIVER)


def expands(places, name="Hill", **fields):
    return lever("expand_school", school=name, places=places, **fields)


def delays(months, name="River", **fields):
    return lever("delay_school", school=name, months=months, **fields)


def closes(name="Hill", **fields):
    return lever("close_school", school=name, **fields)


def test_an_expansion_adds_to_what_the_school_has_as_an_expansion_fills():
    built = checked(expands(50, delay=0).build(BOTH))
    first, second, third = read_projects()["expansion"].ramp
    assert [for_certain(built, "Hill")[year] for year in (2027, 2028, 2029, 2030)] == [
        100, 100 + 50 * first, 100 + 50 * second, 100 + 50 * third,
    ]  # fmt: skip
    assert built.iloc[-1][["district", "needs", "nc_from", "nc_to"]].tolist() == ["North", "all", 0, 14]


def test_more_places_in_alternative_provision_fill_as_short_stay_places_do_and_sooner_than_a_schools():
    unit = register_of(school("Unit", provision="alternative"))
    built = for_certain(checked(expands(50, "Unit", provision="alternative", delay=0).build(unit)), "Unit")
    ramps = {kind: read_projects()[kind].ramp for kind in ("short_stay", "expansion")}
    assert [built[2028 + year] for year in range(len(ramps["short_stay"]))] == [
        100 + 50 * share for share in ramps["short_stay"]
    ]
    assert built[2028] > 100 + 50 * ramps["expansion"][0]
    own = for_certain(checked(expands(50, "Unit", provision="alternative", delay=0, ramp=[0.5, 1]).build(unit)), "Unit")
    assert own[2028] == 125


def test_levers_on_places_say_how_alternative_provision_fills():
    def said(kind, field):
        return " ".join(LEVERS[kind].model_fields[field].description.split())

    assert "short-stay places where it is `alternative`" in said("open_places", "project")
    assert "fill as those of a new unit do" in said("expand_school", "provision")


def test_an_expansion_is_paid_for_once_at_the_price_of_an_expansion():
    (line,) = expands(50).spends(drivers())
    assert line.item == "capital_expansion"
    assert line.units.sum("year") == line.units.sel(year=2028) == 50
    assert expands(50, probability=0.0).spends(drivers()) == ()
    assert expands(-50).spends(drivers()) == ()


def test_stages_of_an_expansion_may_be_made_in_either_order():
    one, other = expands(20, delay=0), expands(30, since="2029/30", delay=0)
    assert for_certain(one.build(other.build(BOTH)), "Hill") == for_certain(other.build(one.build(BOTH)), "Hill")
    assert not one.claims()[0].meets(other.claims()[0])
    assert one.claims()[0].meets(expands(-5, since="2029/30").claims()[0])


def test_a_planned_schools_expansion_is_never_built_without_it():
    built = checked(expands(40, "River", since="2030/31", probability=0.5).build(BOTH))
    opened = drawn(built).sel(year=2036) > 0
    river, wing = opened.isel(place=1), opened.isel(place=2)
    assert (river | ~wing).all()
    assert 0.4 < wing.mean() < 0.6
    with pytest.raises(
        NotPossible, match=r"chance of 0\.6 only; write the probability of the new places, at most 0\.6"
    ):
        expands(40, "River", since="2030/31").build(BOTH)


def test_fewer_places_go_at_once_and_only_from_their_year_on():
    built = checked(expands(-30).build(BOTH))
    assert [for_certain(built, "Hill")[year] for year in (2025, 2027, 2028, 2036)] == [100, 100, 70, 70]


def test_a_planned_school_of_fewer_places_keeps_its_ramp_and_its_luck():
    before, after = at(BOTH, "River"), at(checked(expands(-40, "River").build(BOTH)), "River")
    np.testing.assert_allclose(after, before / 2)


def test_a_school_that_is_still_filling_loses_places_from_the_year_on_that_it_loses_them():
    young = register_of(school("River", opens="2025-09", ramp="0.3;0.6;1", places=80, delay=0.0))
    built = checked(expands(-40, "River", since="2028/29").build(young))
    assert [round(for_certain(built, "River")[year]) for year in (2026, 2027, 2028, 2029, 2036)] == [24, 48, 80, 40, 40]
    sooner = checked(expands(-40, "River", since="2026/27").build(young))
    assert [round(for_certain(sooner, "River")[year]) for year in (2026, 2027, 2028)] == [24, 24, 40]


def test_places_are_taken_from_what_is_open_before_what_is_to_come():
    stages = register_of(HILL, HILL | {"opens": "2030-09", "places": 40, "taken_by_others": 0, "delay": 0, "ramp": "1"})
    before, after = (for_certain(table, "Hill") for table in (stages, checked(expands(-60).build(stages))))
    assert [before[year] - after[year] for year in (2027, 2028, 2030, 2031)] == [0, 60, 60, 60]


def test_a_school_cannot_lose_places_that_it_does_not_have():
    with pytest.raises(NotPossible, match=r"Hill cannot have -101 places from 2027/28: it has only 100 .*at most"):
        expands(-101).build(BOTH)
    assert for_certain(expands(-100).build(BOTH), "Hill")[2028] == 0


def test_which_department_grows_must_be_said_where_a_school_has_several():
    two = register_of(
        HILL | {"nc_to": 6}, HILL | {"nc_from": 7}, HILL | {"site": "Field", "nc_from": 7, "needs": "ASD"}
    )
    with pytest.raises(NotPossible, match="it has several departments of kind special on its own site; write nc_from"):
        expands(10).build(two)
    assert expands(10, nc_from=7).build(two).iloc[-1]["nc_from"] == 7
    assert expands(10, site="Field").build(two).iloc[-1][["site", "needs"]].tolist() == ["Field", "ASD"]
    with pytest.raises(NotPossible, match="no such places of kind base"):
        expands(10, provision="base").build(two)


def test_a_delayed_school_is_built_in_the_same_futures_and_is_a_year_behind_in_each():
    before, after = at(BOTH, "River"), at(checked(delays(12).build(BOTH)), "River")
    assert ((before.sel(year=2036) > 0) | (after.sel(year=2036) == 0)).all()
    assert (after.sel(year=slice(2026, None)).to_numpy() == before.sel(year=slice(None, 2035)).to_numpy()).all()
    assert (at(delays(12).build(BOTH), "Hill") == at(BOTH, "Hill")).all()
    assert before.sel(year=2032).sum() > after.sel(year=2032).sum() > 0


def test_only_what_is_still_to_open_is_delayed():
    stages = register_of(school("River", opens="2026-09"), school("River", opens="2028-09", nc_from=7, site="Field"))
    assert delays(18).build(stages)["opens"].tolist() == ["2026-09", "2030-03"]
    with pytest.raises(NotPossible, match=r"none of its places is planned to open in 2027/28 or later"):
        delays(12, "Hill").build(BOTH)


def test_a_school_that_closes_has_no_places_from_that_year_on():
    built = checked(closes().build(BOTH))
    assert [for_certain(built, "Hill")[year] for year in (2027, 2028)] == [100, 0]
    assert (at(built, "River") == at(BOTH, "River")).all()


def test_a_school_that_closes_before_it_would_open_is_never_built():
    assert checked(closes("River").build(BOTH))["school"].tolist() == ["Hill"]
    later = checked(closes("River", since="2030/31").build(BOTH))
    assert at(later, "River").sel(year=2030).sum() > 0
    assert at(later, "River").sel(year=2031).sum() == 0


def test_a_school_may_grow_and_close_in_either_order():
    grow, close = expands(50, delay=0), closes(since="2031/32")
    one, other = (
        for_certain(checked(table), "Hill") for table in (close.build(grow.build(BOTH)), grow.build(close.build(BOTH)))
    )
    assert one == other
    assert (one[2031], one[2032]) == (150, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (closes(since="2029/30"), r"it has closed by then, in 2027-08; leave this out"),
        (expands(10), r"it closes in 2027-08; change it before then"),
        (expands(-10), r"it closes in 2027-08; change it before then"),
    ],
)
def test_what_is_closed_cannot_close_or_change(change, said):
    with pytest.raises(NotPossible, match=said):
        change.build(closes().build(BOTH))


def test_a_school_cannot_grow_before_it_opens_or_open_after_it_closes():
    with pytest.raises(NotPossible, match="it opens in 2028-09; expand it later"):
        expands(10, "River", probability=0.1).build(BOTH)
    short_lived = register_of(HILL, RIVER | {"closes": "2030-08"})
    with pytest.raises(
        NotPossible, match="River cannot open 24 months later: it closes in 2030-08; write fewer months"
    ):
        delays(24).build(short_lived)


@pytest.mark.parametrize("change", [expands(5, "Hlil"), delays(5, "Hlil"), closes("Hlil"), expands(0, "Hlil")])
def test_a_school_that_nobody_knows_is_guessed(change):
    with pytest.raises(UnknownLabel, match="No school called 'Hlil'; did you mean 'Hill'"):
        change.build(BOTH)
    assert change.labels()["school"] == ("Hlil",)


@pytest.mark.parametrize("change", [expands(0), delays(0)], ids=["no places", "no months"])
def test_a_change_of_nothing_gives_back_the_very_register(change):
    assert change.build(BOTH) is BOTH


def test_fewer_places_with_a_ramp_or_a_price_are_refused():
    with pytest.raises(ValueError, match="fewer places go all at once"):
        expands(-10, ramp=[0.5, 1])
