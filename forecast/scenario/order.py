"""In which order the changes of a scenario are made, whatever order a file has them in."""

from collections.abc import Sequence
from typing import Final

from forecast.scenario.dated import Dated

LAST: Final = (
    "close_school",
    "delay_school",
    "expand_school",
    "lower_ceiling",
    "review_plans",
    "share_of_pupils",
    "expand_bases",
    "ap_outreach",
)
"""Kinds of change made after all others, in this order.

Those to schools come when every school has been opened: one that has closed opens no later, and one that opens later
grows no sooner. Then those that are solved on what all before them come to. Bases are filled last, to their number,
from the children whom the others leave; and outreach is reckoned on those whom the others leave to come to alternative
provision.
"""


def turn(change: Dated) -> int:
    """Changes of a lower turn are made first, and those of one turn as they are written: 0 for all not in `LAST`."""
    return LAST.index(change.kind) + 1 if change.kind in LAST else 0


def in_turn(changes: Sequence[Dated]) -> list[int]:
    """Positions of changes, in the order in which they are made."""
    return sorted(range(len(changes)), key=lambda at: turn(changes[at]))
