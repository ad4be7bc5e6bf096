"""A return as the checks see it: its modules joined up and down, and what holds at the census.

A record's *ancestor* is the record above it that it belongs to, however far up; positions are row numbers in the
ancestor's table, -1 where the chain is broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from forecast.records import census
from forecast.records.filed import PARENTS, Filed
from forecast.records.linked import above, through

BELOW: Final = tuple(module for module in PARENTS if module != "sen2")
"""Modules with records of children."""
COUNTED: Final = tuple(module for module in BELOW if module != "plan_detail")
"""Those of them that a count uses: where a child is taught counts, and not what setting its plan names."""
Rows: TypeAlias = "pd.Series[Any]"
"""One value for each record of a module, indexed as its table."""


def surely(values: Rows) -> Rows:
    """Whether something is known to hold; missing is no."""
    return values.astype("boolean").fillna(value=False).astype(bool)


def blank(table: pd.DataFrame, *fields: str) -> Rows:
    """Whether all of these texts of a record are blank."""
    return (table[list(fields)] == "").all(axis=1)


@dataclass(frozen=True, eq=False)
class Seen:
    """One return with what the checks need besides."""

    filed: Filed
    codes: Mapping[str, frozenset[str]]
    """Name of a list of `data/reference/sen2_codes.csv`, or `authority` -> its codes."""
    schools: pd.DataFrame | None
    """The establishment of each placement, as `Establishments.at` gives it; None without the extract."""
    born_before: Rows
    """For each child, its birth date in the last of the returns before that had its UPN; missing where none had."""

    @cached_property
    def day(self) -> pd.Timestamp:
        """Census day: the third Thursday of January."""
        return census.census_day(self.filed.census)

    def table(self, module: str) -> pd.DataFrame:
        """Records of a module."""
        return self.filed.tables[module]

    def up(self, module: str, ancestor: str) -> np.ndarray:
        """Position of each record's ancestor, -1 where there is none."""
        key = (module, ancestor)
        if key not in self._ups:
            self._ups[key] = self._climb(module, ancestor)
        return self._ups[key]

    def of(self, module: str, ancestor: str, field: str) -> Rows:
        """A field of each record's ancestor; missing where there is none."""
        return self.lent(module, ancestor, self.table(ancestor)[field])

    def lent(self, module: str, ancestor: str, values: Rows) -> Rows:
        """What holds for an ancestor, for each record below it; `values` has one for each row of the ancestor."""
        below = values.reset_index(drop=True).reindex(self.up(module, ancestor))
        return below.set_axis(self.table(module).index)

    def every(self, module: str) -> Rows:
        """Whatever holds for every record of a module."""
        return pd.Series(data=True, index=self.table(module).index)

    def any_below(self, ancestor: str, module: str, rows: Rows) -> Rows:
        """Whether any record of `module` for which `rows` holds belongs to each record of `ancestor`."""
        at = self.up(module, ancestor)[rows.to_numpy(bool)]
        there = np.zeros(len(self.table(ancestor)), dtype=bool)
        there[at[at >= 0]] = True
        return pd.Series(there, index=self.table(ancestor).index)

    def surplus(self, module: str, ancestor: str, rows: Rows) -> Rows:
        """Whether there is another record of `rows` with the same ancestor and a lower row id."""
        at = pd.Series(self.up(module, ancestor), index=rows.index)
        return self.again(module, at.where(rows & (at >= 0)))

    def again(self, module: str, values: Rows) -> Rows:
        """Whether a record of lower row id has the same value, so that the order of rows does not matter."""
        order = self.table(module)["id"].argsort(kind="stable").to_numpy()
        told = values.notna().to_numpy(bool)
        twice = values.iloc[order].duplicated().to_numpy(bool)
        again = np.empty(len(values), dtype=bool)
        again[order] = twice
        return pd.Series(again & told, index=values.index)

    @cached_property
    def begun(self) -> Rows:
        """Whether a named plan had begun at the census; one without a start has."""
        return ~(self.table("named_plan")["start_date"] > self.day)

    @cached_property
    def open_plans(self) -> Rows:
        """Whether a named plan was in force at the census: begun, and not ceased by then."""
        table = self.table("named_plan")
        return census.in_force(table["start_date"], table["cease_date"], self.day)

    @cached_property
    def open_requests(self) -> Rows:
        """Whether a request has a plan in force: one named and open or, where none is named, an active one."""
        named = self.any_below("requests", "named_plan", self.every("named_plan"))
        in_force = self.any_below("requests", "named_plan", self.open_plans)
        return in_force | (~named & self.any_below("requests", "active_plans", self.every("active_plans")))

    @cached_property
    def placed(self) -> Rows:
        """Whether a placement held at the census, the child having entered and not left."""
        table = self.table("placement_detail")
        return census.attending(table["entry_date"], table["leaving_date"], self.day)

    @cached_property
    def counted(self) -> Rows:
        """Whether a placement held at the census under a plan in force."""
        return self.placed & self.holds("placement_detail", self.open_requests)

    @cached_property
    def chosen(self) -> Rows:
        """Whether a placement may be the one that the child is counted in: it held, and is no secondary one."""
        return self.counted & ~self.ranked(2)

    def ranked(self, rank: int) -> Rows:
        """Whether a placement has this rank."""
        return surely(self.table("placement_detail")["rank"].eq(rank))

    def holds(self, module: str, requests: Rows) -> Rows:
        """Whether something holds for the request that each record belongs to; it does not where there is none."""
        return surely(self.lent(module, "requests", requests.astype("boolean")))

    def nc_year(self, module: str) -> Rows:
        """Year group of the child that each record belongs to; missing without a birth date."""
        born = self.table("person")["birth_date"] if module == "person" else self.of(module, "person", "birth_date")
        return census.nc_year(born, self.filed.census)

    @cached_property
    def _ups(self) -> dict[tuple[str, str], np.ndarray]:
        """Positions already worked out."""
        return {}

    def _climb(self, module: str, ancestor: str) -> np.ndarray:
        parent = PARENTS[module]
        if parent is None:
            msg = f"{ancestor} is not above {module}"
            raise ValueError(msg)
        at = above(self.table(module), self.table(parent))
        return at if parent == ancestor else through(at, self.up(parent, ancestor))
