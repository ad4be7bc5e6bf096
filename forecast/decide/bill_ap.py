"""What alternative provision of children without a plan costs the council, and which of its places are empty at times.

Their places are priced by place-years, places filled on average over the year, since they come and go. Those in AP
schools and those whom the council pays for elsewhere are priced apart; what schools arrange, schools pay for, and is
in no bill here. Children with a plan are not in these figures, wherever they are.
"""

from typing import Final

import numpy as np
import xarray as xr

from forecast.decide.unit_prices import PriceLists
from forecast.decide.without_plan import fill, filled_by_both
from forecast.domain import WITHOUT_PLAN, ApSetting, Provision
from forecast.model.raking import Array
from forecast.places.shortage import Shortage
from forecast.projection import Projection

PRICED: Final = {ApSetting.AP_SCHOOL: "place", ApSetting.LA_FUNDED: "ap_elsewhere"}
"""Setting that the council pays for -> item of the prices of a full-time year there."""
_AXES: Final = ("draw", "year")


def place_years(projection: Projection, setting: ApSetting) -> xr.DataArray:
    """Full-time places that children without a plan fill on average over the year: (draw, year).

    Parameters
    ----------
    setting : who arranges them

    Raises
    ------
    ValueError
        Nothing is known of these children.
    """
    if projection.ap is None:
        msg = f"{projection.about.name} has no figures on children without a plan in alternative provision."
        raise ValueError(msg)
    filled = projection.ap.filled.sel(setting=setting.value, drop=True)
    return filled.sum(["district", "key_stage", "reason"]).transpose(*_AXES)


def price_of(lists: PriceLists, setting: ApSetting) -> Array:
    """Pounds of a full-time place a year, of a setting that the council pays for: (draw, year)."""
    return lists.drawn(PRICED[setting], Provision.ALTERNATIVE.value)


def empty_on_average(projection: Projection, short: Shortage, label: str) -> Array:
    """Places that nobody fills on average over the year, though someone does in the fullest month: (draw, year).

    Of AP schools alone, and only of children without a plan: those who find a place in the fullest month less those
    there on average. 0 of every other kind of place.

    Parameters
    ----------
    label : kind of place
    """
    zero = np.zeros(tuple(projection.demand.sizes[axis] for axis in _AXES))
    if not fill(projection, label) or projection.claims is None:
        return zero
    chosen = {"provision": label, "need": WITHOUT_PLAN}
    peak = projection.claims.sel(chosen).sum(["district", "band"])
    left = short.short.sel(chosen).sum(["district", "band"], dtype=np.float64)
    mean = _there_on_average(projection).sel(draw=peak["draw"].to_numpy())
    placed = (peak - left).transpose(*_AXES).to_numpy().astype(float)
    return np.asarray((placed - mean.to_numpy()).clip(min=0))


def _there_on_average(projection: Projection) -> xr.DataArray:
    """Full-time places of AP schools that children without a plan fill on average over the year: (draw, year).

    Children whom schools send there for part of the week are as large a part on average as in the fullest month.
    """
    own, ap = place_years(projection, ApSetting.AP_SCHOOL), projection.ap
    if ap is None or ap.hosted is None:
        return own
    sent = ap.peak.sel(setting=ApSetting.SCHOOL_ARRANGED.value, drop=True).sum(["district", "key_stage"])
    part = ap.hosted.sum(["district", "key_stage"]) / sent.where(sent > 0, 1)
    return own + place_years(projection, ApSetting.SCHOOL_ARRANGED) * part.transpose(*_AXES)


def label_of(projection: Projection, setting: ApSetting) -> str:
    """Kind of place that a line of the bill is of: AP schools, or none for places elsewhere."""
    return (filled_by_both(projection.about) or "") if setting is ApSetting.AP_SCHOOL else ""
