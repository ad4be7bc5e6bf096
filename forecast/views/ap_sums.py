"""The sum that makes places of arrivals, in whole numbers that anyone can multiply, from what the forecast expects.

614 who come in a year x 202 days / 365 = 340 on an average day; x fullest month x (1 + share kept free) = places
"""

from dataclasses import dataclass, replace
from math import ceil

import xarray as xr

from forecast.ap import little
from forecast.ap.forecast import ApForecast
from forecast.domain import ALL
from forecast.report.phrases import FEW


@dataclass(frozen=True)
class Who:
    """Whose places are worked out."""

    setting: str
    """Who arranges it: a label of `setting`."""
    year: int
    """January of the academic year in which they come."""
    key_stage: str = ALL
    reason: str = ALL


@dataclass(frozen=True)
class Sum:
    """What is multiplied, rounded as it is shown, so that what comes out can be worked out again by hand."""

    arrivals: int
    """Children who come in a year."""
    days: int
    """Calendar days that they stay, on average."""
    week: float
    """Share of a full-time week that they attend."""
    peak: float
    """Fullest month as a multiple of the average."""
    headroom: float
    """Share of places kept free."""

    @property
    def on_roll(self) -> float:
        """Children on roll on an average day."""
        return little.places(self.arrivals, self.days)

    @property
    def average(self) -> float:
        """Full-time places filled on an average day."""
        return little.places(self.arrivals, self.days, week=self.week)

    @property
    def fullest(self) -> float:
        """Full-time places filled in the fullest month."""
        return little.places(self.arrivals, self.days, self.peak, week=self.week)

    @property
    def places(self) -> float:
        """Full-time places of which the share that is to be free stays free in the fullest month."""
        return little.places(self.arrivals, self.days, self.peak, self.headroom, self.week)

    @property
    def whole(self) -> int:
        """`places`, rounded up: never fewer than are wanted."""
        return ceil(round(self.places, 6))


def sum_of(ap: ApForecast, who: Who) -> Sum:
    """The sum for some of the children, prefilled with what the forecast expects of them."""
    come, filled, on_roll = (_of(each, who) for each in (ap.arrivals, ap.filled, ap.headcount))
    days = (_of(ap.arrivals, who) * _stay(ap, who)).sum() / come.sum()
    stages = filled.sum("reason")
    return Sum(
        arrivals=round(come.sum().item()),
        days=round(days.item()),
        week=round((filled.sum() / on_roll.sum()).item(), 2),
        peak=round(((stages * _fullest(ap, stages)).sum() / stages.sum()).item(), 2),
        headroom=ap.headroom,
    )


def changed(before: Sum, arrivals: int, stay: int) -> Sum:
    """The sum with more or fewer arrivals and longer or shorter stays.

    Parameters
    ----------
    arrivals, stay : change in hundredths; -20 is a fifth fewer
    """
    times = (1 + arrivals / 100, 1 + stay / 100)
    return replace(before, arrivals=round(before.arrivals * times[0]), days=round(before.days * times[1]))


def worth_a_sum(ap: ApForecast, who: Who, axis: str) -> list[str]:
    """Labels of `axis` of which enough children are expected to come for a sum, those chosen on the other axis.

    Parameters
    ----------
    axis : "key_stage" or "reason"
    """
    wider = replace(who, key_stage=ALL) if axis == "key_stage" else replace(who, reason=ALL)
    come = _of(ap.arrivals, wider).sum("reason" if axis == "key_stage" else "key_stage")
    return [str(label) for label, children in zip(come[axis].values, come.values, strict=True) if children >= FEW]


def _of(figures: xr.DataArray, who: Who) -> xr.DataArray:
    """Expected figures of those who are meant: (key_stage, reason), of one label each where one is chosen."""
    found = figures.sel(year=who.year, setting=who.setting, drop=True).mean("draw").sum("district")
    return _chosen(found, who)


def _stay(ap: ApForecast, who: Who) -> xr.DataArray:
    """Mean stay in days, futures with more arrivals counting for more: (key_stage, reason)."""
    come = ap.arrivals.sel(year=who.year, setting=who.setting, drop=True).sum("district")
    stay = ap.stay.sel(year=who.year, drop=True)
    stay = stay.sel(setting=who.setting, drop=True) if "setting" in stay.dims else stay
    whole = come.sum("draw")
    return _chosen(((come * stay).sum("draw") / whole.where(whole > 0)).fillna(0.0), who)


def _chosen(found: xr.DataArray, who: Who) -> xr.DataArray:
    for axis, label in (("key_stage", who.key_stage), ("reason", who.reason)):
        if label != ALL:
            found = found.sel({axis: [label]})
    return found


def _fullest(ap: ApForecast, stages: xr.DataArray) -> xr.DataArray:
    """Fullest month as a multiple of the average, of all years and futures, so that luck evens out: (key_stage).

    Parameters
    ----------
    stages : (key_stage), of which it is wanted
    """
    most = ap.peak.sum(["draw", "year", "district", "setting"])
    mean = ap.filled.sum(["draw", "year", "district", "reason", "setting"])
    return (most / mean.where(mean > 0)).fillna(1.0).sel(key_stage=stages["key_stage"].to_numpy())
