"""Little's law: children on roll = children who come x how long they stay, whatever the pattern of either.

    614 who come in a year, 202 days each, on average:  614 x 202 / 365 = 340 on roll on an average day

It is an identity of averages (J. D. C. Little, "A proof for the queuing formula L = lambda W", Operations Research 9,
1961), so it needs no assumption on luck, seasons or the spread of stays; what it asks for is that arrivals and stays
are as they have been for longer than a stay lasts. `carried_over` says how a change works its way in.
"""

from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import Tier
from forecast.model.raking import Array

DAYS: Final = 365
"""Calendar days in a year: stays are counted from the first day to the last, holidays included."""


def on_roll(arrivals: xr.DataArray, stay: xr.DataArray) -> xr.DataArray:
    """Children on roll on an average day.

    Parameters
    ----------
    arrivals : children who come in a year
    stay : mean calendar days from first day to last, on axes of `arrivals` or fewer
    """
    return arrivals * stay / DAYS


def arriving(children: xr.DataArray, stay: xr.DataArray) -> xr.DataArray:
    """Children who come in a year where `children` are on roll on an average day: `on_roll` turned round."""
    return children * DAYS / stay


def mean_stay(stay: xr.DataArray, transition: xr.DataArray) -> xr.DataArray:
    """Mean stay of those who come, over the tiers that take a place.

    Parameters
    ----------
    stay : (..., tier), calendar days
    transition : (...)
        Share of those who come who take a transition place.
    """
    short, long = (stay.sel(tier=tier.value, drop=True) for tier in (Tier.SHORT, Tier.TRANSITION))
    return (1 - transition) * short + transition * long


def places(arrivals: float, stay: float, peak: float = 1.0, headroom: float = 0.0, week: float = 1.0) -> float:
    """Full-time places that are enough in the fullest month, with some kept free.

    Parameters
    ----------
    arrivals : children who come in a year
    stay : mean calendar days
    peak : fullest month as a multiple of the average
    headroom : share to be kept free
    week : share of a full-time week that a child attends
    """
    return arrivals * stay / DAYS * week * peak * (1 + headroom)


def shares_of_stay(stay: Array, years: int) -> Array:
    """Share of the time of those who come in a year that falls in that year, in the next, ...: (..., years).

    Children come evenly through the year and leave at a steady rate, so that of a mean of m years a share
    1 - m(1 - exp(-1/m)) falls in the first, and m (1 - exp(-1/m))^2 exp(-(a - 1)/m) in the a-th after it. What would
    fall past the last year given counts in it.

    Parameters
    ----------
    stay : mean calendar days, any axes
    """
    mean = np.maximum(np.asarray(stay, dtype=float), 1.0)[..., None] / DAYS
    left = np.exp(-1 / mean)
    after = np.arange(years)
    share = np.where(after == 0, 1 - mean * (1 - left), mean * (1 - left) ** 2 * left ** np.maximum(after - 1, 0))
    share[..., -1] += 1 - share.sum(axis=-1)
    return np.asarray(share)


def carried_over(child_years: Array, stay: Array) -> Array:
    """Child-years that each year's arrivals bring, spread over the years in which they are on roll.

    Parameters
    ----------
    child_years : (year, ...)
        By year of arrival; of those who came before the first year nothing is told.
    stay : (year, ...) of the same number of axes, of length 1 where it does not differ
        Mean calendar days of those who come in the year.
    """
    years, spread = len(child_years), np.zeros_like(child_years)
    for came in range(years):
        shares = np.moveaxis(shares_of_stay(stay[min(came, len(stay) - 1)], years), -1, 0)
        spread[came:] += shares[: years - came] * child_years[came]
    return spread
