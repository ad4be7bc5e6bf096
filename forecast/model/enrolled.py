"""Children on roll: where each is, who it is, and, where places may be full, what it was refused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.model.luck import Words

NOWHERE = NO_CLAIM = -1
"""Marks a child who was not on the roll before the year; and one who was refused nothing."""


@dataclass(frozen=True)
class Shape:
    """Sizes of (draw, district, need, nc_year, provision)."""

    draws: int
    districts: int
    needs: int
    ages: int
    provisions: int

    @property
    def full(self) -> tuple[int, int, int, int, int]:
        """All five."""
        return (self.draws, self.districts, self.needs, self.ages, self.provisions)


@dataclass
class Memory:
    """What is remembered of children where a kind of place may be full; one entry a child, as in `Roll`."""

    was: NDArray[np.int64]
    """Provision before the year's moves; `NOWHERE` for a child who comes on the roll in the year."""
    claim: NDArray[np.int64]
    """What a child was refused, as `Admit` writes it; `NO_CLAIM` for most."""


@dataclass
class Roll:
    """Children with a plan, each a cell of `Shape.full` and a key; changed in place by the year."""

    cell: NDArray[np.int64]
    child: Words
    memory: Memory | None = None
    """None where everyone gets in."""

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Only these children stay on the roll."""
        self.cell, self.child = self.cell[which], self.child[which]
        if self.memory is not None:
            self.memory = Memory(self.memory.was[which], self.memory.claim[which])

    def join(self, cell: NDArray[np.int64], child: Words) -> None:
        """Children come on the roll, after all others."""
        self.cell = np.concatenate([self.cell, cell])
        self.child = np.concatenate([self.child, child])
        if self.memory is not None:
            was, claim = (np.full(len(cell), none) for none in (NOWHERE, NO_CLAIM))
            old = self.memory
            self.memory = Memory(np.concatenate([old.was, was]), np.concatenate([old.claim, claim]))


Admit = Callable[[Roll, Shape, int], None]
"""Says where each child lands who asks for another kind of place in a year: changes `Roll.cell` and its memory."""


def everyone(children: Roll, shape: Shape, year: int) -> None:
    """Every kind of place has room for all: each child lands where it is drawn to."""
