"""A council's returns become an area folder, or the next census of one: read, mended, checked, counted, dropped.

One return is in memory at a time. What is kept of it until the next is whole numbers and labels (`count.Before`).
Nothing is written before every return has been counted, and then the whole folder at once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs import area_toml
from forecast.inputs.append import BY_YEAR, CannotAppend, Changes, append_census
from forecast.inputs.area import Area, read_area
from forecast.inputs.write import write_area
from forecast.records.checks import Checked, check_return, no_births, together
from forecast.records.counted import Counted, counted_area, one_district, places_of
from forecast.records.districts import Lookup, read_lookup
from forecast.records.enough import Noted, check_enough, granted, noted, unchecked
from forecast.records.establishments import COLUMNS, Establishments, read_establishments
from forecast.records.filed import Filed
from forecast.records.fixes import Applied, Fixes, apply_fixes, of_no_return, read_fixes
from forecast.records.labels import OUT_OF_AREA
from forecast.records.read import check_together, read_return

LA_CODE: Final = COLUMNS["la_code"]
_YEARS: Final = re.compile(r"20[0-9]{2}")


@dataclass(frozen=True)
class Given:
    """What the user gives beside the returns."""

    establishments: Path
    """Extract from Get Information about Schools."""
    postcodes: Path | None = None
    """Lookup from postcodes to districts."""
    district: str | None = None
    """Column of the module person that says the district."""
    fixes: Path | None = None
    """Fix file."""


@dataclass(frozen=True, eq=False)
class Imported:
    """What an import made."""

    area: Area
    """As it reads back from the folder written."""
    summary: pd.DataFrame
    """As `Counted.summary`: for the terminal."""
    changes: Changes | None
    """What changed in a folder that was there; None for a new one."""
    checked: Checked
    """What the named checks found, after the fixes."""
    applied: tuple[Applied, ...]
    """What became of the fixes, a census each; none without a fix file."""
    said: tuple[str, ...] = ()
    """Sentences on what was taken for granted."""
    warned: tuple[str, ...] = ()
    """Sentences on what may make the counts wrong."""

    @property
    def unlinked(self) -> tuple[int, ...]:
        """Januaries without moves though the one before is there: give the returns of both at once to count them."""
        there = set(self.area.placements["year"])
        without = sorted(there - set(self.area.moves["year"]))
        return tuple(int(year) for year in without if year - 1 in there)


@dataclass(frozen=True, eq=False)
class _Reading:
    """How returns are read, and what is noted of each on its way to the count."""

    given: Given
    establishments: Establishments
    lookup: Lookup | None
    fixes: Fixes | None
    seen: list[Noted] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)

    def returns(self, paths: Sequence[Path]) -> Iterator[Filed]:
        """Returns in the order of `paths`, mended and checked; raises `_OutOfOrder`, or what `read_return` does."""
        born = no_births()
        for path in paths:
            filed = read_return(path, district=self.given.district)
            if self.fixes is not None:
                filed, applied = apply_fixes(filed, self.fixes)
                self.applied.append(applied)
            self.seen.append(noted(path.name, filed, self.lookup))
            censuses = [one.census for one in self.seen]
            if sorted(censuses) != censuses:
                raise _OutOfOrder
            check_together([(one.name, one.census, one.authority) for one in self.seen])
            checked, born = check_return(filed, self.establishments, born)
            self.checked.append(checked)
            yield filed


class _OutOfOrder(Exception):
    """A return is of an earlier census than the one before it."""


def import_sen2(
    returns: Sequence[Path], to: Path, given: Given, *, base: str = "", out_of_area: bool = False, replace: bool = False
) -> Imported:
    """Make an area folder from person-level SEN2 returns, or add their censuses to one that is there.

    Parameters
    ----------
    returns : one a census and at least one, in any form that `read_return` knows, in any order
    to : area folder to write; one that is there already gets the censuses that it has not
    base : area that a new folder takes its name, districts, population, places and boundaries from
    out_of_area : whether special and independent schools of other authorities get labels of their own; so they do
        in any case in a folder that has these
    replace : whether censuses that are there already may be counted anew

    Raises
    ------
    ForecastError
        Anything that is wrong with what is given, all faults of one file at once; then nothing is written.
    """
    if not returns:
        raise InputFaults(
            [Fault("forecast import sen2", 0, "", "names no return", "write the path of at least one after it")]
        )
    there = (to / area_toml.FILE).is_file()
    onto = read_area(to if there else base)
    if there and onto.about.kind == "published":
        raise CannotAppend(onto.about.name, "holds published figures", "write to another folder, with it as the base")
    apart = any(label in onto.about.provisions for label in OUT_OF_AREA.values())
    lookup = read_lookup(given.postcodes, onto.about) if given.postcodes else None
    whole = lookup is None and given.district is None and not there and len(onto.about.districts) > 1
    schools = read_establishments(given.establishments)
    if out_of_area or apart:
        _refuse_nowhere(schools)
    reading = _Reading(given, schools, lookup, read_fixes(given.fixes) if given.fixes else None)
    said = granted(onto.about, whole=whole, apart=apart and not out_of_area)
    onto = one_district(onto) if whole else onto
    reading, counted = _counted(returns, onto, reading, out_of_area=out_of_area or apart)
    warned = check_enough(counted.summary, reading.seen, given.postcodes.name if given.postcodes else "")
    checks = together(reading.checked)
    tables = {**counted.tables, "checks": checks.counts}
    if not there:
        area, changes = _new(to, onto, counted, tables), None
    else:
        if out_of_area and not apart:
            _refuse_some(onto, counted)
        area, changes = _added(to, onto, counted, tables, replace=replace)
    applied = (*reading.applied, *_unused(reading))
    return Imported(
        area, counted.summary, changes, checks, applied, (*said, *unchecked(reading.seen, area.about)), warned
    )


def _refuse_nowhere(schools: Establishments) -> None:
    """Schools of other authorities cannot be told apart by an extract that says no authority."""
    if schools.schools["la_code"].eq("").all():
        what = "the column is missing or blank, so schools of other authorities cannot be told apart"
        remedy = "give the extract with that column; or leave out --out-of-area, if the base does not ask for it"
        raise InputFaults([Fault(schools.file, 1, LA_CODE, what, remedy)])


def _unused(reading: _Reading) -> tuple[Applied, ...]:
    """Fixes of censuses that were not given."""
    return of_no_return(reading.fixes, [one.census for one in reading.seen]) if reading.fixes else ()


def _counted(paths: Sequence[Path], base: Area, reading: _Reading, *, out_of_area: bool) -> tuple[_Reading, Counted]:
    """Counts of returns in the order of their names' years or, where those mislead, of their censuses."""
    schools, lookup = reading.establishments, reading.lookup
    try:
        in_order = reading.returns(sorted(paths, key=_year))
        return reading, counted_area(in_order, base, schools, lookup, out_of_area=out_of_area)
    except _OutOfOrder:
        order = sorted(paths, key=lambda path: read_return(path, district=reading.given.district).census)
        again = changed(reading, seen=[], checked=[], applied=[])
        return again, counted_area(again.returns(order), base, schools, lookup, out_of_area=out_of_area)


def _year(path: Path) -> str:
    """The last year in a path's own name, which is mostly its census."""
    return max(_YEARS.findall(path.name), default="")


def _refuse_some(onto: Area, counted: Counted) -> None:
    """Schools out of the area are told apart in every census of a folder, or in none."""
    rest = set(onto.placements["year"]) - set(counted.tables["placements"]["year"])
    if rest:
        what = "does not tell schools out of the area apart in other censuses"
        raise CannotAppend(onto.about.name, what, "leave out --out-of-area, or give the returns of every census")


def _new(to: Path, base: Area, counted: Counted, tables: dict[str, pd.DataFrame]) -> Area:
    """A folder with the base's people and places, and none of its counts."""
    about = counted.about
    places = places_of(base, tables["placements"], about.latest_census, about.provisions)
    kept = {name: table for name, table in base.tables.items() if name not in BY_YEAR}
    return write_area(to, about, {**kept, "places": places, **tables}, base.boundaries)


def _added(
    to: Path, onto: Area, counted: Counted, tables: dict[str, pd.DataFrame], *, replace: bool
) -> tuple[Area, Changes]:
    """The folder with the new censuses beside its own."""
    about, both, changes = append_census(onto, counted.about, tables, replace=replace)
    places = places_of(onto, both["placements"], about.latest_census, about.provisions)
    return write_area(to, about, {**both, "places": places}, replace=True), changes
