"""An answer to a question of where or when to build: sentences, tables and what they rest on, shown or written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console

from forecast.decide.late import Late
from forecast.decide.site_run import Funded, Sited
from forecast.folders import keep_private, replaced
from forecast.inputs.about import About
from forecast.projection import Projection
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.late_words import late_notes, late_sentences, late_table
from forecast.report.phrases import MARKING, area_name
from forecast.report.portfolio_words import portfolio_notes, portfolio_sentences
from forecast.report.run_folder import SENSITIVE, as_text
from forecast.report.site_notes import site_notes
from forecast.report.site_tables import frontier_table, site_tables
from forecast.report.site_words import site_sentences
from forecast.report.size_folder import room
from forecast.report.terminal import bullets, heading
from forecast.report.words import notes
from forecast.settings import Settings

TEXT: Final = "answer.txt"
"""The file of an answer's sentences."""
RECORD: Final = "answer.json"
"""The file of the answer, its settings and its tables, for a script."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a command found."""

    about: About
    scenario: str
    settings: Settings
    said: Sequence[str]
    """The answer in reading order."""
    rests_on: Sequence[str]
    """What it rests on, and what it leaves out."""
    tables: Mapping[str, pd.DataFrame]
    """Name of a file -> its table."""


def answer_of_site(sited: Sited) -> Answer:
    """Where to build, and how big."""
    return _of(sited.projection, site_sentences(sited), site_notes(sited), site_tables(sited))


def answer_of_portfolio(funded: Funded) -> Answer:
    """Which projects to fund."""
    tables = {"frontier": frontier_table(funded)}
    return _of(funded.projection, portfolio_sentences(funded), portfolio_notes(funded), tables)


def answer_of_late(late: Late) -> Answer:
    """What it means that a school opens late."""
    about = late.about
    invented = ["The children are invented: no figure describes a real place."] if about.synthetic else []
    marked = [MARKING] if about.confidential else []
    rests_on = [*invented, *marked, *late_notes(late), *about.notes]
    return Answer(about, late.scenario, late.settings, late_sentences(late), rests_on, {"late": late_table(late)})


def show(answer: Answer, folder: Path | None, screen: Console) -> None:
    """Print an answer; its tables are in `folder`, where there is one."""
    if answer.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = answer.said
    screen.print(first, style="bold")
    bullets(screen, rest)
    heading(screen, "What these figures rest on")
    bullets(screen, [note for note in answer.rests_on if note != MARKING])
    if folder is None:
        screen.print("\nFor the tables behind this add --to FOLDER, or --json.")
    else:
        screen.print(f"\nThe answer and its tables are in\n{folder}", soft_wrap=True)


def as_json(answer: Answer) -> str:
    """The answer and its tables as JSON text, null where there is no number."""
    tables = {
        name: table.astype(object).where(table.notna(), None).to_dict("records")
        for name, table in answer.tables.items()
    }
    marking = SENSITIVE if answer.about.confidential else None
    told = {
        **_marks(answer),
        "marking": marking,
        "synthetic": answer.about.synthetic,
        "settings": answer.settings.model_dump(),
    }
    return json.dumps(
        {**told, "answer": list(answer.said), "rests_on": list(answer.rests_on), "tables": tables},
        ensure_ascii=False,
        allow_nan=False,
    )


def write(answer: Answer, folder: Path) -> Path:
    """Write an answer and its tables to a new folder, for its owner's eyes only if its figures are a council's own.

    Raises
    ------
    FolderThere, NoRoom
        The folder is there already, or cannot be made.
    """
    room(folder)
    with replaced(folder) as new:
        marked_first = [MARKING, ""] if answer.about.confidential else []
        rest = [note for note in answer.rests_on if note != MARKING]
        text = "\n".join([*marked_first, *answer.said, "", "What these figures rest on", *rest, OPEN_LICENCE])
        (new / TEXT).write_text(text + "\n", encoding="utf-8")
        (new / RECORD).write_text(as_json(answer) + "\n", encoding="utf-8")
        for name, table in answer.tables.items():
            marked = as_text(table.assign(**_marks(answer)))
            marked.to_csv(new / f"{name}.csv", index=False, float_format="%.10g", encoding="utf-8")
        if answer.about.confidential:
            keep_private(new)
    return folder


def _of(
    projection: Projection, said: Sequence[str], rests_on: Sequence[str], tables: Mapping[str, pd.DataFrame]
) -> Answer:
    every = list(dict.fromkeys([*rests_on, *notes(projection)]))
    return Answer(projection.about, projection.scenario, projection.settings, said, every, tables)


def _marks(answer: Answer) -> dict[str, str]:
    """What every table says of itself."""
    return {"area": area_name(answer.about), "scenario": answer.scenario}
