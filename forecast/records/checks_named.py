"""What a named check is, how much a fault that it finds harms the forecast, and where its rule comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from forecast.records.checks_seen import Rows, Seen


@dataclass(frozen=True)
class Harm:
    """What a fault does to the forecast; the weights are this program's convention and no measurement."""

    weight: float
    """Part of a child, 0 to 1, that the score takes off."""
    why: str
    """The reason for the weight."""


MISCOUNTED: Final = Harm(1.0, "the child is left out, or is counted though it should not be")
"""A whole child is wrong."""
MISPLACED: Final = Harm(0.5, "the child is counted, but its placement, need or year group may not be its own")
"""The total is right and its parts are not."""
MISTIMED: Final = Harm(0.2, "the child is in its place, but its start, leaving, move, request or district may be wrong")
"""The stock is right and the rates learned from it are less so."""
HARMLESS: Final = Harm(0.0, "the forecast uses nothing that it touches")
"""Reported for the sake of the return."""
HARMS: Final = (MISCOUNTED, MISPLACED, MISTIMED, HARMLESS)
"""Every harm, the gravest first."""


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong with a record of a return."""

    name: str
    """Stable name, in snake case: what checks.csv and the faults file call it."""
    title: str
    """What is wrong, as a plain phrase."""
    meaning: str
    """When a record is found, in one sentence."""
    effect: str
    """What it does to the forecast."""
    remedy: str
    """What to do about it."""
    harm: Harm
    modules: tuple[str, ...]
    """Modules of `filed.PARENTS` whose records it looks at, one by one."""
    fields: tuple[str, ...]
    """Fields to look at, those of them that the module has."""
    source: str
    """Where the rule comes from."""
    find: Callable[[Seen, str], Rows]
    """From a return and a module, whether each of its records is at fault."""
    needs_schools: bool = False
    """Whether it needs the extract of establishments."""


WITAN: Final = (
    "witan.sen2 (public reader of the return), src/witan/sen2/return/person_level/blade/plans_placements.clj, checks"
)
"""The checks of the other public program that reads this return; rules only, no code."""
GUIDE: Final = "DfE's guide to the person-level SEN2 return 2025 v1.4, items {}, quoted by witan.sen2's dictionary.clj"
"""DfE's guide, of which only what others quote could be found."""
DECISION: Final = (
    "Special Educational Needs and Disability Regulations 2014, regulations 5 (decision within 6 weeks of the request)"
    " and 13(2) (final plan within 20 weeks)"
)
"""The statutory time limits."""
DATES: Final = "the order of the dates themselves"
"""No rule but that one thing comes before another."""
LINKS: Final = "the structure of the return: every record belongs to one of the module above it"
"""The layout of `data/reference/sen2_return.csv`."""
CODES: Final = "the codes of data/reference/sen2_codes.csv, each with its source there"
"""The code lists that ship."""
REGISTER: Final = "the extract of Get Information about Schools that was given"
"""The register of establishments."""
