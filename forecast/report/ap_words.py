"""Alternative provision in sentences: how many children, what places that takes, and what it all rests on.

Children without a plan are meant unless a sentence says otherwise. "Children", "places on average" and "places in the
fullest month" are three counts, and each sentence says which it gives.
"""

from collections.abc import Mapping
from typing import Final

import xarray as xr

from forecast.ap.forecast import ApForecast
from forecast.domain import ApSetting, academic_year
from forecast.places.sufficiency import summarise
from forecast.projection import Projection
from forecast.report.ap_tables import ARRIVALS, DAYS, HEADCOUNT, PEAK, counted_settings, of_settings, without_a_plan
from forecast.report.ap_where import SCHOOL, places_listed, sent_by_schools, with_a_plan
from forecast.report.phrases import FEW, RANGE, Row, capped, census, condition, count, rounded, rounded_up
from forecast.report.tables import year_ahead
from forecast.scenario.worlds import World

WHERE: Final = {
    ApSetting.AP_SCHOOL: "in AP schools",
    ApSetting.LA_FUNDED: "elsewhere, paid for by the authority",
    ApSetting.SCHOOL_ARRANGED: "in provision that mainstream schools arrange",
}
"""Who arranges it, for the inside of a sentence."""
_WORKED_BACK: Final = "Worked back from January rolls with stays and reasons that are assumed, not counted: "
_ON_ROLL: Final = (
    "Children on roll are counted once each, on average over the school year: one who is registered at two places "
    "counts at the main one alone."
)
_ON_AVERAGE: Final = (
    "Places filled on average over the year (place-years) are full-time: a child who attends for half of the week "
    "fills half a place."
)
_FULLEST: Final = (
    "Places filled in the fullest month are what must be there when most children are: as a rule, rolls are low in "
    "autumn and grow to summer. All ages and settings are taken to be fullest in the same month."
)
THREE_COUNTS: Final = (_ON_ROLL, _ON_AVERAGE, _FULLEST)
"""What children on roll, places on average and places in the fullest month are, a sentence each."""
_CHILDREN_AND_PLACES: Final = (
    "Each child is counted once, at the school where it is mainly registered. Places are full-time (a child there for "
    "half of the week fills half a place), and those of the fullest month, as a rule in summer, must be there{kept}."
)
_WITH_PLANS: Final = (
    "Nobody is counted twice: children with a plan are added in AP schools alone; elsewhere they are among the other "
    "kinds of place{whose}."
)
_WHOSE: Final = (
    ". Published rolls of AP schools are of the schools in the area, wherever their children live; plans are of the "
    "area's own children"
)
_NOT_TOLD: Final = (
    "Not in these figures: children whom no count holds, such as those sent elsewhere by day without a record, taught "
    "at home or missing from school."
)
_WEAK: Final = (
    "England's path rests on six Januaries, two of them in the pandemic, and on one that is not verified: how far past "
    "forecasts were out is in models/england/ap/card.md."
)
_ONE_JANUARY: Final = (
    "What schools arrange is published for one January only and taken to grow as AP schools do, which nothing has "
    "tested."
)
_SENT: Final = (
    " Of its places, {share:.0%} ({low:.0%} to {high:.0%}) are taken to be in AP schools, from two of England's "
    "figures (data/reference/ap.csv, item hosted)."
)
_NO_WORLD: Final = " The named world is about plans: children without one come as they do if the trend continues."


def ap_reading(projection: Projection) -> list[str]:
    """What is expected, in at most four points; none where nothing is known of the area's alternative provision."""
    ap = projection.ap
    if ap is None:
        return []
    figures = without_a_plan(ap)
    return [
        _children(projection, ap, figures),
        _by_setting(projection, ap, figures),
        *_schools(projection, ap, figures),
        *_flows(projection, ap, figures),
    ]


def ap_basis(projection: Projection) -> list[str]:
    """What it rests on and what it cannot tell, in at most eight sentences or so; none where nothing is known."""
    ap = projection.ap
    if ap is None:
        return []
    kept = f"; {ap.headroom:.0%} more are kept free, so that a child who must be taken can be" if ap.headroom else ""
    published = ap.basis != "records"
    said = [
        *ap.notes,
        _CHILDREN_AND_PLACES.format(kept=kept),
        _WITH_PLANS.format(whose=_WHOSE if published else ""),
    ]
    if published and ApSetting.SCHOOL_ARRANGED in ap.counted:
        said.append(_ONE_JANUARY + _share_sent(ap))
    return [*said, _WEAK + (_NO_WORLD if projection.world is not World.TREND else ""), _NOT_TOLD]


def _share_sent(ap: ApForecast) -> str:
    """Where the share of places that are AP schools' comes from; empty where it is not used."""
    rows = [row for row in ap.figures if row["item"] == "hosted"]
    if sent_by_schools(ap) is None or not rows:
        return ""
    return _SENT.format(share=rows[0]["value"], low=rows[0]["low"], high=rows[0]["high"])


def ap_said(projection: Projection) -> list[str]:
    """Reading and basis, for a part of a text."""
    return [*ap_reading(projection), *ap_basis(projection)]


def last_counted(ap: ApForecast) -> str:
    """When children were last counted, for a label: "last counted January 2023", "counted up to 2024/25"."""
    years = sorted({ap.counted[setting] for setting in counted_settings(ap)})
    if ap.basis == "records":
        return f"counted up to {academic_year(years[-1])}"
    return f"last counted {' and '.join(map(census, years))}"


def now_of(projection: Projection) -> int:
    """January of the school year that counts as today's, or of the latest census where that is later."""
    return projection.table_years.get("now", projection.base)


def about(children: float) -> str:
    """A number of children or places in words: "about 210", "fewer than 5"."""
    return f"about {rounded(children)}" if children >= FEW else f"fewer than {FEW}"


def _children(projection: Projection, ap: ApForecast, figures: Mapping[str, xr.DataArray]) -> str:
    """How many are on roll now and then, and when they were last counted."""
    now, then = now_of(projection), year_ahead(projection)
    on_roll = of_settings(figures, counted_settings(ap))[HEADCOUNT]
    first, later = _at(on_roll, now), _at(on_roll, then)
    if_so = condition(projection, then)
    forecast = "" if now <= max(ap.counted.values()) else f"; figures of {academic_year(now)} are themselves a forecast"
    return (
        f"{capped(about(first['mean']))} children without a plan are expected in alternative provision on an average "
        f"day of {academic_year(now)} and, {if_so + ', ' if if_so else ''}{about(later['mean'])} in "
        f"{academic_year(then)}{_range(later)}. {capped(last_counted(ap))}{_last_roll(ap)}{forecast}."
    )


def _last_roll(ap: ApForecast) -> str:
    """Children on roll when last counted, in brackets; empty where that is not known of one January for all."""
    known = counted_settings(ap)
    years = {ap.counted[setting] for setting in known}
    if len(years) > 1 or not set(known) <= set(ap.last):
        return ""
    many = about(sum(ap.last[setting] for setting in known))
    return f" ({many}{f' in {census(years.pop())}' if ap.basis == 'records' else ''})"


def _by_setting(projection: Projection, ap: ApForecast, figures: Mapping[str, xr.DataArray]) -> str:
    """Who arranges it."""
    known, then = counted_settings(ap), year_ahead(projection)
    if len(known) == 1:
        return f"All of these are {WHERE[ApSetting(known[0])]}: no count of others is known."
    parts = [
        f"{about(_at(figures[HEADCOUNT].sel(setting=setting), then)['mean'])} are {WHERE[ApSetting(setting)]}"
        for setting in known
    ]
    return f"Of those in {academic_year(then)}, {'; '.join(parts)}."


def _schools(projection: Projection, ap: ApForecast, figures: Mapping[str, xr.DataArray]) -> list[str]:
    """Places of AP schools in the fullest month: by whom they are filled, and how many that calls for."""
    if SCHOOL not in counted_settings(ap):
        return []
    then, own = year_ahead(projection), _whole(figures[PEAK].sel(setting=SCHOOL))
    plans, sent, listed = with_a_plan(projection), sent_by_schools(ap), places_listed(projection)
    parts = (
        [(own, "children without a plan")]
        if sent is None
        else [
            (own - _whole(sent), "children without a plan on AP schools' rolls"),
            (_whole(sent), "children whom other schools send for part of the week"),
        ]
    )
    parts += [] if plans is None else [(plans, "children with a plan")]
    full = own if plans is None else own + plans
    who = "; ".join(f"{about(_at(places, then)['mean'])} by {words}" for places, words in parts)
    row = _at(full, then)
    kept = f" With {ap.headroom:.0%} more kept free, that takes {_enough(row['mean'] * (1 + ap.headroom))}."
    there = "" if listed is None else f" The area lists {count(float(listed.sel(year=then)))}."
    said = (
        f"In the fullest month of {academic_year(then)}, {about(row['mean'])} full-time places of AP schools are "
        f"expected to be filled{_range(row)}: {who}.{kept if ap.headroom else ''}{there}"
    )
    return [said]


def _flows(projection: Projection, ap: ApForecast, figures: Mapping[str, xr.DataArray]) -> list[str]:
    """Who comes, for how long, and who goes back; never in a headline."""
    then, known = year_ahead(projection), of_settings(figures, counted_settings(ap))
    come = _whole(known[ARRIVALS])
    total, back, outreach = (_at(children, then)["mean"] for children in (come, _whole(ap.returns), ap.supported))
    said = []
    if total >= FEW:
        days = _at(_whole(known[DAYS]) / come.where(come > 0), then)["mean"]
        sentence = (
            f"{about(total)} children come in {academic_year(then)} and stay {days:.0f} days on average, "
            f"holidays counted; {about(back)} go back to a mainstream school"
        )
        said.append(f"{capped(sentence) if ap.basis == 'records' else _WORKED_BACK + sentence}.")
    if outreach:
        said.append(f"Outreach supports {about(outreach)} children in their own school, who take no place.")
    return [" ".join(said)] if said else []


def _at(children: xr.DataArray, year: int) -> Row:
    """Mean and range in January `year` of the sum over all but draws."""
    row: Row = summarise(_whole(children).sel(year=year)).to_series().to_dict()
    return row


def _whole(children: xr.DataArray) -> xr.DataArray:
    return children.sum([axis for axis in children.dims if axis not in {"draw", "year"}])


def _range(row: Row) -> str:
    """The range in brackets; empty where all of it is small."""
    if row["p90"] < FEW:
        return ""
    low = "0" if row["p10"] < FEW else rounded(row["p10"])
    return f" ({RANGE}: {low} to {rounded(row['p90'])})"


def _enough(places: float) -> str:
    """Places that are enough, rounded up."""
    return f"{rounded_up(places)} places" if places >= FEW else f"fewer than {FEW} places"
