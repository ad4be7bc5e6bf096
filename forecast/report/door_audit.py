"""What a reader could work out of hidden cells: the least and most that each may be, by linear programming.

A reader is taken to know every number shown, in whichever table, and how it was rounded; the totals that are
published elsewhere, exactly; and the rules. A hidden cell is safe if, for all that, it may be anything from 1 to the
threshold. Where published totals alone already say more than that (an authority's only child of some need, say),
nothing that is released may add to it.

The proof is of the relaxation, in which parts of a child are counted too. A reader who tries whole children only could
rule out more where totals by several pairs of axes meet; the tests attack random tables in that way.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from forecast.errors import ForecastError
from forecast.report.door_rules import Numbers, Profile

Mask: TypeAlias = NDArray[np.bool_]
CLOSE: Final = 1e-5
"""Children; differences below this are the solver's."""
EASE: Final = 2e-6
"""Children; means are read from tables of ten digits, so one that is rounded from a half may add up to just less."""
ROUNDS: Final = 4
"""How often all cells are tried at once before each is tried alone."""
_SOLVED: Final = 0


class NotAudited(ForecastError):
    """The solver gave no answer."""

    def __init__(self, why: str) -> None:
        super().__init__(f"What hidden cells could be was not worked out ({why}); release fewer tables at once.")


@dataclass(frozen=True, eq=False)
class Frame:
    """All numbers of one January in one scenario, as sums over parts that nobody is shown."""

    cells: sp.csr_array
    """(cell, part): 1 where a cell of a table counts the part."""
    values: Numbers
    """(cell): children."""
    whole: bool
    """Whether they are a census, and so whole; forecast means are not."""
    known: sp.csr_array
    """(total, part): 1 where a total that is published elsewhere counts the part."""
    totals: Numbers
    """(total): children."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a reader must not be able to rule out."""

    cells: NDArray[np.intp]
    """Which cells need it: those from 1 to the threshold that published totals do not tell already."""
    low: Numbers
    """Each may be as few as this."""
    high: Numbers
    """And as many as this."""
    told: int
    """Cells of which published totals already tell the very number: hiding them hides nothing."""

    def unmet(self, low: Numbers, high: Numbers) -> Mask:
        """Of which cells the reader rules out too much."""
        return (low > self.low + CLOSE) | (high < self.high - CLOSE)


def wanted(frame: Frame, profile: Profile) -> Wanted:
    """What must stay possible, given what the published totals tell by themselves."""
    cells = np.flatnonzero(profile.small(frame.values))
    low, high = np.ones(len(cells)), np.full(len(cells), float(profile.threshold))
    nothing_shown = np.ones(len(frame.values), dtype=bool)
    if len(frame.totals) and len(cells):
        least, most = reach(frame, nothing_shown, profile, cells, np.zeros(len(cells)), high)
        one = np.minimum(high, np.floor(most + CLOSE)) - np.maximum(low, np.ceil(least - CLOSE)) < 1
        low = np.where(one, np.ceil(least - CLOSE), np.maximum(low, np.ceil(least - CLOSE)))
        high = np.minimum(high, np.floor(most + CLOSE))
    open_ = high - low > CLOSE
    return Wanted(cells[open_], low[open_], high[open_], int((~open_).sum()))


def reach(
    frame: Frame, hidden: Mask, profile: Profile, cells: NDArray[np.intp], low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers]:
    """Least and most children that a reader must grant each of `cells`: (cell), (cell).

    A bound that reaches `low` or `high` is not sought further, so what is returned may lie short of the true one only
    where that is met.

    Parameters
    ----------
    hidden : (every cell of the frame)
    """
    system, sums = _without_none(given(frame, hidden, profile), frame.cells[cells])
    least, most = frame.values[cells].copy(), frame.values[cells].copy()
    for upward, bound in ((True, high), (False, low)):
        for _ in range(ROUNDS):
            short = _short(least, most, bound, upward=upward)
            if not short.any():
                break
            widen(least, most, _together(system, sums, short, bound, upward=upward))
            if _short(least, most, bound, upward=upward).sum() == short.sum():
                break
        for cell in range(len(cells)):
            if _short(least, most, bound, upward=upward)[cell]:
                widen(least, most, _alone(system, sums, cell, upward=upward))
    return least, most


def widen(least: Numbers, most: Numbers, seen: Numbers) -> None:
    """Take into `least` and `most` what cells are in one more case that a reader cannot rule out."""
    np.minimum(least, seen, out=least)
    np.maximum(most, seen, out=most)


@dataclass(frozen=True, eq=False)
class System:
    """What a reader knows of the parts: rows of `matrix` @ parts lie between `low` and `high`."""

    matrix: sp.csr_array
    low: Numbers
    high: Numbers

    def least(self, cost: Numbers, limits: Bounds) -> Numbers:
        """Parts of the least cost.

        Raises
        ------
        NotAudited
            The solver gave no answer.
        """
        found = milp(cost, bounds=limits, constraints=LinearConstraint(self.matrix, self.low, self.high))
        if found.status != _SOLVED:
            raise NotAudited(str(found.message))
        return np.asarray(found.x)


def given(frame: Frame, hidden: Mask, profile: Profile) -> System:
    """What is told by the cells that are not `hidden`, and by the published totals."""
    low, high = profile.bounds(frame.values[~hidden], whole=frame.whole)
    if not frame.whole:
        low, high = low - EASE * (low > 0), high + EASE * (high > 0)
    matrix = sp.vstack([frame.cells[~hidden], frame.known], format="csr")
    return System(matrix, np.concatenate([low, frame.totals]), np.concatenate([high, frame.totals]))


def _without_none(system: System, sums: sp.csr_array) -> tuple[System, sp.csr_array]:
    """The same without parts that are told to be none, which makes it much smaller."""
    none = system.high <= 0
    kept = np.flatnonzero(system.matrix[none].sum(axis=0) == 0)
    return System(system.matrix[~none][:, kept], system.low[~none], system.high[~none]), sums[:, kept]


def _short(least: Numbers, most: Numbers, bound: Numbers, *, upward: bool) -> Mask:
    return most < bound - CLOSE if upward else least > bound + CLOSE


def _alone(system: System, sums: sp.csr_array, cell: int, *, upward: bool) -> Numbers:
    """Each cell, where one is as many or as few as it can be."""
    row = sums[[cell]].toarray()[0]
    return np.asarray(sums @ system.least(-row if upward else row, Bounds(0, np.inf)))


def _together(system: System, sums: sp.csr_array, short: Mask, bound: Numbers, *, upward: bool) -> Numbers:
    """Each cell, where those that are `short` are brought as near to their `bound` as can be at once."""
    sought = sums[short]
    cells, parts = sought.shape
    sign = 1.0 if upward else -1.0
    reached = sp.hstack([sign * sought, -sp.eye_array(cells)], format="csr")
    rest = sp.hstack([system.matrix, sp.csr_array((system.matrix.shape[0], cells))], format="csr")
    both = System(
        sp.vstack([rest, reached], format="csr"),
        np.concatenate([system.low, np.zeros(cells)]),
        np.concatenate([system.high, np.full(cells, np.inf)]),
    )
    limits = Bounds(
        np.concatenate([np.zeros(parts), np.full(cells, -np.inf)]),
        np.concatenate([np.full(parts, np.inf), sign * bound[short]]),
    )
    found = both.least(np.concatenate([np.zeros(parts), np.full(cells, -1.0)]), limits)
    return np.asarray(sums @ found[:parts])
