"""The worked scenarios on alternative provision move as many children as a sum made by hand says.

Sums are of expected children without a plan at central settings, draw by draw, from the arrivals of the baseline.
"""

from functools import cache

import numpy as np
import pytest
from builders_worked import FIRST, baseline, county, near, pupils, shipped

from forecast.ap.roll import ap_forecast
from forecast.inputs.reference_ap import figure, read_ap_figures

COUNTIES = pytest.mark.parametrize("where", ["worcestershire", "lancashire"])
YOUNG = ["ks1", "ks2", "ks3"]
CELLS = ("year", "district", "key_stage", "reason", "setting", "tier")


@cache
def before(where):
    return ap_forecast(county(where)[1])


@cache
def after(name, where):
    return ap_forecast(shipped(name).apply(county(where)[1]))


def total(array, **chosen):
    """Children of the cells chosen, by draw."""
    some = array.sel({axis: np.atleast_1d(labels) for axis, labels in chosen.items()})
    return some.sum([axis for axis in some.dims if axis in CELLS]).to_numpy()


def fewer(name, where, **chosen):
    return total(before(where).arrivals, **chosen) - total(after(name, where).arrivals, **chosen)


@COUNTIES
def test_outreach_in_its_first_year_keeps_six_hundredths_of_half_of_three_in_a_thousand_residents(where):
    name, people = "ap-outreach", county(where)[1]["population"]
    residents = total(people.sel(nc_year=list(range(3, 10)), year=FIRST).rename(nc_year="tier"))
    supported = 0.5 * 0.003 * residents
    near(fewer(name, where, year=FIRST), np.broadcast_to(supported * 0.2 * 0.3, before(where).arrivals.sizes["draw"]))
    met = {"key_stage": ["ks2", "ks3"], "reason": ["exclusion", "time_limited"], "setting": "ap_school"}
    near(fewer(name, where, year=FIRST, **met), fewer(name, where, year=FIRST))
    np.testing.assert_allclose(after(name, where).supported.sel(year=FIRST), np.broadcast_to(supported, (4,)))
    assert (fewer(name, where, year=2031) > 1.9 * fewer(name, where, year=FIRST)).all(), "in full from its second year"


def test_outreach_is_paid_for_by_the_child():
    drivers = county()[1]
    (line,) = shipped("ap-outreach").spends(drivers)
    residents = total(drivers["population"].sel(nc_year=list(range(3, 10)), year=2031).rename(nc_year="tier"))
    paid = (line.units * line.pounds).sel(year=2031)
    np.testing.assert_allclose(paid, np.broadcast_to(3000 * 0.003 * residents, paid.shape))


@COUNTIES
def test_no_time_limited_stay_longer_than_a_term_leaves_the_mean_of_stays_cut_off_there(where):
    name = "ap-shorter-stays"
    days, assumed = county(where)[1]["ap_stay"].sel(reason="time_limited"), read_ap_figures()
    short = figure(assumed, "stay_days", reason="time_limited", tier="short", key_stage="ks3").value
    assert (days.sel(tier="short", key_stage="ks3") == short).all()
    cut = short * (1 - np.exp(-14 * 7 / short))
    long_share = county(where)[1]["ap_transition"].sel(reason="time_limited", key_stage="ks3").item()
    shorter = (1 - long_share) * np.array([0.5 * (short - cut), short - cut])
    moved = before(where).stay - after(name, where).stay
    found = moved.sel(reason="time_limited", key_stage="ks3", year=[FIRST, 2029])
    np.testing.assert_allclose(found, np.broadcast_to(shorter, found.shape))
    assert not moved.sel(reason=["exclusion", "medical", "awaiting", "other"]).any()
    assert after(name, where).arrivals.identical(before(where).arrivals)


@COUNTIES
def test_the_places_that_shorter_stays_free_are_arrivals_times_days_in_the_end(where):
    name = "ap-shorter-stays"
    freed = total(before(where).headcount, year=2031) - total(after(name, where).headcount, year=2031)
    days = (before(where).stay - after(name, where).stay).sel(year=2031)
    come = before(where).arrivals.sel(year=2031).sum(["district", "setting"])
    by_hand = total(come * days / 365)
    assert (by_hand > 10).all()
    np.testing.assert_allclose(freed, by_hand, rtol=0.1)


@COUNTIES
def test_a_fifth_fewer_come_for_exclusion_after_four_years_and_as_many_for_every_other_reason(where):
    name, come = "ap-fewer-exclusions", before(where).arrivals
    near(fewer(name, where, year=FIRST), 0.25 * 0.2 * total(come, year=FIRST, reason="exclusion"))
    near(fewer(name, where, year=2031), 0.2 * total(come, year=2031, reason="exclusion"))
    others = ["time_limited", "medical", "awaiting", "other"]
    np.testing.assert_array_equal(
        after(name, where).arrivals.sel(reason=others).to_numpy(), come.sel(reason=others).to_numpy()
    )


@COUNTIES
def test_excluded_children_on_time_limited_places_return_as_others_there_and_one_in_ten_more(where):
    name, drivers = "ap-time-limited-places", county(where)[1]
    come = before(where).arrivals.sel(year=2029, key_stage=YOUNG).sum(["district", "setting"])
    long = drivers["ap_transition"].sel(key_stage=YOUNG)
    back = {tier: drivers["ap_return"].sel(key_stage=YOUNG, tier=tier, drop=True) for tier in ("short", "transition")}
    sent = long * 0.3 * (long["reason"] == "exclusion")
    more = 0.1 * (1 - back["short"])
    gained = come * (sent * (back["short"] - back["transition"]) + (1 - long + sent) * more)
    found = (after(name, where).returns - before(where).returns).sel(year=2029)
    near(total(found), total(gained))
    assert not found.sel(key_stage=["ks4", "ks5"]).any()
    assert (total(after(name, where).headcount, year=2031) < total(before(where).headcount, year=2031)).all()


@COUNTIES
def test_three_in_ten_of_those_without_a_plan_stay_in_school_and_with_one_it_is_the_scenario_beside_it(where):
    name = "short-stay-schools-every-child"
    school_age = [*YOUNG, "ks4"]
    come = total(before(where).arrivals, year=FIRST, setting="ap_school", key_stage=school_age)
    near(fewer(name, where, year=FIRST), 0.3 * come)
    drivers = county(where)[1]
    both, plans = (pupils(shipped(each).apply(drivers)) for each in (name, "short-stay-schools"))
    np.testing.assert_array_equal(both.to_numpy(), plans.to_numpy())
    assert (both != baseline(where)).any()
