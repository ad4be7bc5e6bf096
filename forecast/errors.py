"""What can go wrong that a user can mend: each message is made from facts and ends with the remedy.

No message ever holds a child's identifier: files, rows, fields and labels only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST_NAMED = 12
"""Names that a message lists."""


class ForecastError(Exception):
    """The user's input is at fault; the command ends with exit status 1."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one place of one file."""

    file: str
    row: int
    """Line of the file, the header being 1; 0 where no one row is at fault."""
    field: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """One sentence: where, what, how to mend it."""
        where = self.file + (f", row {self.row}" if self.row else "") + (f", {self.field}" if self.field else "")
        return f"{where}: {self.what}; {self.remedy}."


class InputFaults(ForecastError):
    """Every fault of every file that was read, in file and row order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownLabel(ForecastError):
    """A name that is not among those known."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(name, names, n=1)
        rest = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        hint = f"did you mean {close[0]!r}?" if close else f"choose from {'; '.join(names[:MOST_NAMED])}{rest}."
        super().__init__(f"No {kind} called {name!r}; {hint}")


class LabelMismatch(ForecastError):
    """An array's labels on an axis are not those of the model."""

    def __init__(self, axis: str, missing: set[object], extra: set[object]) -> None:
        parts = [
            f"{word} {sorted(map(str, labels))}"
            for word, labels in (("lacks", missing), ("has besides", extra))
            if labels
        ]
        super().__init__(f"The axis {axis!r} {' and '.join(parts)}; put the same labels in every table.")


class ModelError(ForecastError):
    """The fitted England model is absent, or was written by another format of this program."""
