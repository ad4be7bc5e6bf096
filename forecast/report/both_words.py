"""AP schools in words, where children with and without a plan fill their places together."""

from typing import Final

from forecast.decide.without_plan import WITH_PLAN, fill
from forecast.domain import WITHOUT_PLAN, academic_year
from forecast.projection import Projection
from forecast.report.phrases import census, provision_words

BOTH: Final = "children with and without a plan"
COUNTED: Final = (
    "Places in AP schools are for both: children with a plan are counted at the January census, those without in "
    "full-time places of the fullest month of the school year. Nobody is in both."
)
"""Whom the places of AP schools are set against."""


def place_words(projection: Projection, label: str) -> str:
    """Words for a kind of place; of AP schools they name both sorts of children, where both are counted."""
    words = provision_words(projection.about, label)
    return words.replace(f"children {WITH_PLAN}", BOTH) if fill(projection, label) else words


def now_words(projection: Projection, label: str, *, alone: bool = False) -> str:
    """What more than now is set against: "January 2025", or of AP schools what that rests on.

    Parameters
    ----------
    alone : whether children without a plan are meant and nobody else
    """
    base = census(projection.base)
    if projection.ap is None or not fill(projection, label) or not projection.ap.counted:
        return base
    last = max(projection.ap.counted.values())
    if last >= projection.base:
        return base
    year = academic_year(projection.base)
    if alone:
        return f"{year} (itself a forecast from January {last})"
    return f"{base} (of children {WITHOUT_PLAN}: {year}, itself a forecast from January {last})"
