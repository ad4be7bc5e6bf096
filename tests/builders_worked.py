"""The worked scenarios that ship, at their central settings, and a baseline's flows to reckon their effect from."""

from functools import cache

import numpy as np
import xarray as xr
from builders_model import settings
from builders_model import starts as first_plans
from pydantic import BaseModel

from forecast.inputs.area import read_area
from forecast.model.cohort import roll
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.england import england_special_rate
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.written import Range

DRAWS = 4
FIRST = 2028
"""January in which most of the worked scenarios begin to act."""
AXES = ("draw", "year", "district", "need", "nc_year", "provision")


@cache
def county(name="worcestershire"):
    """An area that ships, and its drivers for a short run."""
    area, (england, assumptions) = read_area(name), england_and_assumptions()
    return area, area_drivers(area, england, assumptions, settings(DRAWS, 1, 4))


@cache
def rate_of_england(name):
    england, assumptions = england_and_assumptions()
    return england_special_rate(england, assumptions, settings(DRAWS, 1, 4), county(name)[1])


def central(setting):
    """A setting, or what it holds, with every range at its value."""
    if isinstance(setting, Range):
        return setting.model_copy(update={"low": setting.value, "high": setting.value})
    if isinstance(setting, tuple):
        return tuple(map(central, setting))
    if isinstance(setting, BaseModel):
        return setting.model_copy(
            update={field: central(getattr(setting, field)) for field in type(setting).model_fields}
        )
    return setting


def shipped(name):
    """A worked scenario at its central settings."""
    scenario = read_scenario(name)
    return scenario.model_copy(
        update={"changes": central(scenario.changes), "pass_through": central(scenario.pass_through)}
    )


def only(name, at):
    """The same with one of its changes alone."""
    scenario = shipped(name)
    return scenario.model_copy(update={"changes": (scenario.changes[at],)})


def labelled(table, drivers, axes=AXES):
    return xr.DataArray(table, coords={axis: drivers[axis].to_numpy() for axis in axes}, dims=axes)


def pupils(drivers):
    """Children at each January after the census: `AXES`."""
    return xr.concat(
        [
            labelled(year.pupils.transpose(2, 3, 0, 1, 4)[:, None], drivers.isel(year=[at]))
            for at, year in enumerate(roll(drivers))
        ],
        "year",
    )


@cache
def baseline(name="worcestershire"):
    """Children at each January without any change: `AXES`."""
    return pupils(county(name)[1])


def difference(scenario, name="worcestershire"):
    """Children whom a scenario adds or takes away: `AXES`."""
    return pupils(scenario.apply(county(name)[1])) - baseline(name)


@cache
def starting(name="worcestershire"):
    """First plans of the baseline: (draw, year, district, need, nc_year)."""
    drivers = county(name)[1]
    return labelled(first_plans(drivers), drivers, AXES[:-1])


def older(children):
    """Children a year on, those of the last year group gone."""
    return children.shift(nc_year=1, fill_value=0)


def came(label, year=FIRST, name="worcestershire"):
    """Who came newly to a kind of place, by the book: those there but who neither stayed nor moved in."""
    drivers, held = county(name)[1], baseline(name)
    before = held.sel(year=year - 1, provision=label, drop=True)
    stayed = before * (1 - drivers["leave"].sel(provision=label)) * drivers["move"].sel(provision=label, to=label)
    came = held.sel(year=year, provision=label) - older(stayed.drop_vars(["provision", "to"], errors="ignore"))
    came = came - drivers["arrive"].sel(year=year, provision=label)
    return came.drop_vars(["year", "provision", "to"], errors="ignore").transpose("draw", "district", "need", "nc_year")


def forecast(scenario, name="worcestershire"):
    """The whole forecast of a scenario, from the same drivers as every other."""
    area, drivers = county(name)
    return project(area, drivers, scenario, settings(DRAWS, 1, 4), rate_of_england(name))


def as_now():
    return Scenario(name="as now", why="Nothing changes.")


def at(children, year, **chosen):
    """Children of a year, those chosen added up: (draw)."""
    picked = children.sel({axis: list(np.atleast_1d(labels)) for axis, labels in chosen.items()})
    picked = picked.sel(year=year, drop=True) if "year" in picked.dims else picked
    return picked.sum([axis for axis in picked.dims if axis != "draw"]).to_numpy()


def near(sums, by_hand, within=1e-6):
    """See that both are the same children in each draw, and some at all."""
    assert (abs(by_hand) > 0.5).all()
    np.testing.assert_allclose(sums, by_hand, rtol=within, atol=1e-6)


def here(code, name="exampleshire"):
    """Labels of an area that stand for a standard kind of place."""
    return [label for label, means in county(name)[1].attrs["means"].items() if means == code]
