"""Children without a plan on the last January roll that was counted, as it stands before the forecast."""

from dataclasses import replace

import pytest

from forecast.domain import ApSetting
from forecast.inputs.area import read_area
from forecast.inputs.reference_ap import figure, read_ap_figures
from forecast.pipeline import forecast_area
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

SETTINGS = Settings(draws=4, horizon=5, current_year=2027)


def forecast(area):
    return forecast_area(area, read_scenario("baseline"), SETTINGS).ap


def january(area, setting, year, plan="without"):
    rows = area.ap_rolls[(area.ap_rolls["month"] == 1) & (area.ap_rolls["year"] == year)]
    rows = rows[(rows["setting"] == setting) & (rows["plan"] == plan)]
    return rows.loc[(rows["reason"] == "all") & (rows["key_stage"] == "all"), "children"].sum()


def test_published_rolls_give_what_they_count_and_less_those_with_a_plan_where_plans_are_not_told():
    county = read_area("worcestershire")
    ap = forecast(county)
    assert set(ap.last) == set(ap.counted) == set(ApSetting)
    assert ap.last["ap_school"] == january(county, "ap_school", ap.counted["ap_school"])
    everyone = january(county, "la_funded", ap.counted["la_funded"], "all")
    share = figure(read_ap_figures(), "plan_share", setting=ApSetting.LA_FUNDED).value
    assert 0 < share < 1
    assert ap.last["la_funded"] == pytest.approx(everyone * (1 - share))


def test_records_give_the_january_of_the_last_year_of_arrivals_and_none_where_that_was_not_counted():
    county = read_area("exampleshire")
    last = int(county.ap_arrivals["year"].max())
    ap = forecast(county)
    assert ap.counted["ap_school"] == last
    assert ap.last == pytest.approx({setting.value: january(county, setting.value, last) for setting in ApSetting})
    assert min(ap.last.values()) > 0
    unknown = replace(county, ap_rolls=county.ap_rolls[county.ap_rolls["year"] < last])
    assert forecast(unknown).last == {}
