"""What ships about journeys in `data/reference/travel.csv`: limits, speed, and what an hour is worth; editable."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, PHASES, Phase
from forecast.errors import Fault, InputFaults
from forecast.inputs import cells
from forecast.inputs.bundled import bundled
from forecast.inputs.cells import Cell
from forecast.inputs.columns import NAME, YES_NO
from forecast.inputs.given import Given, read_given

FILE: Final = "travel.csv"
_JOURNEYS: Final = 2
"""There and back."""
_MINUTES_AN_HOUR: Final = 60
_NUMBER: Final = Cell(cells.number, "write a number above 0")
_ONE_EACH: Final = ("factor", "speed", "days", "hour")
_ROWS: Final = {*((item, ALL) for item in _ONE_EACH), *(("limit", phase.value) for phase in PHASES)}
COLUMNS: Final = {
    "item": Cell(cells.text, f"write limit, {', '.join(_ONE_EACH)}", labels="item"),
    "phase": Cell(cells.text, "write a phase, or `all`", labels="phase", also=(ALL,)),
    "value": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "unit": NAME,
    "supported": YES_NO,
    "source": NAME,
}
"""How each column is written; `low` to `high` is the 80% range."""


@dataclass(frozen=True)
class Travel:
    """What journeys are reckoned by."""

    limits: Mapping[Phase, float]
    """Minutes one way that a child of each phase should not travel longer than."""
    factor: float
    """Road distance over straight line."""
    speed: float
    """Kilometres an hour, door to door."""
    days: float
    """School days a year."""
    hour: float
    """Pounds that an hour of a child's journey is taken to cost, when a near site is weighed against a cheap one."""
    rows: pd.DataFrame
    """The file's rows, with the source of each figure, and whether anything but judgement stands behind it."""

    @property
    def pounds_a_minute(self) -> float:
        """Pounds a year for each minute of a child's journey one way, made twice every school day."""
        return self.hour / _MINUTES_AN_HOUR * _JOURNEYS * self.days


def read_travel(path: Path | None = None) -> Travel:
    """Figures that ship, or those of a file of the same columns.

    Raises
    ------
    InputFaults
        Every fault of the file.
    """
    known = {"item": ["limit", *_ONE_EACH], "phase": [phase.value for phase in PHASES]}
    given = read_given(path or bundled("data", "reference", FILE), COLUMNS, known)
    faults = [*given.faults, *_at_odds(given)] if not given.rows.empty else list(given.faults)
    if faults:
        raise InputFaults(faults)
    rows = given.rows.reset_index(drop=True)
    value = {(row["item"], row["phase"]): float(row["value"]) for row in rows.to_dict("records")}
    limits = {phase: value["limit", phase.value] for phase in PHASES}
    return Travel(limits, **{item: value[item, ALL] for item in _ONE_EACH}, rows=rows)


def _at_odds(given: Given) -> list[Fault]:
    rows = given.rows
    faults = given.wrong(rows[["item", "phase"]].duplicated(), "item", "is there twice for one phase", "keep one row")
    disordered = ~(rows["low"].gt(0) & rows["low"].le(rows["value"]) & rows["value"].le(rows["high"]))
    faults += given.wrong(disordered, "value", "is not from low to high, or low is not above 0", _NUMBER.write)
    there = set(zip(rows["item"], rows["phase"], strict=True))
    for item, phase in sorted(_ROWS - there):
        faults.append(
            Fault(given.file, 0, "item", f"there is no {item} for {phase}", "add it, as in the file that ships")
        )
    strange = pd.Series([pair not in _ROWS for pair in zip(rows["item"], rows["phase"], strict=True)], rows.index)
    return faults + given.wrong(strange, "phase", "has no such item", "write a limit by phase, and the rest for `all`")
