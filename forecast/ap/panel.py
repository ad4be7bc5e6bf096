"""Alternative provision of every authority as published, and the residents that go with it, up to some January."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.national import AP_SCHOOL, LA_FUNDED, WITHOUT
from forecast.domain import ALL, ApSetting
from forecast.errors import MOST_NAMED, Fault, InputFaults
from forecast.inputs import schemas_ap
from forecast.inputs.reference import PEOPLE

ROWS: Final[Mapping[str, tuple[ApSetting, str]]] = {
    AP_SCHOOL: (ApSetting.AP_SCHOOL, ALL),
    WITHOUT: (ApSetting.AP_SCHOOL, schemas_ap.WITHOUT),
    LA_FUNDED: (ApSetting.LA_FUNDED, ALL),
}
"""Series -> setting and plan of its rows in `ap_rolls.csv`."""


@dataclass(frozen=True, eq=False)
class ApPanel:
    """What is known of every authority, each followed in its unit where boundaries changed."""

    children: Mapping[str, pd.DataFrame]
    """Series -> children at each January: index year, a column a unit; missing where not published."""
    people: pd.DataFrame
    """Residents: index mid_year, columns (unit, age)."""

    @property
    def latest(self) -> int:
        """Last January of any series."""
        return max(int(table.index.max()) for table in self.children.values())

    def as_known(self, january: int) -> "ApPanel":
        """What was known at a January: nothing that is dated later."""
        children = {series: table.loc[:january] for series, table in self.children.items()}
        return replace(self, children=children, people=self.people.loc[: january - 1])

    def residents(self, mid_year: int, ages: Sequence[int]) -> "pd.Series[float]":
        """Residents of `ages` at a mid-year: index unit.

        Those of the nearest estimate there is, their ages moved on or back; migration and deaths in between are left
        out. None is aged to before birth: such an age has the children of the youngest one known.

        Raises
        ------
        InputFaults
            No estimate was made by then.
        """
        if self.people.empty:
            raise InputFaults([Fault(PEOPLE, 0, "mid_year", f"has no estimate as old as mid-{mid_year}", _ADD)])
        nearest = min(self.people.index, key=lambda year: (abs(year - mid_year), year))
        rows = self.people.loc[nearest]
        youngest, oldest = rows.index.get_level_values("age").min(), rows.index.get_level_values("age").max()
        then = np.clip(np.asarray(ages) - (mid_year - nearest), youngest, oldest)
        by_age = rows.unstack("age")
        return pd.Series(by_age[list(then)].to_numpy(dtype=float).sum(axis=1), index=by_age.index)


def ap_panel(rolls: pd.DataFrame, people: pd.DataFrame, units: Mapping[str, str]) -> ApPanel:
    """The panel of published rolls.

    A unit of several authorities has a figure where each of those of that January has one.

    Parameters
    ----------
    rolls : columns of `reference_ap.AuthorityRolls`
    people : as `reference.read_people` gives them
    units : authority -> unit it is followed in, as `reference.read_units`

    Raises
    ------
    InputFaults
        Authorities with a roll have no residents.
    """
    children = {series: _table(rolls, units, *which) for series, which in ROWS.items()}
    of_units = people.assign(unit=people["la_code"].replace(dict(units)))
    by_age = of_units.pivot_table(index="mid_year", columns=["unit", "age"], values="people", aggfunc="sum")
    followed = {str(unit) for table in children.values() for unit in table.columns}
    if lacking := sorted(followed - set(by_age.columns.get_level_values("unit"))):
        named = ", ".join(lacking[:MOST_NAMED])
        raise InputFaults([Fault(PEOPLE, 0, "la_code", f"has no residents of {named}", _ADD)])
    return ApPanel(children, by_age)


def _table(rolls: pd.DataFrame, units: Mapping[str, str], setting: ApSetting, plan: str) -> pd.DataFrame:
    """Children of one series by January and unit."""
    rows = rolls[(rolls["setting"] == setting) & (rolls["plan"] == plan) & (rolls["key_stage"] == ALL)]
    named = rows.assign(unit=rows["la_code"].replace(dict(units)))
    return named.pivot_table(index="year", columns="unit", values="children", aggfunc=_whole_sum).astype(float)


_ADD: Final = "add them, or give no file for the one that ships"


def _whole_sum(children: "pd.Series[float]") -> float:
    """Sum; missing where a part is."""
    return float(children.sum(skipna=False))
