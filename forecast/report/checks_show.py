"""The page of a return's checks in words, for the terminal."""

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from forecast.domain import academic_year
from forecast.records.fixes import Applied
from forecast.report.checks_return import BY_NAME, ReturnReport, Trend
from forecast.report.phrases import MARKING, capped

_PLAIN: Final[dict[str, Any]] = {"box": None, "pad_edge": False, "padding": (0, 2, 0, 0)}
_TRENDS: Final = 6
"""Censuses that fit beside each other."""
_ROWS: Final = 20
"""Rows of a fix file that are named."""
GOOD: Final = 90.0
"""Score below which a census is named with its worst check: one child in ten is wrong. A judgement."""
LOW: Final = 70.0
"""Score below which an import warns: more than one child in four is wrong in some part. A judgement."""


def show_checked(report: ReturnReport, applied: Sequence[Applied], screen: Console) -> None:
    """Print what was found in returns that were not imported, and what became of the fixes."""
    if report.confidential:
        screen.print(MARKING, soft_wrap=True)
    show_fixes(applied, screen)
    show_return(report, screen)


def show_fixes(applied: Sequence[Applied], screen: Console) -> None:
    """Print what became of the fixes of each census."""
    for one in applied:
        rows = ", ".join(map(str, one.left[:_ROWS])) + (", ..." if len(one.left) > _ROWS else "")
        where = f" Left out of the fix file: {'row' if len(one.left) == 1 else 'rows'} {rows}." if one.left else ""
        if one.absent:
            said = f"{one.absent:,} left out, as no return of that January was given."
        else:
            said = (
                f"{one.applied:,} applied; left out: {one.changed:,} whose old value the return no longer has, "
                f"{one.unknown:,} whose record it does not have, or has twice."
            )
        screen.print(f"Fixes of January {one.census}: {said}{where}", soft_wrap=True)


def score_of(one: Trend) -> str:
    """The score of a return and, where it is below `GOOD`, the check that takes most off it."""
    if one.score is None:
        return f"The return of January {one.census} has no score, as there is no child in it."
    worst = BY_NAME[one.worst].title if one.score < GOOD and one.worst else ""
    why = f": most is lost to {worst!r}, {_children(one.found[one.worst])}" if worst else ""
    return f"The return of January {one.census} scores {one.score:.1f} of 100{why}."


def show_return(report: ReturnReport, screen: Console) -> None:
    """Print the page."""
    _show_title(report, screen)
    screen.print(report.formula, soft_wrap=True)
    faulty = f"{len(report.findings)} of {len(report.findings) + report.clean} checks found a fault"
    screen.print(f"{faulty} among its {report.latest.children:,} children.", soft_wrap=True)
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


def _show_title(report: ReturnReport, screen: Console) -> None:
    """Name the latest return and its score, and every return of a low score with its worst check."""
    now, several = report.latest, len(report.trend) > 1
    scored = "has no score, as there is no child in it" if now.score is None else f"scores {now.score:.1f} of 100"
    which = f", the latest of {len(report.trend)}," if several else ""
    screen.print(f"{report.name}: the return of January {now.census}{which} {scored}.", style="bold")
    if several:
        screen.print("This page is of that return; the scores of the others stand in the trend at its end.")
        for one in report.trend:
            if one.score is not None and one.score < GOOD:
                screen.print(score_of(one), soft_wrap=True)


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
