"""Which cells to hide besides the small ones, so that none of those can be worked out.

Cells are chosen by linear programming: to let a small cell be what it must be free to be, which of the numbers shown
would have to be others, and how can that be had at the least harm? Those are hidden too. Hiding more never tells a
reader more, so what is safe stays safe while other scenarios and years are gone through.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds

from forecast.report.door_audit import CLOSE, Frame, Mask, System, Wanted, given, reach, widen
from forecast.report.door_rules import Numbers, Profile


@dataclass(frozen=True, eq=False)
class Price:
    """What hiding a cell costs."""

    harm: Numbers
    """(cell): the more children it counts, the more is lost."""
    never: Mask
    """(cell): known to be none by anyone, so that hiding it covers nothing."""


def hide(frames: Sequence[tuple[Frame, Wanted]], small: Mask, never: Mask, profile: Profile) -> Mask:
    """Cells to hide in every one of `frames`, which have the same cells: those that are `small`, and their cover.

    Parameters
    ----------
    frames : each with what must stay possible in it
    small : (cell)
        Hidden for their own sake.
    never : (cell)
        Known to be none by anyone.
    """
    price = Price(1 + np.max([frame.values for frame, _ in frames], axis=0), never)
    hidden = small.copy()
    for frame, aim in frames:
        hidden = _covered(frame, aim, hidden, price, profile)
    return hidden


def _covered(frame: Frame, aim: Wanted, hidden: Mask, price: Price, profile: Profile) -> Mask:
    """`hidden`, and what else must be for no small cell of one frame to be worked out."""
    while True:
        low, high = reach(frame, hidden, profile, aim.cells, aim.low, aim.high)
        if not aim.unmet(low, high).any():
            return hidden
        before = hidden
        for position, cell in enumerate(aim.cells):
            for bound, upward in ((aim.low[position], False), (aim.high[position], True)):
                if high[position] < bound - CLOSE if upward else low[position] > bound + CLOSE:
                    more, seen = _cheapest(frame, hidden, price, given(frame, hidden, profile), (cell, bound, upward))
                    hidden = hidden | more
                    widen(low, high, seen[aim.cells])
        if (before == hidden).all():
            return hidden  # what is left cannot be met: the audit says so


def _cheapest(
    frame: Frame, hidden: Mask, price: Price, system: System, aim: tuple[int, float, bool]
) -> tuple[Mask, Numbers]:
    """Shown cells that must give way, at the least harm, and every cell as it then is.

    Parameters
    ----------
    system : what is told while no more is hidden
    aim : a cell, the number that it must be able to reach, and whether that is upward
    """
    cell, bound, upward = aim
    shown = np.flatnonzero(~hidden)
    rows, parts = system.matrix.shape
    slack = sp.eye_array(rows, len(shown), format="csr")
    reached = sp.hstack([frame.cells[[cell]], sp.csr_array((1, 2 * len(shown)))])
    eased = System(
        sp.vstack([sp.hstack([system.matrix, slack, -slack]), reached], format="csr"),
        np.append(system.low, bound if upward else -np.inf),
        np.append(system.high, np.inf if upward else bound),
    )
    limits = np.concatenate([np.full(parts, np.inf), np.where(np.tile(price.never[shown], 2), 0, np.inf)])
    cost = np.concatenate([np.zeros(parts), np.tile(price.harm[shown], 2)])
    found = eased.least(cost, Bounds(0, limits))
    more = np.zeros(len(hidden), dtype=bool)
    more[shown[found[parts:].reshape(2, len(shown)).max(axis=0) > CLOSE]] = True
    return more, np.asarray(frame.cells @ found[:parts])
