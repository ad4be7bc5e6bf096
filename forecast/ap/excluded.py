"""What permanent exclusions that a council counts say of who comes to its AP schools."""

import numpy as np
import pandas as pd

from forecast.ap.flows import LAST, PANDEMIC
from forecast.domain import ALL, Reason
from forecast.inputs.reference_ap import figure
from forecast.model.raking import Array

MOST: float = 0.9
"""Largest share of a roll that exclusions are taken to make: stays are assumed, and a roll has other children too."""


def a_year(exclusions: pd.DataFrame) -> tuple[float, int] | None:
    """Permanent exclusions in a year, and the last year counted; None where none are.

    The mean of the last years that are no pandemic's, a year seen in part brought to twelve months.

    Parameters
    ----------
    exclusions : columns of `schemas_ap.Exclusions`
    """
    yearly = yearly_exclusions(exclusions)
    if yearly.empty:
        return None
    good = yearly[~yearly.index.isin(PANDEMIC)]
    last = (good if len(good) else yearly).tail(LAST)
    return float(last.mean()), int(last.index.max())


def yearly_exclusions(exclusions: pd.DataFrame) -> "pd.Series[float]":
    """Permanent exclusions of the area by academic year, a year seen in part brought to twelve months: index year.

    Parameters
    ----------
    exclusions : columns of `schemas_ap.Exclusions`
    """
    known = exclusions[exclusions["permanent"].notna()]
    if known.empty:
        return pd.Series(dtype=float)
    by_year = _of_area(known).groupby("year")
    return by_year["permanent"].sum() * 12 / by_year["months"].max()


def _of_area(known: pd.DataFrame) -> pd.DataFrame:
    """Rows that add up to the area, each exclusion once: its total or, failing that, its districts or key stages."""
    no_district, no_stage = known["district"] == ALL, known["key_stage"] == ALL
    ways = (no_district & no_stage, ~no_district & no_stage, no_district & ~no_stage, ~no_district & ~no_stage)
    return next(known[way] for way in ways if way.any())


def with_excluded(shares: Array, yearly: float, roll: float, stay: float, figures: pd.DataFrame) -> Array:
    """Shares of a roll by reason, with that of exclusion as so many a year make it: (reason).

    Parameters
    ----------
    shares : (reason) summing to 1, as assumed
    yearly : permanent exclusions a year
    roll : children without a plan on the AP schools' roll on an average day
    stay : mean calendar days of those who come for exclusion
    """
    at = list(Reason).index(Reason.EXCLUSION)
    coming = yearly * figure(figures, "excluded_to_ap").value
    own = min(coming * stay / 365 / roll, MOST) if roll else 0.0
    others = np.delete(shares, at)
    return np.insert(others / others.sum() * (1 - own), at, own)
