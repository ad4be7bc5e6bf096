"""What a terminal shows of a change and its causes: sentences, and a line a cause."""

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.decide.waterfall import Waterfall
from forecast.report.phrases import MARKING, capped
from forecast.report.terminal import PLAIN, bullets, heading
from forecast.report.waterfall_tables import Step, waterfall_table
from forecast.report.waterfall_words import figure, notes, sentences, signed


def show_waterfall(found: Waterfall, screen: Console) -> None:
    """Print the answer."""
    if found.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = sentences(found)
    screen.print(first, style="bold")
    bullets(screen, rest)
    heading(screen, "Cause by cause")
    screen.print(lines(found))
    heading(screen, "What these figures rest on")
    bullets(screen, list(notes(found)))


def lines(found: Waterfall) -> Table:
    """A line a step: its share of the change, the running total, and what would not be there without it."""
    table = Table(**PLAIN)
    table.add_column("")
    for column in ("Adds", "Makes", "Alone"):
        table.add_column(column, justify="right")
    for row in waterfall_table(found).to_dict("records"):
        effect, level, alone = (
            None if pd.isna(row[name]) else float(row[name]) for name in ("effect", "to", "without")
        )
        table.add_row(
            capped(str(row["cause"])),
            "" if effect is None else signed(found, effect),
            "" if level is None else figure(found, level),
            "" if alone is None or row["step"] != Step.CAUSE else signed(found, alone),
        )
    table.caption = '"Alone": what would not be there without the cause, everything else as it is.'
    return table
