"""A further census onto an area that a council counted itself: new years are added, none is overwritten unasked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.rows import every_age

BY_YEAR: Final = ("placements", "flows", "moves", "funnel", "checks")
"""Tables of an area that a census adds rows to, all with a column `year`."""
_REPLACE: Final = "leave that census out, or add --replace to count it anew"
ALIKE: Final = 0.02
"""Share of children whom two counts of one census may put in different cells: those without a postcode or a birth date
are shared out, and how depends on the returns read beside it."""
_CELL: Final = ["district", "need", "nc_from", "nc_to", "provision"]
_COUNT: Final = ["children", "least", "most"]


class CannotAppend(ForecastError):
    """What was counted does not belong to the area that is there."""

    def __init__(self, name: str, what: str, remedy: str) -> None:
        super().__init__(f"{name} {what}; {remedy}.")


@dataclass(frozen=True, eq=False)
class Changes:
    """What a census changed in the counts of an area."""

    added: tuple[int, ...]
    """Januaries that the area had nothing of."""
    replaced: tuple[int, ...]
    """Januaries counted anew in the place of what was there."""
    kept: tuple[int, ...]
    """Januaries given only so that the next could be linked to them: the area has the same children there."""
    elsewhere: int
    """Children of these whom the new count puts in another cell: the area's own count of them stands."""
    children: pd.DataFrame
    """year, provision, before, after: children of each January added or replaced; NaN where none was known."""


def append_census(
    area: Area, about: About, tables: Mapping[str, pd.DataFrame], *, replace: bool = False
) -> tuple[About, dict[str, pd.DataFrame], Changes]:
    """Put the years of `tables` beside those that `area` has.

    The first of several censuses may be one that the area has already, with all but `ALIKE` of its children in the
    same cells: it is then kept as it is, since it was given to link the next to it.

    Parameters
    ----------
    area : an area of counts or records, as it was read
    about : labels, notes and sources of what was counted
    tables : name -> table as it reads, of `BY_YEAR`, `placements` among them; all rows of whole years
    replace : whether years that are there already may be counted anew

    Returns
    -------
    about : the area's, with the labels, notes, sources and latest census of both
    tables : those of `BY_YEAR` that change, with the years of both
    changes : what became of each year

    Raises
    ------
    CannotAppend
        The area is of published figures, is another authority's, has other districts, or mixes invented
        children with real ones.
    InputFaults
        Years that are there already, or a year whose moves rest on one that is replaced: one fault a table.
    """
    _belongs(area.about, about)
    given = _years(tables.values())
    have = _years([area.tables[name] for name in BY_YEAR])
    kept, elsewhere = _link(area.placements, tables["placements"], given)
    years = [year for year in given if year not in kept]
    new = {name: _of(table, years) for name, table in tables.items()}
    faults = [] if replace else _overwritten(area, new)
    if faults or (faults := _orphaned(area, new, years)):
        raise InputFaults(faults)
    changed = {name: _joined(area.tables[name], table, years) for name, table in new.items()}
    for name in set(BY_YEAR) - set(new):
        changed[name] = area.tables[name][~area.tables[name]["year"].isin(years)].reset_index(drop=True)
    changes = Changes(
        added=tuple(year for year in years if year not in have),
        replaced=tuple(year for year in years if year in have),
        kept=tuple(kept),
        elsewhere=elsewhere,
        children=_before_and_after(area.placements, new["placements"], years),
    )
    return _merged(area.about, about), changed, changes


def _belongs(old: About, new: About) -> None:
    """Whether figures of `new` may stand beside those of `old`."""
    if old.kind == "published":
        remedy = "write to another folder, and name this one as the base"
        raise CannotAppend(old.name, "holds published figures, which are not counted alike", remedy)
    if old.synthetic != new.synthetic:
        raise CannotAppend(old.name, "would mix invented children with real ones", "write to another folder")
    if old.la_code and new.la_code and old.la_code != new.la_code:
        raise CannotAppend(old.name, "is another authority", "name that authority's own folder")
    if old.district_names != new.district_names:
        remedy = "give the districts of its area.toml, or write to another folder"
        raise CannotAppend(old.name, "has other districts", remedy)


def _years(tables: Collection[pd.DataFrame]) -> list[int]:
    return sorted({int(year) for table in tables for year in table["year"].unique()})


def _of(table: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    return table[table["year"].isin(years)].reset_index(drop=True)


def _link(old: pd.DataFrame, new: pd.DataFrame, given: list[int]) -> tuple[list[int], int]:
    """The first January given, if it is there already with the same children, and how many are in other cells."""
    if len(given) == 1:
        return [], 0
    one, other = (_cells(table, given[0]) for table in (old, new))
    apart = float(one.fillna(0.0).sub(other.fillna(0.0), fill_value=0.0).abs().sum().max()) / 2
    alike = len(one) > 0 and apart <= ALIKE * float(one["most"].sum())
    return (given[:1], round(apart)) if alike else ([], 0)


def _cells(placements: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = placements[placements["year"].eq(year) & placements["children"].ne(0)].set_index(_CELL).sort_index()
    return pd.DataFrame({name: rows.get(name, rows["children"]).astype(float) for name in _COUNT})


def _overwritten(area: Area, new: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Years that are there already, whatever the table: one fault."""
    twice = {year for name, table in new.items() for year in set(_years([table])) & set(_years([area.tables[name]]))}
    return [Fault(area.folder.name, 0, "year", f"{_listed(sorted(twice))} there already", _REPLACE)] if twice else []


def _orphaned(area: Area, new: Mapping[str, pd.DataFrame], years: Sequence[int]) -> list[Fault]:
    """Years that would lose their moves: counted from a January that is another now, or counted anew without it."""
    there, again = _years([area.moves]), _years([new["moves"]]) if "moves" in new else []
    rest = [year for year in there if year - 1 in years and year not in years]
    alone = [year for year in there if year in years and year not in again]
    faults = []
    if rest:
        what = f"the moves of {_named(rest)} rest on the January before"
        faults.append(Fault("moves.csv", 0, "year", what, f"give the return of {_named(rest)} as well"))
    if alone:
        what = f"{_named(alone)} counted anew by itself would lose its moves"
        faults.append(Fault("moves.csv", 0, "year", what, "give the return of the January before as well"))
    return faults


def _joined(old: pd.DataFrame, new: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Rows of both, by year, without those of `old` in `years`."""
    rest = old[~old["year"].isin(years)]
    parts = [table for table in (rest, new) if len(table)]
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True) if parts else old.iloc[:0]


def _before_and_after(old: pd.DataFrame, new: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Children by year and provision, before and after; suppressed counts are in neither."""
    sums = [by_provision(_of(table, years)).rename(name) for table, name in ((old, "before"), (new, "after"))]
    return pd.concat(sums, axis=1).sort_index().reset_index()


def by_provision(placements: pd.DataFrame) -> "pd.Series[float]":
    """Children by (year, provision), from the rows of each year that name fewest other columns besides."""
    rows = placements[placements["provision"].ne(ALL)]
    named = [rows["district"].ne(ALL), rows["need"].ne(ALL), ~every_age(rows)]
    columns = sum(column.astype(int) for column in named)
    kind = named[0] * 4 + named[1] * 2 + named[2] * 1
    chosen = (columns * 8 + kind).groupby(rows["year"]).transform("min").eq(columns * 8 + kind)
    return rows[chosen].groupby(["year", "provision"])["children"].sum(min_count=1)


def _merged(old: About, new: About) -> About:
    """The area's words with those of the census: labels and notes of both, one source a table."""
    sources = {source.table: source for source in chain(old.sources, new.sources)}
    return old.model_copy(
        update={
            "kind": new.kind,
            "latest_census": max(old.latest_census, new.latest_census),
            "needs": {**old.needs, **new.needs},
            "provisions": {**old.provisions, **new.provisions},
            "notes": tuple(dict.fromkeys((*old.notes, *new.notes))),
            "sources": tuple(sources.values()),
        }
    )


def _listed(years: Sequence[int]) -> str:
    return f"{_named(years)} {'is' if len(years) == 1 else 'are'}"


def _named(years: Sequence[int]) -> str:
    return f"January {', '.join(map(str, years))}"
