"""What a lever acts on, in which years and cells: two that mean the same cell in different ways are a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

KINDS: Final = "kinds"
"""Axis of `Claim.cells` with kinds of place as people write them; `ends.on_labels` makes labels of an area of them."""
STAGE: Final = "stage"
"""Axis of `Claim.cells` by which stages of one school are told apart; it says nothing to a reader."""


class How(StrEnum):
    """How a lever changes what it acts on."""

    MULTIPLE = "multiple"
    """It multiplies: another kind of lever may multiply it too, in any order."""
    SHARE = "share"
    """It sends a share elsewhere: another kind may send another share, while both together are not more than all."""
    VALUE = "value"
    """It says what the figure is: nothing else may act on the same cell."""


@dataclass(frozen=True)
class Claim:
    """One quantity that a lever acts on."""

    what: str
    """In words, such as "chance of a first plan" or "places at Riverside"."""
    how: How
    first: int
    """First January."""
    last: int | None = None
    """Last January; None for good."""
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Axis -> labels of it that are meant; an axis that is not there is meant whole."""
    share: float | None = None
    """Where it sends a share: the largest of any year, 0 to 1; None where it sends no more than others leave."""
    by: tuple[str, ...] = ("district", "need")
    """Axes by which the lever could be confined, whether or not it is, for a remedy."""

    def shared(self, other: "Claim") -> "Claim | None":
        """What both act on: the cells and years that both mean; None where there are none."""
        lasts = [last for last in (self.last, other.last) if last is not None]
        first, last = max(self.first, other.first), min(lasts, default=None)
        cells = {**self.cells, **other.cells} | {
            axis: self.cells[axis] & other.cells[axis] for axis in self.cells if axis in other.cells
        }
        if self.what != other.what or (last is not None and last < first) or not all(cells.values()):
            return None
        return Claim(self.what, self.how, first, last, cells)

    def meets(self, other: "Claim") -> bool:
        """Whether both act on one cell in one year."""
        return self.shared(other) is not None
