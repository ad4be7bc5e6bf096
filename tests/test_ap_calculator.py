"""The calculator of the page on alternative provision: worked out again by hand, and set against the forecast."""

import math
import re

import pytest
from builders_ap import alike, ap_drivers
from builders_ap_forecast import PEAK, WEEK, counted_with_ap, with_sent
from test_app_ap import (
    AHEAD,
    EVERY_SETTING,
    NOW,
    as_opened,
    first,
    looked_at,
    made,
    middle,
    opened,
    said,
    seen,
    table_of,
    totals,
)

from forecast.ap.roll import ap_forecast
from forecast.domain import ApSetting
from forecast.scenario.levers import LEVERS
from forecast.views.ap_calculator import steps
from forecast.views.ap_reasons import TIMES
from forecast.views.ap_sums import Sum, Who, changed, sum_of, worth_a_sum
from forecast.views.ap_try_out import levers_of, next_year


def worked_out(shown, column):
    """What a pocket calculator makes of the steps that the page shows."""
    steps, number = list(shown.index), lambda row: float(shown[column].iloc[row].replace(",", ""))
    times = [float(found[1]) for name in steps if (found := re.match(TIMES + r" (\d\.\d+)", name))]
    kept = next(int(found[1]) for name in steps if (found := re.match(r"\+ (\d+)%, kept free", name)))
    return number(0) * number(1) / 365 * math.prod(times) * (1 + kept / 100)


@EVERY_SETTING
def test_the_calculator_can_be_worked_out_by_hand_and_agrees_with_the_forecast(setting):
    projection = made("counted_with_ap")
    shown = table_of(seen("counted_with_ap")[setting], "Children who come in a year")
    assert int(shown["As forecast"].iloc[-1]) == round(worked_out(shown, "As forecast"))
    assert int(shown["As forecast"].iloc[-1]) == pytest.approx(totals(projection, AHEAD, setting)[2] * 1.1, abs=1)
    (factor,) = [
        found[1]
        for name in shown.index
        if (found := re.match(f"{TIMES} (.*) = places filled in the fullest month", name))
    ]
    assert float(factor) == pytest.approx(PEAK, rel=0.1)
    assert any(f"{TIMES} {WEEK[list(ApSetting).index(setting)]:.2f} of a full week" in name for name in shown.index)


def test_a_slider_moves_the_sum_at_once_and_the_way_on_says_the_same():
    app = opened("counted_with_ap")
    app.selectbox(key="ap key stage").select("ks3")
    app.selectbox(key="ap reason").select("exclusion").run()
    app.slider(key="ap arrivals").set_value(-20)
    app.slider(key="ap stays").set_value(10).run()
    page = looked_at(app)
    shown = table_of(page, "Children who come in a year")
    come = made("counted_with_ap").ap.arrivals.sel(year=NOW, setting="ap_school", key_stage="ks3", reason="exclusion")
    before = round(float(come.sum("district").median()))
    assert shown.iloc[0].to_list() == [str(before), str(round(before * 0.8))]
    assert int(shown.iloc[1, 1]) == round(int(shown.iloc[1, 0]) * 1.1)
    column = "With your changes"
    assert int(shown[column].iloc[-1]) == round(worked_out(shown, column))
    page = page.said
    assert f"With 20% fewer arrivals and 10% longer stays, {shown[column].iloc[-1]} places would be filled" in page
    assert ", with 10% kept free, in place of" in page
    assert "'kind': 'ap_scale_arrivals', 'from': '2027/28', 'factor': 0.8, 'key_stage': ['ks3']" in page
    assert "'kind': 'ap_shorten_stays', 'from': '2027/28', 'factor': 1.1" in page


@pytest.mark.parametrize("setting", ["ap_school", "la_funded"])
def test_once_settled_the_sum_is_what_the_forecast_says_under_the_levers_that_it_leads_to(setting):
    drivers = alike(ap_drivers(draws=2, years=range(2026, 2033), rate=0.1))
    last = int(drivers["year"].to_numpy()[-1])
    who = Who(setting, last, "ks4", "exclusion")
    before = sum_of(ap_forecast(drivers), who)
    moved = drivers
    for written in levers_of(who, -20, -30, int(drivers["year"].to_numpy()[0])):
        moved = LEVERS[written["kind"]].model_validate(written).apply(moved)
    after, by_hand = sum_of(ap_forecast(moved), who), changed(before, -20, -30)
    assert (after.arrivals, after.days) == pytest.approx((by_hand.arrivals, by_hand.days), abs=1)
    on_roll = ap_forecast(moved).headcount.sel(year=last, setting=setting, key_stage="ks4", reason="exclusion")
    assert float(on_roll.mean("draw").sum()) == pytest.approx(by_hand.on_roll, rel=0.02)
    other = Who(setting, last, "ks3")
    assert sum_of(ap_forecast(moved), other) == sum_of(ap_forecast(drivers), other)


@pytest.mark.parametrize(("setting", "sign"), [("ap_school", 1), ("school_arranged", -1), ("la_funded", 0)])
def test_children_whom_schools_send_are_a_line_of_the_sum_which_comes_to_the_tables_figure(setting, sign):
    made = with_sent(counted_with_ap())
    sent = made.ap.hosted.sel(year=AHEAD).sum(["district", "key_stage"])
    full = made.ap.peak.sel(year=AHEAD, setting=setting).sum(["district", "key_stage"]) + sign * sent
    found = sum_of(made.ap, Who(setting, AHEAD))
    assert found.sent == sign * round(float(sent.median()))
    assert found.fullest == pytest.approx(float(full.median()), abs=0.2)
    assert found.whole == pytest.approx(float(full.median()) * (1 + found.headroom), abs=0.7)
    shown = steps(found, changed(found, -50, 0))
    shown = shown.rename(index=lambda name: name.replace("\\", ""))
    line = [name for name in shown.index if "part-week" in name or "of theirs in AP schools" in name]
    assert len(line) == abs(sign)
    assert all(shown.loc[name].nunique() == 1 for name in line)
    assert sum_of(made.ap, Who(setting, AHEAD, reason="exclusion")).sent == 0


def test_nothing_moved_is_no_lever():
    assert levers_of(Who("ap_school", NOW), 0, 0, NOW) == []
    assert next_year(made("published_with_ap")) == NOW + 1


def test_614_who_come_for_202_days_are_340_places():
    """Devon's answer of 2024, as arithmetic: it reads as 614 placements live in the year, and 202 days of leavers."""
    devon = Sum(arrivals=614, days=202, week=1, peak=1, headroom=0)
    assert round(devon.on_roll) == devon.whole == 340
    assert changed(devon, -50, 0).whole == 170


def test_too_few_for_a_sum_is_said_and_small_groups_are_not_offered():
    assert "Fewer than 5 children come in a year: too few for a sum." in said(
        opened("too_few").selectbox(key="ap setting").select("la_funded").run()
    )
    ap = made("counted_with_ap").ap
    offered = worth_a_sum(ap, Who("la_funded", NOW), "key_stage")
    come = ap.arrivals.sel(year=NOW, setting="la_funded").sum(["district", "reason"]).median("draw")
    assert offered == [str(label.item()) for label in come["key_stage"] if float(come.sel(key_stage=label)) >= 5]
    assert set(offered) < {"ks1", "ks2", "ks3", "ks4", "ks5"}


def test_a_child_with_a_plan_takes_one_place_and_none_kept_free():
    plans = made("counted_with_ap").demand.sel(year=AHEAD, provision="alternative")
    shown = table_of(as_opened("counted_with_ap"), "With a plan: one each")
    assert first(shown.loc["With a plan: one each"].iloc[3]) == pytest.approx(middle(plans), abs=0.51)


@EVERY_SETTING
def test_arrivals_times_stay_is_who_is_there(setting):
    shown = table_of(seen("counted_with_ap")[setting], "Permanent exclusion")
    rows = [row for row in shown.to_numpy().tolist() if "fewer" not in " ".join(row)]
    assert rows
    for come, days, there in rows:
        assert int(come) * int(days) / 365 == pytest.approx(int(there), abs=1.5, rel=0.05)
    assert float(shown.iloc[0, 2]) == max(float(there) for _, _, there in rows)
