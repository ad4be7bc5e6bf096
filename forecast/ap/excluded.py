"""What permanent exclusions that a council counts say of who comes to its AP schools."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.ap.flows import LAST, PANDEMIC_YEARS
from forecast.ap.little import DAYS
from forecast.domain import ALL, ApSetting, Reason
from forecast.inputs.reference_ap import figure
from forecast.model.raking import Array

MOST: float = 0.9
"""Largest share of a roll that exclusions are taken to make: stays are assumed, and a roll has other children too."""


@dataclass(frozen=True)
class Excluded:
    """What an area's own permanent exclusions say of its AP schools' roll."""

    yearly: float
    """Exclusions a year."""
    year: int
    """Last academic year counted."""
    share: float
    """Of the children without a plan on the roll, those who came because of one, 0 to `MOST`."""


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
    good = yearly[~yearly.index.isin(PANDEMIC_YEARS)]
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


def excluded_of(exclusions: pd.DataFrame, roll: float, stay: float, figures: pd.DataFrame) -> Excluded | None:
    """How much of an AP schools' roll an area's own exclusions make, by Little's law; None where none are counted.

    Of those excluded as many are taken to have a plan as of all children in AP schools: it is not published how many.

    Parameters
    ----------
    exclusions : columns of `schemas_ap.Exclusions`
    roll : children without a plan on the roll on an average day
    stay : mean calendar days of those who come for exclusion
    """
    counted = a_year(exclusions)
    if counted is None or roll <= 0:
        return None
    with_plan = figure(figures, "plan_share", setting=ApSetting.AP_SCHOOL).value
    coming = counted[0] * figure(figures, "excluded_to_ap").value * (1 - with_plan)
    return Excluded(*counted, share=min(coming * stay / DAYS / roll, MOST))


def with_excluded(shares: Array, own: float) -> Array:
    """Shares of a roll by reason with that of exclusion as it was found, the others in proportion: (reason)."""
    at = list(Reason).index(Reason.EXCLUSION)
    others = np.delete(shares, at)
    return np.insert(others / others.sum() * (1 - own), at, own)
