"""Children without a plan on the central path: what waterfalls add to the children that the rest of it carries.

To the causes comes one more between two years, how many of them there are. Off, they are as many as at the latest
census, but for what levers do to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.ap.roll import ap_forecast
from forecast.axes import band_positions
from forecast.decide.bill_ap import PRICED, price_of
from forecast.decide.unit_prices import PriceLists
from forecast.domain import KEY_STAGES, NC_YEARS, WITHOUT_PLAN, ApSetting
from forecast.model.raking import Array

MORE_OR_FEWER: Final = "children without a plan in alternative provision"
"""The cause that lies in how many there are."""


@dataclass(frozen=True, eq=False)
class CentralAp:
    """Children without a plan on one central path."""

    place_years: Mapping[ApSetting, Array]
    """Full-time places filled on average over the year, where the council pays: (year)."""
    fullest: xr.DataArray
    """Full-time places of AP schools filled in the fullest month, without luck: (year, district, key_stage)."""

    def pounds(self, lists: PriceLists) -> Array:
        """What their places cost the council, at the mean of the futures' prices: (year)."""
        each = [years * price_of(lists, setting).mean(axis=0) for setting, years in self.place_years.items()]
        return np.asarray(np.sum(each, axis=0))


def central_ap(drivers: xr.Dataset) -> CentralAp | None:
    """What is expected of them; None where nothing is known.

    Parameters
    ----------
    drivers : of one draw, any levers in them
    """
    found = ap_forecast(drivers)
    if found is None:
        return None
    one = found.filled.isel(draw=0, drop=True)
    by_setting = one.sum(["district", "key_stage", "reason"]).transpose("setting", "year")
    full = ((one * _of_ap_schools(drivers)).sum("setting") * _one(drivers["ap_peak"])).sum("reason")
    return CentralAp(
        {setting: by_setting.sel(setting=setting.value).to_numpy() for setting in PRICED},
        full.transpose("year", "district", "key_stage"),
    )


def held(figure: Array, trend: Array, at: int) -> Array:
    """A figure of one January with as many children as at the latest census, but for what levers add to it: (...).

    Parameters
    ----------
    figure, trend : (year, ...)
        With levers, and without.
    at : position of the January
    """
    return np.asarray(np.maximum(trend[0] + figure[at] - trend[at], 0))


def with_others(children: xr.DataArray, fullest: Array, label: str) -> xr.DataArray:
    """Children by band with those without a plan as one more need, in the kind of place that both fill.

    Parameters
    ----------
    children : (draw, year, district, need, band, provision)
        Of one January; the same children without a plan in every draw.
    fullest : (district, key_stage)
        Full-time places that they fill, shared evenly over the year groups of the key stage.
    """
    bands = children["band"].to_numpy().tolist()
    share = np.zeros((len(KEY_STAGES), len(bands)))
    for stage, years in enumerate(KEY_STAGES.values()):
        for year in years:
            share[stage, band_positions(bands)[NC_YEARS.index(year)]] += 1 / len(years)
    others = xr.zeros_like(children.isel(need=[0])).assign_coords(need=[WITHOUT_PLAN])
    by_band = xr.DataArray(fullest @ share, coords={"district": children["district"].to_numpy(), "band": bands},
                           dims=("district", "band"))  # fmt: skip
    others.loc[{"provision": label, "need": WITHOUT_PLAN}] = by_band
    return xr.concat([children, others], "need", join="exact")


def _of_ap_schools(drivers: xr.Dataset) -> xr.DataArray:
    """Share of the places filled in each setting that are AP schools' own: (setting)."""
    sent = float(_one(drivers["ap_hosted"])) if "ap_hosted" in drivers else 0.0
    shares = {ApSetting.AP_SCHOOL: 1.0, ApSetting.SCHOOL_ARRANGED: sent}
    labels = drivers["setting"].to_numpy().tolist()
    return xr.DataArray([shares.get(label, 0.0) for label in labels], coords={"setting": labels}, dims="setting")


def _one(array: xr.DataArray) -> xr.DataArray:
    """Of the one draw there is."""
    return array.isel(draw=0, drop=True) if "draw" in array.dims else array
