"""What `forecast compare` prints: the answer, a table of the year asked about, and what it rests on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.decide.compare import Compared
from forecast.decide.measures import ALL_PAYERS, ALL_PLANS, ALL_SPECIALIST, AP_SCHOOLS, RESIDENTS, Measure
from forecast.decide.why import Why
from forecast.domain import academic_year
from forecast.report.compare_notes import comparison_notes
from forecast.report.compare_phrases import shown, shown_change
from forecast.report.compare_tables import Tables
from forecast.report.compare_why import show_why
from forecast.report.compare_words import kind_words, sentences, special_label
from forecast.report.glossary import explained
from forecast.report.phrases import MARKING, RANGE, area_name, capped
from forecast.report.run_folder import SENSITIVE
from forecast.report.terminal import CELL, LABEL, PLAIN, bullets, heading
from forecast.scenario.spending import Payer

COLUMNS: Final = 3
"""Scenarios that stand beside each other in one table of a screen."""
LINES: Final = {
    (Measure.CHILDREN, ALL_SPECIALIST): "children in specialist places of every kind",
    (Measure.CHILDREN, ALL_PLANS): "children with a plan",
    (Measure.RATE, RESIDENTS): "special school rate of residents",
    (Measure.ABOVE_ENGLAND, RESIDENTS): "children compared with England's rate",
    (Measure.SHORT, ALL_SPECIALIST): "children without a specialist place",
    (Measure.MORE, ALL_SPECIALIST): "children with a plan beyond the places filled now and opened since",
    (Measure.WITHOUT_PLAN, AP_SCHOOLS): "children without a plan in AP schools, in the fullest month",
    (Measure.AP_PLACES, AP_SCHOOLS): "places in AP schools with headroom, with and without a plan",
    (Measure.AP_MORE, AP_SCHOOLS): "children with or without a plan beyond the AP school places filled now",
    (Measure.PLACES, ALL_SPECIALIST): "specialist places",
    (Measure.OPENED, ALL_SPECIALIST): "specialist places opened since the census",
    **{(Measure.POUNDS, payer.value): f"pounds: {payer.value}" for payer in Payer},
    (Measure.POUNDS, ALL_PAYERS): "pounds: all payers",
}
"""Measure and what it is of -> the line's name, in the order of the table; state special schools come before these."""


def show(
    found: Compared, tables: Tables, year: int, folder: Path | None, screen: Console, why: Sequence[Why] = ()
) -> None:
    """Print the answer.

    Parameters
    ----------
    year : January that is asked about
    folder : where the files are; None where none were written
    why : why each differs from the first
    """
    if found.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = sentences(found, tables, year)
    screen.print(first, style="bold")
    bullets(screen, rest)
    heading(screen, f"{area_name(found.about)} in {academic_year(year)}")
    screen.print(f"Under each number the difference from {found.names[0]}, and in brackets the range with {RANGE}.")
    for number, names in enumerate(blocks(found.names)):
        if number:
            screen.print()
        screen.print(side_by_side(found, tables, year, names))
    show_why(why, screen)
    heading(screen, "What these figures rest on")
    bullets(screen, [note for note in comparison_notes(found, tables) if note != MARKING])
    heading(screen, "Words")
    bullets(screen, [f"{word}: {meaning}" for word, meaning in explained(found.first).items()])
    if folder is None:
        screen.print("\nFor tables of every year and charts add --to FOLDER, or --json.")
    else:
        screen.print(f"\nThe answer, its tables and its charts are in\n{folder}", soft_wrap=True)


def blocks(names: Sequence[str]) -> list[list[str]]:
    """Names of scenarios in blocks that a screen has room for, each beginning with the first, which all stand against.

    Parameters
    ----------
    names : two or more
    """
    first, *rest = names
    return [[first, *rest[at : at + COLUMNS - 1]] for at in range(0, len(rest), COLUMNS - 1)]


def side_by_side(found: Compared, tables: Tables, year: int, names: Sequence[str]) -> Table:
    """A line a figure, a column a scenario: the figure and, under it, how far it is from the first.

    Parameters
    ----------
    names : scenarios to show, the first of all before them
    """
    table = Table(**PLAIN)
    table.add_column("", min_width=LABEL)
    for name in names:
        table.add_column(name, justify="right", min_width=CELL)
    label = special_label(found)
    lines = {(Measure.CHILDREN, label): f"children in {kind_words(found, label)}"} | LINES
    figures = {name: tables.of(name, year) for name in names}
    changed = {name: tables.changed(name, year) for name in names[1:]}
    for key, words in lines.items():
        if all(key in figures[name] for name in names):
            cells = [shown(figures[name][key]) for name in names]
            under = [shown_change(changed[name][key]) if key in changed[name] else "" for name in names[1:]]
            rows = [f"{cell}\n{change}" for cell, change in zip(cells[1:], under, strict=True)]
            table.add_row(capped(words), cells[0], *rows)
    return table


def as_json(found: Compared, tables: Tables, year: int) -> str:
    """The answer and its tables as JSON text, null where there is no number."""
    written = {name: _records(table) for name, table in tables.written.items()}
    told = {
        **record(found, year),
        "answer": sentences(found, tables, year),
        "rests_on": comparison_notes(found, tables),
        "tables": written,
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def record(found: Compared, year: int) -> dict[str, object]:
    """What was asked, of which area, and under which scenarios as written."""
    about = found.about
    return {
        "area": area_name(about),
        "kind": about.kind,
        "synthetic": about.synthetic,
        "marking": SENSITIVE if about.confidential else None,
        "latest_census": about.latest_census,
        "question": {"command": "compare", "scenarios": list(found.names), "year": year},
        "worlds": [projection.world.words for projection in found.projections],
        "settings": found.first.settings.model_dump(),
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of a table, None where there is no number."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in rows]
