"""Each worked scenario moves as many children as a sum made by hand says, from the flows of the baseline.

Sums are of expected children at central settings, draw by draw; `came` counts who came newly to a kind of place from
two censuses of the baseline, so it shares nothing with the shifts that it is set against.
"""

import numpy as np
import pytest
from builders_worked import FIRST, at, baseline, came, county, difference, near, older, only, shipped, starting

SCHOOL = range(12)


def test_rebalancing_at_year_7_keeps_a_tenth_of_those_who_leave_year_6_at_first():
    moved = difference(shipped("rebalance-at-year-7"))
    by_hand = 0.2 * 0.5 * at(came("special"), FIRST, nc_year=7)
    near(at(moved, FIRST, provision="special"), -by_hand)
    near(at(moved, FIRST, provision="mainstream"), by_hand)
    primary = moved.sel(nc_year=range(-4, 7))
    assert abs(primary).max() < 1e-9, "nobody in primary school is touched"
    assert abs(moved.sel(year=FIRST, nc_year=range(8, 21))).max() < 1e-9, "nor anybody settled in secondary school"


def test_entry_is_brought_down_at_three_ages_and_two_fifths_of_those_kept_are_in_bases():
    moved = difference(shipped("rebalance-at-every-entry"))
    by_hand = 0.3 * 0.33 * at(came("special"), FIRST, nc_year=[0, 7, 12])
    near(at(moved, FIRST, provision="special"), -by_hand)
    near(at(moved, FIRST, provision="base"), 0.4 * by_hand)
    near(at(moved, FIRST, provision="mainstream"), 0.6 * by_hand)
    assert abs(moved.sel(year=FIRST, nc_year=[1, 6, 8, 11, 13])).max() < 1e-9


def test_support_for_autism_meets_only_the_two_needs_that_it_names():
    first = difference(only("autism-in-mainstream", 0))
    by_hand = 0.15 * at(came("special"), FIRST, need=["ASD", "SLCN"], nc_year=range(-1, 7))
    near(at(first, FIRST, provision="special"), -by_hand)
    second = difference(only("autism-in-mainstream", 1))
    bought = 0.2 * at(came("independent", 2029), 2029, need=["ASD", "SLCN"])
    near(at(second, 2029, provision="base"), bought)
    near(at(second, 2029, provision="independent"), -bought)
    others = [need for need in first["need"].to_numpy() if need not in {"ASD", "SLCN"}]
    assert abs(first.sel(need=others, year=FIRST)).max() < 1e-9
    assert abs(second.sel(need=others, year=2029)).max() < 1e-9


def test_bases_hold_as_many_more_children_as_nine_tenths_of_92_per_cent():
    moved = difference(shipped("bases-92-per-cent-more"))
    held = float(county()[1]["stock"].sel(provision="base").sum())
    by_hand = np.full(moved.sizes["draw"], 0.9 * round(0.92 * held))
    near(at(moved, FIRST, provision="base"), by_hand)
    near(at(moved, FIRST, provision="special"), -0.3 * by_hand)
    near(at(moved, FIRST, provision="mainstream"), -0.7 * by_hand)
    near(at(moved, 2031, provision="base", nc_year=SCHOOL), by_hand, within=0.002)


def test_forty_adapted_places_hold_eighteen_children_in_their_first_year():
    moved = difference(shipped("adapted-mainstream-sites"))
    full = np.full(moved.sizes["draw"], 40 * 0.9)
    near(at(moved, FIRST, provision="base"), 0.5 * full)
    near(at(moved, FIRST, provision="special"), -0.4 * 0.5 * full)
    near(at(moved, 2030, provision="base", nc_year=SCHOOL), full, within=0.002)


def test_an_eighth_of_those_who_would_go_to_independent_schools_come_home_in_the_first_year():
    moved = difference(shipped("bring-home-and-reuse-fees"))
    bought = {
        label: 0.25 * 0.5 * at(came(label), FIRST, nc_year=[0, 7, 12])
        for label in ("independent", "special_nonmaintained")
    }
    near(at(moved, FIRST, provision="independent"), -bought["independent"])
    np.testing.assert_allclose(at(moved, FIRST, provision="special"), sum(bought.values()), atol=1e-6)
    settled = moved.sel(year=FIRST, nc_year=[1, 2, 3, 4, 5, 6, 8, 9, 10, 11])
    assert abs(settled).max() < 1e-9, "a child stays until a change of school"


def test_the_help_that_fees_buy_makes_first_plans_3_in_100_fewer_two_years_later():
    help_alone = difference(only("bring-home-and-reuse-fees", 1))
    assert not help_alone.sel(year=slice(None, 2029)).any()
    near(at(help_alone, 2030), -0.03 * at(starting(), 2030))


def test_earlier_help_spares_a_twentieth_of_first_plans_for_mental_health_in_its_first_year():
    moved = difference(shipped("earlier-help-semh"))
    near(at(moved, FIRST), -0.2 * 0.25 * at(starting(), FIRST, need="SEMH", nc_year=SCHOOL))
    others = [need for need in moved["need"].to_numpy() if need != "SEMH"]
    assert abs(moved.sel(year=FIRST, need=others)).max() < 1e-9
    assert (moved.sel(need=others).sum(["need", "nc_year", "provision", "district"]) > -1e-9).all(), (
        "those without this plan may need another"
    )
    years = moved.sum(["district", "need", "nc_year", "provision"])
    assert (years.sel(year=slice(FIRST, 2031)).diff("year") < 0).all(), "more so every year"


@pytest.mark.parametrize(
    ("name", "more"), [("backlog-cleared", 0.61), ("rush-before-reform", 0.25 * 0.5)], ids=["backlog", "rush"]
)
def test_a_wave_of_first_plans_adds_as_many_children_and_leaves_slowly(name, more):
    moved = difference(shipped(name))
    near(at(moved, FIRST), more * at(starting(), FIRST))
    years = moved.sum(["district", "need", "nc_year", "provision"])
    assert (years.sel(year=2031) > 0.5 * years.max("year")).all(), "children keep their plans when the wave is over"
    assert (years.diff("year").sel(year=2031) < 0).all(), "and no more come than in the trend"


def test_a_quarter_more_plans_end_after_16_and_who_is_younger_is_not_touched():
    drivers, moved = county()[1], difference(shipped("leave-plans-sooner-after-16"))
    before = baseline().sel(year=FIRST - 1, nc_year=list(range(11, 19)))
    leave = drivers["leave"].sel(nc_year=list(range(11, 19)))
    ended = np.minimum(0.25 * leave, 1 - leave) * before
    ended = older(ended.reindex(nc_year=drivers["nc_year"].to_numpy(), fill_value=0)).sum(["need", "provision"])
    again = ended * drivers["start_rate"].sel(year=FIRST, drop=True)  # who has left may be given a first plan again
    near(at(moved, FIRST), -at(ended, FIRST) + at(again, FIRST))
    assert abs(moved.sel(nc_year=range(-4, 12))).max() < 1e-9


def test_three_in_ten_who_would_come_to_alternative_provision_go_to_mainstream_and_special():
    moved = difference(shipped("short-stay-schools"))
    by_hand = 0.3 * at(came("alternative"), FIRST, nc_year=SCHOOL)
    near(at(moved, FIRST, provision="alternative"), -by_hand)
    near(at(moved, FIRST, provision="mainstream"), 0.6 * by_hand)
    near(at(moved, FIRST, provision="special"), 0.4 * by_hand)
    assert abs(moved.sel(year=FIRST, nc_year=range(12, 21))).max() < 1e-9


def test_nearer_schools_at_year_7_take_one_in_twenty_of_those_who_would_go_far():
    moved = difference(shipped("transport-reviewed"))
    near(at(moved, FIRST, provision="independent"), -0.05 * at(came("independent"), FIRST, nc_year=7))
    assert abs(moved.sel(nc_year=range(-4, 7))).max() < 1e-9


def test_six_tenths_of_the_white_paper_move_plans_six_tenths_as_far():
    part, whole = (difference(shipped(name)) for name in ("white-paper-60-per-cent", "white-paper"))
    for year in (FIRST, 2029, 2030):
        np.testing.assert_allclose(at(part, year), 0.6 * at(whole, year), rtol=0.03)
    assert (at(whole, 2030) < -100).all()
