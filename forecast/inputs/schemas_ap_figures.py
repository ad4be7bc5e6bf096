"""Figures on alternative provision that are not counts: `data/reference/ap.csv`, and an area's own `ap.csv`.

Labels of `setting`, `reason`, `key_stage` and `tier` are `all` where they do not matter; of the rows that fit, the
one that names most holds.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.inputs import cells
from forecast.inputs.cells import Cell
from forecast.inputs.columns import NAME, YES_NO, column
from forecast.inputs.schemas_ap import REASON_OR_ALL, SETTING_OR_ALL, STAGE_OR_ALL, TIER_OR_ALL

A_SHARE, A_MULTIPLE, CALENDAR_DAYS = "share", "multiple", "days"
AP_ITEMS: Final[Mapping[str, str]] = {
    "plan_share": A_SHARE,
    "reason_share": A_SHARE,
    "stay_days": CALENDAR_DAYS,
    "transition_share": A_SHARE,
    "return_share": A_SHARE,
    "week": A_SHARE,
    "january": A_MULTIPLE,
    "peak": A_MULTIPLE,
    "headroom": A_SHARE,
    "excluded_to_ap": A_SHARE,
    "hosted": A_SHARE,
}
"""What is told -> its unit. `plan_share`: of children in a setting, those with a plan. `reason_share`: of children
without a plan on a setting's roll, those who came for a reason. `stay_days`: mean calendar days of a stay.
`transition_share`: of those who come, those who take a transition place. `return_share`: of those who leave, those who
go back to a mainstream school. `week`: of a full-time week, what a child attends. `january`: January's roll over the
mean of the year. `peak`: the fullest month over the mean of the year. `headroom`: places kept free,
as a share of those filled in the fullest month. `excluded_to_ap`: of children permanently excluded, those who come to
an AP school. `hosted`: of the places that school-arranged provision fills, those of AP schools (dual registration)."""
AP_WHERE: Final = ("setting", "reason", "key_stage", "tier")
"""Columns that say what a figure is about, those that count more first."""
_OF_ITEMS: Final = "; ".join(
    f"`{unit}` for {', '.join(item for item, its in AP_ITEMS.items() if its == unit)}"
    for unit in dict.fromkeys(AP_ITEMS.values())
)
_ITEM: Final = Cell(cells.text, f"write {', '.join(AP_ITEMS)}", labels="AP item")
_AMOUNT: Final = Cell(cells.number, "write a number, 0 or more, without a sign or commas")
_UNIT: Final = Cell(cells.text, f"write {_OF_ITEMS}", labels="AP unit")


def _counted_in(table: pd.DataFrame, *units: str) -> "pd.Series[bool]":
    """Rows of items that go with one of the units, whatever unit they say."""
    return table["item"].map(AP_ITEMS).isin(units)


class ApFigures(pa.DataFrameModel):
    """ap.csv: what is assumed of alternative provision where it is not counted, each figure with its range."""

    item: Series[str] = column("What it is a figure of", _ITEM)
    setting: Series[str] = column("Who arranges it, or `all`", SETTING_OR_ALL)
    reason: Series[str] = column("Why children came, or `all`", REASON_OR_ALL)
    key_stage: Series[str] = column("Key stage, or `all`", STAGE_OR_ALL)
    tier: Series[str] = column("What the placement is for, or `all`", TIER_OR_ALL)
    value: Series[float] = column("The figure", _AMOUNT, ge=0)
    low: Series[float] = column("One chance in ten that the truth is below", _AMOUNT, ge=0)
    high: Series[float] = column("One chance in ten that the truth is above", _AMOUNT, ge=0)
    unit: Series[str] = column("What it is counted in", _UNIT)
    supported: Series[bool] = column("Whether a source other than judgement gives it", YES_NO)
    source: Series[str] = column("Where it comes from", NAME)

    @pa.dataframe_check(
        title="value", error="is not from low to high", description="write low, value and high in rising order"
    )
    def _in_range(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~((table["low"] > table["value"]) | (table["value"] > table["high"]))

    @pa.dataframe_check(title="unit", error="does not go with item", description=f"write {_OF_ITEMS}")
    def _unit_of_item(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        known = table["unit"].isin(set(AP_ITEMS.values()))  # one that is not is told as such
        return ~(known & (table["unit"] != table["item"].map(AP_ITEMS).fillna(table["unit"])))

    @pa.dataframe_check(title="high", error="is a share of more than 1", description="write a share from 0 to 1")
    def _shares_are_parts(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(_counted_in(table, A_SHARE) & (table["high"] > 1))

    @pa.dataframe_check(title="low", error="is 0, which no stay or multiple is", description="write more than 0")
    def _nothing_lasts_no_time(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(_counted_in(table, CALENDAR_DAYS, A_MULTIPLE) & (table["low"] <= 0))

    class Config:
        """One figure an item and label."""

        unique: ClassVar = ["item", "setting", "reason", "key_stage", "tier"]
