"""What the named checks of a person-level return found, as one page: a score, each fault and its remedy, the trend."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.records.checks import CHECKS, Checked, run_checks
from forecast.records.checks_named import Check
from forecast.records.checks_score import CHILDREN_OF, FORMULA, GRAVEST_OF, TOTAL, score
from forecast.records.establishments import read_establishments
from forecast.records.filed import is_invented
from forecast.records.fixes import Applied, apply_fixes, of_no_return, read_fixes
from forecast.records.read import read_returns

BY_NAME: Final[Mapping[str, Check]] = {check.name: check for check in CHECKS}
WEIGHTS: Final[Mapping[str, float]] = {check.name: check.harm.weight for check in CHECKS}


@dataclass(frozen=True)
class Finding:
    """What one check found in the latest return."""

    name: str
    title: str
    children: int
    """Children of whom it found a record."""
    rows: int
    """Records that it found."""
    meaning: str
    effect: str
    remedy: str
    weight: float
    why: str
    source: str


@dataclass(frozen=True)
class Trend:
    """One return in brief."""

    census: int
    children: int
    """Children in the return."""
    score: float | None
    """0 to 100; None for a return without children."""
    found: Mapping[str, int]
    """Check that was run -> children of whom it found a record."""

    @property
    def worst(self) -> str:
        """The check that takes most off the score: by weight times children; "" where none takes anything off."""
        lost = {name: WEIGHTS[name] * children for name, children in self.found.items()}
        name = max(lost, key=lambda name: lost[name], default="")
        return name if name and lost[name] else ""


@dataclass(frozen=True)
class ReturnReport:
    """The page."""

    name: str
    """The area, or the returns that were read."""
    formula: str
    """What the score is."""
    findings: tuple[Finding, ...]
    """Of the latest return, the most harmful first: by weight times children, then by children."""
    clean: int
    """Checks that found nothing in it."""
    not_run: tuple[str, ...]
    """Titles of the checks that were not run on it."""
    trend: tuple[Trend, ...]
    """Every return, the latest last."""
    confidential: bool
    """Whether the children are real, so that the page is for the council only."""

    @property
    def latest(self) -> Trend:
        """The latest return."""
        return self.trend[-1]


def return_report(name: str, counts: pd.DataFrame, *, confidential: bool) -> ReturnReport | None:
    """The page of what checks.csv keeps; None where it keeps nothing.

    Parameters
    ----------
    counts : year, check, rows, as `Checked.counts`

    Raises
    ------
    UnknownLabel
        The file has a check that this program does not know.
    """
    return None if counts.empty else _report(name, counts, confidential=confidential)


def check_returns(
    returns: list[Path], establishments: Path | None, fixes: Path | None = None, district: str | None = None
) -> tuple[ReturnReport, Checked, tuple[Applied, ...]]:
    """Read returns and check them, without importing anything.

    Parameters
    ----------
    returns : one a census, in any form that `read_return` knows
    establishments : extract from Get Information about Schools; None leaves out the checks that need it
    fixes : fix file to put into the returns first
    district : column of the module person that says the district

    Returns
    -------
    report : the page
    checked : the records found, for `write_faults`
    applied : what became of the fixes, a census each, those of no return that was given among them

    Raises
    ------
    ForecastError
        Anything that is wrong with the form of what is given.
    """
    if not returns:
        raise InputFaults([Fault("--return", 0, "", "names no return", "give at least one")])
    schools = read_establishments(establishments) if establishments else None
    mending = read_fixes(fixes) if fixes else None
    read = read_returns(returns, district)
    mended = [apply_fixes(filed, mending) for filed in read] if mending else []
    checked = run_checks([filed for filed, _ in mended] if mending else read, schools)
    invented = all(is_invented(filed) for filed in read)
    name = ", ".join(path.name for path in returns) + (" (synthetic)" if invented else "")
    report = _report(name, checked.counts, confidential=not invented)
    unused = of_no_return(mending, [filed.census for filed in read]) if mending else ()
    return report, checked, (*(applied for _, applied in mended), *unused)


def as_plain(report: ReturnReport) -> dict[str, object]:
    """The page as plain values for JSON."""
    return {"census": report.latest.census, "score": report.latest.score, **asdict(report)}


def as_json(report: ReturnReport) -> str:
    """The page for a script."""
    return json.dumps(as_plain(report), ensure_ascii=False, indent=1)


def _report(name: str, counts: pd.DataFrame, *, confidential: bool) -> ReturnReport:
    years = sorted(int(year) for year in counts["year"].unique())
    by_year = {year: counts[counts["year"].eq(year)].set_index("check")["rows"] for year in years}
    for rows in by_year.values():
        _refuse_unknown(rows)
    last = by_year[years[-1]]
    run = [check for check in CHECKS if check.name in last]
    findings = [_finding(check, last) for check in run if last[check.name]]
    return ReturnReport(
        name=name,
        formula=FORMULA,
        findings=tuple(sorted(findings, key=lambda one: (-one.weight * one.children, -one.children, one.name))),
        clean=len(run) - len(findings),
        not_run=tuple(check.title for check in CHECKS if check.name not in last),
        trend=tuple(_trend(year, rows) for year, rows in by_year.items()),
        confidential=confidential,
    )


def _refuse_unknown(rows: "pd.Series[int]") -> None:
    known = {TOTAL, *(form.format(name) for name in BY_NAME for form in ("{}", CHILDREN_OF, GRAVEST_OF))}
    for name in rows.index:
        if name not in known:
            raise UnknownLabel("check", str(name), BY_NAME)


def _finding(check: Check, rows: "pd.Series[int]") -> Finding:
    return Finding(
        name=check.name,
        title=check.title,
        children=int(rows[CHILDREN_OF.format(check.name)]),
        rows=int(rows[check.name]),
        meaning=check.meaning,
        effect=check.effect,
        remedy=check.remedy,
        weight=check.harm.weight,
        why=check.harm.why,
        source=check.source,
    )


def _trend(year: int, rows: "pd.Series[int]") -> Trend:
    found = {name: int(rows[CHILDREN_OF.format(name)]) for name in BY_NAME if name in rows}
    return Trend(census=year, children=int(rows.get(TOTAL, 0)), score=score(rows, WEIGHTS), found=found)
