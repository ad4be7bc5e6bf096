"""Why children go without a place in AP schools: how many have no plan is a cause of its own."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr
from builders_model import assumptions, england
from builders_waterfall import scenario
from typer.testing import CliRunner

from forecast import Settings, read_area, read_scenario
from forecast.cli import app
from forecast.decide.central import central
from forecast.decide.central_ap import MORE_OR_FEWER, central_ap, with_others
from forecast.decide.coalitions import between_scenarios, between_years
from forecast.decide.waterfall_ap import PLANS_ALONE, ap_changed
from forecast.decide.waterfall_short import PLACES, NothingListed, of_short
from forecast.domain import KEY_STAGES, WITHOUT_PLAN
from forecast.pipeline import area_drivers, project
from forecast.places.claims import of_bands
from forecast.places.england import england_special_rate
from forecast.places.register import drawn_register
from forecast.report.waterfall_tables import Step
from forecast.scenario.ap_arrivals import ScaleApArrivals

YEAR, LABEL, SETTINGS = 2029, "alternative", Settings(draws=12, current_year=2025, horizon=4)
BASELINE = read_scenario("baseline")
FEWER = ScaleApArrivals.model_validate({"from": "2026/27", "factor": 0.5})


@cache
def county():
    """A county with too few places of its own in AP schools, which take every age of school, need and district."""
    area, rolls = read_area("exampleshire"), read_area("worcestershire").ap_rolls
    few = area.places.assign(
        places=area.places["places"].where(area.places["provision"] != LABEL, 5), taken_by_others=0
    )
    area = replace(
        area, places=few, ap_rolls=rolls, ap_arrivals=area.ap_arrivals.iloc[:0], ap_stays=area.ap_stays.iloc[:0]
    )
    drivers = area_drivers(area, england(), assumptions(), SETTINGS)
    rate = england_special_rate(england(), assumptions(), SETTINGS, drivers)
    runs = [project(area, drivers, made, SETTINGS, rate) for made in (BASELINE, scenario(FEWER))]
    return area, drivers, central(drivers), runs


def people(drivers, year):
    """Residents of the central path by key stage, in the whole area."""
    found = drivers["population_now"] if year == 2025 else drivers["population"].sel(year=year).squeeze(drop=True)
    return {stage.value: found.sel(nc_year=list(years)).sum().item() for stage, years in KEY_STAGES.items()}


def fullest(drivers, year):
    """Full-time places of AP schools in the fullest month: rate x residents x stay / 365 x week x peak, by hand."""
    rate = drivers["ap_rate_now"] if year == 2025 else drivers["ap_rate"].sel(year=year)
    share, stays, total = drivers["ap_transition"], drivers["ap_stay"], 0.0
    for stage, residents in people(drivers, year).items():
        days = stays.sel(key_stage=stage)
        mean = (1 - share.sel(key_stage=stage)) * days.sel(tier="short") + share.sel(key_stage=stage) * days.sel(
            tier="transition"
        )
        peak = drivers["ap_peak"].sel(key_stage=stage).item()
        for setting, part in (("ap_school", 1.0), ("school_arranged", drivers["ap_hosted"].item())):
            come = rate.sel(key_stage=stage, setting=setting).squeeze(drop=True) * residents
            week = drivers["ap_week"].sel(setting=setting).item()
            total += (come * mean / 365).sum().item() * week * peak * part
    return total


def room(area, drivers, year):
    """Places open in AP schools, on average over the futures."""
    register = drawn_register(area.places, sorted({2025, year}), SETTINGS.draws, SETTINGS.seed, drivers.attrs["late"])
    own = (register.rows["provision"] == LABEL).to_numpy()
    return register.open.sel(year=year).isel(place=own).sum("place").mean("draw").item()


def test_the_central_path_fills_the_places_that_arrivals_and_stays_make():
    _, _, path, _ = county()
    found = central_ap(path).fullest.sum(["district", "key_stage"])
    for year in (2025, YEAR):
        assert found.sel(year=year).item() == pytest.approx(fullest(path, year), rel=1e-9)


def test_bars_add_up_and_more_children_without_a_plan_are_one_of_them():
    area, drivers, path, (trend, _) = county()
    found = of_short(between_years(drivers, path, BASELINE), LABEL, YEAR, [trend], area.places, drivers)
    assert found.start + sum(bar.effect for bar in found.bars) == pytest.approx(found.end, abs=1e-6)
    assert [bar.name for bar in found.bars][-2:] == [PLACES, MORE_OR_FEWER]
    more = fullest(path, YEAR) - fullest(path, 2025)
    assert found.bars[-1].effect == pytest.approx(more, abs=1e-3)
    assert abs(more) > 0.5


def test_what_is_short_at_the_end_is_everybody_less_the_places():
    area, drivers, path, (trend, _) = county()
    coalitions = between_years(drivers, path, BASELINE)
    found = of_short(coalitions, LABEL, YEAR, [trend], area.places, drivers)
    plans = coalitions.children.isel(coalition=-1).sel(year=YEAR, provision=LABEL)
    taught = plans.sel(phase=["primary", "secondary", "16-19"]).sum().item()
    assert found.end == pytest.approx(taught + fullest(path, YEAR) - room(area, drivers, YEAR), abs=0.5)


def test_fewer_who_come_are_the_whole_difference_between_two_scenarios():
    area, drivers, path, runs = county()
    coalitions = between_scenarios(drivers, path, BASELINE, scenario(FEWER))
    found = of_short(coalitions, LABEL, YEAR, runs, area.places, drivers)
    (bar,) = found.bars
    assert bar.effect == pytest.approx(found.end - found.start)
    full = central_ap(path).fullest.sum(["district", "key_stage"]).sel(year=YEAR).item()
    assert -full / 2 <= bar.effect < -full / 4
    assert np.sign(found.futures) == np.sign(bar.effect)


def test_another_kind_of_place_has_no_such_cause():
    area, drivers, path, (trend, _) = county()
    found = of_short(between_years(drivers, path, BASELINE), "special", YEAR, [trend], area.places, drivers)
    assert [bar.name for bar in found.bars][-1] == PLACES


def test_what_is_short_at_the_start_is_without_luck_too():
    """Or the first cause would be told the luck of the fullest month, which only futures have."""
    area, drivers, path, (trend, _) = county()
    found = of_short(between_years(drivers, path, BASELINE), LABEL, YEAR, [trend], area.places, drivers)
    plans = trend.total("district", "need").sel(provision=LABEL, year=2025, draw=0)
    taught = plans.sel(phase=["primary", "secondary", "16-19"]).sum().item()
    assert found.start == pytest.approx(taught + fullest(path, 2025) - room(area, drivers, 2025), abs=0.5)


def test_a_key_stage_is_shared_over_year_groups_alike_with_luck_and_without():
    bands = [-4, 0, 2, 7, 12, 15]
    by_stage = np.array([[30, 24, 9, 10, 3]])  # whole children a year group
    names = ("draw", "year", "district", "need", "band", "provision")
    axes = dict(zip(names, ([0], [2029], ["North"], ["ASD"], bands, [LABEL]), strict=True))
    nobody = xr.DataArray(np.zeros((1, 1, 1, 1, len(bands), 1)), coords=axes, dims=names)
    exact = with_others(nobody, by_stage, LABEL).sel(need=WITHOUT_PLAN, district="North", provision=LABEL)
    by_hand = [0, 20, 10 + 24, 9 + 10, 3, 0]  # Reception and Year 1; Year 2 to Year 6; Years 7 to 11; Years 12 to 14
    assert exact.to_numpy().ravel().tolist() == by_hand
    assert of_bands(by_stage, bands).tolist() == [by_hand]


def answered(*more):
    asked = ["waterfall", *more, "--of", "short-ap", "--draws", "12", "--now", "2024/25", "--year", "2027/28"]
    return CliRunner().invoke(app, asked, catch_exceptions=False)


def test_the_command_tells_why_children_with_and_without_a_plan_have_no_ap_school_place():
    found = answered("exampleshire", "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert "children with or without a plan who have no AP school place go from" in told["answer"][0]
    steps = told["tables"]["waterfall"]
    adds = sum(row["effect"] for row in steps if row["step"] == Step.CAUSE)
    start, end = (next(row["to"] for row in steps if row["step"] == step) for step in (Step.START, Step.END))
    assert start + adds == pytest.approx(end, abs=1e-3)
    assert {row["cause"] for row in steps} >= {PLACES, MORE_OR_FEWER}


def test_the_command_says_where_nobody_can_be_said_to_be_short():
    with pytest.raises(NothingListed, match=r"No child of Worcestershire .*no such place is listed; list the schools"):
        answered("worcestershire")


def test_without_figures_on_children_without_a_plan_the_answer_is_of_plans_and_says_so():
    area = read_area("exampleshire")
    none = {name: getattr(area, name).iloc[:0] for name in ("ap_rolls", "ap_arrivals", "ap_stays", "exclusions")}
    found = ap_changed(replace(area, **none), BASELINE, SETTINGS, YEAR).waterfall
    assert found.outcome.words == "children with a plan who have no AP school place"
    assert found.left_out == (PLANS_ALONE,)
    assert MORE_OR_FEWER not in {bar.name for bar in found.bars}
