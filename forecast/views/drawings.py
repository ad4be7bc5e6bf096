"""Drawings that fit the page they are on, from a phone to a wall: each is as wide as there is room for.

Words stand beside a drawing, never in it alone: the page has a sentence and a table for each.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import altair as alt
import pandas as pd

from forecast.domain import academic_year
from forecast.report.charts import BLUE, ORANGE, THEME
from forecast.report.phrases import RANGE, count, count_range, signed
from forecast.views.outlines import Outlines, middles, planar

HEIGHT, MAP_HEIGHT, BAR_STEP = 300, 380, 58
"""Pixels; a step holds a bar and the two lines of words above it."""
ROOM_FOR_NAMES: Final = 450
"""Pixels of width below which a map has numbers only."""
TICKS: Final = 4
LINE_OF_WORDS, ROOM_FOR_ENDS = 24, 155
"""Pixels that a line of words needs, with what axes and the words above it take, and that words beside lines need."""
GREY: Final = "#595959"
PALE, WHITE = "#ADD1F1", "white"
"""The light end of the map's one hue, and the edge that keeps words clear of it."""
FONT: Final = "Source Sans, sans-serif"
"""That of the page."""
Drawing: TypeAlias = alt.LayerChart | alt.FacetChart


def line_with_range(rows: pd.DataFrame, named: int) -> Drawing:
    """Children by school year: counted, then expected with the 80% range; places as steps where there are any.

    Parameters
    ----------
    rows : columns year, academic_year, mean, p10, p90; `places` where the area lists its own
    named : January whose number stands in the drawing, besides the first one's
    """
    ranges = [count_range(low, high) for low, high in zip(rows["p10"], rows["p90"], strict=True)]
    drawn = rows.assign(number=rows["mean"].map(count), range=ranges)
    years = drawn["academic_year"].tolist()
    first, ahead = (alt.datum.academic_year == year for year in (years[0], academic_year(named)))
    labels = alt.Axis(values=[years[0], academic_year(named), years[-1]], grid=False)
    numbers = alt.Axis(format=",d", tickCount=TICKS, tickMinStep=1)
    base = alt.Chart().encode(
        x=alt.X("academic_year:O", axis=labels, scale=alt.Scale(padding=1)),
        y=alt.Y("mean:Q", axis=numbers, scale=alt.Scale(nice=TICKS, zero=True)),
    )
    dot = base.mark_point(color=BLUE, filled=True, size=70, opacity=1)
    text = base.encode(text="number:N")
    layers = [
        base.mark_area(color=BLUE, opacity=0.25).encode(y="p10:Q", y2="p90:Q"),
        base.mark_line(color=BLUE, strokeWidth=2.5),
        dot.transform_filter(first | ahead),
        text.mark_text(fontWeight="bold", align="left", dx=-4, dy=18).transform_filter(first),
        text.mark_text(fontWeight="bold", dy=18).transform_filter(ahead),
        _pointed_at(base, {"academic_year": "School year", "number": "Expected", "range": RANGE}),
    ]
    if "places" in drawn:
        step = base.mark_line(color=ORANGE, interpolate="step", strokeDash=[6, 3], strokeWidth=2.5)
        layers.append(step.encode(y="places:Q"))
    return finished(alt.layer(*layers, data=drawn), height=HEIGHT)


def bars_with_range(rows: pd.DataFrame) -> Drawing:
    """Bars with their 80% range, each under its name and numbers.

    Parameters
    ----------
    rows : columns line, mean, p10, p90; children more than at the census
    """
    ends = (rows[statistic].map(signed) for statistic in ("mean", "p10", "p90"))
    said = [f"{mean} ({low} to {high})" for mean, low, high in zip(*ends, strict=True)]
    base = alt.Chart(rows.assign(said=said)).encode(y=alt.Y("line:N", sort=None, axis=None))
    with_sign = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"
    axis = alt.Axis(labelExpr=with_sign, tickCount=TICKS, tickMinStep=1)
    words = base.encode(x=alt.value(0))
    layers = (
        base.mark_bar(color=BLUE, height=14, yOffset=16).encode(x=alt.X("mean:Q", axis=axis)),
        base.mark_rule(color=ORANGE, strokeWidth=3, yOffset=16).encode(x="p10:Q", x2="p90:Q"),
        words.mark_text(align="left", dy=-20, fontWeight="bold", limit=alt.expr("width")).encode(text="line:N"),
        words.mark_text(align="left", dy=-4).encode(text="said:N"),
    )
    return finished(alt.layer(*layers), height=alt.Step(BAR_STEP))


def district_map(outlines: Outlines, rows: pd.DataFrame) -> Drawing:
    """Districts, darker where there are more, each with its number and, where there is room, its name.

    Parameters
    ----------
    outlines : GeoJSON with one feature a district
    rows : columns district, mean; children more than at the census
    """
    more = rows.set_index("district")["mean"].to_dict()
    shapes = planar(outlines)
    drawn = [
        {"type": "Feature", "geometry": shape, "name": name, "more": more[name], "number": signed(more[name])}
        for name, shape in shapes.items()
    ]
    said = [alt.Tooltip("name:N", title="District"), alt.Tooltip("number:N", title="More")]
    one_hue = alt.Color("more:Q", scale=alt.Scale(range=[PALE, BLUE]), legend=None)
    filled = alt.Chart(alt.Data(values=drawn)).mark_geoshape(stroke=WHITE, strokeWidth=1.5)
    places = pd.DataFrame(middles(shapes)).assign(number=[feature["number"] for feature in drawn])
    words = alt.Chart(places).encode(longitude="x:Q", latitude="y:Q")
    with_room = alt.expr(f"width < {ROOM_FOR_NAMES} ? 0 : 1")
    layers = [filled.encode(color=one_hue, tooltip=said)]
    for edge in (3.5, 0.0):
        stroke: dict[str, Any] = {"stroke": WHITE, "strokeWidth": edge, "strokeJoin": "round"} if edge else {}
        layers += [
            words.mark_text(dy=-9, opacity=with_room, **stroke).encode(text="name:N"),
            words.mark_text(dy=7, fontWeight="bold", **stroke).encode(text="number:N"),
        ]
    return finished(alt.layer(*layers).project(type="identity", reflectY=True), height=MAP_HEIGHT)


def error_by_years(rows: pd.DataFrame, main: str) -> Drawing:
    """How far out each method was, by years ahead, each line under its name at its end.

    Parameters
    ----------
    rows : columns line, ahead, error; a share of what came, for every line at every `ahead`
    main : line that the others are set beside
    """
    last = rows["ahead"].max()
    ends = rows[rows["ahead"] == last].set_index("line")["error"].sort_values()
    at = _apart(ends.to_dict(), rows["error"].max() * LINE_OF_WORDS / HEIGHT)
    top = max(rows["error"].max(), *at.values()) * 1.05
    drawn = rows.assign(heavy=rows["line"] == main)
    said = [{"ahead": last, "at": at[line], "said": f"{ends[line]:.0%} {line}", "heavy": line == main} for line in at]
    years = sorted(rows["ahead"].unique().tolist())
    room = alt.Scale(domain=[years[0], last], range=[4, alt.expr(f"max(60, width - {ROOM_FOR_ENDS})")], nice=False)
    axis, height = alt.Axis(values=years, format="d", grid=False), alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(drawn).encode(
        x=alt.X("ahead:Q", axis=axis, scale=room),
        y=alt.Y("error:Q", axis=alt.Axis(format=".0%", tickCount=TICKS), scale=height),
        detail="line:N",
    )
    words = alt.Chart(pd.DataFrame(said)).mark_text(align="left", dx=8).encode(x="ahead:Q", y="at:Q", text="said:N")
    chosen = alt.datum.heavy
    layers = [
        base.mark_line(color=GREY, strokeWidth=1.5, strokeDash=[5, 3]).transform_filter(~chosen),
        base.mark_line(color=BLUE, strokeWidth=3, point={"color": BLUE, "size": 50}).transform_filter(chosen),
        words.transform_filter(~chosen),
        words.mark_text(align="left", dx=8, fontWeight="bold", color=BLUE).transform_filter(chosen),
    ]
    return finished(alt.layer(*layers), height=HEIGHT)


def bars_to_a_mark(rows: pd.DataFrame, mark: float) -> Drawing:
    """Shares as bars, each under its words, and a line where they should end.

    Parameters
    ----------
    rows : columns line, share; 0 to 1
    mark : what each share should be
    """
    axis = alt.Axis(format=".0%", values=[0, mark, 1], grid=False)
    base = alt.Chart(rows).encode(y=alt.Y("line:N", sort=None, axis=None))
    bars = base.mark_bar(color=BLUE, height=14, yOffset=8)
    words = base.mark_text(align="left", dy=-10, limit=alt.expr("width"))
    line = alt.Chart(pd.DataFrame({"mark": [mark]})).mark_rule(color=ORANGE, strokeWidth=3)
    layers = (
        bars.encode(x=alt.X("share:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))),
        line.encode(x="mark:Q"),
        words.encode(x=alt.value(0), text="line:N"),
    )
    return finished(alt.layer(*layers), height=alt.Step(BAR_STEP - 14))


def forecast_and_outcome(rows: pd.DataFrame) -> Drawing:
    """What was forecast for each January, with its range, beside what came.

    Parameters
    ----------
    rows : columns january, forecast, p10, p90, actual
    """
    numbers = alt.Axis(format=",d", tickCount=TICKS, tickMinStep=1)
    base = alt.Chart(rows).encode(
        x=alt.X("january:O", axis=alt.Axis(grid=False, labelOverlap="parity"), scale=alt.Scale(padding=0.5)),
        y=alt.Y("forecast:Q", axis=numbers, scale=alt.Scale(nice=TICKS, zero=True)),
    )
    layers = (
        base.mark_rule(color=BLUE, opacity=0.3, strokeWidth=12).encode(y="p10:Q", y2="p90:Q"),
        base.mark_point(color=BLUE, filled=True, size=80, opacity=1),
        base.mark_point(color=ORANGE, shape="diamond", size=130, strokeWidth=3, filled=False, opacity=1).encode(
            y="actual:Q"
        ),
    )
    return finished(alt.layer(*layers), height=HEIGHT)


def _apart(ends: Mapping[str, float], gap: float) -> dict[str, float]:
    """Where the words of each line may stand: at its end, or as far above the words below as they need.

    Parameters
    ----------
    ends : line -> its end, the lowest first
    """
    placed: dict[str, float] = {}
    for line, end in ends.items():
        placed[line] = max(end, max(placed.values(), default=-gap) + gap)
    return placed


def _pointed_at(base: alt.Chart, titles: dict[str, str]) -> alt.Chart:
    """What a pointer finds near each year: field -> its title. All of it is in the table too."""
    said = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    return base.mark_point(size=500, opacity=0).encode(tooltip=said)


def finished(drawing: Drawing, height: int | alt.Step) -> Drawing:
    """Size and theme; a screen reader is told the drawing's sentence, not every mark of it."""
    told = {"mark": {"aria": False}, "axis": {**THEME["axis"], "aria": False}}
    sized = drawing.properties(width="container", height=height)
    return sized.configure(**{**THEME, **told, "padding": 4, "font": FONT})
