"""What stands around a council's counts: labels that merged cells leave blank below, and the January of a title."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from forecast.inputs.count_groups import january
from forecast.inputs.count_words import is_total

_JANUARY: Final = re.compile(r"\b20[0-9]{2} ?[/\-\u2013] ?(?:20)?[0-9]{2}\b|\b20[0-9]{2}\b")


def filled_down(labels: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Labels with the blanks that merged cells leave filled from above.

    A blank is filled where every other label of its row is there, and only if no two rows of the column then have
    the same labels: otherwise a blank means something else, and stays. A sum keeps its blank, which stands for all,
    unless several are alike but for it: each is then the sum of its own block.

    Parameters
    ----------
    labels : `line` and the axes that the sheet has, as they are written

    Returns
    -------
    labels : filled
    blanks : axis -> cells filled; no entry for an axis without any
    """
    axes = [str(axis) for axis in labels if axis != "line"]
    blank, sums = labels[axes].isna(), labels[axes].map(_is_sum).astype(bool)
    found = labels.copy()
    blanks: dict[str, int] = {}
    for axis in axes:
        others = [other for other in axes if other != axis]
        if not others or not blank[axis].any():
            continue
        full, a_sum = blank[axis] & ~blank[others].any(axis=1), sums[others].any(axis=1)
        alike = labels[full & a_sum].duplicated(others, keep=False).reindex(labels.index, fill_value=False)
        takes = full & (~a_sum | alike)
        column = _carried(labels[axis].tolist(), takes.tolist(), sums[axis].tolist())
        filled = found.copy()
        filled[axis] = pd.Series(column, labels.index, dtype=object)
        changed = blank[axis] & filled[axis].notna()
        if changed.any() and not (filled.duplicated(axes, keep=False) & changed).any():
            found, blanks[axis] = filled, int(changed.sum())
    return found, blanks


def _is_sum(cell: object) -> bool:
    return isinstance(cell, str) and is_total(cell)


def _carried(cells: Sequence[object], takes: Sequence[bool], sums: Sequence[bool]) -> list[object]:
    """Cells of a column, those that take it with the label of the block above."""
    above: object = None
    column: list[object] = []
    for cell, take, a_sum in zip(cells, takes, sums, strict=True):
        if cell is not None:
            above = None if a_sum else cell
        elif not take:
            above = None
        column.append(above if cell is None and take else cell)
    return column


def january_of(rows: Iterable[Sequence[object]]) -> int | None:
    """The one January that the texts above a table name, by its year or academic year; None if none, or several."""
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    named = {january(found) for text in texts for found in _JANUARY.findall(text) if _is_january(found)}
    return named.pop() if len(named) == 1 else None


def _is_january(text: str) -> bool:
    try:
        january(text)
    except ValueError:
        return False
    return True
