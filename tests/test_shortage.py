import numpy as np
import pytest
from builders_shortage import DISTRICTS, NEEDS, children, drawn, fewest_by_programme, now, register, says, school
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast import read_area
from forecast.axes import bands_of
from forecast.domain import NC_YEARS, Need
from forecast.errors import LabelMismatch
from forecast.places.register import Register
from forecast.places.shortage import eligible, shortage

schools = st.builds(
    school,
    places=st.integers(0, 40),
    provision=st.sampled_from(["base", "special"]),
    serves=st.sampled_from(["all", "North", "South", "North;South"]),
    needs=st.sampled_from(["all", "ASD", "SEMH"]),
    nc_from=st.sampled_from([0, 7]),
    nc_to=st.sampled_from([11, 14]),
)
registers = st.lists(schools, min_size=1, max_size=5).map(lambda rows: register(*rows, draws=2))


def test_a_school_for_one_need_leaves_the_others_without_though_it_has_room():
    found = shortage(
        children({("North", "ASD", 0, "special"): 5, ("North", "SEMH", 0, "special"): 7}),
        register(school(20, needs="ASD")),
    )
    assert now(found.short) == now(found.short, need="SEMH") == 7
    assert now(found.spare) == 15


def test_a_catchment_is_felt_and_would_not_be_if_distance_were_no_matter():
    found = shortage(
        children({("North", "ASD", 0, "special"): 30, ("South", "ASD", 0, "special"): 10}),
        register(school(20, serves="North"), school(20, serves="South")),
    )
    assert now(found.short, district="North") == 10
    assert now(found.short, district="South") == 0
    assert now(found.anywhere) == 0
    assert now(found.spare) == 10


def test_a_roll_over_its_places_is_short_at_the_census_once():
    found = shortage(children({("North", "ASD", 7, "special"): 113}), register(school(100)))
    assert found.short.sum(["district", "need", "band"]).to_numpy().tolist() == [[[13], [13]]]
    assert now(found.places) == 100
    assert now(found.spare) == 0


def test_children_with_equal_claims_lose_equal_shares_whatever_their_need_or_district():
    found = shortage(
        children({("North", "ASD", 0, "special"): 30, ("South", "SEMH", 7, "special"): 10}), register(school(20))
    )
    assert now(found.short, district="North", need="ASD", band=0) == 15
    assert now(found.short, district="South", need="SEMH", band=7) == 5


def test_an_age_that_no_listed_school_has_is_short_and_told_apart():
    found = shortage(
        children({("North", "ASD", 15, "special"): 3, ("North", "ASD", 7, "special"): 8}), register(school(50))
    )
    assert now(found.short) == now(found.anywhere) == now(found.short, band=15) == 3
    assert found.short.where(~found.served).isel(draw=0, year=0).sum().item() == 3
    assert found.served.sel(provision="special").any(["district", "need"]).to_numpy().tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_a_school_that_opens_later_serves_its_children_before_it_has_places():
    planned = register(school(6, needs="SEMH"))
    opening = Register(planned.rows, planned.open * (planned.open["year"] == 2026))
    found = shortage(children({("South", "SEMH", 0, "special"): 6}), opening)
    assert found.served.sel(district="South", need="SEMH", band=0).all()
    assert found.short.sum(["district", "need", "band"]).to_numpy().tolist() == [[[6], [0]]]


def test_a_kind_of_place_with_no_listed_school_is_not_judged():
    found = shortage(drawn(1), register(school(10, provision="base")))
    assert found.short["provision"].to_numpy().tolist() == ["base"]


def test_kinds_of_place_do_not_lend_one_another_room():
    found = shortage(
        children({("North", "ASD", 0, "special"): 9, ("North", "ASD", 0, "base"): 9}),
        register(school(18), school(0, provision="base")),
    )
    assert now(found.short, provision="special") == 0
    assert now(found.short, provision="base") == 9
    assert now(found.spare, provision="special") == 9


def test_a_part_of_a_place_that_a_ramp_leaves_counts_as_a_part():
    found = shortage(children({("North", "ASD", 0, "special"): 40}), register(school(37.2)))
    assert now(found.short) == pytest.approx(2.8, abs=1e-5)


def test_more_futures_than_are_worked_on_together_are_each_solved_as_if_alone():
    schools_there = school(20, needs="ASD"), school(25, serves="South"), school(30, nc_from=7)
    demand = drawn(130)
    found = shortage(demand, register(*schools_there, draws=130))
    last = demand.isel(draw=[129]).assign_coords(draw=[0])
    alone = shortage(last, register(*schools_there))
    np.testing.assert_array_equal(found.short.isel(draw=[129]), alone.short)
    np.testing.assert_array_equal(found.anywhere.isel(draw=[129]), alone.anywhere)


def test_a_register_of_other_years_or_futures_is_refused():
    with pytest.raises(LabelMismatch, match=r"'year' lacks \['2026'\]"):
        shortage(drawn(1), register(school(10), years=[2025, 2027]))
    with pytest.raises(LabelMismatch, match=r"'draw' has besides \['1'\]"):
        shortage(drawn(1), register(school(10), draws=2))


@settings(max_examples=25)
@given(found_in=registers, seed=st.integers(0, 50))
def test_short_by_cell_adds_up_to_the_fewest_that_a_linear_programme_leaves_without(found_in, seed):
    demand = drawn(2, seed)
    found = shortage(demand, found_in)
    for kind in found.short["provision"].to_numpy():
        rows = found_in.rows[found_in.rows["provision"] == kind]
        wanted = demand.sel(provision=kind).isel(draw=1, year=0)
        least = fewest_by_programme(wanted, rows, rows["places"].to_numpy())
        assert found.short.sel(provision=kind).isel(draw=1, year=0).sum().item() == pytest.approx(least, abs=1e-3)


@settings(max_examples=25)
@given(found_in=registers, seed=st.integers(0, 50))
def test_every_child_is_placed_or_short_and_every_place_is_filled_or_spare(found_in, seed):
    demand = drawn(2, seed)
    found = shortage(demand, found_in)
    judged = demand.sel(provision=found.short["provision"])
    assert (found.short >= 0).all()
    assert (found.short <= judged).all()
    placed = (judged - found.short).sum(["district", "need", "band"])
    np.testing.assert_allclose(placed + found.spare, found.places, atol=1e-3)
    assert (found.spare >= 0).all()


@settings(max_examples=25)
@given(found_in=registers, seed=st.integers(0, 50))
def test_distance_no_matter_never_leaves_more_without_and_neither_does_a_wider_catchment(found_in, seed):
    demand = drawn(2, seed)
    found = shortage(demand, found_in)
    short = found.short.sum(["district", "need", "band"])
    assert (found.anywhere <= short + 1e-3).all()
    wider = shortage(demand, Register(found_in.rows.assign(serves="North;South"), found_in.open))
    assert (wider.short.sum(["district", "need", "band"]) <= short + 1e-3).all()
    np.testing.assert_allclose(wider.anywhere, found.anywhere, atol=1e-3)


@settings(max_examples=25)
@given(found_in=registers, seed=st.integers(0, 50), more=st.integers(0, 30))
def test_more_places_in_every_school_never_leave_more_children_without(found_in, seed, more):
    demand = drawn(2, seed)
    before = shortage(demand, found_in).short.sum(["district", "need", "band"])
    after = shortage(demand, Register(found_in.rows, found_in.open + more)).short.sum(["district", "need", "band"])
    assert (after <= before + 1e-3).all()


def test_who_may_go_where_is_what_each_row_of_a_register_says():
    rows = register(
        school(1, serves="South", needs="SEMH", nc_from=7, nc_to=11),
        school(1, needs="ASD;SEMH", nc_from=-1, nc_to=14),
        school(1, nc_from=12, nc_to=12),
    ).rows
    bands = [-4, -1, 0, 7, 12, 13, 15]
    fits = eligible(rows, DISTRICTS, NEEDS, bands)
    assert np.argwhere(fits[0]).tolist() == [[1, 1, bands.index(7)]]
    for at, ages in ((1, [-1, 0, 7, 12, 13]), (2, [12])):
        every, some = fits[at].all(axis=(0, 1)), fits[at].any(axis=(0, 1))
        assert [band for band, takes in zip(bands, every, strict=True) if takes] == ages
        assert every.tolist() == some.tolist()


def test_every_school_of_exampleshire_is_for_the_children_that_its_row_names():
    area = read_area("exampleshire")
    rows, districts, needs = area.places, area.about.district_names, list(area.about.needs)
    bands = bands_of(*zip(rows["nc_from"], rows["nc_to"], strict=True))
    fits = eligible(rows, districts, needs, bands)
    assert Need.ASD in needs
    for at, row in enumerate(rows.itertuples()):
        ages = [nc_year for nc_year in NC_YEARS if row.nc_from <= nc_year <= row.nc_to]
        served = [district for district in districts if says(row.serves, district)]
        taken = [need for need in needs if says(row.needs, need)]
        assert fits[at].sum() == len(served) * len(taken) * len(set(bands) & set(ages)) > 0
