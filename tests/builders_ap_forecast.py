"""A made-up forecast of alternative provision that fits a made-up projection: arrivals, stays and places of a piece."""

from dataclasses import replace

import numpy as np
import xarray as xr
from builders_projection import small_projection, with_real_places

from forecast.ap.forecast import ApForecast
from forecast.domain import ApSetting, KeyStage, Reason

SETTINGS = [setting.value for setting in ApSetting]
REASONS = [reason.value for reason in Reason]
STAGES = [stage.value for stage in KeyStage]
BY_SETTING = (240.0, 60.0, 90.0)
"""Children who come in a year to each setting, in the whole area."""
BY_STAGE = (0.03, 0.12, 0.35, 0.48, 0.02)
BY_REASON = (0.40, 0.30, 0.15, 0.10, 0.05)
DAYS = {"ks1": 110.0, "ks2": 120.0, "ks3": 150.0, "ks4": 260.0, "ks5": 200.0}
LONGER = {"exclusion": 1.2, "time_limited": 0.5, "medical": 1.0, "awaiting": 0.8, "other": 1.0}
WEEK = (0.95, 0.8, 0.4)
PEAK, HEADROOM, OF_TRANSITION, BACK = 1.2, 0.1, 0.3, 0.6
OUTREACH = 120.0
COUNTED = dict.fromkeys(SETTINGS, 2023)
LAST = dict(zip(SETTINGS, (108.0, 21.0, 31.0), strict=True))
"""Children on roll when last counted."""
NOTED = "Alternative provision for children without a plan was last counted in January 2023."


def made_up_ap(projection, *, basis="published", counted=None, headroom=HEADROOM, growth=0.04, luck=0.10, times=1.0):
    """Children without a plan in alternative provision, on the draws, years and districts of `projection`.

    Futures drift apart from the first year on, since what was last counted lies before it.

    Parameters
    ----------
    counted : setting -> last January counted; a setting that is not named has nobody
    times : multiple of all who come
    """
    counted = COUNTED if counted is None else counted
    rng = np.random.default_rng(11)
    draws, years, districts = (projection.demand[axis].to_numpy() for axis in ("draw", "year", "district"))
    coords = {"draw": draws, "year": years, "district": districts}
    coords |= {"key_stage": STAGES, "reason": REASONS, "setting": SETTINGS}
    known = np.array([setting in counted for setting in SETTINGS])
    cells = np.einsum("k,r,s->krs", BY_STAGE, BY_REASON, np.where(known, BY_SETTING, 0.0)) * times
    shares = np.linspace(1.2, 0.8, len(districts)) / len(districts)
    ahead = np.arange(len(years)) + 2
    path = np.exp(growth * ahead + luck * np.sqrt(ahead) * rng.normal(size=(len(draws), 1)))
    come = path[:, :, None, None, None, None] * shares[:, None, None, None] * cells
    arrivals = xr.DataArray(come, coords=coords, dims=tuple(coords))
    stay = xr.DataArray(np.outer([DAYS[s] for s in STAGES], [LONGER[r] for r in REASONS]),
                        coords={"key_stage": STAGES, "reason": REASONS}, dims=("key_stage", "reason"))  # fmt: skip
    headcount = (arrivals * stay / 365).transpose(*coords)
    filled = headcount * xr.DataArray(list(WEEK), coords={"setting": SETTINGS}, dims="setting")
    fullest = (filled.sum("reason") * PEAK).transpose("draw", "year", "district", "key_stage", "setting")
    return ApForecast(
        arrivals=arrivals,
        headcount=headcount,
        filled=filled,
        peak=fullest.copy(data=rng.poisson(fullest.to_numpy())),
        transition=headcount.sum(["district", "reason"]).transpose("draw", "year", "key_stage", "setting")
        * OF_TRANSITION,
        returns=arrivals.sum(["district", "reason", "setting"]).transpose("draw", "year", "key_stage") * BACK,
        supported=arrivals.isel(district=0, key_stage=0, reason=0, setting=0, drop=True) * 0 + OUTREACH,
        stay=stay.broadcast_like(arrivals.isel(district=0, setting=0, drop=True)).transpose(
            "draw", "year", "key_stage", "reason"
        ),
        headroom=headroom,
        counted=dict(counted),
        basis=basis,
        notes=(NOTED,),
    )


def with_sent(projection, share=0.4):
    """The projection, with some of the places that schools arrange in AP schools, and what was last counted."""
    ap = projection.ap
    arranged = ap.peak.sel(setting="school_arranged", drop=True)
    hosted = np.rint(arranged * share).astype(int)
    figures = ({"item": "hosted", "value": share, "low": 0.3, "high": 0.5},)
    return replace(projection, ap=replace(ap, hosted=hosted, last=LAST, figures=figures))


def published_with_ap(**changes):
    """An area of published figures with assumed places, and what is forecast of its alternative provision."""
    projection = small_projection()
    return replace(projection, ap=made_up_ap(projection, **changes))


def counted_with_ap(**changes):
    """A council's own counts with places of its own, and its own records of alternative provision."""
    projection = with_real_places(synthetic=True)
    known = {"basis": "records", "counted": dict.fromkeys(SETTINGS, 2025), **changes}
    return replace(projection, ap=made_up_ap(projection, **known))
