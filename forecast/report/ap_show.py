"""Alternative provision in the terminal: small tables, school years across, each number with its range.

Children and places stand in tables of their own, since a child may fill less than a place, and several children one
place one after the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from rich.table import Table

from forecast.domain import (
    ALL,
    KEY_STAGE_NAMES,
    REASON_NAMES,
    WITHOUT_PLAN,
    KeyStage,
    Provision,
    Reason,
    academic_year,
)
from forecast.projection import Projection
from forecast.report.ap_middle import MIDDLE, NAMES, shown
from forecast.report.ap_tables import (
    AP,
    ARRIVALS,
    COUNTED,
    EVERYBODY,
    EVERYONE,
    HEADCOUNT,
    KEY_STAGE,
    PEAK,
    REASON,
    SENT_BY_SCHOOLS,
    SETTING,
    STAY,
    WANTED,
    WITH_PLAN,
)
from forecast.report.ap_where import SCHOOL
from forecast.report.phrases import FEW, capped, census, count, count_range
from forecast.report.tables import PLACES, TOTALS, year_ahead

FIRST, NARROW, CELL = 24, 8, 14
"""Widths of the columns: of labels, of a number alone, and of a number with its range."""
_LOOK: Final[Mapping[str, Any]] = {"box": None, "pad_edge": False, "padding": (0, 1, 0, 0), "title_justify": "left"}


def ap_blocks(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> list[Table]:
    """The tables to print, in order; none where nothing is known of the area's alternative provision.

    Parameters
    ----------
    tables : of the run, those of `ap_tables` among them
    """
    if projection.ap is None:
        return []
    table = tables[AP]
    found = [_on_roll(projection, table)]
    if SCHOOL in projection.ap.counted:
        places = _of_schools(projection, tables)
        found.append(_block(projection, "Full-time places of AP schools filled in the fullest month", places))
        kept = f", {projection.ap.headroom:.0%} more kept free" if projection.ap.headroom else ""
        title = f"Of these by age, for children {WITHOUT_PLAN}{kept}"
        found.append(_block(projection, title, _by_age(tables)))
    return [*found, _reasons(projection, table)]


def _on_roll(projection: Projection, table: pd.DataFrame) -> Table:
    """Children on roll by who arranges it, on average over each year; the last January roll stands under the table."""
    ours = table[table["by"].isin([ALL, SETTING])]
    years = _years(projection)
    start = [] if projection.base in years.values() else [projection.base]
    title = f"Children {WITHOUT_PLAN} on roll, on average over the year (the middle; under it, the range)"
    made = _with_years(projection, title, before=start)
    for name, label in ({ALL: "In all"} | NAMES).items():
        found = _yearly(ours[(ours["line"] == name) & (ours["measure"] == HEADCOUNT)])
        if _worth_a_line(found, years):
            made.add_row(label, *(shown(found[year]) for year in start), *(_cell(found[x]) for x in years.values()))
    made.caption, made.caption_justify, made.caption_style = _last_roll(ours[ours["measure"] == COUNTED]), "left", ""
    return made


def _last_roll(counted: pd.DataFrame) -> str | None:
    """The last January rolls in words, and that they are no averages; None where there are none.

    Parameters
    ----------
    counted : of all settings and of each
    """
    rolls = [f"{NAMES.get(row['line'], 'in all')} {shown(row)}" for row in counted.to_dict("records")]
    when = " and ".join(map(census, sorted(set(counted["year"]))))
    said = f"Counted in {when}: {'; '.join(rolls)}. A January roll is no average over a year: as a rule, rolls rise "
    return f"{said}from autumn to summer." if rolls else None


def _of_schools(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Label -> rows of places of AP schools: of children without a plan, of those with one, of both, and listed."""
    every = tables[EVERYONE][tables[EVERYONE]["setting"] == SCHOOL]
    full = {who: every[(every["who"] == who) & (every["measure"] == PEAK)] for who in set(every["who"])}
    sums = EVERYBODY if EVERYBODY in full else WITHOUT_PLAN
    lines = {
        WITHOUT_PLAN: full.get(WITHOUT_PLAN),
        "of these, sent for part of the week": full.get(SENT_BY_SCHOOLS),
        f"{WITH_PLAN} (January)": full.get(WITH_PLAN),
        "both": full.get(EVERYBODY),
    }
    if projection.ap is not None and projection.ap.headroom:
        free = every[(every["who"] == sums) & (every["measure"] == WANTED)]
        lines[f"and {projection.ap.headroom:.0%} more kept free"] = free
    listed = _listed(projection, tables)
    lines["places listed"] = listed.assign(**{MIDDLE: listed["mean"]})
    return {label: rows for label, rows in lines.items() if rows is not None and len(rows)}


def _by_age(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Words for a key stage -> rows of places of AP schools, those kept free among them."""
    rows = tables[AP]
    rows = rows[(rows["setting"] == SCHOOL) & (rows["measure"] == WANTED) & (rows["by"] == KEY_STAGE)]
    return {KEY_STAGE_NAMES[stage]: rows[rows["line"] == stage] for stage in KeyStage}


def _reasons(projection: Projection, table: pd.DataFrame) -> Table:
    """Why children come, for how long, and how many of them are there at a time, in the year of the headline."""
    then = year_ahead(projection)
    back = projection.ap is not None and projection.ap.basis != "records"
    assumed = " (stays and reasons assumed, not counted)" if back else ""
    made = Table(title=f"Why children {WITHOUT_PLAN} come, {academic_year(then)}{assumed}", title_style="bold", **_LOOK)
    made.add_column("", min_width=FIRST)
    for heading in ("come in\nthe year", "days of stay,\non average", "on roll,\non average"):
        made.add_column(heading, justify="right", width=CELL)
    ours = table[(table["year"] == then) & (table["setting"] == ALL) & table["by"].isin([REASON, ALL])]
    for line in [*Reason, ALL]:
        rows = ours[ours["line"] == line].set_index("measure")[MIDDLE].to_dict()
        if rows.get(ARRIVALS, 0.0) >= FEW:
            name = REASON_NAMES[Reason(line)] if line != ALL else "in all"
            made.add_row(capped(name), count(rows[ARRIVALS]), f"{rows[STAY]:.0f}", count(rows[HEADCOUNT]))
    return made


def _listed(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Places of AP schools that the area lists; no rows where it lists none, or several kinds of them."""
    places = tables["places"]
    labels = projection.about.means(Provision.ALTERNATIVE)
    own = places[(places["measure"] == PLACES) & (places["phase"] == TOTALS["phase"])]
    return own[own["provision"].isin(labels)] if len(labels) == 1 else own.head(0)


def _years(projection: Projection) -> Mapping[str, int]:
    """Heading -> January: from today's school year on, or the latest census where there is no later one."""
    years = {name: year for name, year in projection.table_years.items() if name != "latest census"}
    return years or {"latest census": projection.base}


def _with_years(projection: Projection, title: str, before: Sequence[int] = ()) -> Table:
    """An empty table with a column for each school year.

    Parameters
    ----------
    before : Januaries of the latest census that stand in a narrow column before these
    """
    made = Table(title=title, title_style="bold", **_LOOK)
    made.add_column("", width=FIRST - (NARROW + 1) * len(before))
    for year in before:
        made.add_column(f"{academic_year(year)}\n(start)", justify="right", width=NARROW)
    for heading, year in _years(projection).items():
        made.add_column(f"{academic_year(year)}\n{heading}", justify="right", width=CELL)
    return made


def _block(projection: Projection, title: str, lines: Mapping[str, pd.DataFrame]) -> Table:
    """A line for each label, a column for each school year; lines of few children are left out."""
    made = _with_years(projection, title)
    for label, rows in lines.items():
        found = _yearly(rows)
        if _worth_a_line(found, _years(projection)):
            made.add_row(capped(label), *(_cell(found[year]) for year in _years(projection).values()))
    return made


def _yearly(rows: pd.DataFrame) -> Mapping[Any, Mapping[Any, Any]]:
    """January -> its row."""
    return rows.set_index("year").to_dict("index")


def _worth_a_line(by_year: Mapping[Any, Mapping[Any, Any]], years: Mapping[str, int]) -> bool:
    return any(by_year[year]["p90"] >= FEW for year in years.values() if year in by_year)


def _cell(row: Mapping[Any, Any]) -> str:
    """The number, and its range on a second line where it has one."""
    span = "" if row["p10"] == row["p90"] else count_range(row["p10"], row["p90"])
    return f"{shown(row)}\n{span}" if span else shown(row)
