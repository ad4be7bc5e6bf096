"""Drawings of the page "What if?", one message each, as wide as there is room for."""

from textwrap import wrap
from typing import Any, Final

import altair as alt
import pandas as pd

from forecast.report.charts import BLUE, ORANGE
from forecast.report.compare_drawings import COLOURS, DASHES
from forecast.views.drawings import BAR_STEP, HEIGHT, TICKS, Drawing, finished

ROOM_FOR_NAMES: Final = 150
"""Pixels beside lines for the names at their ends."""
MOST_OF_A_NAME: Final = 140
THREE_LINES: Final = 64
"""Pixels that a number and a name under it in two lines need, with what axes take."""
CHARACTERS: Final = 22
"""Of a line of a name."""
MIDDLE: Final = 0.5
_SCHOOL_YEAR: Final = "(datum.value - 1) + '/' + substring(toString(datum.value), 2)"
"""A January on an axis, in Vega's words."""
_SIGNED: Final = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"


def lines(rows: pd.DataFrame) -> Drawing:
    """A line for each scenario by school year, its name at its end; told apart by dashes too.

    Parameters
    ----------
    rows : columns name, words (what the name reads as), year (January), mean, number, said (what a pointer finds)
    """
    names = rows["name"].unique().tolist()
    first, last = int(rows["year"].min()), int(rows["year"].max())
    ends = rows[rows["year"] == last].sort_values("mean", kind="stable")
    reach = max(float(rows["mean"].max() - rows["mean"].min()), 1.0)
    ends = ends.assign(
        at=_apart(ends["mean"].tolist(), reach * THREE_LINES / HEIGHT),
        under=["\n".join(wrap(name, CHARACTERS, max_lines=2, placeholder="...")) for name in ends["words"]],
    )
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=[*COLOURS[: len(names)]]), legend=None)
    dashed = [DASHES[at % len(DASHES)] for at in range(len(names))]
    dash = alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=dashed), legend=None)
    scale = alt.Scale(zero=False, nice=TICKS)
    x = _years(first, last, alt.Scale(domain=[first, last], range=_range(), nice=False))
    base = alt.Chart(rows).encode(x=x, y=alt.Y("mean:Q", axis=alt.Axis(format=",d", tickCount=TICKS), scale=scale))
    named = alt.Chart(ends).encode(x="year:Q", y=alt.Y("at:Q", scale=scale))
    layers = (
        base.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash),
        named.mark_text(align="left", dx=8, limit=MOST_OF_A_NAME, fontWeight="bold", dy=-7).encode(
            text="number:N", color=colour
        ),
        named.mark_text(align="left", dx=8, limit=MOST_OF_A_NAME, dy=7, lineBreak="\n").encode(text="under:N"),
        base.mark_point(size=300, opacity=0).encode(
            tooltip=[alt.Tooltip("name:N", title="Scenario"), alt.Tooltip("said:N", title="Expected")]
        ),
    )
    return finished(alt.layer(*layers), height=HEIGHT)


def difference(rows: pd.DataFrame, named: int) -> Drawing:
    """A difference by school year with its 80% range shaded, and a line at no difference.

    Parameters
    ----------
    rows : columns year (January), mean, p10, p90, said
    named : January whose difference stands in the drawing, besides the last one's
    """
    first, last = int(rows["year"].min()), int(rows["year"].max())
    x = _years(first, last, alt.Scale(domain=[first, last], nice=False, padding=30))
    y = alt.Y("mean:Q", axis=alt.Axis(labelExpr=_SIGNED, tickCount=TICKS, tickMinStep=1), scale=alt.Scale(nice=TICKS))
    base = alt.Chart(rows).encode(x=x, y=y)
    down = float(rows["mean"].iloc[-1]) < 0
    layers = (
        base.mark_area(color=BLUE, opacity=0.25).encode(y="p10:Q", y2="p90:Q"),
        alt.Chart().mark_rule(color=ORANGE, strokeDash=[6, 3], strokeWidth=2).encode(y=alt.datum(0)),
        base.mark_line(color=BLUE, strokeWidth=2.5),
        base.mark_text(fontWeight="bold", dy=18 if down else -14)
        .transform_filter((alt.datum.year == named) | (alt.datum.year == last))
        .encode(text="said:N"),
        base.mark_point(size=300, opacity=0).encode(tooltip=[alt.Tooltip("said:N", title="Difference")]),
    )
    return finished(alt.layer(*layers, data=rows), height=HEIGHT)


def bars(rows: pd.DataFrame, axis: str) -> Drawing:
    """Bars with their 80% range, each under its name and what it says.

    Parameters
    ----------
    rows : columns line, mean, p10, p90, said
    axis : title of the axis
    """
    base = alt.Chart(rows).encode(y=alt.Y("line:N", sort=None, axis=None))
    reach = alt.Axis(labelExpr=_SIGNED, tickCount=TICKS, title=axis or None)
    words = base.encode(x=alt.value(0))
    layers = (
        base.mark_bar(color=BLUE, height=14, yOffset=16).encode(x=alt.X("mean:Q", axis=reach)),
        base.mark_rule(color=ORANGE, strokeWidth=3, yOffset=16).encode(x="p10:Q", x2="p90:Q"),
        words.mark_text(align="left", dy=-20, fontWeight="bold", limit=alt.expr("width")).encode(text="line:N"),
        words.mark_text(align="left", dy=-4, limit=alt.expr("width")).encode(text="said:N"),
    )
    return finished(alt.layer(*layers), height=alt.Step(BAR_STEP))


def steps(rows: pd.DataFrame, axis: str) -> Drawing:
    """Bars that each begin where the one before ends, under their names and numbers.

    Parameters
    ----------
    rows : columns line, low, high, said, level (whether a bar is the whole)
    axis : title of the axis
    """
    base = alt.Chart(rows).encode(y=alt.Y("line:N", sort=None, axis=None))
    words = base.encode(x=alt.value(0))
    shade = alt.condition(alt.datum.level, alt.value("#3D3D3D"), alt.value(BLUE))
    reach = alt.Axis(labelExpr=_SIGNED, tickCount=TICKS, title=axis or None)
    layers = (
        base.mark_bar(height=14, yOffset=16).encode(x=alt.X("low:Q", axis=reach), x2="high:Q", color=shade),
        words.mark_text(align="left", dy=-20, fontWeight="bold", limit=alt.expr("width")).encode(text="line:N"),
        words.mark_text(align="left", dy=-4).encode(text="said:N"),
    )
    return finished(alt.layer(*layers), height=alt.Step(BAR_STEP))


def _years(first: int, last: int, scale: alt.Scale) -> alt.X:
    """School years along the axis, few enough to be level and apart."""
    ticks = [first, round(first + (last - first) * MIDDLE), last]
    return alt.X("year:Q", axis=alt.Axis(values=ticks, labelExpr=_SCHOOL_YEAR, grid=False), scale=scale)


def _range() -> list[Any]:
    return [4, alt.expr(f"max(60, width - {ROOM_FOR_NAMES})")]


def _apart(ends: list[float], gap: float) -> list[float]:
    """Where names may stand: at the end of each line, or as far above the one below as they need.

    Parameters
    ----------
    ends : the lowest first
    """
    placed: list[float] = []
    for end in ends:
        placed.append(max(end, placed[-1] + gap) if placed else end)
    return placed
