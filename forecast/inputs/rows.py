"""Which rows of a tidy table are margins: summed over something."""

import pandas as pd

from forecast.domain import ALL, NC_YEARS


def every_age(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are summed over all year groups."""
    return rows["nc_from"].eq(NC_YEARS[0]) & rows["nc_to"].eq(NC_YEARS[-1])


def grand_total(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are summed over everything: need, year group and provision."""
    return every_age(rows) & rows["need"].eq(ALL) & rows["provision"].eq(ALL)
