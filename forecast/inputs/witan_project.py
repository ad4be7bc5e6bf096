"""A witan.send project, checked: every transition says what it may, and every fault is named by its row.

A transition is one child at two Januaries, labelled by the first: `calendar-year` 2016 is January 2016 to
January 2017 (witan.send, `doc/dsdr/0003-transition-definition.md`). A joiner has `NONSEND` before, a leaver
after. `academic-year` is the year group: Reception is 0 (`src/clj/witan/send/domain/academic_years.clj`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import NC_YEARS
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import reserved
from forecast.inputs.faults import shown
from forecast.inputs.witan_files import Table, read_files

NOBODY: Final = ("NONSEND", "NON-SEND")
"""State of a child without a plan; the second is how older projects write it."""
_YOUNGEST, _OLDEST = NC_YEARS[0], NC_YEARS[-1]
_CORRECT: Final = "correct the row"


@dataclass(frozen=True)
class Project:
    """What a project says; tables are indexed by the line of each row."""

    transitions: pd.DataFrame
    """year (the first January); setting_, need_, nc_year_ and plan_ (if held), each of 1 (before) and 2 (after)."""
    population: pd.DataFrame
    """year (January), nc_year, people; year groups -4 to 20 only."""
    settings: tuple[str, ...]
    """As in `valid-states.csv`, or else in order of their names."""
    needs: tuple[str, ...]
    said: tuple[str, ...]
    """What each file holds, in counts: sentences."""
    unused: tuple[str, ...]
    """Scenario settings that are not taken over."""
    files: tuple[str, ...]
    """Names of the files read: transitions, population, and others that are there."""


@dataclass(frozen=True)
class _States:
    """`valid-states.csv`: where and when a setting takes whom."""

    table: pd.DataFrame
    """Indexed by setting: first, last (year groups), needs and to (sets of labels)."""
    needs: tuple[str, ...]


def read_project(folder: Path) -> Project:
    """Read a project's folder.

    Raises
    ------
    InputFaults
        Every fault of every file.
    """
    files = read_files(folder)
    faults: list[Fault] = []
    states = _states(files.tables["valid-states"], faults) if "valid-states" in files.tables else None
    transitions = _transitions(files.tables["transitions"], faults)
    faults += _broken(files.tables["transitions"], transitions, states)
    population, beyond = _population(files.tables["population"], transitions, faults)
    settings, needs = _labels(transitions, states)
    faults += _unfit([*settings, *needs])
    if faults:
        raise InputFaults(faults)
    said = [_of_transitions(files.tables["transitions"].file, transitions)]
    said.append(_of_population(files.tables["population"], beyond))
    if states is not None:
        file = files.tables["valid-states"].file
        said.append(f"{file}: {len(settings)} settings and {len(needs)} needs; no transition breaks it.")
    if (costs := files.tables.get("costs")) is not None:
        said.append(f"{costs.file}: {len(costs.cells):,} rows, not taken over: an area folder has no costs yet.")
    names = tuple(table.file for table in files.tables.values())
    return Project(transitions, population, settings, needs, tuple(said), files.unused, names)


def _states(table: Table, faults: list[Fault]) -> _States:
    setting = table.texts("setting", faults)
    twice = table.lines(setting.duplicated() & setting.notna())
    faults += table.faulty(twice, "setting", "has a row already", "keep one of the two")
    first, last = (table.wholes(f"{end}-academic-year", _YOUNGEST - 1, _OLDEST + 5, faults) for end in ("min", "max"))
    faults += table.faulty(table.lines(first > last), "max-academic-year", "is below min-academic-year", _CORRECT)
    needs, to = (table.texts(column, faults) for column in ("needs", "setting->setting"))
    frame = pd.DataFrame({"setting": setting, "first": first, "last": last, "needs": needs, "to": to}).dropna()
    frame = frame.assign(needs=_listed(frame["needs"]), to=_listed(frame["to"]))
    every = tuple(dict.fromkeys(need for row in frame["needs"] for need in row))
    return _States(frame.drop_duplicates("setting").set_index("setting"), every)


def _listed(texts: "pd.Series[str]") -> pd.Series:
    """Labels parted by commas, each once, in their order: a tuple a row."""
    labels = [tuple(dict.fromkeys(filter(None, map(str.strip, text.split(","))))) for text in texts]
    return pd.Series(labels, texts.index, dtype=object)


def _transitions(table: Table, faults: list[Fault]) -> pd.DataFrame:
    """Transitions as numbers and labels, but those with a cell that cannot be read, which have their fault."""
    found: dict[str, pd.Series] = {"year": table.wholes("calendar-year", 2010, 2099, faults)}
    for side in (1, 2):
        setting, need = (table.texts(f"{kind}-{side}", faults) for kind in ("setting", "need"))
        found |= {f"setting_{side}": setting, f"need_{side}": need}
        found[f"nc_year_{side}"] = table.wholes(f"academic-year-{side}", _YOUNGEST - 1, _OLDEST + 5, faults)
        found[f"plan_{side}"] = ~setting.isin(NOBODY)
    rows = pd.DataFrame(found).dropna()
    return rows.astype(dict.fromkeys(("year", "nc_year_1", "nc_year_2"), "int64"))


def _broken(table: Table, rows: pd.DataFrame, states: _States | None) -> Iterator[Fault]:
    """Transitions that no child can make, or that `valid-states.csv` rules out."""
    neither = table.lines(~rows["plan_1"] & ~rows["plan_2"])
    yield from table.faulty(neither, "", "has no plan at either January", "take the row out")
    older = table.lines(rows["nc_year_2"] != rows["nc_year_1"] + 1)
    yield from table.faulty(older, "academic-year-2", "is not one more than academic-year-1", _CORRECT)
    for side, who in ((1, "joiner"), (2, "leaver")):
        plan, need = rows[f"plan_{side}"], ~rows[f"need_{side}"].isin(NOBODY)
        half = table.lines(plan & ~need)
        yield from table.faulty(half, f"setting-{side}", f"a {who} without a need has a setting", _CORRECT)
        half = table.lines(~plan & need)
        yield from table.faulty(half, f"need-{side}", f"a {who} without a setting has a need", _CORRECT)
        outside = table.lines(plan & ~rows[f"nc_year_{side}"].between(_YOUNGEST, _OLDEST))
        what, remedy = (
            "holds a plan outside the ages of plans",
            f"write -4 to 20 ({_YOUNGEST} is age 0), or take it out",
        )
        yield from table.faulty(outside, f"academic-year-{side}", what, remedy)
        if states is not None:
            yield from _against_states(table, rows[plan & need], side, states)
    if states is not None:
        yield from _against_moves(table, rows[rows["plan_1"] & rows["plan_2"]], states.table)


def _against_states(table: Table, rows: pd.DataFrame, side: int, states: _States) -> Iterator[Fault]:
    """States that `valid-states.csv` does not have."""
    setting, need, nc_year = (rows[f"{name}_{side}"] for name in ("setting", "need", "nc_year"))
    known = setting.isin(states.table.index)
    add = "add it to the project's valid states, or correct the row"
    yield from table.faulty(table.lines(~known), f"setting-{side}", "is not among the valid settings", add)
    no_need = table.lines(~need.isin(states.needs))
    yield from table.faulty(no_need, f"need-{side}", "is not among the needs of the valid states", add)
    taken = setting[known].map(states.table["needs"])
    not_taken = [wanted not in needs for wanted, needs in zip(need[known], taken, strict=True)]
    refused = table.lines(pd.Series(not_taken, taken.index, dtype=bool) & need[known].isin(states.needs))
    yield from table.faulty(refused, f"need-{side}", "is not one that the setting takes", add)
    first, last = (setting[known].map(states.table[end]) for end in ("first", "last"))
    wrong = table.lines(~nc_year[known].between(first, last))
    yield from table.faulty(wrong, f"academic-year-{side}", "is outside the setting's valid academic years", add)


def _against_moves(table: Table, rows: pd.DataFrame, states: pd.DataFrame) -> Iterator[Fault]:
    """Moves between settings that `setting->setting` does not allow."""
    moved = rows[rows["setting_1"].isin(states.index) & rows["setting_1"].ne(rows["setting_2"])]
    allowed = moved["setting_1"].map(states["to"])
    barred = [to not in others for to, others in zip(moved["setting_2"], allowed, strict=True)]
    remedy = "add it to setting->setting of the valid states, or correct the row"
    lines = table.lines(pd.Series(barred, moved.index, dtype=bool))
    yield from table.faulty(lines, "setting-2", "cannot be reached from setting-1", remedy)


def _population(table: Table, transitions: pd.DataFrame, faults: list[Fault]) -> tuple[pd.DataFrame, int]:
    """Residents of each January by year group, and how many rows are of other ages."""
    rows = pd.DataFrame(
        {
            "year": table.wholes("calendar-year", 2001, 2100, faults),
            "nc_year": table.wholes("academic-year", -20, 99, faults),
            "people": table.wholes("population", 0, 10**8, faults),
        }
    )
    rows = rows.dropna().astype("int64")
    twice = table.lines(rows.duplicated(["year", "nc_year"]))
    faults += table.faulty(twice, "academic-year", "has a row of that calendar-year already", "keep one of the two")
    used = rows[rows["nc_year"].between(_YOUNGEST, _OLDEST)]
    for year, ages in used.drop_duplicates(["year", "nc_year"]).groupby("year"):
        if lacking := sorted(set(NC_YEARS) - set(ages["nc_year"])):
            what = f"calendar-year {year} lacks {len(lacking)} academic years, the first being {lacking[0]}"
            faults.append(Fault(table.file, int(ages.index[0]), "academic-year", what, "add them"))
    for year in sorted({*transitions["year"], *(transitions["year"] + 1)} - set(used["year"])):
        what = f"has nothing for calendar-year {year}, to or from which there are transitions"
        faults.append(Fault(table.file, 0, "calendar-year", what, "add it: joiners are a share of the population"))
    return used, len(rows) - len(used)


def _labels(rows: pd.DataFrame, states: _States | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Settings and needs."""
    if states is not None:
        return tuple(states.table.index), states.needs
    seen = {
        kind: sorted({*rows.loc[rows["plan_1"], f"{kind}_1"], *rows.loc[rows["plan_2"], f"{kind}_2"]})
        for kind in ("setting", "need")
    }
    return tuple(seen["setting"]), tuple(seen["need"])


def _unfit(labels: list[str]) -> list[Fault]:
    """Codes that an area's tables keep for themselves."""
    remedy = "give it another code in every file of the project"
    return [Fault("valid states", 0, "", f"{shown(label)} cannot be a label", remedy) for label in reserved(labels)]


def _of_transitions(file: str, rows: pd.DataFrame) -> str:
    stay = rows["plan_1"] & rows["plan_2"]
    moved = int((rows["setting_1"].ne(rows["setting_2"]) & stay).sum())
    return (
        f"{file}: {len(rows):,} transitions of calendar years {rows['year'].min()} to {rows['year'].max()}: "
        f"{int(stay.sum()):,} kept a plan, of whom {moved:,} changed setting; {int((~rows['plan_1']).sum()):,} joined, "
        f"{int((~rows['plan_2']).sum()):,} left."
    )


def _of_population(table: Table, beyond: int) -> str:
    years = table.cells["calendar-year"].astype(int)
    rest = f", {beyond:,} of ages outside 0 to 24 not taken over" if beyond else ""
    return f"{table.file}: {len(table.cells):,} rows, calendar years {years.min()} to {years.max()}{rest}."
