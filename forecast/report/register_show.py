"""The register of assumptions for a terminal: a table for each file that assumptions are written in."""

from collections.abc import Iterator
from math import isnan
from typing import Final

import pandas as pd
from rich.table import Table

from forecast.report.phrases import Row
from forecast.report.register_rows import LONG, NO_OWNER
from forecast.report.sections import Section
from forecast.report.terminal import PLAIN
from forecast.report.tornado_phrases import reach_words, value_words

COLUMNS: Final = {"Assumption": 33, "Value": 13, "Range": 16, "Rests on": 9, "Owner": 12, "Look again": 10}
"""Heading -> columns of the screen."""
EVIDENCE: Final = "evidence"
"""What a supported assumption rests on."""
JUDGEMENT: Final = "judgement"
"""What any other rests on."""
RANGE: Final = (
    "The truth is taken to lie in the range with 8 chances in 10; of sizes, the range is from the smallest to the "
    "largest. A dash stands for what there is none of."
)
"""What the tables mean."""
_NONE: Final = "-"
"""In the place of what there is none of."""


def register_sections(register: pd.DataFrame, *, all_files: bool) -> tuple[Section, ...]:
    """A table for each file; of the long ones only how many there are, unless all are asked for.

    Parameters
    ----------
    register : columns of `register_rows.COLUMNS`
    """
    left_out = [] if all_files else [file for file in register["written_in"].unique() if file in LONG]
    parts = [
        Section(f"{file} ({len(rows)})", _table(rows))
        for file, rows in register.groupby("written_in", sort=False)
        if file not in left_out
    ]
    counted = register["written_in"].value_counts()
    rest = [f"{file}: {counted[file]} more; add --all, or --to FOLDER for the whole register." for file in left_out]
    return (*parts, Section("About these tables", [RANGE, *rest]))


def _table(rows: pd.DataFrame) -> Table:
    """A line an assumption."""
    table = Table(**PLAIN)
    for name, width in COLUMNS.items():
        table.add_column(name, width=width)
    for row in rows.to_dict("records"):
        table.add_row(*_cells(row))
    return table


def _cells(row: Row) -> Iterator[str]:
    """What stands in the columns of one assumption."""
    value, low, high, unit = float(row["value"]), float(row["low"]), float(row["high"]), str(row["unit"])
    yield f"{row['name']}: {row['says']}"
    yield _NONE if isnan(value) else value_words(value, unit)
    if isnan(low) or isnan(high):
        yield _NONE
    else:
        fixed = value_words(low, unit) if isnan(value) else "certain"
        yield fixed if low == high else reach_words(low, high, unit)
    yield EVIDENCE if row["supported"] else JUDGEMENT
    yield _NONE if row["owner"] == NO_OWNER else str(row["owner"])
    yield str(row["review"]) or _NONE
