"""Alternative provision among the drivers: variables that a policy may move, as the rest of a forecast's.

    ap_rate        draw, year, [district,] key_stage, reason, setting   children who come in a year, per resident
    ap_rate_now    the same without year: of the census year
    ap_stay        [draw,] key_stage, reason, tier [, setting]  mean calendar days of a stay
    ap_transition  key_stage, reason [, setting]        share of those who come who take a transition place
    ap_return      key_stage, tier                      share of those who leave who go back to a mainstream school
    ap_week        setting                              share of a full-time week that a child attends
    ap_peak        draw, key_stage                      fullest month as a multiple of the year's mean
    ap_hosted      draw                                 share of school-arranged places that are AP schools';
                                                        absent where records count such children at the AP school

Attributes: ap_headroom, ap_counted, ap_last, ap_basis, ap_notes, ap_supported_now. Levers add what `roll` says.
"""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.ap import flows, given, rolls, seasons, stays
from forecast.ap.level import AGES
from forecast.ap.little import mean_stay
from forecast.ap.notes import of_published, of_records
from forecast.ap.roll import DIMS, by_key_stage, key_of, residents
from forecast.domain import ApSetting, Tier
from forecast.errors import Fault, InputFaults
from forecast.inputs.ap_model import ApModel
from forecast.inputs.area import Area
from forecast.inputs.reference_ap import figure
from forecast.inputs.schemas_ap import FULL_WEEK, MONTHS_A_YEAR

SCHOOLED: Final = [age - 4 for age in AGES]
"""Year groups of the residents that England's rates are of."""
NOTHING_TOLD: Final = Fault(
    "ap_rolls.csv",
    0,
    "",
    "does not say how many children without a plan are in alternative provision",
    "add a row of month 1 with reason and key_stage `all` and plan `without` or `all`, or arrivals of such children",
)
"""What is said of tables that are there and hold no figure to start from."""


def with_ap(
    drivers: xr.Dataset, area: Area, model: ApModel, figures: pd.DataFrame, history: xr.DataArray
) -> xr.Dataset:
    """`drivers` with those of alternative provision; the very same where the area has no figures on it.

    Parameters
    ----------
    drivers : for its population, draws, years and seed
    model : England's
    figures : as `reference_ap.read_ap_figures`, the area's own in place of those that ship
    history : (year, district, nc_year)
        Residents of the years of the area's own arrivals.

    Raises
    ------
    InputFaults
        Neither arrivals nor rolls say how many children without a plan there are.
    """
    if not flows.levels(area.ap_arrivals).empty:
        return _from_records(drivers, area, model, figures, history)
    return _from_rolls(drivers, area, model, figures) if area.has_ap else drivers


def _common(drivers: xr.Dataset, figures: pd.DataFrame) -> xr.Dataset:
    """What both ways take from the table of figures."""
    draws, seed = int(drivers.attrs["draws"]), int(drivers.attrs["seed"])
    return xr.Dataset(
        {
            "ap_stay": given.assumed_stays(figures),
            "ap_transition": given.transition_shares(figures),
            "ap_return": given.return_shares(figures),
            "ap_week": given.weeks(figures),
            "ap_peak": given.peaks(figures, draws, seed),
        }
    )


def _from_rolls(drivers: xr.Dataset, area: Area, model: ApModel, figures: pd.DataFrame) -> xr.Dataset:
    """From January rolls alone: one rate for all districts."""
    people = _of_area(drivers)
    years, draws = people["year"].to_numpy().tolist(), int(drivers.attrs["draws"])
    whose = (int(drivers.attrs["seed"]), area.about.la_code)
    common = _common(drivers, figures)
    stay = mean_stay(common["ap_stay"], common["ap_transition"])
    schooled = float(drivers["population_now"].sel(nc_year=SCHOOLED).sum())
    known = {setting: rolls.counted(area.ap_rolls, figures, setting, model) for setting in ApSetting}
    told = {setting: found for setting, found in known.items() if found is not None}
    if not told:
        raise InputFaults([NOTHING_TOLD])
    excluded = rolls.excluded_here(known[ApSetting.AP_SCHOOL], area.exclusions, stay, figures)
    made = {
        setting: rolls.rates(
            found,
            rolls.paths(model, found, years, draws, whose) * rolls.lean(model, found, schooled),
            people,
            stay,
            figures,
            excluded if setting is ApSetting.AP_SCHOOL else None,
        )
        for setting, found in told.items()
    }
    nobody = xr.zeros_like(next(iter(made.values())))
    every = [made.get(setting, nobody) for setting in ApSetting]
    rate = xr.concat(every, xr.IndexVariable("setting", given.SETTINGS), coords="minimal", compat="override")
    if {ApSetting.AP_SCHOOL, ApSetting.SCHOOL_ARRANGED} <= set(told):
        common["ap_hosted"] = given.hosted(figures, draws, whose[0])
    return _joined(drivers, rate, common).assign_attrs(
        ap_headroom=figure(figures, "headroom").value,
        ap_figures=figures.to_dict("records"),
        ap_counted={setting.value: found.year for setting, found in told.items()},
        ap_last={setting.value: found.children for setting, found in told.items()},
        ap_basis="published",
        ap_notes=of_published(told, years[0], excluded),
        ap_supported_now=0.0,
    )


def _from_records(
    drivers: xr.Dataset, area: Area, model: ApModel, figures: pd.DataFrame, history: xr.DataArray
) -> xr.Dataset:
    """From arrivals and stays that the area counted itself."""
    draws, seed = int(drivers.attrs["draws"]), int(drivers.attrs["seed"])
    level, people = flows.levels(area.ap_arrivals), _of_area(drivers)
    counts, seen = flows.table(level, area.about.district_names), flows.months(level)
    last = int(area.ap_arrivals["year"].max())
    since = _since(model, counts["year"].to_numpy().tolist(), last)
    exposed = (by_key_stage(history).sel(year=counts["year"].to_numpy()) * seen * since).sum("year")
    common = _common(drivers, figures)
    england = rolls.england_rates(model, mean_stay(common["ap_stay"], common["ap_transition"]), figures)
    spread = flows.overdispersion(counts, seen)
    found = flows.pooled(counts.sum("year"), exposed, england, spread)
    rate = flows.drawn(found, draws, seed) * _onward(drivers, area, model, found, people, spread)
    days, ended = stays.stays(area.ap_stays, figures)
    common["ap_stay"] = stays.drawn_stays(days, ended, figures, draws, seed)
    common["ap_transition"] = stays.transition(level, figures)
    common["ap_return"] = stays.returned(area.ap_stays, figures)
    common["ap_week"] = seasons.of_rolls(area.ap_rolls, common["ap_week"], FULL_WEEK)
    common["ap_peak"] = seasons.fullest(area.ap_rolls, common["ap_peak"])
    return _joined(drivers, rate, common).assign_attrs(
        ap_headroom=figure(figures, "headroom").value,
        ap_figures=figures.to_dict("records"),
        ap_counted=dict.fromkeys(given.SETTINGS, last),
        ap_last=_on_roll_in(last, area.ap_rolls, figures, model),
        ap_basis="records",
        ap_notes=of_records(area, counts["year"].to_numpy().tolist(), spread),
        ap_supported_now=_supported_in(last, area.ap_arrivals),
    )


def _since(model: ApModel, years: list[int], last: int) -> xr.DataArray:
    """What a year's residents brought, as a share of what they would bring in the last one: (year, setting)."""
    grown = [[model.path(setting, [last], since=year)[0] for setting in ApSetting] for year in years]
    return xr.DataArray(np.exp(-np.array(grown)), {"year": years, "setting": given.SETTINGS}, ("year", "setting"))


def _supported_in(year: int, arrivals: pd.DataFrame) -> float:
    """Children without a plan whom outreach supported in a year, one seen in part brought to twelve months."""
    own = arrivals[(arrivals["tier"] == Tier.OUTREACH) & (arrivals["plan"] == "without") & (arrivals["year"] == year)]
    return float(own["children"].sum() * MONTHS_A_YEAR / own["months"].max()) if len(own) else 0.0


def _on_roll_in(january: int, known: pd.DataFrame, figures: pd.DataFrame, model: ApModel) -> dict[str, float]:
    """Setting -> children without a plan on roll; none of a setting that was not counted in that January."""
    of_year = known[known["year"] == january]
    found = {setting: rolls.counted(of_year, figures, setting, model) for setting in ApSetting}
    return {setting.value: told.children for setting, told in found.items() if told is not None}


def _onward(
    drivers: xr.Dataset, area: Area, model: ApModel, found: xr.Dataset, people: xr.DataArray, spread: float
) -> xr.DataArray:
    """Multiples of the counted rates in each year to come: England's path, its doubt, and the swings of single years.

    Returns
    -------
    (draw, year, key_stage, setting)
    """
    draws, seed = int(drivers.attrs["draws"]), int(drivers.attrs["seed"])
    years, last = people["year"].to_numpy().tolist(), int(area.ap_arrivals["year"].max())
    coming = (found["rate"].sum("reason") * by_key_stage(drivers["population_now"])).sum("district")
    by_setting = []
    for setting in ApSetting:
        own = coming.sel(setting=setting.value).transpose("key_stage").to_numpy()
        known = rolls.Counted(setting, last, float(own.sum()), own, float(own.sum()))
        path = rolls.paths(model, known, years, draws, (seed, area.about.la_code))
        excess = spread - model.luck_in_a_year(setting)
        streams = [key_of(f"{setting} {year}") for year in years]
        swing = np.stack([flows.swings(own, excess, draws, seed + each) for each in streams], axis=1)
        by_setting.append(path[:, :, None] * swing)
    coords = {"draw": np.arange(draws), "year": years, "key_stage": given.STAGES, "setting": given.SETTINGS}
    return xr.DataArray(np.stack(by_setting, axis=-1), coords=coords, dims=tuple(coords))


def _of_area(drivers: xr.Dataset) -> xr.DataArray:
    """Residents of the whole area by key stage, the mean of the futures, the census first: (year, key_stage)."""
    people = by_key_stage(residents(drivers)).sum("district")
    return people.mean("draw") if "draw" in people.dims else people


def _joined(drivers: xr.Dataset, rate: xr.DataArray, common: xr.Dataset) -> xr.Dataset:
    """`drivers` with a rate whose first year is that of the census, and the rest."""
    order = [axis for axis in DIMS if axis in rate.dims]
    rate = rate.transpose(*order)
    rates = {"ap_rate": rate.isel(year=slice(1, None)), "ap_rate_now": rate.isel(year=0, drop=True)}
    return drivers.assign(rates | {name: common[name] for name in common})
