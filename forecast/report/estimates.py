"""Children of an area whose figures are modelled from published ones: whole in every table, never with decimals.

A council's own counts are left as they are; what is published of those goes through the door.
"""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from forecast.fitted import PUBLISHED
from forecast.inputs.about import About

COUNTED: Final = ("children", "children a year", "people", "places")
"""Units that come in whole ones."""


def estimated(
    about: About, table: pd.DataFrame, columns: Iterable[str], where: pd.Series | None = None
) -> pd.DataFrame:
    """A table whose children and places are whole where they are estimates; others, and those not known, as they are.

    Parameters
    ----------
    columns : of numbers
    where : rows that are children or places; all of them if left out
    """
    if about.kind != PUBLISHED:
        return table
    rows = pd.Series(data=True, index=table.index) if where is None else where
    return table.assign(**{name: table[name].where(~rows, table[name].round() + 0) for name in columns})  # no -0


def estimated_changes(about: About, table: pd.DataFrame) -> pd.DataFrame:
    """What changes did, `old` and `new` being text, with whole children and places where they are estimates.

    Parameters
    ----------
    table : as `scenario.recorded.changes_table`
    """
    if about.kind != PUBLISHED:
        return table
    of_people = table["unit"].isin(COUNTED)
    numbers = {name: pd.to_numeric(table[name].where(of_people), errors="coerce") for name in ("old", "new")}
    return table.assign(
        **{
            name: table[name].where(number.isna(), number.round().fillna(0).astype(int).astype("str"))
            for name, number in numbers.items()
        }
    )
