"""What becomes of children who are refused a place: `data/reference/overflow.csv`, or a file of the same columns."""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, AWAY, NC_YEARS, Provision
from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.bundled import bundled
from forecast.inputs.cells import Cell
from forecast.inputs.columns import NAME, YEAR_GROUP, YES_NO
from forecast.inputs.given import Given, read_given

FILE: Final = "overflow.csv"
WAIT, ASK_AGAIN = "wait", "ask_again"
"""In `goes_to` at rank 0, not steps of the order: who waits where they are, and who asks again at a transition."""
_CODES: Final = [provision.value for provision in Provision]
COLUMNS: Final = {
    "provision": Cell(cells.text, "write a kind of place, or `all`", labels="kind of place", also=(ALL,)),
    "rank": Cell(cells.whole, f"number the steps from 1; 0 is for {WAIT} and {ASK_AGAIN}"),
    "goes_to": Cell(
        cells.text,
        f"write a kind of place, one with `{AWAY}` after it, {WAIT} or {ASK_AGAIN}",
        labels="kind of place",
        also=(*(f"{code}{AWAY}" for code in _CODES), WAIT, ASK_AGAIN),
    ),
    "share": Cell(cells.number, "write a number from 0 to 1"),
    "nc_from": YEAR_GROUP,
    "nc_to": YEAR_GROUP,
    "supported": YES_NO,
    "source": NAME,
}
"""How each column is written. `share`: of the children who come to a step, how many go there if there is room."""


def read_overflow(path: Path | None = None) -> pd.DataFrame:
    """Steps of each kind of place in turn, by the columns of `COLUMNS`; kinds are standard codes.

    Raises
    ------
    InputFaults
        Every fault of the file.
    """
    given = read_given(path or bundled("data", "reference", FILE), COLUMNS, {"kind of place": _CODES})
    faults = [*given.faults, *(_at_odds(given) if not given.rows.empty else ())]
    if faults:
        raise InputFaults(faults)
    return given.rows.sort_values(["provision", "rank"], kind="stable").reset_index(drop=True)


def _at_odds(given: Given) -> list[Fault]:
    """Faults of rows that can each be read but cannot be meant."""
    rows = given.rows
    share, first, last = (pd.to_numeric(rows[field]) for field in ("share", "nc_from", "nc_to"))
    apart = rows["goes_to"].isin([WAIT, ASK_AGAIN])
    faults = given.wrong(~share.between(0, 1), "share", "is not from 0 to 1", COLUMNS["share"].write)
    upside = (first > last) | (first < NC_YEARS[0]) | (last > NC_YEARS[-1])
    faults += given.wrong(upside, "nc_from", "and nc_to are no span of year groups", YEAR_GROUP.write)
    faults += given.wrong(apart != rows["rank"].eq(0), "rank", "does not go with goes_to", COLUMNS["rank"].write)
    twice = rows.duplicated(["provision", "rank", "goes_to", "nc_from"])
    faults += given.wrong(twice, "goes_to", "is there twice for one kind of place and rank", "keep one row")
    for kind in sorted({*rows["provision"], ALL}):
        for word in (WAIT, ASK_AGAIN):
            if not (rows["provision"].eq(kind) & rows["goes_to"].eq(word)).any():
                remedy = "add it at rank 0, as in the file that ships"
                faults.append(Fault(given.file, 0, "goes_to", f"{kind} has no row that says how many {word}", remedy))
    return faults
