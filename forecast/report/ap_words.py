"""Alternative provision in sentences: how many children, what places that takes, and what it all rests on.

Children without a plan are meant unless a sentence says otherwise. "Children", "places on average" and "places in the
fullest month" are three counts, and each sentence says which it gives.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from forecast.ap.forecast import ApForecast
from forecast.domain import ALL, WITHOUT_PLAN, ApSetting, academic_year
from forecast.projection import Projection
from forecast.report.ap_middle import IN_THE_MIDDLE, MIDDLE, PARTS, in_brackets, row_of, shown, what_becomes
from forecast.report.ap_tables import (
    ARRIVALS,
    COUNTED,
    EVERYBODY,
    HEADCOUNT,
    PEAK,
    RETURNS,
    SENT_BY_SCHOOLS,
    SETTING,
    STAY,
    SUPPORTED,
    WANTED,
    WITH_PLAN,
    ap_table,
    counted_settings,
    everyone_table,
)
from forecast.report.ap_where import SCHOOL, places_listed, sent_by_schools
from forecast.report.phrases import FEW, Row, capped, census, condition, count
from forecast.report.tables import year_ahead
from forecast.scenario.worlds import World

WHERE: Final = {
    ApSetting.AP_SCHOOL: "in AP schools",
    ApSetting.LA_FUNDED: "paid for elsewhere",
    ApSetting.SCHOOL_ARRANGED: "arranged by schools",
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
    """What is expected, in at most four points; none where nothing is known of the area's alternative provision.

    Figures are those of `ap_table` and `everyone_table`, as tables show them.
    """
    ap = projection.ap
    if ap is None:
        return []
    table = ap_table(projection, ap, axes=("",))
    return [
        _children(projection, ap, table),
        _by_setting(projection, ap, table),
        *_schools(projection, ap),
        *_flows(projection, ap, table),
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


def _children(projection: Projection, ap: ApForecast, table: pd.DataFrame) -> str:
    """How many are on roll now and then, and when they were last counted."""
    now, then = now_of(projection), year_ahead(projection)
    first, later = (row_of(table, year, measure=HEADCOUNT, by=ALL) for year in (now, then))
    if_so = condition(projection, then)
    forecast = "" if now <= max(ap.counted.values()) else f"; figures of {academic_year(now)} are themselves a forecast"
    return (
        f"{IN_THE_MIDDLE}, {shown(first)} children without a plan are in alternative provision on an average day of "
        f"{academic_year(now)} and, {if_so + ', ' if if_so else ''}{shown(later)} in {academic_year(then)}"
        f"{what_becomes(first, later)}. {capped(last_counted(ap))}{_last_roll(table)}{forecast}."
    )


def _last_roll(table: pd.DataFrame) -> str:
    """Children on roll when last counted, beside the average of that year where the forecast holds it, in brackets.

    Empty where that is not known of one January for all.
    """
    last = table[(table["measure"] == COUNTED) & (table["by"] == ALL)]
    if last.empty:
        return ""
    year = int(last["year"].iloc[0])
    roll = count(last[MIDDLE].iloc[0])
    if year not in set(table.loc[table["measure"] == HEADCOUNT, "year"]):
        return f" ({roll})"
    mean = shown(row_of(table, year, measure=HEADCOUNT, by=ALL))
    return f" ({roll} on the roll of {census(year)}; {mean} on average over {academic_year(year)})"


def _by_setting(projection: Projection, ap: ApForecast, table: pd.DataFrame) -> str:
    """Who arranges it."""
    known, then = counted_settings(ap), year_ahead(projection)
    if len(known) == 1:
        return f"All of these are {WHERE[ApSetting(known[0])]}: no count of others is known."
    parts = [
        f"{shown(row_of(table, then, measure=HEADCOUNT, by=SETTING, line=setting))} are {WHERE[ApSetting(setting)]}"
        for setting in known
    ]
    return f"Of those in {academic_year(then)}, {'; '.join(parts)} ({PARTS})."


def _schools(projection: Projection, ap: ApForecast) -> list[str]:
    """Places of AP schools in the fullest month: by whom they are filled, and how many that calls for."""
    if SCHOOL not in counted_settings(ap):
        return []
    then, listed = year_ahead(projection), places_listed(projection)
    every = everyone_table(projection, ap)
    every = every[every["setting"] == SCHOOL]
    full = {who: row_of(every, then, measure=PEAK, who=who) for who in set(every["who"])}
    sums = EVERYBODY if EVERYBODY in full else WITHOUT_PLAN
    kept = f" With {ap.headroom:.0%} more kept free, that is {shown(row_of(every, then, measure=WANTED, who=sums))}."
    there = "" if listed is None else f" The area lists {count(float(listed.sel(year=then)))}."
    said = (
        f"In the fullest month of {academic_year(then)}, {shown(full[sums])} full-time places of AP schools are "
        f"filled{in_brackets(full[sums])}: {_who(full)}.{kept if ap.headroom else ''}{there}"
    )
    return [said]


def _who(full: Mapping[str, Row]) -> str:
    """Who fills the places of AP schools.

    Parameters
    ----------
    full : who -> the row of the year
    """
    sent = (
        f", {shown(full[SENT_BY_SCHOOLS])} of these by those whom other schools send for part of the week"
        if SENT_BY_SCHOOLS in full
        else ""
    )
    parts = [f"{shown(full[WITHOUT_PLAN])} by children without a plan{sent}"]
    parts += [f"{shown(full[WITH_PLAN])} by children with a plan"] if WITH_PLAN in full else []
    return "; ".join(parts)


def _flows(projection: Projection, ap: ApForecast, table: pd.DataFrame) -> list[str]:
    """Who comes, for how long, and who goes back; never in a headline."""
    then = year_ahead(projection)
    rows = table[(table["year"] == then) & (table["by"] == ALL)].set_index("measure")[MIDDLE].to_dict()
    said = []
    if rows[ARRIVALS] >= FEW:
        sentence = (
            f"{count(rows[ARRIVALS])} children come in {academic_year(then)} and stay {rows[STAY]:.0f} days on "
            f"average, holidays counted; {count(rows[RETURNS])} go back to a mainstream school"
        )
        said.append(f"{sentence if ap.basis == 'records' else _WORKED_BACK + sentence}.")
    if rows.get(SUPPORTED):
        said.append(f"Outreach supports {count(rows[SUPPORTED])} children in their own school, who take no place.")
    return [" ".join(said)] if said else []
