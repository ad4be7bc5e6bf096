"""Changes that cannot both hold in an area: found out whatever words they use for a kind of place, and told plainly."""

from itertools import permutations

import pytest
from builders_levers_places import lever

from forecast import read_area
from forecast.scenario.claims import KINDS
from forecast.scenario.ends import on_labels
from forecast.scenario.homeward import BringHome
from forecast.scenario.scenario import Scenario

YEARS = range(2026, 2038)


@pytest.fixture(scope="module")
def county():
    return read_area("exampleshire")


@pytest.fixture(scope="module")
def faults(county):
    """What is wrong with some changes of a scenario of the county."""

    def found(*changes):
        return Scenario(name="mine", why="", changes=changes).faults(county.about, county.places, YEARS)

    return found


def rebalance(share, kind="special", **fields):
    return lever("rebalance", share=share, instead_of=kind, support=0, **fields)


def shift(share, kind="special", **fields):
    return lever("shift_placement", share=share, instead_of=kind, to="mainstream", **fields)


def leaving(kind):
    return lever("scale_leaving", factor=1.1, provision=kind)


def hub(county, outreach, **fields):
    district = county.about.district_names[0]
    spokes = [{"site": "Field", "district": district, "places": 17}]
    said = {"hub": "Malvern", "district": district, "places": 30, "spokes": spokes, "outreach_cost": 1}
    return lever("hub_and_spoke", "2028/29", **said | {"outreach": outreach} | fields)


MAKERS = {
    "scale_leaving": leaving,
    "rebalance": lambda kind: rebalance(0.1, kind),
    "shift_placement": lambda kind: shift(0.1, kind),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_standard_code_and_a_label_that_it_means_are_one_kind_of_place(faults, make):
    for pair in permutations([make("special"), make("special_out_of_area")]):
        (fault,) = faults(*pair)
        assert "acts once more" in fault.what
        assert "special_out_of_area" in fault.what
    assert faults(make("special"), make("independent_out_of_area")) == []


def test_shares_of_a_code_and_of_its_label_that_come_to_more_than_all_are_refused(faults):
    (fault,) = faults(shift(0.6, "special"), rebalance(0.6, "special_out_of_area"))
    assert "120% of one thing" in fault.what
    assert faults(shift(0.6, "special"), rebalance(0.4, "special_out_of_area")) == []


def test_what_a_hubs_outreach_keeps_counts_with_what_others_send(county, faults):
    for pair in permutations([hub(county, 0.8), rebalance(0.6)]):
        (fault,) = faults(*pair)
        assert "it comes to 140% of one thing" in fault.what
    assert faults(hub(county, 0.4), rebalance(0.6)) == []
    assert faults(hub(county, 0.8, outreach_ramp=[0.2, 0.5]), rebalance(0.6)) == []
    elsewhere = county.about.district_names[1]
    assert faults(hub(county, 0.8), rebalance(0.6, district=elsewhere)) == []


def test_children_who_come_home_from_special_schools_of_other_authorities_count_with_those_sent_from_there(faults):
    home = lever("bring_home", share=0.9)
    (fault,) = faults(home, rebalance(0.6, "special_out_of_area"))
    assert "it comes to 150% of one thing" in fault.what
    assert "special_out_of_area" in fault.what
    assert len(faults(home, shift(0.2, "special_nonmaintained"))) == 1
    assert faults(home, shift(1, "alternative")) == []


def test_children_come_home_from_the_very_kinds_of_place_that_their_lever_claims(county):
    """Two routes: what it claims, and the rule that finds whom it sends."""
    labels = {label: str(code) for label, code in county.about.provisions.items()}
    (claim,) = BringHome(from_year=2028, share=0.1).claims()
    by_rule = {
        label
        for label, code in labels.items()
        if code in {"independent", "special_nonmaintained"} or label == "special_out_of_area"
    }
    assert on_labels(claim, labels).cells["provision"] == by_rule
    assert KINDS not in on_labels(claim, labels).cells
    assert on_labels(claim, {"special": "special"}).cells["provision"] == set()


def test_shares_of_children_who_never_meet_do_not_add_up(county, faults):
    north, south = county.about.district_names[:2]
    apart = shift(0.6, district=north), shift(0.6, district=south)
    assert faults(*apart, rebalance(0.4)) == []
    (fault,) = faults(*apart, rebalance(0.5))
    assert "110%" in fault.what


def test_a_share_that_is_still_growing_counts_as_the_most_that_it_comes_to(faults):
    assert faults(shift(0.8, ramp=[0.25, 0.5]), rebalance(0.6)) == []
    assert len(faults(shift(0.8, ramp=[0.25, 0.75]), rebalance(0.6))) == 1


def opens(county, **fields):
    district = county.about.district_names[0]
    return lever("open_places", "2028/29", school="Brand New", district=district, places=40, **fields)


def expands(places, since="2030/31", name="Brand New"):
    return lever("expand_school", since, school=name, places=places)


@pytest.mark.parametrize("places", [20, -20])
def test_a_school_that_opens_may_have_more_places_later_or_fewer(county, faults, places):
    for pair in permutations([opens(county), expands(places)]):
        assert faults(*pair) == []
        built = Scenario(name="mine", why="", changes=pair).build(county.places)
        now = built[built["school"] == "Brand New"]
        if places > 0:
            assert now["places"].tolist() == [40, 20]
            assert now["opens"].tolist() == ["2028-09", "2030-09"]
        else:
            assert now["ramp"].str.endswith("0.5").all()


def test_a_school_cannot_have_more_places_before_it_opens(county, faults):
    (fault,) = faults(opens(county), expands(20, "2028/29"))
    assert fault.field == "change 2"
    assert "opens in 2028-09" in fault.what


def test_two_changes_cannot_open_one_school(county, faults):
    for second in (opens(county), hub(county, 0, hub="Brand New")):
        clash, refusal = faults(opens(county), second)
        assert "opening of places at Brand New" in clash.what
        assert "opened by another change" in refusal.what


def test_a_conflict_on_a_school_names_what_a_reader_knows_and_nothing_else(county, faults):
    name = county.places.loc[county.places["provision"].eq("special"), "school"].iloc[0]
    (fault,) = faults(expands(20, name=name), expands(30, name=name))
    assert f"acts on: places at {name}, special, from 2030/31 on" in fault.what
