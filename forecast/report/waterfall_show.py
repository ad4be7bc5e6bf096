"""What a terminal shows of a change and its causes: a line a cause."""

import pandas as pd
from rich.table import Table

from forecast.decide.waterfall import Waterfall
from forecast.report.phrases import capped
from forecast.report.terminal import PLAIN
from forecast.report.waterfall_tables import Step, waterfall_table
from forecast.report.waterfall_words import figure, signed


def lines(found: Waterfall) -> Table:
    """A line a step: its share of the change, the running total, and how the end would differ without it."""
    table = Table(**PLAIN)
    table.add_column("")
    for column in ("Adds", "Makes", "Without it"):
        table.add_column(column, justify="right")
    for row in waterfall_table(found).to_dict("records"):
        effect, level, gone = (None if pd.isna(row[name]) else float(row[name]) for name in ("effect", "to", "without"))
        table.add_row(
            capped(str(row["cause"])),
            "" if effect is None else signed(found, effect),
            "" if level is None else figure(found, level),
            "" if gone is None or row["step"] != Step.CAUSE else signed(found, -gone),
        )
    table.caption = '"Without it": how the end would differ without the cause, everything else as it is.'
    return table
