"""Drawings of the page on alternative provision, each as wide as there is room for."""

import altair as alt
import pandas as pd

from forecast.report.charts import BLUE, ORANGE
from forecast.views.drawings import BAR_STEP, TICKS, Drawing, finished


def bars_and_marks(rows: pd.DataFrame) -> Drawing:
    """Bars, each under its name and its numbers, with a mark across it for what it is set beside, where there is one.

    Parameters
    ----------
    rows : columns line, said, bar; and mark
    """
    base = alt.Chart(rows).encode(y=alt.Y("line:N", sort=None, axis=None))
    numbers = alt.Axis(format=",d", tickCount=TICKS, tickMinStep=1)
    words = base.encode(x=alt.value(0))
    layers = [
        base.mark_bar(color=BLUE, height=14, yOffset=16).encode(x=alt.X("bar:Q", axis=numbers)),
        words.mark_text(align="left", dy=-20, fontWeight="bold", limit=alt.expr("width")).encode(text="line:N"),
        words.mark_text(align="left", dy=-4, limit=alt.expr("width")).encode(text="said:N"),
    ]
    if "mark" in rows:
        layers.append(base.mark_tick(color=ORANGE, thickness=4, size=24, yOffset=16).encode(x="mark:Q"))
    return finished(alt.layer(*layers), height=alt.Step(BAR_STEP))
