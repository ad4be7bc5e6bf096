"""Worked scenarios of Exampleshire on schools: places by January, reckoned by hand from its register."""

import numpy as np
import pytest
from builders_worked import at, came, county, difference, forecast, here, near, shipped

from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.places.register import drawn_register
from forecast.scenario.scenario import read_scenario

WHERE = "exampleshire"
YEARS = list(range(2025, 2032))
OURS = sorted(path.stem for path in bundled("data", "scenarios").glob("exampleshire-*.yaml"))


def on_time(scenario):
    """The scenario with what it opens on time for certain."""
    prompt = [
        change.model_copy(update={"delay": 0}) if hasattr(change, "delay") else change for change in scenario.changes
    ]
    return scenario.model_copy(update={"changes": tuple(prompt)})


def more_places(scenario):
    """Special school places that a scenario adds in each future: (draw, year)."""
    area, drivers = county(WHERE)
    before, after = (
        drawn_register(rows, YEARS, 4, 1, drivers.attrs["late"]).by_provision(["special"])
        for rows in (area.places, scenario.build(area.places))
    )
    return (after - before).sel(provision="special").to_numpy()


def in_every_future(*by_year):
    """The same in each of four futures, nothing before what is written."""
    return np.tile([0.0] * (len(YEARS) - len(by_year)) + [*by_year], (4, 1))


def test_a_hub_and_its_spokes_have_30_places_at_first_and_64_in_the_end():
    scenario = on_time(shipped("exampleshire-hub-and-spoke"))
    np.testing.assert_allclose(more_places(scenario), in_every_future(64 * 0.47, 64 * 0.6, 64 * 0.73))
    assert round(64 * 0.47) == 30
    full = scenario.build(county(WHERE)[0].places)
    assert full.loc[full["source"].str.startswith("scenario"), "places"].sum() == 64


def test_outreach_keeps_a_twentieth_at_first_in_the_districts_of_the_spokes_and_nobody_elsewhere():
    moved = difference(shipped("exampleshire-hub-and-spoke"), WHERE)
    served = {"district": ["Mockham", "Sampleford", "Testwick"], "need": ["ASD", "SLCN"], "nc_year": range(12)}
    by_hand = 0.1 * 0.5 * sum(at(came(label, 2029, WHERE), 2029, **served) for label in here("special"))
    near(at(moved, 2029, provision="mainstream"), by_hand)
    near(at(moved, 2029, provision=here("special")), -by_hand)
    others = [name for name in moved["district"].to_numpy() if name not in served["district"]]
    assert abs(moved.sel(district=others)).max() < 1e-9


def test_the_small_school_never_has_more_than_its_60_places():
    np.testing.assert_allclose(
        more_places(on_time(shipped("exampleshire-school-too-small"))), in_every_future(18, 30, 42)
    )
    late = more_places(shipped("exampleshire-school-too-small"))
    assert (late <= in_every_future(18, 30, 42)).all(), "and later ones where it is late"


def test_a_school_of_60_places_leaves_children_without_one():
    small, now = (
        forecast(shipped(name), WHERE).short.of_served for name in ("exampleshire-school-too-small", "baseline")
    )
    meant = {"provision": "special", "need": ["ASD", "SLCN", "SEMH"], "year": 2031}
    after, before = (short.sel(meant).sum(["district", "need", "band"]).to_numpy() for short in (small, now))
    assert (after <= before).all()
    assert (after < before).any()
    assert after.mean() > 60, "more go without than it has places"


def test_each_future_finds_the_planned_school_as_late_again_as_it_was_two_years_before():
    late, planned = (
        drawn_register(rows, YEARS, 50, 1, county(WHERE)[1].attrs["late"])
        for rows in (shipped("exampleshire-school-late").build(county(WHERE)[0].places), county(WHERE)[0].places)
    )
    its = planned.rows.index[planned.rows["school"] == "Synthetic Free Special School (planned)"]
    then, before = late.open.sel(place=its).to_numpy(), planned.open.sel(place=its).to_numpy()
    assert before.any()
    np.testing.assert_array_equal(then[:, 2:], before[:, :-2])
    assert not then[:, :2].any()
    others = planned.rows.index.difference(its)
    np.testing.assert_array_equal(late.open.sel(place=others), planned.open.sel(place=others))


def test_places_of_the_school_that_closes_go_at_once_and_those_of_the_other_come_in_three_years():
    lost = 83 - 5  # five are taken by other areas' children
    found = more_places(shipped("exampleshire-school-closes"))
    np.testing.assert_allclose(found, in_every_future(70 * 0.6 - lost, 70 * 0.9 - lost, 70 - lost))
    assert (found[:, YEARS.index(2029)] < 0).all(), "fewer places in the years between"


@pytest.mark.parametrize("name", OURS)
def test_what_names_exampleshire_tells_another_county_what_it_lacks(name):
    scenario, (area, drivers) = read_scenario(name), county("worcestershire")
    assert scenario.name.startswith("Exampleshire: ")
    assert "invented county" in scenario.why
    faults = scenario.faults(area.about, area.places, drivers["year"].to_numpy().tolist())
    assert faults
    for fault in faults:
        assert fault.file == f"{name}.yaml"
        assert fault.what.startswith(("the area has no", "the area lists no schools of its own"))
    with pytest.raises(InputFaults):
        forecast(scenario, "worcestershire")


def test_92_per_cent_more_tells_a_county_that_lists_its_places_to_write_how_many():
    area, drivers = county(WHERE)
    (fault,) = read_scenario("bases-92-per-cent-more").faults(
        area.about, area.places, drivers["year"].to_numpy().tolist()
    )
    assert "write how many more `places`" in fault.remedy
