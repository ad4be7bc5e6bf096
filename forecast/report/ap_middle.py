"""The middle of the futures: the figure of alternative provision that is shown wherever one number stands for all.

Its futures are skewed: a few hold very many children. So their mean lies above the middle, moves with the number of
futures tried, and grows as the range widens though as many futures as before lie low. Tables hold both.
"""

from typing import Final

import pandas as pd

from forecast.domain import ApSetting
from forecast.report.phrases import FEW, RANGE, Row, count, count_range

MIDDLE: Final = "p50"
"""Statistic that is shown."""
IN_THE_MIDDLE: Final = "In the middle of the futures (as many lie above as below)"
"""What that is, for the start of the first sentence of a reading."""
PARTS: Final = "each number is the middle of its own futures, so parts need not add up to their whole"
"""Why a sum of middles is not the middle of the sum."""
NAMES: Final = {
    ApSetting.AP_SCHOOL.value: "AP schools",
    ApSetting.LA_FUNDED.value: "Paid for elsewhere",
    ApSetting.SCHOOL_ARRANGED.value: "Arranged by schools",
}
"""Setting -> its name in tables, drawings and choices."""
HARDLY: Final = 0.03
"""A change of the middle by no more than this share, or by fewer than `FEW`, is hardly one."""


def drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows for a drawing, which takes the figure that it shows from the column `mean`: there the middle."""
    return rows.assign(mean=rows[MIDDLE])


def row_of(table: pd.DataFrame, year: int, **labels: str) -> Row:
    """The row of January `year` with these labels, by column.

    Parameters
    ----------
    labels : column -> what it holds
    """
    found = table[table["year"] == year]
    for column, label in labels.items():
        found = found[found[column] == label]
    row: Row = found.iloc[0].to_dict()
    return row


def in_brackets(row: Row) -> str:
    """The range in brackets, as tables show it; empty where all of it is small."""
    span = count_range(row["p10"], row["p90"])
    return f" ({RANGE}: {span})" if span else ""


def hardly_moves(first: Row, later: Row) -> bool:
    """Whether the middle hardly changes from one year to another."""
    change = abs(later[MIDDLE] - first[MIDDLE])
    return bool(change < FEW or change <= HARDLY * first[MIDDLE])


def widens(first: Row, later: Row) -> bool:
    """Whether the range is wider in the later year by more than the middle may move unsaid."""
    return bool(later["p90"] - later["p10"] > (1 + HARDLY) * (first["p90"] - first["p10"]))


def what_becomes(first: Row, later: Row) -> str:
    """What becomes of the range, for the end of a sentence that gives both figures; says so where only it changes."""
    spans = [count_range(row["p10"], row["p90"]) for row in (first, later)]
    if not all(spans) or not (hardly_moves(first, later) and widens(first, later)):
        return in_brackets(later)
    return (
        f". The middle hardly changes while the range widens: {spans[0]} in the first of these years, {spans[1]} in "
        f"the second ({RANGE})"
    )


def shown(row: Row) -> str:
    """The figure of a row, as every table, drawing and sentence shows it."""
    return count(row[MIDDLE])
