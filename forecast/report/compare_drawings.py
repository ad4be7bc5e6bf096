"""Shapes of the charts of a comparison: lines with their names, panels of a difference, bars of pounds."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from forecast.report.charts import (
    BAR,
    BAR_STEP,
    BARS_WIDTH,
    BLUE,
    DARK,
    ORANGE,
    PANEL_GAPS,
    PANEL_HEIGHT,
    PANEL_WIDTH,
    Chart,
)

COLOURS: Final = (BLUE, ORANGE, "#28A197", "#801650", "#A285D1")
"""Of scenarios, in their order: the Government Analysis Function's; a sixth has the first again, in a broken line."""
DASHES: Final = ([1, 0], [6, 3], [2, 2])
"""Of lines whose colours are used up."""
WIDTH, HEIGHT = 520, 280
NAME_WIDTH: Final = 260
"""Pixels beside a chart for the names of its lines."""
NAME_LETTERS: Final = 32
"""Letters of a name that have room in these."""
NAME_LINES: Final = 2
"""Lines that a long name is broken into; what goes past them is left out."""
APART: Final = 0.075
"""Share of a chart's height that names of one line at the end of lines are apart."""


def lines(table: pd.DataFrame, names: Sequence[str], number_format: str = ",d", apart: str = "") -> Chart:
    """A line for each name, with its name at its end.

    Parameters
    ----------
    table : name, academic_year, mean, text (what the end of a line says: its figure first, then its name)
    names : in the order of their colours
    number_format : of the y axis, in d3's words
    apart : a further name, that of no scenario, whose line is dark and broken
    """
    years = table["academic_year"].unique().tolist()
    ends = _spread(table[table["academic_year"] == years[-1]], table["mean"])
    every = [*names, *([apart] if apart else [])]
    shades = [COLOURS[at % len(COLOURS)] for at in range(len(names))] + [DARK]
    dashes = [DASHES[at // len(COLOURS) % len(DASHES)] for at in range(len(names))] + [DASHES[1]]
    colour = alt.Color("name:N", scale=alt.Scale(domain=every, range=shades[: len(every)]), legend=None)
    dash = alt.StrokeDash("name:N", scale=alt.Scale(domain=every, range=dashes[: len(every)]), legend=None)
    scale = alt.Scale(zero=False, nice=True)
    x = alt.X("academic_year:O", axis=alt.Axis(values=_few(years), grid=False), scale=alt.Scale(padding=0.3))
    y = alt.Y("mean:Q", axis=alt.Axis(format=number_format, tickCount=5), scale=scale)
    drawn = alt.Chart(table).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour, strokeDash=dash)
    named = alt.Chart(ends).encode(x=x, y=alt.Y("level:Q", scale=scale))
    key = named.mark_point(shape="square", filled=True, size=70, opacity=1, xOffset=14).encode(color=colour)
    text = named.mark_text(align="left", dx=24, color=DARK, limit=NAME_WIDTH, lineBreak="\n").encode(text="text:N")
    return alt.layer(drawn, key, text).properties(width=WIDTH, height=HEIGHT)


def panels(table: pd.DataFrame) -> Chart:
    """A panel for each name: the difference by year, its 80% range shaded, and a line at nothing.

    Parameters
    ----------
    table : name, academic_year, mean, p10, p90, text and range (what the end of a line says)
    """
    years = table["academic_year"].unique().tolist()
    last = alt.datum.academic_year == years[-1]
    x = alt.X("academic_year:O", axis=alt.Axis(values=[years[0], years[-1]], grid=False), scale=alt.Scale(padding=1))
    with_sign = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"
    base = alt.Chart().encode(x=x, y=alt.Y("mean:Q", axis=alt.Axis(labelExpr=with_sign, tickCount=4, tickMinStep=1)))
    layers = (
        alt.Chart().mark_rule(color=DARK).encode(y=alt.datum(0)),
        base.mark_area(color=BLUE, opacity=0.25).encode(y="p10:Q", y2="p90:Q"),
        base.mark_line(color=BLUE, strokeWidth=2.5),
        base.mark_text(align="left", dx=8, dy=-8, fontWeight="bold").encode(text="text:N").transform_filter(last),
        base.mark_text(align="left", dx=8, dy=8).encode(text="range:N").transform_filter(last),
    )
    return (
        alt.layer(*layers, data=table)
        .properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)
        .facet(
            facet=alt.Facet("name:N", sort=table["name"].unique().tolist()),
            columns=2,
            spacing=PANEL_GAPS,
            bounds="flush",
        )
        .resolve_axis(x="independent", y="independent")
    )


def bars(table: pd.DataFrame, axis: str) -> Chart:
    """A bar for each name, its 80% range as a thin line, and both in words at its end.

    Parameters
    ----------
    table : name, mean, p10, p90 (in the unit of the axis), text
    axis : title of the axis
    """
    base = alt.Chart(table).encode(y=alt.Y("name:N", sort=None))
    with_sign = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"
    reach = alt.X("mean:Q", axis=alt.Axis(labelExpr=with_sign, tickCount=5, title=axis))
    end = table.assign(end=np.maximum(table[["mean", "p10", "p90"]].max(axis=1), 0))
    return alt.layer(
        base.mark_bar(color=BLUE, height=BAR).encode(x=reach),
        base.mark_rule(color=ORANGE, strokeWidth=3).encode(x="p10:Q", x2="p90:Q"),
        alt.Chart(end).mark_text(align="left", dx=8).encode(y=alt.Y("name:N", sort=None), x="end:Q", text="text:N"),
    ).properties(width=BARS_WIDTH, height=alt.Step(BAR_STEP))


def _few(years: Sequence[str]) -> list[str]:
    """Every fourth year and the last, few enough to be level and apart."""
    return [year for at, year in enumerate(years) if at % 4 == 0 or at == len(years) - 1]


def _spread(ends: pd.DataFrame, every: "pd.Series[float]") -> pd.DataFrame:
    """Ends of lines with the `level` at which their names stand, broken into lines, far enough apart to be read."""
    told = ["\n".join(wrap(text, NAME_LETTERS, max_lines=NAME_LINES, placeholder=" ...")) for text in ends["text"]]
    high = max(text.count("\n") + 1 for text in told)
    least = high * APART * max(float(every.max() - every.min()), 1e-9)
    placed = ends.assign(text=told).sort_values("mean", kind="stable")
    levels: list[float] = []
    for value in placed["mean"]:
        levels.append(float(value) if not levels else max(float(value), levels[-1] + least))
    return placed.assign(level=levels)
