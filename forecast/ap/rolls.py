"""Drivers of an area of which only January rolls are known: published figures.

Each count (AP schools, paid for elsewhere, arranged by schools) has a level, the last counted January; a path, which
is England's; and a range, as wide as past errors. Who comes and why is worked back from the roll with stays and
reasons that are assumed, so that rolls and arrivals agree by Little's law.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap.deviates import SD
from forecast.ap.excluded import Excluded, excluded_of, with_excluded
from forecast.ap.little import arriving
from forecast.domain import ALL, ApSetting, KeyStage, Reason
from forecast.inputs.ap_model import ApModel
from forecast.inputs.reference_ap import figure
from forecast.model.raking import Array
from forecast.model.spread import mirrored


@dataclass(frozen=True, eq=False)
class Counted:
    """Children without a plan at the last counted January of one count."""

    setting: ApSetting
    year: int
    children: float
    by_key_stage: Array
    """Of them, by key stage; sums to `children`."""
    everyone: float
    """All children of the count, those with a plan among them: what England's rate is of."""


def counted(rolls: pd.DataFrame, figures: pd.DataFrame, setting: ApSetting, model: ApModel) -> Counted | None:
    """The last January of a count of which the whole is known; None where it has none.

    Children are those without a plan: as counted or, where that is not, all less the share with a plan that is
    assumed. Key stages are in the mix of all children of that January or, where that is not told, in England's.

    Parameters
    ----------
    rolls : columns of `schemas_ap.ApRolls`
    figures : as `reference_ap.read_ap_figures` gives them
    """
    own = rolls[(rolls["setting"] == setting) & (rolls["month"] == 1) & (rolls["reason"] == ALL)]
    for year in sorted(set(own["year"]), reverse=True):
        of_year = own[own["year"] == year]
        everyone, without = (_whole(of_year[of_year["plan"] == plan]) for plan in (ALL, "without"))
        if without is None and everyone is not None:
            without = everyone * (1 - figure(figures, "plan_share", setting=setting).value)
        if without is not None:
            by_stage = without * _mix(of_year, model, setting)
            return Counted(setting, int(year), without, by_stage, without if everyone is None else everyone)
    return None


def _whole(rows: pd.DataFrame) -> float | None:
    """Children of one plan: of the area's row or, where there is none, of its districts; None where one is blank."""
    whole = rows[rows["key_stage"] == ALL]
    of_area = whole[whole["district"] == ALL]
    parts = of_area if len(of_area) else whole
    return None if parts.empty or parts["children"].isna().any() else float(parts["children"].sum())


def _mix(of_year: pd.DataFrame, model: ApModel, setting: ApSetting) -> Array:
    """Share of children in each key stage: of this January or, where one is blank or none is told, England's."""
    told = of_year[of_year["key_stage"] != ALL]
    told = told[told["plan"] == (ALL if (told["plan"] == ALL).any() else "without")]
    of_area = told[told["district"] == ALL]
    parts = of_area if len(of_area) else told
    by = parts.groupby("key_stage")["children"].sum()
    if parts["children"].isna().any() or not by.sum():
        by = model.rates[model.rates["setting"] == setting].groupby("key_stage")["children"].sum()
    shares = by.reindex([stage.value for stage in KeyStage]).fillna(0).to_numpy(dtype=float)
    return np.asarray(shares / shares.sum())


def paths(model: ApModel, known: Counted, years: Sequence[int], draws: int, whose: tuple[int, str]) -> Array:
    """Children of a count in each future and January, as multiples of the last counted: (draw, year).

    Half the futures lie above England's path and half below, along one shock that all authorities share and one of
    the area's own, as wide as past errors, the luck of small numbers in them. Whole places have their own luck besides.

    Parameters
    ----------
    whose : seed of the run, and code of the authority
    """
    seed, la_code = whose
    growth = model.path(known.setting, years, known.year)
    ahead = [max(year - known.year, 1) for year in years]
    spread = [model.spread(known.setting, each, known.children, known.year) for each in ahead]
    common = np.array([sd for sd, _ in spread])
    own = np.array([sd for _, sd in spread])
    shocks = [mirrored(draws, seed, f"{each} AP {known.setting}") / SD for each in ("England", la_code)]
    later = np.array([year > known.year for year in years])
    z = (shocks[0][:, None] * common + shocks[1][:, None] * own) * later
    return np.exp(growth + z)


def rates(
    known: Counted,
    path: Array,
    people: xr.DataArray,
    stay: xr.DataArray,
    figures: pd.DataFrame,
    excluded: Excluded | None,
) -> xr.DataArray:
    """Children who come in a year per resident of the key stage: (draw, year, key_stage, reason).

    Parameters
    ----------
    path : (draw, year) as `paths`
    people : (year, key_stage)
        Residents of the whole area, the mean of the futures: the mix of key stages moves with them.
    stay : (key_stage, reason)
        Mean calendar days, over the tiers.
    excluded : what the area's own exclusions say of this roll, if they say anything
    """
    then = people.transpose("year", "key_stage").to_numpy()
    mix = known.by_key_stage * then / np.maximum(then[0], 1.0)
    mix = mix / np.maximum(mix.sum(axis=1, keepdims=True), 1e-12)
    january = figure(figures, "january", setting=known.setting).value
    mean_roll = known.children / january * path[:, :, None] * mix
    shares = reasons(figures, known.setting)
    if excluded is not None:
        shares = with_excluded(shares, excluded.share)
    by_reason = mean_roll[..., None] * shares
    axes: Mapping[str, object] = {
        "draw": np.arange(len(path)),
        "year": people["year"].to_numpy(),
        "key_stage": people["key_stage"].to_numpy(),
        "reason": [reason.value for reason in Reason],
    }
    roll = xr.DataArray(by_reason, coords=axes, dims=tuple(axes))
    return arriving(roll, stay) / people.where(people > 0, 1.0)


def reasons(figures: pd.DataFrame, setting: ApSetting) -> Array:
    """Share of the children on a roll who came for each reason: (reason)."""
    shares = np.array([figure(figures, "reason_share", setting=setting, reason=reason).value for reason in Reason])
    return np.asarray(shares / shares.sum())


def lean(model: ApModel, known: Counted, schooled: float) -> float:
    """Multiple of the area's own level that draws it towards England's rate, where that was found to help.

    Parameters
    ----------
    schooled : residents aged 5 to 15
    """
    return float(np.exp(model.lean(known.setting, known.everyone, schooled)))


def england_roll(model: ApModel, setting: ApSetting) -> Array:
    """Children without a plan on England's January roll per resident: (key_stage)."""
    own = model.rates[model.rates["setting"] == setting].set_index("key_stage")
    own = own.reindex([stage.value for stage in KeyStage])
    return np.asarray((own["children"] / own["residents"]).fillna(0).to_numpy(dtype=float))


def england_rates(model: ApModel, stay: xr.DataArray, figures: pd.DataFrame) -> xr.DataArray:
    """England's children who come in a year per resident, worked back from its rolls: (key_stage, reason, setting).

    Parameters
    ----------
    stay : (key_stage, reason)
        Mean calendar days, over the tiers.
    """
    by_setting = []
    for setting in ApSetting:
        january = figure(figures, "january", setting=setting).value
        roll = england_roll(model, setting)[:, None] * reasons(figures, setting) / january
        by_setting.append(arriving(stay.copy(data=roll), stay))
    axis = xr.IndexVariable("setting", [setting.value for setting in ApSetting])
    return xr.concat(by_setting, axis, coords="minimal", compat="override").transpose("key_stage", "reason", "setting")


def excluded_here(
    known: Counted | None, exclusions: pd.DataFrame, stay: xr.DataArray, figures: pd.DataFrame
) -> Excluded | None:
    """What an area's own exclusions say of its AP schools' roll; None where either is not counted.

    Parameters
    ----------
    known : of the AP schools
    stay : (key_stage, reason)
        Mean calendar days, over the tiers.
    """
    if known is None or not known.children:
        return None
    weights = known.by_key_stage / known.by_key_stage.sum()
    days = float((stay.sel(reason=Reason.EXCLUSION.value).to_numpy() * weights).sum())
    january = figure(figures, "january", setting=known.setting).value
    return excluded_of(exclusions, known.children / january, days, figures)
