"""Alternative provision in the one forecast, on the county that ships."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.ap.drivers import with_ap
from forecast.ap.little import DAYS
from forecast.domain import WITHOUT_PLAN, ApSetting
from forecast.inputs.ap_model import read_ap_model
from forecast.inputs.area import read_area
from forecast.inputs.reference_ap import read_ap_figures
from forecast.pipeline import area_drivers, england_and_assumptions, forecast_area, project
from forecast.places.england import england_special_rate
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

SETTINGS = Settings(draws=40, current_year=2027)


@pytest.fixture(scope="module")
def county():
    return read_area("worcestershire")


@pytest.fixture(scope="module")
def projection(county):
    return forecast_area(county, read_scenario("baseline"), SETTINGS)


def without(county):
    """The county as it was before it had a file on alternative provision."""
    return replace(county, ap_rolls=county.ap_rolls.iloc[:0])


def test_no_child_with_a_plan_moves_because_those_without_one_are_counted_too(county, projection):
    before = forecast_area(without(county), read_scenario("baseline"), SETTINGS)
    assert before.ap is None
    assert projection.demand.equals(before.demand)
    assert projection.expected.equals(before.expected)
    assert projection.total("district", "need", "phase", "provision").equals(
        before.total("district", "need", "phase", "provision")
    )


def test_the_level_is_the_published_roll_and_the_path_englands(county, projection):
    rolls = county.ap_rolls
    last = rolls[(rolls["setting"] == "ap_school") & (rolls["year"] == 2023) & (rolls["plan"] == "without")]
    published = last.loc[last["key_stage"] == "all", "children"].item()
    grown = np.exp(read_ap_model().path(ApSetting.AP_SCHOOL, [2025, 2030], 2023))
    roll = projection.ap.headcount.sel(setting="ap_school", year=[2025, 2030])
    middle = roll.sum(["district", "key_stage", "reason"]).median("draw")
    assert middle.values == pytest.approx(published * grown, rel=0.03)


def test_littles_law_holds_in_every_cell(projection):
    ap = projection.ap
    assert (ap.arrivals * ap.stay / DAYS).transpose(*ap.headcount.dims).values == pytest.approx(ap.headcount.values)


def test_headcount_place_years_and_the_fullest_month_are_three_things(projection):
    headcount, filled, fullest = (
        each.sel(year=2027).sum(["district", "key_stage"])
        for each in (projection.ap.headcount.sum("reason"), projection.ap.filled.sum("reason"), projection.ap.peak)
    )
    arranged = {"setting": "school_arranged"}
    assert (filled.sel(arranged) < headcount.sel(arranged)).all()
    assert float(fullest.sel(setting="ap_school").mean()) > float(filled.sel(setting="ap_school").mean())


def test_claims_hold_every_child_once(projection):
    claims = projection.claims
    both = claims.sel(provision="alternative").sum(["need", "band", "district"])
    plans = projection.demand.sel(provision="alternative").sum(["need", "phase", "district"])
    others = projection.ap.school_places.sum(["district", "key_stage"])
    assert (both == plans + others).all()
    assert claims.drop_sel(need=WITHOUT_PLAN).equals(projection.by_band)
    elsewhere = claims.sel(need=WITHOUT_PLAN).drop_sel(provision="alternative")
    assert int(elsewhere.sum()) == 0


def test_children_who_stay_on_a_mainstream_roll_fill_places_of_ap_schools_for_part_of_the_week(projection):
    ap = projection.ap
    arranged = ap.peak.sel(setting="school_arranged", drop=True)
    assert (ap.hosted <= arranged).all()
    assert float(ap.hosted.sum() / arranged.sum()) == pytest.approx(0.42, abs=0.03)
    assert ap.school_places.equals(ap.peak.sel(setting="ap_school", drop=True) + ap.hosted)
    assert ap.headcount.sel(setting="ap_school").sum() < ap.headcount.sum()  # each child once, at the main registration


def test_a_councils_own_exclusions_say_how_many_came_for_that_reason(county):
    england, assumptions = england_and_assumptions()
    bare = area_drivers(without(county), england, assumptions, SETTINGS)
    rows = {"year": [2024, 2025], "months": [12, 6], "district": "all", "key_stage": "all"}
    counts = pd.DataFrame(rows | {"permanent": [300.0, 150.0], "suspensions": np.nan, "source": "the council"})
    own = replace(county, exclusions=counts)
    model, figures, nobody = read_ap_model(), read_ap_figures(), xr.DataArray()
    with_own = with_ap(bare, own, model, figures, nobody)
    assumed = with_ap(bare, county, model, figures, nobody)
    coming = [
        (each["ap_rate_now"].sel(setting="ap_school", reason="exclusion").mean("draw") * _residents(each)).sum()
        for each in (with_own, assumed)
    ]
    roll = [
        (each["ap_rate_now"].sel(setting="ap_school").mean("draw") * _residents(each) * _stay(each)).sum() / DAYS
        for each in (with_own, assumed)
    ]
    assert float(coming[0]) > float(coming[1])
    assert float(roll[0]) == pytest.approx(float(roll[1]))


def _residents(drivers):
    from forecast.ap.roll import by_key_stage  # noqa: PLC0415 - for this test's own sums

    return by_key_stage(drivers["population_now"]).sum("district")


def _stay(drivers):
    long = drivers["ap_transition"]
    short, transition = (drivers["ap_stay"].sel(tier=tier, drop=True) for tier in ("short", "transition"))
    return (1 - long) * short + long * transition


def test_more_residents_bring_more_children_to_alternative_provision(county):
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(county, england, assumptions, SETTINGS)
    rate = england_special_rate(england, assumptions, SETTINGS, drivers)
    before = project(county, drivers, read_scenario("baseline"), SETTINGS, rate)
    more = drivers.assign(population=drivers["population"] * 1.1)
    after = project(county, more, read_scenario("baseline"), SETTINGS, rate)
    part = after.ap.arrivals.sel(year=2030).sum() / before.ap.arrivals.sel(year=2030).sum()
    assert float(part) == pytest.approx(1.1)
    assert (after.ap.peak >= before.ap.peak).all()


def test_another_projection_of_the_population_moves_alternative_provision_with_it(county):
    extra = county.population[county.population["variant"] != "estimate"]
    more = extra.assign(variant="more", people=(extra["people"] * 1.2).round())
    both = replace(county, population=pd.concat([county.population, more], ignore_index=True))
    scenario = read_scenario("baseline")
    before, after = (
        forecast_area(both, scenario, Settings(draws=10, current_year=2027, variant=variant))
        for variant in ("", "more")
    )
    part = after.ap.arrivals.sel(year=2036).sum() / before.ap.arrivals.sel(year=2036).sum()
    assert float(part) == pytest.approx(1.2, abs=0.02)


def test_the_same_run_gives_the_same_children(county, projection):
    again = forecast_area(county, read_scenario("baseline"), SETTINGS)
    assert again.ap.peak.equals(projection.ap.peak)


def test_what_is_assumed_and_how_old_the_count_is_stands_in_the_notes(projection):
    said = " ".join(projection.about.notes)
    assert "last counted in January 2023" in said
    assert "2024/25 are themselves a forecast" in said
