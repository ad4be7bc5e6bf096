"""Levers on who comes and who leaves, and drivers small enough to check what they do by hand."""

from builders_model import busy, expected, without

from forecast.scenario.families import FamiliesMoveIn, ScaleMovingIn
from forecast.scenario.homes import NewHomes
from forecast.scenario.leaving import ScaleLeaving

PER_HOME = [
    {"age_from": 0, "age_to": 3, "children": 0.2, "lag": [0.5, 0.3, 0.2]},
    {"age_from": 4, "age_to": 10, "children": 0.35, "plan_factor": 1.5},
]


HOMES = {"from": 2027, "district": "North", "dwellings": 100, "type": "house", "share_in_projection": 0.25}


FAMILIES = {"from": 2027, "people": 1000, "age_from": 5, "age_to": 14}


def families(**fields):
    return FamiliesMoveIn.model_validate({**FAMILIES, **fields})


def homes(**fields):
    return NewHomes.model_validate({"yields": PER_HOME, **HOMES, **fields})


def moving(**fields):
    return ScaleMovingIn.model_validate({"from": 2027, **fields})


def leaving(**fields):
    return ScaleLeaving.model_validate({"from": 2027, "factor": 2, **fields})


def area(**labels):
    """Three years of two districts, with residents at the census, whose labels mean what they say."""
    made = busy(**labels)
    means = {label: label for label in made["provision"].to_numpy().tolist()}
    return made.assign(population_now=made["population"].isel(year=0, drop=True) + 100).assign_attrs(
        year=2025, seed=1, means=means
    )


def still(drivers):
    """Nobody starts a plan, leaves, moves or comes."""
    return without(drivers, "start_rate", "leave", "arrive")


def more(lever, drivers):
    """Children with a plan whom the lever adds: (draw, year, district, need, nc_year, provision)."""
    return expected(lever.apply(drivers)) - expected(drivers)
