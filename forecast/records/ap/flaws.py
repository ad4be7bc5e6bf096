"""What is wrong with rows of the records: told by file, row and field, or counted where rows are set aside."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.count_said import numbered
from forecast.inputs.faults import capped

MOST_SET_ASIDE: Final = 1 / 20
"""Share of the rows that may be left out: with more the counts would be those of other children. Judgement."""
_ASIDE: Final = "or add --set-aside to leave such rows out"


class Flaw(NamedTuple):
    """One thing wrong with one row."""

    at: int
    """Position of the row among all rows."""
    field: str
    what: str
    """The same words for every row that has it."""
    remedy: str
    of_all: bool = False
    """Whether it makes every row doubtful, so that leaving this one out would mend nothing."""


def flawed(rows: Iterable[int], field: str, what: str, remedy: str) -> list[Flaw]:
    """The same flaw of several rows."""
    return [Flaw(int(at), field, what, remedy) for at in rows]


def refuse(cells: pd.DataFrame, flaws: Sequence[Flaw]) -> None:
    """Name every flaw, those of one kind in one file cut short.

    Parameters
    ----------
    cells : file and line of each row

    Raises
    ------
    InputFaults
        There is any.
    """
    if flaws:
        raise InputFaults(_faults(cells, flaws, _ASIDE))


def set_aside(cells: pd.DataFrame, flaws: Sequence[Flaw]) -> tuple[str, ...]:
    """Sentences on the rows that are left out, and why.

    Raises
    ------
    InputFaults
        They are more than `MOST_SET_ASIDE` of all.
    """
    rows = len({flaw.at for flaw in flaws})
    if not rows:
        return ()
    if rows > MOST_SET_ASIDE * len(cells):
        file = str(cells["file"].iloc[0])
        what = f"{rows:,} of {len(cells):,} rows would be left out, more than 1 in {1 / MOST_SET_ASIDE:.0f}"
        remedy = "the counts would be of other children: mend the rows that follow"
        raise InputFaults([Fault(file, 0, "", what, remedy), *_faults(cells, flaws, "")])
    of_kind = pd.Series([f"{flaw.field} {flaw.what}".strip() for flaw in flaws]).value_counts(sort=False)
    kinds = "; ".join(f"{number:,}: {kind}" for kind, number in of_kind.items())
    return (f"Left out: {numbered(rows, 'row')} of {len(cells):,}, as --set-aside asks ({kinds}).",)


def _faults(cells: pd.DataFrame, flaws: Sequence[Flaw], aside: str) -> list[Fault]:
    files, lines = cells["file"].tolist(), cells["line"].tolist()
    kinds: dict[tuple[str, str, str], list[Flaw]] = {}
    for flaw in sorted(flaws):
        kinds.setdefault((files[flaw.at], flaw.field, flaw.what), []).append(flaw)

    def fault(flaw: Flaw) -> Fault:
        remedy = f"{flaw.remedy}; {aside}" if aside and not flaw.of_all else flaw.remedy
        return Fault(files[flaw.at], int(lines[flaw.at]), flaw.field, flaw.what, remedy)

    return [found for some in kinds.values() for found in capped(some, fault)]
