"""What `forecast diff` prints: the answer, then what was given, what moved, and what came against what was forecast."""

from typing import Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.domain import academic_year
from forecast.report.diff_summary import ALL_KINDS, nothing_moved, summary
from forecast.report.diff_words import figure, given_lines, names, no_outcome, notes, phase_name, worlds
from forecast.report.differences import ASSUMPTION, Differences
from forecast.report.phrases import FEW, Row, capped, census, count, signed
from forecast.report.tables import TOTALS
from forecast.report.terminal import LABEL, PLAIN, bullets, heading

MOVED: Final = 0.01
"""Share by which a rate must move to be printed; the JSON and the CSV have every one."""
OLDER, NEWER = "older run", "newer run"
FIGURE: Final = 25
"""Width of "12,556 (10,226 to 15,438)", so that every table's figures stand under each other."""


def show(found: Differences, screen: Console) -> None:
    """Print what moved between two runs of an area."""
    for sentence in summary(found):
        screen.print(sentence, style="bold")
    if nothing_moved(found):
        return
    heading(screen, "What the runs were given")
    bullets(screen, given_lines(found) or ["Both were given the same."])
    heading(screen, "Rates and assumptions")
    _show_rates(found, screen)
    heading(screen, "Children who need each kind of place")
    _show_results(found, screen)
    heading(screen, "What came, against what the older run forecast")
    _show_outcomes(found, screen)
    heading(screen, "How to read this")
    bullets(screen, notes(found))


def _show_rates(found: Differences, screen: Console) -> None:
    """A table a rate, of the lines that moved by at least `MOVED`."""
    table = found.rates
    assumed = table["rate"].str.startswith(ASSUMPTION)
    told = table[assumed | ~(table["change_share"].abs() < MOVED)]
    called = names(found)
    for (rate, unit), lines in told.groupby(["rate", "unit"], sort=False):
        grid = _table(f"{capped(str(rate))}{', ' if unit else ''}{unit}", [OLDER, NEWER, "change"])
        for row in lines.to_dict("records"):
            values = [_number(row["old"]), _number(row["new"]), _share(row["change_share"])]
            grid.add_row(called.get(row["of"], row["of"]), *values)
        screen.print(grid)
        screen.print()
    rest = len(table) - len(told)
    if table.empty:
        screen.print("None moved.")
    elif rest:
        screen.print(f"{rest} moved by less than {MOVED:.0%} and are left out here; --json and --out have them.")


def _show_results(found: Differences, screen: Console) -> None:
    """A table a kind of place, in the years of the newer run's tables that both runs have."""
    if (found.results["change"] == 0).all():
        screen.print("No figure moved." if len(found.results) else "The two runs have no year in common.")
        return
    screen.print(" ".join(worlds(found)) + "\n")
    years = set(found.new.manifest.table_years.values())
    table = found.results[found.results["year"].isin(years)]
    called, left_out = names(found), 0
    for provision, lines in _kinds(table):
        if not (lines[["old_p90", "new_p90"]] >= FEW).any(axis=None):
            left_out += 1
            continue
        grid = _table(capped(called.get(provision, provision)), [OLDER, NEWER, "change", "", "older range"], FIGURE)
        for row in lines.to_dict("records"):
            grid.add_row(_year(found, row["year"]), *_result(row))
        screen.print(grid)
        screen.print()
    if left_out:
        screen.print(f"Kinds of place that stay under {FEW} children are left out here; --json and --out have them.")


def _show_outcomes(found: Differences, screen: Console) -> None:
    """Kinds of place down, each with its phases; those that stay under `FEW` children are left out."""
    table = found.outcomes
    if table.empty:
        screen.print(no_outcome(found))
        return
    called = names(found)
    told = table[table[["census", "p90"]].max(axis="columns") >= FEW]
    grid = _table("", [census(found.new.base), OLDER, "difference", "came"])
    for provision, lines in _kinds(told):
        name = capped(called.get(provision, provision))
        whole_first = lines.sort_values("phase", key=lambda phase: phase != TOTALS["phase"], kind="stable")
        for row in whole_first.to_dict("records"):
            forecast = figure(row["mean"], row["p10"], row["p90"])
            label = name if row["phase"] == TOTALS["phase"] else f"  {phase_name(row['phase'])}"
            grid.add_row(label, count(row["census"]), forecast, signed(row["difference"]), row["where"])
    screen.print(grid)


def _kinds(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Lines of each kind of place, those of several kinds together first."""
    kinds = sorted(map(str, table["provision"].unique()), key=lambda label: label not in ALL_KINDS)
    return [(kind, table[table["provision"] == kind]) for kind in kinds]


def _result(row: Row) -> list[str]:
    """Both figures, the change, its share, and where the newer mean lies."""
    figures = [figure(row[side], row[f"{side}_p10"], row[f"{side}_p90"]) for side in ("old", "new")]
    if pd.isna(row["change"]):
        return [*figures, "", "", ""]
    if row["change"] == 0:
        return [*figures, "0", "", "as before"]
    share = _share(row["change_share"]) if abs(row["change"]) >= FEW else ""
    verdict = "inside" if row["inside_old_range"] else "outside"
    return [*figures, signed(row["change"]), share, f"{verdict}, may be luck" if row["may_be_luck"] else verdict]


def _year(found: Differences, year: int) -> str:
    return census(year) if year == found.new.base else academic_year(year)


def _number(value: float) -> str:
    return "none" if pd.isna(value) else f"{value:,.2f}"


def _share(value: float) -> str:
    return "" if pd.isna(value) else f"{value:+.1%}"


def _table(title: str, columns: list[str], width: int | None = None) -> Table:
    """A table whose columns of figures are at least `width` wide."""
    grid = Table(title=title or None, title_justify="left", title_style="bold", **PLAIN)
    grid.add_column("", min_width=LABEL)
    for name in columns:
        least = width if name in {OLDER, NEWER} else None
        grid.add_column(name, min_width=least, justify="left" if name in {"came", "older range"} else "right")
    return grid
