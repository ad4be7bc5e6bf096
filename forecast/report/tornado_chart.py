"""The chart of a tornado: a bar for each supposition, from one end of its range to the other, with both said on it."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from forecast.decide.measures import Measure
from forecast.decide.outcomes import Outcome
from forecast.decide.tornado import Bar
from forecast.inputs.about import About
from forecast.report.chart_marks import subtitle
from forecast.report.charts import (
    BAR,
    BAR_STEP,
    BARS_WIDTH,
    BLUE,
    DARK,
    ORANGE,
    THEME,
    TITLE_WIDTH,
    Chart,
    Figure,
)
from forecast.report.phrases import capped, even_lines
from forecast.report.tornado_phrases import (
    change_words,
    figure_words,
    is_nothing,
    reach_words,
    setting,
    short_name,
    when,
)

MOST: Final = 10
"""Bars that are drawn; the table has them all."""
LABEL: Final = 110
"""Pixels on both sides for what a bar comes to."""
_SCALE: Final = {Measure.RATE: 100.0, Measure.POUNDS: 1e-6}
"""Measure -> by what its figures are multiplied on the axis."""
_AXIS: Final = {Measure.RATE: "in 100 residents", Measure.POUNDS: "million pounds a year"}
_COLUMNS: Final = ["name", "end", "change", "base", "text", "colour"]


def tornado_figure(about: About, outcome: Outcome, names: Sequence[str], bars: Sequence[Bar]) -> Figure:
    """How far each supposition moves a figure, the widest on top; none that moves it by nothing.

    Parameters
    ----------
    names : of the scenario, and of the one that it is set against
    bars : the widest first
    """
    drawn = [bar for bar in bars if not is_nothing(bar.width, outcome)][:MOST]
    table = _table(drawn, outcome)
    what = f"{capped(figure_words(about, outcome))} {when(outcome)}, {setting(names)}"
    title = (
        f"{capped(short_name(drawn[0].supposition))} moves it most: {what[:1].lower()}{what[1:]}"
        if drawn
        else f"No supposition moves it: {what[:1].lower()}{what[1:]}"
    )
    ends = [
        f"{short_name(bar.supposition)} from {change_words(bar.low - bar.middle, outcome)} to "
        f"{change_words(bar.high - bar.middle, outcome)}"
        for bar in drawn
    ]
    moved = "; ".join(ends) or "nothing"
    reading = f"{what}, against the forecast, at the low and the high end of each range: {moved}."
    under = (
        "Change against the forecast, one supposition at a time. Dark blue: at the low "
        "end of its range, the first value in its name; orange: at the high end, the second."
    )
    heading = alt.TitleParams(text=even_lines(title, TITLE_WIDTH), subtitle=subtitle(about, under))
    chart = _chart(table, _AXIS.get(outcome.measure, "children"))
    described = f"{title}. {reading}"
    finished = chart.properties(title=heading, description=described).configure(**THEME)
    return Figure("tornado", title, reading, table, finished)


def _table(bars: Sequence[Bar], outcome: Outcome) -> pd.DataFrame:
    """Two rows a bar, its low and its high end."""
    scale = _SCALE.get(outcome.measure, 1.0)
    rows = []
    for bar in bars:
        one = bar.supposition
        reach = reach_words(one.low, one.high, one.unit)
        for end, number, colour in (("low", bar.low, BLUE), ("high", bar.high, ORANGE)):
            change = number - bar.middle
            text = change_words(change, outcome)
            rows.append((f"{short_name(one)}, {reach}", end, change * scale, 0.0, text, colour))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _chart(table: pd.DataFrame, axis: str) -> Chart:
    """Bars to both sides of the forecast, what they come to at their ends, and a line at the forecast."""
    y = alt.Y("name:N", sort=None)
    with_sign = "(datum.value > 0 ? '+' : '') + format(datum.value, ',')"
    reach = alt.X(
        "change:Q",
        scale=alt.Scale(padding=LABEL, nice=False),
        axis=alt.Axis(labelExpr=with_sign, tickCount=5, title=axis),
    )
    base = alt.Chart(table).encode(y=y)
    right = base.mark_text(align="left", dx=6).transform_filter(alt.datum.change > 0)
    left = base.mark_text(align="right", dx=-6).transform_filter(alt.datum.change < 0)
    return alt.layer(
        base.mark_bar(height=BAR).encode(x=reach, x2="base:Q", color=alt.Color("colour:N", scale=None)),
        alt.Chart().mark_rule(color=DARK).encode(x=alt.datum(0)),
        *(side.encode(x="change:Q", text="text:N") for side in (left, right)),
        data=table,
    ).properties(width=BARS_WIDTH + LABEL, height=alt.Step(BAR_STEP))
