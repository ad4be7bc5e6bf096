"""Stays in alternative provision, counted into the folder of an area that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path
from typing import Final

from forecast.inputs.about import About, Source
from forecast.inputs.append import CannotAppend
from forecast.inputs.area import Area
from forecast.inputs.write import write_area
from forecast.records.ap.adding import Before, counted_before, joined
from forecast.records.ap.counted import INVENTED, SOURCE, Counts, Given, read_stays
from forecast.records.ap.said import month_name

NOTE: Final = "Alternative provision is counted from records of placements, complete from"
"""How the sentence begins that every output repeats."""


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

    Years that the folder lacks are added, and stays that went on when it was made are followed on where the files
    begin on the day after and hold them. With `replace` years that it has are counted anew, and lengths of stay
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
    before = counted_before(onto.about)
    counts = read_stays(paths, onto.about, changed(given, before=before.since if before else None))
    tables, became = joined(onto, counts, before, replace=replace)
    made = write_area(onto.folder, _about(onto.about, counts, before), tables, replace=True)
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


def _about(about: About, counts: Counts, before: Before | None) -> About:
    """The area's words, with where its counts of stays come from and of when they are, both files where they meet."""
    follows = before is not None and before.reaches(counts.window.since)
    first = before.since if before is not None and follows else counts.window.since
    since, seen = month_name(first), month_name(counts.window.seen)
    note = f"{NOTE} {since} to {seen}; children registered there and elsewhere are counted once."
    files = [f"{name}.csv" for name in counts.tables]
    sources = [source for source in about.sources if source.table not in files]
    status, source = ("synthetic", INVENTED) if about.synthetic else ("counted", SOURCE)
    sources += [Source(table=file, status=status, source=f"{source}, {since} to {seen}") for file in files]
    notes = [line for line in about.notes if not line.startswith(NOTE)]
    return about.model_copy(update={"notes": (*notes, note), "sources": tuple(sources)})
