"""A new school class by class, from its first September on, and whether it is as big as schools are that get built."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.occupancy import SLACK, filled
from forecast.domain import academic_year
from forecast.errors import ForecastError
from forecast.model.raking import Array

PLACES: Final = "places"
"""Unit of those rows of `sizes.csv` that are sizes of schools."""
PARTS_OF_SCHOOLS: Final = ("hub_classroom",)
"""Kinds in `sizes.csv` that are counted in places and are not a school."""


class BadBuildUp(ForecastError):
    """Classes that pupils cannot be put into."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The school cannot be filled class by class: {what}; correct what is asked for.")


class Beside(StrEnum):
    """A size beside the sizes of one kind that were commissioned, and what that means."""

    SMALLER = "smaller than any of them: ask whether it can stand alone, or belongs to a school that is there already"
    WITHIN = "as others have been built"
    LARGER = "larger than any of them: ask whether it should be two schools"


def build_up(wanted: Array, size: int, open_share: Array, years: Sequence[int], class_size: int) -> pd.DataFrame:
    """One row a September from the first in which the school may be open.

    Parameters
    ----------
    wanted, open_share : (draw, year)
    size : places when it is full
    years : Januaries
    class_size : places in a class, at least 1

    Returns
    -------
    academic_year ("2027/28"), year (its January), open (chance), places (open, P50), classes (whole, that hold them),
    p10, p50, p90 (pupils). Places and pupils are of the futures in which the school is open that January: of all
    futures they would be those of no school that anybody sees.

    Raises
    ------
    BadBuildUp
        A class has no places.
    """
    if class_size < 1:
        raise BadBuildUp("a class has no places")
    rows = []
    for at, year in enumerate(years):
        is_open = open_share[:, at] > 0
        if not is_open.any():
            continue
        places = float(np.median(size * open_share[is_open, at]))
        pupils = np.quantile(filled(wanted, size, open_share)[is_open, at], [0.1, 0.5, 0.9])
        classes = int(np.ceil((places - SLACK) / class_size))
        rows.append((academic_year(year), year, float(is_open.mean()), places, max(classes, 0), *pupils))
    return pd.DataFrame(rows, columns=["academic_year", "year", "open", "places", "classes", "p10", "p50", "p90"])


def beside_others(size: int, rows: pd.DataFrame) -> pd.DataFrame:
    """A size beside the schools that were commissioned: kind, least, most, supported, beside, source.

    `least` is the minimum viable size of a kind only in so far as no smaller one was found. No price here has a part
    that a school costs however small it is, so the cheapest size says nothing of what is too small to run.

    Parameters
    ----------
    size : places
    rows : kind, least, most, unit, supported, source
        As in data/reference/sizes.csv; rows of other units than places, or of a part of a school, are left out.
    """
    schools = rows[rows["unit"].eq(PLACES) & ~rows["kind"].isin(PARTS_OF_SCHOOLS)].reset_index(drop=True)
    beside = np.select(
        [size < schools["least"], size > schools["most"]], [Beside.SMALLER, Beside.LARGER], Beside.WITHIN
    )
    table = schools[["kind", "least", "most", "supported"]]
    return table.assign(beside=[Beside(words).value for words in beside], source=schools["source"])
