"""What rolls counted month by month tell: how full the fullest month is, and what share of a week children attend."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import xarray as xr

from forecast.ap.flows import PANDEMIC_YEARS
from forecast.ap.given import SETTINGS
from forecast.domain import ALL

WHOLE_YEAR: Final = 10
"""Months counted that make a year: schools are empty in August, and July is short."""
ENOUGH: Final = 20.0
"""Children on roll on average from which on a key stage's own peak is believed: below it, luck makes peaks."""


def monthly(rolls: pd.DataFrame) -> pd.DataFrame:
    """Children without a plan on roll by academic year, month and key stage, of years counted nearly every month.

    A month of which a count is suppressed is left out.

    Parameters
    ----------
    rolls : columns of `schemas_ap.ApRolls`
    """
    own = totals(rolls, [])
    blank = own["children"].isna().groupby([own["year"], own["month"]]).transform("any")
    table = own[~blank].pivot_table(index=["year", "month"], columns="key_stage", values="children", aggfunc="sum")
    months = table.groupby("year").size()
    every = table.index.get_level_values("year").isin(months[months >= WHOLE_YEAR].index)
    return table.fillna(0)[every]


def fullest(rolls: pd.DataFrame, assumed: xr.DataArray) -> xr.DataArray:
    """Fullest month as a multiple of the year's mean: (draw, key_stage); as assumed where months are not counted."""
    table = monthly(rolls)
    if table.empty:
        return assumed
    whole = _peak(table.sum(axis=1))
    found = assumed.copy(deep=True)
    for stage in assumed["key_stage"].to_numpy().tolist():
        own = table.get(stage)
        found.loc[{"key_stage": stage}] = whole if own is None or own.mean() < ENOUGH else _peak(own)
    return found


def _peak(roll: "pd.Series[float]") -> float:
    """Fullest month over the year's mean, at least 1: of the mean year, so that the luck of one year is no season.

    Years of the pandemic are left out where there are others.
    """
    of_year = roll / roll.groupby(level="year").transform("mean")
    years = of_year.index.get_level_values("year")
    good = of_year[~years.isin(PANDEMIC_YEARS)]
    return max(float((good if len(good) else of_year).groupby(level="month").mean().max()), 1.0)


def of_rolls(rolls: pd.DataFrame, assumed: xr.DataArray, most: float) -> xr.DataArray:
    """Full-time weeks attended per child on roll: (setting); as assumed where sessions are not known.

    Parameters
    ----------
    most : half-days in a full-time week
    """
    told = totals(rolls, ["key_stage"])
    told = told[told["sessions"].notna() & told["children"].notna()]
    by_setting = told.groupby("setting")
    sessions, children = by_setting["sessions"].sum().to_dict(), by_setting["children"].sum().to_dict()
    share = assumed.copy(deep=True)
    for setting in SETTINGS:
        if children.get(setting):
            share.loc[{"setting": setting}] = sessions[setting] / most / children[setting]
    return share


def totals(rolls: pd.DataFrame, whole: Sequence[str]) -> pd.DataFrame:
    """Rows of children without a plan that hold each child once: whatever the reason, and not told apart by `whole`.

    Of the whole area where a month has such rows, else of its districts.

    Parameters
    ----------
    rolls : columns of `schemas_ap.ApRolls`
    whole : "key_stage", or none to have children by key stage
    """
    own = rolls[(rolls["plan"] == "without") & (rolls["reason"] == ALL)]
    own = own[(own["key_stage"] == ALL) == ("key_stage" in whole)]
    of_area = own["district"] == ALL
    has_total = of_area.groupby([own["year"], own["month"], own["setting"]]).transform("any")
    return own[of_area == has_total]
