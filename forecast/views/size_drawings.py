"""Drawings of the page on size, each as wide as there is room for."""

from typing import Final

import altair as alt
import pandas as pd

from forecast.report.charts import BLUE, ORANGE
from forecast.report.phrases import chances_in_brief
from forecast.views.drawings import HEIGHT, Drawing, finished

LINES: Final = {"full": ("full", BLUE, [1, 0]), "tenth_empty": ("a tenth empty", ORANGE, [6, 3])}
"""Chance -> its words, its colour and its dashes: told apart without colour too."""


def fullness(rows: pd.DataFrame) -> Drawing:
    """Chance of being full, and of more than a tenth standing empty, by school year.

    Parameters
    ----------
    rows : academic_year, full, tenth_empty (shares of futures)
    """
    years = rows["academic_year"].tolist()
    shown = alt.Axis(values=[years[0], years[len(years) // 2], years[-1]], grid=False)
    in_ten = alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], labelExpr="format(datum.value * 10, '.0f') + ' in 10'")
    layers = []
    for chance, (words, colour, dash) in LINES.items():
        drawn = rows.assign(share=rows[chance], said=rows[chance].map(chances_in_brief))
        base = alt.Chart(drawn).encode(
            x=alt.X("academic_year:O", axis=shown, scale=alt.Scale(padding=0.5)),
            y=alt.Y("share:Q", axis=in_ten, scale=alt.Scale(domain=[0, 1])),
        )
        layers += [
            base.mark_line(color=colour, strokeWidth=2.5, strokeDash=dash),
            base.mark_point(size=400, opacity=0).encode(
                tooltip=[alt.Tooltip("academic_year:N", title="School year"), alt.Tooltip("said:N", title=words)]
            ),
        ]
    return finished(alt.layer(*layers), height=HEIGHT)
