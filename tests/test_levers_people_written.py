"""Levers on who comes and who leaves: as they are written, what is refused, and what changes nothing."""

import numpy as np
import pytest
from builders_model import expected, worcestershire_drivers
from builders_people import HOMES, PER_HOME, area, families, homes, leaving, moving
from pydantic import ValidationError

from forecast.errors import ForecastError, UnknownLabel
from forecast.scenario.claims import How
from forecast.scenario.families import ScaleMovingIn
from forecast.scenario.homes import NewHomes
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.scenario import read_scenario

NOTHING_TO_DO = {
    "as many as now": ScaleMovingIn(from_year=2027, factor=1),
    "more, later than the forecast": ScaleMovingIn(from_year=2060, factor=2),
    "families of nobody": families(people=0),
    "families, later than the forecast": families(**{"from": 2060}),
    "no homes": homes(dwellings=0),
    "homes that the projection holds": homes(share_in_projection=1),
    "homes, later than the forecast": homes(**{"from": 2060}),
    "leaving as now": ScaleLeaving(from_year=2027, factor=1, year_groups=(12,)),
    "leaving, later than the forecast": ScaleLeaving(from_year=2060, factor=2),
    "leaving, with no strength": ScaleLeaving(from_year=2027, factor=2, ramp=(0,)),
}


@pytest.mark.parametrize("lever", NOTHING_TO_DO.values(), ids=NOTHING_TO_DO.keys())
def test_a_lever_with_nothing_to_do_gives_back_the_very_drivers(lever):
    drivers = area()
    assert lever.apply(drivers) is drivers


def test_homes_without_a_yield_are_refused_as_no_figure_is_made_up():
    with pytest.raises(ForecastError, match=r"home of 'Moor Lane' is not known; write `yields`.*pupil yield"):
        homes(yields=[], site="Moor Lane").apply(area())


@pytest.mark.parametrize(
    "lever",
    [
        ScaleMovingIn(from_year=2027, factor=2, district="Nroth"),
        families(district="Nroth"),
        homes(district="Nroth"),
        ScaleLeaving(from_year=2027, factor=2, district="Nroth"),
    ],
    ids=lambda lever: lever.kind,
)
def test_a_district_that_is_nearly_one_of_the_areas_is_answered_with_it(lever):
    with pytest.raises(UnknownLabel, match="did you mean 'North'"):
        lever.apply(area())
    assert lever.labels()["district"] == ("Nroth",)


@pytest.mark.parametrize(
    ("lever", "fields", "said"),
    [
        (families, {"age_from": 9, "age_to": 5}, "the youngest age, 9, is above the oldest, 5"),
        (families, {"need": "ASD"}, "have every need"),
        (families, {"people": -1}, "a number of people lies from 0"),
        (moving, {"factor": 11}, "a multiple lies from 0 to 10"),
        (homes, {"district": ["North", "South"]}, "homes stand in one district"),
        (homes, {"district": []}, "write one change for each district"),
        (homes, {"need": "ASD"}, "leave `need` out"),
        (homes, {"dwellings": -1}, "greater than or equal to 0"),
        (homes, {"share_in_projection": 1.2}, "less than or equal to 1"),
        (homes, {"yields": [*PER_HOME, {"age_from": 10, "age_to": 15, "children": 1}]}, "two yields hold the same age"),
        (homes, {"yields": [{"age_from": 4, "age_to": 1, "children": 1}]}, "the youngest age, 4, is above"),
        (homes, {"yields": [{**PER_HOME[0], "lag": [0.5, 0.3]}]}, "add up to 0.8"),
        (leaving, {"year_groups": 21}, "less than or equal to 20"),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_what_cannot_be_meant_is_refused_with_the_reason(lever, fields, said):
    with pytest.raises(ValidationError, match=said):
        lever(**fields)


def test_homes_have_to_say_how_many_of_them_the_projection_holds():
    with pytest.raises(ValidationError, match="share_in_projection"):
        NewHomes.model_validate({key: HOMES[key] for key in HOMES if key != "share_in_projection"})


def test_families_of_an_age_that_nobody_has_cannot_be_shared_among_districts():
    drivers = area()
    none = drivers.assign(population_now=drivers["population_now"].where(drivers["nc_year"] < 0, 0.0))
    with pytest.raises(ForecastError, match="Nobody aged 5 to 14 lives in the districts"):
        families().apply(none)


WRITTEN = """\
name: Families and homes
why: What the housing trajectory and the rehousing of families from London would add, and later leaving after 16.
changes:
  - {kind: scale_moving_in, from: 2027/28, factor: 1.3, district: Wychavon}
  - {kind: families_move_in, from: 2027/28, until: 2029/30, who: families rehoused from London, people: 240,
     age_from: 4, age_to: 15, plan_factor: 1.5, district: [Redditch, Wyre Forest]}
  - kind: new_homes
    from: 2028/29
    until: 2032/33
    site: land north of the bypass
    district: Wychavon
    dwellings: 150
    type: house
    share_in_projection: 0.6
    yields: [{age_from: 0, age_to: 3, children: 0.2, lag: [0.5, 0.5]}, {age_from: 4, age_to: 15, children: 0.4}]
  - {kind: scale_leaving, from: 2027/28, ramp: [0.5, 1], factor: {value: 0.9, low: 0.8, high: 1}, provision: special}
"""


def test_a_file_of_all_four_reads_as_a_councillor_writes_it(tmp_path):
    path = tmp_path / "families.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    drivers = worcestershire_drivers(draws=10, horizon=8)
    found = read_scenario(path).apply(drivers)
    people = (found["population"] - drivers["population"]).sum(["district", "nc_year"])
    assert people.sel(year=[2026, 2027]).to_numpy() == pytest.approx([0, 0], abs=1e-6)
    assert people.sel(year=2028).item() > 240
    assert set(np.unique(found["leave_multiple"].sel(provision="mainstream"))) == {1.0}
    assert (expected(found).sum(axis=(2, 3, 4, 5))[:, -1] > expected(drivers).sum(axis=(2, 3, 4, 5))[:, -1]).all()


def test_two_levers_of_a_kind_claim_the_same_only_if_they_speak_of_the_same_people():
    (one,), (same,), (others,) = (families(who=who).claims() for who in ("Londoners", "Londoners", "Afghans"))
    assert one.meets(same)
    assert not one.meets(others)
    (
        (after_16,),
        (school),
    ) = (ScaleLeaving(from_year=2027, factor=2, **ages).claims() for ages in ({}, {"year_groups": 5}))
    assert after_16.how is How.MULTIPLE
    assert not after_16.meets(*school)
