"""Made-up forecasts with prices, places and children without a plan, to bill; and what of it is summed by hand."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr
from builders_ap_forecast import made_up_ap
from builders_compare import priced
from builders_projection import YEARS, with_real_places

from forecast.domain import WITHOUT_PLAN
from forecast.places.shortage import shortage
from forecast.scenario.spending import Payer

PLACE, ELSEWHERE, EMPTY = 24_000, 30_000, 10_000
GROWN = 1.02 ** np.arange(len(YEARS))
"""What a fee has grown by since the census; what the council's own AP schools cost does not grow above other prices."""
LINES = {"ap_school": PLACE, "la_funded": ELSEWHERE * GROWN}
YEAR = 2030


NO_PLAN = f"instead of AP schools, {WITHOUT_PLAN}: {Payer.HIGH_NEEDS.value}"
WITH_PLAN = f"instead of AP schools: {Payer.HIGH_NEEDS.value}"


def with_ap(made, rooms=1.0, **changes):
    """A forecast with prices and, beside its plans, children without one; `rooms` multiplies the places listed."""
    found = priced(made, prices={("ap_elsewhere", "alternative"): ELSEWHERE})
    bands = found.demand.rename(phase="band").assign_coords(band=[-4, 0, 7, 12, 15])
    found = replace(found, by_band=bands, ap=made_up_ap(found, **changes))
    if found.register is None:
        return found
    open_ = found.register.open.assign_coords(draw=found.demand["draw"].to_numpy()) * rooms
    register = replace(found.register, open=open_)
    return replace(found, register=register, short=shortage(found.claims, register))


@cache
def published():
    return with_ap(None)


@cache
def listed(times=1.0, rooms=1.0):
    return with_ap(with_real_places(draws=12), rooms, times=times)


def filled(projection, setting):
    """Full-time places filled on average over the year: (draw, year), cell by cell."""
    table = projection.ap.filled.sel(setting=setting).transpose("draw", "year", ...).to_numpy()
    return table.reshape(*table.shape[:2], -1).sum(axis=2)


def fullest(projection):
    return (
        projection.ap.peak.sel(setting="ap_school").sum(["district", "key_stage"]).transpose("draw", "year").to_numpy()
    )


def with_plan(projection):
    return projection.demand.sel(provision="alternative").to_numpy().astype(int).sum(axis=(2, 3, 4))


def lacking_through_the_year(found, left):
    """Place-years lacking, week by week, as the roll rises evenly from as far below its mean to the fullest: (draw,
    year)."""
    mean, full = filled(found, "ap_school"), fullest(found)
    weeks = full[..., None] - below_the_fullest(full - mean)
    return np.maximum(weeks - (full - left)[..., None], 0).mean(axis=2)


def below_the_fullest(above, parts=5_000):
    """How far a roll that rises evenly is below its fullest, part by part of the year: (draw, year, part)."""
    return 2 * np.maximum(above, 0)[..., None] * (np.arange(parts) + 0.5) / parts


def without_a_place(found, *, plan):
    """Children left over by AP schools beyond those left over at the latest census: (draw, year), cell by cell."""
    left = found.short.short.sel(provision="alternative").transpose("draw", "year", "need", ...).astype(float)
    own = left.sel(need=[need for need in left["need"].to_numpy() if (need == WITHOUT_PLAN) != plan]).to_numpy()
    total = own.reshape(*own.shape[:2], -1).sum(axis=2)
    return np.maximum(total - total[:, :1], 0)


def only_some_ages(primary=400.0, secondary=150.0):
    """AP schools for Years up to 6 with room, for Years 7 to 11 with too little after 2028, and none for older ages."""
    found = listed(rooms=6.0)
    rows, open_ = found.register.rows, found.register.open
    other = rows[rows["provision"] != "alternative"]
    ages = {"nc_from": [-4, 7], "nc_to": [6, 11]}
    schools = pd.concat([rows[rows["provision"] == "alternative"]] * 2).assign(**ages)
    late = xr.where(open_["year"] > 2028, secondary, 1_000.0)
    new = [primary * xr.ones_like(open_["year"], dtype=float), late]
    places = np.stack([np.broadcast_to(each.to_numpy(), open_.shape[:2]) for each in new], axis=2)
    table = np.concatenate([open_.to_numpy()[:, :, other.index], places], axis=2)
    coords = {"draw": open_["draw"].to_numpy(), "year": YEARS, "place": range(table.shape[2])}
    register = replace(
        found.register,
        rows=pd.concat([other, schools], ignore_index=True),
        open=xr.DataArray(table, coords=coords, dims=tuple(coords)),
    )
    return replace(found, register=register, short=shortage(found.claims, register))
