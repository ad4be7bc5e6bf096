"""England's path and level of alternative provision, by hand; and the model that ships, as every area reads it."""

from math import exp, log

import numpy as np
import pandas as pd
import pytest
from builders_ap_rolls import CODES, england, growing, panel, people, rolls

from forecast.ap.england import ApFitted, fit_ap
from forecast.ap.level import levels
from forecast.ap.national import AP_SCHOOL, LA_FUNDED, WITHOUT, log_index, national_path, yearly
from forecast.ap.origins import forecast
from forecast.ap.panel import ap_panel
from forecast.domain import ApSetting
from forecast.errors import InputFaults

SHARES = dict.fromkeys(ApSetting, 0.2)


def index(**logs):
    return pd.Series(list(logs.values()), index=[int(name.removeprefix("of")) for name in logs], dtype=float)


def test_what_authorities_pay_for_grows_less_each_year_by_a_fifth():
    path = national_path(log_index(growing(0.1)), LA_FUNDED, 4)
    by_hand, step, grown = [], 0.1, 0.0
    for _ in range(4):
        step *= 0.8
        grown += step
        by_hand.append(grown)
    assert path == pytest.approx(by_hand)


def test_ap_schools_grow_steadily_for_three_years_and_then_less_each_year():
    path = national_path(log_index(growing(-0.04)), AP_SCHOOL, 5)
    assert path == pytest.approx([-0.04, -0.08, -0.12, -0.12 - 0.032, -0.12 - 0.032 - 0.0256])


def test_januaries_of_the_pandemic_make_no_growth_in_ap_schools():
    known = index(of2018=0, of2019=-0.05, of2020=-0.1, of2021=-0.4, of2022=-0.5, of2023=-0.25)
    assert yearly(known, pandemic=True) == pytest.approx(-0.05)
    fallen = known.copy()
    fallen[[2021, 2022]] = -3.0
    assert national_path(fallen, AP_SCHOOL, 3) == pytest.approx(national_path(known, AP_SCHOOL, 3))
    assert yearly(fallen.loc[:2022], pandemic=False) != pytest.approx(yearly(known.loc[:2022], pandemic=False))


def test_from_a_january_of_the_pandemic_half_the_gap_to_the_trend_closes_each_year():
    known = index(of2018=0, of2019=-0.05, of2020=-0.1, of2021=-0.35)
    gap = -0.15 - -0.35  # the trend is at -.15 in 2021
    by_hand = [-0.05 * years + gap * (1 - 0.5**years) for years in (1, 2, 3)]
    assert national_path(known, WITHOUT, 3) == pytest.approx(by_hand)


def test_one_january_alone_makes_no_growth():
    assert national_path(index(of2018=0), LA_FUNDED, 3) == pytest.approx([0, 0, 0])
    assert national_path(index(of2021=0), WITHOUT, 3) == pytest.approx([0, 0, 0])


def test_an_authority_that_drops_out_is_no_fall():
    children = growing(0.1)
    gone = children.copy()
    gone.loc[2021:, CODES[-1]] = np.nan
    assert log_index(gone).to_numpy() == pytest.approx(log_index(children).to_numpy())


def test_a_level_is_drawn_a_tenth_of_the_way_to_englands_rate_and_the_sum_stays():
    now = pd.Series({"a": 200.0, "b": 20.0})
    residents = pd.Series({"a": 1000.0, "b": 1000.0})
    drawn = levels(now, residents, 0.1)
    unscaled = {code: (now[code] + 0.5) ** 0.9 * (110 + 0.5) ** 0.1 for code in now.index}
    assert drawn.sum() == pytest.approx(220)
    assert drawn["a"] / drawn["b"] == pytest.approx(unscaled["a"] / unscaled["b"])
    assert drawn["a"] < 200
    assert levels(now, residents, 0.0).tolist() == [200, 20]


def test_an_authority_without_residents_keeps_its_own_figure_but_for_the_sum():
    now = pd.Series({"a": 200.0, "b": 20.0, "c": 50.0})
    drawn = levels(now, pd.Series({"a": 1000.0, "b": 1000.0}), 0.1)
    whole = levels(now[["a", "b"]], pd.Series({"a": 1000.0, "b": 1000.0}), 0.1)
    assert drawn["a"] / drawn["b"] == pytest.approx(whole["a"] / whole["b"])
    assert drawn.sum() == pytest.approx(270)


def test_residents_grow_a_year_older_from_the_nearest_estimate_and_those_later_are_not_seen():
    residents = people(("201",))
    residents["people"] = residents["age"] * 100 + (residents["mid_year"] == 2023) * 7
    known = panel(growing(codes=("201",)), residents)
    assert known.residents(2020, range(5, 7))["201"] == 500 + 600
    assert known.residents(2021, range(5, 7))["201"] == 400 + 500  # they were 4 and 5 in 2020
    assert known.residents(2022, range(5, 7))["201"] == 607 + 707  # and 6 and 7 in 2023
    assert known.as_known(2023).residents(2022, range(5, 7))["201"] == 300 + 400
    with pytest.raises(InputFaults, match="has no estimate as old as mid-2016"):
        known.as_known(2017).residents(2016, range(5, 7))


def test_authorities_whose_boundaries_changed_are_followed_as_one_and_only_when_whole():
    children = growing(0.0, codes=("835", "836", "838", "839", "201"))
    children.loc[2020:, ["835", "836"]] = np.nan
    children.loc[:2019, ["838", "839"]] = np.nan
    units = dict.fromkeys(("835", "836", "838", "839"), "838+839")
    known = panel(children, units=units)
    assert known.children[LA_FUNDED]["838+839"].tolist() == [300, 300, 700, 700, 700, 700]


def test_authorities_with_a_roll_and_no_residents_are_a_fault():
    with pytest.raises(InputFaults, match=r"la_code: has no residents of 212; add them"):
        ap_panel(rolls(growing()), people(CODES[:-1]), {})


def test_every_authority_with_a_figure_at_the_last_january_is_forecast():
    children = growing(0.1)
    children.loc[2023, "205"] = np.nan
    made = forecast(panel(children), LA_FUNDED, 2)
    assert made.index.tolist() == [code for code in CODES if code != "205"]
    assert made[1].sum() == pytest.approx(children.loc[2023].round().sum() * exp(0.08), rel=0.01)


def fitted(later=(), rate=0.1):
    return fit_ap(panel(growing(rate)), england(later), SHARES)


def grown(made: ApFitted, setting):
    return made.growth[made.growth["setting"] == setting].set_index("ahead")["log_growth"]


def test_englands_later_total_carries_the_path_on():
    later = [(2024, "la_funded", 1300, False)]
    path = grown(fitted(later), "la_funded")
    assert path[1] == pytest.approx(log(1.3))
    yearly_after = (0.5 + log(1.3)) / 6
    assert path[2] - path[1] == pytest.approx(0.8 * yearly_after, abs=1e-3)
    assert grown(fitted(), "la_funded")[1] == pytest.approx(0.08, abs=1e-3)


def test_a_later_total_is_held_against_the_january_of_its_own_definition():
    later = [(2024, "la_funded", 1300, False), (2023, "la_funded", 1040, False)]
    assert grown(fitted(later), "la_funded")[1] == pytest.approx(log(1300 / 1040))


def test_ap_that_schools_arrange_takes_the_growth_of_ap_schools_and_a_wider_range():
    made = fitted([(2024, "ap_school", 1200, False)])
    assert grown(made, "school_arranged").tolist() == grown(made, "ap_school").tolist()
    spread = made.spread.set_index(["setting", "ahead"])
    ratio = spread.loc["school_arranged", "common_sd"] / spread.loc["ap_school", "common_sd"]
    assert ratio.to_numpy() == pytest.approx(1.5)
    assert made.settings.set_index("setting")["england_counted"].to_dict() == {
        "ap_school": 2024,
        "la_funded": 2023,
        "school_arranged": 2023,
    }


def test_rates_are_of_children_without_a_plan_counted_or_by_the_share_with_one():
    uncounted = england()
    uncounted = uncounted[~(uncounted["setting"].eq("la_funded") & uncounted["plan"].eq("without"))]
    made = fit_ap(panel(growing()), uncounted, {ApSetting.LA_FUNDED: 0.85}).rates.set_index(["setting", "key_stage"])
    assert made.loc["ap_school", "children"].tolist() == pytest.approx([120] * 5)
    assert made.loc["la_funded", "children"].tolist() == pytest.approx([1000 * 0.15 / 5] * 5)
    people_of_an_age = 1000 * sum(range(1, len(CODES) + 1))
    ages = {"ks1": 3, "ks2": 4, "ks3": 3, "ks4": 2, "ks5": 3}
    assert made.loc["ap_school", "residents"].to_dict() == {stage: people_of_an_age * n for stage, n in ages.items()}


# The model that ships
