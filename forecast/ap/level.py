"""From where each authority's forecast starts: its last figure, in some series drawn a little to England's rate."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

AGES: Final = range(5, 16)
"""Ages of the residents that rates are of."""
LEAST: Final = 0.5
"""Added to children before a ratio of them is taken, so that none has one too."""


def levels(now: "pd.Series[float]", residents: "pd.Series[float]", lean: float) -> "pd.Series[float]":
    """Children from whom the forecast starts: index unit; their sum is that of `now`.

    The geometric mean of each authority's own figure and England's rate times its residents, the second with weight
    `lean`. An authority whose residents are not known keeps its own.

    Parameters
    ----------
    now : index unit, children at the last January; none missing
    residents : index unit, of `AGES`
    """
    if not lean:
        return now.astype(float)
    people = residents.reindex(now.index)
    known = people.notna()
    of_england = people * now[known].sum() / people[known].sum()
    ratio = ((of_england + LEAST) / (now + LEAST)).where(known, 1.0)
    drawn = (now + LEAST) * ratio**lean
    return drawn * (now.sum() / drawn.sum())
