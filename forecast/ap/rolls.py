"""Drivers of an area of which only January rolls are known: published figures.

Each count (AP schools, paid for elsewhere, arranged by schools) has a level, the last counted January; a path, which
is England's; and a range, as wide as past errors. Who comes and why is worked back from the roll with stays and
reasons that are assumed, so that rolls and arrivals agree by Little's law.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap.excluded import a_year, with_excluded
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


def counted(rolls: pd.DataFrame, figures: pd.DataFrame, setting: ApSetting) -> Counted | None:
    """The last January of a count; None where it has none.

    Children are those without a plan: as counted or, where that is not, all less the share with a plan that is
    assumed. Key stages are in the mix of all children of that January.

    Parameters
    ----------
    rolls : columns of `schemas_ap.ApRolls`
    figures : as `reference_ap.read_ap_figures` gives them
    """
    own = rolls[(rolls["setting"] == setting) & (rolls["month"] == 1) & rolls["children"].notna()]
    whole = own[(own["reason"] == ALL) & (own["key_stage"] == ALL)]
    if whole.empty:
        return None
    year = int(whole["year"].max())
    of_year, totals = own[own["year"] == year], whole[whole["year"] == year]
    everyone, without = _sum(totals, ALL), _sum(totals, "without")
    if without is None and everyone is None:
        return None
    if without is None:
        without = (everyone or 0.0) * (1 - figure(figures, "plan_share", setting=setting).value)
    return Counted(setting, year, without, without * _mix(of_year), without if everyone is None else everyone)


def _sum(totals: pd.DataFrame, plan: str) -> float | None:
    """Children of the rows of a plan, over districts where there is no row for all of them; None without rows."""
    rows = totals[totals["plan"] == plan]
    if rows.empty:
        return None
    of_area = rows[rows["district"] == ALL]
    return float((of_area if len(of_area) else rows)["children"].sum())


def _mix(of_year: pd.DataFrame) -> Array:
    """Share of children in each key stage; even where none is told."""
    told = of_year[(of_year["key_stage"] != ALL) & (of_year["reason"] == ALL)]
    told = told[told["plan"] == (ALL if (told["plan"] == ALL).any() else "without")]
    by = told.groupby("key_stage")["children"].sum().reindex([stage.value for stage in KeyStage]).fillna(0).to_numpy()
    return np.asarray(by / by.sum() if by.sum() else np.full(len(KeyStage), 1 / len(KeyStage)))


def paths(model: ApModel, known: Counted, years: Sequence[int], draws: int, whose: tuple[int, str]) -> Array:
    """Children of a count in each future and January, as multiples of the last counted: (draw, year).

    Half the futures lie above England's path and half below, along one shock that all authorities share and one of
    the area's own. The luck of small numbers, which past errors of small authorities held too, is left out here.

    Parameters
    ----------
    whose : seed of the run, and code of the authority
    """
    seed, la_code = whose
    growth = model.path(known.setting, years, known.year)
    ahead = [max(year - known.year, 1) for year in years]
    spread = [model.spread(known.setting, each, known.children, known.year) for each in ahead]
    common = np.array([sd for sd, _ in spread])
    own = np.sqrt(np.maximum(np.array([sd for _, sd in spread]) ** 2 - 1 / max(known.children, 1.0), 0))
    shocks = [mirrored(draws, seed, f"{each} AP {known.setting}") / _SD for each in ("England", la_code)]
    later = np.array([year > known.year for year in years])
    z = (shocks[0][:, None] * common + shocks[1][:, None] * own) * later
    return np.exp(growth + z)


_SD: Final = float(np.std(mirrored(200, 1, "any")))
"""Standard deviation of the deviates, so that a range has the width that was measured."""


def rates(
    known: Counted,
    path: Array,
    people: xr.DataArray,
    stay: xr.DataArray,
    figures: pd.DataFrame,
    exclusions: pd.DataFrame,
) -> xr.DataArray:
    """Children who come in a year per resident of the key stage: (draw, year, key_stage, reason).

    Parameters
    ----------
    path : (draw, year) as `paths`
    people : (year, key_stage)
        Residents of the whole area, the mean of the futures: the mix of key stages moves with them.
    stay : (key_stage, reason)
        Mean calendar days, over the tiers.
    exclusions : columns of `schemas_ap.Exclusions`; the area's own, which say how many of an AP school's children
        were excluded
    """
    then = people.transpose("year", "key_stage").to_numpy()
    mix = known.by_key_stage * then / np.maximum(then[0], 1.0)
    mix = mix / np.maximum(mix.sum(axis=1, keepdims=True), 1e-12)
    january = figure(figures, "january", setting=known.setting).value
    mean_roll = known.children / january * path[:, :, None] * mix
    shares = reasons(figures, known.setting)
    counted_here = a_year(exclusions)
    if counted_here is not None and known.setting is ApSetting.AP_SCHOOL:
        weights = known.by_key_stage / max(known.by_key_stage.sum(), 1e-12)
        of_excluded = float((stay.sel(reason=Reason.EXCLUSION.value).to_numpy() * weights).sum())
        shares = with_excluded(shares, counted_here[0], known.children / january, of_excluded, figures)
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
