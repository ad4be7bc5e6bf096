"""The tables of places and of what they cost: schools and bases, open, planned or assumed, and prices.

`places.csv` is a row for each run of year groups of a school and each stage in which it opens. `school` is the roll
that the children belong to; `site`, where it is not blank, is the school on whose land a satellite stands, and
`district`, `lat` and `lon` are where the children go each morning.

`costs.csv` is an area's own prices, and need not be there; those that ship are in `data/reference/costs.csv`, a file
of the same columns. Kinds of place and needs are the standard codes there, whatever an area calls its own.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.domain import ALL
from forecast.inputs import cells
from forecast.inputs.cells import NAN, Cell
from forecast.inputs.columns import (
    COUNT,
    DISTRICT_OR_ALL,
    LATITUDE,
    LONGITUDE,
    MONTH,
    NAME,
    NEEDS,
    PROVISION,
    RAMP,
    SERVES,
    SHARE,
    TAKEN,
    TEXT,
    YEAR_GROUP,
    YES_NO,
    column,
)

POUNDS_A_YEAR, POUNDS, SHARE_A_YEAR, YEARS = "pounds a year", "pounds", "share a year", "years"
ITEMS: Final[Mapping[str, str]] = {
    "place": POUNDS_A_YEAR,
    "transport": POUNDS_A_YEAR,
    "empty": POUNDS_A_YEAR,
    "ap_elsewhere": POUNDS_A_YEAR,
    "capital": POUNDS,
    "capital_satellite": POUNDS,
    "capital_expansion": POUNDS,
    "fee_growth": SHARE_A_YEAR,
    "discount": SHARE_A_YEAR,
    "life": YEARS,
}
"""What has a price -> its unit. `place`: a child taught, place and top-up or fee. `transport`: a child carried.
`empty`: a place that nobody fills. `ap_elsewhere`: a full-time place for a child without a plan in alternative
provision that the council pays for elsewhere than in AP schools. `capital`, also of a satellite and of an expansion: a
place built, once. `fee_growth`: of fees, those of independent schools and `ap_elsewhere`, above other prices.
`discount`: of what comes later. `life`: years that capital is spread over."""
_OF_ITEMS: Final = "; ".join(
    f"`{unit}` for {', '.join(item for item, its in ITEMS.items() if its == unit)}"
    for unit in dict.fromkeys(ITEMS.values())
)
LONGEST_DELAY: Final = 120
"""Months: no opening is expected to be later."""

_SITE: Final = Cell(
    cells.text, "write the school on whose site the places are, or leave it blank", blank="", optional=True
)
_DELAY: Final = Cell(
    cells.number,
    f"write months from 0, which is on time for certain, to {LONGEST_DELAY}, or leave it blank",
    blank=NAN,
    optional=True,
)
_ITEM: Final = Cell(cells.text, f"write {', '.join(ITEMS)}", labels="item")
_KIND: Final = Cell(cells.text, "write a standard kind of place or `all`", labels="standard provision", also=(ALL,))
_NEED: Final = Cell(cells.text, "write a standard need or `all`", labels="standard need", also=(ALL,))
_AMOUNT: Final = Cell(cells.number, "write a number, 0 or more, without a sign or commas")
_UNIT: Final = Cell(cells.text, f"write {_OF_ITEMS}", labels="unit")


class Places(pa.DataFrameModel):
    """places.csv: schools and bases, open, planned or assumed, and how many children they have room for."""

    school: Series[str] = column("Name of the school or base, whose roll the children are on", NAME)
    site: Series[str] = column("School on whose site they are, where that is another; may be left out", _SITE)
    district: Series[str] = column("Where it stands, or `all` if that is not said", DISTRICT_OR_ALL)
    serves: Series[str] = column("Districts whose children it takes", SERVES)
    lat: Series[float] = column("Latitude, WGS84", LATITUDE, ge=49, le=61)
    lon: Series[float] = column("Longitude, WGS84", LONGITUDE, ge=-9, le=3)
    provision: Series[str] = column("Kind of place", PROVISION)
    needs: Series[str] = column("Needs that it is for", NEEDS)
    nc_from: Series[int] = column("Youngest year group; Reception is 0", YEAR_GROUP, ge=-4, le=20)
    nc_to: Series[int] = column("Oldest year group", YEAR_GROUP, ge=-4, le=20)
    places: Series[int] = column("Children it has room for", COUNT, ge=0)
    taken_by_others: Series[int] = column("Of these, filled by other areas' children", TAKEN, ge=0)
    opens: Series[str] = column("Month it opens; blank if it is open", MONTH)
    closes: Series[str] = column("Month it closes; blank if none is set", MONTH)
    probability: Series[float] = column("Chance that it opens; blank is certain", SHARE, ge=0, le=1)
    delay: Series[float] = column(
        "Months that opening is expected to be late, as likely more as less; blank is the default of"
        " data/assumptions.yaml; may be left out",
        _DELAY,
        ge=0,
        le=LONGEST_DELAY,
    )
    ramp: Series[str] = column("Share of places open in its first, second, ... year", RAMP)
    assumed: Series[bool] = column("Whether the places are only those that children fill now", YES_NO)
    source: Series[str] = column("Where the figures come from", TEXT)

    @pa.dataframe_check(title="nc_from", error="is above nc_to", description="write the lower year group first")
    def _youngest_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["nc_from"] > table["nc_to"])

    @pa.dataframe_check(title="taken_by_others", error="is more than places", description="write part of places")
    def _taken_are_places(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["taken_by_others"] > table["places"])

    @pa.dataframe_check(title="closes", error="is not after opens", description="write a later month")
    def _opens_first(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return (table["closes"] == "") | (table["closes"] > table["opens"])

    @pa.dataframe_check(title="lat", error="has no partner", description="write both lat and lon, or neither")
    def _both_or_neither(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["lat"].isna() == table["lon"].isna()

    @pa.dataframe_check(
        title="site",
        error="is the school itself",
        description="leave it blank where the places are on the school's own site",
    )
    def _site_is_another(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["site"].str.casefold() != table["school"].str.casefold()

    class Config:
        """A school may grow in stages, have places on several sites, and hold several kinds of place."""

        unique: ClassVar = ["school", "site", "provision", "nc_from", "opens"]


class Costs(pa.DataFrameModel):
    """costs.csv: what a place costs, by kind of place and need; of rows that fit, the most specific holds.

    Pounds are real, in the prices of the year that `source` names.
    """

    item: Series[str] = column("What it is the price of", _ITEM)
    provision: Series[str] = column("Standard kind of place, or `all`", _KIND)
    need: Series[str] = column("Standard need, or `all`", _NEED)
    value: Series[float] = column("The central value: as likely too high as too low", _AMOUNT, ge=0)
    low: Series[float] = column("One chance in ten that the truth is below", _AMOUNT, ge=0)
    high: Series[float] = column("One chance in ten that the truth is above", _AMOUNT, ge=0)
    unit: Series[str] = column("Unit of the item", _UNIT)
    supported: Series[bool] = column("Whether a source other than judgement gives it", YES_NO)
    source: Series[str] = column("Title, publisher, date and year of prices; or that it is judgement", NAME)

    @pa.dataframe_check(title="low", error="is above value", description="write low, value and high in rising order")
    def _not_above(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["low"] > table["value"])

    @pa.dataframe_check(title="high", error="is below value", description="write low, value and high in rising order")
    def _not_below(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["high"] < table["value"])

    @pa.dataframe_check(title="unit", error="is not that of the item", description=_UNIT.write)
    def _unit_of_item(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return table["unit"].eq(table["item"].map(ITEMS)) | ~table["item"].isin(list(ITEMS))

    @pa.dataframe_check(title="high", error="is more than 1, so no share", description="write 0.035 for 3.5%")
    def _shares_are_shares(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["unit"].eq(SHARE_A_YEAR) & table["high"].gt(1))

    @pa.dataframe_check(title="low", error="is less than a year", description="write 1 or more")
    def _a_year_at_least(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["unit"].eq(YEARS) & table["low"].lt(1))

    class Config:
        """One price for an item, kind of place and need."""

        unique: ClassVar = ["item", "provision", "need"]
