"""Hub and spoke: one roll taught on several sites, its places, its outreach and what it costs."""

import numpy as np
import pytest
from builders_levers_places import HILL, RIVER, YEARS, at, checked, drawn, drivers, for_certain, lever, register_of
from builders_model import expected

from forecast.errors import UnknownLabel
from forecast.inputs.reference_places import read_sizes
from forecast.model.shifts import ENTRANTS
from forecast.scenario.place_rows import NotPossible
from forecast.scenario.spending import Payer

BOTH = register_of(HILL, RIVER)
TWO = [
    {"site": "Field Primary", "district": "South", "places": 17},
    {"site": "Lane Academy", "district": "South", "places": 17},
]
MAINSTREAM, SPECIAL = 0, 1
"""Positions of kinds of place in `drivers`."""


def hub(**fields):
    return lever("hub_and_spoke", **({"hub": "Malvern", "district": "North", "places": 30, "spokes": TWO} | fields))


def reaching(share=0.3, **fields):
    return hub(outreach=share, outreach_cost=200_000, **fields)


def test_a_hub_of_30_and_two_spokes_of_17_teach_64_once_they_are_full_as_derbys_did():
    roll = for_certain(checked(hub(delay=0).build(BOTH)), "Malvern")
    assert [round(roll[year]) for year in (2027, 2028, 2032, 2036)] == [0, 30, 64, 64]
    assert sorted(roll.values()) == list(roll.values())
    sizes = read_sizes()["hub_and_spoke"]
    assert (round(roll[2028]), roll[2032]) == (sizes.least, sizes.most)


def test_the_hubs_roll_is_taught_on_all_its_sites_which_fill_together():
    built = checked(hub(ramp=[0.5, 1], delay=0).build(BOTH))
    assert built["site"].tolist()[2:] == ["", "Field Primary", "Lane Academy"]
    opened = drawn(built, draws=2).isel(draw=0, place=slice(2, None))
    assert opened.sel(year=[2027, 2028, 2029]).to_numpy().tolist() == [[0, 0, 0], [15, 8.5, 8.5], [30, 17, 17]]


def test_all_its_children_are_on_one_roll_from_every_district_that_it_stands_in():
    built = hub(need="ASD", nc_from=7, nc_to=11).build(BOTH).iloc[2:]
    assert built["school"].tolist() == ["Malvern"] * 3
    assert built["district"].tolist() == ["North", "South", "South"]
    assert built["serves"].tolist() == ["North;South"] * 3
    assert set(zip(built["needs"], built["nc_from"], built["nc_to"], strict=True)) == {("ASD", 7, 11)}


def test_every_other_school_keeps_its_luck_when_a_hub_opens():
    assert (at(hub().build(BOTH), "River") == at(BOTH, "River")).all()


def test_so_many_classes_have_the_places_of_a_hubs_classrooms():
    by_class = hub(places=None, classes=3, spokes=[{"site": "Field Primary", "district": "South", "classes": 2}])
    assert by_class.build(BOTH)["places"].iloc[2:].sum() == 5 * read_sizes()["hub_classroom"].most
    assert hub(classes=4).build(BOTH)["places"].tolist()[2:] == [30, 17, 17]


def test_outreach_lowers_entry_to_special_only_in_the_spokes_districts_in_the_first_year():
    before, some = drivers(), reaching(0.3)
    was, now = expected(before), expected(some.apply(before))
    first = YEARS.index(2028) - 1
    assert (was[:, :first] == now[:, :first]).all()
    changed = now[:, first] - was[:, first]
    north, south = changed[:, 0], changed[:, 1]
    assert np.abs(north).max() == 0
    assert (south[..., SPECIAL] <= 0).all()
    assert south[..., SPECIAL].sum() < -1
    np.testing.assert_allclose(south[..., MAINSTREAM], -south[..., SPECIAL], atol=1e-9)


def test_children_kept_in_mainstream_are_the_share_of_those_who_would_have_entered_special():
    before, first = drivers(), YEARS.index(2028) - 1
    still = before.assign(move=before["move"].copy(data=np.broadcast_to(np.eye(3), before["move"].shape)))
    none_before = still.assign(start_rate=still["start_rate"].where(still["year"] == 2028, 0.0))
    nobody = still.assign(start_rate=0 * still["start_rate"])
    entering = (expected(none_before) - expected(nobody))[:, first, 1, :, 4:19, SPECIAL].sum()
    kept = (expected(none_before) - expected(reaching(0.3).apply(none_before)))[:, first, 1, :, :, SPECIAL].sum()
    assert kept == pytest.approx(0.3 * entering, rel=1e-6)
    assert entering > 1


def test_settled_children_stay_in_their_special_school():
    lone = reaching(1.0).apply(drivers())
    assert {tuple(ways) for ways in lone["shift_ways"].to_numpy().tolist()} == {(True, True, False)}
    assert set(ENTRANTS) == set(lone["way"].to_numpy()[[True, True, False]])
    still = drivers()
    settled = still.assign(
        move=still["move"].copy(data=np.broadcast_to(np.eye(3), still["move"].shape)),
        start_rate=0 * still["start_rate"],
        arrive=0 * still["arrive"],
    )
    assert (expected(reaching(1.0).apply(settled)) == expected(settled)).all()


def test_outreach_is_for_the_needs_and_year_groups_of_the_hub():
    before = drivers()
    first = YEARS.index(2028) - 1
    changed = (expected(reaching(need="ASD", nc_from=7, nc_to=11).apply(before)) - expected(before))[:, first]
    assert (changed[:, :, 1] == 0).all()
    ages = np.flatnonzero(np.abs(changed).sum(axis=(0, 1, 2, 4)))
    assert ages.tolist() == [age + 4 for age in range(7, 12)]


def test_outreach_may_be_ramped_apart_from_the_places():
    shares = reaching(0.4, outreach_ramp=[0.25, 1]).apply(drivers())["shift_share"].isel(shift=0, draw=0)
    assert shares.sel(year=[2027, 2028, 2029, 2036]).to_numpy().tolist() == [0, 0.1, 0.4, 0.4]


def test_the_hub_is_paid_for_as_a_new_school_its_spokes_as_satellites_and_its_outreach_each_year():
    hub_site, spokes, outreach = reaching().spends(drivers())
    assert [(line.item, line.provision, line.payer) for line in (hub_site, spokes)] == [
        ("capital", "special", Payer.CAPITAL),
        ("capital_satellite", "special", Payer.CAPITAL),
    ]
    assert [line.units.sum().item() for line in (hub_site, spokes)] == [30, 34]
    assert [line.units.sel(year=2028).item() for line in (hub_site, spokes)] == [30, 34]
    assert outreach.payer is Payer.HIGH_NEEDS
    assert (outreach.pounds == 200_000).all()
    assert outreach.units.sel(year=[2027, 2028, 2036]).to_numpy().tolist() == [0, 1, 1]


def test_capital_of_ones_own_replaces_the_price_list_for_hub_and_spokes_apart():
    hub_site, spokes = hub(capital=90_000, spoke_capital=30_000).spends(drivers())
    assert ((hub_site.pounds == 90_000) & (spokes.pounds == 30_000)).all()


def test_a_hub_without_outreach_or_places_changes_nothing():
    some = drivers()
    assert hub().apply(some) is some
    assert reaching(since="2060/61").apply(some) is some
    empty = [{**spoke, "places": 0} for spoke in TWO]
    assert hub(places=0, spokes=empty).build(BOTH) is BOTH


def test_the_hubs_claims_meet_another_lever_on_special_entry_only_where_the_spokes_stand():
    places, share = reaching(0.3, outreach_ramp=[0.25, 0.5]).claims()
    assert share.share == pytest.approx(0.15)
    assert hub().claims() == (places,)
    (elsewhere,), (here,) = (
        lever("rebalance", share=0.1, district=district, support=0).claims() for district in ("North", "South")
    )
    assert share.meets(here)
    assert not share.meets(elsewhere)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"outreach": 0.2}, "write outreach_cost"),
        ({"outreach": 1.2, "outreach_cost": 0}, "a share lies from 0 to 1"),
        ({"spokes": []}, "at least 1"),
        ({"spokes": [TWO[0], TWO[0]]}, "two spokes stand on one site"),
        ({"spokes": [{**TWO[0], "site": "MALVERN"}]}, "a spoke on the hub's own"),
        ({"spokes": [{"site": "Field", "district": "South"}]}, "neither places nor classes"),
        ({"places": None}, "neither places nor classes"),
        ({"nc_from": 12, "nc_to": 3}, "above the oldest"),
        ({"probability": 0.5}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(fields, said):
    with pytest.raises(ValueError, match=said):
        hub(**fields)


def test_a_hub_cannot_take_the_name_of_a_school_or_stand_in_no_district():
    with pytest.raises(NotPossible, match=r"Hill cannot open: a school of this name is in places\.csv"):
        hub(hub="Hill").build(BOTH)
    with pytest.raises(UnknownLabel, match="No district called 'Sotuh'; did you mean 'South'"):
        hub(spokes=[{**TWO[0], "district": "Sotuh"}]).apply(drivers())
