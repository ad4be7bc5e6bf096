"""Past forecasts of each authority's state special schools beside what came, as `forecast backtest` wrote them."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.errors import Fault, InputFaults
from forecast.inputs.backtest_tables import REMAKE, NoBacktest, read_checked

FILE: Final = "replay.csv"
"""Table beside the scores."""
_RISING: Final = ["p10", "p50", "p80", "p90"]


class Replayed(pa.DataFrameModel):
    """replay.csv: a row an authority, the January forecast from and the years ahead; whole children."""

    unit: Series[str] = pa.Field(str_matches=r"^[0-9]{3}(\+[0-9]{3})*$")
    origin: Series[int] = pa.Field(ge=2010, le=2100)
    ahead: Series[int] = pa.Field(ge=1)
    now: Series[int] = pa.Field(ge=0)
    p10: Series[int] = pa.Field(ge=0)
    p50: Series[int] = pa.Field(ge=0)
    p80: Series[int] = pa.Field(ge=0)
    p90: Series[int] = pa.Field(ge=0)
    actual: Series[int] = pa.Field(ge=0)

    class Config:
        """One forecast a cell."""

        coerce = True
        unique = ["unit", "origin", "ahead"]  # noqa: RUF012 - pandera's own


def read_replay(folder: Path) -> pd.DataFrame:
    """Rows of `Replayed`.

    Parameters
    ----------
    folder : `backtest_tables.FOLDER` of a model

    Raises
    ------
    NoBacktest
        There is no such folder.
    InputFaults
        The table is missing or damaged.
    """
    if not folder.is_dir():
        raise NoBacktest(folder)
    table, faults = read_checked(folder / FILE, Replayed)
    if faults:
        raise InputFaults(faults)
    falls = np.flatnonzero((np.diff(table[_RISING].to_numpy(), axis=1) < 0).any(axis=1))
    if falls.size:
        raise InputFaults([Fault(FILE, int(falls[0]) + 2, "p10 to p90", "fall where they should rise", REMAKE)])
    return table
