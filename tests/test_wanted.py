"""Who wants the places: more than now where places are assumed, a part of the shortage where they are listed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_projection import small_projection, with_places, with_real_places
from builders_size import EXAMPLETON, MALVERN, futures

from forecast.axes import PHASE_FIRSTS
from forecast.decide.ask import Ask
from forecast.decide.wanted import NoBands, group, judged, need_based, relief, wanted
from forecast.places.register import Register
from forecast.places.shortage import shortage
from forecast.report.sufficiency_tables import sufficiency_tables

ALL_AGES = {"nc_from": -4, "nc_to": 20, "opens": "2027-09"}


def published():
    projection = small_projection()
    by_band = projection.demand.rename(phase="band").assign_coords(band=list(PHASE_FIRSTS))
    return replace(projection, by_band=by_band)


def test_where_places_are_assumed_it_is_children_more_than_at_the_census():
    projection = published()
    assert not judged(projection, "special")
    children = projection.demand.sel(provision="special", need="ASD").sum(["district", "phase"])
    more = (children - children.isel(year=0, drop=True)).clip(min=0)
    found = wanted(projection, Ask(needs=("ASD",), **ALL_AGES))
    assert found.to_numpy() == pytest.approx(more.to_numpy())
    assert relief(projection, Ask(**ALL_AGES)) is None


def test_a_question_about_all_is_about_the_whole_county():
    projection = published()
    county = group(projection, Ask(**ALL_AGES))
    whole = Ask(needs=tuple(projection.about.needs), **ALL_AGES)
    assert (group(projection, whole) == county).all()
    assert (county == projection.demand.sel(provision="special").sum(["district", "need", "phase"])).all()


def test_districts_of_a_county_add_up_to_it_and_differ_as_authorities_do():
    projection = futures("worcestershire").projection
    names = projection.about.district_names
    asks = [Ask(districts=(name,), opens="2027-09") for name in names]
    by_district = [group(projection, ask) for ask in asks]
    county = group(projection, Ask(opens="2027-09"))
    assert sum(children.to_numpy() for children in by_district) == pytest.approx(county.to_numpy())
    alike = projection.by_band.sel(provision="special").isel(year=0).sum(["need", "band"])
    assert float(alike.std("draw").max()) == 0
    assert float(by_district[0].isel(year=0).std("draw")) > 0


def test_where_places_are_listed_it_is_the_groups_part_of_the_shortage():
    projection = with_real_places()
    found = wanted(projection, Ask(needs=("ASD",), districts=("Easthill",), **ALL_AGES))
    every = shortage(projection.by_band, projection.register).short.sel(provision="special")
    assert found.to_numpy() == pytest.approx(
        every.sel(need="ASD", district="Easthill").sum("band").to_numpy(), abs=1e-3
    )
    claims = projection.by_band.sel(provision="special")
    places = projection.register.by_provision(["special"]).isel(provision=0)
    share = 1 - np.minimum(places / claims.sum(["district", "need", "band"]), 1)
    one = claims.sel(need="ASD", district="Easthill").sum("band") * share  # one school for all: equal claims
    assert found.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-2)


def listed_and_published():
    """Published figures whose districts differ by future, and one school for all."""
    projection = small_projection()
    names, draws = projection.about.district_names, projection.demand["draw"]
    factors = np.random.default_rng(5).lognormal(0, 0.3, (len(draws), len(names)))
    labels = {"draw": draws.to_numpy(), "district": list(names)}
    apart = replace(projection, district_factors=xr.DataArray(factors, coords=labels, dims=list(labels)))
    few = (projection.places * 1.02).round().where(projection.places["provision"].isin(["special", "base"]))
    return with_places(apart, few.transpose("year", "provision"))


def test_a_published_districts_shortage_differs_by_future_as_the_table_of_sufficiency_says():
    projection = listed_and_published()
    table = sufficiency_tables(projection)["sufficiency"].query("provision == 'special' and by == 'district'")
    for name in projection.about.district_names:
        found = wanted(projection, Ask(districts=(name,), **ALL_AGES))
        said = table[table["line"] == name]
        for level in ("p10", "p90"):
            ours = found.quantile(float(level[1:]) / 100, "draw").to_numpy()
            assert ours == pytest.approx(said[level].to_numpy(), abs=0.51)
    every = [wanted(projection, Ask(districts=(name,), **ALL_AGES)) for name in projection.about.district_names]
    assert sum(every).to_numpy() == pytest.approx(wanted(projection, Ask(**ALL_AGES)).to_numpy(), rel=1e-5)
    alike = wanted(replace(projection, district_factors=None), Ask(districts=(name,), **ALL_AGES))
    assert float(found.isel(year=-1).std("draw")) > float(alike.isel(year=-1).std("draw"))


def test_relief_is_the_shortage_less_what_is_left_with_a_school_that_has_no_end():
    projection, ask = with_real_places(), Ask(needs=("ASD",), **ALL_AGES)
    rows = projection.register.rows
    new = rows[rows["provision"] == "special"].assign(school="The new school", needs="ASD", places=10**6)
    now = projection.register.open
    endless = xr.full_like(now.isel(place=[0]), 1e6).assign_coords(place=[len(rows)])
    both = Register(pd.concat([rows, new], ignore_index=True), xr.concat([now, endless], "place"))
    before, after = (
        shortage(projection.by_band.sel(provision=["special"]), register).short.sum(
            ["district", "need", "band", "provision"], dtype=float
        )
        for register in (projection.register, both)
    )
    found = relief(projection, ask)
    assert found.to_numpy() == pytest.approx((before - after).to_numpy(), abs=0.05)
    assert (found.to_numpy() >= wanted(projection, ask).to_numpy() - 0.05).all()


def test_more_places_never_leave_more_children_wanting_one():
    projection = futures("exampleshire").projection
    more = replace(projection.register, open=projection.register.open * 1.1)
    less = wanted(replace(projection, register=more, short=None), EXAMPLETON).mean("draw")
    assert (less <= wanted(projection, EXAMPLETON).mean("draw") + 1e-6).all()


def test_children_in_other_places_are_counted_by_the_shares_that_are_assumed():
    made = futures("worcestershire")
    added = need_based(made.projection, MALVERN, made.assumptions)
    independent = group(made.projection, MALVERN, "independent")
    mainstream = group(made.projection, MALVERN, "mainstream")
    assert (added >= 0).all()
    assert (added <= independent + mainstream).all()
    share = made.assumptions["theta_independent"].value
    rest = made.assumptions["theta_mainstream"].value
    middle = (share * independent + rest * mainstream).isel(year=0).median()
    assert float(added.isel(year=0).median()) == pytest.approx(float(middle), rel=0.5)


def test_year_groups_that_the_projection_does_not_tell_apart_are_refused_with_the_remedy():
    with pytest.raises(NoBands, match=r"make it again with spans=\[\(3, 5\)\]"):
        wanted(published(), Ask(nc_from=3, nc_to=5, opens="2027-09"))
