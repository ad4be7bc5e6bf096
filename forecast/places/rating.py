"""Red, amber or green: whether a shortage is likely before places could be made, and when to decide.

    red     a shortage is likely in a January that new places, decided on today, would come too late for
    amber   it is likely in a later January of the forecast; or sooner, with a chance of `POSSIBLE` or more
    green   neither

A shortage is one of `LEAST` children or more; likely is a chance of one half or more. To decide in time is to decide
as many months before the September that begins the first such school year as it takes from decision to opening.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import Provision

LIKELY: Final = 0.5
"""Chance from which a shortage is called likely."""
POSSIBLE: Final = 0.2
"""Chance from which a shortage that new places would come too late for is amber: judgement."""
LEAST: Final = 5
"""Children without a place from which a shortage is counted: with fewer, schools make room (judgement)."""
HARDLY: Final = 0.001
"""Of a child: what sharing out leaves over."""
PROJECT: Final[Mapping[str, str]] = {
    Provision.SPECIAL: "expansion",
    Provision.SPECIAL_NONMAINTAINED: "expansion",
    Provision.INDEPENDENT: "expansion",
    Provision.BASE: "base",
    Provision.ALTERNATIVE: "expansion",
}
"""Kind of place -> the quickest project that makes many of it, by the names of data/reference/projects.csv."""


class Colour(StrEnum):
    """A rating; always shown with its word, never by colour alone."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


MEANS: Final[Mapping[str, str]] = {
    Colour.RED: "a shortage is likely before new places, decided on today, could open",
    Colour.AMBER: "a shortage is likely later on, or possible before new places could open: decide in time",
    Colour.GREEN: "no shortage is likely in the years of this forecast",
}
"""What each colour says, for legends."""


@dataclass(frozen=True)
class Rating:
    """Of one line of a table."""

    colour: Colour
    first: int | None
    """First January in which a shortage is likely."""
    decide_by: int | None
    """January of the academic year in which to decide on places for that year; the current one if that is past."""


def chance_short(short: xr.DataArray) -> xr.DataArray:
    """Share of futures, 0 to 1, in which `LEAST` children or more go without a place.

    Parameters
    ----------
    short : (draw, ...)
        Children without a place, perhaps shared out.
    """
    return (short >= LEAST - HARDLY).mean("draw")


def rate(chance: xr.DataArray, current: int, months: float) -> Rating:
    """Rate a line by its chance of a shortage.

    Parameters
    ----------
    chance : (year)
        Share of futures, 0 to 1.
    current : January of the current academic year
    months : from a decision to the opening of new places
    """
    years, shares = chance["year"].to_numpy(), chance.to_numpy()
    ahead = years >= current
    lead = int(np.ceil(months / 12))
    likely = years[ahead & (shares >= LIKELY)]
    first = int(likely[0]) if likely.size else None
    soon = shares[ahead & (years < current + lead)]
    if first is not None and first < current + lead:
        colour = Colour.RED
    elif first is not None or (soon >= POSSIBLE).any():
        colour = Colour.AMBER
    else:
        colour = Colour.GREEN
    return Rating(colour, first, None if first is None else max(first - lead, current))
