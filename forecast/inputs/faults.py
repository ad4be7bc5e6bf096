"""How a fault is worded: cells quoted briefly, names guessed at, long lists cut short."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, TypeVar

from forecast.errors import Fault

T = TypeVar("T")

MOST: Final = 25
"""Faults of one kind in one file that are listed one by one."""
LONGEST: Final = 40
"""Characters of a cell that a message may repeat; a longer text may be about a child."""


def shown(cell: str) -> str:
    """A cell as a message may show it: quoted, and only its length if it is long."""
    return repr(cell) if len(cell) <= LONGEST else f"a text of {len(cell)} characters"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `name` probably means, whatever its capitals; None if none is near."""
    plain = {label.casefold(): label for label in known}
    close = get_close_matches(name[: 2 * LONGEST].casefold(), plain, n=1)
    return plain[close[0]] if close else None


def choice(name: str, known: Sequence[str]) -> str:
    """Remedy for an unknown name: the one probably meant, or else every one there is."""
    near = nearest(name, known)
    return f"did you mean {near!r}? Write it so" if near else f"choose from {', '.join(known)}"


def capped(items: Sequence[T], fault: Callable[[T], Fault]) -> list[Fault]:
    """Faults of one kind, one for each of `items` in order; past `MOST`, one that counts the rest."""
    first = [fault(item) for item in items[:MOST]]
    if len(items) == len(first):
        return first
    more = f"and {len(items) - MOST} more like this"
    return [*first, replace(fault(items[MOST]), what=more)]
