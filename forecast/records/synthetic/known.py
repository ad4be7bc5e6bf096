"""What a council knows of its children on a census day: everything up to it and nothing beyond."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from forecast.records.census import census_day
from forecast.records.synthetic.children import ARRIVE
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.histories import Histories


@dataclass(frozen=True, eq=False)
class Known:
    """What has happened by one census day."""

    past: Histories
    """Lived for at least a year beyond the census."""
    places: pd.DataFrame
    """From `schools.schools`."""
    census: int
    """January."""
    luck: Array
    """(children) numbers from 0 to 1 that stay with a child from return to return."""
    number: Array
    """(children) each child's own number, in no order that tells anything."""

    @property
    def day(self) -> np.datetime64:
        """Census day."""
        return np.datetime64(census_day(self.census).date(), "D")

    @property
    def opens(self) -> np.datetime64:
        """First day of the calendar year before."""
        return np.datetime64(f"{self.census - 1}-01-01", "D")

    @cached_property
    def plans(self) -> pd.DataFrame:
        """Plans in force on the day or since `opens`, by child; `entered` is when the plan came to the county."""
        plans = self.past.plans
        entry = self.past.spells.groupby("child")["entry"].first()
        entered = plans["start"].where(plans["came"] != ARRIVE, entry)
        ended = plans["cease"].notna() & (plans["cease"] <= self.opens)
        return plans.assign(entered=entered)[(entered <= self.day) & ~ended]

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Requests by child: those behind `plans`, those waiting, those that ended without a plan since `opens`."""
        asked = self.past.requests
        closed = asked["decided"].where(~asked["agreed"], asked["assessed"])
        begun = self.past.plans.index[self.past.plans["start"] <= self.day]
        unmade = asked["received"].notna() & ~asked.index.isin(begun)
        waits = unmade & (asked["received"] <= self.day) & (asked["made"] | (closed >= self.opens))
        kept = asked[asked.index.isin(self.plans.index) | waits]
        return kept.loc[kept.index[np.argsort(self.number[kept.index], kind="stable")]]

    @cached_property
    def spells(self) -> pd.DataFrame:
        """Placements since `opens` that had begun by the day, each child's in order."""
        spells = self.past.spells
        left = spells["leaving"].notna() & (spells["leaving"] < self.opens)
        return spells[(spells["entry"] <= self.day) & ~left]

    def by(self, dates: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
        """`dates` up to the day; those beyond it are not known."""
        return dates.mask(dates > self.day)
