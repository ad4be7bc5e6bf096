"""One number for a return, from the counts that checks.csv keeps of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from forecast.records.checks_named import HARMS

if TYPE_CHECKING:
    import pandas as pd

TOTAL: Final = "children"
"""Row of checks.csv: children in the return, records that belong to nobody being one each."""
CHILDREN_OF: Final = "{}: children"
"""Row of checks.csv: children of whom a check found a record."""
GRAVEST_OF: Final = "{}: gravest"
"""Row of checks.csv: children of whom no check before it, in order of weight, found a record."""
FORMULA: Final = (
    "The score is 100 less the share of children, in percent, whose records are at fault, each child counted once,"
    f" by the weight of its gravest fault: {'; '.join(f'{harm.weight:g} if {harm.why}' for harm in HARMS)}."
)
"""What the score is, in one sentence."""


def score(rows: "pd.Series[int]", weights: Mapping[str, float]) -> float | None:
    """How much of a return the forecast can count as it was filed, 0 to 100; None for a return without children.

    Parameters
    ----------
    rows : name -> count, one census of checks.csv
    weights : check -> weight of its harm; a check that was not run takes nothing off
    """
    total = int(rows.get(TOTAL, 0))
    if not total:
        return None
    lost = sum(weight * int(rows.get(GRAVEST_OF.format(name), 0)) for name, weight in weights.items())
    return 100 * (1 - lost / total)
