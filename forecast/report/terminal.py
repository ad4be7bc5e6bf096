"""What `forecast run` prints: the answer, the table behind it, what it rests on, and where the files are.

It can be read aloud: no boxes, no bare symbols, and every number stands under the year it is for.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.domain import academic_year
from forecast.projection import Projection
from forecast.report.ap_show import ap_blocks
from forecast.report.ap_tables import AP, EVERYONE
from forecast.report.ap_words import ap_basis, ap_reading
from forecast.report.glossary import explained
from forecast.report.phrases import (
    FEW,
    MARKING,
    RANGE,
    Row,
    area_name,
    capped,
    census,
    chances_in_brief,
    change_words,
    condition,
    count,
    count_range,
    phase_words,
    provision_words,
)
from forecast.report.sufficiency_words import enough_reading, rules
from forecast.report.tables import CHANCE, CHILDREN, MORE, PLACES, SHORT, TOTALS, year_ahead
from forecast.report.waiting import waiting_reading
from forecast.report.words import MOST, headline, next_steps, notes, rates_reading

WIDTH: Final = 100
"""Columns where there is no terminal to ask."""
LABEL: Final = 12
"""Least width of the first column, so that every table's years stand under each other."""
CELL: Final = 14
"""Width of "2,384 to 3,120"."""
PLAIN: Final[Mapping[str, Any]] = {"box": None, "pad_edge": False, "padding": (0, 1, 0, 0)}
SHOWN: Final = (
    *("places", "sufficiency", "ratings", "needs_that_grow_most", "special_rates", "waiting", AP, EVERYONE, "labels"),
)
"""Tables that go into the JSON text, of those that there are; the run folder has them all."""
FILLED_BY_BOTH: Final = (
    "Places of alternative provision are filled by children without a plan too: what they are short by counts both."
)
"""Under tables of children with a plan, where places are the area's own and children without one are forecast."""
UNDER_ALL: Final = {MORE: "more", PLACES: "places", SHORT: "short by", CHANCE: "chance short"}
"""Measure -> label, in the order of the rows under all phases."""


def console(file: IO[str] | None = None) -> Console:
    """A console that colours only on a terminal, and takes text as it is."""
    made = Console(file=file, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = WIDTH
    return made


def show(
    projection: Projection, tables: Mapping[str, pd.DataFrame], folder: Path | None, screen: Console, area: str
) -> None:
    """Print the run.

    Parameters
    ----------
    tables : as from `all_tables`
    folder : where the files are; None where none were written
    area : as it was named on the command line
    """
    if projection.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    screen.print(headline(projection), style="bold")
    heading(screen, "Children who need specialist places")
    screen.print(
        f"Each number is what is expected; under it, the range with {RANGE}. "
        f'"more" is children more than in {census(projection.base)}.'
    )
    _show_places(projection, tables["places"], screen)
    if enough := enough_reading(projection, tables):
        heading(screen, "Are there enough places?")
        bullets(screen, [*enough, *rules(projection)])
    _show_needs(projection, tables["needs_that_grow_most"], screen)
    heading(screen, "Special school rate against England's")
    bullets(screen, rates_reading(projection, tables["special_rates"]))
    if reading := waiting_reading(projection):
        heading(screen, "Who waits for a plan")
        bullets(screen, reading)
    _show_ap(projection, tables, screen)
    heading(screen, "What these figures rest on")
    bullets(screen, notes(projection))
    heading(screen, "Words")
    bullets(screen, [f"{word}: {meaning}" for word, meaning in explained(projection).items()])
    if folder is not None:
        heading(screen, "Files")
        screen.print(f"Tables, charts, a summary and a manifest are in\n{folder}", soft_wrap=True)
    heading(screen, "What to do next")
    bullets(screen, next_steps(projection, area, folder))


def as_json(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> str:
    """The figures of `show`, in every year, for a script: JSON text, null where there is no number."""
    shown = {name: tables[name] for name in SHOWN if name in tables}
    records = {
        name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in shown.items()
    }
    return json.dumps(
        {
            "area": area_name(projection.about),
            "kind": projection.about.kind,
            "synthetic": projection.about.synthetic,
            "scenario": projection.scenario,
            "world": projection.world.words,
            "world_from": projection.world_from,
            "latest_census": projection.base,
            "table_years": projection.table_years,
            "headline": headline(projection),
            "notes": notes(projection),
            "tables": records,
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def _show_needs(projection: Projection, table: pd.DataFrame, screen: Console) -> None:
    """Needs that grow most in specialist places."""
    heading(screen, f"Needs that grow most in specialist places, {_span(projection)}")
    start = condition(projection, year_ahead(projection))
    screen.print(f"{capped(start) + '. ' if start else ''}In brackets the range with {RANGE}.")
    grown = table.head(2 * MOST).to_dict("records")
    bullets(screen, [f"{capped(projection.about.need_name(row['need']))}: {change_words(row)}" for row in grown])


def _show_ap(projection: Projection, tables: Mapping[str, pd.DataFrame], screen: Console) -> None:
    """Alternative provision; nothing where nothing is known of children without a plan there."""
    blocks = ap_blocks(projection, tables)
    if not blocks:
        return
    heading(screen, "Alternative provision")
    bullets(screen, ap_reading(projection))
    for block in blocks:
        screen.print()
        screen.print(block)
    screen.print()
    said = notes(projection)
    bullets(screen, [line for line in ap_basis(projection) if line not in said])


def _span(projection: Projection) -> str:
    return f"{census(projection.base)} to {academic_year(year_ahead(projection))}"


def heading(screen: Console, words: str) -> None:
    """Begin a part of what is printed."""
    screen.print()
    screen.print(words, style="bold")


def bullets(screen: Console, lines: list[str]) -> None:
    """Print sentences as a list."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for line in lines:
        grid.add_row("-", line)
    screen.print(grid)


def _show_places(projection: Projection, table: pd.DataFrame, screen: Console) -> None:
    """A table a kind of place, all of them first; phases that stay under FEW children are left out."""
    shown = table[table["year"].isin(projection.table_years.values())]
    total = TOTALS["provision"]
    left_out = False
    for provision in [total, *(label for label in shown["provision"].unique() if label != total)]:
        lines = shown[shown["provision"] == provision]
        name = total if provision == total else provision_words(projection.about, provision)
        screen.print()
        screen.print(_kind_of_place(projection, capped(name), lines))
        left_out |= len(_told(lines)) < lines["phase"].nunique()
    if projection.ap is not None and projection.short is not None:
        screen.print(f"\n{FILLED_BY_BOTH}")
    if left_out:
        screen.print(f"\nPhases that stay under {FEW} children are left out here; the tables have them.")


def _told(lines: pd.DataFrame) -> list[str]:
    """Phases worth a line, the sum over them first."""
    most = lines[lines["measure"] == CHILDREN].groupby("phase", sort=False)["p90"].max()
    total = TOTALS["phase"]
    return [total, *(phase for phase in most.index[most >= FEW] if phase != total)]


def _kind_of_place(projection: Projection, name: str, lines: pd.DataFrame) -> Table:
    """Phases down, years across; under all phases how many more, and the places there will be if known."""
    world = f" ({projection.in_world})" if projection.in_world else ""
    table = Table(title=f"{name}{world}", title_justify="left", title_style="bold", **PLAIN)
    table.add_column("", min_width=LABEL)
    columns = _columns(projection)
    for heading, year in columns.items():
        table.add_column(heading, justify="right", width=None if year == projection.base else CELL)
    for phase in _told(lines):
        of_phase = lines[lines["phase"] == phase]
        rows = {measure: of_phase[of_phase["measure"] == measure] for measure in (CHILDREN, *UNDER_ALL)}
        words = phase if phase == TOTALS["phase"] else phase_words(phase)
        for measure, label in {CHILDREN: words, **(UNDER_ALL if phase == TOTALS["phase"] else {})}.items():
            by_year = rows[measure].set_index("year").to_dict("index")
            if by_year:
                table.add_row(label, *(_cell(by_year[year]) for year in columns.values()))
    return table


def _columns(projection: Projection) -> dict[str, int]:
    """Heading -> January: the census by name, then school years with how far on they are."""
    years = projection.table_years
    ahead = {f"{academic_year(year)}\n{heading}": year for heading, year in years.items() if year != projection.base}
    return {f"{census(projection.base)}\n(start)": projection.base, **ahead}


def _cell(row: Row) -> str:
    """The number, and its range on a second line where it has one."""
    mean, low, high = row["mean"], row["p10"], row["p90"]
    if row["measure"] == CHANCE:
        return chances_in_brief(mean)
    if low == high or max(abs(low), abs(high)) < FEW:
        return count(mean)
    if row["measure"] == MORE:
        return f"{count(mean)}\n{round(low):,} to {round(high):,}"
    return f"{count(mean)}\n{count_range(low, high)}"
