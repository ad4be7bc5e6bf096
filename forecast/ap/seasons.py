"""How full the fullest month is beside the average one, from rolls counted month by month."""

from typing import Final

import pandas as pd
import xarray as xr

from forecast.ap.flows import PANDEMIC
from forecast.domain import KeyStage

WHOLE_YEAR: Final = 10
"""Months counted that make a year: schools are empty in August, and July is short."""
ENOUGH: Final = 20.0
"""Children on roll on average from which on a key stage's own peak is believed: below it, luck makes peaks."""


def monthly(rolls: pd.DataFrame) -> pd.DataFrame:
    """Children without a plan on roll by academic year, month and key stage, of years counted nearly every month.

    Parameters
    ----------
    rolls : columns of `schemas_ap.ApRolls`
    """
    own = rolls[(rolls["plan"] == "without") & rolls["children"].notna()]
    own = own[own["key_stage"].isin([stage.value for stage in KeyStage])]
    table = own.pivot_table(index=["year", "month"], columns="key_stage", values="children", aggfunc="sum")
    months = table.groupby("year").size()
    return table.fillna(0).loc[
        lambda rows: rows.index.get_level_values("year").isin(months[months >= WHOLE_YEAR].index)
    ]


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
    good = of_year[~years.isin(PANDEMIC)]
    return max(float((good if len(good) else of_year).groupby(level="month").mean().max()), 1.0)
