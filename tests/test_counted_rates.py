"""Rates fitted to a county that counts its own children: what its counts say, by district, and what they leave open."""

from dataclasses import replace

import numpy as np
import pytest
from builders_counted import BASE, NEEDS, PROVISIONS, SIX, counted, meanings, true_rates
from builders_model import england

from forecast.domain import NC_YEARS
from forecast.model.counted import fit_counted

LABELS = (meanings(NEEDS), meanings(PROVISIONS))
MANY = 2e13


def fit(area):
    return fit_counted(area, england(), *LABELS)


@pytest.fixture(scope="module")
def whole():
    """So many children that luck plays no part."""
    truth = true_rates(3, plans=MANY)
    return truth, fit(counted(truth, luck=False))


@pytest.fixture(scope="module")
def small():
    area = counted(true_rates(4, plans=3000), 4)
    return area, fit(area)


def without(area, **kept):
    """`area` with the rows of each table for which `kept` holds."""
    return replace(area, **{name: keep(getattr(area, name)) for name, keep in kept.items()})


def nobody_in(district):
    return lambda rows: rows[rows["district"] != district]


def test_very_many_children_give_back_the_rates_that_they_live_by(whole):
    truth, found = whole
    held = found["stock"].to_numpy() > 1e7
    np.testing.assert_allclose(found["leave"].to_numpy()[held], truth.leave[held], rtol=0.01, atol=1e-4)
    np.testing.assert_allclose(found["move"].to_numpy()[held], truth.move[held], atol=1e-3)
    begun = truth.start * truth.people[:, None] > 1e6
    np.testing.assert_allclose(found["start_rate"].to_numpy()[begun], truth.start[begun], rtol=0.01)
    np.testing.assert_allclose(found["start_mix"].to_numpy()[begun], truth.start_mix[begun], atol=2e-3)


def test_children_who_come_with_a_plan_are_as_many_as_were_counted(whole):
    truth, found = whole
    came = found["arrive_rate"].to_numpy() * truth.people
    expected = truth.arrive.sum(axis=(1, 3))
    np.testing.assert_allclose(came[expected > 1], expected[expected > 1], rtol=0.01)


def test_a_children_census_is_the_stock_district_by_district(small):
    area, found = small
    now = area.placements[area.placements["year"] == BASE].groupby("district")["children"].sum()
    np.testing.assert_array_equal(found["stock"].sum(["need", "nc_year", "provision"]), now.loc[list(SIX)])


def test_rows_are_chances(small):
    _, found = small
    np.testing.assert_allclose(found["move"].sum("to"), 1)
    np.testing.assert_allclose(found["start_mix"].sum("provision"), 1)
    assert ((found["leave"] >= 0) & (found["leave"] <= 1)).all()
    assert (found["leave"].sel(nc_year=NC_YEARS[-1]) == 1).all()
    np.testing.assert_allclose(found["arrive_mix"].sum(["need", "provision"]), 1)


def test_a_district_of_nobody_has_the_rates_of_the_area(small):
    area, _ = small
    empty = without(area, placements=nobody_in("Elm"), flows=nobody_in("Elm"), moves=nobody_in("Elm"))
    nobody = area.residents.where(area.residents["district"] != "Elm", 0.0)
    found = fit(replace(empty, residents=nobody))
    whole = without(empty, **dict.fromkeys(("placements", "flows", "moves"), as_one))
    one = fit(replace(whole, residents=nobody.sum("district", keepdims=True).assign_coords(district=["Ashby"]),
                      frame=replace(area.frame, districts=("Ashby",))))  # fmt: skip
    for rate in ("leave", "move", "start_mix"):
        np.testing.assert_allclose(found[rate].sel(district="Elm"), one[rate].isel(district=0), atol=2e-5)


def as_one(rows):
    """All children in one district."""
    axes = [column for column in rows if column not in {"children", "district"}]
    return rows.groupby(axes, as_index=False)["children"].sum().assign(district="Ashby")


def test_new_plans_of_all_districts_are_the_level_of_the_latest_years(small):
    """Half the latest year, half the mean of three, each brought to the latest as England's new plans grew."""
    area, found = small
    starts = area.flows[area.flows["flow"] == "start"].groupby("year")["children"].sum()
    growth = england()["start_history"].to_series()
    level = (starts * growth[BASE] / growth).dropna().loc[BASE - 2 : BASE]
    by_hand = (level[BASE] + level.mean()) / 2
    total = float((found["start_rate"] * area.residents.sel(year=BASE)).sum())
    assert total == pytest.approx(by_hand, rel=0.05)


def more_leavers(rows):
    """Three times as many plans ceased in Brook."""
    more = rows["children"].where((rows["district"] != "Brook") | (rows["flow"] != "cease"), rows["children"] * 3)
    return rows.assign(children=more)


def test_a_district_with_many_leavers_leaves_more_and_the_others_hardly_so(small):
    area, before = small
    after = fit(without(area, flows=more_leavers))
    change = (after["leave"] * before["stock"]).sum(["need", "nc_year", "provision"]) / (
        before["leave"] * before["stock"]
    ).sum(["need", "nc_year", "provision"])
    others = change.drop_sel(district="Brook")
    assert change.sel(district="Brook") > 1.5
    assert (others < 1.25).all()


def test_districts_without_a_name_count_for_the_area_alone(small):
    """Children of a district that is not told raise the whole area's rates, and no district's above the others'."""
    area, _ = small
    found = fit(without(area, flows=of_all, moves=of_all))
    for rate in ("leave", "move"):
        np.testing.assert_allclose(found[rate].std("district"), 0, atol=1e-9)


def of_all(rows):
    return as_one(rows).assign(district="all")


def test_a_year_counts_for_more_than_the_year_before(small):
    """Twice the moves of the latest year change the rates more than twice those of the first."""
    area, before = small

    def change(year):
        def twice(rows):
            special = (rows["year"] == year) & (rows["to"] == "special") & (rows["provision"] != "special")
            return rows.assign(children=rows["children"].where(~special, 2 * rows["children"]))

        found = fit(without(area, moves=twice))["move"].sel(to="special") - before["move"].sel(to="special")
        return float((found * before["stock"]).sum())

    assert change(BASE) > change(BASE - 3) > 0


def test_needs_recorded_anew_are_among_the_starts():
    """Every child with SLCN of the county is recorded as ASD a year later: there is no step from need to need."""
    area = counted(true_rates(5, plans=3000), 5)
    renamed = area.moves.assign(need=area.moves["need"].where(area.moves["need"] != "SLCN", "ASD"))
    axes = [column for column in renamed if column != "children"]
    anew = replace(area, moves=renamed.groupby(axes, as_index=False)["children"].sum())
    before, after = (fit(each)["start_rate"] * area.residents.sel(year=BASE) for each in (area, anew))
    assert after.sel(need="ASD").sum() > 1.2 * before.sel(need="ASD").sum()
    assert after.sel(need="SLCN").sum() < 0.5 * before.sel(need="SLCN").sum()
    np.testing.assert_allclose(after.sum(), before.sum())


def test_counts_without_flows_have_englands_rates_at_the_areas_own_level(small):
    area, _ = small
    none = without(area, flows=lambda rows: rows.iloc[:0], moves=lambda rows: rows.iloc[:0])
    found = fit(none)
    assert found.attrs["flows"] == "England's"
    assert found.attrs["counted"] == {}
    np.testing.assert_allclose(found["leave"], np.broadcast_to(england()["leave"], found["leave"].shape))
    np.testing.assert_allclose(found["move"], england()["move"], atol=1e-6)
    twice = fit(without(none, placements=lambda rows: rows.assign(children=2 * rows["children"])))
    ratio = float((twice["start_rate"].sum() / found["start_rate"].sum()).item())
    assert 1.7 < ratio < 2.05


def test_a_flow_with_a_blank_is_not_taken_for_a_whole_count(small):
    area, _ = small
    blank = area.flows.copy()
    blank.loc[(blank["flow"] == "start") & (blank["year"] == BASE), "children"] = np.nan
    found = fit(replace(area, flows=blank))
    assert found.attrs["counted"]["started"] == [BASE - 3, BASE - 1]
    assert found.attrs["counted"]["stayed"] == [BASE - 3, BASE]
