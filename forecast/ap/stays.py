"""Mean length of stay from counts of stays by length, those not yet ended among them.

Stays that go on are known only to be longer than they are now; leaving them out would make stays look shorter than
they are, the more so the longer they last. The mean is the area under the curve of those still there (E. L. Kaplan
and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53, 1958).
"""

from typing import Final

import numpy as np
import pandas as pd

from forecast.model.raking import Array

LENT: Final = 10.0
"""Ended stays that the mean of a wider group counts for: with ten stays of its own a cell's mean is half its own.
Judgement: an exponential mean of ten has a standard error of a third."""


def mean_stay(bands: pd.DataFrame) -> float:
    """Mean calendar days of a stay; not a number where none has ended.

    Within a band stays end evenly, and those that go on are last seen at its middle. Past the last band in which a
    stay ended, those still there leave as steadily as all did before.

    Parameters
    ----------
    bands : days_from, days_to (missing where a band has no end), ended, ongoing
        Bands in which nothing was seen may be left out; none overlaps another.
    """
    table = bands.groupby("days_from", as_index=False).agg({"days_to": "max", "ended": "sum", "ongoing": "sum"})
    ended, ongoing = (table[name].to_numpy(dtype=float) for name in ("ended", "ongoing"))
    if not ended.sum():
        return float("nan")
    starts = table["days_from"].to_numpy(dtype=float)
    ends = _ends(starts, table["days_to"].to_numpy(dtype=float, na_value=np.nan))
    left = (ended + ongoing)[::-1].cumsum()[::-1]
    exposed = np.maximum(left - ongoing / 2, ended)
    staying = np.divide(exposed - ended, exposed, out=np.ones_like(exposed), where=exposed > 0)
    there = np.concatenate([[1.0], np.cumprod(staying)])
    waits, widths = starts - np.concatenate([[0.0], ends[:-1]]), ends - starts
    area = float((waits * there[:-1] + widths * (there[:-1] + there[1:]) / 2).sum())
    return area + float(there[-1] * area / (1 - there[-1])) if there[-1] > 0 else area


def _ends(starts: Array, ends: Array) -> Array:
    """Last day of each band; one without an end is as wide as the one before it."""
    width = np.diff(starts)[-1] if len(starts) > 1 else max(starts[-1], 1.0)
    return np.where(np.isnan(ends), starts + width, ends)


def lent(own: float, ended: float, wider: float) -> float:
    """A cell's mean drawn towards a wider group's by its fewness; the wider one where the cell has none."""
    if np.isnan(own):
        return wider
    return (ended * own + LENT * wider) / (ended + LENT)
