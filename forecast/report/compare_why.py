"""Why scenarios differ, beside a comparison: sentences, a table and charts of each pair's waterfalls."""

from collections.abc import Sequence

import pandas as pd
from rich.console import Console

from forecast.decide.why import Why
from forecast.report.charts import Figure
from forecast.report.terminal import bullets, heading
from forecast.report.waterfall_chart import waterfall_figure
from forecast.report.waterfall_show import lines
from forecast.report.waterfall_tables import waterfall_table
from forecast.report.waterfall_words import sentences


def show_why(why: Sequence[Why], screen: Console) -> None:
    """Print why each scenario differs from the first."""
    for pair in why:
        heading(screen, f"Why {pair.name} differs")
        if pair.refused:
            bullets(screen, [f"This cannot be shared among causes: {pair.refused}"])
        for found in pair.waterfalls:
            bullets(screen, sentences(found))
            if len(found.bars) > 1:
                screen.print(lines(found))
        if pair.note:
            bullets(screen, [pair.note])


def table(why: Sequence[Why]) -> pd.DataFrame:
    """Every waterfall: scenario, of, and the columns of `waterfall_table`; empty where there is none."""
    tables = [
        waterfall_table(found).assign(scenario=pair.name, of=found.outcome.words)
        for pair in why
        for found in pair.waterfalls
    ]
    if not tables:
        return pd.DataFrame()
    every = pd.concat(tables, ignore_index=True)
    return every[["scenario", "of", *(name for name in every if name not in {"scenario", "of"})]]


def figures(why: Sequence[Why]) -> tuple[Figure, ...]:
    """A chart of every waterfall."""
    return tuple(
        waterfall_figure(found, f"waterfall_{number}_{'pounds' if found.outcome.pounds else 'children'}")
        for number, pair in enumerate(why, start=1)
        for found in pair.waterfalls
    )
