"""A school that opens late, in sentences and one table: children, where they go instead, pounds and miles."""

from typing import Final

import pandas as pd
import xarray as xr

from forecast.decide.late import Late
from forecast.domain import academic_year
from forecast.inputs.reference_overflow import FILE
from forecast.places.sufficiency import STATISTICS, summarise
from forecast.report.phrases import RANGE, area_name, count, provision_words, uncapped

WITHOUT, WAITING, THERE = "more children without the place they asked for", "of these, more who wait", "more children"
POUNDS, MILES, ALL_YEARS = "more pounds", "more miles one way a child", "all years"
ALL_KINDS: Final = "all kinds of place"
"""Measures of the table, and its labels for sums. Over all years, children are school years of a child."""
_MOST: Final = 3
"""Kinds of place that a sentence names."""
_LEAST: Final = 0.5
"""Fewer children than this, on average, are none in a sentence."""
_MILLION: Final = 1_000_000
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def late_sentences(late: Late) -> tuple[str, ...]:
    """The answer in reading order: children, where they are instead, pounds, miles, what it rests on."""
    school = late.school
    asked = f"{school.school} opens in {month_words(school.late_opens)} rather than in {month_words(school.opens)}"
    if float(abs(late.more_without).max()) == 0:
        nothing = (
            f"If {asked}, nothing changes for children in {area_name(late.about)}: there is room enough without it."
        )
        return (nothing, *_rests_on(late))
    return (
        _children(late, asked),
        _instead(late),
        *_pounds(late),
        *_miles(late),
        *_rests_on(late),
    )


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


def month_words(month: str) -> str:
    """A month such as 2027-09 in words: September 2027."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def pounds_words(pounds: float) -> str:
    """Pounds as sentences say them: whole thousands, or millions to one decimal."""
    if abs(pounds) >= _MILLION:
        return f"£{abs(pounds) / _MILLION:.1f} million"
    return f"£{round(abs(pounds), -3):,.0f}"


def _children(late: Late, asked: str) -> str:
    """How many more are without the place they asked for, at the worst and over all years, in the middle future."""
    by_year, whole = summarise(late.more_without), summarise(late.more_without.sum("year"))
    worst = _worst(late)
    most = by_year.sel(year=worst)
    return (
        f"If {asked}, {count(_at(most, 'p50'))} more children of {area_name(late.about)} are without the place they "
        f"asked for in {academic_year(worst)}, when it tells most ({_span(most)}); over all years to "
        f"{academic_year(int(by_year['year'][-1]))} it is {count(_at(whole, 'p50'))} school years of a child "
        f"({_span(whole)})."
    )


def _worst(late: Late) -> int:
    """January in which most children more are without the place that they asked for."""
    return int(late.more_without.mean("draw").idxmax("year"))


def _instead(late: Late) -> str:
    """Where they are in the year in which it tells most."""
    worst = _worst(late)
    went = late.went.sel(year=worst).mean("draw")
    more = went.where(went >= _LEAST, drop=True).sortby(went, ascending=False) if (went >= _LEAST).any() else went[:0]
    named = [
        f"{count(float(more.sel(provision=kind)))} more in {uncapped(provision_words(late.about, kind))}"
        for kind in more["provision"].to_numpy().tolist()[:_MOST]
    ]
    waiting = float(late.more_waiting.sel(year=worst).mean("draw"))
    wait = f"; {count(waiting)} of them wait for their place there" if waiting >= _LEAST else ""
    places = f"In {academic_year(worst)} there are on average {', '.join(named)}{wait}."
    return f"{places} Those who went elsewhere stay there until their next transition, so that it tells for years."


def _pounds(late: Late) -> tuple[str, ...]:
    """What it costs over all years, and what no price is known of."""
    whole = summarise(late.pounds.sum(["provision", "year"]))
    low, high = _at(whole, "p10"), _at(whole, "p90")
    way = "more" if _at(whole, "p50") >= 0 else "less"
    span = f"{_signed(low)} to {_signed(high)}"
    said = (
        f"Places and journeys of all children cost {pounds_words(_at(whole, 'p50'))} {way} over these years "
        f"({RANGE}: {span} more), in real terms, in the prices of about 2024 to 2026 that costs.csv names; nothing is "
        "discounted, and capital, and places that stand empty, are not in it."
    )
    if not late.unpriced:
        return (said,)
    left = ", ".join(uncapped(provision_words(late.about, label)) for label in late.unpriced)
    years = count(abs(float(late.went.sel(provision=list(late.unpriced)).sum(["provision", "year"]).mean("draw"))))
    return (said, f"No price is known of: {left}. The difference there, {years} school years in all, is left out.")


def _miles(late: Late) -> tuple[str, ...]:
    """How much farther those travel who have a place of the same kind."""
    if late.not_measured:
        return (f"Miles are left out: {late.not_measured}.",)
    worst = _worst(late)
    found = []
    for kind in late.school.kinds:
        change = summarise(late.farther(kind).sel(year=worst))
        middle = _at(change, "p50")
        way = "farther" if middle >= 0 else "less far"
        share = min(run.miles[kind].share for run in (late.on_time, late.late))
        known = "" if share == 1 else f", at the {share:.0%} of places whose schools' coordinates are known"
        found.append(
            f"Children in {uncapped(provision_words(late.about, kind))} travel {abs(middle):.1f} miles {way} each way "
            f"in {academic_year(worst)} ({RANGE}: {_at(change, 'p10'):+.1f} to {_at(change, 'p90'):+.1f}){known}."
        )
    rest = (
        "How far those travel who went elsewhere is not known. Miles are by straight lines made longer for roads, from "
        "points spread over each district, the nearest going to each school, whatever their need and age; nobody's "
        "home is known."
    )
    return (*found, rest)


def _rests_on(late: Late) -> tuple[str, ...]:
    """What the answer takes on judgement."""
    runs = (
        "Both runs have the same children and the same luck, and this school opens for certain in both; other planned "
        f"schools come late or never as their chances are. The scenario is {late.scenario!r}."
    )
    pools = (
        "Places of one kind are one pool for the whole area, whatever a child's district, need and age: real schools "
        "are less flexible, so more children would be without a place. Nobody is admitted past the places there are."
    )
    judged = (
        "Who waits, who goes where instead, and that they ask again at their next transition, is judgement with no "
        f"published figure behind it: {FILE} in data/reference, which can be edited. Nobody is taken to wait at the "
        "latest census."
    )
    return runs, pools, judged


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
    """The 80% range of a number of children."""
    return f"{RANGE}: {_signed_count(_at(summary, 'p10'))} to {_signed_count(_at(summary, 'p90'))} more"


def _signed_count(children: float) -> str:
    words = count(abs(children))
    return f"minus {words}" if children <= -_LEAST and words != "0" else words


def _signed(pounds: float) -> str:
    return f"minus {pounds_words(pounds)}" if pounds < 0 else pounds_words(pounds)
