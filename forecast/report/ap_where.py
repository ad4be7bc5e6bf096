"""Where places of alternative provision are, and who fills those of AP schools.

Children whom a mainstream school sends to an AP school for part of the week stay on that school's roll. They are
counted once, among the children whom schools send; the places that they fill are AP schools'.
"""

from typing import Final

import xarray as xr

from forecast.ap.forecast import ApForecast, moved
from forecast.domain import ApSetting, Provision
from forecast.projection import Projection

SCHOOL: Final = ApSetting.AP_SCHOOL.value


def sent_by_schools(ap: ApForecast) -> xr.DataArray | None:
    """Whole places of AP schools that children on mainstream rolls fill in the fullest month.

    Axes: (draw, year, district, key_stage). None where such children are counted at the AP school, or where one of the
    two rolls was never counted.
    """
    return ap.sent


def peak_where_they_are(ap: ApForecast) -> xr.DataArray:
    """Whole places filled in the fullest month, by the setting that they are in: axes of `ap.peak`."""
    sent = sent_by_schools(ap)
    return ap.peak if sent is None else moved(ap.peak, sent)


def with_a_plan(projection: Projection) -> xr.DataArray | None:
    """Children with a plan in AP schools: (draw, year); None where the area has no such kind of place."""
    labels = projection.about.means(Provision.ALTERNATIVE)
    if not labels:
        return None
    return projection.total("district", "need", "phase").sel(provision=labels).sum("provision")


def places_listed(projection: Projection) -> xr.DataArray | None:
    """Places of AP schools that the area lists, on average over all futures: (year); None where it lists none."""
    labels = projection.about.means(Provision.ALTERNATIVE)
    if projection.places_assumed or projection.register is None or not labels:
        return None
    return projection.register.by_provision(labels).sum("provision", skipna=False).mean("draw")
