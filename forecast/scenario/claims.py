"""What a lever acts on, in which years and cells: two that mean the same cell in different ways are a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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

    def meets(self, other: "Claim") -> bool:
        """Whether both act on one cell in one year."""
        years = (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)
        shared = self.cells.keys() & other.cells.keys()
        return self.what == other.what and years and all(self.cells[axis] & other.cells[axis] for axis in shared)
