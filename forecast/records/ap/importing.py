"""Stays in alternative provision, counted into the folder of an area that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About, Source
from forecast.inputs.append import CannotAppend
from forecast.inputs.area import Area
from forecast.inputs.write import write_area
from forecast.records.ap.counted import INVENTED, SOURCE, Counts, Given, read_stays
from forecast.records.ap.said import month_name

NOTE: Final = "Alternative provision is counted from records of placements, complete from"
"""How the sentence begins that every output repeats."""
BY_YEAR: Final = ("ap_arrivals", "ap_rolls")
"""Tables with a row for each academic year; `ap_stays` pools them."""
_STAYS: Final = ["setting", "reason", "key_stage", "tier", "plan", "days_from", "days_to"]
_ANEW: Final = "leave those years out with --since, or add --replace to count them anew"


@dataclass(frozen=True)
class ApImported:
    """What became of an area."""

    area: Area
    """As it reads back."""
    said: tuple[str, ...]
    """What was read, mended, left out, added and replaced: sentences without anything of one child."""


def import_ap(
    paths: Sequence[Path], onto: Area, given: Given, *, replace: bool = False, synthetic: bool = False
) -> ApImported:
    """Count stays, and write them into an area's folder beside what it holds.

    Years that the folder lacks are added. With `replace` years that it has are counted anew, and lengths of stay
    rest on these files alone, since stays counted before cannot be told from theirs.

    Parameters
    ----------
    onto : an area of counts or records, as it was read
    given : what the user says of the files
    synthetic : whether the children are invented; they must be where those of the area are

    Raises
    ------
    CannotAppend
        The area is of published figures, or would mix invented children with real ones.
    InputFaults, CannotWrite
        The files are at fault, a year is there already, or the disk refuses.
    """
    _see_belongs(onto.about, synthetic=synthetic)
    counts = read_stays(paths, onto.about, given)
    tables, became = _joined(onto, counts, replace=replace)
    made = write_area(onto.folder, _about(onto.about, counts), tables, replace=True)
    return ApImported(made, (*counts.said, *became))


def _see_belongs(about: About, *, synthetic: bool) -> None:
    """Whether counts of these children may stand in the area's folder."""
    if about.kind == "published":
        remedy = (
            "import the plans first, with `forecast import sen2` or `forecast import counts`, into a folder of your own"
        )
        raise CannotAppend(about.name, "holds published figures, so nothing keeps it private", remedy)
    if about.synthetic and not synthetic:
        remedy = "write to a folder of the authority's own, or add --synthetic if these are invented as well"
        raise CannotAppend(about.name, "is an area of invented children", remedy)
    if synthetic and not about.synthetic:
        raise CannotAppend(
            about.name, "is an area of real children", "leave out --synthetic, or write to another folder"
        )


def _joined(onto: Area, counts: Counts, *, replace: bool) -> tuple[Mapping[str, pd.DataFrame], tuple[str, ...]]:
    """The tables with the years of both, and what became of each year."""
    years = sorted({int(year) for name in BY_YEAR for year in counts.tables[name]["year"].unique()})
    have = {int(year) for name in BY_YEAR for year in onto.tables[name]["year"].unique()}
    again = [year for year in years if year in have]
    if again and not replace:
        what = f"{_named(again)} {'is' if len(again) == 1 else 'are'} there already"
        raise InputFaults([Fault(onto.folder.name, 0, "year", what, _ANEW)])
    tables = {name: _beside(onto.tables[name], counts.tables[name], years) for name in BY_YEAR}
    rows = [counts.tables["ap_stays"], *([] if again else [onto.tables["ap_stays"]])]
    tables["ap_stays"] = _added(rows)
    added = [year for year in years if year not in have]
    became = (
        *([f"Added: {_named(added)}."] if added else []),
        *([f"Counted anew: {_named(again)}. Lengths of stay rest on these files alone."] if again else []),
    )
    return tables, became


def _beside(old: pd.DataFrame, new: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Rows of both, without those of `old` in `years`."""
    rest = old[~old["year"].isin(years)]
    parts = [table for table in (rest, new) if len(table)]
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True) if parts else new


def _added(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Bands of stays that began at different times, added up."""
    parts = [table for table in tables if len(table)]
    if not parts:
        return tables[0]
    return pd.concat(parts).groupby(_STAYS, dropna=False)[["ended", "returned", "ongoing"]].sum().reset_index()


def _about(about: About, counts: Counts) -> About:
    """The area's words, with where its counts of stays come from and of when they are."""
    since, seen = month_name(counts.window.since), month_name(counts.window.seen)
    note = f"{NOTE} {since} to {seen}; children registered there and elsewhere are counted once."
    files = [f"{name}.csv" for name in counts.tables]
    sources = [source for source in about.sources if source.table not in files]
    status, source = ("synthetic", INVENTED) if about.synthetic else ("counted", SOURCE)
    sources += [Source(table=file, status=status, source=f"{source}, {since} to {seen}") for file in files]
    notes = [line for line in about.notes if not line.startswith(NOTE)]
    return about.model_copy(update={"notes": (*notes, note), "sources": tuple(sources)})


def _named(years: Sequence[int]) -> str:
    return ", ".join(f"{year - 1}/{year % 100:02d}" for year in years)
