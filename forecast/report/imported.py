"""What an import read and what it changed, for the terminal: counts and sentences, nothing of a child."""

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.inputs.append import Changes
from forecast.inputs.count_said import numbered
from forecast.inputs.counts import Summary
from forecast.records.counted import said
from forecast.records.importing import Imported
from forecast.report.checks_return import ReturnReport, return_report
from forecast.report.checks_show import LOW, score_of, show_fixes


def show_counts(read: Summary, changes: Changes | None, screen: Console) -> None:
    """What was read of a council's table of counts, and what became of each January."""
    named = ", ".join(f"{axis} from {heading!r}" for axis, heading in read.headings.items())
    screen.print(f"{read.file}: {numbered(read.counts, 'count')} ({named}).", soft_wrap=True, markup=False)
    for year, children in read.known.items():
        known = numbered(children, "child", "children")
        screen.print(f"January {year}: {known} in the counts that are known.")
    if read.hidden:
        ranges = "taken as a range" if read.hidden == 1 else "taken as ranges"
        screen.print(f"{numbered(read.hidden, 'count is', 'counts are')} hidden, and {ranges}.")
    if read.unknown:
        screen.print(f"Of {numbered(read.unknown, 'count')} nothing is known.")
    for sentence in read.said:
        screen.print(f"- {sentence}", soft_wrap=True, markup=False)
    _show_changes(changes, screen)


def show_records(made: Imported, screen: Console) -> None:
    """What was counted in returns, what the fixes did, what the checks say in all, and what became of each January."""
    show_fixes(made.applied, screen)
    screen.print(_table("Children counted", said(made.summary)))
    report = return_report(made.area.about.name, made.checked.counts, confidential=made.area.about.confidential)
    if report is not None:
        _show_scores(report, screen)
    _show_changes(made.changes, screen)
    for year in made.unlinked:
        screen.print(
            f"January {year} has no moves, though January {year - 1} is there: import both returns at once, with "
            "--replace, to count them.",
            soft_wrap=True,
        )
    for sentence in made.said:
        screen.print(sentence, soft_wrap=True, markup=False)
    for sentence in (*made.warned, *_low(report)):
        screen.print(f"WARNING: {sentence}", style="bold", soft_wrap=True, markup=False)


def _show_scores(report: ReturnReport, screen: Console) -> None:
    """The score of every census, and how much there is to look at in the latest."""
    for one in report.trend:
        screen.print(score_of(one), soft_wrap=True)
    found = len(report.findings)
    checks = "1 check" if found == 1 else f"{found} checks"
    screen.print(f"{checks} found something in the latest: forecast check says what.", soft_wrap=True)


def _low(report: ReturnReport | None) -> tuple[str, ...]:
    """What to do before an area of poor returns is used."""
    low = [one for one in report.trend if one.score is not None and one.score < LOW] if report else []
    named = ", ".join(f"January {one.census}" for one in low)
    return (f"{named} scores below {LOW:.0f} of 100: look at forecast check before you use this area.",) if low else ()


def _show_changes(changes: Changes | None, screen: Console) -> None:
    """What became of each January of an area that was there."""
    if changes is None:
        return
    became = {"Added": changes.added, "Counted anew": changes.replaced, "Kept as it was": changes.kept}
    for done, years in became.items():
        if years:
            screen.print(f"{done}: {', '.join(f'January {year}' for year in years)}.")
    if changes.elsewhere:
        screen.print(
            f"(Of its children {changes.elsewhere:,} are counted elsewhere now; the count that is there stands.)"
        )
    if not changes.children.empty:
        screen.print(_table("Children, before and after", _beside(changes.children)))


def _beside(children: pd.DataFrame) -> pd.DataFrame:
    """Children by provision, before (where there was a count) and after, the Januaries beside each other."""
    parts = {
        f"January {year}, {when}": rows.set_index("provision")[when]
        for year, rows in children.groupby("year")
        for when in ("before", "after")
    }
    return pd.DataFrame(parts).dropna(axis=1, how="all")


def _table(title: str, figures: pd.DataFrame) -> Table:
    """Figures with a line a row; what was not known is said."""
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    shown.add_column("")
    for column in figures.columns:
        shown.add_column(str(column), justify="right")
    for name, row in figures.iterrows():
        shown.add_row(str(name), *("not known" if pd.isna(cell) else f"{cell:,.0f}" for cell in row))
    return shown
