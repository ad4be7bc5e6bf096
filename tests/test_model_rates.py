"""An area's rates: starts, leaving and arrivals, each by a second route."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import (
    assumptions,
    busy,
    england,
    fitted_worcestershire,
    settings,
    worcestershire,
    worcestershire_drivers,
)

from forecast.domain import ALL, NC_YEARS
from forecast.inputs.rows import grand_total
from forecast.model.accounts import Accounts, Patterns, accounts, national_patterns, start_ages
from forecast.model.margins import Labels
from forecast.model.needs import effective_starts
from forecast.model.people import residents
from forecast.model.spread import assumed
from forecast.pipeline import area_drivers

AGES = len(NC_YEARS)
LABELS = Labels(("ASD", "SEMH"), ("mainstream", "special"), post16=(), early=())


def people_of_worcestershire(year=2025):
    area = worcestershire()
    return residents(area.population, area.about.district_names, [year]).sel(year=year, drop=True)


def books_of_worcestershire():
    area, nation = worcestershire(), england()
    lent = Patterns(*(nation[name].to_numpy() for name in ("start_places", "leave", "arrive_rate")))
    labels = Labels(tuple(area.about.needs), tuple(area.about.provisions))
    people = people_of_worcestershire().sum("district").to_numpy()
    return accounts(area.placements, area.flows, 2025, labels, people, lent)


def flow(name, children, **where):
    """One row of a tidy table of flows."""
    row = {"year": 2025, "flow": name, "need": ALL, "provision": ALL, "nc_from": NC_YEARS[0], "nc_to": NC_YEARS[-1]}
    return row | {"children": float(children)} | where


def flows(*rows):
    return pd.DataFrame(rows)


def test_four_children_arrive_for_five_who_leave_for_another_authority_and_are_a_year_older():
    rows = flows(
        flow("transfer", 10, nc_from=5, nc_to=5),
        flow("cease", 20, nc_from=5, nc_to=5),
        flow("cease", 12, provision="mainstream"),
        flow("cease", 8, provision="special"),
        flow("start_at_birthday", 30, nc_from=4, nc_to=4, provision="mainstream"),
    )
    patterns = national_patterns(rows, np.full((AGES, 2), 100.0), LABELS, np.full(AGES, 1000.0))
    assert patterns.arrive_rate[6 + 4] == pytest.approx(0.8 * 10 / 1000)
    assert patterns.arrive_rate.sum() == pytest.approx(0.008)
    assert patterns.leave[5 + 4].tolist() == pytest.approx([0.12, 0.08], abs=1e-3)


def test_children_too_young_to_be_told_apart_start_where_the_stock_has_room_for_them():
    rows = flows(flow("start", 50), flow("start", 30, nc_from=-1, nc_to=-1), flow("start", 10, nc_from=0, nc_to=0))
    after = np.zeros((AGES, 2))
    after[2] = [5, 3]
    found = start_ages(rows, after)
    # 8 of the 30 are under 3; the ages add up to 40 of 50 plans, so each counts for 50 / 40.
    assert found[2:5].tolist() == pytest.approx([8 * 1.25, 22 * 1.25, 10 * 1.25])
    assert found.sum() == pytest.approx(50)


def test_from_year_13_on_those_who_leave_are_those_whom_the_two_censuses_leave_over():
    books = books_of_worcestershire()
    for nc_year in range(13, 19):
        at = NC_YEARS.index(nc_year)
        came = books.starts[at + 1].sum() + books.arrive[at + 1].sum()
        left = books.before[at].sum() + came - books.after[at + 1].sum()
        assert books.ceased[at].sum() == pytest.approx(np.clip(left, 0, books.before[at].sum()), abs=0.02)


def test_the_need_of_a_start_is_what_the_stock_shows_but_a_tenth_of_what_was_recorded():
    """At Year 5, 100 with ASD become 150 and 40 with SEMH none: 50 starts are wanted for ASD, .1 x 20 kept for SEMH."""
    before, after, none = (np.zeros((AGES, 1)) for _ in range(3))
    before[8], after[9] = 140, 150
    starts = none.copy()
    starts[9] = 26
    joint = np.zeros((2, AGES, 1))
    joint[:, 8, 0], joint[:, 9, 0] = [100, 40], [150, 0]
    books = Accounts(before, after, none, starts, none, np.zeros((2, AGES)))
    books.need_starts[:, 9] = [6, 20]
    found = effective_starts(books, joint)
    assert found[:, 9].tolist() == pytest.approx([26 * 50 / 52, 26 * 2 / 52])
    assert found.sum() == pytest.approx(26)


def test_the_level_of_starts_is_half_the_latest_years_and_half_three_years():
    area, nation, fitted = worcestershire(), england(), fitted_worcestershire()
    rows = area.flows[area.flows["flow"].eq("start") & grand_total(area.flows)]
    own = rows.set_index("year")["children"].loc[2023:2025]
    people = people_of_worcestershire().sum("district")
    ratio = (own / nation["start_history"].to_series()) / (people.sum().item() / nation["residents"].sum().item())
    level = (ratio[2025] + ratio.mean()) / 2
    found = (fitted["start_rate"] * people).sum().item()
    assert found == pytest.approx(level * (nation["start_rate"] * people).sum().item())


def latest_starts_times(drivers):
    """Starts per resident of the first year with room for one, over those of the latest: (draw, need, nc_year)."""
    fitted = fitted_worcestershire()
    held = fitted["stock"].sum(["district", "need", "provision"]) / people_of_worcestershire().sum("district")
    latest = fitted["start_rate"]
    room = np.maximum(drivers["ceiling"] - np.maximum(held - latest.sum("need"), 0), 0.02)
    return (drivers["start_rate"].isel(year=0, drop=True) * room / latest).where(latest > 1e-9)


def test_each_draw_starts_from_the_latest_years_starts_under_its_own_ceiling():
    """Times one number a draw, of control and the fading level, and the trend of the age under the draw's damping."""
    untilted = england().assign({name: england()[name] * 0 for name in ("need_spread", "phase_spread")})
    drivers = area_drivers(worcestershire(), untilted, assumptions(), settings())
    damping = xr.DataArray(assumed(assumptions()["start_damping"], 40, settings().seed, 1), dims="draw")
    found = latest_starts_times(drivers) / np.exp(damping * england()["start_trend"])
    spread = found.max(["need", "nc_year"]) / found.min(["need", "nc_year"])
    np.testing.assert_allclose(spread, 1, rtol=1e-6)


def test_starts_of_an_age_grow_by_what_is_left_of_its_own_trend_each_year():
    """Between ages: what acts on all of them cancels."""
    rate = worcestershire_drivers()["start_rate"]
    trend, ages = england()["start_trend"], {"nc_year": [-2, 3, 9, 14]}
    assert trend.sel(ages).to_series().nunique() == 4
    damping = assumed(assumptions()["start_damping"], 40, settings().seed, 1)
    grown = np.log(rate.sel(nc_year=3) / rate.sel(ages)).isel(need=0).diff("year").transpose("draw", "year", "nc_year")
    powers = damping[:, None] ** np.arange(2, rate.sizes["year"] + 1)
    apart = (trend.sel(nc_year=3) - trend.sel(ages)).to_numpy()
    np.testing.assert_allclose(grown, powers[:, :, None] * apart, atol=1e-9)


def test_children_arrive_at_englands_rate_placed_as_the_areas_own_of_their_age():
    drivers, stock = worcestershire_drivers(), fitted_worcestershire()["stock"].sum("district")
    arrive = drivers["arrive"]
    rate = arrive.sum(["need", "provision"]) / drivers["population"]
    known = stock.sum(["need", "provision"]) > 0
    expected_rate = england()["arrive_rate"].where(known, 0)
    np.testing.assert_allclose(rate.to_numpy(), np.broadcast_to(expected_rate, rate.shape), rtol=1e-9)
    mix = arrive.isel(year=0).sum("district") / arrive.isel(year=0).sum(["district", "need", "provision"])
    own = stock / stock.sum(["need", "provision"])
    at = [7, 8, 9, 10]
    np.testing.assert_allclose(mix.sel(nc_year=at), own.sel(nc_year=at), rtol=1e-9)


def test_a_start_rate_is_never_negative_nor_a_ceiling_more_than_everybody():
    drivers = worcestershire_drivers()
    assert drivers["start_rate"].min() >= 0
    assert 0 < drivers["ceiling"].min() <= drivers["ceiling"].max() < 1
    assert set(busy().data_vars) <= set(drivers.data_vars)
