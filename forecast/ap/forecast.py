"""What is forecast of children in alternative provision without a plan.

Those with a plan are on the roll that the rest of the forecast carries forward: in AP schools as the kind of place
"alternative", elsewhere as independent, mainstream or educated elsewhere. Nobody is in both.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xarray as xr

from forecast.domain import ApSetting


@dataclass(frozen=True, eq=False)
class ApForecast:
    """Children without a plan in alternative provision; `year` is the January of an academic year."""

    arrivals: xr.DataArray
    """Children who come in the academic year, expected: (draw, year, district, key_stage, reason, setting)."""
    headcount: xr.DataArray
    """Children on roll, on average over the academic year, each once: axes as `arrivals`."""
    filled: xr.DataArray
    """Full-time places filled on average over the year (place-years): axes as `arrivals`. A child who attends for half
    of the week fills half a place."""
    peak: xr.DataArray
    """Whole full-time places filled in the fullest month, with the luck of small numbers: (draw, year, district,
    key_stage, setting). Those of a setting are filled by the children of that setting, wherever they are taught."""
    transition: xr.DataArray
    """Of `headcount`, children not expected to return: (draw, year, key_stage, setting)."""
    returns: xr.DataArray
    """Children who go back to a mainstream school in the year: (draw, year, key_stage)."""
    supported: xr.DataArray
    """Children whom outreach supports in their own school, who take no place: (draw, year)."""
    stay: xr.DataArray
    """Mean calendar days of a stay: (draw, year, key_stage, reason), and by setting where the area counts stays."""
    headroom: float
    """Share of places to be kept free, 0 to 1, so that a child who must be taken can be."""
    counted: Mapping[str, int]
    """Setting -> last January counted; later years, the present one among them, are forecast."""
    basis: str
    """What it rests on: "published" rolls or the area's own "records"."""
    notes: tuple[str, ...] = ()
    """What outputs repeat."""
    hosted: xr.DataArray | None = None
    """Of `peak`, whole places of AP schools that children fill who stay on a mainstream school's roll and come for part
    of the week (dual registration, subsidiary): (draw, year, district, key_stage). None where each child counted at an
    AP school is in `peak` as such already."""
    last: Mapping[str, float] = field(default_factory=dict)
    """Setting -> children on roll in the January that `counted` names; a setting whose roll is not known is left out.
    Where a count does not tell plans apart, less the share with one that is assumed."""
    figures: tuple[Mapping[Hashable, Any], ...] = ()
    """Rows of the table of figures that it was made with (columns of `schemas_ap_figures.ApFigures`)."""

    @property
    def sent(self) -> xr.DataArray | None:
        """`hosted`, told only where the rolls of AP schools and of what schools arrange were both counted."""
        return self.hosted if {ApSetting.AP_SCHOOL, ApSetting.SCHOOL_ARRANGED} <= set(self.counted) else None

    @property
    def school_places(self) -> xr.DataArray:
        """Whole places of AP schools filled in the fullest month: (draw, year, district, key_stage)."""
        own, sent = self.peak.sel(setting=ApSetting.AP_SCHOOL.value, drop=True), self.sent
        return own if sent is None else own + sent

    @property
    def filled_where_they_are(self) -> xr.DataArray:
        """`filled` by the setting that the places are in, not by who arranges them: axes of `filled`.

        Those sent to AP schools are as large a part of all whom schools send as they are in the fullest month.
        """
        if self.sent is None:
            return self.filled
        every = self.peak.sel(setting=ApSetting.SCHOOL_ARRANGED.value, drop=True).sum(["district", "key_stage"])
        share = self.sent.sum(["district", "key_stage"]) / every.where(every > 0, 1)
        return moved(self.filled, self.filled.sel(setting=ApSetting.SCHOOL_ARRANGED.value, drop=True) * share)


def moved(places: xr.DataArray, sent: xr.DataArray) -> xr.DataArray:
    """`places` with some of those that schools arrange put where they are, in AP schools: axes of `places`.

    Parameters
    ----------
    places : by setting
    sent : those of them that are AP schools', on the other axes
    """
    signs = {ApSetting.AP_SCHOOL.value: 1, ApSetting.SCHOOL_ARRANGED.value: -1}
    labels = places["setting"].to_numpy().tolist()
    sign = xr.DataArray([signs.get(label, 0) for label in labels], coords={"setting": labels}, dims="setting")
    return (places + sent * sign).transpose(*places.dims)
