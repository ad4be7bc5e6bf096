"""Registers of a few schools, drivers of a few futures, and what levers on places make of them."""

import numpy as np
import pandas as pd
from builders_model import busy
from pydantic import TypeAdapter

from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.bundled import bundled
from forecast.inputs.schemas_places import Places
from forecast.places.register import drawn_register
from forecast.scenario.levers import Change

LATE = read_assumptions(bundled("data", "assumptions.yaml"))["delay_months"]
YEARS = list(range(2025, 2037))
SEED = 7


def lever(kind, since="2027/28", **fields):
    """A lever as a scenario file holds it."""
    return TypeAdapter(Change).validate_python({"kind": kind, "from": since, **fields})


def school(name, **fields):
    row = {
        "school": name, "site": "", "district": "North", "serves": "all", "lat": np.nan, "lon": np.nan,
        "provision": "special", "needs": "all", "nc_from": 0, "nc_to": 14, "places": 100, "taken_by_others": 0,
        "opens": "", "closes": "", "probability": np.nan, "delay": np.nan, "ramp": "", "assumed": False, "source": "",
    }  # fmt: skip
    return row | fields


def register_of(*rows):
    return checked(pd.DataFrame(list(rows)))


def checked(places):
    """A register, once it is known to be one that the program would read."""
    return Places.validate(places)


HILL = school("Hill", places=120, taken_by_others=20)
RIVER = school("River", opens="2028-09", probability=0.6, ramp="0.3;0.6;1", places=80)


def drawn(places, draws=200, years=YEARS):
    """Places open at each January of each future: (draw, year, place)."""
    return drawn_register(places, years, draws, SEED, LATE).open


def at(places, name, draws=200):
    """Places of one school in each future: (draw, year)."""
    return drawn(places, draws).isel(place=np.flatnonzero(places["school"] == name)).sum("place")


def for_certain(places, name):
    """Places of one school at each January, alike in all futures."""
    opened = at(places, name, draws=5)
    assert (opened == opened.isel(draw=0)).all()
    return dict(zip(YEARS, opened.isel(draw=0).to_numpy().tolist(), strict=True))


def drivers(draws=3, years=tuple(YEARS[1:])):
    """Drivers in which everything happens at once, with labels that mean what they say."""
    some = busy(draws=draws, years=years)
    return some.assign_attrs(seed=SEED, means={label: label for label in some["provision"].to_numpy().tolist()})
