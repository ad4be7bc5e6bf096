"""Lines of a run's tables as cells of its census: which children each line counts, and in which cell of the door.

A table is taken as one of counts if it has the columns of an estimate. What each of its lines counts is worked out from
its labels and proved on the census; a table that cannot be proved is not released.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import PHASES
from forecast.errors import ForecastError
from forecast.places.rates import SPECIAL_SCHOOLS
from forecast.places.sufficiency import STATISTICS
from forecast.report.door_ap import OF_AP, filled_by_others
from forecast.report.door_audit import Mask
from forecast.report.door_cells import PHASE, Census, Choice
from forecast.report.door_read import Kept
from forecast.report.door_rules import Numbers, Profile
from forecast.report.phrases import Row
from forecast.report.run_read import ESTIMATE
from forecast.report.tables import CHILDREN, TOTALS

AXES: Final = ("provision", "phase", "need", "district")
"""Columns by which lines of tables may be told apart."""
ALL_PLANS: Final = "all plans"
"""Label of the line that counts every plan, in any of these columns."""
RATES: Final = "special_rates"
RESIDENT: Final = "special_rate_residents"
"""The rate that is worked out from children of the area's own."""
NEAR: Final = 0.01
"""Children; a line that is further from its census is not understood."""
ROUNDING: Final = 1e-6
"""Share of its children by which a line may be further off: cubes are kept in single precision."""
_KEY: Final = ["line", "year"]


class NotUnderstood(ForecastError):
    """A table whose lines do not agree with the census of its run."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"{table}: what its lines count does not follow from their labels; take it out of what is published, or "
            "make the run again with: forecast run"
        )


@dataclass(frozen=True, eq=False)
class Lines:
    """A table of counts, its lines numbered in order."""

    table: pd.DataFrame
    """As the run wrote it, with the columns `line` and `cell`."""
    one_kind: Mask
    """(line): whether it counts a single kind of place, which nobody fills but the children whom it counts."""
    with_others: Mask
    """(line): whether others fill its places too: children without a plan in AP schools."""

    @property
    def children(self) -> pd.DataFrame:
        """Children: index (line, year), a column a statistic."""
        return self.of(CHILDREN)

    def of(self, measure: str) -> pd.DataFrame:
        """One measure: index (line, year), a column a statistic."""
        rows = self.table[self.table["measure"] == measure]
        return rows.set_index(_KEY)[list(STATISTICS)].astype(float)

    @property
    def cells(self) -> pd.Series:
        """Cell of each line: index line."""
        return self.table.drop_duplicates("line").set_index("line")["cell"]


class Register:
    """Cells in the order in which they were first met."""

    def __init__(self) -> None:
        self._number: dict[bytes, int] = {}
        self._parts: list[Mask] = []
        self._tables: list[dict[str, None]] = []

    def number(self, part: Mask, table: str) -> int:
        """Of the cell that counts `part`, which now stands in `table` too."""
        number = self._number.setdefault(part.tobytes(), len(self._parts))
        if number == len(self._parts):
            self._parts.append(part)
            self._tables.append({})
        self._tables[number][table] = None
        return number

    @property
    def parts(self) -> NDArray[np.bool_]:
        """(cell, part)."""
        return np.array(self._parts)

    @property
    def tables(self) -> Sequence[Sequence[str]]:
        """Tables that each cell stands in."""
        return [list(names) for names in self._tables]


def lines_of(run: Kept, register: Register) -> Mapping[str, Lines]:
    """Every table of counts of a run, its cells registered.

    Raises
    ------
    NotUnderstood
        A table does not agree with the census.
    """
    counts = {
        name: table for name, table in run.tables.items() if set(ESTIMATE) <= set(table.columns) and name not in OF_AP
    }
    places = run.tables["places"]["provision"] if "places" in run.tables else pd.Series(dtype=str)
    specialist = set(places) & set(map(str, run.census.axes["provision"]))
    return {name: _lines(name, table, run, specialist, register) for name, table in counts.items()}


def in_special_schools(run: Kept, register: Register) -> tuple[int, pd.DataFrame] | None:
    """Children behind the rate of residents in special schools: their cell, and children by year and statistic.

    The run gives rates only; residents are had from the rate and the children of the table `plans`, and children of
    every other statistic from its rate and the residents. None where the run has no such rate.
    """
    labels = [label for label, means in run.census.means.items() if means in SPECIAL_SCHOOLS]
    if not labels or not {RATES, "plans"} <= set(run.tables):
        return None
    rates, plans = run.tables[RATES], run.tables["plans"]
    rows = rates[rates["definition"] == RESIDENT].set_index("year")
    chosen = plans[plans["provision"].isin(labels) & (plans["measure"] == CHILDREN)]
    mean = chosen.groupby("year")["mean"].sum().reindex(rows.index)
    residents = (mean / rows["rate"].where(rows["rate"] > 0)).ffill().bfill()
    columns = {"mean": "rate", "p10": "rate_p10", "p50": "rate_p50", "p90": "rate_p90"}
    children = pd.DataFrame({name: rows[column] * residents for name, column in columns.items()}).round(6)
    choice = {"provision": labels}
    if not _agree(children["mean"].loc[run.run.base], run.census, choice):
        raise NotUnderstood(RATES)
    return register.number(run.census.part(choice), RATES), children.assign(residents=residents)


def small_cells(children: pd.DataFrame, profile: Profile) -> "pd.Series[bool]":
    """Lines that are small in any year or statistic: index line."""
    return pd.Series(profile.small(children).any(axis=1), index=children.index).groupby("line").any()


def values_of(lines: Mapping[str, Lines], year: int, cells: int) -> Numbers:
    """Mean of each cell in one January of a run; not a number for a cell that none of its tables has: (cell)."""
    values = np.full(cells, np.nan)
    for table in lines.values():
        at = table.children["mean"].xs(year, level="year")
        values[table.cells.loc[at.index]] = at
    return values


def _lines(name: str, table: pd.DataFrame, run: Kept, specialist: set[str], register: Register) -> Lines:
    by = [axis for axis in AXES if axis in table]
    line = table.groupby(by, sort=False).ngroup() if by else pd.Series(0, index=table.index)
    numbered = table.assign(line=line)
    first = numbered[(numbered["year"] == run.run.base) & (numbered["measure"] == CHILDREN)].set_index("line")
    if set(first.index) != set(line) or not first.index.is_unique:
        raise NotUnderstood(name)
    choices = _choices(name, first.sort_index(), by, run.census, specialist)
    cells = np.array([register.number(run.census.part(choice), name) for choice in choices])
    others = filled_by_others(run)
    with_others = np.array([bool(others & set(map(str, choice.get("provision", others)))) for choice in choices])
    one_kind = np.array([len(choice.get("provision", ())) == 1 for choice in choices]) & ~with_others
    return Lines(numbered.assign(cell=cells[line.to_numpy()]), one_kind, with_others)


def _choices(
    name: str, first: pd.DataFrame, by: Sequence[str], census: Census, specialist: set[str]
) -> Sequence[Choice]:
    """What each line counts; where no column tells kinds of place apart, whichever of the specialist or all it is."""
    every = set(map(str, census.axes["provision"]))
    tried = [[_choice(row, by, kinds, specialist) for row in first.to_dict("records")] for kinds in (specialist, every)]
    for choices in tried:
        if all(_agree(counted, census, choice) for counted, choice in zip(first["mean"], choices, strict=True)):
            return choices
    raise NotUnderstood(name)


def _choice(row: Row, by: Sequence[str], kinds: set[str], specialist: set[str]) -> Choice:
    """Labels that a line counts; an axis that it sums over is left out."""
    chosen: dict[str, set[str]] = {"provision": kinds}
    for axis in by:
        if row[axis] == TOTALS["provision"]:
            chosen[axis] = specialist
        elif row[axis] in {ALL_PLANS, TOTALS[axis]}:
            chosen.pop(axis, None)
        else:
            chosen[axis] = {str(row[axis])}
    return chosen


def _agree(counted: float, census: Census, choice: Choice) -> bool:
    """Whether a line is what its labels say, at the census."""
    if not _known(census, choice):
        return False
    told = float(census.children[census.part(choice)].sum())
    return abs(counted - told) <= NEAR + ROUNDING * told


def _known(census: Census, choice: Choice) -> bool:
    labels = {axis: set(map(str, found)) for axis, found in census.axes.items()} | {PHASE: {p.value for p in PHASES}}
    return all(set(map(str, chosen)) <= labels[axis] for axis, chosen in choice.items())
