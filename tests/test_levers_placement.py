"""Levers on placement: who goes elsewhere, who stays where they are, and sums made by hand."""

import numpy as np
import pytest
from builders_levers_placement import (
    AGE,
    area,
    at,
    changed,
    county,
    entering,
    home,
    rebalance,
    settled,
    shift,
    unsteered,
)
from builders_model import expected, simulated, without
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from forecast.errors import UnknownLabel
from forecast.scenario.levers import LEVERS

WAYS = {"entrants": ("starts", "movers"), "starts": ("starts",), "movers": ("movers",), "staying": ("staying",)}


@pytest.mark.parametrize(
    "lever",
    [
        shift(share=0),
        shift(**{"from": "2059/60"}),
        shift(ramp=[0]),
        rebalance(share=0),
        rebalance(**{"from": "2059/60"}),
        home(share=0),
        home(**{"from": "2059/60"}),
    ],
    ids=lambda lever: f"{lever.kind} {lever.from_year} {lever.sends.value:g}",
)
def test_a_lever_with_nothing_to_do_gives_back_the_very_drivers_and_costs_nothing(lever):
    drivers = area()
    assert lever.apply(drivers) is drivers
    assert lever.spends(drivers) == ()


def test_rebalancing_at_year_7_takes_five_years_to_reach_year_11():
    lever = rebalance(year_groups=7, share=0.3, **{"from": "2027/28"})
    special = changed(lever, county())[..., at(county(), "special")].sum(axis=(2, 3)).mean(axis=0)
    first = 2028 - 2026
    assert not special[:first].any()
    for on in range(5):
        touched = np.flatnonzero(abs(special[first + on]) > 1e-6)
        assert touched.tolist() == [AGE[age] for age in range(7, 8 + on)], f"{on} years on"
    secondary = special[:, AGE[7] : AGE[11] + 1].sum(axis=1)
    assert secondary[first] < 0
    assert secondary[first] > 0.3 * secondary[first + 4]
    assert (np.diff(secondary[first : first + 5]) < 0).all()


@pytest.mark.parametrize("lever", [rebalance(share=1), shift(share=1), home(share=1)], ids=lambda lever: lever.kind)
def test_children_who_are_settled_stay_where_they_are(lever):
    drivers = settled(area())
    np.testing.assert_array_equal(expected(lever.apply(drivers)), expected(drivers))


def test_settled_children_move_where_a_lever_is_told_to_move_them():
    drivers = settled(area())
    moved = expected(shift(share=1, who="staying").apply(drivers))
    assert (moved[..., at(drivers, "special")] == 0).all()
    assert moved.sum() == pytest.approx(expected(drivers).sum())


def test_settled_children_in_independent_schools_come_home_when_they_change_school_and_at_no_other_age():
    drivers = settled(area())
    back = changed(home(settled=True, year_groups=7, share=0.5), drivers)[:, 0]
    before = expected(drivers)[:, 0, :, :, AGE[7], at(drivers, "independent")]
    np.testing.assert_allclose(back[:, :, :, AGE[7], at(drivers, "special")], before / 2)
    back[:, :, :, AGE[7]] = 0
    assert not back.any()


@pytest.mark.parametrize("who", WAYS)
def test_a_share_of_those_who_come_is_moved_in_the_first_year(who):
    drivers = unsteered(area(draws=1))
    mine = changed(shift(who=who, share=0.25), drivers)[:, 0]
    by_hand = 0.25 * entering(drivers, "special", WAYS[who])
    np.testing.assert_allclose(mine[..., at(drivers, "special")], -by_hand, atol=1e-9)
    np.testing.assert_allclose(mine[..., at(drivers, "mainstream")], by_hand, atol=1e-9)
    assert by_hand.sum() > 10


def test_a_quarter_of_the_children_kept_are_in_a_base():
    drivers = unsteered(area(draws=1))
    mine = changed(rebalance(share=0.4, base_part=0.25), drivers)[:, 0]
    by_hand = 0.4 * entering(drivers, "special")
    np.testing.assert_allclose(mine[..., at(drivers, "base")], 0.25 * by_hand, atol=1e-9)
    np.testing.assert_allclose(mine[..., at(drivers, "mainstream")], 0.75 * by_hand, atol=1e-9)


def test_children_who_come_home_at_reception_year_7_and_year_12_alone_are_those_who_would_newly_come():
    drivers = unsteered(area(draws=1))
    mine = changed(home(share=0.3), drivers)[:, 0]
    by_hand = 0.3 * entering(drivers, "independent")
    by_hand[..., [age for age in range(by_hand.shape[-1]) if age not in {AGE[0], AGE[7], AGE[12]}]] = 0
    np.testing.assert_allclose(mine[..., at(drivers, "special")], by_hand, atol=1e-9)
    np.testing.assert_allclose(mine[..., at(drivers, "independent")], -by_hand, atol=1e-9)


def test_a_ramp_moves_a_part_in_the_first_year():
    drivers = area(draws=1)
    some, all_of = (changed(shift(ramp=ramp), drivers)[:, 0] for ramp in ([0.2, 1], []))
    np.testing.assert_allclose(some, 0.2 * all_of, atol=1e-9)


@hypothesis_settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000), share=st.floats(0, 1), who=st.sampled_from(sorted(WAYS)), part=st.floats(0, 1))
def test_no_child_is_lost_or_made(seed, share, who, part):
    """At every age, in every year, where leaving does not depend on the kind of place."""
    drivers = without(area(seed=seed), "leave")
    lever = shift(share=share, who=who, to={"mainstream": part, "base": 1 - part})
    there = expected(lever.apply(drivers))
    np.testing.assert_allclose(there.sum(axis=5), expected(drivers).sum(axis=5), rtol=1e-9)
    assert (there >= -1e-9).all()


@hypothesis_settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 1000), share=st.floats(0.1, 1))
def test_no_whole_child_is_lost_or_made_in_the_first_year(seed, share):
    drivers = area(seed=seed)
    before, after = (simulated(each)[:, 1] for each in (drivers, shift(share=share).apply(drivers)))
    np.testing.assert_array_equal(after.sum(axis=-1), before.sum(axis=-1))
    assert (after[..., at(drivers, "special")] <= before[..., at(drivers, "special")]).all()
    assert (after[..., [at(drivers, "base"), at(drivers, "independent")]]
            == before[..., [at(drivers, "base"), at(drivers, "independent")]]).all()  # fmt: skip


def test_levers_on_placement_may_be_made_in_any_order():
    levers = (
        rebalance(year_groups=[0, 7], base_part=0.5),
        home(settled=True),
        shift(instead_of="base", to="mainstream", share=0.2, district="North"),
    )
    drivers, made = area(), []
    for order in (levers, levers[::-1], (levers[1], levers[0], levers[2])):
        each = drivers
        for lever in order:
            each = lever.apply(each)
        made.append(expected(each))
    for other in made[1:]:
        np.testing.assert_allclose(other, made[0], rtol=0, atol=1e-12 * made[0].max())


@pytest.mark.parametrize(
    ("chosen", "mine"),
    [({"district": "South"}, (1, ...)), ({"need": "SEMH"}, (slice(None), 1)), ({"year_groups": 7}, (..., AGE[7]))],
    ids=("district", "need", "year group"),
)
def test_nobody_else_is_touched_in_the_first_year(chosen, mine):
    moved = abs(changed(shift(**chosen), area(draws=1))[0, 0]).sum(axis=3)
    touched = np.zeros_like(moved, dtype=bool)
    touched[mine] = True
    assert moved[touched].sum() > 1
    assert not moved[~touched].any()


def test_each_future_moves_its_own_share_within_the_range():
    drivers = area(draws=400)
    kept = rebalance(share={"value": 0.3, "low": 0.2, "high": 0.5}).apply(drivers)["shift_share"].sel(year=2026)
    low, middle, high = np.quantile(kept, [0.1, 0.5, 0.9])
    assert (low, middle, high) == pytest.approx((0.2, 0.3, 0.5), abs=0.03)


def test_support_is_paid_for_each_child_kept_for_as_many_years_as_it_says():
    drivers = area()
    lever = rebalance(base_part=0.5, support=6000, support_years=3)
    lines = lever.spends(drivers)
    assert {line.shift for line in lines} == set(lever.apply(drivers)["shift"].to_numpy().tolist())
    assert [line.lasts for line in lines] == [3, 3]
    assert all((line.pounds == 6000).all() and (line.units == 1).all() for line in lines)
    assert rebalance(support=0).spends(drivers) == ()


def test_fees_used_again_are_a_part_of_the_price_of_the_place_that_each_child_would_have_had():
    drivers = area()
    lever = home(reinvest=0.4, instead_of=["independent", "base"])
    lines = lever.spends(drivers)
    assert [(line.item, line.provision) for line in lines] == [("place", "independent"), ("place", "base")]
    assert all((line.units == 0.4).all() for line in lines)
    assert [line.shift for line in lines] == lever.apply(drivers)["shift"].to_numpy().tolist()


@pytest.mark.parametrize("lever", [rebalance(), home(), shift()], ids=lambda lever: lever.kind)
def test_a_lever_read_back_from_what_it_writes_is_the_same(lever):
    assert LEVERS[lever.kind].model_validate(lever.model_dump(mode="json", by_alias=True)) == lever
    assert "share" in lever.model_dump(by_alias=True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": {"mainstream": 0.6, "base": 0.6}}, r"the parts of `to` add up to 1.2; make them add up to 1"),
        ({"to": {"special": 0.6, "base": 0.4}}, "'special' stands both in `instead_of` and in `to`"),
        ({"share": 1.2}, "a share lies from 0 to 1"),
        ({"share": -0.1}, "a share lies from 0 to 1"),
        ({"share": {"value": 0.2, "low": 0.3, "high": 0.4}}, "the range is upside down"),
        ({"who": "everybody"}, "'entrants', 'starts', 'movers' or 'staying'"),
        ({"instead_of": []}, "at least 1"),
        ({"year_groups": 21}, "less than or equal to 20"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(fields, said):
    with pytest.raises(ValidationError, match=said):
        shift(**fields)


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        (shift(instead_of="specail"), "No kind of place called 'specail'; did you mean 'special'"),
        (shift(to="bases"), "No kind of place called 'bases'; did you mean 'base'"),
        (rebalance(district="Nroth"), "No district called 'Nroth'; did you mean 'North'"),
        (home(need="SMEH", share=0), "No need called 'SMEH'; did you mean 'SEMH'"),
    ],
    ids=("source", "goal", "district", "need of a lever that does nothing"),
)
def test_an_unknown_label_is_refused_with_the_one_that_was_meant(lever, said):
    with pytest.raises(UnknownLabel, match=said):
        lever.apply(area())
