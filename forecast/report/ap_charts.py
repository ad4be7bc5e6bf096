"""Charts of alternative provision: children by who arranges it, places of AP schools, and those places by age.

Each has one message, its table and its reading. Places and children are never in one picture.
"""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from forecast.ap.forecast import ApForecast
from forecast.domain import ALL, KEY_STAGE_NAMES, WITHOUT_PLAN, ApSetting, academic_year
from forecast.projection import Projection
from forecast.report.ap_middle import NAMES, drawn, row_of, shown
from forecast.report.ap_tables import (
    AP,
    EVERYBODY,
    EVERYONE,
    HEADCOUNT,
    KEY_STAGE,
    PEAK,
    SENT_BY_SCHOOLS,
    SETTING,
    WANTED,
    WITH_PLAN,
)
from forecast.report.ap_where import places_listed, sent_by_schools
from forecast.report.ap_words import ap_reading, last_counted, now_of
from forecast.report.charts import (
    BAR,
    BAR_STEP,
    BARS_WIDTH,
    BLUE,
    DARK,
    ORANGE,
    Chart,
    Figure,
    finish,
    panels,
)
from forecast.report.phrases import RANGE, capped, count, count_range
from forecast.report.tables import year_ahead

STEP: Final = 56
"""Pixels of a bar of years, its number beside it."""
HEIGHT: Final = 260
PINK: Final = "#801650"
"""Dark pink of the Government Analysis Function's colours, for a third part of a bar."""
ROOM_ABOVE: Final = 1.2
"""Height of a chart of bars as a multiple of the highest, so that its numbers stand under the key."""
OF_SCHOOLS: Final = "The same, sent by their schools for part of the week"
WHO: Final[Mapping[str, str]] = {
    WITH_PLAN: capped(WITH_PLAN),
    WITHOUT_PLAN: capped(WITHOUT_PLAN),
    SENT_BY_SCHOOLS: OF_SCHOOLS,
}
"""Who fills a place -> words for the key, from the foot of a bar."""
_KEY: Final[Mapping[str, Any]] = {
    "orient": "top",
    "title": None,
    "labelFontSize": 13,
    "labelLimit": 400,
    "symbolType": "square",
}


def ap_figures(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> tuple[Figure, ...]:
    """The charts, in reading order, of those tables of a run that `ap_tables` makes; none without them.

    Places are drawn of AP schools alone, and only where their rolls were counted.
    """
    ap = projection.ap
    if ap is None or AP not in tables:
        return ()
    table = tables[AP]
    children = children_figure(projection, ap, table)
    if ApSetting.AP_SCHOOL not in ap.counted:
        return (children,)
    return (children, schools_figure(projection, ap, tables[EVERYONE]), stages_figure(projection, ap, table))


def children_figure(projection: Projection, ap: ApForecast, table: pd.DataFrame) -> Figure:
    """Children without a plan on roll, by who arranges it.

    Parameters
    ----------
    table : as from `ap_table`
    """
    then, now = year_ahead(projection), now_of(projection)
    rows = table[(table["measure"] == HEADCOUNT) & (table["by"] == SETTING)].reset_index(drop=True)
    first, later = (shown(row_of(table, year, measure=HEADCOUNT, by=ALL)) for year in (now, then))
    title = (
        f"Children without a plan in alternative provision: {first} in {academic_year(now)}, {later} in "
        f"{academic_year(then)}, in the middle of the futures"
    )
    itself = "" if projection.base <= max(ap.counted.values()) else ", itself a forecast"
    subtitle = (
        "Children on roll on average over the school year, each once, by who arranges it "
        f"({last_counted(ap)}). Dot: {academic_year(projection.base)}{itself}. Line: the middle of the futures. "
        f"Shaded: {RANGE} that the number lies within. Each panel has its own scale."
    )
    chart = panels(drawn(rows).assign(line=rows["line"].map(NAMES)), then, y="independent")
    reading = " ".join(ap_reading(projection)[:2])
    return Figure("ap_children", title, reading, rows, finish(projection, chart, title, subtitle, reading))


def schools_figure(projection: Projection, ap: ApForecast, every: pd.DataFrame) -> Figure:
    """Places of AP schools that are filled in the fullest month, by children with a plan and without.

    Parameters
    ----------
    every : as from `everyone_table`
    """
    then = year_ahead(projection)
    rows = every[(every["setting"] == ApSetting.AP_SCHOOL) & (every["measure"] == PEAK)]
    rows = rows[rows["year"].isin(_years(projection))].reset_index(drop=True)
    sums = EVERYBODY if EVERYBODY in set(rows["who"]) else WITHOUT_PLAN
    both = drawn(rows[rows["who"] == sums])
    parts, said_of = _parts(rows, both), {who: shown(row_of(rows, then, who=who)) for who in set(rows["who"])}
    who = f", {said_of[WITHOUT_PLAN]} by children {WITHOUT_PLAN}" if sums == EVERYBODY else ""
    title = f"AP schools: {said_of[sums]} places filled in the fullest month of {academic_year(then)}{who}"
    listed = _listed(projection)
    line = "" if listed.empty else " Dark line: places listed, on average over all futures."
    subtitle = (
        "Full-time places of pupil referral units, AP academies and AP free schools in the fullest month of the school "
        f"year. Children {WITHOUT_PLAN}: {last_counted(ap)}. Height: the middle of the futures, shared out as their "
        f"average is. In brackets: {RANGE} that the sum lies within.{line}"
    )
    said = [f"{year}, {count(mean)}" for year, mean in zip(both["academic_year"], both["mean"], strict=True)]
    sent = said_of.get(SENT_BY_SCHOOLS)
    of_sent = f" In {academic_year(then)}, {sent} of these by children whom their schools send." if sent else ""
    reading = f"Places of AP schools filled in the fullest month, by all who fill them: {'; '.join(said)}.{of_sent}"
    chart = _stacked(parts, both, listed)
    return Figure("ap_school_places", title, reading, rows, finish(projection, chart, title, subtitle, reading))


def stages_figure(projection: Projection, ap: ApForecast, table: pd.DataFrame) -> Figure:
    """Places of AP schools wanted for children without a plan, by key stage.

    Parameters
    ----------
    table : as from `ap_table`
    """
    then = year_ahead(projection)
    rows = table[(table["measure"] == WANTED) & (table["by"] == KEY_STAGE) & (table["setting"] == ApSetting.AP_SCHOOL)]
    rows = rows[rows["year"] == then].reset_index(drop=True)
    named = drawn(rows).assign(line=[KEY_STAGE_NAMES[label] for label in rows["line"]])
    (top,) = named.nlargest(1, "mean").to_dict("records")
    title = (
        f"{top['line']} take most AP school places for children without a plan: {shown(top)} in {top['academic_year']}"
    )
    kept = f", and {ap.headroom:.0%} more kept free" if ap.headroom else ""
    sent = "" if sent_by_schools(ap) is None else ", those whom their schools send for part of the week among them"
    subtitle = (
        f"Full-time places of AP schools in the fullest month of {top['academic_year']}{kept}, for children without a "
        f"plan{sent}, by age ({last_counted(ap)}). Bar: the middle of the futures. Thin line: {RANGE} "
        "that the number lies within."
    )
    said = [f"{line}, {count(mean)}" for line, mean in zip(named["line"], named["mean"], strict=True)]
    reading = f"Places of AP schools wanted in {top['academic_year']} for children without a plan: {'; '.join(said)}."
    chart = _bars(named)
    return Figure("ap_places_by_age", title, reading, rows, finish(projection, chart, title, subtitle, reading))


def _years(projection: Projection) -> list[int]:
    """Years of the table in the terminal but the census, which is the first where there is no later one."""
    ahead = [year for heading, year in projection.table_years.items() if heading != "latest census"]
    return ahead or [projection.base]


def _parts(rows: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    """Parts of a bar that nobody is in twice: those without a plan but for those sent, those sent, those with a plan.

    Means add up, and the middle of a sum is not the sum of middles: the height is shared out as the mean is.

    Parameters
    ----------
    rows : of one measure, as `everyone_table`
    both : height of the bars, in the column `mean`

    Returns
    -------
    columns line, at (its place in the bar), year, academic_year, mean
    """
    means = rows.pivot_table(index=["year", "academic_year"], columns="who", values="mean", observed=True)
    if SENT_BY_SCHOOLS in means:
        means[WITHOUT_PLAN] = means[WITHOUT_PLAN] - means[SENT_BY_SCHOOLS]
    kinds = [who for who in WHO if who in means]
    height, whole = both.set_index(["year", "academic_year"])["mean"], means[kinds].sum(axis=1)
    means = means[kinds].mul((height / whole.where(whole > 0)).fillna(0.0), axis=0)
    found = [
        pd.DataFrame({"line": name, "at": place, "mean": means[who]})
        for place, (who, name) in enumerate(WHO.items())
        if who in means
    ]
    return pd.concat(found).reset_index()


def _listed(projection: Projection) -> pd.DataFrame:
    """Places of AP schools that the area lists, in the years drawn: academic_year, places; no rows if none."""
    places = places_listed(projection)
    if places is None:
        return pd.DataFrame(columns=["academic_year", "places"])
    chosen = places.sel(year=_years(projection)).to_series().dropna()
    return pd.DataFrame({"academic_year": [*map(academic_year, chosen.index)], "places": chosen.to_numpy()})


def _stacked(parts: pd.DataFrame, both: pd.DataFrame, listed: pd.DataFrame) -> Chart:
    """A bar for each year, children with a plan at its foot, the sum and its range over it, a line at the places."""
    said = [_said(row["mean"], row["p10"], row["p90"]).replace(" (", "\n(") for row in both.to_dict("records")]
    lines = [name for name in WHO.values() if name in set(parts["line"])]
    shades = dict(zip(WHO.values(), (BLUE, ORANGE, PINK), strict=True))
    colours = alt.Scale(domain=lines, range=[shades[name] for name in lines])
    tall = alt.Scale(domainMax=max(both["mean"].max() * ROOM_ABOVE, listed["places"].max() if len(listed) else 0, 1))
    x = alt.X("academic_year:O", axis=alt.Axis(grid=False), scale=alt.Scale(paddingInner=0.45, paddingOuter=0.25))
    bars = (
        alt.Chart(parts)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("mean:Q", stack="zero", axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1), scale=tall),
            color=alt.Color("line:N", scale=colours, legend=alt.Legend(**_KEY)),
            order=alt.Order("at:O", sort="ascending"),
        )
    )
    sums = alt.Chart(both.assign(said=said)).encode(x=x, y="mean:Q", text="said:N")
    labels = sums.mark_text(baseline="bottom", dy=-22, fontWeight="bold", color=DARK, lineBreak="\n")
    line = alt.Chart(listed).mark_tick(color=DARK, opacity=1, thickness=4, size=1.4 * STEP, orient="horizontal")
    places = [] if listed.empty else [line.encode(x=x, y="places:Q")]
    return alt.layer(bars, *places, labels).properties(width=alt.Step(2 * STEP), height=HEIGHT)


def _bars(table: pd.DataFrame) -> Chart:
    """A bar for each `line`, its 80% range as a thin line, and both in numbers at the end."""
    said = [_said(row["mean"], row["p10"], row["p90"]) for row in table.to_dict("records")]
    base = alt.Chart(table.assign(said=said)).encode(y=alt.Y("line:N", sort=None))
    bars = base.mark_bar(color=BLUE, height=BAR).encode(x=alt.X("mean:Q", axis=alt.Axis(format=",d", tickCount=5)))
    spread = base.mark_rule(color=ORANGE, strokeWidth=3).encode(x="p10:Q", x2="p90:Q")
    numbers = base.mark_text(align="left", dx=8).encode(x="p90:Q", text="said:N")
    return alt.layer(bars, spread, numbers).properties(width=BARS_WIDTH, height=alt.Step(BAR_STEP))


def _said(mean: float, low: float, high: float) -> str:
    """A number with its range: "350 (280 to 440)"."""
    span = count_range(low, high)
    return f"{count(mean)} ({span})" if span and low != high else count(mean)
