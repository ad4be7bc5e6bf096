"""An answer to a question of where or when to build: sentences, tables and what they rest on, shown or written."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console

from forecast.decide.late import Late
from forecast.decide.site_run import Funded, Sited
from forecast.folders import keep_private, replaced
from forecast.inputs.about import About
from forecast.projection import Projection
from forecast.report.charts import Figure, save_chart
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.late_words import late_notes, late_sentences, late_table
from forecast.report.phrases import MARKING, area_name
from forecast.report.portfolio_words import portfolio_notes, portfolio_sentences
from forecast.report.register_rows import REGISTER, register_of, registered
from forecast.report.run_folder import PROGRAM, SENSITIVE, as_text
from forecast.report.sections import Section, show_sections
from forecast.report.site_notes import site_notes
from forecast.report.site_tables import frontier_table, site_tables
from forecast.report.site_words import site_sentences
from forecast.report.size_folder import RECORD, room
from forecast.report.terminal import bullets, heading
from forecast.report.words import notes
from forecast.settings import Settings

TEXT: Final = "answer.txt"
"""The file of an answer's sentences."""
SCRIPT: Final = "answer.json"
"""The file of the answer, its settings and its tables, for a script."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a command found."""

    about: About
    question: Mapping[str, object]
    """The command, and what it was asked besides `settings` and `record`."""
    scenario: str
    world: str
    settings: Settings
    record: Mapping[str, object]
    """The scenario's changes and the assumptions used, as written."""
    digests: Mapping[str, str]
    """SHA-256 of the area's tables, of the England model, and of the files given."""
    said: Sequence[str]
    """The answer in reading order."""
    rests_on: Sequence[str]
    """What it rests on, and what it leaves out."""
    tables: Mapping[str, pd.DataFrame]
    """Name of a file -> its table."""
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """The same, of tables that go into a folder with the answer and are not printed: the register of assumptions."""
    figures: Sequence[Figure] = ()
    """Charts, which go into a folder with their tables."""
    shown: Sequence[Section] = ()
    """What a terminal shows besides, after the answer; the tables have it for others."""
    said_after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Heading -> sentences of the answer that stand under it, after what is shown."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What a script is told besides, such as whether an aim can be reached."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Name of a further file -> its text, which bears its own marking."""

    @property
    def sentences(self) -> list[str]:
        """All of the answer, in reading order."""
        return [*self.said, *chain.from_iterable(self.said_after.values())]


def answer_of_site(sited: Sited) -> Answer:
    """Where to build, and how big."""
    limits, given = sited.limits, sited.candidates.digests
    asked = {"command": "site", "year": sited.ground.year, "budget": _money(limits.budget), "most": limits.sites}
    return _of(sited.projection, asked, given, site_sentences(sited), site_notes(sited), site_tables(sited))


def answer_of_portfolio(funded: Funded) -> Answer:
    """Which projects to fund."""
    asked = {"command": "portfolio", "year": funded.ground.year, "budget": _money(funded.budget)}
    said, rests_on = portfolio_sentences(funded), portfolio_notes(funded)
    tables = {"frontier": frontier_table(funded)}
    return _of(funded.projection, asked, funded.candidates.digests, said, rests_on, tables)


def answer_of_late(late: Late) -> Answer:
    """What it means that a school opens late."""
    about = late.about
    invented = ["The children are invented: no figure describes a real place."] if about.synthetic else []
    marked = [MARKING] if about.confidential else []
    return Answer(
        about=about,
        question={"command": "late", "school": late.school.school, "months": late.months},
        scenario=late.scenario,
        world=late.world.words,
        settings=late.settings,
        record=late.record,
        digests=late.digests,
        said=late_sentences(late),
        rests_on=[*invented, *marked, *late_notes(late), *about.notes],
        tables={"late": late_table(late)},
        beside={REGISTER: registered(late.record, late.prices, late.settings.current_year)},
    )


def show(answer: Answer, folder: Path | None, screen: Console) -> None:
    """Print an answer; its tables are in `folder`, where there is one."""
    if answer.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = answer.said
    screen.print(first, style="bold")
    bullets(screen, rest)
    show_sections([*answer.shown, *(Section(words, said) for words, said in answer.said_after.items())], screen)
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
    return json.dumps(
        {**_told(answer), "answer": answer.sentences, "rests_on": list(answer.rests_on), "tables": tables},
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
        (new / SCRIPT).write_text(as_json(answer) + "\n", encoding="utf-8")  # first: it tells whose the folder is
        marked_first = [MARKING, ""] if answer.about.confidential else []
        rest = [note for note in answer.rests_on if note != MARKING]
        text = "\n".join([*marked_first, *answer.sentences, "", "What these figures rest on", *rest, OPEN_LICENCE])
        (new / TEXT).write_text(text + "\n", encoding="utf-8")
        for name, table in {**answer.tables, **answer.beside}.items():
            marked = as_text(table.assign(**_marks(answer)))
            marked.to_csv(new / f"{name}.csv", index=False, float_format="%.10g", encoding="utf-8")
        for name, written in answer.files.items():
            (new / name).write_text(written, encoding="utf-8")
        for figure in answer.figures:
            save_chart(figure.chart, new, figure.name)
        (new / RECORD).write_text(_record(answer, new), encoding="utf-8")
        if answer.about.confidential:
            keep_private(new)
    return folder


def _of(
    projection: Projection,
    question: Mapping[str, object],
    given: Mapping[str, str],
    said: Sequence[str],
    rests_on: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
) -> Answer:
    return Answer(
        about=projection.about,
        question=question,
        scenario=projection.scenario,
        world=projection.world.words,
        settings=projection.settings,
        record=projection.record,
        digests={**projection.digests, **given},
        said=said,
        rests_on=list(dict.fromkeys([*rests_on, *notes(projection)])),
        tables=tables,
        beside={REGISTER: register_of(projection)},
    )


def _money(budget: float) -> float | None:
    """A budget as JSON has it: none where there is no limit."""
    return budget if math.isfinite(budget) else None


def _marks(answer: Answer) -> dict[str, str]:
    """What every table says of itself."""
    marks = {"area": area_name(answer.about), "scenario": answer.scenario, "world": answer.world}
    return marks | ({"marking": SENSITIVE} if answer.about.confidential else {})


def _told(answer: Answer) -> dict[str, object]:
    """What the answer and its record both say."""
    return {
        **_marks(answer),
        "marking": SENSITIVE if answer.about.confidential else None,
        "kind": answer.about.kind,
        "synthetic": answer.about.synthetic,
        "latest_census": answer.about.latest_census,
        "question": dict(answer.question),
        "settings": answer.settings.model_dump(),
        **answer.facts,
    }


def _record(answer: Answer, folder: Path) -> str:
    """All that is needed to repeat the answer, and to check that its files are as written."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    told = {
        **_told(answer),
        "scenario_record": dict(answer.record),
        "inputs_sha256": dict(answer.digests),
        "created": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        "program": {PROGRAM: version(PROGRAM)},
        "files_sha256": files,
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
