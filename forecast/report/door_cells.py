"""Cells of tables as sums over one census: children by district, need, age and kind of place.

A cell is what a line of a table counts, whatever table it stands in and whatever its year: "state special school, all
phases" of one table and "state special school, all needs" of another are one cell, and are hidden together or not at
all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from forecast.domain import FIRST_POST16_YEAR, LAST_EARLY_YEAR, PHASES, Phase, Provision
from forecast.report.door_audit import Frame, Mask
from forecast.report.door_rules import Numbers

Choice: TypeAlias = Mapping[str, Collection[object]]
"""Axis -> the labels that a cell counts; an axis not named is counted whole."""
YEAR_GROUP, PHASE = "nc_year", "phase"
PUBLISHED_BY_AUTHORITY: Final = (("need", "provision"), ("age", "provision"), ("need", "age"))
"""Totals that DfE publishes of each authority from the same return (SEN2, January 2025), none of them suppressed.

By single year of age; totals by fewer axes follow from these.
"""
NEVER: Final[Mapping[Provision, Collection[int]]] = {
    Provision.POST16: range(-4, FIRST_POST16_YEAR),
    Provision.EARLY_YEARS: range(LAST_EARLY_YEAR + 1, 21),
}
"""Kind of place -> year groups of which anybody knows that none is there."""


@dataclass(frozen=True, eq=False)
class Census:
    """Children at the latest census."""

    axes: Mapping[str, tuple[object, ...]]
    """Axis -> its labels: district, need, provision, and either nc_year or phase."""
    children: Numbers
    """(part): in the order of the axes, the last of them changing fastest."""
    means: Mapping[str, Provision]
    """Label of a kind of place -> what it means, where it means a standard one."""

    @property
    def age(self) -> str:
        """Axis by which ages are told apart: nc_year, or phase where only those are known as counted."""
        return YEAR_GROUP if YEAR_GROUP in self.axes else PHASE

    def part(self, choice: Choice) -> Mask:
        """Which parts a cell counts: (part); `choice` may name phases where the census has year groups."""
        told = dict(choice)
        if PHASE in told and self.age == YEAR_GROUP:
            told[YEAR_GROUP] = {year for phase in told.pop(PHASE) for year in PHASES[Phase(str(phase))]}
        chosen = np.ones(len(self.children), dtype=bool)
        for axis, labels in told.items():
            kept = np.array([label in labels for label in self.axes[axis]])
            chosen &= kept[self._position[axis]]
        return chosen

    def margin(self, by: Sequence[str]) -> NDArray[np.bool_]:
        """Totals by some axes, "age" being whichever there is: (total, part)."""
        named = [self.age if axis == "age" else axis for axis in by]
        sizes = [len(self.axes[axis]) for axis in named]
        line = np.ravel_multi_index([self._position[axis] for axis in named], sizes)
        return np.asarray(line == np.arange(np.prod(sizes))[:, None])

    @property
    def impossible(self) -> Mask:
        """Parts that anybody knows to be none, and are: (part)."""
        found = np.zeros(len(self.children), dtype=bool)
        for label, means in self.means.items():
            if means in NEVER:
                found |= self.part({"provision": {label}, self.age: self._ages(NEVER[means])})
        return found & (self.children == 0)

    def _ages(self, years: Collection[int]) -> Collection[object]:
        """Labels of the age axis that lie wholly within `years`."""
        if self.age == YEAR_GROUP:
            return years
        return {phase.value for phase, group in PHASES.items() if set(group) <= set(years)}

    @cached_property
    def _position(self) -> Mapping[str, NDArray[np.intp]]:
        """Axis -> position of each part on it."""
        grid = np.indices([len(labels) for labels in self.axes.values()]).reshape(len(self.axes), -1)
        return dict(zip(self.axes, grid, strict=True))


def census_frame(census: Census, cells: NDArray[np.bool_], known: Sequence[Sequence[str]]) -> Frame:
    """The census, of which the totals by each of `known` are published.

    Parameters
    ----------
    cells : (cell, part)
    """
    totals = np.concatenate([census.impossible[None], *(census.margin(by) for by in known)])
    told = totals @ census.children
    open_, some = ~totals[told == 0].any(axis=0), told > 0
    rows = _merged(np.concatenate([cells, totals[some]])[:, open_])
    return Frame(rows[: len(cells)], cells @ census.children, whole=True, known=rows[len(cells) :], totals=told[some])


def forecast_frames(cells: NDArray[np.bool_], januaries: Sequence[Numbers]) -> list[Frame]:
    """Januaries of forecasts, about which nothing is published elsewhere.

    Parameters
    ----------
    cells : (cell, part)
    januaries : each (cell)
    """
    rows = _merged(cells)
    return [Frame(rows, values, whole=False, known=rows[:0], totals=np.zeros(0)) for values in januaries]


def _merged(rows: NDArray[np.bool_]) -> sp.csr_array:
    """`rows` over groups of parts that none of them tells apart; parts that none counts are left out."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=0).T)
    _, first = np.unique(packed.view([("", packed.dtype)] * packed.shape[1]).ravel(), return_index=True)
    kept = rows[:, np.sort(first)]
    return sp.csr_array(kept[:, kept.any(axis=0)].astype(float))
