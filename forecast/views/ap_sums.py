"""The sum that makes places of arrivals, in whole numbers that anyone can multiply, from what the forecast has.

614 who come in a year x 202 days / 365 = 340 on an average day; x fullest month x (1 + share kept free) = places

Each part is the middle of its futures, and a last step makes up for what middles do not multiply to.
"""

from dataclasses import dataclass, replace

import xarray as xr

from forecast.ap import little
from forecast.ap.forecast import ApForecast
from forecast.domain import ALL, ApSetting
from forecast.places.sufficiency import QUANTILES
from forecast.report.ap_middle import MIDDLE
from forecast.report.ap_where import peak_where_they_are, sent_by_schools
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
    evened: float = 1.0
    """Places of the tables as a multiple of what the steps before come to: middles do not quite multiply or add up, and
    where stays or arrivals change, those who came before are still there for a time."""
    sent: int = 0
    """Places of AP schools filled by children whom their schools send for part of the week; taken off where it is those
    whom schools send that are told, since these of their places are AP schools'."""

    @property
    def on_roll(self) -> float:
        """Children on roll on an average day, once all is settled."""
        return little.places(self.arrivals, self.days)

    @property
    def average(self) -> float:
        """Full-time places that they fill on an average day."""
        return self.on_roll * self.week

    @property
    def own(self) -> float:
        """Full-time places that they fill in the fullest month."""
        return self.average * self.peak

    @property
    def multiplied(self) -> float:
        """`own`, with the places of children who are sent for part of the week."""
        return max(self.own + self.sent, 0.0)

    @property
    def fullest(self) -> float:
        """Full-time places filled in the fullest month, as the tables have them."""
        return self.multiplied * self.evened

    @property
    def places(self) -> float:
        """`fullest`, with the share that is kept free."""
        return self.fullest * (1 + self.headroom)

    @property
    def whole(self) -> int:
        """`places`, rounded as tables round them."""
        return round(self.places)


def sum_of(ap: ApForecast, who: Who) -> Sum:
    """The sum for some of the children, which comes to the middle of the futures as tables have it.

    Of one reason, tables tell no places: the fullest month is that of all reasons, and children whom schools send are
    left out.
    """
    every = replace(who, reason=ALL)
    own, filled = _middle(ap.peak, every), _middle(ap.filled, every)
    peak = round(own / filled, 2) if filled else 1.0
    if who.reason != ALL:
        return _multiplied(ap, who, peak)
    found = replace(_multiplied(ap, who, peak), sent=round(_sent(ap, who)))
    wanted = _middle(peak_where_they_are(ap), who)
    return replace(found, evened=round(wanted / found.multiplied, 3) if found.multiplied else 1.0)


def _multiplied(ap: ApForecast, who: Who, peak: float) -> Sum:
    """The sum of those who are meant alone.

    Parameters
    ----------
    peak : fullest month as a multiple of the average
    """
    come, on_roll, filled = (_middle(each, who) for each in (ap.arrivals, ap.headcount, ap.filled))
    stayed = _futures(ap.arrivals * ap.stay, who) / _futures(ap.arrivals, who)
    return Sum(
        arrivals=round(come),
        days=round(float(stayed.quantile(QUANTILES[MIDDLE], "draw"))),
        week=round(filled / on_roll, 2) if on_roll else 1.0,
        peak=peak,
        headroom=ap.headroom,
    )


def _sent(ap: ApForecast, who: Who) -> float:
    """Places of AP schools that children whom schools send fill in the fullest month; below nought at the senders."""
    sign = {ApSetting.AP_SCHOOL.value: 1, ApSetting.SCHOOL_ARRANGED.value: -1}.get(who.setting, 0)
    sent = sent_by_schools(ap)
    return 0.0 if sent is None or not sign else sign * _middle(sent, replace(who, reason=ALL))


def changed(before: Sum, arrivals: int, stay: int) -> Sum:
    """The sum with more or fewer arrivals and longer or shorter stays.

    Parameters
    ----------
    arrivals, stay : change in hundredths; -20 is a fifth fewer
    """
    times = (1 + arrivals / 100, 1 + stay / 100)
    return replace(before, arrivals=round(before.arrivals * times[0]), days=round(before.days * times[1]))


def worth_a_sum(ap: ApForecast, who: Who, axis: str) -> list[str]:
    """Labels of `axis` of which enough children come for a sum, of those chosen on the other axis.

    Parameters
    ----------
    axis : "key_stage" or "reason"
    """
    labels = [str(label) for label in ap.arrivals[axis].values]
    each = {
        label: replace(who, key_stage=label) if axis == "key_stage" else replace(who, reason=label) for label in labels
    }
    return [label for label, some in each.items() if _middle(ap.arrivals, some) >= FEW]


def _middle(figures: xr.DataArray, who: Who) -> float:
    """The middle of the futures of those who are meant, added up in each future."""
    return float(_futures(figures, who).quantile(QUANTILES[MIDDLE], "draw"))


def _futures(figures: xr.DataArray, who: Who) -> xr.DataArray:
    """Figures of those who are meant, added up: (draw)."""
    chosen = {"year": who.year, "setting": who.setting, "key_stage": who.key_stage, "reason": who.reason}
    found = figures.sel({axis: label for axis, label in chosen.items() if axis in figures.dims and label != ALL})
    return found.sum([axis for axis in found.dims if axis != "draw"])
