"""The door: nothing is published but through it.

A council's own runs go in; tables come out in which no number of children from 1 to the threshold can be read or
worked out, whatever else of the runs is released with them and whatever is published of the authority elsewhere.
Writers take a `ReleasedTable`, which only this module makes, so that the type checker shows a leak.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, asdict, dataclass
from pathlib import Path
from typing import Final, cast

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.folders import keep_private, replaced
from forecast.inputs.cells import written
from forecast.report.ap_tables import AP
from forecast.report.door_about import about_text, marks
from forecast.report.door_ap import whole_area
from forecast.report.door_cells import PUBLISHED_BY_AUTHORITY
from forecast.report.door_lines import RATES
from forecast.report.door_pattern import Audit, Pattern, pattern
from forecast.report.door_read import Kept, read_kept
from forecast.report.door_rules import AUDIT, HIDDEN, Profile, applied, profile_named
from forecast.report.door_tables import growth_of_needs, modelled, shown_counts, shown_rates

GROWTH, BY_NEED, LABELS = "needs_that_grow_most", "places_by_need", "labels"
ABOUT: Final = "about.txt"
NAME: Final = 60
"""Characters of a scenario that go into the name of its folder."""
_KEY: Final = object()


@dataclass(frozen=True, eq=False)
class ReleasedTable:
    """A table that may be shown to whomever its profile is for."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    """Texts and numbers; `[c]` where a number is hidden, not a number where there is none."""
    profile: Profile
    key: InitVar[object]
    """Held by the door alone."""

    def __post_init__(self, key: object) -> None:
        """Raise `TypeError` for a table that did not come through the door."""
        if key is not _KEY:
            msg = "a ReleasedTable is made by forecast.report.door alone"
            raise TypeError(msg)


@dataclass(frozen=True, eq=False)
class Released:
    """What was published."""

    folder: Path
    profile: Profile
    """The rules applied: for an area of published figures, other ones than were asked for."""
    tables: Mapping[str, Sequence[ReleasedTable]]
    """Scenario -> its tables."""
    audit: Audit | None
    """None where the figures hold no count of children's own, or the profile hides nothing."""


def publish_runs(
    runs: Sequence[Path],
    to: Path,
    profile: str = "publication",
    known: Sequence[Sequence[str]] = PUBLISHED_BY_AUTHORITY,
) -> Released:
    """Release the tables of finished runs of one area at once, with one pattern of hidden cells.

    Parameters
    ----------
    runs : run folders, each of another scenario, made from the same inputs
    to : folder to write, which must not be there yet
    profile : internal, publication or strict; figures of an area of published ones are estimates under each
    known : axes (district, need, age, provision) by which totals of the latest census are published elsewhere

    Raises
    ------
    InputFaults
        No runs, damaged ones or ones that do not belong together; or the folder is there already.
    DoorShut, NotAudited
        A hidden number could be worked out, or it could not be found out whether.
    NotUnderstood
        What a table counts does not follow from its labels.
    UnknownLabel
        No such profile.
    """
    asked = profile_named(profile)
    if to.exists():
        raise InputFaults([Fault(str(to), 0, "", "it is there already", "name a folder that is not")])
    read = read_kept(runs)
    rules = applied(asked, read[0].run.manifest.kind)
    tables, audit = _released(read, rules, known)
    released = Released(to, rules, tables, audit)
    _write(released, read)
    return released


def write_released(table: ReleasedTable, folder: Path) -> Path:
    """Write a table as CSV (UTF-8) into `folder`; a text that begins like a formula gets an apostrophe."""
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([written(column) for column in table.columns])
        writer.writerows([[_cell(cell) for cell in row] for row in table.rows])
    return path


def folder_name(number: int, scenario: str) -> str:
    """Name of a scenario's folder, on every system: "1-baseline"."""
    words = "".join(letter if letter.isalnum() else " " for letter in scenario.lower()).split()
    return "-".join([str(number), *words])[:NAME]


def _cell(cell: str | float) -> str:
    return written(cell if isinstance(cell, str) or cell != cell else float(f"{cell:.10g}"))  # noqa: PLR0124 - NaN


def _released(
    runs: Sequence[Kept], profile: Profile, known: Sequence[Sequence[str]]
) -> tuple[Mapping[str, Sequence[ReleasedTable]], Audit | None]:
    if profile.few:
        whole = {run.scenario: {name: modelled(table) for name, table in _as_they_are(run).items()} for run in runs}
        return {run.scenario: _sealed(run, whole[run.scenario], profile) for run in runs}, None
    if not profile.threshold:
        return {run.scenario: _sealed(run, _as_they_are(run), profile) for run in runs}, None
    decided = pattern(runs, profile, known)
    return {
        run.scenario: _sealed(run, _guarded(run, decided, place, profile), profile) for place, run in enumerate(runs)
    }, decided.audit


def _as_they_are(run: Kept) -> Mapping[str, pd.DataFrame]:
    """Tables that are of children or of labels."""
    return {name: table for name, table in run.tables.items() if name in {GROWTH, RATES, LABELS} or "measure" in table}


def _guarded(run: Kept, decided: Pattern, place: int, profile: Profile) -> Mapping[str, pd.DataFrame]:
    """Tables of a run with what is hidden hidden; `place` is that of the run among those decided upon."""
    base = run.run.base
    few = decided.few_in_ap
    shown = {
        name: shown_counts(lines, decided.hidden, profile, base, few_in_ap=few)
        for name, lines in decided.lines[place].items()
    }
    if AP in run.tables and not few:
        shown[AP] = whole_area(run.tables[AP], profile)
    if GROWTH in run.tables and BY_NEED in shown:
        shown[GROWTH] = growth_of_needs(shown[BY_NEED], base, sorted(set(run.tables[GROWTH]["year"])))
    rate = decided.rates[place]
    if rate is not None:
        cell, children = rate
        hidden = bool(decided.hidden[cell])
        shown[RATES] = shown_rates(run.tables[RATES], children, hidden=hidden, profile=profile)
    if LABELS in run.tables:
        shown[LABELS] = run.tables[LABELS]
    return shown


def _sealed(run: Kept, tables: Mapping[str, pd.DataFrame], profile: Profile) -> Sequence[ReleasedTable]:
    """Tables with their marks."""
    sealed = []
    for name, table in tables.items():
        marked = table.assign(**marks(run, profile))
        rows = tuple(tuple(_plain(cell) for cell in row) for row in marked.astype(object).itertuples(index=False))
        sealed.append(ReleasedTable(name, tuple(map(str, marked.columns)), rows, profile, _KEY))
    return sealed


def _plain(cell: object) -> str | float:
    if isinstance(cell, str):
        return cell
    return float("nan") if pd.isna(cast("float", cell)) else float(cast("float", cell))


def _write(released: Released, runs: Sequence[Kept]) -> None:
    """Everything, beside the folder's name first and then under it; what says whose it is comes first."""
    released.folder.parent.mkdir(parents=True, exist_ok=True)
    with replaced(released.folder) as unfinished:
        (unfinished / AUDIT).write_text(_audit_text(released, runs), encoding="utf-8", newline="\n")
        for number, (scenario, tables) in enumerate(released.tables.items(), 1):
            folder = unfinished / folder_name(number, scenario)
            folder.mkdir()
            for table in tables:
                write_released(table, folder)
        names = {table.name for tables in released.tables.values() for table in tables}
        text = about_text(runs, released.profile, names, guarded=released.audit is not None)
        (unfinished / ABOUT).write_text(text, encoding="utf-8", newline="\n")
        if released.profile.watermark:
            keep_private(unfinished)


def _audit_text(released: Released, runs: Sequence[Kept]) -> str:
    """What was proved, as JSON: counts only."""
    hidden = {
        scenario: {table.name: sum(HIDDEN in row for row in table.rows) for table in tables}
        for scenario, tables in released.tables.items()
    }
    kind = runs[0].run.manifest.kind
    told = {
        "profile": released.profile.model_dump(),
        "area": runs[0].run.manifest.area,
        "kind": kind,
        "passed": True if released.audit else None,
        "said": _said_of(released, kind),
        "audit": asdict(released.audit) if released.audit else None,
        "rows_with_something_hidden": hidden,
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _said_of(released: Released, kind: str) -> str:
    """Whether the release was audited, and if not, why."""
    if released.profile.few:
        return f"Not audited: the figures are {kind} ones and what is modelled from them."
    if not released.audit:
        return "Not audited: this profile hides nothing."
    told = ", but for those that the Department's totals tell by themselves" if released.audit.told_elsewhere else ""
    return f"No hidden number of children could be worked out{told}."
