"""Drivers in which everything changes, as plain as `builders_model.busy`, and a waterfall made up by hand."""

from functools import cache

import xarray as xr
from builders_model import (
    assumptions,
    busy,
    england,
    expected,
    settings,
    unlimited,
    worcestershire,
    worcestershire_drivers,
)
from builders_projection import made_up_about

from forecast import read_scenario
from forecast.decide.central import central
from forecast.decide.coalitions import between_scenarios, between_years
from forecast.decide.shapley import shapley
from forecast.decide.waterfall import Bar, Outcome, Waterfall
from forecast.pipeline import project
from forecast.places.england import england_special_rate
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.placement import Rebalance
from forecast.scenario.scenario import Scenario


def roomy(**labels):
    """Drivers in which everything happens at once, nobody crowded out, and what the area's labels mean."""
    return named(unlimited(busy(**labels)))


def named(drivers):
    """`drivers` with the residents of the latest census, and labels that mean what they say."""
    labels = drivers["provision"].to_numpy().tolist()
    before = drivers["population"].isel(year=0, drop=True) * 0.9
    return drivers.assign(population_now=before).assign_attrs(means={label: label for label in labels})


def path(drivers):
    """The drivers and their central path, as the functions of `coalitions` take them."""
    return drivers, central(drivers)


def scenario(*changes, name="mine", **fields):
    return Scenario(name=name, why="a test", changes=changes, **fields)


def children_of(drivers):
    """Children of the mean of futures from the definition of the roll: (year, nc_year, provision), the census first."""
    later = expected(drivers).mean(axis=0).sum(axis=(1, 2))
    base = drivers["stock"].sum(["district", "need"]).transpose("nc_year", "provision").to_numpy()
    axes = {"nc_year": drivers["nc_year"].to_numpy(), "provision": drivers["provision"].to_numpy()}
    years = [drivers.attrs["year"], *drivers["year"].to_numpy().tolist()]
    table = xr.concat(
        [xr.DataArray(each, coords=axes, dims=tuple(axes)) for each in (base, *later)], "year", join="exact"
    )
    return table.assign_coords(year=years)


def made_up(start=1000.4, bars=(("more come", 300.3, 320.0), ("others go", -120.2, -90.0)), **changed):
    """A waterfall without a forecast behind it: of published figures, between two years."""
    found = [Bar(*bar) for bar in bars]
    end = start + sum(bar.effect for bar in found)
    fields = {
        "outcome": Outcome("children in special schools", ("special",)),
        "about": made_up_about(),
        "year": 2032,
        "since": 2025,
        "scenarios": ("baseline",),
        "start": start,
        "bars": tuple(found),
        "end": end,
        "futures": end - start + 7.0,
    }
    return Waterfall(**(fields | changed))


FEWER = ScaleStarts(from_year=2028, factor=0.8, need="SEMH")
KEPT = Rebalance.model_validate({"from": "2027/28", "share": {"value": 0.2, "low": 0.1, "high": 0.4}, "support": 9000})
SOONER = ScaleLeaving.model_validate({"from": "2027/28", "factor": 1.3})


@cache
def trend():
    return central(worcestershire_drivers(draws=40, horizon=4))


@cache
def run_of(made):
    """The whole forecast of a scenario; by name, for these cannot be hashed."""
    rate = england_special_rate(england(), assumptions(), settings(), worcestershire_drivers(draws=40, horizon=4))
    return project(worcestershire(), worcestershire_drivers(draws=40, horizon=4), SCENARIOS[made], settings(), rate)


SCENARIOS = {
    "trend": read_scenario("baseline"),
    "white paper": read_scenario("white-paper"),
    "levers": scenario(FEWER, KEPT, SOONER, name="levers"),
}


@cache
def years_of(made):
    return between_years(worcestershire_drivers(draws=40, horizon=4), trend(), SCENARIOS[made])


@cache
def from_trend_to(made):
    return between_scenarios(worcestershire_drivers(draws=40, horizon=4), trend(), SCENARIOS["trend"], SCENARIOS[made])


def bars(coalitions, year, provision):
    """Name -> share of the children of a kind of place."""
    values = coalitions.children.sel(year=year, provision=provision).sum("phase").to_numpy()
    return dict(zip(coalitions.causes, shapley(values), strict=True))
