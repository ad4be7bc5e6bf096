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
from forecast.decide.bill_ap import PRICED, price_of
from forecast.decide.unit_prices import PriceLists
from forecast.domain import WITHOUT_PLAN, ApSetting
from forecast.model.raking import Array
from forecast.places.claims import years_in_bands

MORE_OR_FEWER: Final = "children without a plan in alternative provision"
"""The cause that lies in how many there are."""


@dataclass(frozen=True, eq=False)
class CentralAp:
    """Children without a plan on one central path."""

    place_years: Mapping[ApSetting, Array]
    """Full-time places filled on average over the year, where the council pays: (year)."""
    fullest: xr.DataArray
    """Full-time places of AP schools filled in the fullest month, without luck: (year, district, key_stage)."""

    def pounds(self, prices: Mapping[ApSetting, Array]) -> Array:
        """What their places cost the council: (year).

        Parameters
        ----------
        prices : setting -> pounds of a full-time place a year: (year)
        """
        return np.asarray(np.sum([years * prices[setting] for setting, years in self.place_years.items()], axis=0))

    def as_many_as(self, trend: "CentralAp") -> "CentralAp":
        """With as many children in every January as `trend` has at the latest census, but for what levers add."""
        years = {setting: _held(mine, trend.place_years[setting]) for setting, mine in self.place_years.items()}
        return CentralAp(years, self.fullest.copy(data=_held(self.fullest.to_numpy(), trend.fullest.to_numpy())))


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


def mean_prices(lists: PriceLists) -> dict[ApSetting, Array]:
    """Setting that the council pays for -> pounds of a full-time place a year, the mean of the futures: (year)."""
    return {setting: price_of(lists, setting).mean(axis=0) for setting in PRICED}


def _held(figure: Array, trend: Array) -> Array:
    """A figure with levers, held as at the latest census but for what levers add to the trend: (year, ...)."""
    return np.asarray(np.maximum(trend[:1] + figure - trend, 0))


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
    years = years_in_bands(bands)
    share = years / years.sum(axis=1, keepdims=True)
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
