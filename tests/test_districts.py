"""Districts that have the area's rate: how far each may differ from it, and that together they do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import england, settings, worcestershire, worcestershire_drivers
from builders_projection import small_projection

from forecast.model.tilt import shares_of_districts
from forecast.pipeline import project
from forecast.report.tables import all_tables, district_table, specialist
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import Scenario

DRAWS = 10
AS_NOW = Scenario(name="as now", why="")


def factors(area=None, drivers=None, scenario=AS_NOW):
    """What a forecast of the bundled area says of its districts."""
    given = worcestershire_drivers(draws=DRAWS) if drivers is None else drivers
    rate = xr.DataArray(0.02)
    return project(worcestershire() if area is None else area, given, scenario, settings(DRAWS), rate).district_factors


def with_about(**changed):
    """The bundled area, of another kind or of fewer districts."""
    return replace(worcestershire(), about=worcestershire().about.model_copy(update=changed))


def test_districts_of_published_figures_may_differ_from_the_area_as_comparable_authorities_do():
    found, names = factors(), worcestershire().about.district_names
    assert found.dims == ("draw", "district")
    assert found["district"].to_numpy().tolist() == list(names)
    np.testing.assert_allclose(found.mean("draw"), 1, rtol=1e-12)
    spread = england()["between"].sel(target="special_state").item()
    xr.testing.assert_identical(found, shares_of_districts(names, spread, "885", DRAWS, 1))


def test_districts_differ_alike_under_every_scenario_so_that_two_may_be_compared():
    fewer = ScaleStarts(from_year=2027, factor=0.5)
    halved = Scenario(name="halved", why="", changes=(fewer,))
    xr.testing.assert_identical(factors(scenario=halved), factors())


def test_one_district_or_districts_that_were_counted_differ_from_nothing():
    only = worcestershire().about.districts[:1]
    one = worcestershire_drivers(draws=DRAWS).isel(district=[0])
    assert factors(with_about(districts=only), one) is None
    for kind in ("counts", "records"):
        assert factors(with_about(kind=kind)) is None


@pytest.fixture(scope="module")
def alike():
    return small_projection()


@pytest.fixture(scope="module")
def apart(alike):
    """Districts that may differ from the area's rate by a quarter."""
    names = alike.about.district_names
    return replace(alike, district_factors=shares_of_districts(names, 0.25, "885", alike.settings.draws, 1))


@pytest.mark.parametrize("by", [("district",), ("provision", "district"), ("district", "phase", "need")])
def test_districts_that_differ_add_up_to_the_area_in_every_draw(alike, apart, by):
    parts = specialist(apart, by)
    assert parts.dims == ("draw", "year", *by)
    whole = specialist(alike, tuple(axis for axis in by if axis != "district"))
    np.testing.assert_allclose(parts.sum("district"), whole, rtol=1e-9)
    assert (specialist(alike, by).to_numpy() != parts.to_numpy()).mean() > 0.5


def test_each_district_is_its_share_of_the_area_times_how_far_it_differs(alike, apart):
    children = specialist(alike, ("district",)).sel(year=2032).to_numpy()
    by_hand = children * apart.district_factors.to_numpy()
    by_hand *= (children.sum(axis=1) / by_hand.sum(axis=1))[:, None]
    np.testing.assert_allclose(specialist(apart, ("district",)).sel(year=2032), by_hand, rtol=1e-12)


def test_districts_that_differ_are_less_certain_than_those_that_do_not(alike, apart):
    tables = [district_table(projection) for projection in (apart, alike)]
    for district in alike.about.district_names:
        lines = [table[table["district"].eq(district) & table["measure"].eq("children")] for table in tables]
        wide, narrow = ((line["p90"] - line["p10"]).to_numpy()[1:] for line in lines)
        assert (wide > 1.5 * narrow).all()


def test_what_districts_add_up_to_is_as_certain_as_before_but_for_rounding(alike, apart):
    whole = [table[table["district"] == "all districts"] for table in map(district_table, (apart, alike))]
    pd.testing.assert_frame_equal(*whole, rtol=0, atol=1)


def test_a_table_that_is_not_by_district_does_not_know_that_districts_differ(alike, apart):
    one, other = all_tables(apart), all_tables(alike)
    for table in set(one) - {"places_by_district"}:
        pd.testing.assert_frame_equal(one[table], other[table])


def test_a_district_without_children_stays_without(apart):
    nobody = apart.demand.where(apart.demand["district"] != "Northvale", 0)
    found = specialist(replace(apart, demand=nobody), ("district",))
    assert (found.sel(district="Northvale") == 0).all()
    nowhere = specialist(replace(apart, demand=apart.demand * 0), ("district",))
    assert (nowhere == 0).all()
