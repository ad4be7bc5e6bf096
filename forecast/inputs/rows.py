"""Which rows of a tidy table are margins: summed over something."""

import pandas as pd

from forecast.domain import ALL, NC_YEARS


def every_age(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are summed over all year groups."""
    return rows["nc_from"].eq(NC_YEARS[0]) & rows["nc_to"].eq(NC_YEARS[-1])


def of_whole_area(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of the whole area: in a year that has them, those by district are left out as counted already."""
    whole = rows["district"].eq(ALL)
    return rows[whole | ~rows["year"].isin(rows.loc[whole, "year"])]


def grand_total(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are summed over everything: need, year group and provision."""
    return every_age(rows) & rows["need"].eq(ALL) & rows["provision"].eq(ALL)
