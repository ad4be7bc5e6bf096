"""The true rates of alternative provision in the invented county: England's rolls, districts and years that differ.

Stays are drawn first, and as many children come as fill England's rolls by Little's law; so what a forecast makes of
the county's records can be held against rates that are known.
"""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL, KEY_STAGES, NC_YEARS, ApSetting, KeyStage, Reason, Tier
from forecast.inputs.reference_ap import figure
from forecast.records.synthetic.ap_spans import spans
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.geography import DISTRICTS, NAMES
from forecast.records.synthetic.people import residents

STAGES: Final = tuple(stage.value for stage in KeyStage)
REASONS: Final = tuple(reason.value for reason in Reason)
SETTINGS: Final = tuple(setting.value for setting in ApSetting)
PLACES: Final = (Tier.SHORT.value, Tier.TRANSITION.value)
"""Tiers that take a place."""
TIERS: Final = (*PLACES, Tier.OUTREACH.value)
ROLLS_OF: Final = 2023
"""January of England's rolls from which the county's begin: the last that is known by key stage."""
SCHOOLS: Final = {2019: 1.0, 2020: 0.75, 2021: 0.62, 2022: 0.9, 2023: 1.0, 2024: 1.08, 2025: 1.1}
PAID_FOR: Final = {2019: 0.65, 2020: 0.6, 2021: 0.7, 2022: 0.85, 2023: 1.0, 2024: 1.1, 2025: 1.15}
"""Children who come in an academic year over those of 2022/23, to AP schools or by way of a school, and to placements
that the authority pays for. Judgement, after England: permanent exclusions were 7,900, 5,100, 3,900, 6,500, 9,376 and
10,885 from 2018/19 to 2023/24, AP schools' rolls fell less; placements grew by a sixth to January 2024."""
LEAN: Final = 0.2
"""How far districts differ, as the standard deviation of a logarithm: judgement."""
OUTREACH: Final = (0.2, 0.8, 1.5, 1.2, 0.0)
"""Children whom AP schools support in their own school in a year, of 1,000 residents of each key stage: judgement."""
OUTREACH_DAYS: Final = 84.0
"""Mean days of that support: twelve weeks, as contracts have it (Bradford District PRU, Enfield); judgement."""
_POINTS: Final = 4096
"""Points of the grid over which mean stays are worked out."""


def ap_rates(england: Array, figures: pd.DataFrame, rolls: pd.DataFrame, years: range, seed: int) -> xr.Dataset:
    """Rates at which children without a plan come, and how long they stay.

    Parameters
    ----------
    england : (age from 0 to 24)
        England's residents at mid-2024.
    figures, rolls : as `reference_ap.read_ap_figures` and `read_england_rolls` give them
    years : Januaries of the academic years
    seed : says how districts differ

    Returns
    -------
    rate : (year, district, key_stage, reason, setting) children who come in an academic year, for each resident
    transition : (key_stage, reason) share of them whose place is until the next school
    meant : (key_stage, reason, tier) mean days of a stay before the school year has its say
    stay : the same axes; mean days once it had
    back : (key_stage, tier) share of those who leave before the end of school who are in a mainstream school then
    outreach : (year, district, key_stage) children supported in their own school, for each resident
    hosted : share of those whom a school sends elsewhere who go to an AP school, as a subsidiary registration
    """
    stages, reasons = {"key_stage": list(STAGES)}, {"reason": list(REASONS)}
    transition = _table(figures, "transition_share", **stages, **reasons)
    meant = _with_outreach(_table(figures, "stay_days", **stages, **reasons, tier=list(PLACES)), OUTREACH_DAYS)
    stay = mean_stays(meant)
    short, long = (stay.sel(tier=tier, drop=True) for tier in PLACES)
    came = england_rolls(england, figures, rolls) * 365 / ((1 - transition) * short + transition * long)
    level = _levels(years) * xr.DataArray(_lean(seed), coords={"district": list(NAMES)}, dims="district")
    supported = xr.DataArray(np.array(OUTREACH) / 1000, coords=stages, dims="key_stage")
    outreach = level.sel(setting=ApSetting.AP_SCHOOL.value, drop=True) * supported
    return xr.Dataset(
        {
            "rate": (level * came).transpose("year", "district", "key_stage", "reason", "setting"),
            "transition": transition,
            "meant": meant,
            "stay": stay,
            "back": _with_outreach(_table(figures, "return_share", **stages, tier=list(PLACES)), 1.0),
            "outreach": outreach.transpose("year", "district", "key_stage"),
            "hosted": figure(figures, "hosted", setting=ApSetting.SCHOOL_ARRANGED).value,
        }
    )


def _with_outreach(table: xr.DataArray, value: float) -> xr.DataArray:
    """A table by tier, with outreach as one more."""
    other = table.isel(tier=[0]).assign_coords(tier=[Tier.OUTREACH.value])
    return xr.concat([table, xr.full_like(other, value)], "tier", join="exact")


def _levels(years: range) -> xr.DataArray:
    """Children who come in each year over those of 2022/23: (year, setting)."""
    levels = [
        [_of(year, PAID_FOR if setting == ApSetting.LA_FUNDED else SCHOOLS) for setting in SETTINGS] for year in years
    ]
    return xr.DataArray(levels, coords={"year": list(years), "setting": list(SETTINGS)}, dims=("year", "setting"))


def england_rolls(england: Array, figures: pd.DataFrame, rolls: pd.DataFrame) -> xr.DataArray:
    """England's children without a plan on roll on an average day, for each resident: (key_stage, reason, setting).

    Key stages are in the mix of all children of the January, reasons as `figures` have them.
    """
    people = by_key_stage(residents([ROLLS_OF - 1], england).sum(axis=1))[0]
    of = rolls[(rolls["year"] == ROLLS_OF) & (rolls["reason"] == ALL)].set_index(["setting", "plan", "key_stage"])
    children = of["children"].astype(float)
    parts = []
    for setting in SETTINGS:
        mix = children.loc[[(setting, ALL, stage) for stage in STAGES]].to_numpy()
        everyone = children.loc[(setting, ALL, ALL)]
        share = figure(figures, "plan_share", setting=setting).value
        without = children.get((setting, "without", ALL), everyone * (1 - share))
        shares = [figure(figures, "reason_share", setting=setting, reason=reason).value for reason in REASONS]
        of_reason = np.array(shares)
        a_day = mix / mix.sum() * without / figure(figures, "january", setting=setting).value / people
        parts.append(a_day[:, None] * of_reason / of_reason.sum())
    coords = {"key_stage": list(STAGES), "reason": list(REASONS), "setting": list(SETTINGS)}
    return xr.DataArray(np.stack(parts, axis=-1), coords=coords, dims=tuple(coords))


def mean_stays(meant: xr.DataArray) -> xr.DataArray:
    """Mean days from first to last, both counted, over an even grid of luck: (key_stage, reason, tier).

    Parameters
    ----------
    meant : (key_stage, reason, tier)
    """
    luck = _evenly()
    found = meant.copy(deep=True)
    year = np.full(_POINTS, ROLLS_OF)
    for at, stage in enumerate(STAGES):
        for tier in TIERS:
            days: dict[float, float] = {}
            for reason in REASONS:
                cell = {"key_stage": stage, "reason": reason, "tier": tier}
                mean = float(meant.loc[cell])
                if mean not in days:
                    same = np.full(_POINTS, tier == Tier.TRANSITION)
                    lived = spans(year, np.full(_POINTS, at), same, np.full(_POINTS, mean), luck)
                    days[mean] = float((lived.end - lived.start).astype(int).mean()) + 1
                found.loc[cell] = days[mean]
    return found


def by_key_stage(people: Array) -> Array:
    """Residents by key stage: the last axis, of year groups, summed."""
    at = [[NC_YEARS.index(year) for year in years] for years in KEY_STAGES.values()]
    return np.stack([people[..., here].sum(axis=-1) for here in at], axis=-1)


def _evenly() -> dict[str, Array]:
    """Lucks that fill their cube evenly: multiples of roots of primes, without their whole parts."""
    roots = np.sqrt(np.array([2.0, 3.0, 5.0, 7.0, 11.0]))
    points = (np.arange(_POINTS)[:, None] + 0.5) * roots % 1
    return dict(zip(("group", "start", "length", "summer", "onward"), points.T, strict=True))


def _table(figures: pd.DataFrame, item: str, **labels: list[str]) -> xr.DataArray:
    """A figure by its labels."""
    index = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
    values = [figure(figures, item, **dict(zip(labels, cell, strict=True))).value for cell in index]
    shape = [len(each) for each in labels.values()]
    return xr.DataArray(np.array(values).reshape(shape), coords=labels, dims=tuple(labels))


def _of(year: int, levels: dict[int, float]) -> float:
    """Level of a year; held outside the years that are known."""
    return levels[min(max(year, min(levels)), max(levels))]


def _lean(seed: int) -> Array:
    """Multiple of England's rate in each district; 1 on average over residents."""
    odds = np.exp(np.random.default_rng([seed, 5]).normal(0, LEAN, len(NAMES)))
    return np.asarray(odds / (odds * [district.share for district in DISTRICTS]).sum())
