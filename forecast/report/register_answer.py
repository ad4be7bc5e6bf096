"""The register of assumptions as an answer: what rests on judgement, what is overdue, and what a critic would ask."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from forecast.decide.challenges import Challenged
from forecast.projection import Projection
from forecast.report.answers import Answer
from forecast.report.challenge_words import challenge_sentences, challenge_tables
from forecast.report.register_rows import NO_DATE, OVERDUE, REGISTER, THIS_YEAR, register_of
from forecast.report.register_show import register_sections
from forecast.report.words import notes

MOST: Final = 12
"""Names that a sentence lists; the table has them all."""
FLAGGED: Final = "flagged"
"""Name of the table of what is unsupported or overdue."""
ASKED: Final = "What a critical friend would ask"
"""Heading of what each change brings, and of the challenges."""
_BY_LEAVING_OUT: Final = (
    "The effect of a change is found by leaving it out and making all others, in the same futures on the same luck; "
    "effects of several changes need not add up to that of all."
)


def answer_of_assumptions(projection: Projection, found: Challenged, year: int, *, all_files: bool = False) -> Answer:
    """The answer to `forecast assumptions`.

    Parameters
    ----------
    found : the scenario, challenged
    year : January that effects are told of
    all_files : whether a terminal shows the long files of assumptions too
    """
    register = register_of(projection)
    asked = challenge_sentences(projection.about, found, year) if found.scenario.changes or found.challenges else []
    return Answer(
        about=projection.about,
        question={"command": "assumptions", "year": year},
        scenario=projection.scenario,
        world=projection.world.words,
        settings=projection.settings,
        record=projection.record,
        digests=projection.digests,
        said=register_sentences(register),
        rests_on=[*([_BY_LEAVING_OUT] if found.effects else []), *notes(projection)],
        tables={REGISTER: register, FLAGGED: flagged(register), **challenge_tables(projection.about, found)},
        shown=register_sections(register, all_files=all_files),
        said_after={ASKED: asked} if asked else {},
    )


def flagged(register: pd.DataFrame) -> pd.DataFrame:
    """What nothing but judgement stands behind, and what should have been looked at again: the same columns."""
    return register[~register["supported"] | register["due"].eq(OVERDUE)].reset_index(drop=True)


def register_sentences(register: pd.DataFrame) -> list[str]:
    """How many there are, which are judgement, which are overdue, and which nobody looks after.

    Parameters
    ----------
    register : columns of `register_rows.COLUMNS`
    """
    judged = register[~register["supported"]]
    files = ", ".join(f"{len(rows)} in {file}" for file, rows in judged.groupby("written_in", sort=False))
    nothing_but = f"judgement ({files})" if files else "judgement"
    first = (
        f"{len(register)} assumptions stand behind these figures; behind {len(judged)} of them is only {nothing_but}."
    )
    said = [first]
    overdue, soon = (register.loc[register["due"].eq(when), "name"].tolist() for when in (OVERDUE, THIS_YEAR))
    said += [f"Overdue to be looked at again: {_listed(overdue)}."] if overdue else []
    said += [f"To be looked at again in this school year: {_listed(soon)}."] if soon else []
    undated = int(register["due"].eq(NO_DATE).sum())
    return [*said, f"{undated} have no owner named or no day set to look at them again."] if undated else said


def _listed(names: Sequence[str]) -> str:
    rest = f", and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + rest
