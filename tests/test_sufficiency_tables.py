"""Are there enough places: the tables by phase, need and district, and what is said of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_projection import small_projection, with_places, with_real_places

from forecast.domain import NEED_GROUPS, Need
from forecast.places.shortage import shortage
from forecast.report.sufficiency_tables import (
    ANYWHERE,
    DISTRICT,
    GROUP,
    NO_SCHOOL,
    PHASE,
    WHOLE,
    sufficiency_tables,
)
from forecast.report.sufficiency_words import enough_reading, rules

YEAR = 2032
KINDS = {"special", "base", "alternative"}


@pytest.fixture(scope="module")
def counted():
    return with_real_places()


def lines(table, by, kind="special", year=YEAR):
    return table[(table["by"] == by) & (table["provision"] == kind) & (table["year"] == year)].set_index("line")


def serving(projection, **only):
    """The same places, each school for some districts, needs or ages only."""
    rows = projection.register.rows.assign(**only)
    register = replace(projection.register, rows=rows)
    return replace(projection, register=register, short=shortage(projection.by_band, register))


def test_every_primary_need_is_in_one_group():
    assert sorted(need for needs in NEED_GROUPS.values() for need in needs) == sorted(Need)


def test_the_whole_is_short_by_demand_less_places_draw_by_draw(counted):
    table = sufficiency_tables(counted)["sufficiency"]
    demand = counted.total("district", "need", "phase").sel(year=YEAR, provision="special")
    over = np.clip(demand.to_numpy() - counted.places.sel(year=YEAR, provision="special").item(), 0, None)
    whole = lines(table, WHOLE).iloc[0]
    assert whole["mean"] == pytest.approx(over.mean(), rel=1e-5)
    assert whole["p80"] == pytest.approx(np.quantile(over, 0.8), rel=1e-5)
    assert whole["chance"] == (over >= 5).mean()


@pytest.mark.parametrize("by", [PHASE, GROUP, DISTRICT])
def test_the_parts_of_a_shortage_add_up_to_the_whole(counted, by):
    table = sufficiency_tables(counted)["sufficiency"]
    for kind in KINDS:
        parts, whole = lines(table, by, kind), lines(table, WHOLE, kind)
        assert parts["mean"].sum() == pytest.approx(whole["mean"].item(), abs=0.01)


def test_only_kinds_of_place_that_are_listed_are_judged(counted):
    tables = sufficiency_tables(counted)
    assert set(tables["sufficiency"]["provision"]) == set(tables["ratings"]["provision"]) == KINDS
    assert set(tables["sufficiency"]["figure"]) == {"short"}


def test_places_that_are_assumed_are_never_called_short_nor_rated():
    tables = sufficiency_tables(small_projection())
    assert set(tables) == {"sufficiency"}
    assert set(tables["sufficiency"]["figure"]) == {"more than now"}
    assert tables["sufficiency"]["chance"].isna().all()
    assert enough_reading(small_projection(), tables) == []
    assert rules(small_projection()) == []


def test_more_than_now_is_nothing_at_the_census_and_the_difference_later():
    projection = small_projection()
    table = sufficiency_tables(projection)["sufficiency"]
    assert (lines(table, PHASE, year=projection.base)["mean"] == 0).all()
    children = projection.total("district", "need").sel(provision="special", phase="primary").mean("draw")
    wanted = children.sel(year=YEAR) - children.sel(year=projection.base)
    assert lines(table, PHASE).loc["primary", "mean"] == np.round(wanted)


def test_children_whom_no_school_is_for_are_told_apart_and_not_rated(counted):
    tables = sufficiency_tables(serving(counted, nc_from=0, nc_to=14))
    apart = lines(tables["sufficiency"], NO_SCHOOL)["mean"].item()
    out = counted.total("district", "need").sel(year=YEAR, provision="special", phase=["early years", "19-25"])
    assert apart == pytest.approx(out.sum("phase").mean().item(), rel=1e-5)
    assert NO_SCHOOL not in set(tables["ratings"]["by"])
    assert lines(tables["sufficiency"], PHASE).loc["19-25", "mean"] == 0


def test_a_catchment_leaves_children_short_whom_distance_alone_keeps_out(counted):
    first, second, third = counted.about.district_names
    small = counted.places * 0.5
    near = with_places(counted, small.round())
    rows = near.register.rows
    split = rows[rows["provision"] == "special"].assign(serves=first)
    others = split.assign(school="Elsewhere", serves=f"{second};{third}")
    both = near.register.open.sel(place=split.index[0]).drop_vars("place")
    opened = xr.concat([both * 0.9, both * 0.1], "place").assign_coords(place=[0, 1])
    register = replace(
        near.register,
        rows=pd.concat([split, others], ignore_index=True),
        open=opened.transpose("draw", "year", "place"),
    )
    found = sufficiency_tables(replace(near, register=register, short=shortage(near.by_band, register)))
    table = found["sufficiency"]
    whole, anywhere = (lines(table, by)["mean"].item() for by in (WHOLE, ANYWHERE))
    assert whole > anywhere + 1
    assert lines(table, WHOLE)["spare"].item() > 0
    assert "only because of where they live" in " ".join(enough_reading(counted, found))


def test_words_name_the_colour_the_year_to_decide_and_the_chance(counted):
    tables = sufficiency_tables(counted)
    said = enough_reading(counted, tables)
    assert len(said) == len(KINDS)
    for sentence, kind in zip(said, tables["ratings"]["provision"].unique(), strict=True):
        ratings = tables["ratings"]
        rating = ratings[(ratings["provision"] == kind) & (ratings["by"] == WHOLE)].iloc[0]
        assert f": {rating['colour']}. " in sentence
        assert "8 futures of 10" in sentence or "fewer than 5" in sentence
        assert rating["first_likely"] in sentence
    assert "Red: " in rules(counted)[0]
