"""Changes that mean the same cell in different ways: told all at once, whoever wrote them.

Two changes of one kind on one cell and year are the same override twice. A change that says what a figure *is* leaves
nothing for another to change. Two kinds that multiply go together in any order, and so do two that send shares
elsewhere, while these are not more than all. The changes of a world come first and are ground, never in conflict.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Final

from forecast.domain import academic_year
from forecast.errors import Fault
from forecast.scenario.checked import Origin
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated
from forecast.scenario.spoken import said_of_cells
from forecast.scenario.written import Range

_REMEDY: Final = "leave one out, or give them different {axes} or years"
_TOO_MUCH: Final = "make them smaller, or give them different {axes} or years"
_AXES: Final = ("district", "need")
"""Axes by which every lever can be confined."""


def conflicts(changes: Sequence[Dated], origins: Sequence[Origin]) -> list[Fault]:
    """Every pair of changes that cannot both hold, and shares of one thing that come to more than all.

    Parameters
    ----------
    changes : of scenarios, without those of their worlds
    origins : where each was written
    """
    said = [*zip(changes, origins, strict=True)]
    pairs = [_clash(one, other) for one, other in combinations(said, 2)]
    return [*(fault for fault in pairs if fault), *_beyond_all(said)]


def _clash(one: tuple[Dated, Origin], other: tuple[Dated, Origin]) -> Fault | None:
    """What two changes mean differently; None where both can hold."""
    (first, where_first), (second, where_second) = one, other
    met = [
        (mine, theirs)
        for mine, theirs in product(first.claims(), second.claims())
        if mine.meets(theirs) and (first.kind == second.kind or How.VALUE in {mine.how, theirs.how})
    ]
    if not met:
        return None
    twice = "acts once more" if first.kind == second.kind else "acts too"
    shared = "; ".join(dict.fromkeys(_shared(mine, theirs) for mine, theirs in met))
    return where_second.fault(
        f"{second.kind} {twice} on what {first.kind} ({where_first}) acts on: {shared}",
        _REMEDY.format(axes=_by(claim for pair in met for claim in pair)),
    )


def _beyond_all(said: Sequence[tuple[Dated, Origin]]) -> list[Fault]:
    """Shares, of different kinds of change, of which more than all together would be sent from one cell."""
    held = [
        (change, origin, claim, share)
        for change, origin in said
        for claim in change.claims()
        if claim.how is How.SHARE and (share := _share_of(change)) is not None
    ]
    faults = []
    for at, (change, origin, claim, share) in enumerate(held):
        before = [rival for rival in held[:at] if rival[0].kind != change.kind and rival[2].meets(claim)]
        together = share + sum(rival[3] for rival in before)
        if before and together > 1 + 1e-9:
            others = " and ".join(dict.fromkeys(f"{rival[0].kind} ({rival[1]})" for rival in before))
            what = (
                f"with {others} it comes to {together:.0%} of one thing, more than all: {_shared(claim, before[0][2])}"
            )
            faults.append(origin.fault(what, _TOO_MUCH.format(axes=_by([claim]))))
    return faults


def _share_of(change: Dated) -> float | None:
    """What a lever that sends a share says of it, in its field `share`; None where it has no such field."""
    for name, info in type(change).model_fields.items():
        setting = getattr(change, name)
        if (info.alias or name) == "share" and isinstance(setting, Range):
            return setting.value
    return None


def _shared(one: Claim, other: Claim) -> str:
    """What both act on, in which cells and years, in words."""
    cells = {**one.cells, **other.cells} | {
        axis: one.cells[axis] & other.cells[axis] for axis in one.cells if axis in other.cells
    }
    first = max(one.first, other.first)
    lasts = [claim.last for claim in (one, other) if claim.last is not None]
    until = f" to {academic_year(min(lasts))}" if lasts else " on"
    return ", ".join(filter(None, (one.what, said_of_cells(cells), f"from {academic_year(first)}{until}")))


def _by(claims: Iterable[Claim]) -> str:
    """What the changes could be confined by, in words."""
    more = [axis for claim in claims for axis in claim.cells if axis not in _AXES]
    called = {"district": "districts", "need": "needs", "nc_year": "year groups", "provision": "kinds of place"}
    return ", ".join(called[axis] for axis in dict.fromkeys([*_AXES, *more]) if axis in called)
