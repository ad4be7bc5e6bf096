"""Year groups as a question writes them: two of them, one, or the name of a phase or a key stage."""

import re
from typing import Final

from forecast.domain import KEY_STAGES, PHASES, KeyStage, Phase
from forecast.errors import Fault
from forecast.inputs.faults import shown

QUESTION: Final = "The question"
"""Where a fault of a question is said to be."""
_SPAN: Final = re.compile(r"(-?\d{1,2})\s*\.\.\s*(-?\d{1,2})")


def span_of(written: str) -> tuple[int, int] | None:
    """First and last year group of "-1..14", of one year group, of a phase or a key stage; None where it is none."""
    words = written.strip().casefold()
    if words in set(Phase):
        years = PHASES[Phase(words)]
        return years[0], years[-1]
    if words in set(KeyStage):
        years = KEY_STAGES[KeyStage(words)]
        return years[0], years[-1]
    if found := _SPAN.fullmatch(words):
        return int(found[1]), int(found[2])
    return (int(words), int(words)) if re.fullmatch(r"-?\d{1,2}", words) else None


def unreadable(written: str) -> Fault:
    """What is said of year groups that cannot be read."""
    remedy = f"write them as -1..14 (Reception is 0), or a phase or key stage: {', '.join([*Phase, *KeyStage])}"
    return Fault(QUESTION, 0, "ages", f"{shown(written)} are no year groups", remedy)
