"""Whether a setting is heroic: how many authorities have ever changed as much in as many years, and kept it.

A lever changes what would have come otherwise. So an authority's change is taken relative to England's in the same
years: where England's rate of new plans rose by 10% and an authority's by 1%, it cut them by 8%. Many dip in one year
and are back in the next, so it is also said how many still stood so two years on.

Only what is published by authority can say so. A lever confined to some districts, needs or year groups changes the
area's figure by less than its setting, and so is less heroic than what is said here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from forecast.domain import Provision
from forecast.errors import ForecastError, UnknownLabel
from forecast.report.beside import BESIDE, OF_PLACE, SOURCE
from forecast.report.phrases import census
from forecast.series.measures import MEASURES
from forecast.series.standing import LEAST, changes

MOST_YEARS: Final = 5
"""Years over which a change may be looked for."""
KEPT: Final = 2
"""Years after which it is looked at again."""
WHAT: Final[Mapping[str, str]] = {
    "new_plans": "the rate of new plans",
    "new_to_mainstream": "the share of new plans placed in mainstream",
    "new_to_base": "the share of new plans placed in bases",
    "new_to_special": "the share of new plans placed in special schools",
    "new_to_independent": "the share of new plans placed in independent special schools",
    "base_growth": "the number of children in bases",
    "ended_16": "the share of plans at 16 and over that end",
}
"""Key of `MEASURES` -> what it is that authorities changed."""
NOT_TESTED: Final = (
    "No figure published by authority tests this setting: that nobody is known to have done it is no evidence that it "
    "can be done."
)
NOTHING: Final = "This setting changes nothing."
ASKS_FOR_NONE: Final = ("hold_starts",)
"""Levers whose very point is that a figure does not change."""
_LUCK: Final = (
    f"Changes from fewer than {LEAST} children are left out; of the others some are luck, and some only a change of how"
    " placements are recorded."
)
_EVEN: Final = 1e-9
"""Two changes nearer than this are the same."""


@dataclass(frozen=True)
class _Test:
    """How a setting of a lever is seen in what authorities did."""

    measure: str
    """Key of `MEASURES`."""
    change: Callable[[float], float]
    """Setting -> change of the measure, as a share of what it was."""


def _multiple(setting: float) -> float:
    return setting - 1


def _share_sent(setting: float) -> float:
    return -setting


def _held(_: float) -> float:
    return 0.0


TESTED: Final[Mapping[str, _Test]] = {
    "scale_starts": _Test("new_plans", _multiple),
    "hold_starts": _Test("new_plans", _held),
    "rebalance": _Test("new_to_special", _share_sent),
    "shift_placement": _Test("new_to_special", _share_sent),
    "hub_and_spoke": _Test("new_to_special", _share_sent),
    "bring_home": _Test("new_to_independent", _share_sent),
    "expand_bases": _Test("base_growth", _multiple),
    "scale_leaving": _Test("ended_16", _multiple),
}
"""Kind of lever -> what its setting (a factor, or a share sent elsewhere) does to a published figure."""


@dataclass(frozen=True)
class Heroic:
    """Where a setting lies among what authorities have done."""

    kind: str
    change: float | None
    """Of the published figure, as a share of what it would be: -0.2 is a fifth less; None where no figure tests it."""
    years: int
    """Over which the change is made, and looked for."""
    authorities: int
    """Who changed as much in any such span of years."""
    of_authorities: int
    """Who have a change at all."""
    times: int
    """Spans in which somebody did, an authority and its last year each."""
    of_times: int
    """Spans in all."""
    kept: int
    """Of those who changed as much, authorities that still stood so two years after."""
    of_kept: int
    """Those who can be followed for so long."""
    england: float | None
    """England's own change over such a span, on average, which is taken out of the others'."""
    reading: str
    source: str


class NotASetting(ForecastError):
    """A number that is no setting of the lever."""

    def __init__(self, what: str, value: float, remedy: str) -> None:
        super().__init__(f"{what} cannot be {value:g}; {remedy}.")


def heroic(
    kind: str, setting: float, authorities: pd.DataFrame, years: int = 1, place: Provision | None = None
) -> Heroic:
    """How many authorities have changed as much as a setting asks, within as many years.

    Parameters
    ----------
    kind : of lever
    setting : its central value: a factor, or the share of children sent elsewhere (of `hub_and_spoke`, the outreach)
    authorities : `Standing.authorities`
    years : that the lever takes to act in full: the length of its ramp, 1 without one
    place : kind of place that children are taken from, where that is not the lever's own

    Raises
    ------
    UnknownLabel
        There is no such kind of lever.
    NotASetting
        The setting is below 0, or the years are not 1 to 5.
    """
    if kind not in BESIDE:
        raise UnknownLabel("kind of change", kind, BESIDE)
    if not setting >= 0:
        raise NotASetting(f"A setting of {kind!r}", setting, "write 0 or more")
    if years not in range(1, MOST_YEARS + 1):
        raise NotASetting("The years over which a change is looked for", years, f"choose 1 to {MOST_YEARS}")
    if kind not in TESTED or (place is not None and place not in OF_PLACE):
        return _untested(kind, years)
    key = TESTED[kind].measure if place is None else OF_PLACE[place]
    change = TESTED[kind].change(setting)
    if change == 0 and kind not in ASKS_FOR_NONE:
        return _untested(kind, years, NOTHING)
    return _found(kind, change, years, key, authorities)


def _found(kind: str, change: float, years: int, key: str, authorities: pd.DataFrame) -> Heroic:
    """Count who changed as much, and who still stood so later."""
    seen, of_england = _seen(kind, key, authorities, years)
    if seen.empty:
        return _untested(kind, years)
    later, _ = _seen(kind, key, authorities, years + KEPT)
    later.index = later.index - KEPT
    later = later.reindex(index=seen.index, columns=seen.columns)
    did, still = _as_much(seen, change), _as_much(later, change)
    found = Heroic(
        kind=kind,
        change=change,
        years=years,
        authorities=_any(did),
        of_authorities=_any(seen.notna()),
        times=int(did.to_numpy().sum()),
        of_times=int(seen.notna().to_numpy().sum()),
        kept=_any(did & still),
        of_kept=_any(did & later.notna()),
        england=of_england,
        reading="",
        source=SOURCE,
    )
    return replace(found, reading=_said(found, WHAT[key], int(seen.index[0]) - years))


def _seen(kind: str, key: str, authorities: pd.DataFrame, years: int) -> tuple[pd.DataFrame, float]:
    """Changes to hold a setting against, England's taken out but for levers that `ASKS_FOR_NONE`; England's mean."""
    own, of_england = changes(authorities, MEASURES[key], years)
    if kind in ASKS_FOR_NONE:
        return own, float(of_england.mean())
    return (1 + own).div(1 + of_england, axis="index") - 1, float(of_england.mean())


def _as_much(seen: pd.DataFrame, change: float) -> pd.DataFrame:
    """Which changes are as great, in the same direction; none is where there is no figure."""
    return seen <= change + _EVEN if change <= 0 else seen >= change - _EVEN


def _any(cells: pd.DataFrame) -> int:
    """Authorities with any cell that is true."""
    return int(cells.any().sum())


def _said(found: Heroic, what: str, since: int) -> str:
    """The counts in words."""
    beyond = "" if found.kind in ASKS_FOR_NONE else ", beyond England's own change,"
    span = "in a year" if found.years == 1 else f"within {found.years} years"
    who = f"{found.authorities or 'None'} of {found.of_authorities} authorities {_did(found.change or 0.0, what)}"
    parts = [f"{who}{beyond} {span} ({found.times:,} of {found.of_times:,} cases since {census(since)})."]
    if found.of_kept:
        parts.append(
            f"Of the {found.of_kept} of them that can be followed for {KEPT} more years, {found.kept or 'none'} still "
            "stood so then."
        )
    elif found.authorities:
        parts.append(f"None of them can be followed for {KEPT} more years yet.")
    return " ".join([*parts, f"England's own change was {_signed(found.england or 0.0)} on average.", _LUCK])


def _untested(kind: str, years: int, why: str = NOT_TESTED) -> Heroic:
    return Heroic(kind, None, years, 0, 0, 0, 0, 0, 0, None, why, SOURCE)


def _did(change: float, what: str) -> str:
    """What is looked for, in words."""
    if change == 0:
        return f"have kept {what} from rising"
    if change > 0:
        return f"have raised {what} by {change:.0%} or more"
    return f"have cut {what} to nothing" if change <= _EVEN - 1 else f"have cut {what} by {-change:.0%} or more"


def _signed(change: float) -> str:
    """A change in words: "3% more", "8% less"."""
    words = f"{abs(change):.0%}"
    return f"{words} {'more' if change > 0 else 'less'}" if words != "0%" else "no change"
