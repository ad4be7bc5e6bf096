"""Stays in alternative provision of children without a plan, one by one, by the true rates.

They come in numbers that vary more than by chance, since a whole year is good or bad. The setting is where a child is:
those whom a mainstream school sends to an AP school are there as a subsidiary registration, beside its own roll of sole
and main ones, which is all that England's rolls of AP schools count.
"""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ApSetting, Reason, Tier
from forecast.inputs.schemas_ap import WITHOUT
from forecast.records.synthetic.ap_rates import REASONS, SETTINGS, TIERS
from forecast.records.synthetic.ap_registrations import days_a_week, registrations
from forecast.records.synthetic.ap_spans import spans
from forecast.records.synthetic.ap_terms import left_school
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.geography import NAMES

SWING: Final = 0.1
"""How far arrivals of a key stage for a reason swing from year to year, as a share of the mean: judgement."""
AGAIN: Final = 0.5
"""Share of stays that are of the child of the one before, where this, of the same district and age, has ended: so
that one child in twenty comes again. Judgement."""
BESIDE: Final = 0.25
"""Share of dual main registrations with tuition that the authority pays for on the other days: judgement."""
GAP: Final = 14
"""Days between two stays of a child, at least."""
WEEKEND: Final = 3
"""Days before the end of school in which nobody goes back to one."""
LUCKS: Final = ("group", "start", "length", "summer", "onward", "tier", "back", "kind", "days", "again", "beside")
COLUMNS: Final = (
    *("child", "start", "end", "nc_year", "reason", "setting", "plan", "registration", "days"),
    *("district", "tier", "returned", "beside"),
)
"""child (a number), start, end (last day), nc_year (on the first day), the labels, days (a week), returned and beside
(whether another stay of the child goes on with it, which is its main one)."""
_PLACED: Final = ("district", "key_stage", "reason", "setting")


def stays_without_plan(
    rates: xr.Dataset, people: Array, seed: int, *, first: int = 0, swing: float = SWING
) -> pd.DataFrame:
    """Stays of children without a plan that begin in the academic years of `rates`: `COLUMNS`.

    Parameters
    ----------
    rates : as `ap_rates.ap_rates` gives them
    people : (year, district, key_stage)
        Residents of each academic year.
    seed : says who comes and when; each academic year has luck of its own
    first : number of the first child, beyond all of those with a plan
    swing : see `SWING`
    """
    years = rates["year"].to_numpy().tolist()
    parts = [_of_year(rates, people[at], year, seed, swing) for at, year in enumerate(years)]
    table = pd.concat(parts, ignore_index=True)
    return _besides(table.assign(child=first + _children(table)))


def _of_year(rates: xr.Dataset, people: Array, year: int, seed: int, swing: float) -> pd.DataFrame:
    """Stays that begin in one academic year, and the lucks that are still to be used."""
    rng = np.random.default_rng([seed, 7, year])
    cells = _drawn(rng, rates.sel(year=year), people, swing)
    luck = dict(zip(LUCKS, rng.random((len(LUCKS), len(cells))), strict=True))
    district, stage, reason, setting = (cells[name].to_numpy() for name in _PLACED)
    long = luck["tier"] < rates["transition"].to_numpy()[stage, reason]
    tier = np.where(cells["outreach"], TIERS.index(Tier.OUTREACH), long)
    years = np.full(len(cells), year)
    meant = rates["meant"].to_numpy()[stage, reason, tier]
    lived = spans(years, stage, tier == TIERS.index(Tier.TRANSITION), meant, luck)
    at_school = lived.end < left_school(years, lived.nc_year) - WEEKEND
    table = pd.DataFrame(
        {
            "start": lived.start,
            "end": lived.end,
            "nc_year": lived.nc_year,
            "reason": np.array(REASONS)[reason],
            "setting": np.array(SETTINGS)[setting],
            "plan": WITHOUT,
            "district": np.array(NAMES)[district],
            "tier": np.array(TIERS)[tier],
            "returned": at_school & (luck["back"] < rates["back"].to_numpy()[stage, tier]),
            "cohort": year - lived.nc_year,
            "again": luck["again"],
            "beside": luck["beside"],
        }
    )
    registration = registrations(table, float(rates["hosted"]), luck["kind"])
    table = table.assign(registration=registration, days=days_a_week(table, registration, luck["days"]))
    at_ap = table["registration"].eq("dual_subsidiary")
    return table.assign(setting=table["setting"].mask(at_ap, ApSetting.AP_SCHOOL.value))


def _drawn(rng: np.random.Generator, rates: xr.Dataset, people: Array, swing: float) -> pd.DataFrame:
    """Children who come in a year, a row each: positions of their labels, and whether it is for outreach."""
    mean = rates["rate"].to_numpy() * people[:, :, None, None]
    swings = rng.gamma(1 / swing**2, swing**2, mean.shape[1:3]) if swing else np.ones(mean.shape[1:3])
    placed = rng.poisson(mean * swings[None, :, :, None])
    helped = np.zeros_like(placed)
    there = REASONS.index(Reason.TIME_LIMITED), SETTINGS.index(ApSetting.AP_SCHOOL)
    helped[:, :, *there] = rng.poisson(rates["outreach"].to_numpy() * people)
    cells = [np.repeat(np.arange(count.size), count.ravel()) for count in (placed, helped)]
    at = np.unravel_index(np.concatenate(cells), placed.shape)
    outreach = np.arange(len(at[0])) >= len(cells[0])
    return pd.DataFrame(dict(zip(_PLACED, at, strict=True))).assign(outreach=outreach)


def _children(table: pd.DataFrame) -> Array:
    """Number of each stay's child: a few come again, once another of the same district and age has left for good.

    Children of outreach are others than those of a place.
    """
    apart = table["tier"].eq(Tier.OUTREACH)
    order = table.assign(apart=apart).sort_values(["apart", "district", "cohort", "start", "end"], kind="stable")
    alike = order[["apart", "district", "cohort"]].eq(order[["apart", "district", "cohort"]].shift()).all(axis=1)
    gone = (order["start"] - order["end"].shift()).dt.days > GAP
    same = alike & gone & (order["again"] < AGAIN) & ~order["apart"]
    return (~same).cumsum().reindex(table.index).to_numpy() - 1


def _besides(table: pd.DataFrame) -> pd.DataFrame:
    """The stays and, beside a few dual main ones, tuition on the days that they leave free."""
    dual = table["registration"].eq("dual_main") & table["days"].lt(5) & (table["beside"] < BESIDE)
    extra = table[dual].assign(
        setting=ApSetting.LA_FUNDED.value, registration="none", days=lambda rows: 5 - rows["days"], beside=True
    )
    both = pd.concat([table.assign(beside=False), extra], ignore_index=True)
    return both[list(COLUMNS)]
