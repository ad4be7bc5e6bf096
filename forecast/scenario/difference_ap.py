"""What levers on alternative provision make of it, as figures that can be told: children, days and shares.

The drivers hold multiples and shares apart from what they act on, as several levers may; nobody reads those.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import xarray as xr

from forecast.ap.roll import has_ap
from forecast.domain import Tier
from forecast.scenario.ap_lever import coming
from forecast.scenario.dated import in_order

TOLD: Final[Mapping[str, str]] = {
    "ap_multiple": "ap_coming",
    "ap_kept": "ap_coming",
    "ap_supported": "ap_helped",
    "ap_stay_multiple": "ap_days",
    "ap_to_short": "ap_in_transition",
    "ap_return_more": "ap_returning",
}
"""Variable that levers put into the drivers -> the figure of `figures` that it is told by."""


def changed(before: xr.Dataset, after: xr.Dataset) -> Iterator[str]:
    """Names of the figures of which the variables behind them are not the very same."""
    for figure in dict.fromkeys(TOLD.values()):
        behind = [name for name, told in TOLD.items() if told == figure and name in after]
        if any(name not in before or before[name].variable.data is not after[name].variable.data for name in behind):
            yield figure


def figures(drivers: xr.Dataset) -> xr.Dataset:
    """Figures on alternative provision in each year to come; no variables where the area has none.

    Returns
    -------
    ap_coming : (draw, year, district, key_stage, reason, setting), children who come in a year
    ap_helped : (draw, year), children whom levers support in their own schools
    ap_days : ([draw,] year, key_stage, reason, tier [, setting]), mean calendar days of a stay
    ap_in_transition : ([draw,] year, key_stage, reason [, setting]), share who take a transition place
    ap_returning : ([draw,] year, key_stage, tier), share of leavers who go to a mainstream school
    ap_stays : (year, key_stage, reason, tier, setting), children who come, the mean of the futures: a weight
    """
    if not has_ap(drivers):
        return xr.Dataset()
    come, years = coming(drivers), drivers["year"]
    nothing, one = xr.DataArray(0.0), xr.DataArray(1.0)
    long = drivers["ap_transition"] * (1 - drivers.get("ap_to_short", nothing))
    by_tier = xr.where(drivers["tier"] == Tier.TRANSITION, long, 1 - long)
    children = come.mean("draw").sum("district") * by_tier
    made = {
        "ap_coming": come,
        "ap_helped": drivers.get("ap_supported", nothing),
        "ap_days": drivers["ap_stay"] * drivers.get("ap_stay_multiple", one),
        "ap_in_transition": long,
        "ap_returning": drivers["ap_return"] + drivers.get("ap_return_more", nothing),
        "ap_stays": children.mean("draw") if "draw" in children.dims else children,
    }
    return xr.Dataset({name: _by_year(array, years) for name, array in made.items()})


def _by_year(array: xr.DataArray, years: xr.DataArray) -> xr.DataArray:
    """`array`, the same in every year where it has none."""
    return in_order(array if "year" in array.dims else array.expand_dims(year=years.to_numpy()))
