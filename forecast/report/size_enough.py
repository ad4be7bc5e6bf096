"""How many places would be enough, in how many futures of ten: in words for none, for few and for many."""

from collections.abc import Mapping
from typing import Final

from forecast.decide.size import Sized
from forecast.report.phrases import FEW, Row, count

LEAST: Final = 0.5
"""Fewer places than this are none."""
CHANCES: Final = {"p50": 5, "p80": 8, "p90": 9}
"""Quantile -> futures of ten in which so many places are enough."""
MIDDLE: Final = "in the middle future no more are needed"
"""What is said where half of the futures call for no place."""


def enough(row: Mapping[str, float]) -> str:
    """Places that would be enough: "10 places would be enough in 5 futures of 10, 40 in 8 and 60 in 9".

    Parameters
    ----------
    row : p50, p80, p90
        Children who want a place.
    """
    none = [name for name in CHANCES if row[name] < LEAST]
    some = [name for name in CHANCES if name not in none]
    first = MIDDLE if len(none) == 1 else f"no more are needed in {CHANCES[none[-1]]} futures of 10" if none else ""
    if not some:
        return first
    lead, *rest = some
    told = [f"{count(row[lead])} places would be enough in {CHANCES[lead]} futures of 10"]
    told += [f"{count(row[name])} in {CHANCES[name]}" for name in rest]
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"{first}; {listed}" if first else listed


def in_the_middle(sized: Sized) -> str:
    """That none is needed in the middle future, after a comma; empty where some are."""
    case = sized.case
    return f", and {MIDDLE}" if sized.children(case.years[case.ready])["p50"] < LEAST else ""


def used(row: Row) -> str:
    """Places that would be used: "up to 30 places would be used in 5 futures of 10 and 60 in 8".

    Parameters
    ----------
    row : p50, p80
        Children whom such a school could relieve.
    """
    if row["p50"] < LEAST:
        return f"in the middle future none would be used, and up to {count(row['p80'])} in 8 futures of 10"
    if row["p50"] < FEW:
        return f"fewer than {FEW} places would be used in 5 futures of 10, and up to {count(row['p80'])} in 8"
    return f"up to {count(row['p50'])} places would be used in 5 futures of 10 and {count(row['p80'])} in 8"
