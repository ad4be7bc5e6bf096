"""A council's own table of counts, made into an area: labels, Januaries and year groups read as they are written.

Hidden counts become ranges and unknown ones blanks, neither of them zero; totals are checked and not counted again.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, Need, Provision
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.about import About, Source, Status
from forecast.inputs.append import Changes, append_census
from forecast.inputs.area import Area
from forecast.inputs.count_rows import Reading, read_rows
from forecast.inputs.count_said import ABSENT, doubts, of_hidden, of_sheet, of_totals
from forecast.inputs.count_same import KEY
from forecast.inputs.count_sheet import CHILDREN, Laid, lay_out
from forecast.inputs.count_totals import reckon
from forecast.inputs.count_words import need_labels, provision_labels
from forecast.inputs.faults import shown
from forecast.inputs.grid import read_grid
from forecast.inputs.rows import every_age
from forecast.inputs.write import write_area

LENT: Final = ("population", "special_rates", "ap_rolls")
"""Tables that the base lends as they are."""
_LENT_SOURCES: Final = (
    *("population", "special_rates", "ap_rolls", "arrivals in alternative provision"),
    *("births", "housing", "migration", "all published"),
)
"""How the sources of what the base lends begin."""


class SyntheticBase(ForecastError):
    """Real counts would be laid on an invented area, whose outputs carry no marking."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is an area of invented children: counts on it would pass as invented too, without a marking; "
            "give a base of the authority itself, or add --synthetic if these counts are invented as well."
        )


@dataclass(frozen=True)
class Summary:
    """What was read, for the terminal: numbers of rows and sentences, no cell."""

    file: str
    years: tuple[int, ...]
    """Januaries."""
    counts: int
    """Counts that are not sums of others."""
    known: Mapping[int, int]
    """January -> children in the counts that are known, without totals."""
    headings: Mapping[str, str]
    """Axis -> heading of the sheet that it was read from."""
    hidden: int
    """Counts that are ranges."""
    unknown: int
    """Counts of which nothing is known."""
    said: tuple[str, ...]
    """What was mended, left out or taken for granted, in sentences."""


def read_counts(
    path: Path, base: Area, sheet: str | None = None, reading: Reading | None = None
) -> tuple[About, dict[str, pd.DataFrame], Summary]:
    """Read a table of counts by year, district, need, year group and kind of place, or by some of these.

    Parameters
    ----------
    path : workbook (.xlsx) or CSV file
    base : lends name, districts, labels, population and places, and whether the children are invented
    sheet : name of the sheet; None for the first

    Returns
    -------
    about : the base's, of kind `counts`, with the labels that the counts add
    tables : `placements` from the file; `population`, `special_rates`, `ap_rolls` and `places` from the base
    summary : what was read

    Raises
    ------
    InputFaults
        Every fault of the file that can be told at once.
    UnknownLabel
        The workbook has no such sheet.
    """
    grid = read_grid(path, sheet)
    laid = lay_out(grid, base.about)
    rows = read_rows(grid.file, laid, base.about, reading or Reading())
    if faults := rows.faults or tuple(_districts_without(grid.file, base.about, rows.table)):
        raise InputFaults(faults)
    reckoned = reckon(grid.file, rows.table)
    if reckoned.faults:
        raise InputFaults(reckoned.faults)
    placements = reckoned.rows.drop(columns=["line", "is_total"]).sort_values(KEY, ignore_index=True)
    parts = one_margin(reckoned.rows)
    unlikely = doubts(parts, base.placements)
    said = (*grid.mended, *of_sheet(laid, rows), *of_totals(reckoned), *unlikely)
    summary = _summary(grid.file, laid, reckoned.rows, said)
    tables = {"placements": placements, **{name: base.tables[name] for name in LENT}}
    tables["places"] = _places(base, parts, max(summary.years))
    return _about(base.about, placements, summary), tables, summary


def import_counts(
    path: Path,
    to: Path,
    base: Area,
    onto: Area | None = None,
    sheet: str | None = None,
    reading: Reading | None = None,
    *,
    replace: bool = False,
    synthetic: bool = False,
) -> tuple[Area, Summary, Changes | None]:
    """Make an area folder from a table of counts, or add its Januaries to one that is there.

    Parameters
    ----------
    to : folder to write
    base : as in `read_counts`; the area itself where there is one already
    onto : the area that is in `to`; None for a new one
    replace : whether Januaries that are there may be counted anew
    synthetic : whether the children are invented; they must be where those of the base are

    Returns
    -------
    area : as it reads back
    summary : what was read
    changes : what became of each January; None for a new area

    Raises
    ------
    SyntheticBase
        The base is of invented children, and these are not.
    InputFaults, UnknownLabel, CannotAppend, CannotWrite
        The file is at fault, the counts belong to another area, a January is there already, or the disk refuses.
    """
    if base.about.synthetic and not synthetic:
        raise SyntheticBase(base.about.name)
    lender = dataclasses.replace(base, about=base.about.model_copy(update={"synthetic": synthetic}))
    about, tables, summary = read_counts(path, lender, sheet, reading)
    if onto is None:
        return write_area(to, about, tables, base.boundaries, replace=replace), summary, None
    about, changed, changes = append_census(onto, about, {"placements": tables["placements"]}, replace=replace)
    return write_area(to, about, changed, replace=True), summary, changes


def _districts_without(file: str, about: About, table: pd.DataFrame) -> Iterator[Fault]:
    """Districts of the area that the counts leave out, if they name any."""
    named = set(table["district"]) - {ALL}
    for district in about.district_names if named else ():
        if district not in named:
            remedy = "add its rows, or use a base without it"
            yield Fault(file, 0, "district", f"has no rows for {shown(district)}", remedy)


def one_margin(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that hold every child of each January once: no totals, and of several margins the one of most rows."""
    parts = rows[~rows["is_total"]]
    named = [parts[axis].ne(ALL) for axis in ("district", "need", "provision")]
    pattern = named[0] * 8 + named[1] * 4 + named[2] * 2 + ~every_age(parts) * 1
    size = parts.groupby([parts["year"], pattern])["year"].transform("size") * 16 + pattern
    return parts[size.eq(size.groupby(parts["year"]).transform("max"))]


def _summary(file: str, laid: Laid, rows: pd.DataFrame, said: tuple[str, ...]) -> Summary:
    known = one_margin(rows).groupby("year")[CHILDREN].sum()
    parts = rows[~rows["is_total"]]
    return Summary(
        file=file,
        years=tuple(int(year) for year in sorted(parts["year"].unique())),
        counts=len(parts),
        known={int(str(year)): int(children) for year, children in known.items()},
        headings=laid.headings,
        hidden=int((parts[CHILDREN].isna() & parts["most"].notna()).sum()),
        unknown=int(parts["most"].isna().sum()),
        said=said,
    )


def _about(base: About, placements: pd.DataFrame, summary: Summary) -> About:
    """The base's words, as far as they are true of the counts."""
    used = {axis: set(placements[axis]) for axis in ("need", "provision")}
    needs = {label: Need(means) for label, means in need_labels(base).new.items() if label in used["need"]}
    provisions = {
        label: Provision(means) for label, means in provision_labels(base).new.items() if label in used["provision"]
    }
    hidden = of_hidden(summary.hidden, summary.unknown)
    absent = (sentence for sentence in summary.said if sentence in ABSENT.values())
    first, last = summary.years[0], summary.years[-1]
    census = f"January {first}" if first == last else f"January {first} to {last}"
    lent = tuple(source for source in base.sources if source.table.startswith(_LENT_SOURCES))
    status: Status = "synthetic" if base.synthetic else "counted"
    given = "Invented counts" if base.synthetic else "Counts given by the council"
    counted = tuple(
        Source(table=f"January {year}", status=status, source=f"{given}, January {year}") for year in summary.years
    )
    return base.model_copy(
        update={
            "kind": "counts",
            "latest_census": last,
            "needs": {**base.needs, **needs},
            "provisions": {**base.provisions, **provisions},
            "notes": (f"Children with a plan are as {base.name} counted them, {census}.", *hidden, *absent),
            "sources": (*counted, *lent, _source_of_places(base)),
        }
    )


def _source_of_places(base: About) -> Source:
    told = [source for source in base.sources if source.table.startswith("places")]
    assumed = Source(table="places.csv", status="assumed", source="The places that the area's children fill.")
    return told[0] if told else assumed


def _places(base: Area, parts: pd.DataFrame, latest: int) -> pd.DataFrame:
    """The base's places; where those are only assumed, the ones that the children now counted fill."""
    if base.places.empty or not base.places["assumed"].all():
        return base.places
    now = parts[parts["year"].eq(latest) & parts["most"].notna()].groupby("provision")[["least", "most"]].sum()
    filled = base.places[base.places["provision"].isin(now.index)]
    middle = now.sum(axis=1).div(2).round().astype("int64")
    source = f"Assumed: children placed there at the census of January {latest}; hidden counts at their middle."
    return filled.assign(places=filled["provision"].map(middle), taken_by_others=0, source=source)
