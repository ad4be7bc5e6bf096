"""Three charts of a forecast, each with its table, a reading in words and a text alternative.

Colours are the Government Analysis Function's. A chart carries its own theme and data, so that nothing is set
for the whole process and nothing is fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import altair as alt
import pandas as pd
import vl_convert

from forecast.domain import Provision, academic_year
from forecast.projection import Projection
from forecast.report.phrases import (
    FEW,
    RANGE,
    about_more,
    area_name,
    capped,
    census,
    count,
    count_range,
    even_lines,
    has_own_scenario,
    phase_words,
    provision_words,
    signed,
)
from forecast.report.tables import CHILDREN, children_table, needs_that_grow_most, specialist, year_ahead
from forecast.report.words import at, needs_reading, phase_reading, specialist_reading

BLUE, ORANGE, DARK, GRID = "#12436D", "#F46A25", "#3D3D3D", "#E5E5E5"
PANEL_WIDTH, PANEL_HEIGHT, BARS_WIDTH, BAR_STEP, BAR = 330, 150, 420, 34, 18
PANEL_GAPS: Final = {"row": 70, "column": 160}
"""Pixels between panels; the axes and the numbers at the end of each line stand in them."""
TICKS: Final = 4
WORTH_DRAWING: Final = 10
"""Children that a panel must reach; its table has the others."""
MOST_BARS: Final = 8
"""Needs in a chart; its table has them all."""
TITLE_WIDTH, SUBTITLE_WIDTH = 80, 112
"""Characters a line."""
THEME: Final[Mapping[str, Any]] = {
    "font": "Liberation Sans",
    "background": "white",
    "padding": 16,
    "title": {"anchor": "start", "fontSize": 19, "color": DARK, "subtitleColor": DARK, "subtitleFontSize": 14,
              "subtitlePadding": 6, "offset": 18, "frame": "bounds"},
    "header": {"labelFontSize": 14, "labelFontWeight": "bold", "labelColor": DARK, "labelAnchor": "start",
               "labelLimit": 500, "title": None},
    "axis": {"labelFontSize": 13, "labelColor": DARK, "labelAngle": 0, "labelLimit": 400, "title": None,
             "gridColor": GRID, "domain": False, "ticks": False, "labelPadding": 6},
    "view": {"stroke": None},
    "text": {"fontSize": 13, "color": DARK},
}  # fmt: skip


Chart: TypeAlias = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Figure:
    """A chart with all that stands in for it."""

    name: str
    """File name without its ending."""
    title: str
    """Its message, in one line."""
    reading: str
    """One sentence that says what it shows; also its text alternative."""
    table: pd.DataFrame
    """Every number that it is drawn from."""
    chart: Chart


def figures(projection: Projection) -> tuple[Figure, ...]:
    """The charts of a run, in reading order; an area without state special schools has no chart of them."""
    drawn = [specialist_figure(projection), needs_figure(projection)]
    return (*drawn, phase_figure(projection)) if projection.about.means(Provision.SPECIAL) else tuple(drawn)


def specialist_figure(projection: Projection) -> Figure:
    """Children who need each specialist kind of place, by school year."""
    about, year = projection.about, year_ahead(projection)
    table = children_table(projection, specialist(projection, ("provision",)))
    lines = {label: provision_words(about, label) for label in table["provision"].unique()}
    first = at(table, year).iloc[0]
    title = f"{lines[first['provision']]}: {_change(projection, first)}"
    what = "Children with a plan who need each kind of specialist place"
    named = table.assign(line=table["provision"].map(lines))
    subtitle = f"{what}. {_marks(projection, named)} Each panel has its own scale."
    chart = panels(_worth_drawing(named), year, y="independent")
    reading = specialist_reading(projection, table)
    return Figure("specialist_places", title, reading, table, finish(projection, chart, title, subtitle, reading))


def phase_figure(projection: Projection) -> Figure:
    """Children who need a state special school, by phase and school year."""
    special, year = projection.about.means(Provision.SPECIAL), year_ahead(projection)
    children = projection.total("district", "need").sel(provision=special).sum("provision")
    table = children_table(projection, children)
    lines = {label: capped(phase_words(label)) for label in table["phase"].unique()}
    top = at(table, year).nlargest(1, "mean").iloc[0]
    title = _most(projection, lines[top["phase"]], top, "phase", "state special schools")
    named = table.assign(line=table["phase"].map(lines))
    subtitle = f"Children with a plan who need a state special school, by phase. {_marks(projection, named)}"
    chart = panels(_worth_drawing(named), year, y="shared")
    reading = phase_reading(projection, table)
    return Figure(
        "special_schools_by_phase",
        title,
        reading,
        table,
        finish(projection, chart, title, subtitle, reading),
    )


def needs_figure(projection: Projection) -> Figure:
    """Needs that grow most in specialist places, with ranges."""
    about, year = projection.about, year_ahead(projection)
    table = needs_that_grow_most(projection, year)
    drawn = table.head(MOST_BARS).assign(line=[capped(about.need_name(need)) for need in table["need"][:MOST_BARS]])
    top = drawn.iloc[0]
    title = _most(projection, top["line"], top, "need", "specialist places")
    subtitle = (
        f"Change from {census(projection.base)} to {academic_year(year)} in children with a plan in "
        f"specialist places, by main need: the {len(drawn)} that grow most. "
        f"Thin line: {RANGE} that the change lies within."
    )
    reading = needs_reading(projection, table)
    return Figure(
        "needs_that_grow_most",
        title,
        reading,
        table,
        finish(projection, _bars(drawn), title, subtitle, reading),
    )


def save_chart(chart: Chart, folder: Path, name: str) -> tuple[Path, Path]:
    """Write `chart` as `name`.svg and `name`.png, the text alternative inside the first."""
    spec = chart.to_dict()
    label = f'<svg role="img" aria-label="{escape(spec["description"])}" '
    drawing, picture = folder / f"{name}.svg", folder / f"{name}.png"
    drawing.write_text(vl_convert.vegalite_to_svg(spec).replace("<svg ", label, 1), encoding="utf-8")
    picture.write_bytes(vl_convert.vegalite_to_png(spec, scale=2))
    return drawing, picture


def finish(projection: Projection, chart: Chart, title: str, subtitle: str, reading: str) -> Chart:
    """Title, subtitle, text alternative and theme."""
    scenario = f' Scenario "{projection.scenario}".' if has_own_scenario(projection) else ""
    world = f" {capped(projection.in_world)}." if projection.in_world else ""
    under = f"{area_name(projection.about)}.{scenario}{world} {subtitle}"
    heading = alt.TitleParams(text=even_lines(title, TITLE_WIDTH), subtitle=even_lines(under, SUBTITLE_WIDTH))
    return chart.properties(title=heading, description=f"{title}. {reading}").configure(**THEME)


def _change(projection: Projection, row: pd.Series) -> str:
    """The message of a title: "about 410 more children in 2031/32 than in January 2025"."""
    than = "as" if abs(row["mean"]) < FEW else "than"
    return f"{about_more(row['mean'])} children in {row['academic_year']} {than} in {census(projection.base)}"


def _most(projection: Projection, name: str, row: pd.Series, kind: str, where: str) -> str:
    """Title that names what grows most, if anything does."""
    if row["mean"] < FEW:
        return f"No {kind} is expected to grow by {FEW} children or more in {where} by {row['academic_year']}"
    return f"{name} grows most in {where}: {_change(projection, row)}"


def _marks(projection: Projection, table: pd.DataFrame) -> str:
    """What the marks of a panel stand for, and which lines have none."""
    dot = f"Dot: {census(projection.base)}."
    said = f"{dot} Line: expected. Shaded: {RANGE} that the number lies within."
    whole = table["line"].nunique() == _worth_drawing(table)["line"].nunique()
    return said if whole else f"{said} Left out: those that stay under {WORTH_DRAWING} children."


def _worth_drawing(table: pd.DataFrame) -> pd.DataFrame:
    """Children of each `line` that is ever expected to have enough of them."""
    children = table[table["measure"] == CHILDREN]
    most = children.groupby("line")["mean"].transform("max")
    return children[most >= min(WORTH_DRAWING, most.max())]


def panels(drawn: pd.DataFrame, named: int, y: Literal["shared", "independent"]) -> Chart:
    """A panel for each `line`: a dot at the first year, the mean after it, its 80% range.

    First, last and `named` year stand under it: few enough to be level and apart.
    """
    years = drawn["academic_year"].unique().tolist()
    ranges = [count_range(low, high) for low, high in zip(drawn["p10"], drawn["p90"], strict=True)]
    drawn = drawn.assign(number=drawn["mean"].map(count), range=ranges)
    first, last = (alt.datum.academic_year == year for year in (years[0], years[-1]))
    x = alt.X(
        "academic_year:O",
        axis=alt.Axis(values=[years[0], academic_year(named), years[-1]], grid=False),
        scale=alt.Scale(padding=1),
    )
    axis, scale = alt.Axis(format=",d", tickCount=TICKS, tickMinStep=1), alt.Scale(nice=TICKS)
    base = alt.Chart().encode(x=x, y=alt.Y("mean:Q", axis=axis, scale=scale))
    number = base.mark_text(fontWeight="bold").encode(text="number:N")
    layers = (
        base.mark_area(color=BLUE, opacity=0.25).encode(y="p10:Q", y2="p90:Q"),
        base.mark_line(color=BLUE, strokeWidth=2.5),
        base.mark_point(color=BLUE, filled=True, size=60, opacity=1).transform_filter(first),
        number.mark_text(fontWeight="bold", align="left", dx=-16, dy=-14).transform_filter(first),
        number.mark_text(fontWeight="bold", align="left", dx=8, dy=-18).transform_filter(last),
        base.mark_text(align="left", dx=8, dy=-2).encode(text="range:N").transform_filter(last),
    )
    return (
        alt.layer(*layers, data=drawn)
        .properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)
        .facet(
            facet=alt.Facet("line:N", sort=drawn["line"].unique().tolist()),
            columns=2,
            spacing=PANEL_GAPS,
            bounds="flush",
        )
        .resolve_scale(y=y)
        .resolve_axis(x="independent", y="independent")
    )


def _bars(table: pd.DataFrame) -> Chart:
    """A bar for each `line`, its 80% range as a thin line, and both in numbers at the end."""
    ends = (table[statistic].map(signed) for statistic in ("mean", "p10", "p90"))
    ranges = [f"{mean} ({low} to {high})" for mean, low, high in zip(*ends, strict=True)]
    base = alt.Chart(table.assign(range=ranges)).encode(y=alt.Y("line:N", sort=None))
    with_sign = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"
    bars = base.mark_bar(color=BLUE, height=BAR).encode(
        x=alt.X("mean:Q", axis=alt.Axis(labelExpr=with_sign, tickCount=5))
    )
    spread = base.mark_rule(color=ORANGE, strokeWidth=3).encode(x="p10:Q", x2="p90:Q")
    numbers = base.mark_text(align="left", dx=8).encode(x="p90:Q", text="range:N")
    return alt.layer(bars, spread, numbers).properties(width=BARS_WIDTH, height=alt.Step(BAR_STEP))
