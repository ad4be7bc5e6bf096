"""Changes that mean the same cell in different ways: told all at once, whoever wrote them.

Two changes of one kind on one cell and year are the same override twice. A change that says what a figure *is* leaves
nothing for another to change. Two kinds that multiply go together in any order, and so do two that send shares
elsewhere, while these are not more than all. The changes of a world come first and are ground, never in conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from forecast.domain import academic_year
from forecast.errors import Fault
from forecast.scenario.checked import Origin
from forecast.scenario.claims import KINDS, STAGE, Claim, How
from forecast.scenario.dated import Dated
from forecast.scenario.ends import on_labels
from forecast.scenario.spoken import said_of_cells

_REMEDY: Final = "leave one out, or give them different {axes} or years"
_TOO_MUCH: Final = "make them smaller, or give them different {axes} or years"
_ROUNDING: Final = 1e-9
"""Shares that come to so little more than all come to all."""


@dataclass(frozen=True)
class _Said:
    """What one change acts on, and where it was written."""

    kind: str
    origin: Origin
    claims: tuple[Claim, ...]

    def __str__(self) -> str:
        return f"{self.kind} ({self.origin})"


@dataclass(frozen=True)
class _Sent:
    """A share that a change sends elsewhere."""

    said: _Said
    claim: Claim
    share: float


def conflicts(
    changes: Sequence[Dated], origins: Sequence[Origin], means: Mapping[str, str] | None = None
) -> list[Fault]:
    """Every pair of changes that cannot both hold, and shares of one thing that come to more than all.

    Parameters
    ----------
    changes : of scenarios, without those of their worlds
    origins : where each was written
    means : label of `provision` -> what it stands for in the area; without it kinds of place are the same only where
        they are written alike
    """
    said = [
        _Said(change.kind, origin, tuple(on_labels(claim, means) for claim in change.claims()))
        for change, origin in zip(changes, origins, strict=True)
    ]
    pairs = [_clash(one, other) for one, other in combinations(said, 2)]
    return [*(fault for fault in pairs if fault), *_beyond_all(said)]


def at_odds(one: str, mine: Claim, other: str, theirs: Claim) -> bool:
    """Whether a claim of a lever of one kind and one of another kind mean one cell in different ways."""
    return (one == other or How.VALUE in {mine.how, theirs.how}) and mine.meets(theirs)


def _clash(first: _Said, second: _Said) -> Fault | None:
    """What two changes mean differently; None where both can hold."""
    both = product(first.claims, second.claims)
    met = [(mine, theirs) for mine, theirs in both if at_odds(first.kind, mine, second.kind, theirs)]
    if not met:
        return None
    twice = "acts once more" if first.kind == second.kind else "acts too"
    shared = "; ".join(dict.fromkeys(_shared(mine, theirs) for mine, theirs in met))
    return second.origin.fault(
        f"{second.kind} {twice} on what {first} acts on: {shared}",
        _REMEDY.format(axes=_by(claim for pair in met for claim in pair)),
    )


def _beyond_all(said: Sequence[_Said]) -> list[Fault]:
    """Shares, of different kinds of change, of which more than all together would be sent from one cell."""
    held = [_Sent(each, claim, claim.share) for each in said for claim in each.claims if claim.share is not None]
    faults = []
    for at, sent in enumerate(held):
        before = [rival for rival in held[:at] if rival.said.kind != sent.said.kind]
        most = _most_at_once(sent.claim, before)
        together = sent.share + sum(rival.share for rival in most)
        if most and together > 1 + _ROUNDING:
            others = " and ".join(dict.fromkeys(str(rival.said) for rival in most))
            cell = _shared(sent.claim, most[0].claim)
            what = f"with {others} it comes to {together:.0%} of one thing, more than all: {cell}"
            faults.append(sent.said.origin.fault(what, _TOO_MUCH.format(axes=_by([sent.claim]))))
    return faults


def _most_at_once(cell: Claim, rivals: Sequence[_Sent]) -> list[_Sent]:
    """Of shares sent elsewhere, those that come to most together in any one cell and year of `cell`."""
    found: list[list[_Sent]] = [[]]
    for at, rival in enumerate(rivals):
        if common := cell.shared(rival.claim):
            found.append([rival, *_most_at_once(common, rivals[at + 1 :])])
    return max(found, key=lambda some: sum(rival.share for rival in some))


def _shared(one: Claim, other: Claim) -> str:
    """What both act on, in which cells and years, in words."""
    both = one.shared(other) or one
    cells = {axis: labels for axis, labels in both.cells.items() if axis != STAGE and any(labels)}
    until = f" to {academic_year(both.last)}" if both.last is not None else " on"
    return ", ".join(filter(None, (one.what, said_of_cells(cells), f"from {academic_year(both.first)}{until}")))


def _by(claims: Iterable[Claim]) -> str:
    """What the changes could be confined by, in words."""
    some = [*claims]
    axes = [axis for claim in some for axis in claim.by] + [axis for claim in some for axis in claim.cells]
    called = {
        "district": "districts",
        "need": "needs",
        "nc_year": "year groups",
        "provision": "kinds of place",
        KINDS: "kinds of place",
        "key_stage": "key stages",
        "reason": "reasons",
        "setting": "settings",
        "tier": "tiers",
    }
    return ", ".join(dict.fromkeys(called[axis] for axis in axes if axis in called))
