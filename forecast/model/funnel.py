"""The way from a request to a plan: what those who wait at a census say of next year's first plans.

    January t - 1 .............. January t .............. January t + 1
    waiting ----- plans of the backlog
                  requests ----- plans of new requests
                                 waiting  ----- plans of the backlog

Both shares are a council's own, pooled over the years it has counted; growth of requests is England's of starts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL
from forecast.model.cohort import first_starts

OPEN: Final = ("open_request", "open_assessment")
BOUNDS: Final = (0.5, 2.0)
"""Least and most that the waiting may multiply next year's starts by."""


@dataclass(frozen=True)
class Waiting:
    """Requests and assessments that wait at a January, and the plans expected by the next; in children."""

    year: int
    """January at which they wait."""
    open_requests: int
    """Requests not yet decided."""
    open_assessments: int
    """Assessments agreed, whose outcome is not yet decided."""
    from_backlog: float
    """Plans expected of those who wait."""
    from_new: float
    """Plans expected of requests that the year will bring."""
    requests: float
    """Requests expected in the year."""
    years: int
    """Years that the shares rest on."""

    @property
    def plans(self) -> float:
        """First plans expected in the year."""
        return self.from_backlog + self.from_new


def waiting(funnel: pd.DataFrame, year: int, growth: float) -> Waiting | None:
    """Next year's first plans as the requests and the backlog of an area foretell them.

    Parameters
    ----------
    funnel : see `inputs.schemas_counted.Funnel`
        Steps of one area; rows by district are added up where there are none of the whole.
    year : January of the latest census
    growth : log growth of requests expected in the year after it

    Returns
    -------
    None where the steps of that January are not counted, or no year before it has a backlog to learn from.
    """
    if funnel.empty:
        return None
    steps = _by_year(funnel)
    if year not in steps.index or steps.loc[year, [*OPEN, "request"]].isna().any():
        return None
    stood = steps[list(OPEN)].sum(axis=1, min_count=len(OPEN)).rename("stood")
    past = steps.join(stood.rename(index=lambda january: january + 1)).loc[:year]
    past = past.dropna(subset=["stood", "request", "plan", "plan_of_backlog"])
    if past.empty or past["stood"].sum() == 0 or past["request"].sum() == 0:
        return None
    of_backlog = past["plan_of_backlog"].sum() / past["stood"].sum()
    of_new = (past["plan"] - past["plan_of_backlog"]).sum() / past["request"].sum()
    now = steps.loc[year].to_dict()
    requests = float(now["request"] * np.exp(growth))
    return Waiting(
        year=year,
        open_requests=int(now["open_request"]),
        open_assessments=int(now["open_assessment"]),
        from_backlog=float(of_backlog * stood.loc[year]),
        from_new=float(of_new * requests),
        requests=requests,
        years=len(past),
    )


def growth_of_starts(england: xr.Dataset) -> float:
    """England's log growth of new plans a year, all ages together.

    Parameters
    ----------
    england : start_rate (need, nc_year), residents and start_trend (nc_year)
    """
    starts = england["start_rate"].sum("need") * england["residents"]
    return float(np.log((starts * np.exp(england["start_trend"])).sum() / starts.sum()))


def _by_year(funnel: pd.DataFrame) -> pd.DataFrame:
    """Children by January (rows) and step (columns); not a number where a step is not counted."""
    whole = funnel["district"].eq(ALL)
    rows = funnel[whole | ~funnel["year"].isin(funnel.loc[whole, "year"])]
    steps = [*OPEN, "request", "plan", "plan_of_backlog"]
    return rows.groupby(["year", "step"])["children"].sum().unstack().reindex(columns=steps).astype(float)


def led_by_waiting(drivers: xr.Dataset, expected: Waiting, weight: float) -> xr.Dataset:
    """`drivers` whose starts of the first year lean on the waiting list.

    All starts of that year are multiplied, in every draw alike, by (plans that the waiting foretells / starts that
    the drivers expect) to the power `weight`, within `BOUNDS`. Later years' rates are as they were: the children
    who came sooner or later stay.

    Parameters
    ----------
    weight : 0 leaves the drivers as they are, 1 believes the waiting list alone
    """
    begun = first_starts(drivers)
    starts = float(begun.sum() / begun.shape[2])
    if starts <= 0 or expected.plans <= 0:
        return drivers
    factor = float(np.clip(expected.plans / starts, *BOUNDS)) ** weight
    years = drivers["year"].to_numpy()
    by_year = xr.DataArray(np.where(years == years[0], factor, 1.0), coords={"year": years}, dims=("year",))
    return drivers.assign(start_rate=(drivers["start_rate"] * by_year).transpose(*drivers["start_rate"].dims))
