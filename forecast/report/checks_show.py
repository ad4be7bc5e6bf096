"""The page of a return's checks in words, for the terminal."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from forecast.domain import academic_year
from forecast.records.fixes import Applied
from forecast.report.checks_return import BY_NAME, ReturnReport
from forecast.report.phrases import MARKING, capped

_PLAIN: Final[dict[str, Any]] = {"box": None, "pad_edge": False, "padding": (0, 2, 0, 0)}
_TRENDS: Final = 6
"""Censuses that fit beside each other."""


def show_checked(report: ReturnReport, applied: Sequence[Applied], screen: Console) -> None:
    """Print what was found in returns that were not imported, and what became of the fixes."""
    if report.confidential:
        screen.print(MARKING, soft_wrap=True)
    for one in applied:
        screen.print(
            f"Fixes of January {one.census}: {one.applied:,} applied; left out: {one.changed:,} whose old value the "
            f"return no longer has, {one.unknown:,} whose record it does not have, or has twice.",
            soft_wrap=True,
        )
    show_return(report, screen)


def show_return(report: ReturnReport, screen: Console) -> None:
    """Print the page."""
    now = report.latest
    scored = "has no score, as there is no child in it" if now.score is None else f"scores {now.score:.1f} of 100"
    screen.print(f"{report.name}: the return of January {now.census} {scored}.", style="bold")
    screen.print(report.formula, soft_wrap=True)
    faulty = f"{len(report.findings)} of {len(report.findings) + report.clean} checks found a fault"
    screen.print(f"{faulty} among its {now.children:,} children.", soft_wrap=True)
    for number, one in enumerate(report.findings, start=1):
        screen.print(f"\n{number}. {capped(one.title)}: {_children(one.children)}, {_records(one.rows)}", style="bold")
        screen.print(f"   Meaning: {one.meaning}", soft_wrap=True)
        screen.print(f"   Effect on the forecast: {one.effect}", soft_wrap=True)
        screen.print(f"   Remedy: {one.remedy}", soft_wrap=True)
        screen.print(f"   Weight in the score: {one.weight:g}, since {one.why}. Check: {one.name}.", soft_wrap=True)
    if report.not_run:
        screen.print("\nNot run, for want of the extract of establishments", style="bold")
        screen.print("; ".join(report.not_run) + ".", soft_wrap=True)
    if len(report.trend) > 1:
        _show_trend(report, screen)


def _show_trend(report: ReturnReport, screen: Console) -> None:
    """Children by census of every check that found any in one of the latest few."""
    shown = report.trend[-_TRENDS:]
    table = Table(**_PLAIN)
    table.add_column("Children at each census")
    for one in shown:
        table.add_column(academic_year(one.census), justify="right")
    table.add_row("Score", *("none" if one.score is None else f"{one.score:.1f}" for one in shown))
    table.add_row("Children in the return", *(f"{one.children:,}" for one in shown))
    latest = [one.name for one in report.findings]
    names = [*latest, *(name for name in BY_NAME if name not in latest and any(one.found.get(name) for one in shown))]
    for name in names:
        counts = ("not run" if name not in one.found else f"{one.found[name]:,}" for one in shown)
        table.add_row(capped(BY_NAME[name].title), *counts)
    screen.print()
    screen.print(table)


def _children(number: int) -> str:
    return "1 child" if number == 1 else f"{number:,} children"


def _records(number: int) -> str:
    return "1 record" if number == 1 else f"{number:,} records"
