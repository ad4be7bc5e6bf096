"""Census days, and dates drawn between them."""

from typing import Final

import numpy as np

from forecast.records.census import census_day

Array = np.ndarray
Days = np.ndarray
"""Dates as days, `datetime64[D]`; not a time where there is none."""
NO_DAY: Final = np.datetime64("NaT", "D")


def census_days(years: Array) -> Days:
    """Census day of each year."""
    known, at = np.unique(years, return_inverse=True)
    return np.array([census_day(int(year)).date() for year in known], dtype="datetime64[D]")[at]


def between(first: Days, last: Days, luck: Array) -> Days:
    """A day after `first` and not after `last`.

    Parameters
    ----------
    luck : the same axes, from 0 up to 1
    """
    span = (last - first).astype(int)
    return np.asarray(first + 1 + np.floor(luck * span).astype(int))


def new_year(years: Array) -> Days:
    """First of January of each year."""
    return np.asarray((years - 1970).astype("datetime64[Y]").astype("datetime64[D]"))


def september(years: Array) -> Days:
    """First of September of each year."""
    return np.asarray(new_year(years) + (new_year(years + 1) - new_year(years)).astype(int) - 122)


def born(nc_year: Array, january: Array, luck: Array) -> Days:
    """Birthday of a child in a year group at a January: of age nc_year + 4 at 31 August before it."""
    last = september(january - 1 - (nc_year + 4)) - 1
    return between(september(january - 2 - (nc_year + 4)) - 1, last, luck)
