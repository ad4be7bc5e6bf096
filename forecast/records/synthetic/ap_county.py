"""Alternative provision of the invented county: every stay, the exclusions behind some, and the places it fills."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS, WITHOUT_PLAN, ApSetting, Provision, Tier
from forecast.inputs.schemas_ap import WITHOUT
from forecast.records.synthetic.ap_excluded import excluded
from forecast.records.synthetic.ap_rates import ap_rates, by_key_stage
from forecast.records.synthetic.ap_stays import stays_without_plan
from forecast.records.synthetic.ap_with_plan import live_on, stays_with_plan
from forecast.records.synthetic.county import County
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.geography import NAMES

BEFORE: Final = 4
"""Academic years lived before the first that is recorded, so that its first day finds a roll."""
FULL_WEEK: Final = 5.0
"""Days of a full-time week."""
MONTHS: Final = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)
"""Months of an academic year in which schools are open."""


@dataclass(frozen=True, eq=False)
class ApCounty:
    """What there is to know of the county's alternative provision."""

    since: np.datetime64
    """First day of the records: every stay that went on at any time from then on is in them."""
    seen: np.datetime64
    """Last day that they know."""
    rates: xr.Dataset
    """See `ap_rates.ap_rates`."""
    stays: pd.DataFrame
    """See `ap_stays.COLUMNS`; those that went on on some day from `since` to `seen`, their ends beyond it too."""
    exclusions: pd.DataFrame
    """exclusions.csv."""

    @property
    def fullest(self) -> pd.DataFrame:
        """Places that children without a plan fill in AP schools in the fullest month of the last academic year.

        Returns
        -------
        district, need (`WITHOUT_PLAN`), nc_year, provision and children (full-time places), as `County.children_now`
        """
        rows = self.stays[
            self.stays["plan"].eq(WITHOUT)
            & self.stays["setting"].eq(ApSetting.AP_SCHOOL)
            & self.stays["tier"].ne(Tier.OUTREACH)
        ]
        last = int(str(self.seen)[:4])
        months = [live_on(rows, third_thursday(last - (month > 8), month)) for month in MONTHS]  # noqa: PLR2004 - August
        most = max(months, key=lambda there: there["days"].sum())
        places = (most["days"] / FULL_WEEK).groupby([most["district"], most["nc_now"].rename("nc_year")]).sum()
        return places.rename("children").reset_index().assign(need=WITHOUT_PLAN, provision=Provision.ALTERNATIVE.value)


def made_ap(county: County, england: Array, figures: pd.DataFrame, rolls: pd.DataFrame, seed: int) -> ApCounty:
    """Invent the county's alternative provision; nothing else of the county depends on it.

    Parameters
    ----------
    county : its residents, and its children with a plan
    england : (age from 0 to 24)
        England's residents at mid-2024.
    figures, rolls : as `reference_ap.read_ap_figures` and `read_england_rolls` give them
    seed : the same seed gives the same children
    """
    first, last = county.censuses[0], county.censuses[-1]
    years = range(first - BEFORE, last + 1)
    rates = ap_rates(england, figures, rolls, years, seed)
    people = schooled(county.people, years)
    without = stays_without_plan(rates, people, seed, first=len(county.past.people))
    stays = pd.concat([stays_with_plan(county.past), without], ignore_index=True)
    since, seen = np.datetime64(f"{first - 1}-09-01"), np.datetime64(f"{last}-08-31")
    recorded = stays[(stays["start"] <= seen) & ~(stays["end"] < since)].reset_index(drop=True)
    return ApCounty(since, seen, rates, recorded, excluded(without, people, england, years, county.censuses, seed))


def claims(county: County, ap: ApCounty) -> pd.DataFrame:
    """Who fills the county's places, with a plan or without: columns as of `County.children_now`.

    Children with a plan are those of the latest census; those without fill AP schools in their fullest month, counted
    in full-time places, and their need is `WITHOUT_PLAN`.
    """
    return pd.concat([county.children_now, ap.fullest], ignore_index=True)


def schooled(population: pd.DataFrame, years: range) -> Array:
    """Residents of academic years: (year, district, key_stage), of the mid-year before or the nearest known.

    Parameters
    ----------
    population : population.csv
    years : Januaries
    """
    known = population.set_index(["mid_year", "district", "age"])["people"].unstack("age")
    ages = [nc_year + AGE_AT_RECEPTION for nc_year in NC_YEARS]
    mid_years = population["mid_year"]
    at = [min(max(year - 1, int(mid_years.min())), int(mid_years.max())) for year in years]
    return by_key_stage(np.stack([known.loc[year].loc[list(NAMES), ages].to_numpy(dtype=float) for year in at]))


def third_thursday(year: int, month: int) -> np.datetime64:
    """Day of a month on which its roll is counted; in January that of the census."""
    return np.busday_offset(f"{year}-{month:02d}", 2, roll="forward", weekmask="Thu")
