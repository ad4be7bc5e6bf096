"""More places in bases: filled to the number, by children who come there, and nobody else disturbed."""

import numpy as np
import pytest
from builders_levers_placement import AGE, area, at, bases, changed, county, entering, meaning, rebalance, unsteered
from builders_model import busy, expected, unlimited, worcestershire
from pydantic import ValidationError

from forecast.domain import AWAY
from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.area import read_area
from forecast.inputs.schemas_places import Places
from forecast.scenario.bases import FILLING
from forecast.scenario.claims import How
from forecast.scenario.levers import LEVERS

SCHOOL = slice(0, AGE[11] + 1)
"""Children no older than Year 11."""
BASE = at(county(), "base")


def in_bases(moved, base=BASE):
    """Children up to Year 11 in bases: (draw, year)."""
    return moved[..., SCHOOL, base].sum(axis=(2, 3, 4))


@pytest.mark.parametrize(
    "lever",
    [bases(places=0), bases(factor=1), bases(places=50, fill=0), bases(places=50, **{"from": "2059/60"})],
    ids=("no places", "as many as now", "places that nobody fills", "after the last year"),
)
def test_a_lever_with_nothing_to_do_gives_back_the_very_drivers(lever):
    assert lever.apply(county()) is county()


def test_92_per_cent_more_base_places_are_filled_to_that_number():
    """A second route to how many: the census, before any forecast."""
    now = county()["stock"].sel(provision="base").sum().item()
    more = in_bases(changed(bases(factor=1.92), county()))
    np.testing.assert_array_equal(more[:, :1], 0)
    np.testing.assert_allclose(more[:, 1:], 0.92 * now, rtol=0.01)


def test_each_future_fills_what_it_fills_whoever_there_is_to_fill_it():
    lever = bases(places=60, fill={"value": 0.9, "low": 0.8, "high": 1.0}, ramp=[0.5, 0.75, 1])
    more = in_bases(changed(lever, county()))
    filled = lever.share(lever.fill, county()).to_numpy() * 60
    assert filled[:, -1].std() > 1
    np.testing.assert_allclose(more, filled, rtol=0.01)
    np.testing.assert_allclose(filled[:, 1:4] / filled[:, 3:4], [[0.5, 0.75, 1]] * len(filled))


def test_three_in_ten_of_the_children_who_join_would_have_come_to_special_schools():
    drivers = unsteered(unlimited(area(draws=1)))
    could = {kind: entering(drivers, kind)[..., SCHOOL].sum() for kind in ("special", "mainstream")}
    assert min(could.values()) > 20
    first = changed(bases(**{"from": 2026}, places=20), drivers)[0, 0].sum(axis=(0, 1))
    assert first[:, at(drivers, "base")].sum() == pytest.approx(20)
    assert first[:, at(drivers, "special")].sum() == pytest.approx(-6)
    assert first[:, at(drivers, "mainstream")].sum() == pytest.approx(-14)
    assert first[:, at(drivers, "independent")].sum() == pytest.approx(0)


def test_children_of_mainstream_classes_join_only_where_those_who_come_there_are_too_few():
    drivers = unsteered(unlimited(area(draws=1)))
    newly, staying = (
        entering(drivers, "mainstream", ways)[..., AGE[0] : AGE[11] + 1].sum()
        for ways in (("starts", "movers"), ("staying",))
    )
    many = round(newly + staying / 2)
    few, most = (
        bases(**{"from": 2026}, places=places, from_special=0).apply(drivers).sel(year=2026) for places in (20, many)
    )
    shares = {"few": few, "most": most}
    told = {
        name: {
            str(each.split(", ")[1]): float(made["shift_share"].sel(shift=each).item()) for each in made["shift"].data
        }
        for name, made in shares.items()
    }
    assert told["few"]["first plans and moves"] == pytest.approx(20 / newly)
    assert told["few"].get("children who stay", 0) == 0
    assert told["most"]["first plans and moves"] == pytest.approx(1)
    assert told["most"]["children who stay"] == pytest.approx((many - newly) / staying)


def test_more_places_than_children_who_could_join_are_refused_with_the_year_and_the_remedy():
    with pytest.raises(
        ForecastError, match=r"of 500 more children wanted in 2026/27, \d+ are not to be found.*write fewer places"
    ):
        bases(places=500, district="North", need="ASD", year_groups=7).apply(area())


def test_no_child_is_lost_or_made_in_the_first_year():
    first = changed(bases(**{"from": "2025/26"}, places=80), county())[:, 0]
    assert abs(first).max() > 0.1
    np.testing.assert_allclose(first.sum(axis=4), 0, atol=1e-9)


def test_nobody_is_touched_in_another_district_or_by_another_need_or_too_old_in_the_first_year():
    drivers = area()
    moved = changed(bases(**{"from": 2026}, places=10, district="South", need="SEMH"), drivers)
    assert not moved[:, :, 0].any()
    assert not moved[:, 0, :, 0].any()
    assert not moved[:, 0, :, :, AGE[12] :].any()
    np.testing.assert_allclose(in_bases(moved, at(drivers, "base")), 10)


def test_places_are_filled_beside_another_lever_on_the_same_children():
    """Half of those who would come to special schools are kept away already."""
    drivers = rebalance(share=0.5, base_part=0.2).apply(unlimited(area()))
    more = in_bases(changed(bases(places=15), drivers), at(drivers, "base"))
    np.testing.assert_allclose(more[:, 1:], 15)


def test_a_school_of_another_authority_loses_children_to_bases_too():
    drivers = meaning(
        busy(provisions=("mainstream", "special", f"special{AWAY}", "base")), special_out_of_area="special"
    )
    ends = bases(places=5).apply(drivers)["shift_ends"].sel(end="source").to_numpy().tolist()
    assert ends == ["special", "special_out_of_area", "mainstream"]


def test_the_register_has_so_many_places_more_assumed_where_it_lists_none():
    before = worcestershire().places
    after = bases(factor=1.92, ramp=[0.5, 1]).build(before)
    now = int(before.set_index("provision").loc["base", "places"])
    new = after.iloc[-1]
    assert len(after) == len(before) + 1
    assert new["places"] == round(0.92 * now)
    assert (new["opens"], new["ramp"], new["delay"], bool(new["assumed"])) == ("2026-09", "0.5;1", 0, True)
    Places.validate(after)


def test_the_register_of_a_county_that_lists_its_places_has_them_for_the_districts_that_they_serve():
    before = read_area("exampleshire").places
    after = bases(places=30, district=["Testwick", "Fictley"], until="2030/31").build(before)
    new = after.iloc[-1]
    assert (new["places"], new["district"], new["serves"]) == (30, "all", "Testwick;Fictley")
    assert (new["nc_from"], new["nc_to"], new["closes"], bool(new["assumed"])) == (0, 11, "2031-09", False)
    assert bases(places=0).build(before) is before
    Places.validate(after)


def test_a_multiple_of_the_children_in_bases_is_refused_where_places_are_listed():
    with pytest.raises(ForecastError, match="lists its own places; write how many more `places`"):
        bases(factor=1.5).build(read_area("exampleshire").places)


def test_every_place_is_built_once_in_the_year_in_which_it_opens():
    (line,) = bases(places=40, ramp=[0.5, 0.85, 1]).spends(county())
    assert line.units.sel(year=slice(2026, 2030)).to_numpy().tolist() == pytest.approx([0, 20, 14, 6, 0])
    assert (line.item, line.provision, line.payer) == ("capital", "base", "capital")
    assert bases(places=0).spends(county()) == ()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "write either `places` or `factor`, one of them"),
        ({"places": 10, "factor": 1.1}, "write either `places` or `factor`, one of them"),
        ({"factor": 1.5, "district": "North"}, "`factor` is for the whole area; for some districts or needs write"),
        ({"places": -5}, "greater than or equal to 0"),
        ({"factor": 0.5}, "greater than or equal to 1"),
        ({"places": 5, "from_special": 1.5}, "a share lies from 0 to 1"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(fields, said):
    with pytest.raises(ValidationError, match=said):
        bases(**fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "bsae"}, "No kind of base called 'bsae'; did you mean 'base'"),
        ({"to": "special"}, "No kind of base called 'special'; choose from base"),
        ({"district": "Nroth"}, "No district called 'Nroth'; did you mean 'North'"),
    ],
)
def test_an_unknown_label_is_refused_with_the_one_that_was_meant(fields, said):
    with pytest.raises(UnknownLabel, match=said):
        bases(places=5, **fields).apply(area())


def test_more_bases_twice_over_would_be_the_same_change_twice():
    lever, other = bases(places=5, district="North"), bases(places=5, district="South")
    mine = next(claim for claim in lever.claims() if claim.what == FILLING)
    assert mine.how is How.VALUE
    assert mine.meets(next(claim for claim in bases(places=9).claims() if claim.what == FILLING))
    assert not mine.meets(next(claim for claim in other.claims() if claim.what == FILLING))


def test_a_lever_read_back_from_what_it_writes_is_the_same():
    lever = bases(places=5, ramp=[0.5, 1], until="2030/31")
    assert LEVERS[lever.kind].model_validate(lever.model_dump(mode="json", by_alias=True)) == lever


def test_the_roll_of_the_years_before_is_as_it_was():
    np.testing.assert_array_equal(
        expected(bases(places=40, **{"from": 2030}).apply(county()))[:, :4], expected(county())[:, :4]
    )
