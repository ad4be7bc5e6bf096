"""What alternative provision of children without a plan costs the council, empty places and too few places among it.

Their places are priced by place-years, places filled on average over the year, since they come and go. Those in AP
schools and those whom the council pays for elsewhere are priced apart; what schools arrange, schools pay for, and is
in no bill here. Children with a plan are not in these figures, wherever they are.

Between the emptiest month and the fullest the roll is taken to rise evenly, as far above its mean as below it
(judgement): places too few for the fullest month are too few only while the roll is above them.
"""

from dataclasses import dataclass
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
    return lists.grown(PRICED[setting], Provision.ALTERNATIVE.value)


def empty_on_average(projection: Projection, short: Shortage, label: str) -> Array:
    """Places that nobody fills on average over the year, though someone does in the fullest month: (draw, year).

    Of AP schools alone, and only of children without a plan. 0 of every other kind of place.

    Parameters
    ----------
    label : kind of place
    """
    found = _season(projection, short, label)
    if found is None:
        return _nothing(projection)
    return np.asarray((found.swing - found.left + lacking(found.left, found.swing_of_left)).clip(min=0))


def elsewhere_on_average(projection: Projection, short: Shortage, label: str) -> Array:
    """Place-years that the council pays for elsewhere because AP schools are full: (draw, year).

    Of children without a plan, beyond those left over at the latest census, whom the schools hold above their places.
    Those whom schools send for part of the week are left out: they cost the council nothing, wherever they are.

    Parameters
    ----------
    label : kind of place; 0 of any but AP schools
    """
    found = _season(projection, short, label)
    if found is None:
        return _nothing(projection)
    more = (found.left - found.left[:, :1]).clip(min=0)
    return lacking(more, found.swing_of_left) * found.paid


def lacking(left: Array, swing: Array) -> Array:
    """Places that are lacking on average over the year, of those lacking in the fullest month: as `left`.

    With a roll that rises evenly by `2 swing`, `left` of it above the places there are, places are lacking for a share
    `left / (2 swing)` of the year, half of `left` on average; all year round, if `left` is more than the whole rise.

    Parameters
    ----------
    left : (draw, year)
        Places lacking in the fullest month.
    swing : (draw, year)
        Places by which the fullest month is above the mean.
    """
    at_times = np.minimum(left, 2 * swing)
    return np.asarray(left - at_times + at_times**2 / (4 * np.where(swing > 0, swing, 1.0)))


@dataclass(frozen=True, eq=False)
class _Season:
    """Full-time places of AP schools that children without a plan claim over the year: arrays (draw, year)."""

    left: Array
    """Claimed in the fullest month but not had, by those whom a listed place is for."""
    swing: Array
    """By how many the fullest month is above the mean of the year, of those whom a listed place is for."""
    swing_of_left: Array
    """The same, only of districts and ages some of whom go without."""
    paid: Array
    """Share of the places filled on average that the council pays for, not the school that sends the child."""


def _season(projection: Projection, short: Shortage, label: str) -> _Season | None:
    """What they claim of a kind of place; None where they are not counted, or fill another."""
    if projection.ap is None or projection.claims is None or not fill(projection, label):
        return None
    chosen, cells = {"provision": label, "need": WITHOUT_PLAN}, ["district", "band"]
    peak, left = projection.claims.sel(chosen, drop=True), short.of_served.sel(chosen, drop=True)
    draws = {"draw": peak["draw"].to_numpy()}
    there = projection.ap.filled_where_they_are.sel(setting=ApSetting.AP_SCHOOL.value, drop=True)
    mean = there.sum(["district", "key_stage", "reason"]).sel(draws)
    whole = peak.sum(cells)
    above = (whole - mean).clip(min=0) / whole.where(whole > 0, 1)
    own = place_years(projection, ApSetting.AP_SCHOOL).sel(draws)
    figures = (
        left.sum(cells, dtype=np.float64),
        peak.where(short.served.sel(chosen, drop=True), 0).sum(cells) * above,
        peak.where(left > 0, 0).sum(cells) * above,
        own / mean.where(mean > 0, 1),
    )
    return _Season(*(each.transpose(*_AXES).to_numpy().astype(float) for each in figures))


def _nothing(projection: Projection) -> Array:
    return np.zeros(tuple(projection.demand.sizes[axis] for axis in _AXES))


def label_of(projection: Projection, setting: ApSetting) -> str:
    """Kind of place that a line of the bill is of: AP schools, or none for places elsewhere."""
    return (filled_by_both(projection.about) or "") if setting is ApSetting.AP_SCHOOL else ""
