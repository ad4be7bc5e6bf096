"""The chart of a change and its causes: a bar a cause, each beginning where the one before it ends."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

import altair as alt
import pandas as pd

from forecast.decide.waterfall import Waterfall
from forecast.domain import academic_year
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
from forecast.report.money import MILLION
from forecast.report.phrases import capped, even_lines
from forecast.report.waterfall_tables import Step, waterfall_table
from forecast.report.waterfall_words import figure, sentences, signed, title

LABEL_WIDTH: Final = 38
"""Characters a line of the name of a bar."""
ROOM: Final = 4
"""Pixels more than a bar of one line needs: names may have two."""
LEVEL, MORE, LESS = "level", "more", "less"
"""What a bar is."""
COLOURS: Final = {LEVEL: DARK, MORE: BLUE, LESS: ORANGE}
"""The Government Analysis Function's; the sign beside each bar says the same."""


def waterfall_figure(found: Waterfall, name: str = "waterfall") -> Figure:
    """The chart, with its table, its reading and its text alternative.

    Parameters
    ----------
    name : of its files
    """
    table, message = waterfall_table(found), title(found)
    reading = " ".join(sentences(found))
    unit = "Pounds a year" if found.outcome.pounds else "Children"
    world = f"In the world {' or '.join(map(repr, found.worlds))}. " if found.worlds else ""
    dark = "where the change begins and ends" if found.since is not None else "the whole difference"
    under = (
        f"{world}{unit} on the central path, in {academic_year(found.year)}. Dark: {dark}. "
        "Blue with +: adds. Orange with -: takes away. Each bar is a fair share of the change."
    )
    heading = alt.TitleParams(text=even_lines(message, TITLE_WIDTH), subtitle=subtitle(found.about, under))
    chart = _bars(_drawn(found, table), pounds=found.outcome.pounds)
    told = chart.properties(title=heading, description=f"{message}. {reading}").configure(**THEME)
    return Figure(name, message, reading, table, told)


def _drawn(found: Waterfall, table: pd.DataFrame) -> pd.DataFrame:
    """A row a bar: line, low, high, the number at its end, what the bar is.

    Between two years from one level to the other; between two scenarios, which are often nearly alike, from nothing to
    the whole difference.
    """
    scale = MILLION if found.outcome.pounds else 1
    levels = table[table["step"].isin([Step.START, Step.END])]
    begun, ended = levels["to"].tolist()
    less = 0.0 if found.since is not None else begun
    bars = [
        (row["cause"], row["from"] - less, row["to"] - less, signed(found, row["effect"]))
        for row in table[table["step"] == Step.CAUSE].to_dict("records")
    ]
    dark = [
        (name, 0.0, level, figure(found, level)) for name, level in zip(levels["cause"], (begun, ended), strict=True)
    ]
    if found.since is None:
        dark = [("difference in all", 0.0, ended - begun, signed(found, ended - begun))]
    rows = [
        (wrap(capped(name), LABEL_WIDTH), min(low, high) / scale, max(low, high) / scale, number, kind)
        for (name, low, high, number), kind in _in_order(dark, bars)
    ]
    return pd.DataFrame(rows, columns=["line", "low", "high", "number", "kind"])


Span = tuple[str, float, float, str]
"""Name, from, to, and the number in words."""


def _in_order(dark: Sequence[Span], bars: Sequence[Span]) -> list[tuple[Span, str]]:
    """Bars with what each is: the level that the change begins at, if any, its causes, and the end."""
    causes = [(bar, MORE if bar[2] >= bar[1] else LESS) for bar in bars]
    *first, last = [(bar, LEVEL) for bar in dark]
    return [*first, *causes, last]


def _bars(table: pd.DataFrame, *, pounds: bool) -> Chart:
    """The bars, from the first level down to the last, each with its number at its right end.

    Parameters
    ----------
    table : see `_drawn`
    pounds : whether the axis is in millions of pounds; else in children
    """
    lines = table.assign(at=range(len(table)))
    names = alt.Y("at:O", axis=alt.Axis(labelExpr=_names(table)), scale=alt.Scale(padding=0.2))
    base = alt.Chart(lines).encode(y=names)
    axis = alt.Axis(labelExpr="format(datum.value, ',')", tickCount=5, title="£ million a year" if pounds else None)
    colour = alt.Color("kind:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None)
    bars = base.mark_bar(height=BAR).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", color=colour)
    numbers = base.mark_text(align="left", dx=6).encode(x="high:Q", text="number:N")
    return alt.layer(bars, numbers).properties(width=BARS_WIDTH, height=alt.Step(BAR_STEP + ROOM))


def _names(table: pd.DataFrame) -> str:
    """Names of the bars by their position, in Vega's words: lists of lines."""
    return f"{table['line'].tolist()!r}[datum.value]"
