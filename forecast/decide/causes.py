"""The causes of change that lie in scenarios: each lever by itself, and the world that they stand in.

Between two scenarios a cause is what one has and the other has not. Levers of the two that cannot stand together,
because they say what the same cell is, are one cause: off, the first scenario's; on, the second's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import pandas as pd
import xarray as xr

from forecast.decide.cause_names import said_of, said_of_world, school_of, settings_changed
from forecast.errors import ForecastError
from forecast.scenario.conflicts import at_odds
from forecast.scenario.ends import on_labels
from forecast.scenario.lever_names import quoted
from forecast.scenario.levers import Change
from forecast.scenario.scenario import Scenario

Held = TypeVar("Held")
MOST: Final = 12
"""Causes, of either sort, that are told apart: each more doubles the forecasts to be made."""
MOST_LEVERS: Final = 10
"""Of these, causes that lie in levers: each set of them is made anew."""


@dataclass(frozen=True)
class Levers:
    """Levers that are switched together."""

    name: str
    off: tuple[Change, ...]
    """Those that act where the cause is off; of the first scenario alone."""
    on: tuple[Change, ...]
    """Those that act where it is on; of the second alone."""


@dataclass(frozen=True)
class Choice:
    """Every lever of one or two scenarios: those that always act, and the causes."""

    always: tuple[Change, ...]
    """The levers of both scenarios."""
    causes: tuple[Levers, ...]
    order: tuple[Change, ...]
    """Every lever, in the order in which levers are made."""

    def on(self, coalition: int) -> tuple[Change, ...]:
        """The levers of a coalition, in order.

        Parameters
        ----------
        coalition : cause `i` is on where bit `i` is 1
        """
        chosen = list(self.always)
        for bit, cause in enumerate(self.causes):
            chosen += cause.on if coalition >> bit & 1 else cause.off
        left = [*chosen]
        out = []
        for change in self.order:
            if change in left:
                left.remove(change)
                out.append(change)
        return tuple(out)


class TooManyCauses(ForecastError):
    """A change of more causes than can be told apart."""

    def __init__(self, levers: int, most: int) -> None:
        super().__init__(
            f"{levers} levers of as many kinds cannot be told apart exactly, {most} at most, because each doubles the "
            "forecasts that it takes; explain a scenario with fewer of them, or compare two that differ in fewer."
        )


def within(scenario: Scenario, others: int) -> Choice:
    """The levers of one scenario as causes, its world's as one.

    Parameters
    ----------
    others : causes that do not lie in the scenario

    Raises
    ------
    TooManyCauses
        They are too many even with the levers of a kind taken together.
    """
    trend = scenario.model_copy(update={"changes": (), "world": scenario.world.model_copy(update={"changes": ()})})
    return between(trend, scenario, others)


def between(first: Scenario, second: Scenario, others: int = 0, means: Mapping[str, str] | None = None) -> Choice:
    """What makes the second scenario of the first; raises as `within`.

    Parameters
    ----------
    others : as for `within`
    means : of the area's kinds of place, as for `conflicts.conflicts`
    """
    old, new = first.ground, second.ground
    worlds = [] if old == new else [Levers(said_of_world(second), old, new)]
    both = [change for change in first.changes if change in second.changes]
    gone, come = ([change for change in of.changes if change not in both] for of in (first, second))
    levers, most = _apart(gone, come, means), min(MOST_LEVERS, MOST - others) - len(worlds)
    if len(levers) > most:
        levers = _by_kind(levers)
    if len(levers) > most:
        raise TooManyCauses(len(levers), most)
    always = both if worlds else [*new, *both]
    order = second.model_copy(update={"changes": (*second.changes, *gone)}).every_change
    return Choice(tuple(always), _named_apart([*worlds, *levers]), (*old, *order))


def _apart(gone: Sequence[Change], come: Sequence[Change], means: Mapping[str, str] | None) -> list[Levers]:
    """A cause for each lever that one scenario has alone; one for those that cannot be told apart."""
    groups: list[list[tuple[Change, bool]]] = []
    for lever in [*((change, True) for change in come), *((change, False) for change in gone)]:
        mine = [group for group in groups if any(_inseparable(lever, other, means) for other in group)]
        apart = [group for group in groups if not any(group is own for own in mine)]
        groups = [*apart, [*(one for group in mine for one in group), lever]]
    return [_cause([some for some, new in group if not new], [some for some, new in group if new]) for group in groups]


def _inseparable(one: tuple[Change, bool], other: tuple[Change, bool], means: Mapping[str, str] | None) -> bool:
    """Whether two levers are one cause: of two scenarios and rivals, or on one school, so that one may need the other.

    Parameters
    ----------
    one, other : a lever, and whether it is of the second scenario
    """
    school = school_of(one[0]).casefold()
    same = bool(school) and school == school_of(other[0]).casefold()
    return same or (one[1] != other[1] and rival(one[0], other[0], means))


def rival(one: Change, other: Change, means: Mapping[str, str] | None = None) -> bool:
    """Whether two levers say what the same cell is, so that only one of them can act.

    Parameters
    ----------
    means : of the area's kinds of place, as for `conflicts.conflicts`
    """
    claims = [[on_labels(claim, means) for claim in change.claims()] for change in (one, other)]
    return any(at_odds(one.kind, mine, other.kind, theirs) for mine in claims[0] for theirs in claims[1])


def _cause(off: Sequence[Change], on: Sequence[Change]) -> Levers:
    """Levers that are switched together, by name."""
    come, gone = (" and ".join(map(said_of, some)) for some in (on, off))
    if len(off) == len(on) == 1 and off[0].kind == on[0].kind:
        name = f"{come}, {'; '.join(settings_changed(off[0], on[0]))}"
    else:
        name = ", ".join(filter(None, [come, f"without {gone}" if gone else ""]))
    return Levers(name, tuple(off), tuple(on))


def _by_kind(causes: Sequence[Levers]) -> list[Levers]:
    """`causes` with the levers of a kind as one; those of worlds, and those that stand for others, as they are."""
    out: list[Levers] = []
    for cause in causes:
        kind = _kind(cause)
        alike = next((at for at, other in enumerate(out) if kind and _kind(other) == kind), None)
        if alike is None:
            out.append(cause)
        else:
            other = out[alike]
            off, on = (*other.off, *cause.off), (*other.on, *cause.on)
            words = quoted((off + on)[0].kind)
            out[alike] = Levers(f"{'without ' if off else ''}{words} ({len(off + on)} levers)", off, on)
    return out


def _kind(cause: Levers) -> tuple[str, bool] | None:
    """Kind of the levers of a cause and which way they are switched; None where they are of several kinds or ways."""
    kinds = {change.kind for change in (*cause.off, *cause.on)}
    whole = bool(cause.off) != bool(cause.on)
    return (kinds.pop(), bool(cause.on)) if len(kinds) == 1 and whole else None


def _named_apart(causes: Sequence[Levers]) -> tuple[Levers, ...]:
    """`causes` whose names are each their own."""
    names = [cause.name for cause in causes]
    return tuple(
        replace(cause, name=f"{cause.name} ({names[:at].count(cause.name) + 1})")
        if names.count(cause.name) > 1
        else cause
        for at, cause in enumerate(causes)
    )


def applied(changes: Sequence[Change], drivers: xr.Dataset) -> xr.Dataset:
    """Drivers with levers made, in order; the very same where there are none."""
    return _made(changes, drivers, lambda change, held: change.apply(held))


def repriced(changes: Sequence[Change], prices: pd.DataFrame) -> pd.DataFrame:
    """Prices with levers made, in order."""
    return _made(changes, prices, lambda change, held: change.reprice(held))


def built(changes: Sequence[Change], places: pd.DataFrame) -> pd.DataFrame:
    """The register of places with levers made, in order."""
    return _made(changes, places, lambda change, held: change.build(held))


def _made(changes: Sequence[Change], held: Held, make: Callable[[Change, Held], Held]) -> Held:
    for change in changes:
        held = make(change, held)
    return held
