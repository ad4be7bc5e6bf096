"""A school that opens late, in sentences and one table: children, where they go instead, pounds and miles."""

from typing import Final

import pandas as pd
import xarray as xr

from forecast.decide.late import Late
from forecast.domain import academic_year
from forecast.inputs.reference_overflow import FILE
from forecast.places.sufficiency import STATISTICS, summarise
from forecast.report.money import NOTHING, pounds
from forecast.report.phrases import FEW, RANGE, area_name, census, count, month_words, provision_words, uncapped

WITHOUT, WAITING, THERE = "more children without the place they asked for", "of these, more who wait", "more children"
POUNDS, MILES, ALL_YEARS = "more pounds", "more miles one way a child", "all years"
ALL_KINDS: Final = "all kinds of place"
"""Measures of the table, and its labels for sums. Over all years, children are school years of a child."""
_MOST: Final = 3
"""Kinds of place that a sentence names."""
_LEAST: Final = 0.5
"""Fewer children than this, on average, are none in a sentence."""
_NEAR: Final = 0.05
"""Miles: a smaller difference is none in a sentence."""


def late_sentences(late: Late) -> tuple[str, ...]:
    """The answer in reading order: children, where they are instead, pounds, miles; `late_notes` says the rest."""
    school = late.school
    asked = f"{school.school} opens in {month_words(school.late_opens)} rather than in {month_words(school.opens)}"
    if float(abs(late.more_without).max()) == 0:
        nothing = (
            f"If {asked}, nothing changes for children in {area_name(late.about)}: there is room enough without it."
        )
        return (nothing, *_past(late))
    return (*_children(late, asked), *_past(late), *_instead(late), *_pounds(late), *_miles(late))


def late_notes(late: Late) -> tuple[str, ...]:
    """What the answer rests on, and what of it is judgement."""
    futures = (
        f"Every figure after {census(late.about.latest_census)} is a forecast, from {late.settings.draws} possible "
        f"futures under the scenario {late.scenario!r}."
    )
    runs = (
        "Both runs have the same children and the same luck, and this school opens for certain in both; other planned "
        "schools come late or never as their chances are."
    )
    pools = (
        "Places of one kind are one pool for the whole area, whatever a child's district, need and age: real schools "
        "are less flexible, so more children would be without a place. Nobody is admitted past the places there are."
    )
    miles = (
        "How far those travel who went elsewhere is not known. Miles are by straight lines made longer for roads, from "
        "points spread over each district, the nearest going to each school, whatever their need and age; nobody's "
        "home is known."
    )
    judged = (
        "Who waits, who goes where instead, and that they ask again at their next transition, is judgement with no "
        f"published figure behind it: {FILE} in data/reference, which can be edited. Nobody is taken to wait at the "
        "latest census."
    )
    return futures, runs, pools, *(() if late.not_measured else (miles,)), judged


def late_table(late: Late) -> pd.DataFrame:
    """Every difference, late less on time, by year and over all years.

    Returns
    -------
    columns measure, provision, year, academic_year, mean, p10, p50, p80, p90
        `year` is a January, or `all years`; quantiles are of the sum that a row stands for. Unrounded; pounds are not
        a number where no price is known, and their sum leaves those kinds of place out.
    """
    kinds = () if late.not_measured else late.school.kinds
    parts = [
        _rows(late.more_without.expand_dims(provision=[ALL_KINDS]), WITHOUT),
        _rows(late.more_waiting.expand_dims(provision=[ALL_KINDS]), WAITING),
        _rows(late.went, THERE),
        _rows(_with_sum(late.pounds), POUNDS),
        *(_rows(late.farther(kind).expand_dims(provision=[kind]), MILES, summed=False) for kind in kinds),
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["measure", "provision", "year", "academic_year", *STATISTICS]]


def _past(late: Late) -> tuple[str, ...]:
    """What the calendar says of the two dates, where one has gone by."""
    now = late.settings.current_year
    gone = [opens for opens in (late.school.opens, late.school.late_opens) if opens <= f"{now - 1}-09"]
    if not gone:
        return ()
    whose = f"in {academic_year(now)}, the school year that counts as today's"
    if len(gone) > 1:
        return (f"Both dates are past {whose}: this looks back, on what the register planned.",)
    said = (
        f"{month_words(gone[0])} is past {whose}: if the school did open then, this is what a delay would have meant."
    )
    return (said,)


def _children(late: Late, asked: str) -> tuple[str, str]:
    """How many more are without the place they asked for, at the worst and over all years, in the middle future."""
    by_year, whole = summarise(late.more_without), summarise(late.more_without.sum("year"))
    worst = _worst(late)
    most = by_year.sel(year=worst)
    first = (
        f"If {asked}, {_more(_at(most, 'p50'))} children of {area_name(late.about)} are without the place they "
        f"asked for in {academic_year(worst)}, when it tells most ({_span(most)})."
    )
    in_all = (
        f"Over all years to {academic_year(int(by_year['year'][-1]))} that is {_more(_at(whole, 'p50'))} school years "
        f"of a child without it ({_span(whole)})."
    )
    return first, in_all


def _worst(late: Late) -> int:
    """January in which it tells most on how many are without the place that they asked for, one way or the other."""
    return int(abs(late.more_without).mean("draw").idxmax("year"))


def _instead(late: Late) -> tuple[str, ...]:
    """Where they are in the year in which it tells most; nothing where that is next to nobody."""
    worst = _worst(late)
    without, waiting = (float(some.sel(year=worst).mean("draw")) for some in (late.more_without, late.more_waiting))
    if without < FEW:
        return ()
    wait = f"{count(waiting)} of them wait where they are, and the others" if waiting >= _LEAST else "they"
    went = late.went.sel(year=worst).mean("draw")
    more = went.where(went > 0, 0.0).sortby(went, ascending=False)
    named = more.where(more >= FEW, drop=True)[:_MOST]
    told = [
        f"{count(float(named.sel(provision=kind)))} in {uncapped(provision_words(late.about, kind))}"
        for kind in named["provision"].to_numpy().tolist()
    ]
    rest = float(more.sum() - named.sum())
    told += [f"{count(rest)} in other kinds of place"] if rest >= _LEAST else []
    said = (
        f"On average {wait} go elsewhere until their next transition, so that it tells for years. Those more than on "
        f"time in {academic_year(worst)} are: {'; '.join(told)}."
    )
    return (said,)


def _pounds(late: Late) -> tuple[str, ...]:
    """What it costs over all years, and what no price is known of."""
    whole = summarise(late.pounds.sum(["provision", "year"]))
    middle = _at(whole, "p50")
    cost = "much the same" if abs(middle) < NOTHING else f"{pounds(middle)} {'more' if middle > 0 else 'less'}"
    said = (
        f"Places and journeys of all children cost {cost} over these years "
        f"({RANGE}: {_money_span(_at(whole, 'p10'), _at(whole, 'p90'))}). These are real pounds, in the prices of "
        "about 2024 to 2026 that costs.csv names, not discounted; capital and empty places are not in them."
    )
    if not late.unpriced:
        return (said,)
    left = "; ".join(uncapped(provision_words(late.about, label)) for label in late.unpriced)
    years = float(late.went.sel(provision=list(late.unpriced)).sum(["provision", "year"]).mean("draw"))
    differ = f"differ by fewer than {FEW}" if abs(years) < FEW else f"are {_more(years)}"
    return said, f"No price is known of: {left}. School years of a child there {differ}, and are left out."


def _miles(late: Late) -> tuple[str, ...]:
    """How much farther those travel who have a place of the same kind."""
    if late.not_measured:
        return (f"Miles are left out: {late.not_measured}.",)
    worst = _worst(late)
    found = []
    for kind in late.school.kinds:
        change = summarise(late.farther(kind).sel(year=worst))
        middle = _at(change, "p50")
        way = f"{abs(middle):.1f} miles {'farther' if middle > 0 else 'less far'} each way"
        told = "as many miles each way as on time" if abs(middle) < _NEAR else way
        share = min(run.miles[kind].share for run in (late.on_time, late.late))
        known = "" if share == 1 else f", at the {share:.0%} of places whose schools' coordinates are known"
        found.append(
            f"Children in {uncapped(provision_words(late.about, kind))} travel {told} in {academic_year(worst)} "
            f"({RANGE}: {_at(change, 'p10'):+z.1f} to {_at(change, 'p90'):+z.1f}){known}."
        )
    return tuple(found)


def _rows(children: xr.DataArray, measure: str, *, summed: bool = True) -> pd.DataFrame:
    """A measure by year and kind of place, and over all years where years can be added up."""
    by_year = _tidy(summarise(children)).assign(academic_year=lambda rows: rows["year"].map(academic_year))
    if not summed:
        return by_year.assign(measure=measure)
    whole = _tidy(summarise(children.sum("year", skipna=False))).assign(year=ALL_YEARS, academic_year=ALL_YEARS)
    return pd.concat([by_year.astype({"year": object}), whole], ignore_index=True).assign(measure=measure)


def _tidy(summary: xr.DataArray) -> pd.DataFrame:
    """One line for each entry but those of `statistic`, which are columns."""
    flat = summary.stack(line=[axis for axis in summary.dims if axis != "statistic"])  # noqa: PD013 - an xarray
    table = pd.DataFrame(flat.transpose("line", "statistic").to_numpy(), columns=list(STATISTICS))
    keys = flat["line"].to_index().to_frame(index=False)
    return pd.concat([keys, table], axis=1)


def _with_sum(children: xr.DataArray) -> xr.DataArray:
    """Every kind of place, and all together."""
    whole = children.sum("provision").expand_dims(provision=[ALL_KINDS])
    return xr.concat([children, whole.transpose(*children.dims)], "provision")


def _at(summary: xr.DataArray, statistic: str) -> float:
    return float(summary.sel(statistic=statistic))


def _span(summary: xr.DataArray) -> str:
    """The 80% range of a number of children, with its direction."""
    low, high = _at(summary, "p10"), _at(summary, "p90")
    if low > -_LEAST:
        least, most = count(max(low, 0.0)), count(max(high, 0.0))
        return f"{RANGE}: {least} more" if least == most else f"{RANGE}: {least} to {most} more"
    if high < _LEAST:
        return f"{RANGE}: {count(abs(min(high, 0.0)))} to {count(abs(low))} fewer"
    return f"{RANGE}: {count(abs(low))} fewer to {count(high)} more"


def _more(children: float) -> str:
    """A difference in children and its direction, before a noun: "37 more", "no more", "12 fewer"."""
    if abs(children) < _LEAST:
        return "no more"
    return f"{count(abs(children))} {'more' if children > 0 else 'fewer'}"


def _money_span(low: float, high: float) -> str:
    """A range of pounds with its direction: "£1.0 million to £2.0 million more", "£5,000 less to £1,000 more"."""
    if low >= 0:
        return f"{pounds(low)} to {pounds(high)} more"
    return f"{pounds(high)} to {pounds(low)} less" if high <= 0 else f"{pounds(low)} less to {pounds(high)} more"
